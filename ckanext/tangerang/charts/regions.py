"""What the portal has about each kecamatan: for its page, and for the map that leads there."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import plugins as p

from .. import config as portal
from .. import wilayah
from ..metadata.fields import DATASET_TYPE
from ..metadata.values import as_list
from . import config, index, places, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_OPEN = "terbuka"


def _search(record_type: str, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return those public records among some ids, by id: one search."""
    ids = sorted(set(ids))
    if not ids:
        return {}
    joined = " OR ".join(f'"{key}"' for key in ids)
    found = tk.get_action("package_search")(
        {"user": "", "for_view": True},
        {
            "fq": f"+dataset_type:{record_type} +id:({joined})",
            "rows": len(ids),
            "facet": "false",
            "sort": "title_string asc",
        },
    )
    return {record["id"]: record for record in found["results"]}


def _is_restricted(package: Mapping[str, Any]) -> bool:
    """Tell whether not everybody may read the tables of a public record."""
    return (package.get("accesslevel") or _OPEN) != _OPEN


def _lines(row: Any, package: Mapping[str, Any], code: str) -> list[dict[str, Any]]:
    """Return the figures of a kecamatan in one table; none where not everybody may read it."""
    if _is_restricted(package):
        return []
    found: list[dict[str, Any]] = []
    for figure in row.figures:
        value = figure["values"].get(code)
        if value is None:
            continue
        label = figure["label"]
        found.append(
            {
                "label": f"{figure['category']}: {label}" if figure["category"] else label,
                "value": texts.figure(Decimal(value)),
                "unit": figure["unit"],
                "year": figure["year"],
                "url": tk.h.url_for("tangerang_grafik.read", resource_id=row.resource_id),
            }
        )
    return found


def _office(code: str) -> dict[str, Any] | None:
    """Return the OPD of a kecamatan; None where the registry does not know one."""
    if not p.plugin_loaded("tangerang_opd"):
        return None
    found = tk.get_action("tangerang_opd_list")({"user": ""}, {"q": code})
    return next((unit for unit in found if unit.get("kode_wilayah") == code), None)


def _district(code: str) -> wilayah.District | None:
    """Return a kecamatan of the portal's region; None for any other region."""
    known = wilayah.regency(portal.region_code()).districts
    return next((district for district in known if district.code == code), None)


def page(code: str) -> dict[str, Any] | None:
    """Return what the portal has about a kecamatan; None for what is none of its region.

    Which tables have figures for it is looked up in the list that is written when they are loaded:
    one statement, two searches, however many tables there are.

    :param code: Kemendagri code
    :returns: ``bps`` (code of BPS), ``villages``, ``office``, ``datasets`` (record, ``lines``:
        figures of the newest year, ``restricted``) and ``indicators``
    """
    district = _district(code)
    if district is None:
        return None
    rows = index.with_district(code)
    packages = _search(DATASET_TYPE, (row.package_id for row in rows))
    lines: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row.package_id in packages:
            found = _lines(row, packages[row.package_id], code)
            lines.setdefault(row.package_id, []).extend(found)
    named = {
        key for package in packages.values() for key in as_list(package.get("indikator") or [])
    }
    # Those whose figures can be shown first; else by title, as the search has them.
    ordered = sorted(packages, key=lambda key: not lines.get(key))
    return {
        "bps": wilayah.bps_districts(portal.region_code()).get(code, ""),
        "villages": district.villages,
        "office": _office(code),
        "datasets": [{"package": packages[key], "lines": lines.get(key, [])} for key in ordered],
        "indicators": list(_search("indikator", (str(key) for key in named)).values()),
    }


def tiles() -> list[dict[str, Any]]:
    """Return the kecamatan with how many public datasets have figures for each.

    :returns: ``code``, ``name``, ``count``, and ``column`` and ``row`` from 1, None where the
        region has no map of tiles
    """
    counts = index.counts()
    placed = {tile.code: tile for tile in config.tiles()}
    found: list[dict[str, Any]] = []
    for code, name in places.district_names(portal.region_code()).items():
        tile = placed.get(code)
        found.append(
            {
                "code": code,
                "name": name,
                "count": counts.get(code, 0),
                "column": tile.column + 1 if tile else None,
                "row": tile.row + 1 if tile else None,
            }
        )
    return sorted(found, key=lambda entry: (entry["row"] or 0, entry["column"] or 0, entry["name"]))
