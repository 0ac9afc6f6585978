"""What of a record the same record of the next year starts with.

A plain library without CKAN. A field is taken over unless it belongs to the one record: its
address, what INDAH and BPS gave it, what the walidata found. Days and years move along.
"""

from __future__ import annotations

import calendar
import re
from typing import TYPE_CHECKING, Any

from .values import as_list, is_empty

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    _Field = Mapping[str, Any]
    _Record = Mapping[str, Any]

#: Fields that are not taken over: names; what BPS, INDAH or Romantik gave the record; what is said
#: of one edition of a dataset; the figures of an indicator.
_OWN = frozenset(
    {
        "id",
        "name",
        "state",
        "private",
        "identifier",
        "version",
        "kode_kegiatan",
        "mendapat_rekomendasi",
        "identitas_rekomendasi",
        "tanggal_rekomendasi",
        "berkas_rekomendasi",
        "status_indah",
        "id_mskeg",
        "id_msind",
        "id_variabel_mms",
        "nilai_resource",
        "nilai_kolom",
        "tahun_kolom",
        "saringan",
        "target",
    }
)
#: The same for files: the new figures are still to come.
_OWN_OF_FILE = frozenset({"url", "format", "schema", "status_angka"})
#: Fields that hold a year, month or day, and so move along. Rows are told by their columns.
_PERIODS = frozenset({"periode_awal", "periode_akhir", "jadwal_rilis", "periode_data"})
_PERIOD = re.compile(r"(\d{4})(-\d{2})?(-\d{2})?")


def move_period(text: str, years: int) -> str:
    """Return a year, month or day so many years later; other text unchanged.

    29 February becomes the 28th in a year that has none. Two periods with a slash move both.
    """
    if "/" in text:
        return "/".join(move_period(part, years) for part in text.split("/"))
    found = _PERIOD.fullmatch(text.strip())
    if not found:
        return text
    year, month, day = int(found[1]) + years, found[2] or "", found[3] or ""
    if (month, day) == ("-02", "-29") and not calendar.isleap(year):
        day = "-28"
    return f"{year:04d}{month}{day}"


def move_title(title: str, moved: Mapping[int, int]) -> str:
    """Return a title with its years replaced.

    Years of a school year (2024/2025) move together when one of them does.

    :param moved: new years by old ones
    """

    def pair(found: re.Match[str]) -> str:
        first, last = int(found[1]), int(found[3])
        known = [moved[year] - year for year in (first, last) if year in moved]
        if not known or last - first != 1:
            return found[0]
        return f"{first + known[0]}{found[2]}{last + known[0]}"

    parts = re.split(r"(\b\d{4}\s?[/-]\s?\d{4}\b)", title)
    for at, part in enumerate(parts):
        if at % 2:
            changed = re.sub(r"(\d{4})(\s?[/-]\s?)(\d{4})", pair, part)
            if changed != part:
                parts[at] = changed
                continue
        parts[at] = re.sub(
            r"\b\d{4}\b", lambda found: str(moved.get(int(found[0]), found[0])), part
        )
    return "".join(parts)


def record_year(record: _Record) -> int | None:
    """Return the year of an activity, or the last one of a dataset; None where it is not said."""
    for name in ("tahun_kegiatan", "periode_akhir", "periode_awal"):
        found = _PERIOD.fullmatch(str(record.get(name) or ""))
        if found:
            return int(found[1])
    return None


def _moved_years(record: _Record, years: int) -> dict[int, int]:
    """Return the years that a title may have and what becomes of them."""
    found = (
        _PERIOD.fullmatch(str(record.get(name) or ""))
        for name in ("tahun_kegiatan", "periode_awal", "periode_akhir")
    )
    return {int(match[1]): int(match[1]) + years for match in found if match}


def _rows(field: _Field, rows: Any, years: int, moved: Mapping[int, int]) -> list[dict[str, Any]]:
    """Return the rows of a field; days and titles of its periods and releases move along."""
    schedule = field.get("kind") in ("periods", "releases")
    kinds = {column["field_name"]: column["kind"] for column in field["row_fields"]}

    def cell(name: str, value: Any) -> Any:
        if not schedule or not isinstance(value, str):
            return value
        return move_period(value, years) if kinds.get(name) == "date" else move_title(value, moved)

    return [
        {name: cell(name, value) for name, value in row.items() if name not in _OWN}
        for row in as_list(rows)
        if isinstance(row, dict)
    ]


def _resource(fields: Sequence[_Field], resource: _Record, years: int) -> dict[str, Any]:
    """Return the description of a file, without the file."""
    out: dict[str, Any] = {"url": ""}
    for field in fields:
        name = field["field_name"]
        value = resource.get(name)
        if name not in _OWN_OF_FILE and not is_empty(value):
            out[name] = move_period(str(value), years) if name in _PERIODS else value
    return out


def next_record(schema: Mapping[str, Any], record: _Record, *, years: int) -> dict[str, Any]:
    """Return the values of the record that follows ``record``; title and links are the caller's.

    :param schema: of the type of the record
    :param record: as ``package_show`` returns it
    :param years: how many years later
    """
    moved = _moved_years(record, years)
    out: dict[str, Any] = {}
    for field in schema["dataset_fields"]:
        name = field["field_name"]
        value = record.get(name)
        if name in _OWN or field.get("walidata_only") or is_empty(value):
            continue
        if "row_fields" in field:
            out[name] = _rows(field, value, years, moved)
        elif name in _PERIODS:
            out[name] = move_period(str(value), years)
        elif name in ("title", "judul_kegiatan"):
            out[name] = move_title(str(value), moved)
        else:
            out[name] = value
    if "tahun_kegiatan" in out:
        out["tahun_kegiatan"] = str(int(out["tahun_kegiatan"]) + years)
    files = schema.get("resource_fields") or []
    if files and record.get("resources"):
        out["resources"] = [_resource(files, each, years) for each in record["resources"]]
    if record.get("tags"):
        out["tags"] = [{"name": tag["name"]} for tag in record["tags"]]
    return out
