"""Topics (``kategori``): the shelves on which people look for datasets.

A plain library without CKAN. The topics of a portal are one YAML file (see ``topics.yaml``),
read once per process and file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from ..locations import locate, read_yaml
from .codelists import DEFAULT_LANGUAGE

if TYPE_CHECKING:
    from pathlib import Path

_KEY = re.compile(r"[a-z][a-z0-9_]{0,60}")
_ICON = re.compile(r"[a-z0-9-]+")


class TopicsError(ValueError):
    """The file of topics can not be used; the message says why."""


@dataclass(frozen=True)
class Topic:
    """One topic."""

    key: str
    #: Labels and short descriptions by language (``id``, ``en``).
    labels: dict[str, str]
    descriptions: dict[str, str]
    #: Name of a Font Awesome icon, without ``fa-``.
    icon: str
    #: Keys of ``urusan`` and ``unsur_penunjang`` that the topic covers.
    urusan: tuple[str, ...]

    def label(self, lang: str | None = None) -> str:
        """Return the label in ``lang``, else in Indonesian."""
        return _in_language(self.labels, lang)

    def description(self, lang: str | None = None) -> str:
        """Return the short description in ``lang``, else in Indonesian."""
        return _in_language(self.descriptions, lang)


def _in_language(texts: dict[str, str], lang: str | None) -> str:
    """Return the text in ``lang`` (also ``en_GB`` for ``en``), else Indonesian, else empty."""
    return texts.get((lang or "").split("_")[0]) or texts.get(DEFAULT_LANGUAGE, "")


def _path(location: str) -> Path:
    """Return the file at ``location``: a path, or ``module:path`` inside a Python package."""
    try:
        return locate(location)
    except LookupError as error:
        raise TopicsError(str(error)) from error


def _texts(location: str, key: str, row: dict[str, Any], name: str) -> dict[str, str]:
    """Return the texts ``name`` of a topic by language; one plain text stands for Indonesian."""
    value = row.get(name) or {}
    if isinstance(value, str):
        value = {DEFAULT_LANGUAGE: value}
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise TopicsError(
            f"{location}: {name} of the topic {key} must be text, or {{id: …, en: …}}."
        )
    return {str(lang): text for lang, text in value.items()}


def _topic(location: str, row: Any) -> Topic:
    """Make a topic of one entry of the file."""
    key = str(row.get("key", "")) if isinstance(row, dict) else ""
    if not _KEY.fullmatch(key):
        raise TopicsError(
            f"{location}: a topic needs a key of lower case letters, digits and _ (found: {key})."
        )
    labels = _texts(location, key, row, "label")
    if not labels.get(DEFAULT_LANGUAGE):
        raise TopicsError(f"{location}: the topic {key} needs a label in Indonesian (label: id).")
    urusan = row.get("urusan") or []
    if not isinstance(urusan, list) or not all(isinstance(code, str) for code in urusan):
        raise TopicsError(
            f'{location}: urusan of the topic {key} must be a list of quoted codes, as "2.10".'
        )
    icon = str(row.get("icon") or "folder-open")
    if not _ICON.fullmatch(icon):
        raise TopicsError(f"{location}: {icon} is not the name of an icon (topic {key}).")
    return Topic(
        key=key,
        labels=labels,
        descriptions=_texts(location, key, row, "description"),
        icon=icon,
        urusan=tuple(urusan),
    )


@cache
def load(location: str) -> tuple[Topic, ...]:
    """Return the topics of the file at ``location``, in its order.

    :param location: a path, or ``module:path`` (``ckanext.tangerang.metadata:topics.yaml``)
    :raises TopicsError: when the file is missing or malformed, or a key or an urusan comes twice
    """
    path = _path(location)
    try:
        data = read_yaml(path)
    except OSError as error:
        raise TopicsError(f"{location}: the file of topics can not be read ({error}).") from error
    except yaml.YAMLError as error:
        raise TopicsError(f"{location}: this is not YAML ({error}).") from error
    rows = data.get("topics") if isinstance(data, dict) else None
    if not isinstance(rows, list) or not rows:
        raise TopicsError(f"{location}: the file needs a list `topics`.")
    topics = tuple(_topic(location, row) for row in rows)
    for what, values in (
        ("key", [topic.key for topic in topics]),
        ("urusan", [code for topic in topics for code in topic.urusan]),
    ):
        double = sorted({value for value in values if values.count(value) > 1})
        if double:
            raise TopicsError(f"{location}: {what} comes more than once: {', '.join(double)}.")
    return topics


@cache
def by_key(location: str) -> dict[str, Topic]:
    """Return the topics of the file at ``location`` by their key."""
    return {topic.key: topic for topic in load(location)}


@cache
def by_urusan(location: str) -> dict[str, str]:
    """Return the key of the topic that covers each urusan."""
    return {code: topic.key for topic in load(location) for code in topic.urusan}
