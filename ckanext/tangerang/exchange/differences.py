"""Where each item stands in INDAH and in DDI, what differs, and what has no place there.

A plain library without CKAN. The tables of ``docs/en/statistical-metadata.md`` are made of this by
:func:`tables`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import ddi, indah

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..metadata.fields import Field

#: Fields that stand in the envelope of INDAH, not in the form.
_ENVELOPE = {
    "owner_org": "produsen_data.name",
    "status_indah": "status",
    "id_mskeg": "base_id",
    "id_msind": "base_id, id_indikator_mms",
    "kegiatan": "ms_keg_id",
}
#: Held by themselves, as they were sent.
_HELD_BESIDE = frozenset({"status_indah", "id_mskeg"})
#: What is written otherwise than the public clients of INDAH show, or is not known of it.
_NOTES = {
    "mendapat_rekomendasi": "Read as YA where identitas_rekomendasi is filled; not written.",
    "tahun_kegiatan": "A number; also in submission_period.",
    "variabel": (
        "MS-Keg repeats four columns (item 3.4); the documents of MS-Var stand beside it under "
        f"`{indah.VARIABLES_KEY}`, which INDAH gives one by one."
    ),
    "iv_wilayah_kegiatan": (
        "The code of BPS for the portal's own region; for others that of Kemendagri, with its dot."
    ),
    "kegiatan": (
        "The ID that INDAH gave the activity. In the file of an activity its indicators stand "
        f"under `{indah.INDICATORS_KEY}`, which links them without an ID."
    ),
    "id_sds": "Several codes with commas between them.",
    "owner_org": "The title; INDAH's own ID of the agency is not known here.",
}
_UNKNOWN_KEY = "The name of this key in INDAH is not known; read by any name with `lainnya`."
_BY_KIND = {
    "yes_no": "true or false",
    "choices": "an object of true and false",
    "periods": "a list of {awal, akhir}",
    "releases": "a list of days; the titles have no place",
}
_PERSON = "Only in files for those who work on the record."


def is_held(f: Field) -> bool:
    """Tell whether INDAH holds a field of a schema with all paths."""
    return "indah" in f or f["field_name"] in _HELD_BESIDE


def held_columns(f: Field) -> frozenset[str]:
    """Return the columns of the rows of a field that INDAH holds."""
    if f["kind"] == "releases":
        return frozenset({"tanggal"})
    return frozenset(
        c["field_name"] for c in f["row_fields"] if "indah" in c or f["kind"] == "periods"
    )


def _note(f: Field) -> str:
    """Return what differs at a field."""
    notes = [_NOTES.get(f["field_name"], "")]
    if str(f.get("indah", "")).endswith("lainnya_teks"):
        notes.append(_UNKNOWN_KEY)
    if f.get("personal"):
        notes.append(_PERSON)
    if "indah" in f:
        notes.append(_BY_KIND.get(f.get("kind", ""), ""))
    return " ".join(note for note in notes if note)


def _row(name: str, path: str, place: str, note: str) -> str:
    """Return a line of a table; what has no place is a dash."""
    cells = (f"`{name}`", f"`{path}`" if path else "–", f"`{place}`" if place else "–", note)
    return f"| {' | '.join(cells)} |"


def _lines(schema: Mapping[str, Any], places: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of a table of one type."""
    for f in schema["dataset_fields"]:
        name = f["field_name"]
        if f.get("kind") == "internal":
            continue
        yield _row(name, f.get("indah") or _ENVELOPE.get(name, ""), places.get(name, ""), _note(f))
        if f.get("row_fields") and f["kind"] == "rows":
            for column in f["row_fields"]:
                path = column.get("indah", "")
                inner = ddi.VARIABLE.get(column["field_name"], "") if f.get("row_code") else ""
                place = f"var {inner}" if inner else ""
                yield _row(f"{name}.{column['field_name']}", path, place, "")


_HEADING = ("| Field | INDAH v2 | DDI Codebook 2.5 | Notes |", "|---|---|---|---|")


def tables(schemas: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the tables of both types, as Markdown.

    :param schemas: by type
    """
    study: dict[str, str] = {}
    for place in ddi.STUDY:
        study[place.field] = f"stdyDscr/{place.path}"
    study["variabel"] = "dataDscr/var"
    places = {"kegiatan": study, "indikator": ddi.INDICATOR}
    out: list[str] = []
    for name, title in (("kegiatan", "Activities"), ("indikator", "Indicators")):
        schema = indah.with_paths(schemas[name])
        out += ["", f"### {title}", "", *_HEADING, *_lines(schema, places[name])]
    return "\n".join(out) + "\n\n"
