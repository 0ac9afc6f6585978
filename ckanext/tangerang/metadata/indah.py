"""Records of the BPS forms in the order of the screens of INDAH, to be keyed in there by hand.

What INDAH asks stands in the schema as ``indah``, the path of an item in its JSON (version 2).
The order is that of the paths; where the schema follows the paper form instead, :data:`_ORDER`
has the last word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from .. import wilayah
from ..config import region_bps_domain, region_code
from . import conditions
from .codelists import codelist
from .codelists import label as code_label
from .language import current_language, localized
from .presentation import number
from .values import as_list, is_empty

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .fields import Field

#: Paths in the order in which INDAH has them, where the paper form has another.
_ORDER = (
    "judul_kegiatan",
    "tahun",
    "jenis_statistik",
    "cara_pengumpulan_data",
    "sektor_kegiatan",
    "identitas_rekomendasi",
    "blok_i.instansi_penyelanggara",
    "blok_i.alamat_instansi_penyelenggara.alamat",
    "blok_i.alamat_instansi_penyelenggara.telepon",
    "blok_i.alamat_instansi_penyelenggara.email",
    "blok_i.alamat_instansi_penyelenggara.faksimile",
    "blok_ii.unit_penanggung_jawab.eselon1",
    "blok_ii.unit_penanggung_jawab.eselon2",
    "blok_ii.penanggung_jawab_teknis.nama",
    "blok_ii.penanggung_jawab_teknis.jabatan",
    "blok_ii.penanggung_jawab_teknis.alamat",
    "blok_ii.penanggung_jawab_teknis.telepon",
    "blok_ii.penanggung_jawab_teknis.email",
    "blok_ii.penanggung_jawab_teknis.faksimile",
)
#: Columns of item 3.4, which INDAH asks in MS-Keg; the others stand in MS-Var.
_VARIABLE_SUMMARY = frozenset({"nama", "konsep", "definisi", "referensi_waktu"})
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Part:
    """One value to be keyed in; ``label`` is empty where the entry has only this one."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a screen; without parts it is empty."""

    number: str
    label: str
    parts: tuple[Part, ...]
    #: The choices of a list of boxes, with Ya or Tidak.
    boxes: tuple[Part, ...] = ()
    #: Parts that belong together stand in one line each: the periods, the variables.
    lines: tuple[tuple[Part, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One screen of INDAH."""

    anchor: str
    label: str
    entries: tuple[Entry, ...]
    #: What the contents of the page call it.
    short: str = ""


def day_text(text: str) -> str:
    """Return a day as the form shows it (06/01/2025); other text unchanged."""
    found = _DAY.fullmatch(text)
    return "/".join(reversed(found.groups())) if found else text


def _cell_text(column: Field, value: Any) -> str:
    """Return what is keyed in for a cell of a row."""
    if is_empty(value):
        return ""
    if column["kind"] == "choice":
        return code_label(column["codelist"], str(value), current_language())
    if column["kind"] == "date":
        return day_text(str(value))
    if column["kind"] == "pairs":
        return "\n".join(
            " = ".join(str(pair[key]) for key in ("kode", "nilai") if pair.get(key))
            for pair in as_list(value)
            if isinstance(pair, dict)
        )
    return "\n".join(str(entry) for entry in as_list(value))


def _row_parts(f: Field, row: Mapping[str, Any], only: frozenset[str] | None) -> tuple[Part, ...]:
    """Return the parts of one row; columns that INDAH does not know are left out.

    :param only: names of the columns that count; None for all
    """
    parts = (
        Part(localized(column["label"]), _cell_text(column, row.get(column["field_name"])))
        for column in f["row_fields"]
        if ("indah" in column or f["kind"] in ("periods", "releases"))
        and (only is None or column["field_name"] in only)
    )
    return tuple(part for part in parts if part.text)


def _region_parts(code: str) -> tuple[Part, ...]:
    """Return a region of item 4.5. INDAH has codes of BPS, which are known for this region only."""
    own = code == region_code()
    return tuple(
        part
        for part in (
            Part(tk._("Province"), wilayah.region_name(code[:2]) or code[:2]),
            Part(tk._("Regency or city"), wilayah.region_name(code) or "" if "." in code else ""),
            Part(tk._("Code (BPS)"), region_bps_domain() if own else ""),
            Part(tk._("Code (Kemendagri)"), "" if own else code),
        )
        if part.text
    )


def _boxes(f: Field, chosen: list[str]) -> tuple[Part, ...]:
    """Return all choices of an item with several, each with Ya or Tidak."""
    lang = current_language()
    answers = {chose: code_label("ya_tidak", chose, lang) for chose in ("YA", "TIDAK")}
    return tuple(
        Part(item.label(lang), answers["YA" if item.key in chosen else "TIDAK"])
        for item in codelist(f["codelist"]).items
    )


def _entry(f: Field, value: Any) -> Entry:
    """Return the entry of a field."""
    empty = Entry(number(f), localized(f["label"]), ())
    if is_empty(value):
        return empty
    values, lang = as_list(value), current_language()
    if "row_fields" in f:
        only = _VARIABLE_SUMMARY if f.get("row_code") else None
        rows = (row for row in values if isinstance(row, dict))
        return replace(empty, lines=tuple(_row_parts(f, row, only) for row in rows))
    if f.get("kind") == "regions":
        return replace(empty, lines=tuple(_region_parts(str(code)) for code in values))
    if f.get("kind") in ("choice", "yes_no", "choices"):
        text = ", ".join(code_label(f["codelist"], str(key), lang) for key in values)
        boxes = _boxes(f, [str(key) for key in values]) if f["kind"] == "choices" else ()
        return replace(empty, parts=(Part("", text),), boxes=boxes)
    text = "\n".join(day_text(str(entry)) for entry in values)
    return replace(empty, parts=(Part("", text),))


def _variable_sections(f: Field, rows: list[Any]) -> Iterator[Section]:
    """Yield the screens of MS-Var, one for each variable."""
    for row in rows:
        if isinstance(row, dict):
            entries = tuple(
                Entry(number(column), localized(column["label"]), (Part("", text),))
                for column in f["row_fields"]
                if "indah" in column
                for text in (_cell_text(column, row.get(column["field_name"])),)
                if text
            )
            code = str(row.get(f["row_code"], ""))
            title = str(row.get(f.get("row_title", ""), ""))
            yield Section(code, f"MS-Var {code}. {title}".strip(), entries, short=code)


def sections(schema: Mapping[str, Any], record: Mapping[str, Any]) -> list[Section]:
    """Return the screens of INDAH for a record, with the items that its conditions open.

    :param schema: of the type of the record
    :param record: as ``package_show`` returns it
    """
    fields = schema["dataset_fields"]
    opened = conditions.open_names(fields, record)
    asked = [f for f in fields if "indah" in f and f["field_name"] in opened]
    place = {path: at for at, path in enumerate(_ORDER)}
    labels = {group["name"]: localized(group["label"]) for group in schema.get("form_groups", [])}
    by_block: dict[str, list[Field]] = {}
    for f in asked:
        block = f["indah"].split(".")[0]
        # What stands in no block of INDAH is one screen: the cover, or all of MS-Ind.
        block = block if block in labels else asked[0]["form_group"]
        by_block.setdefault(block, []).append(f)
    out = [
        Section(
            block,
            labels[block],
            tuple(
                _entry(f, record.get(f["field_name"]))
                for f in sorted(found, key=lambda f: place.get(f["indah"], len(_ORDER)))
            ),
        )
        for block, found in by_block.items()
    ]
    for f in asked:
        if f.get("row_code"):
            out += _variable_sections(f, as_list(record.get(f["field_name"]) or []))
    return out
