"""All public statistical metadata of an OPD, or of the portal, as one zip.

It is written while it is sent: of the records no more than one page is in memory, of the zip one
file. What everybody may see is in it, whoever asks, and nobody's name or telephone number.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ..metadata.fields import ACTIVITY_TYPE, FORM_TYPES, record_fields
from ..metadata.values import as_list
from ..spreadsheet import cell
from . import records, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ckan.types import Context

#: Records that are read at once; their variables may be some MB.
_PAGE = 50


class _Sink(io.RawIOBase):
    """Takes what a zip writes until it is sent on."""

    def __init__(self) -> None:
        self._parts = bytearray()

    def writable(self) -> bool:
        """Tell that it can be written to, never sought in: so the zip needs no way back."""
        return True

    def write(self, data: Any) -> int:
        """Take some bytes."""
        self._parts += data
        return len(data)

    def drain(self) -> bytes:
        """Return what has come since the last time."""
        out = bytes(self._parts)
        self._parts.clear()
        return out


def _filter(organization_id: str | None) -> str:
    """Return the filter of the records of a zip."""
    types = " OR ".join(FORM_TYPES)
    owner = f' +owner_org:"{organization_id}"' if organization_id else ""
    return f"+dataset_type:({types}) +state:active{owner}"


def _search(context: Context, fq: str, rows: int) -> Mapping[str, Any]:
    """Return public records, by id."""
    return tk.get_action("package_search")(
        tk.fresh_context(context), {"fq": fq, "rows": rows, "sort": "id asc", "facet": False}
    )


def count(organization_id: str | None) -> int:
    """Return the number of public records that a zip would have."""
    return int(_search(records.anonymous(), _filter(organization_id), 0)["count"])


def _pages(context: Context, organization_id: str | None) -> Iterator[list[dict[str, Any]]]:
    """Yield the records page by page: by id, so that none is missed when others change."""
    fq = _filter(organization_id)
    last = ""
    while True:
        after = f" +id:{{{last} TO *]" if last else ""
        page = _search(context, fq + after, _PAGE)["results"]
        if not page:
            return
        yield page
        last = page[-1]["id"]


def _json(document: Any) -> str:
    """Return a document as text."""
    return json.dumps(document, ensure_ascii=False, indent=1)


class _Files:
    """Makes the files of a zip."""

    def __init__(self, organization_id: str | None) -> None:
        self._context = records.anonymous()
        self._owner = organization_id
        self._writer = records.Writer(self._context)
        field = next(f for f in record_fields(ACTIVITY_TYPE) if f["field_name"] == "variabel")
        self._columns = field["row_fields"]
        self.listed: list[tuple[str, str, str, str]] = []

    def _activity(
        self, record: dict[str, Any], indicators: Sequence[dict[str, Any]]
    ) -> Iterator[tuple[str, str]]:
        """Yield the files of an activity."""
        place = f"{record['organization']['name']}/kegiatan/{record['name']}"
        document = self._writer.activity(record, indicators, personal=False)
        yield f"{place}.indah.json", _json(document)
        yield f"{place}.ddi.xml", self._writer.activity_codebook(record, indicators)
        rows = [row for row in as_list(record.get("variabel") or []) if isinstance(row, dict)]
        yield f"{place}.variabel.csv", table.write(self._columns, rows, excel=False)

    def _indicators(self, found: Sequence[dict[str, Any]]) -> Iterator[tuple[str, str]]:
        """Yield the files of indicators; with one of INDAH where no activity's holds it."""
        parents = {
            r["id"]: r
            for r in records.by_ids(self._context, {r.get("kegiatan", "") for r in found})
        }
        names = self._writer.names(found)
        for record in found:
            place = f"{record['organization']['name']}/indikator/{record['name']}"
            activity = parents.get(record.get("kegiatan"), {})
            yield f"{place}.ddi.xml", self._writer.indicator_codebook(record, activity)
            if not activity or self._owner not in (None, activity["owner_org"]):
                yield f"{place}.indah.json", _json(self._writer.indicator(record, activity, names))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield the names and contents of all files."""
        for page in _pages(self._context, self._owner):
            activities = [record for record in page if record["type"] == ACTIVITY_TYPE]
            nested = records.indicators_of(self._context, [r["id"] for r in activities])
            for record in activities:
                yield from self._activity(record, nested[record["id"]])
            yield from self._indicators([r for r in page if r["type"] != ACTIVITY_TYPE])
            self.listed += [
                (r["type"], r["title"], r["organization"]["title"], records.address(r))
                for r in page
            ]
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        writer.writerow(("type", "title", "organization", "url"))
        writer.writerows([map(cell, row) for row in self.listed])
        yield "DAFTAR.csv", buffer.getvalue()


def stream(organization_id: str | None) -> Iterator[bytes]:
    """Yield the zip of the public metadata of an organization, or of all with None."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _Files(organization_id):
            archive.writestr(name, content)
            if part := sink.drain():
                yield part
    yield sink.drain()
