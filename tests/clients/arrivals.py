"""Which of our fields arrive at a client, and where: found by their values, not by what we expect.

A record has in each field a value that no other field has (:mod:`.samples`). A field arrives where
a client keeps that value, or what stands for it in another vocabulary.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ckanext.tangerang.metadata import codelists, topics
from ckanext.tangerang.metadata.values import (
    as_list,
    is_empty,
    period_bounds,
)
from ckanext.tangerang.wilayah import region_name
from stack import forms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Record = Mapping[str, Any]

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "en" / "clients.md"
_EU: Final = "http://publications.europa.eu/resource/authority"
#: What udata, and DCAT, call some values of ours.
_ELSEWHERE: Final = {
    "SEMESTERAN": ("semiannual", f"{_EU}/frequency/ANNUAL_2"),
    "terbuka": ("public", "open", f"{_EU}/access-right/PUBLIC"),
    "CSV": ("csv", f"{_EU}/file-type/CSV"),
    "cc-by": ("https://creativecommons.org/licenses/by/4.0/",),
}
#: Numbers that CKAN counts.
_COUNTED: Final = frozenset({"num_resources", "num_tags", "position", "size"})
_PERIODS: Final = frozenset({"periode_awal", "periode_akhir", "periode_data"})


def places(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield what a client keeps: where, and the text; extras under their keys, JSON taken apart."""
    if isinstance(value, dict):
        if set(value) >= {"key", "value"}:
            yield from places(value["value"], f"{place}.{value['key']}")
            return
        for key, part in value.items():
            if key not in _COUNTED:
                yield from places(part, f"{place}.{key}" if place else key)
    elif isinstance(value, list):
        for part in value:
            yield from places(part, place)
    elif isinstance(value, str) and value[:1] in "[{" and value:
        yield place, value
        try:
            yield from places(json.loads(value), place)
        except ValueError:
            return
    elif value not in (None, "") and not isinstance(value, bool):
        yield place, str(value)


def _meanings(field: Mapping[str, Any], part: Any) -> set[str]:
    """Return the texts that stand for one value of a field."""
    text = str(part)
    found = {text, f"mailto:{text}", *_ELSEWHERE.get(text, ())}
    for name in str(field.get("codelist") or "").split():
        item = codelists.codelist(name).get(text)
        if item:
            found |= {item.id, item.en}
    if field["field_name"] == "kategori":
        found.add(topics.by_key("ckanext.tangerang.metadata:topics.yaml")[text].label())
    if field["field_name"] == "cakupan_wilayah":
        found.add(region_name(text) or text)
    if field["field_name"] in _PERIODS:
        for bound in text.split("/"):
            days = period_bounds(bound)
            found |= {day.isoformat() for day in days} if days else set()
    return found


def _means(text: str, meanings: set[str]) -> bool:
    """Tell whether a text is one of some; an address may end with the key, as concepts do."""
    stem = text.split("T00:00", maxsplit=1)[0]
    ending = text.rsplit("#", 1)[-1].rsplit("/", 1)[-1] if text.startswith("http") else text
    return bool({text, stem, ending} & meanings)


def where(field: Mapping[str, Any], value: Any, kept: Record) -> str:
    """Return the place where a client keeps a value of ours; empty where it does not.

    :param field: of the schema
    :param kept: the whole record of the client
    """
    found = list(places(kept))
    wanted = json.dumps(value, ensure_ascii=False, sort_keys=True)
    by_part = []
    for part in as_list(value):
        if isinstance(part, dict):
            break
        meanings = _meanings(field, part)
        by_part.append({place for place, text in found if _means(text, meanings)})
    else:
        everywhere = set.intersection(*by_part)
        return _nicest(field["field_name"], everywhere)
    same = {
        place
        for place, text in found
        if text[:1] in "[{"
        and json.dumps(_read(text), ensure_ascii=False, sort_keys=True) == wanted
    }
    return _nicest(field["field_name"], same | _structures(kept, wanted))


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _structures(value: Any, wanted: str, place: str = "") -> set[str]:
    """Return where the same list or mapping stands."""
    found = set()
    if isinstance(value, (dict, list)):
        if json.dumps(value, ensure_ascii=False, sort_keys=True) == wanted:
            found.add(place)
        parts = value.items() if isinstance(value, dict) else ((None, part) for part in value)
        for key, part in parts:
            inner = place if key is None else f"{place}.{key}" if place else str(key)
            found |= _structures(part, wanted, inner)
    return found


def _nicest(name: str, found: set[str]) -> str:
    """Return the place that a reader would look at first: of the same name, then the shortest."""
    ranked = sorted(found, key=lambda place: (place.split(".")[-1] != name, len(place), place))
    return ranked[0] if ranked else ""


def _values(record: Record) -> Iterator[tuple[Mapping[str, Any], Any]]:
    """Yield the dataset fields of the schema with their values."""
    for field in forms.fields("dataset"):
        name = field["field_name"]
        if name == "tag_string":
            yield field, [tag["name"] for tag in record["tags"]]
        elif name == "owner_org":
            yield field, record["organization"]["title"]
        else:
            yield field, record.get(name)


def dataset_rows(record: Record, clients: Mapping[str, Record]) -> list[list[str]]:
    """Return a row for each field of a dataset: its name, and where each client keeps it.

    :param record: ours, as everybody reads it
    :param clients: what each client has of it
    :raises AssertionError: when the record has a field that is empty
    """
    rows = []
    for field, value in _values(record):
        assert not is_empty(value), f"the sample record says nothing in {field['field_name']}"
        rows.append(
            [field["field_name"], *(where(field, value, kept) for kept in clients.values())]
        )
    return rows


def file_rows(record: Record, clients: Mapping[str, list[Record]]) -> list[list[str]]:
    """Return a row for each field of a file, as :func:`dataset_rows`.

    :param clients: the files that each client has of the record
    """
    [file] = record["resources"]
    rows = []
    for field in forms.schema("dataset")["resource_fields"]:
        value = file.get(field["field_name"])
        assert not is_empty(value), f"the sample file says nothing in {field['field_name']}"
        rows.append(
            [
                field["field_name"],
                *(where(field, value, kept[0]) if kept else "" for kept in clients.values()),
            ]
        )
    return rows


def table(rows: list[list[str]], columns: list[str]) -> str:
    """Return rows as Markdown: the place in code, a dash where nothing arrives."""
    lines = [f"| Field | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    for name, *found in rows:
        cells = " | ".join(f"`{place}`" if place else "–" for place in found)
        lines.append(f"| `{name}` | {cells} |")
    return "\n".join(lines) + "\n"
