"""Tables of the items of MS-Keg, MS-Var and MS-Ind for the docs, made of the schema files.

Where an item is tested is read from the tests: modules that run over ``tests/metadata/items.py``
test each item in it, and a module that names a field tests that one. Names that several forms or
datasets share are not looked for, because a test may mean the other one.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

# pyright sees the folder ckanext of the other wheels only.
from ckanext.tangerang.metadata.codelists import codelist, label  # pyright: ignore[reportMissingImports]

from . import forms

_TESTS = Path(__file__).resolve().parent.parent / "tests"
_REGISTRY = _TESTS / "metadata" / "items.py"
_HEADING = (
    "| No. | Isian | Nama field | Jenis | Daftar kode | Ditanyakan bila | Wajib | Diuji di |\n"
    "|---|---|---|---|---|---|---|---|\n"
)
_KINDS = {
    "choice": "satu pilihan",
    "choices": "beberapa pilihan",
    "code": "kode baris",
    "date": "tanggal",
    "decimal": "bilangan",
    "integer": "bilangan bulat",
    "link": "tautan",
    "links": "tautan",
    "list": "beberapa teks",
    "longtext": "teks panjang",
    "organization": "OPD",
    "pairs": "pasangan kode dan nilai",
    "periods": "periode (awal, akhir)",
    "regions": "kode wilayah",
    "releases": "rilis (judul, tanggal)",
    "resource": "berkas",
    "rows": "baris",
    "text": "teks",
    "words": "beberapa kata",
    "year": "tahun",
    "yes_no": "ya/tidak",
}


def _names(field: dict[str, Any]) -> list[str]:
    """Return the name of a field and those of its columns."""
    return [field["field_name"], *(c["field_name"] for c in field.get("row_fields", ()))]


@cache
def _unique_names() -> frozenset[str]:
    """Return the names that only one field of all forms has."""
    types = ("dataset", "kegiatan", "indikator")
    found = Counter(name for kind in types for f in forms.fields(kind) for name in _names(f))
    return frozenset(name for name, count in found.items() if count == 1)


def _constants(path: Path) -> set[str]:
    """Return the texts that stand in a Python file by themselves."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@cache
def _tests() -> tuple[tuple[str, bool, frozenset[str]], ...]:
    """Return, of each test module: its path, whether it runs over all items, the texts in it."""
    out = []
    for path in sorted(_TESTS.rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        over_all = bool(
            re.search(r"^from (\.|tests\.metadata\.)items import .*\bITEMS\b", text, re.MULTILINE)
        )
        name = path.relative_to(_TESTS).with_suffix("").as_posix()
        out.append((name, over_all, frozenset(_constants(path))))
    return tuple(out)


def tested_in(field: dict[str, Any]) -> list[str]:
    """Return the test modules of an item, by their paths below ``tests``.

    :raises LookupError: when the list of items that the tests run over lacks it
    """
    name = field["field_name"]
    if "form_item" in field and not _is_listed(field["form_item"], name):
        raise LookupError(f"{_REGISTRY} lacks the item {field['form_item']} ({name})")
    return [
        module
        for module, over_all, texts in _tests()
        if (over_all and "form_item" in field) or (name in texts and name in _unique_names())
    ]


@cache
def _listed() -> tuple[Any, ...]:
    """Return the items that the tests run over, without importing pytest."""
    from tests.metadata.items import ITEMS  # noqa: PLC0415 - not part of the stack

    return ITEMS


def _is_listed(number: str, name: str) -> bool:
    """Tell whether the tests run over the item."""
    return any((item.number, item.name) == (number, name) for item in _listed())


def _condition(field: dict[str, Any], by_name: dict[str, dict[str, Any]]) -> str:
    """Return in words when an item is asked, and which of its choices may be taken."""
    parts = []
    for parent, keys in field.get("open_when", {}).items():
        other = by_name[parent]
        chosen = " / ".join(label(other["codelist"], key) for key in keys)
        parts.append(f"{other['form_item']} {other['label']['id']} = {chosen}")
    by = field.get("choices_by")
    if by:
        numbers = {
            value: [i.code for i in codelist(field["codelist"]).items if i.extra["group"] == group]
            for value, group in by["groups"].items()
        }
        other = by_name[by["field"]]
        parts += [
            f"{label(other['codelist'], value)}: kode {codes[0]}–{codes[-1]}"
            for value, codes in numbers.items()
        ]
    return "; ".join(parts)


def _needed(field: dict[str, Any]) -> str:
    """Return in words whether an item must be answered before a record may be public."""
    if not field.get("needed_to_publish"):
        return ""
    if field.get("needed_unless_filled"):
        return "ya, kecuali ditautkan"
    return 'ya, "-" boleh' if field.get("nil_allowed") else "ya"


def _row(field: dict[str, Any], by_name: dict[str, dict[str, Any]], parent: str = "") -> str:
    """Return the line of an item."""
    cells = [
        field.get("form_item", ""),
        f"{field['label']['id']}<br>*{field['label']['en']}*",
        f"`{parent}{field['field_name']}`",
        _KINDS[field["kind"]],
        f"`{field['codelist']}`" if "codelist" in field else "",
        _condition(field, by_name),
        _needed(field),
        "<br>".join(f"`{name}`" for name in tested_in(field)),
    ]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def items_table(record_type: str) -> str:
    """Return all items of a form as Markdown tables, a table for each block.

    :param record_type: ``kegiatan`` or ``indikator``
    """
    schema = forms.schema(record_type)
    by_name = {field["field_name"]: field for field in schema["dataset_fields"]}
    out = []
    for group in schema["form_groups"]:
        rows = []
        for field in schema["dataset_fields"]:
            if field.get("form_group") != group["name"]:
                continue
            rows.append(_row(field, by_name))
            # Columns of periods and releases are the same everywhere and said by the kind.
            if field["kind"] == "rows":
                prefix = f"{field['field_name']}[]."
                rows += [_row(column, by_name, prefix) for column in field["row_fields"]]
        out.append(f"### {group['label']['id']}\n\n{_HEADING}{''.join(rows)}")
    return "\n".join(out)
