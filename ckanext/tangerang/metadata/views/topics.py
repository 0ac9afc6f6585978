"""Pages of the topics, and the answer to a refused save that CKAN's own pages do not show."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from ckan.lib import search
from ckan.lib.helpers import Page
from flask import Blueprint, request

from .. import config, topics
from ..language import current_language

if TYPE_CHECKING:
    from flask.wrappers import Response

tangerang_kategori = Blueprint("tangerang_kategori", __name__)


@tangerang_kategori.route("/kategori")
def index() -> str:
    """Show all topics with their counts of public datasets."""
    return tk.render("tangerang/kategori/index.html", {"counts": tk.h.tangerang_topic_counts()})


def _page_url(key: str, query: dict[str, str], page: int, **_: Any) -> str:
    """Return the address of one page of the datasets of a topic."""
    return tk.h.url_for("tangerang_kategori.read", key=key, **query, page=page)


@tangerang_kategori.route("/kategori/<key>")
def read(key: str) -> str:
    """Show the datasets of one topic, with search box, order and paging."""
    topic = topics.by_key(config.topics_location()).get(key)
    if topic is None:
        return tk.abort(404, tk._("There is no such topic."))
    q, sort = request.args.get("q", ""), request.args.get("sort") or None
    number, limit = tk.h.get_page_number(request.args), tk.config["ckan.datasets_per_page"]
    try:
        found = tk.get_action("package_search")(
            {"user": tk.current_user.name, "auth_user_obj": tk.current_user, "for_view": True},
            {
                "q": q,
                "fq": f'dataset_type:dataset vocab_kategori:"{topic.key}"',
                "rows": limit,
                "start": (number - 1) * limit,
                "sort": sort,
                "include_private": tk.config["ckan.search.default_include_private"],
            },
        )
    except (search.SearchError, tk.ValidationError):
        return tk.abort(400, tk._("This search can not be read. Search for plain words."))
    query = {name: value for name, value in (("q", q), ("sort", sort)) if value}
    page = Page(
        collection=found["results"],
        page=number,
        url=partial(_page_url, topic.key, query),
        item_count=found["count"],
        items_per_page=limit,
    )
    page.items = found["results"]
    lang = current_language()
    return tk.render(
        "tangerang/kategori/read.html",
        {
            "topic": {
                "key": topic.key,
                "label": topic.label(lang),
                "description": topic.description(lang),
                "icon": topic.icon,
            },
            "page": page,
            "q": q,
            "sort_by_selected": found["sort"],
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
