"""Template helpers of the plugin ``tangerang_theme``.

Where the portal also runs ``tangerang_metadata``, its labels and topics are shown; without it the
pages leave them out.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError, SolrConnectionError
from flask_babel import format_date
from markupsafe import Markup
from werkzeug.exceptions import default_exceptions

from .. import config as portal
from . import config
from .colours import DARK, GROUND, channels, mix, readable, text_on

#: How many rows the lists of the home page have.
_NEWEST = 6
_AGENCIES = 10
#: What a line of the newest datasets shows, as the search index calls it.
_ROW_FIELDS = [
    "name",
    "title",
    "dataset_type",
    "organization",
    "metadata_modified",
    "res_format",
    "extras_periode_awal",
    "extras_periode_akhir",
    "vocab_tingkat_penyajian",
]
#: Forms of a date with so many parts: a year, a month, a day.
_DATE_FORMS = {1: "yyyy", 2: "MMMM yyyy", 3: "long"}

#: Where Babel's name of a language in itself is not what people call it.
_LANGUAGE_NAMES = {"id": "Bahasa Indonesia"}

_Dataset = dict[str, Any]


def tangerang_colours() -> Markup:
    """Return the colours of the configuration as CSS custom properties, for a style sheet.

    Colours that carry text, or text on them, are darkened until they read well (AA). The values
    are colours and nothing else (see :mod:`.config`), so that they need no escaping.
    """
    accent = config.accent_colour()
    values = {"dark": DARK, "ground": GROUND, "accent": accent, "on-accent": text_on(accent)}
    for name, chosen in (
        ("primary", config.primary_colour()),
        ("danger", config.danger_colour()),
        ("success", config.success_colour()),
    ):
        colour = readable(chosen, GROUND)
        values[name] = colour
        values[f"{name}-dark"] = mix(colour, "#000000", 0.25)
        values[f"{name}-soft"] = mix(colour, "#FFFFFF", 0.9)
        values[f"{name}-rgb"] = ",".join(str(channel) for channel in channels(colour))
    return Markup("".join(f"--tangerang-{name}:{value};" for name, value in values.items()))  # noqa: S704


def tangerang_portal() -> dict[str, str]:
    """Return names and addresses for header and footer: portal, region, government, walidata."""
    return {
        "name": portal.portal_name(),
        "walidata": portal.portal_walidata(),
        "region": portal.region_name(),
        "government": portal.government_name(),
        "government_url": portal.government_url(),
    }


def tangerang_languages() -> list[dict[str, Any]]:
    """Return the languages of the portal for the switch.

    :returns: for each ``code`` (BCP 47), ``short`` (ID), ``name`` (in the language itself), ``url``
        of the current page in it, and whether it is ``current``
    """
    # A path of an unknown page may begin with //, which browsers take for another host.
    path = "/" + tk.h.current_url().lstrip("/")
    default = tk.config["ckan.locale_default"]
    languages: list[dict[str, Any]] = []
    for locale in tk.h.get_available_locales():
        code = locale.short_name
        languages.append(
            {
                "code": tk.h.unix_locale_to_bcp47(code),
                "short": code.split("_")[0].upper(),
                "name": _LANGUAGE_NAMES.get(code) or locale.display_name or locale.english_name,
                "url": tk.h.url_for(path, locale="default" if code == default else code),
                "current": code == tk.h.lang(),
            }
        )
    return languages


def _newest_row(row: dict[str, Any], titles: dict[str, str]) -> _Dataset:
    """Return what a line of the home page needs of a dataset, in the shape of a dataset.

    :param row: fields of the search index
    :param titles: titles of organizations by name
    """
    owner = row.get("organization")
    return {
        "type": row["dataset_type"],
        "name": row["name"],
        "title": row.get("title"),
        "metadata_modified": row["metadata_modified"],
        "organization": {"title": titles.get(owner, owner)} if owner else None,
        "resources": [{"format": text} for text in row.get("res_format", [])],
        # CKAN takes the prefix extras_ off.
        "periode_awal": row.get("periode_awal"),
        "periode_akhir": row.get("periode_akhir"),
        "tingkat_penyajian": row.get("vocab_tingkat_penyajian"),
    }


def tangerang_home() -> dict[str, Any]:
    """Return what the home page shows, by one query of the search index.

    The same for every reader: only what is public. The query asks for the few fields that are
    shown; whole datasets would take several times as long.

    :returns: ``count`` of datasets; the newest ``datasets``; ``agencies`` with most data (name,
        title, count) and ``agency_count``; ``topics`` (key, label, icon, count), empty without
        ``tangerang_metadata``; ``broken`` when the search index did not answer
    """
    try:
        found = tk.get_action("package_search")(
            {"user": ""},
            {
                "fq": "+dataset_type:dataset",
                "rows": _NEWEST,
                "sort": "metadata_modified desc",
                "fl": _ROW_FIELDS,
                "facet.field": ["organization", "vocab_kategori"],
                "facet.limit": -1,
            },
        )
    except (SearchError, SolrConnectionError):
        found = {"count": 0, "results": [], "search_facets": {}, "broken": True}
    facets = found["search_facets"]
    agencies = [
        {"name": item["name"], "title": item["display_name"], "count": item["count"]}
        for item in facets.get("organization", {}).get("items", [])
    ]
    agencies.sort(key=lambda agency: (-agency["count"], agency["title"]))
    titles = {agency["name"]: agency["title"] for agency in agencies}
    counts = {
        item["name"]: item["count"] for item in facets.get("vocab_kategori", {}).get("items", [])
    }
    topics = tk.h.tangerang_topics() if "tangerang_topics" in tk.h else []
    return {
        "count": found["count"],
        "datasets": [_newest_row(row, titles) for row in found["results"]],
        "agencies": agencies[:_AGENCIES],
        "agency_count": len(agencies),
        "topics": [topic | {"count": counts.get(topic["key"], 0)} for topic in topics],
        "broken": "broken" in found,
    }


def tangerang_facet_label(item: dict[str, Any]) -> str:
    """Return the whole label of a filter; CKAN cuts labels that it makes itself."""
    return str(item["display_name"])


def tangerang_error_text(code: int, text: str | None) -> str:
    """Return what a view said about an error; empty for the standard sentence of the server.

    That one is English and tells people nothing.
    """
    standard = default_exceptions.get(code)
    return "" if not text or (standard and text == standard.description) else str(text)


def _date_text(value: str) -> str:
    """Return a year, month or day of ISO form as people write it; other text unchanged."""
    parts = value.split("-")
    try:
        first = date(*(int(part) for part in [*parts, "1", "1"][:3]))
    except ValueError:
        return value
    return format_date(first, _DATE_FORMS[len(parts)]) if len(parts) in _DATE_FORMS else value


def tangerang_period(dataset: _Dataset) -> str:
    """Return the period that a dataset covers (2020–2024); empty when it says none."""
    start = str(dataset.get("periode_awal") or "")
    end = str(dataset.get("periode_akhir") or "")
    texts = [_date_text(value) for value in (start, end) if value]
    return "–".join(dict.fromkeys(texts))


def tangerang_formats(dataset: _Dataset) -> list[str]:
    """Return the formats of the files of a dataset, each once, in their order."""
    formats = (str(r.get("format") or "").strip() for r in dataset.get("resources") or [])
    return list(dict.fromkeys(text for text in formats if text))


def tangerang_labels(codelist: str, value: Any) -> list[str]:
    """Return the labels of the value or values of a code list field.

    Without ``tangerang_metadata`` nothing is known about them and nothing is shown.
    """
    if "tangerang_codelist_label" not in tk.h:
        return []
    return [tk.h.tangerang_codelist_label(codelist, key) for key in tk.h.tangerang_list(value)]


def tangerang_file_size(resource: dict[str, Any]) -> str:
    """Return the size of a file for people; empty when it is not known."""
    try:
        size = int(resource.get("size") or 0)
    except (TypeError, ValueError):
        return ""
    return str(tk.h.localised_filesize(size)) if size > 0 else ""


def tangerang_citation(dataset: _Dataset) -> str:
    """Return how to cite a dataset: who, when, what, where, and the day it was read.

    The address is the one with the id, which survives renames.
    """
    owner = dataset.get("organization") or {}
    return tk._("{publisher} ({year}). {title}. {portal}. {address} (accessed {day}).").format(
        publisher=owner.get("title") or owner.get("name") or portal.government_name(),
        year=str(dataset.get("metadata_modified") or "")[:4],
        title=tk.h.dataset_display_name(dataset),
        portal=portal.portal_name(),
        address=tk.h.url_for(
            f"{dataset['type']}.read", id=dataset["id"], locale="default", _external=True
        ),
        day=format_date(datetime.now(tk.h.get_display_timezone()), "long", rebase=False),
    )
