"""Records of the BPS forms in the JSON of INDAH, version 2, and back.

A plain library without CKAN. Where an item stands is said by ``indah`` in the schemas, with the
spellings of BPS, which are part of the contract (``penyelanggara``, ``unit_analsis``). This module
knows the shapes: a choice of several is an object of booleans, a yes or no is a boolean, a period
``{awal, akhir}``, a planned release its day alone. A key that is there and null says that the item
is empty; a key that is not there says nothing, and what the portal holds stays.

Source of names and shapes: public clients of INDAH v2. What differs from them, or can not be
held, is listed by :mod:`.differences`.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from .. import wilayah
from ..metadata.codelists import canonical, codelist
from ..metadata.values import N_, Problem, as_list, is_empty, shown, split_list

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..metadata.fields import Field

    Json = dict[str, Any]
    #: Path of a value in the file, what is wrong with it.
    Found = Callable[[str, Problem], None]

VERSION = "v2"
#: Where the documents of MS-Var and MS-Ind stand beside that of their activity.
VARIABLES_KEY = "metadata_statistik_variabel"
INDICATORS_KEY = "metadata_statistik_indikator"

#: Columns of item 3.4, which MS-Keg repeats of MS-Var.
SUMMARY = ("nama", "konsep", "definisi", "referensi_waktu")
#: The types of records, as ``metadata.fields`` has them for code that runs in CKAN.
ACTIVITY_TYPE, INDICATOR_TYPE = "kegiatan", "indikator"
#: Which field holds the id that INDAH gave a record.
ID_FIELDS = {ACTIVITY_TYPE: "id_mskeg", INDICATOR_TYPE: "id_msind"}
#: Where INDAH has what stands on no form.
_MORE_PATHS = {INDICATOR_TYPE: {"id_msind": "id_indikator_mms", "id_sds": "id_sds"}}
#: Keys of older editions, and spellings seen, with ours.
_OTHER_KEYS = {
    "klasifikasi_rujukan_value_domain": "value_domain",
    "id_sls": "id_sds",
}
#: Keys that INDAH fills in itself; nothing of the record.
_BOOKKEEPING = frozenset(
    {
        *("id", "base_id", "ms_keg_id", "version", "submission_period", "status", "reviews"),
        *("changes", "rejection_note", "submitter", "produsen_data", "walidata_pusat", "data"),
        *(VARIABLES_KEY, INDICATORS_KEY, "created_at", "updated_at", "last_sync"),
    }
)
#: Western Indonesia, whose midnight INDAH writes as an hour of the day before (UTC).
_WIB = timezone(timedelta(hours=7))
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_WORDS = {"ya": "YA", "true": "YA", "tidak": "TIDAK", "false": "TIDAK"}


class Regions:
    """The codes of regions as INDAH has them: those of BPS, known for one's own region only.

    Another region is written with its code of Kemendagri, which its dot tells apart.

    :param own: Kemendagri code of the region of the portal (``36.03``)
    :param bps: its code of BPS (``3603``)
    """

    def __init__(self, own: str, bps: str) -> None:
        self.own, self.bps = own, bps

    def write(self, code: str) -> Json:
        """Return a region of item 4.5."""
        below = "." in code
        return {
            "kode_provinsi": code[:2],
            "nama_provinsi": wilayah.region_name(code[:2]) or None,
            "kode_kabupaten_kota": (self.bps if code == self.own else code) if below else None,
            "nama_kabupaten_kota": (wilayah.region_name(code) or None) if below else None,
        }

    def read(self, raw: Any) -> str:
        """Return the Kemendagri code of a region.

        A code of BPS of another region is taken only where the name beside it is that of the
        region with the same digits: the two number some regions otherwise.
        """
        if isinstance(raw, str):
            return raw.strip()
        if not isinstance(raw, dict):
            raise Problem(N_("This is not a region: send its codes and names."))
        province = str(raw.get("kode_provinsi") or "").strip()
        code = str(raw.get("kode_kabupaten_kota") or "").strip()
        if not code:
            return province
        if code == self.bps or province + code == self.bps:
            return self.own
        if code.isdigit() and len(code) in (2, 4):
            digits = code if len(code) == 4 else province + code  # noqa: PLR2004
            same = f"{digits[:2]}.{digits[2:]}"
            name = wilayah.region_name(same)
            given = str(raw.get("nama_kabupaten_kota") or "")
            if name and wilayah.normalise_name(name) == wilayah.normalise_name(given):
                return same
        return code


def with_paths(schema: Mapping[str, Any]) -> Json:
    """Return a schema whose fields all have the paths that this module works by."""
    more = _MORE_PATHS.get(schema["dataset_type"], {})
    fields = [
        {**f, "indah": more[f["field_name"]]} if f["field_name"] in more else f
        for f in schema["dataset_fields"]
    ]
    return {**schema, "dataset_fields": fields}


def with_our_keys(form: Mapping[str, Any]) -> Json:
    """Return a form with the keys of this edition in place of those of others."""
    renamed = {_OTHER_KEYS[key]: form[key] for key in _OTHER_KEYS if key in form}
    return renamed | {key: value for key, value in form.items() if key not in _OTHER_KEYS}


def day(value: Any) -> Any:
    """Return a day as the portal writes it; anything that is none unchanged.

    :param value: ``2025-01-31``, ``31/01/2025``, or a moment (``2025-01-30T17:00:00Z``), which is
        the day that it falls on in Western Indonesia
    """
    if not isinstance(value, str):
        return value
    text = value.strip()
    if found := _SLASHED.fullmatch(text):
        return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}"
    if "T" not in text:
        return text
    try:
        moment = datetime.fromisoformat(re.sub(r"(\.\d+)?Z$", "+00:00", text))
    except ValueError:
        return text
    try:
        moment = moment if moment.tzinfo is None else moment.astimezone(_WIB)
    except OverflowError:
        return text
    return moment.date().isoformat()


# Out


def _cell_out(column: Field, value: Any) -> Any:
    """Return a cell of a row; null for an empty one."""
    kind = column["kind"]
    if kind == "pairs":
        pairs = [pair for pair in as_list(value or []) if isinstance(pair, dict)]
        return [{key: pair.get(key) for key in ("kode", "nilai")} for pair in pairs]
    if kind == "list":
        return [] if is_empty(value) else as_list(value)
    if is_empty(value):
        return None
    return value == "YA" if column.get("codelist") == "ya_tidak" else value


def row_out(f: Field, row: Mapping[str, Any], names: Mapping[str, Json]) -> Json:
    """Return a row of a field with the columns that INDAH has, by our names for them.

    What a row only links to is written with the names it has: INDAH knows no links.

    :param names: by stored link, the columns that it stands for
    """
    links = [c["field_name"] for c in f["row_fields"] if c["kind"] == "link"]
    filled = dict(row)
    for link in links:
        for name, value in names.get(str(row.get(link)), {}).items():
            if is_empty(filled.get(name)):
                filled[name] = value
    return {
        c["field_name"]: _cell_out(c, filled.get(c["field_name"]))
        for c in f["row_fields"]
        if "indah" in c or f["kind"] == "periods"
    }


def _renamed(f: Field, row: Mapping[str, Any]) -> Json:
    """Return a row with the keys of INDAH."""
    keys = {c["field_name"]: c.get("indah", c["field_name"]) for c in f["row_fields"]}
    return {keys[name]: value for name, value in row.items()}


def _rows_out(f: Field, value: Any, names: Mapping[str, Json]) -> list[Any]:
    """Return the rows of a field."""
    rows = [row for row in as_list(value or []) if isinstance(row, dict)]
    if f["kind"] == "releases":
        return [row.get("tanggal") for row in rows if row.get("tanggal")]
    out = [_renamed(f, row_out(f, row, names)) for row in rows]
    if f.get("row_code"):
        return [{key: row[key] for key in SUMMARY} for row in out]
    return out


def _several_out(f: Field, entries: list[Any], regions: Regions) -> Any:
    """Return the value of an item with several entries."""
    if f["kind"] == "choices":
        return {key: key in entries for key in codelist(f["codelist"]).keys}
    if f["kind"] == "regions":
        return [regions.write(str(code)) for code in entries]
    return entries


def _single_out(f: Field, value: Any) -> Any:
    """Return the value of an item with one entry that is not empty."""
    kind = f.get("kind")
    if kind == "yes_no":
        return value == "YA"
    if kind == "words":
        return ", ".join(str(entry) for entry in as_list(value))
    whole = kind in ("year", "integer") and str(value).isdigit()
    return int(value) if whole else value


def value_out(f: Field, value: Any, names: Mapping[str, Json], regions: Regions) -> Any:
    """Return the value of an item as INDAH has it."""
    if f.get("row_fields"):
        return _rows_out(f, value, names)
    if f.get("kind") in ("choices", "regions", "list"):
        return _several_out(f, [] if is_empty(value) else as_list(value), regions)
    return None if is_empty(value) else _single_out(f, value)


def form_out(
    schema: Mapping[str, Any],
    record: Mapping[str, Any],
    *,
    names: Mapping[str, Json],
    regions: Regions,
    personal: bool,
) -> Json:
    """Return the items of a record in the blocks of INDAH: the ``data`` of its document.

    :param schema: of the type of the record
    :param record: as ``package_show`` returns it
    :param names: what links of its rows stand for
    :param personal: with the person in charge
    """
    out: Json = {}
    for f in schema["dataset_fields"]:
        if "indah" not in f or (f.get("personal") and not personal):
            continue
        *blocks, key = f["indah"].split(".")
        place = out
        for block in blocks:
            place = place.setdefault(block, {})
        place[key] = value_out(f, record.get(f["field_name"]), names, regions)
    return out


def variables_out(schema: Mapping[str, Any], record: Mapping[str, Any]) -> list[Json]:
    """Return the items of MS-Var of each variable of an activity."""
    f = next(f for f in schema["dataset_fields"] if f.get("row_code"))
    rows = as_list(record.get(f["field_name"]) or [])
    return [_renamed(f, row_out(f, row, {})) for row in rows if isinstance(row, dict)]


# In


def _text_in(value: Any) -> Any:
    """Return a text, or what stands for one; other types are refused."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise Problem(N_("Write plain text here."))
    return str(value)


