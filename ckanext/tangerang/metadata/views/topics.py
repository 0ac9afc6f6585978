"""Pages of the topics, and the answer to a refused save that CKAN's own pages do not show."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import ckan.plugins.toolkit as tk
from ckan import plugins as p
from ckan.lib import search
from ckan.lib.helpers import Page
from flask import Blueprint, request

from .. import config, topics
from ..fields import DATASET_TYPE, INDICATOR_TYPE
from ..language import current_language

if TYPE_CHECKING:
    from flask.wrappers import Response

tangerang_kategori = Blueprint("tangerang_kategori", __name__)


@tangerang_kategori.route("/kategori")
def index() -> str:
    """Show all topics with their counts of public datasets."""
    return tk.render("tangerang/kategori/index.html", {"counts": tk.h.tangerang_topic_counts()})


#: Parameters of the page that are no filters.
_NO_FILTERS = frozenset({"q", "page", "sort"})
#: The facet with the ids of the indicators of datasets, and how many of them the page names.
_INDICATORS, _MOST_INDICATORS = "vocab_indikator", 12


def _page_url(key: str, query: list[tuple[str, str]], page: int, **_: Any) -> str:
    """Return the address of one page of the datasets of a topic."""
    path = tk.h.url_for("tangerang_kategori.read", key=key)
    return f"{path}?{urlencode([*query, ('page', page)])}"


def _filters() -> list[tuple[str, str]]:
    """Return the filters of the page, as CKAN's own lists read them."""
    return [
        (name, value)
        for name, value in request.args.items(multi=True)
        if value and name not in _NO_FILTERS and not name.startswith(("_", "ext_"))
    ]


def _facet_titles() -> dict[str, str]:
    """Return the filters of the list of datasets, all but that of topics."""
    titles: OrderedDict[str, Any] = OrderedDict()
    for plugin in p.PluginImplementations(p.IFacets):
        titles = plugin.dataset_facets(titles, DATASET_TYPE)
    return {name: title for name, title in titles.items() if name != "vocab_kategori"}


def _search(key: str, titles: dict[str, str], number: int, limit: int) -> dict[str, Any]:
    """Return what is found among the datasets of a topic.

    :param titles: the filters that are counted
    :param number: the page, from 1
    :raises SearchError, ValidationError: when the search can not be read
    """
    fq = " ".join('{}:"{}"'.format(*pair) for pair in _filters())
    return tk.get_action("package_search")(
        {"user": tk.current_user.name, "auth_user_obj": tk.current_user, "for_view": True},
        {
            "q": request.args.get("q", ""),
            "fq": f'{fq} dataset_type:dataset vocab_kategori:"{key}"'.strip(),
            "facet.field": [*titles, _INDICATORS],
            "rows": limit,
            "start": (number - 1) * limit,
            "sort": request.args.get("sort") or None,
            "extras": {k: v for k, v in request.args.items() if k.startswith("ext_")},
            "include_private": tk.config["ckan.search.default_include_private"],
        },
    )


def _indicators(counts: dict[str, int]) -> list[dict[str, Any]]:
    """Return the indicators that most of the found datasets have, which the user may see.

    :param counts: number of datasets by id of an indicator
    """
    ids = sorted(counts, key=lambda id_: -counts[id_])[:_MOST_INDICATORS]
    if not ids:
        return []
    listed = " OR ".join(f'"{id_}"' for id_ in ids)
    return tk.get_action("package_search")(
        {"user": tk.current_user.name, "auth_user_obj": tk.current_user},
        {
            "fq": f"+dataset_type:{INDICATOR_TYPE} +id:({listed})",
            "rows": _MOST_INDICATORS,
            "fl": ["name", "title", "organization"],
            "sort": "title_string asc",
            "facet": "false",
        },
    )["results"]


@tangerang_kategori.route("/kategori/<key>")
def read(key: str) -> str:
    """Show the datasets of one topic, with search box, filters, order and paging."""
    topic = topics.by_key(config.topics_location()).get(key)
    if topic is None:
        return tk.abort(404, tk._("There is no such topic."))
    number, limit = tk.h.get_page_number(request.args), tk.config["ckan.datasets_per_page"]
    titles = _facet_titles()
    try:
        found = _search(topic.key, titles, number, limit)
    except (search.SearchError, tk.ValidationError):
        return tk.abort(400, tk._("This search can not be read. Search for plain words."))
    query = [pair for pair in request.args.items(multi=True) if pair[1] and pair[0] != "page"]
    page = Page(
        collection=found["results"],
        page=number,
        url=partial(_page_url, topic.key, query),
        item_count=found["count"],
        items_per_page=limit,
    )
    page.items = found["results"]
    fields = _filters()
    lang = current_language()
    return tk.render(
        f"tangerang/kategori/{'partial' if tk.request.htmx else 'read'}.html",
        {
            "topic": {
                "key": topic.key,
                "label": topic.label(lang),
                "description": topic.description(lang),
                "icon": topic.icon,
            },
            "page": page,
            "q": request.args.get("q", ""),
            "sort_by_selected": found["sort"],
            "facet_titles": titles,
            "search_facets": found["search_facets"],
            "fields": fields,
            "fields_grouped": {
                name: [value for other, value in fields if other == name] for name, _ in fields
            },
            "remove_field": tk.h.remove_url_param,
            "indicators": _indicators(found["facets"].get(_INDICATORS, {})),
        },
    )


@tangerang_kategori.app_errorhandler(tk.ValidationError)
def refused(error: tk.ValidationError) -> Response | tuple[str, int]:
    """Tell what was wrong where a page of CKAN lets a refused save pass.

    Publishing from the bulk page or from the last step of the form ends in "internal server
    error" otherwise. Back to the page where the button was, with the reason on top of it.
    """
    summary = error.error_summary or {}
    text = " ".join(f"{name}: {reason}" for name, reason in summary.items())
    back = urlsplit(request.referrer or "")
    if request.method == "POST" and back.netloc == request.host:
        tk.h.flash_error(text)
        return tk.redirect_to(str(request.referrer))
    return tk.render("tangerang/refused.html", {"text": text}), 409
