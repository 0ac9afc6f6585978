"""The address ``/cari/saran``: suggestions for the search box."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, jsonify, request

tangerang_search = Blueprint("tangerang_search", __name__)

#: Lists of the answer with the page of what they hold and the name of what it is found by.
_PAGES = (
    ("datasets", "dataset.read", "id"),
    ("indicators", "indikator.read", "id"),
    ("organizations", "organization.read", "id"),
    ("topics", "tangerang_kategori.read", "key"),
)


def _labels() -> dict[str, str]:
    """Return the headings of the lists in the language of the page."""
    return {
        "datasets": tk._("Datasets"),
        "indicators": tk._("Indicators"),
        "organizations": tk._("Agencies (OPD)"),
        "topics": tk._("Topics"),
    }


def _groups(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the suggestions under their headings, with addresses; empty lists are left out."""
    labels = _labels()
    return [
        {
            "label": labels[key],
            "items": [
                {
                    "title": item["title"],
                    "url": tk.h.url_for(endpoint, **{name: item["name"]}),
                }
                for item in found[key]
            ],
        }
        for key, endpoint, name in _PAGES
        if found[key]
    ]


def _message(count: int) -> str:
    """Return what a screen reader says of the suggestions."""
    if not count:
        return tk._("No suggestions. Press Enter to search.")
    return tk.ungettext(
        "{number} suggestion. Use the arrow keys to choose.",
        "{number} suggestions. Use the arrow keys to choose.",
        count,
    ).format(number=count)


@tangerang_search.route("/cari/saran")
def suggest() -> Response | tuple[Response, int]:
    """Answer with suggestions for the parameter ``q``: headings, titles, addresses, a sentence."""
    try:
        found = tk.get_action("tangerang_search_suggest")(
            {"user": tk.current_user.name}, {"q": request.args.get("q", "")}
        )
    except tk.ValidationError as error:
        reason = "; ".join(map(str, (error.error_summary or {}).values()))
        return jsonify({"groups": [], "message": reason}), 400
    groups = _groups(found)
    count = sum(len(group["items"]) for group in groups)
    return jsonify({"q": found["q"], "groups": groups, "message": _message(count)})