def _yes_no_in(value: Any) -> Any:
    """Return the key of a yes or no. Numbers are refused: INDAH has none, and paper has 1 and 2."""
    if isinstance(value, bool):
        return "YA" if value else "TIDAK"
    if isinstance(value, str):
        return _WORDS.get(value.strip().lower(), value)
    raise Problem(N_('Write true or false here, not "{value}".'), value=shown(value))


def _choices_in(f: Field, value: Any) -> list[str] | None:
    """Return the keys that an object of booleans, or a list, chooses."""
    keys = codelist(f["codelist"]).keys
    if isinstance(value, list):
        return [_text_in(entry) for entry in value] or None
    if not isinstance(value, dict):
        raise Problem(N_("Write an object of true and false here."))
    for key in keys:
        if not isinstance(value.get(key), (bool, type(None))):
            raise Problem(
                N_('"{key}" is true or false, not "{value}".'), key=key, value=shown(value[key])
            )
    return [key for key in keys if value.get(key)] or None


def _list_in(value: Any) -> list[str]:
    """Return several texts."""
    return [_text_in(entry) for entry in as_list(value) if not is_empty(entry)]


def _pairs_in(value: Any) -> list[Json]:
    """Return codes with their values."""
    out = []
    for entry in as_list(value):
        if not isinstance(entry, dict):
            raise Problem(N_('Write pairs of "kode" and "nilai" here.'))
        pair = {k: _text_in(v) for k, v in entry.items() if not is_empty(v)}
        if pair:
            out.append(pair)
    return out


