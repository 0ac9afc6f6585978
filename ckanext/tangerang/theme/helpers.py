"""Template helpers of the plugin ``tangerang_theme``.

Where the portal also runs ``tangerang_metadata``, its labels and topics are shown; without it the
pages leave them out.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from flask_babel import format_date
from markupsafe import Markup
from werkzeug.exceptions import default_exceptions

from .. import config as portal
from ..metadata.language import moment_label, period_label
from . import config, related

#: Where Babel's name of a language in itself is not what people call it.
_LANGUAGE_NAMES = {"id": "Bahasa Indonesia"}

#: An id of CKAN, and how much of an address is searched for.
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_MAX_WORDS = 100
#: Characters of the longest text whose extract is kept in memory.
_LONGEST_KEPT = 4_000

if TYPE_CHECKING:
    from collections.abc import Callable

_Dataset = dict[str, Any]


def tangerang_portal() -> dict[str, str]:
    """Return names and addresses for header and footer: portal, region, government, walidata."""
    return {
        "name": portal.portal_name(),
        "tagline": config.tagline() or str(tk.g.site_description or ""),
        "walidata": portal.portal_walidata(),
        "region": portal.region_name(),
        "government": portal.government_name(),
        "government_url": portal.government_url(),
    }


def tangerang_site_links(kind: str) -> list[dict[str, str]]:
    """Return links that the site has configured, as text and ``url`` in the language of the page.

    :param kind: ``footer`` or ``social``
    """
    links = config.footer_links() if kind == "footer" else config.social_links()
    language = "id" if tk.h.lang() == "id" else "en"
    return [{"label": link.texts[language], "url": link.url} for link in links]


def tangerang_moment(moment: datetime | str) -> str:
    """Return a moment as people read it, in the time of the portal ("26 November 2026 17.01 WIB").

    :param moment: UTC without a zone, as CKAN stores it, or its ISO form
    """
    return moment_label(moment)


def tangerang_data_lang() -> Markup:
    """Return the attribute ``lang`` for what people typed, on a page in another language.

    Titles and descriptions are in the language of the portal (``ckan.locale_default``) whatever
    the language of the page is, and a screen reader has to be told (WCAG 3.1.2).
    """
    typed = tk.config["ckan.locale_default"]
    if tk.h.lang() == typed:
        return Markup()
    return Markup(' lang="{}"').format(tk.h.unix_locale_to_bcp47(typed))


def tangerang_languages() -> list[dict[str, Any]]:
    """Return the languages of the portal for the switch.

    :returns: for each ``code`` (BCP 47), ``short`` (ID), ``name`` (in the language itself), ``url``
        of the current page in it, and whether it is ``current``
    """
    # A path of an unknown page may begin with //, which browsers take for another host.
    path = "/" + tk.h.current_url().lstrip("/")
    default = tk.config["ckan.locale_default"]
    languages: list[dict[str, Any]] = []
    # CKAN fills its list when the first requests come: two at once, and each locale is in it twice.
    for code, locale in {found.short_name: found for found in tk.h.get_available_locales()}.items():
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


def tangerang_facet_label(item: dict[str, Any]) -> str:
    """Return the whole label of a filter; CKAN cuts labels that it makes itself."""
    return str(item["display_name"])


def tangerang_error_words() -> str:
    """Return the words of the address that was not found, to search for; empty for none.

    Of ``/dataset/jumlah-penduduk-2020``: "jumlah penduduk 2020". An id, such as those of CKAN, has
    no words.
    """
    last = tk.request.path.rstrip("/").rsplit("/", 1)[-1]
    if _ID.fullmatch(last):
        return ""
    words = re.findall(r"[^\W_]+", last)
    return " ".join(words)[:_MAX_WORDS]


def tangerang_error_text(code: int, text: str | None) -> str:
    """Return what a view said about an error; empty for the standard sentence of the server.

    That one is English and tells people nothing.
    """
    standard = default_exceptions.get(code)
    return "" if not text or (standard and text == standard.description) else str(text)


@lru_cache(maxsize=4096)
def _extract(next_helper: Callable[..., str], text: str, length: int) -> str:
    """Return the beginning of a text without its marks, from memory if it was asked for before."""
    return next_helper(text, length)


@tk.chained_helper
def render_datetime(
    next_helper: Callable[..., str],
    datetime_: datetime | str,
    date_format: str | None = None,
    with_hours: bool = False,
    with_seconds: bool = False,
) -> str:
    """Return a day, or a moment, as people read it.

    CKAN writes a moment in the American order in each language ("November 27, 2026, 06:40").
    """
    if with_hours and datetime_ and not (date_format or with_seconds):
        with suppress(ValueError):
            return moment_label(datetime_)
    return next_helper(
        datetime_, date_format=date_format, with_hours=with_hours, with_seconds=with_seconds
    )


@tk.chained_helper
def markdown_extract(
    next_helper: Callable[..., str], text: str, extract_length: int = 190
) -> str | Markup:
    """Return the beginning of a text without its marks.

    A list shows twenty of them, the same ones to each reader, and reading Markdown took a tenth of
    the time of the whole page. Long texts are not kept, which bounds the memory.
    """
    if not text or len(text) > _LONGEST_KEPT:
        return next_helper(text, extract_length)
    return _extract(next_helper, text, extract_length)


def tangerang_period(dataset: _Dataset) -> str:
    """Return the period that a dataset covers (2020–2024); empty when it says none."""
    start = str(dataset.get("periode_awal") or "")
    end = str(dataset.get("periode_akhir") or "")
    texts = [period_label(value) for value in (start, end) if value]
    return "–".join(dict.fromkeys(texts))


def tangerang_file_period(resource: dict[str, Any]) -> str:
    """Return the period that a file covers (25 April 2025, 2020–2024); empty when it says none.

    :param resource: with ``periode_data``, a year, month or day, or two of them with a slash
    """
    start, _, end = str(resource.get("periode_data") or "").partition("/")
    return tangerang_period({"periode_awal": start, "periode_akhir": end})


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


def tangerang_related(dataset: _Dataset) -> list[dict[str, str]]:
    """Return the public datasets that belong most to one: ``name``, ``title`` and ``type``."""
    return related.related(dataset)


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
