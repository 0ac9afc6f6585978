"""Secret codes that people get once, and of which the database keeps the SHA-256 alone.

They are typed from paper, so they are made of letters and digits that are not mistaken for one
another, in groups. In an address they stand behind the ``#``, which browsers do not send.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets

#: 256 bits.
_BYTES = 32
_LENGTH = 52
_CODE = re.compile(rf"[A-Z2-7]{{{_LENGTH}}}")
_GROUP = 4


def new() -> str:
    """Return a new code, in groups."""
    plain = base64.b32encode(secrets.token_bytes(_BYTES)).decode().rstrip("=")
    return "-".join(plain[at : at + _GROUP] for at in range(0, len(plain), _GROUP))


def digest(code: object) -> str | None:
    """Return what the database keeps of a code; None for what is none.

    :param code: as it was typed: blanks, dashes and capitals do not matter
    """
    if not isinstance(code, str) or len(code) > 2 * _LENGTH:
        return None
    plain = re.sub(r"[\s-]", "", code).upper()
    return hashlib.sha256(plain.encode()).hexdigest() if _CODE.fullmatch(plain) else None
