"""The explicit map of Kemendagri codes to BPS codes of kecamatan.

BPS numbers its kecamatan in an order of its own (36.03.01 Balaraja is 3603130), so nothing is
ever derived from the Kemendagri code. Regencies without a table have an empty map.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE = Path(__file__).with_name("bps_kecamatan.yaml")


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, str]]:
    """Return the maps of all regencies of the file, read once a process."""
    return yaml.safe_load(_FILE.read_text(encoding="utf-8"))


def bps_districts(regency_code: str) -> Mapping[str, str]:
    """Return Kemendagri code → BPS code of the kecamatan of a regency.

    :param regency_code: Kemendagri code of the regency, such as ``36.03``
    :returns: read-only; empty for a regency that has no table
    """
    return MappingProxyType(_tables().get(regency_code, {}))
