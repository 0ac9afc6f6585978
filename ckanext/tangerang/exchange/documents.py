"""Documents of INDAH: a form in its envelope, out and in.

A plain library without CKAN. One file of ours holds the document of an activity, with those of its
variables and indicators beside it; INDAH gives them one by one, linked by ``ms_keg_id``. Files
with one document, a list, or an answer of INDAH's API are all read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..metadata.values import N_, Problem, is_empty
from ..workbook.layout import ACTIVITY_SHEET, INDICATOR_SHEET, VARIABLE_SHEET, VARIABLES
from ..workbook.reader import Book, Record, Trouble
from . import indah
from .indah import ACTIVITY_TYPE, INDICATOR_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..metadata.fields import Field
    from .indah import Json, Regions

#: More documents in one upload than an OPD has.
MAX_DOCUMENTS = 2_000
#: Keys by which a form is known, the first one that fits.
_MARKS = (
    (ACTIVITY_SHEET, ("judul_kegiatan", "blok_i", "blok_iii")),
    (
        INDICATOR_SHEET,
        ("interpretasi", "apakah_indikator_komposit", "level_estimasi", "id_indikator_mms"),
    ),
    (
        VARIABLE_SHEET,
        (
            *("tipe_data", "kalimat_pertanyaan", "value_domain", "aturan_validasi"),
            *("klasifikasi_rujukan_value_domain", "id_variabel_mms"),
        ),
    ),
)
#: What INDAH's API puts lists of documents into.
_WRAPPERS = ("result", "content", "data")
_UNKNOWN = N_(
    "This is no document of INDAH: neither an activity (MS-Keg) nor a variable (MS-Var) or an "
    "indicator (MS-Ind)."
)


# Out


def envelope(
    record: Mapping[str, Any], form: Json, *, bps_domain: str, base_id: Any, year: Any
) -> Json:
    """Return a form in its envelope, without what INDAH keeps for itself.

    :param bps_domain: code of BPS of the region (four digits): province and regency
    :param base_id: what INDAH calls the record, None before it is there
    :param year: the year that it is submitted for
    """
    organization = record.get("organization") or {}
    return {
        "base_id": base_id or None,
        "submission_period": int(year) if str(year or "").isdigit() else None,
        "version": indah.VERSION,
        "status": record.get("status_indah") or None,
        "produsen_data": {
            "name": organization.get("title") or None,
            "province_code": bps_domain[:2],
            "city_code": bps_domain[2:],
        },
        "data": form,
    }


def activity_document(
    schema: Mapping[str, Any],
    record: Mapping[str, Any],
    indicators: list[Json],
    *,
    bps_domain: str,
    regions: Regions,
    personal: bool,
) -> Json:
    """Return the document of an activity with those of its variables and indicators.

    :param indicators: as :func:`indicator_document` makes them
    """
    form = indah.form_out(schema, record, names={}, regions=regions, personal=personal)
    base, year = record.get("id_mskeg"), record.get("tahun_kegiatan")
    out = envelope(record, form, bps_domain=bps_domain, base_id=base, year=year)
    out[indah.VARIABLES_KEY] = [
        {"base_id": row.get("id_variabel_mms"), "ms_keg_id": base or None, "data": row}
        for row in indah.variables_out(schema, record)
    ]
    out[indah.INDICATORS_KEY] = indicators
    return out


def indicator_document(
    schema: Mapping[str, Any],
    record: Mapping[str, Any],
    activity: Mapping[str, Any],
    *,
    names: Mapping[str, Json],
    bps_domain: str,
    regions: Regions,
) -> Json:
    """Return the document of an indicator.

    :param activity: the record of its activity; empty where it has none, or none that is seen
    :param names: what the links of its rows stand for
    """
    form = indah.form_out(schema, record, names=names, regions=regions, personal=True)
    base, year = record.get("id_msind"), activity.get("tahun_kegiatan")
    out = envelope(record, form, bps_domain=bps_domain, base_id=base, year=year)
    out["ms_keg_id"] = activity.get("id_mskeg") or None
    return out


# In


@dataclass(slots=True)
class Document:
    """A document of an upload: its form, and where it stands in the file."""

    sheet: str
    form: Any
    about: Json
    path: str
    variables: list[Document] = field(default_factory=list)
    indicators: list[Document] = field(default_factory=list)

    @property
    def base_id(self) -> str:
        """Return what INDAH calls it; empty where it does not."""
        return str(self.about.get("base_id") or "")

    @property
    def parent_id(self) -> str:
        """Return what INDAH calls its activity; empty where it does not."""
        return str(self.about.get("ms_keg_id") or self.form.get("ms_keg_id") or "")


@dataclass(slots=True)
class Incoming(Book):
    """What was read of one activity, or one indicator, with what the portal has no place for."""

    #: ``{"path", "value"}`` of each such value.
    unplaced: list[dict[str, str]] = field(default_factory=list)


def _sheet(form: Json) -> str | None:
    """Return which form this is."""
    return next((sheet for sheet, keys in _MARKS if any(key in form for key in keys)), None)


def _document(raw: Json, path: str, sheet: str | None = None) -> Document | None:
    """Return the document that an object is; None where it is none."""
    form, where = raw, path
    inner = raw.get("data")
    if isinstance(inner, dict) and (sheet or _sheet(inner)):
        form, where = inner, f"{path}.data" if path else "data"
    sheet = sheet or _sheet(form)
    return Document(sheet, indah.with_our_keys(form), raw, where) if sheet else None


def _nested(raw: Json, key: str, sheet: str, path: str) -> Iterator[Document]:
    """Yield the documents that stand beside one of an activity.

    :raises Problem: for what is no list of documents
    """
    value = raw.get(key) or []
    if not isinstance(value, list):
        raise Problem(N_('"{key}" is a list of documents.'), key=key)
    for at, entry in enumerate(value):
        where = f"{path}.{key}[{at}]" if path else f"{key}[{at}]"
        found = _document(entry, where, sheet) if isinstance(entry, dict) else None
        if found is None:
            raise Problem(N_('"{key}" is a list of documents.'), key=key)
        yield found


def found(raw: Any, path: str = "") -> Iterator[Document]:
    """Yield the documents of a file, those of its variables and indicators beside their activity.

    :param raw: what the file holds: a document, a list, or an answer of the API with lists
    :raises Problem: for anything else
    """
    if isinstance(raw, list):
        for at, entry in enumerate(raw):
            yield from found(entry, f"{path}[{at}]")
        return
    if not isinstance(raw, dict):
        raise Problem(_UNKNOWN)
    document = _document(raw, path)
    if document is not None:
        document.variables += _nested(raw, indah.VARIABLES_KEY, VARIABLE_SHEET, path)
        document.indicators += _nested(raw, indah.INDICATORS_KEY, INDICATOR_SHEET, path)
        yield document
        return
    wrapper = next((key for key in _WRAPPERS if isinstance(raw.get(key), (list, dict))), None)
    if wrapper is None:
        raise Problem(_UNKNOWN)
    yield from found(raw[wrapper], f"{path}.{wrapper}" if path else wrapper)


def together(documents: list[Document]) -> list[Document]:
    """Return the documents with each variable and indicator at its activity, if that is there."""
    activities = {d.base_id: d for d in documents if d.sheet == ACTIVITY_SHEET and d.base_id}
    out = []
    for document in documents:
        parent = activities.get(document.parent_id)
        if document.sheet == ACTIVITY_SHEET or parent is None:
            out.append(document)
        elif document.sheet == VARIABLE_SHEET:
            parent.variables.append(document)
        else:
            parent.indicators.append(document)
    return out


class Reader:
    """Reads documents into what the importer of workbooks takes.

    :param schemas: of activities and indicators, by type
    """

    def __init__(self, schemas: Mapping[str, Mapping[str, Any]], regions: Regions) -> None:
        self._fields: dict[str, list[Field]] = {
            name: [f for f in schema["dataset_fields"] if "indah" in f]
            for name, schema in schemas.items()
        }
        self._schemas = schemas
        self._regions = regions

    def book(self, document: Document) -> Incoming:
        """Return the records of a document: an activity with its indicators, or one indicator."""
        book = Incoming([], [])
        if document.sheet == VARIABLE_SHEET:
            problem = Problem(
                N_("No activity with the ID of this variable is in the file. Send it together.")
            )
            book.troubles.append(Trouble(VARIABLE_SHEET, document.path, VARIABLES, problem))
        elif document.sheet == INDICATOR_SHEET:
            self._indicator(book, document)
        else:
            self._activity(book, document)
            for indicator in document.indicators:
                self._indicator(book, indicator)
        return book

    def _activity(self, book: Incoming, document: Document) -> None:
        """Read an activity."""
        record = self._record(book, document, ACTIVITY_TYPE)
        if not is_empty(record.values.get("identitas_rekomendasi")):
            record.values["mendapat_rekomendasi"] = "YA"
            record.cells["mendapat_rekomendasi", None, None] = (document.sheet, document.path)
        if document.variables:
            self._variables(book, record, document)

    def _variables(self, book: Incoming, record: Record, document: Document) -> None:
        """Read the variables of an activity; those that only MS-Keg names follow."""
        f = next(f for f in self._fields[ACTIVITY_TYPE] if f.get("row_code"))
        rows, places = [], []
        found = self._trouble(book, record, VARIABLES, VARIABLE_SHEET)
        rest: dict[str, Any] = {}
        for variable in document.variables:
            rows.append(indah.row_in(f, variable.form, variable.path, found, rest))
            places.append((VARIABLE_SHEET, variable.path))
        self._unplaced(book, rest)
        names = {row.get("nama") for row in rows}
        summary = record.values.get(VARIABLES) or []
        for number, row in enumerate(summary, start=1):
            if row.get("nama") not in names:
                rows.append(row)
                places.append(record.cell_of(VARIABLES, number))
        record.values[VARIABLES] = rows or None
        self._place_rows(record, f, places)

    def _indicator(self, book: Incoming, document: Document) -> None:
        """Read an indicator."""
        self._record(book, document, INDICATOR_TYPE)

    def _record(self, book: Incoming, document: Document, record_type: str) -> Record:
        """Return the record of a document, which is in the book from now on."""
        record = Record(record_type, document.sheet)
        book.records.append(record)
        for f in self._fields[record_type]:
            self._item(book, record, f, document)
        self._about(book, record, document)
        rest = indah.unplaced(document.form, self._schemas[record_type])
        self._unplaced(book, {f"{document.path}.{path}": value for path, value in rest.items()})
        return record

    def _about(self, book: Incoming, record: Record, document: Document) -> None:
        """Read what the envelope says of a record: OPD, status, id."""
        producer = document.about.get("produsen_data")
        name = producer.get("name") if isinstance(producer, dict) else None
        path = document.path.removesuffix("data")
        if isinstance(name, str) and name.strip():
            record.values["owner_org"] = name.strip()
            record.cells["owner_org", None, None] = (record.sheet, f"{path}produsen_data.name")
        names = {f["field_name"]: f for f in self._schemas[record.type]["dataset_fields"]}
        for key, field_name in (
            ("status", "status_indah"),
            ("base_id", indah.ID_FIELDS[record.type]),
        ):
            if key in document.about:
                f = names[field_name]
                self._value(book, record, f, document.about[key], f"{path}{key}")

    @staticmethod
    def _trouble(book: Incoming, record: Record, name: str, sheet: str) -> indah.Found:
        """Return what notes that a value of a field is wrong; the rest of it is not judged."""

        def found(where: str, problem: Problem) -> None:
            record.unread.add(name)
            book.troubles.append(Trouble(sheet, where, name, problem))

        return found

    def _value(self, book: Incoming, record: Record, f: Field, raw: Any, where: str) -> None:
        """Read a value without rows."""
        record.cells[f["field_name"], None, None] = (record.sheet, where)
        record.values[f["field_name"]] = None
        try:
            record.values[f["field_name"]] = indah.value_in(f, raw, self._regions)
        except Problem as problem:
            self._trouble(book, record, f["field_name"], record.sheet)(where, problem)

    def _place_rows(self, record: Record, f: Field, places: list[tuple[str, str]]) -> None:
        """Note where the cells of rows stand, the empty ones too: messages name them."""
        for number, (sheet, path) in enumerate(places, start=1):
            record.cells[f["field_name"], number, None] = (sheet, path)
            for column in f["row_fields"]:
                key = column.get("indah", column["field_name"])
                place = (f["field_name"], number, column["field_name"])
                record.cells[place] = (sheet, f"{path}.{key}")

    def _item(self, book: Incoming, record: Record, f: Field, document: Document) -> None:
        """Read an item, if the form has it."""
        look = indah.other_text if "lainnya" in f["field_name"] else indah.find
        where = f"{document.path}.{f['indah']}" if document.path else f["indah"]
        try:
            there, raw = look(document.form, f["indah"])
        except Problem as problem:
            self._trouble(book, record, f["field_name"], record.sheet)(where, problem)
            return
        if not there:
            return
        if not f.get("row_fields"):
            self._value(book, record, f, raw, where)
            return
        record.cells[f["field_name"], None, None] = (record.sheet, where)
        record.values[f["field_name"]] = None
        if is_empty(raw):
            return
        rest: dict[str, Any] = {}
        found = self._trouble(book, record, f["field_name"], record.sheet)
        try:
            record.values[f["field_name"]] = indah.rows_in(f, raw, where, found, rest)
        except Problem as problem:
            self._trouble(book, record, f["field_name"], record.sheet)(where, problem)
        self._unplaced(book, rest)
        count = len(record.values[f["field_name"]] or [])
        self._place_rows(record, f, [(record.sheet, f"{where}[{at}]") for at in range(count)])

    @staticmethod
    def _unplaced(book: Incoming, rest: Mapping[str, Any]) -> None:
        """Remember what the portal has no place for."""
        for path, value in rest.items():
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            book.unplaced.append({"path": path.lstrip("."), "value": text[:200]})
