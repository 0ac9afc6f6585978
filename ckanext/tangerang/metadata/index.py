"""What of a dataset goes into the search index, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import config, personal, topics
from .codelists import UnknownCodeListError, item
from .fields import RECORD_TYPES, record_fields
from .values import as_list, is_empty

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A term of Lucene ends at 32,766 bytes; a text of more characters than this may exceed it.
_LONG = 32_766 // 4


def _words(field: dict[str, Any], keys: list[str]) -> str:
    """Return what people may type to find a record with these values: keys and labels."""
    words: list[str] = []
    known = topics.by_key(config.topics_location())
    for key in keys:
        words.append(key)
        if "codelist" not in field:
            words += known[key].labels.values() if key in known else []
            continue
        try:
            found = item(field["codelist"], key)
        except UnknownCodeListError:
            continue
        words += [found.id, found.en]
    return " ".join(words)


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts of rows, however deep they are."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _place(document: dict[str, Any], field: dict[str, Any]) -> None:
    """Put the value of a field, which is not empty, where the search index can use it."""
    name = field["field_name"]
    if "row_fields" in field:
        document[f"extras_{name}"] = "\n".join(_texts(as_list(document.pop(name))))
        return
    chosen = "choices_helper" in field
    keys = [str(entry) for entry in as_list(document[name])]
    if field.get("output_validators") == "repeating_text_output":
        document[f"vocab_{name}"] = keys
        del document[name]
    if field.get("index_labels"):
        document[f"extras_{name}"] = _words(field, keys)
    elif chosen:
        del document[f"extras_{name}"]


def prepare(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document for Solr with the fields of our schema in their place.

    CKAN puts each extra in twice: as ``extras_<name>`` (text, searched by everybody's query) and
    as ``<name>`` (one exact string). Here

    * lists become ``vocab_<name>`` (exact, several values; for facets and filters) instead of
      one string of JSON;
    * keys of code lists stay exact, but out of the text: a search for "statistik" must not find
      every dataset whose kind is statistik. Fields with ``index_labels`` put key and labels there;
    * rows (variables, periods) are text alone: one string of sixty variables would be longer than
      a term of Lucene may be;
    * contact data of a person is not there: a search would tell what the record does not show;
    * what is too long for an exact string is left to the text alone, where it is cut into words
      (else Solr refuses the whole dataset).

    Doing it twice changes nothing.
    """
    for name in [key for key, value in document.items() if isinstance(value, str)]:
        if f"extras_{name}" in document and len(document[name]) > _LONG:
            del document[name]
    record_type = str(document.get("type") or document.get("dataset_type"))
    if record_type not in RECORD_TYPES:
        return document
    for name in personal.fields_of(record_type):
        document.pop(name, None)
        document.pop(f"extras_{name}", None)
    for field in record_fields(record_type):
        name = field["field_name"]
        if not is_empty(document.get(name)) and f"extras_{name}" in document:
            _place(document, field)
    return document
