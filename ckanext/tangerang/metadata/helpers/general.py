"""Template helpers that forms, pages and lists share: labels, topics, kamus, completeness."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from jinja2 import Undefined

from ... import wilayah
from .. import completeness, config, kamus, link_store, topics
from ..codelists import choices, codelist, label
from ..fields import Field, dataset_fields, dataset_schema
from ..language import current_language, period_label
from ..logic.message_validators import labelled
from ..roles import acts_as_walidata
from ..values import as_list, is_empty

if TYPE_CHECKING:
    from collections.abc import Iterable


def given(value: Any) -> Any:
    """Return ``value``; None for what a template did not find in a record."""
    return None if isinstance(value, Undefined) else value


def tangerang_codelist_choices(field: Field) -> list[dict[str, Any]]:
    """Return the choices of a field whose ``codelist`` names one or more code lists."""
    return list(choices(field["codelist"]))


def tangerang_codelist_label(name: str, key: str) -> str:
    """Return the label of a value of a code list in the user's language; the value if unknown."""
    return label(name, key, current_language())


def tangerang_topic_choices(field: Field) -> list[dict[str, Any]]:  # noqa: ARG001
    """Return the topics as choices of a form field."""
    return [
        {"value": topic.key, "label": topic.labels}
        for topic in topics.load(config.topics_location())
    ]


def tangerang_topics() -> list[dict[str, str]]:
    """Return the topics in their order: key, label, description (user's language) and icon."""
    lang = current_language()
    return [
        {
            "key": topic.key,
            "label": topic.label(lang),
            "description": topic.description(lang),
            "icon": topic.icon,
        }
        for topic in topics.load(config.topics_location())
    ]


def tangerang_topic_label(key: str) -> str:
    """Return the label of a topic in the user's language; the key if there is no such topic."""
    topic = topics.by_key(config.topics_location()).get(key)
    return topic.label(current_language()) if topic else key


def tangerang_topic_counts() -> dict[str, int]:
    """Return how many public datasets each topic has, by one query of the search index.

    The same for every reader: private datasets are not counted, also not the reader's own.
    """
    found = tk.get_action("package_search")(
        {"user": ""},
        {
            "fq": "dataset_type:dataset",
            "rows": 0,
            "facet.field": ["vocab_kategori"],
            "facet.limit": -1,
        },
    )
    return found["facets"].get("vocab_kategori", {})


def tangerang_choice_labels(field: Field, value: Any) -> list[str]:
    """Return the labels of the chosen value or values of ``field``, in the user's language."""
    known = {choice["value"]: choice["label"] for choice in tk.h.scheming_field_choices(field)}
    return [
        tk.h.scheming_language_text(known[key]) if key in known else str(key)
        for key in as_list(value)
        if not is_empty(key)
    ]


def tangerang_list(value: Any) -> list[str]:
    """Return the entries of a list field: a list as shown, stored JSON, or text just typed."""
    value = given(value)
    return [] if is_empty(value) else [str(entry) for entry in as_list(value)]


def tangerang_is_empty(value: Any) -> bool:
    """Tell whether a field holds nothing that could be shown."""
    return is_empty(given(value))


