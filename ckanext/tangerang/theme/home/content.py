"""What the home page shows: the same for every reader, only what is public.

Everything comes from actions that anybody may call, asked as nobody. What a plugin gives that is
not there is left out.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk
from ckan import plugins as p
from flask_babel import format_date

from . import headlines

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How many rows the lists have.
_NEWEST: Final = 6
_USED: Final = 5
_RELEASES: Final = 5
_AGENCIES: Final = 10
#: Days of use that count.
_DAYS: Final = 30
#: What a line of the newest datasets shows, as the search index calls it.
_ROW_FIELDS: Final = [
    "id",
    "name",
    "title",
    "dataset_type",
    "organization",
    "metadata_modified",
    "res_format",
    "extras_periode_awal",
    "extras_periode_akhir",
    "vocab_tingkat_penyajian",
]
#: The parts whose rows name records.
_NAMING: Final = ("datasets", "used", "releases", "headlines")
#: Kinds of OPD, and what supplies data without being one.
_KINDS: Final = "kelompok_opd"
_NO_OPD: Final = "non_opd"

_Row = dict[str, Any]


def _as_nobody(action: str, **data: Any) -> Any:
    """Return what an action answers to somebody who is not logged in."""
    return tk.get_action(action)({"user": ""}, data)


def _newest_row(row: _Row, titles: dict[str, str]) -> _Row:
    """Return what a line needs of a dataset, in the shape of a dataset.

    :param row: fields of the search index
    :param titles: titles of organizations by name
    """
    owner = row.get("organization")
    return {
        "id": row["id"],
        "type": row["dataset_type"],
        "name": row["name"],
        "title": row.get("title"),
        "metadata_modified": row["metadata_modified"],
        "organization": {"title": titles.get(owner, owner)} if owner else None,
        "resources": [{"format": text} for text in row.get("res_format", [])],
        # CKAN takes the prefix extras_ off.
        "periode_awal": row.get("periode_awal"),
        "periode_akhir": row.get("periode_akhir"),
        "tingkat_penyajian": row.get("vocab_tingkat_penyajian"),
    }


def _search() -> _Row:
    """Return counts and the newest datasets, by one query of the search index.

    The query asks for the few fields that are shown; whole datasets would take several times as
    long.

    :returns: ``count``, ``datasets``, ``agencies`` (name, title, count, the largest first),
        ``topics`` (counts by key) and ``broken``: the search index did not answer
    """
    try:
        found = _as_nobody(
            "package_search",
            **{
                "fq": "+dataset_type:dataset",
                "rows": _NEWEST,
                "sort": "metadata_modified desc",
                "fl": _ROW_FIELDS,
                "facet.field": ["organization", "vocab_kategori"],
                "facet.limit": -1,
            },
        )
    except headlines.SEARCH_FAILURES:
        return {"count": 0, "datasets": [], "agencies": [], "topics": {}, "broken": True}
    facets = found["search_facets"]
    agencies = [
        {"name": item["name"], "title": item["display_name"], "count": item["count"]}
        for item in facets.get("organization", {}).get("items", [])
    ]
    agencies.sort(key=lambda agency: (-agency["count"], agency["title"]))
    titles = {agency["name"]: agency["title"] for agency in agencies}
    return {
        "count": found["count"],
        "datasets": [_newest_row(row, titles) for row in found["results"]],
        "agencies": agencies,
        "topics": {
            item["name"]: item["count"]
            for item in facets.get("vocab_kategori", {}).get("items", [])
        },
        "broken": False,
    }


def _groups(counts: dict[str, int]) -> list[_Row]:
    """Return the OPD that exist now by kind, in the order of the code list.

    :param counts: public datasets by name of the OPD
    :returns: ``key``, ``label``, ``datasets`` and ``agencies`` (name, title, count; those with
        most data first) of each kind, those without one at the end; empty where none has a kind,
        and without the plugin ``tangerang_opd``
    """
    if not p.plugin_loaded("tangerang_opd"):
        return []
    by_kind: dict[str, list[_Row]] = {}
    for unit in _as_nobody("tangerang_opd_list"):
        kind = unit["jenis_opd"]
        if kind != _NO_OPD and not unit["closed"]:
            row = {"name": unit["name"], "title": unit["title"]}
            by_kind.setdefault(kind, []).append(row | {"count": counts.get(unit["name"], 0)})
    if not any(by_kind):
        return []
    kinds = [item["key"] for item in _as_nobody("tangerang_codelist_show", name=_KINDS)["items"]]
    return [
        {
            "key": kind,
            "label": tk.h.tangerang_codelist_label(_KINDS, kind)
            if kind
            else tk._("Other agencies"),
            "datasets": sum(row["count"] for row in by_kind[kind]),
            "agencies": sorted(by_kind[kind], key=lambda row: (-row["count"], row["title"])),
        }
        for kind in (*kinds, "")
        if kind in by_kind
    ]


def _average() -> int | None:
    """Return the average SDI score of the public datasets; None where it is not public."""
    if not p.plugin_loaded("tangerang_score"):
        return None
    try:
        rows = _as_nobody("tangerang_score_average_list")
    except tk.NotAuthorized:
        return None
    judged = [(row["count"], row["score"]) for row in rows if row["score"] is not None]
    total = sum(count for count, _ in judged)
    return sum(count * score for count, score in judged) // total if total else None


def _used() -> list[_Row]:
    """Return the datasets that were used most of late; empty without figures of use."""
    if not p.plugin_loaded("tangerang_usage"):
        return []
    return _as_nobody("tangerang_usage_list", rows=_USED, days=_DAYS)


def _releases() -> list[_Row]:
    """Return the next releases with ``when``, a day or a month in words.

    Empty without the plugin that knows the plan.
    """
    if not p.plugin_loaded("tangerang_metadata"):
        return []
    return [
        row
        | {
            "when": format_date(
                date.fromisoformat(row["first"]),
                "d MMMM yyyy" if row["first"] == row["last"] else "MMMM yyyy",
            )
        }
        for row in _as_nobody("tangerang_release_list", limit=_RELEASES)
    ]


def read() -> _Row:
    """Return all that the page shows.

    One query of the search index, or two where nobody has chosen the headline indicators; the
    number of statements does not depend on how much there is.

    :returns: ``count``, ``datasets``, ``agencies``, ``broken`` as the search has them;
        ``agency_count``; ``topics`` (key, label, icon, count), ``groups``, ``headlines``,
        ``used``, ``releases``, ``average`` (per cent or None)
    """
    search = _search()
    counts = {agency["name"]: agency["count"] for agency in search["agencies"]}
    topics = tk.h.tangerang_topics() if "tangerang_topics" in tk.h else []
    return {
        **search,
        "agency_count": len(search["agencies"]),
        "agencies": search["agencies"][:_AGENCIES],
        "topics": [topic | {"count": search["topics"].get(topic["key"], 0)} for topic in topics],
        "groups": _groups(counts),
        "headlines": [] if search["broken"] else headlines.read(),
        "used": _used(),
        "releases": _releases(),
        "average": _average(),
    }


def _records_of(row: _Row) -> set[str]:
    """Return the ids of the records that a row names: its own, and that of its figures."""
    source = (row.get("source") or {}).get("dataset")
    return {row["id"], source["id"]} if source else {row["id"]}


def records(home: _Row) -> Iterator[str]:
    """Yield the ids of all records that a page with this content names."""
    for part in _NAMING:
        for row in home[part]:
            yield from _records_of(row)


def only(home: _Row, public: set[str]) -> _Row:
    """Return the content without the rows that name another record than these."""
    kept = {part: [row for row in home[part] if _records_of(row) <= public] for part in _NAMING}
    return home | kept