def cell_in(column: Field, value: Any) -> Any:
    """Return a cell of a row as the portal stores it; None for an empty one.

    :raises Problem: for what is of another type
    """
    if is_empty(value):
        return None
    kind = column["kind"]
    if kind == "list":
        return _list_in(value) or None
    if kind == "pairs":
        return _pairs_in(value) or None
    if kind == "date":
        return day(_text_in(value))
    return _yes_no_in(value) if column.get("codelist") == "ya_tidak" else _text_in(value)


def _publications(value: Any) -> Any:
    """Return the titles of publications, which newer documents have as objects."""
    if isinstance(value, list):
        return [entry.get("nama") if isinstance(entry, dict) else entry for entry in value]
    return value


def row_in(f: Field, raw: Any, where: str, found: Found, rest: dict[str, Any]) -> Json:
    """Return a row with the columns that it has; None in those that it has empty.

    :param where: path of the row in the file
    :param found: told what is wrong
    :param rest: takes the values that the portal has no place for, by path
    """
    if not isinstance(raw, dict):
        found(where, Problem(N_("This is not a row: send the columns by their names.")))
        return {}
    columns = {c.get("indah", c["field_name"]): c for c in f["row_fields"] if c["kind"] != "link"}
    row: Json = {}
    for key, value in raw.items():
        if key == "ketersediaan_publikasi" and "sumber_publikasi" in columns:
            key, value = "sumber_publikasi", _publications(value)  # noqa: PLW2901
        column = columns.get(key)
        if column is None:
            if key not in _BOOKKEEPING and not is_empty(value):
                rest[f"{where}.{key}"] = value
            continue
        try:
            row[column["field_name"]] = cell_in(column, value)
        except Problem as problem:
            found(f"{where}.{key}", problem)
    return row


