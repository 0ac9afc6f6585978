"""Stored records for export, as their reader may see them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from ckan import model

from ..config import portal_walidata, region_bps_domain, region_code
from ..metadata import links, personal
from ..metadata.fields import (
    ACTIVITY_TYPE,
    FORM_TYPES,
    INDICATOR_TYPE,
    record_fields,
    record_schema,
)
from ..metadata.values import as_list, is_empty
from . import ddi, documents, indah

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from ckan.types import Context

    from ..metadata.fields import Field
    from .indah import Json

    _Record = dict[str, Any]

#: Records that one search gives; Solr takes as many ids in one filter.
_PAGE = 500
#: Indicators that a file of an activity holds.
_MOST = 1_000


def schemas() -> dict[str, Json]:
    """Return the schemas of the forms with all paths of INDAH."""
    return {name: indah.with_paths(record_schema(name)) for name in FORM_TYPES}


def regions() -> indah.Regions:
    """Return the codes of the region of the portal."""
    return indah.Regions(region_code(), region_bps_domain())


def anonymous() -> Context:
    """Return a context of nobody, for what everybody may have."""
    return cast("Context", {"user": "", "auth_user_obj": None})


def address(record: Mapping[str, Any]) -> str:
    """Return the address of the page of a record."""
    return tk.h.url_for(f"{record['type']}.read", id=record["name"], _external=True)


def names_of(context: Context, fields: Sequence[Field], *records: Mapping[str, Any]) -> Any:
    """Return the columns that links in rows stand for, by stored link, as the reader may see them.

    :param fields: those that may have rows with links
    """
    found: set[str] = set()
    for f in fields:
        columns = [c["field_name"] for c in f.get("row_fields", ()) if c.get("kind") == "link"]
        found |= {
            str(row[column])
            for record in records
            for row in as_list(record.get(f["field_name"]) or [])
            if isinstance(row, dict)
            for column in columns
            if not is_empty(row.get(column))
        }
    by_id = {r["id"]: r for r in by_ids(context, {links.split(value)[0] for value in found})}
    out: dict[str, Json] = {}
    for value in found:
        target, part = links.split(value)
        if target in by_id:
            out[value] = _stands_for(by_id[target], part)
    return out


def _stands_for(record: Mapping[str, Any], part: str) -> Json:
    """Return the columns of a row that a link to a record, or a variable of it, fills."""
    if record["type"] == INDICATOR_TYPE:
        return {"nama": record["title"]}
    rows = (row for row in as_list(record.get("variabel") or []) if row.get("kode") == part)
    name = next((row.get("nama") for row in rows), None)
    return {"nama": name, "kegiatan_penghasil": [record["title"]]}


def by_ids(context: Context, ids: Iterable[str]) -> Iterator[_Record]:
    """Yield the activities and indicators of some ids that the reader may see."""
    wanted = sorted(filter(links.looks_like_id, ids))
    types = " OR ".join(FORM_TYPES)
    for start in range(0, len(wanted), _PAGE):
        listed = " OR ".join(f'"{one}"' for one in wanted[start : start + _PAGE])
        yield from _search(context, f"+dataset_type:({types}) +id:({listed})", _PAGE)


def _search(context: Context, fq: str, rows: int, sort: str = "title_string asc") -> list[_Record]:
    """Return records that the reader may see; drafts and private ones are theirs only."""
    seen = bool(context.get("user"))
    found = tk.get_action("package_search")(
        tk.fresh_context(context),
        {
            "fq": fq,
            "rows": rows,
            "sort": sort,
            "include_private": seen,
            "include_drafts": seen,
            "facet": False,
        },
    )
    return found["results"]


def indicators_of(context: Context, ids: Collection[str]) -> dict[str, list[_Record]]:
    """Return the indicators of some activities that the reader may see, by activity."""
    out: dict[str, list[_Record]] = defaultdict(list)
    if ids:
        listed = " OR ".join(f'"{one}"' for one in sorted(ids))
        fq = f"+dataset_type:{INDICATOR_TYPE} +kegiatan:({listed})"
        for record in _search(context, fq, _MOST):
            out[record["kegiatan"]].append(record)
    return out


def show(context: Context, record_id: str, types: Collection[str] = FORM_TYPES) -> _Record:
    """Return a record of the forms.

    :raises ObjectNotFound: when there is none of these types
    :raises NotAuthorized: when the reader may not see it
    """
    record = tk.get_action("package_show")(tk.fresh_context(context), {"id": record_id})
    if record["type"] not in types or record["state"] == "deleted":
        raise tk.ObjectNotFound(tk._("There is no such record."))
    return record


def activity_of(context: Context, record: Mapping[str, Any]) -> _Record:
    """Return the activity of an indicator; empty where it has none, or none that is seen."""
    target = record.get("kegiatan")
    found = by_ids(context, [target]) if target else iter(())
    return next(found, {})


class Writer:
    """Writes records in the formats of others.

    :param context: of the reader
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._schemas = schemas()
        self._regions = regions()

    def names(self, records: Sequence[Mapping[str, Any]]) -> Any:
        """Return what the links in rows of some indicators stand for."""
        return names_of(self._context, self._schemas[INDICATOR_TYPE]["dataset_fields"], *records)

    def activity(self, record: _Record, indicators: Sequence[_Record], *, personal: bool) -> Json:
        """Return the document of an activity, with those of its variables and indicators."""
        names = self.names(indicators)
        return documents.activity_document(
            self._schemas[ACTIVITY_TYPE],
            record,
            [self.indicator(each, record, names) for each in indicators],
            bps_domain=region_bps_domain(),
            regions=self._regions,
            personal=personal,
        )

    def indicator(self, record: _Record, activity: Mapping[str, Any], names: Any) -> Json:
        """Return the document of an indicator."""
        return documents.indicator_document(
            self._schemas[INDICATOR_TYPE],
            record,
            activity,
            names=names,
            bps_domain=region_bps_domain(),
            regions=self._regions,
        )

    @staticmethod
    def activity_codebook(record: _Record, indicators: Sequence[_Record]) -> str:
        """Return the codebook of an activity."""
        return ddi.study(
            record_fields(ACTIVITY_TYPE),
            record,
            address=address(record),
            walidata=portal_walidata(),
            related=[f"{each['title']} ({address(each)})" for each in indicators],
        )

    @staticmethod
    def indicator_codebook(record: _Record, activity: Mapping[str, Any]) -> str:
        """Return the codebook of an indicator."""
        return ddi.indicator(record, activity, address=address(record), walidata=portal_walidata())


def indah_document(context: Context, record_id: str) -> Json:
    """Return the document of INDAH of an activity or indicator."""
    record = show(context, record_id)
    writer = Writer(context)
    if record["type"] == INDICATOR_TYPE:
        return writer.indicator(record, activity_of(context, record), writer.names([record]))
    indicators = indicators_of(context, [record["id"]])[record["id"]]
    whole = personal.may_see(context, model.Package.get(record["id"]))
    return writer.activity(record, indicators, personal=whole)


def codebook(context: Context, record_id: str) -> str:
    """Return the codebook of an activity or indicator."""
    record = show(context, record_id)
    if record["type"] == INDICATOR_TYPE:
        return Writer.indicator_codebook(record, activity_of(context, record))
    return Writer.activity_codebook(record, indicators_of(context, [record["id"]])[record["id"]])


def variables(context: Context, record_id: str) -> tuple[str, list[_Record]]:
    """Return the name of an activity and its variables."""
    record = show(context, record_id, (ACTIVITY_TYPE,))
    rows = as_list(record.get("variabel") or [])
    return record["name"], [row for row in rows if isinstance(row, dict)]
