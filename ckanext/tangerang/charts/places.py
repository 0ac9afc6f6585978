"""Kecamatan in the cells of tables, and where each stands on the map of tiles.

A plain library without CKAN.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import yaml

from .. import wilayah
from ..locations import locate, read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

_PREFIX = re.compile(r"^\s*(kecamatan|kec\.?)\s+", re.IGNORECASE)
#: First cells of rows that add others up, as normalised names.
_TOTALS = frozenset({"jumlah", "total", "grandtotal", "jumlahtotal", "totaljumlah", "ratarata"})
#: More lines than a tile has room for.
_MOST_LINES = 2
#: Columns and rows at most: the style sheet has a class for each.
LARGEST_GRID = 12


class TilesError(ValueError):
    """The map of tiles can not be used; the message says why."""


@dataclass(frozen=True)
class Tile:
    """A kecamatan on the map of tiles: column and row from 0, and its name in lines."""

    code: str
    column: int
    row: int
    lines: tuple[str, ...]


@lru_cache(maxsize=16)
def _spellings(region: str) -> Mapping[str, str]:
    """Return the code of each kecamatan of a region by all that tables write for it."""
    found: dict[str, str] = {}
    bps = wilayah.bps_districts(region)
    for district in wilayah.regency(region).districts:
        found[wilayah.normalise_name(district.name)] = district.code
        found[district.code] = district.code
        found[district.code.replace(".", "")] = district.code
        if district.code in bps:
            found[bps[district.code]] = district.code
    return found


def district_of(cell: Any, region: str) -> str | None:
    """Return the Kemendagri code of the kecamatan that a cell names; None for none.

    :param cell: its code (Kemendagri with or without dots, BPS), or its name in any spelling, also
        with "Kecamatan" before it
    :param region: Kemendagri code of the kabupaten or kota that it must lie in
    """
    if cell is None or isinstance(cell, (bool, dict, list)):
        return None
    text = str(cell).strip()
    known = _spellings(region)
    return known.get(text) or known.get(wilayah.normalise_name(_PREFIX.sub("", text)))


def is_summary(cell: Any, region: str) -> bool:
    """Tell whether a cell says that its row sums up the others: "Jumlah", the region itself.

    :param region: code of the region
    """
    text = str(cell or "").strip()
    if text in (region, region.replace(".", "")):
        return True
    name = wilayah.normalise_name(text)
    regency = wilayah.normalise_name(wilayah.regency(region).name)
    return name in _TOTALS or name in (regency, f"jumlah{regency}", f"total{regency}")


def district_names(region: str) -> dict[str, str]:
    """Return the names of the kecamatan of a region by code, in the order of the codes."""
    return {district.code: district.name for district in wilayah.regency(region).districts}


def _tile(code: Any, entry: Any, region: str, location: str) -> Tile:
    """Return a tile as the file writes it.

    :raises TilesError: when it is none
    """
    names = district_names(region)
    values = entry if isinstance(entry, dict) else {}
    column, row = values.get("kolom"), values.get("baris")
    lines = values.get("nama") or names.get(str(code), "").split(" ")
    if (
        str(code) not in names
        or not all(isinstance(n, int) and 0 <= n < LARGEST_GRID for n in (column, row))
        or not isinstance(lines, list)
        or not 0 < len(lines) <= _MOST_LINES
    ):
        raise TilesError(
            f"{location}: {code}: write the code of a kecamatan of {region} with kolom and baris "
            f"(whole numbers from 0), and nama in at most {_MOST_LINES} lines."
        )
    assert isinstance(column, int)  # noqa: S101 - checked above
    assert isinstance(row, int)  # noqa: S101
    return Tile(str(code), column, row, tuple(str(line) for line in lines))


@cache
def load_tiles(location: str, region: str) -> tuple[Tile, ...]:
    """Return the tiles of a region; empty where the file has none for it.

    :param location: a path, or ``module:path``: YAML, region → kecamatan → ``kolom``, ``baris``
        and, if need be, ``nama`` in lines
    :param region: Kemendagri code of the region
    :raises TilesError: when the file can not be used, or lacks a kecamatan of the region
    """
    try:
        data = read_yaml(locate(location))
    except (LookupError, OSError, ValueError, yaml.YAMLError) as error:
        raise TilesError(f"{location}: the map of tiles can not be read ({error}).") from error
    entries = data.get(region) if isinstance(data, dict) else None
    if entries is None:
        return ()
    if not isinstance(entries, dict):
        raise TilesError(f"{location}: {region} is no list of kecamatan by code.")
    tiles = tuple(_tile(code, entry, region, location) for code, entry in entries.items())
    missing = sorted(set(district_names(region)) - {tile.code for tile in tiles})
    if missing or len({(tile.column, tile.row) for tile in tiles}) < len(tiles):
        raise TilesError(
            f"{location}: {region}: two tiles are in one place, or there is none for "
            f"{', '.join(missing) or 'some'}."
        )
    return tiles