def tangerang_form_groups(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the groups of a dataset schema with their ``fields``, in the order of the schema.

    A schema without ``form_groups`` has one group without a heading. Fields that name no known
    group stand in the first.
    """
    groups = [dict(group, fields=[]) for group in schema.get("form_groups", [])]
    if not groups:
        groups = [{"name": "", "label": "", "fields": []}]
    by_name = {group["name"]: group for group in groups}
    for field in schema["dataset_fields"]:
        by_name.get(field.get("form_group"), groups[0])["fields"].append(field)
    return groups


def tangerang_may_set_walidata_fields() -> bool:
    """Tell whether the user may set the fields that belong to the walidata."""
    user = tk.current_user
    return user.is_authenticated and acts_as_walidata(
        {"user": user.name, "auth_user_obj": user}  # pyright: ignore[reportArgumentType]
    )


def tangerang_missing_labels(dataset: dict[str, Any]) -> list[str]:
    """Return the labels of what ``dataset`` lacks before it may be public."""
    fields = dataset_fields()
    elsewhere = {key for r in dataset.get("resources", []) for key in kamus.filled(r.get("kamus"))}
    elsewhere |= link_store.filled_by_links(fields, dataset.get)
    return [
        tk.h.scheming_language_text(field["label"])
        for field in completeness.missing(fields, dataset, elsewhere)
    ]


def tangerang_kamus_columns() -> list[dict[str, Any]]:
    """Return the columns of the kamus, as a grid of rows wants them (:func:`..forms.columns`).

    The kamus came before the links between records: plain text stays an answer in ``variabel``.
    """
    labels = {
        "kolom": tk._("Column"),
        "label": tk._("Label"),
        "definisi": tk._("Definition"),
        "tipe": tk._("Type"),
        "satuan": tk._("Unit"),
        "variabel": tk._("Variable"),
    }
    lang = current_language()
    types = [{"value": i.key, "text": i.label(lang)} for i in codelist("tipe_kolom").items]
    kinds = {"definisi": "longtext", "tipe": "choice", "variabel": "link"}
    return [
        {
            "key": key,
            "label": labels[key],
            "names": [key],
            "kind": kinds.get(key, "text"),
            "limit": limit,
            "needed": key == "kolom",
            "choices": types if key == "tipe" else [],
            "suggestions": [],
            "link": "variabel" if key == "variabel" else None,
            "free": key == "variabel",
        }
        for key, limit in kamus.LIMITS.items()
    ]


def tangerang_kamus_rows(value: Any) -> list[dict[str, str]] | None:
    """Return the rows of a kamus as shown or as typed; None for what is no kamus."""
    try:
        return kamus.read(given(value))
    except kamus.Problem:
        return None


def tangerang_dataset_schema() -> dict[str, Any]:
    """Return the schema of datasets with presets expanded; empty when there is none."""
    return dataset_schema()


def tangerang_region_labels(value: Any) -> list[str]:
    """Return code and name of each region of a list field."""
    return [f"{code} {wilayah.region_name(code) or ''}".strip() for code in tangerang_list(value)]


def tangerang_period_text(value: Any) -> str:
    """Return a year, month or day (2025-04-25) as people write it; other text unchanged."""
    return period_label(str(value))


def tangerang_cell_text(column: Field, value: Any) -> str:
    """Return what a cell of a row says, in the user's language.

    :param column: one of the ``row_fields`` of an item
    """
    value = given(value)
    if is_empty(value):
        return ""
    if column["kind"] == "choice":
        return label(column["codelist"], value, current_language())
    if column["kind"] == "pairs":
        return "; ".join(
            " = ".join(pair[key] for key in ("kode", "nilai") if key in pair) for pair in value
        )
    return "; ".join(str(entry) for entry in as_list(value))


def tangerang_error_texts(field: Field, texts: Any) -> list[str]:
    """Return the messages about a field, each beginning with its number and label."""
    found = [str(text) for text in as_list(texts)]
    return labelled(field, found) if "label" in field else found


#: What CKAN and its loaders note on a file for themselves, as CKAN's helper names it; readers of
#: the API have it. Dates, format and address stand elsewhere on the page.
_MACHINERY = frozenset(
    {
        *("cache last updated", "cache url", "ckan url", "created", "datastore active"),
        *("datastore contains all records of source file", "format", "has views"),
        *("last modified", "metadata modified", "mimetype inner", "on same domain"),
        *("original url", "package id", "position", "resource id", "resource type"),
        *("revision id", "set url type", "state", "task created", "total record count"),
        "url type",
    }
)


def tangerang_file_facts(
    items: Iterable[tuple[str, Any]], shown: Iterable[str]
) -> list[tuple[str, Any]]:
    """Return what a page says of a file besides the fields of the schema: label and value.

    :param items: as CKAN's ``format_resource_items`` returns them
    :param shown: names of fields that the page has already
    """
    labels = {
        "hash": tk._("Checksum"),
        "id": tk._("Identifier of the file"),
        "mimetype": tk._("Media type"),
        "size": tk._("Size"),
    }
    left_out = _MACHINERY | {name.replace("_", " ") for name in shown}
    return [
        (labels.get(key, key.capitalize()), value) for key, value in items if key not in left_out
    ]