def rows_in(f: Field, value: Any, where: str, found: Found, rest: dict[str, Any]) -> list[Json]:
    """Return the rows of a field.

    :raises Problem: for what is no list
    """
    if not isinstance(value, list):
        raise Problem(N_("This item is a list of rows."))
    if f["kind"] == "releases":
        value = [{"tanggal": entry} if not isinstance(entry, dict) else entry for entry in value]
    return [row_in(f, raw, f"{where}[{at}]", found, rest) for at, raw in enumerate(value)]


def _single_in(f: Field, value: Any) -> Any:
    """Return the value of an item with one entry that is not empty."""
    kind = f.get("kind")
    if kind == "yes_no":
        return _yes_no_in(value)
    text = _text_in(value)
    if kind == "choice":
        return canonical(f["codelist"], text.strip())
    return day(text) if kind == "date" else text


def value_in(f: Field, value: Any, regions: Regions) -> Any:
    """Return the value of an item without rows as the portal stores it; None for an empty one.

    :raises Problem: for what is of another type
    """
    if is_empty(value):
        return None
    several: dict[str | None, Callable[[], list[str] | None]] = {
        "choices": lambda: _choices_in(f, value),
        "regions": lambda: [code for code in map(regions.read, as_list(value)) if code],
        "words": lambda: split_list(value),
        "list": lambda: _list_in(value),
    }
    kind = f.get("kind")
    return (several[kind]() or None) if kind in several else _single_in(f, value)


def find(form: Any, path: str) -> tuple[bool, Any]:
    """Return whether a path is in a form, and what stands there.

    :raises Problem: when a block on the way is no object
    """
    place = form
    for key in path.split("."):
        if place is None:
            return False, None
        if not isinstance(place, dict):
            raise Problem(N_("A block of the form is an object with its items."))
        if key not in place:
            return False, None
        place = place[key]
    return True, place


def other_text(form: Any, path: str) -> tuple[bool, Any]:
    """Return the text of a choice "lainnya", whatever INDAH calls its key.

    The names of two of these keys are not known: any key of the object that holds a text and has
    "lainnya" in its name is the one.
    """
    block, _, key = path.rpartition(".")
    there, place = find(form, block)
    if not there or not isinstance(place, dict):
        return False, None
    if key in place:
        return True, place[key]
    for name, value in place.items():
        if "lainnya" in name and name != "lainnya" and not isinstance(value, bool):
            return True, value
    return False, None


def unplaced(form: Any, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form holds that the portal has no item for, by path."""
    known: dict[str, Field] = {f["indah"]: f for f in schema["dataset_fields"] if "indah" in f}
    inner = {path.rsplit(".", at)[0] for path in known for at in range(1, path.count(".") + 1)}
    out: dict[str, Any] = {}

    def walk(place: Any, path: str) -> None:
        f = known.get(path)
        if f is not None and f.get("kind") == "choices" and isinstance(place, dict):
            for key, value in place.items():
                if key not in codelist(f["codelist"]).keys and "lainnya" not in key and value:
                    out[f"{path}.{key}"] = value
        elif path in inner or not path:
            for key, value in place.items() if isinstance(place, dict) else ():
                walk(value, f"{path}.{key}" if path else key)
        elif f is None and path not in _BOOKKEEPING and not is_empty(place):
            out[path] = place

    walk(form, "")
    return out
