"""Generated records of the forms: any that the portal would store."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from ckanext.tangerang.metadata import conditions, rows
from ckanext.tangerang.metadata.codelists import codelist
from ckanext.tangerang.metadata.values import is_empty
from ckanext.tangerang.workbook import layout

from .schemas import schemas

#: What the readers of values let into a record: no control characters but line breaks and tabs.
_CHARACTERS = st.characters(
    exclude_categories=["Cs", "Cn", "Co"],
    exclude_characters=[chr(n) for n in range(32)] + ["\ufffe", "\uffff"],
)
_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!"}


def _clean(text: str) -> str:
    return text.strip()


_LINE = (
    st.text(_CHARACTERS, min_size=1, max_size=40)
    .map(_clean)
    .filter(lambda text: text and text not in _ERRORS)
)
_TRICKY = st.sampled_from(
    [
        "=1+1", "+62 21", "-", "@SUM(A1)", "007", "1e5", "12/01/2026", "TRUE", "_x0041_", "a; b",
        "a, b", "⏎", "⏎⏎ ", "a\nb", "1 = 2", "'", '"', "<b>", "&amp;", "nan", "1.0", "Ya", "a=b=c",
    ]
).map(_clean)  # fmt: skip
_TEXT = _LINE | _TRICKY
_PARAGRAPH = st.lists(_TEXT, min_size=1, max_size=3).map("\n".join).map(_clean).filter(bool)
_WORD = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9.-]{0,8}", fullmatch=True)
_DATE = st.dates().filter(lambda day: 1500 <= day.year < 2300).map(lambda day: day.isoformat())
_ENTRIES = st.lists(_TEXT, min_size=1, max_size=3, unique=True)


def _keys(names: str) -> list[str]:
    return [key for name in names.split() for key in codelist(name).keys]


def _of_kind(spec: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return the valid values of a field or of a column of rows, as the API shows them."""
    kind = spec.get("kind")
    if kind in ("choice", "yes_no"):
        return st.sampled_from(_keys(spec["codelist"]))
    if kind == "choices":
        keys = _keys(spec["codelist"])
        return st.sets(st.sampled_from(keys), min_size=1).map(lambda s: sorted(s, key=keys.index))
    pairs = st.fixed_dictionaries({}, optional={"kode": _LINE, "nilai": _TEXT}).filter(bool)
    by_kind = {
        "date": _DATE,
        "year": st.integers(1945, 2100).map(str),
        "integer": st.integers(0, 10_000_000).map(str),
        "decimal": st.from_regex(r"-?[1-9]\d{0,14}(\.\d{1,10})?", fullmatch=True),
        "list": _ENTRIES,
        "words": st.lists(_WORD, min_size=1, max_size=3, unique=True),
        "regions": st.lists(st.sampled_from(["36.03", "36.10", "36"]), min_size=1, unique=True),
        "links": st.lists(st.uuids().map(str), min_size=1, unique=True),
        "link": st.uuids().map(str),
        "code": _WORD,
        "longtext": _PARAGRAPH,
        "pairs": st.lists(pairs, min_size=1, max_size=3),
    }
    return by_kind.get(str(kind), _TEXT)


def _rows(field: dict[str, Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    columns = {column["field_name"]: _of_kind(column) for column in field["row_fields"]}
    code = field.get("row_code")
    row = st.fixed_dictionaries({}, optional=columns).filter(lambda r: set(r) - {code})
    return st.lists(row, min_size=1, max_size=3).map(lambda sent: _stored_rows(field, sent))


def _stored_rows(field: dict[str, Any], sent: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows as the portal stores them: the same reading that the API's values go through."""
    codes: set[str] = set()
    for number, row in enumerate(sent):
        if field.get("row_code") and row.get("kode", "") in codes | {""}:
            row["kode"] = f"K{number}"
        codes.add(row.get("kode", ""))
        if "awal" in row and "akhir" in row:
            row["awal"], row["akhir"] = sorted((row["awal"], row["akhir"]))
    return rows.read(sent, field)


@st.composite
def records(draw: st.DrawFn, record_type: str) -> dict[str, Any]:
    """Draw a record that the conditions of the form allow."""
    fields = schemas()[record_type]["dataset_fields"]
    record: dict[str, Any] = {}
    for field in layout.form_fields(schemas()[record_type]):
        name = field["field_name"]
        if name not in conditions.open_names(fields, record) or not draw(st.integers(0, 3)):
            continue
        record[name] = draw(_rows(field) if field.get("row_fields") else _of_kind(field))
    record["private"] = draw(st.booleans())
    record["id"] = str(draw(st.uuids()))
    return {name: value for name, value in record.items() if not is_empty(value)}


#: Without shrinking: a record has hundreds of parts, and the failing one says which it is.
SLOW = settings(
    max_examples=25,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
