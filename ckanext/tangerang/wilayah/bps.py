"""The explicit map of Kemendagri codes to BPS codes of kecamatan.

BPS numbers its kecamatan in an order of its own (36.03.01 Balaraja is 3603130), so nothing is
ever derived from the Kemendagri code. Regencies without a table have an empty map.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..locations import read_yaml
from .regions import is_region

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE = Path(__file__).with_name("bps_kecamatan.yaml")
#: A Kemendagri code whose dots are gone: province, regency, kecamatan, desa or kelurahan.
_WITHOUT_DOTS = re.compile(r"(\d{2})(\d{2})(?:(\d{2})(\d{4})?)?")


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, str]]:
    """Return the maps of all regencies of the file, read once a process."""
    return read_yaml(_FILE)


def bps_districts(regency_code: str) -> Mapping[str, str]:
    """Return Kemendagri code → BPS code of the kecamatan of a regency.

    :param regency_code: Kemendagri code of the regency, such as ``36.03``
    :returns: read-only; empty for a regency that has no table
    """
    return MappingProxyType(_tables().get(regency_code, {}))


@lru_cache(maxsize=1)
def _by_bps() -> dict[str, str]:
    """Return BPS code → Kemendagri code of all kecamatan of the file."""
    return {bps: code for table in _tables().values() for code, bps in table.items()}


def kemendagri_code(code: str) -> str | None:
    """Return the Kemendagri code that somebody may mean by ``code``; None if there is none.

    :param code: the BPS code of a kecamatan (``3603130``), or a Kemendagri code without its dots
        (``3603``, ``360301``)
    """
    if code in _by_bps():
        return _by_bps()[code]
    match = _WITHOUT_DOTS.fullmatch(code)
    dotted = ".".join(part for part in match.groups() if part) if match else ""
    return dotted if dotted and is_region(dotted) else None
