"""Ids that tell records of the sample portal from all others.

An id is made from the kind and name of the record, so that a second load finds what the first one
made, also after it has been renamed, edited or deleted by hand. All of them begin with the same
48 bits: that is the mark by which ``ckan tangerang demo remove`` knows what it may remove. They
are UUIDs of version 8, the one that RFC 9562 leaves to applications.
"""

from __future__ import annotations

import hashlib
import uuid
from typing import Literal

Kind = Literal["organization", "dataset", "resource", "record", "user"]

#: The first 48 bits of every id of the sample portal, as UUIDs are written.
MARK = "7a9e2d10-5bc4-"


def demo_id(kind: Kind, name: str) -> str:
    """Return the id of a record of the sample portal.

    :param kind: what sort of record it is
    :param name: its name, unique among records of that kind
    """
    digest = hashlib.sha256(f"{kind}/{name}".encode()).digest()
    number = bytearray(bytes.fromhex(MARK.replace("-", "")) + digest[:10])
    number[6] = 0x80 | number[6] & 0x0F  # version 8
    number[8] = 0x80 | number[8] & 0x3F  # the variant of RFC 9562
    return str(uuid.UUID(bytes=bytes(number)))


def is_demo_id(value: str) -> bool:
    """Tell whether ``value`` is the id of a record of the sample portal."""
    return value.startswith(MARK)
