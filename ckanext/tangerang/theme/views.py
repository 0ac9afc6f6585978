"""The home page and its headline figures, the list of organizations, style sheet and icons."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import Page
from ckan.views import group
from flask import Blueprint, Response, request

from ..pages import guarded, messages
from . import early_styles, icons, light, styles
from .home import fragment
from .logic.schema import SORTS

tangerang_home = Blueprint("tangerang_home", __name__)
tangerang_headlines = Blueprint("tangerang_headlines", __name__)
tangerang_organizations = Blueprint("tangerang_organizations", __name__)

#: No name is longer; what is longer is cut.
_MAX_QUERY = 200
tangerang_style = Blueprint("tangerang_style", __name__)

_YEAR = 365 * 24 * 3600


@tangerang_home.route("/")
def index() -> str:
    """Show the home page.

    In the place of CKAN's view, whose search (whole datasets by views, five facets) this page
    has no use for: half of the time of the page.
    """
    return tk.render("home/index.html", {"body": fragment.body()})


@tangerang_organizations.route("/organization/", strict_slashes=False)
def organizations() -> str | tuple[str, int]:
    """Show the list of organizations, by CKAN's template and addresses.

    In the place of CKAN's view, which reads each organization whole with its members, and the
    names of all: most of the time of the page. An order that our list does not know is CKAN's.
    """
    query = request.args.get("q", "").strip()[:_MAX_QUERY]
    sort = request.args.get("sort") or ""
    order = sort or tk.config["ckan.default_group_sort"]
    order = order if " " in order else f"{order} asc"
    if order not in SORTS:
        return group.index("organization", is_organization=True)
    number = tk.h.get_page_number(request.args)
    per_page = tk.config["ckan.datasets_per_page"]
    try:
        found = tk.get_action("tangerang_organization_list")(
            {},
            {
                "q": query,
                "sort": order,
                "limit": per_page,
                "offset": (number - 1) * per_page,
            },
        )
    except tk.NotAuthorized:
        return tk.abort(403, tk._("Not authorized to see this page"))
    page = Page(
        collection=found["results"],
        page=number,
        url=tk.h.pager_url,
        item_count=found["count"],
        items_per_page=per_page,
    )
    page.items = found["results"]
    return tk.render(
        "organization/index.html",
        {"page": page, "q": query, "sort_by_selected": sort, "group_type": "organization"},
    )


def _order(form: Any) -> list[str]:
    """Return the indicators of the form that have a number, by their numbers.

    Those with the same number keep the order of the list.

    :raises ValidationError: when a number is none
    """
    found: list[tuple[int, str]] = []
    for name, text in form.items():
        key = name.removeprefix("urutan-")
        if key == name or not text.strip():
            continue
        if not text.strip().isdecimal():
            raise tk.ValidationError(
                {"indikator": [tk._('"{text}" is no number. Write 1, 2, 3 …').format(text=text)]}
            )
        found.append((int(text), key))
    return [key for _, key in sorted(found, key=lambda entry: entry[0])]


@tangerang_headlines.route("/angka-utama", methods=["GET", "POST"])
@guarded
def choose() -> str | Response:
    """Let the walidata choose the headline figures of the home page."""
    errors: list[str] = []
    typed: dict[str, str] | None = None
    if request.method == "POST":
        typed = {name.removeprefix("urutan-"): text for name, text in request.form.items()}
        try:
            tk.get_action("tangerang_headline_update")({}, {"indikator": _order(request.form)})
        except tk.ValidationError as error:
            errors = messages(error)
        else:
            tk.h.flash_success(tk._("The home page shows what you have chosen."))
            return tk.redirect_to("tangerang_headlines.choose")
    found: dict[str, Any] = {"chosen": [], "records": [], "most": 0}
    try:
        found = tk.get_action("tangerang_headline_list")({}, {})
    except tk.ValidationError as error:
        errors += messages(error)
    order = {key: str(place) for place, key in enumerate(found["chosen"], start=1)}
    return tk.render(
        "tangerang/angka_utama.html",
        {**found, "errors": errors, "typed": order if typed is None else typed},
    )


def _kept(response: Response, *, current: bool) -> Response:
    """Let browsers keep an answer for good, when its address is of what it holds now."""
    # Marked so, CKAN leaves what is said here and adds "private": browsers keep it, and that is all
    # that is needed.
    request.environ["__no_cache__"] = True
    if current:
        response.cache_control.max_age = _YEAR
        response.cache_control.immutable = True
    else:
        response.cache_control.no_store = True
    return response


@tangerang_style.route("/tema/<version>.css")
def site(version: str) -> Response:
    """Send the style sheet of the site."""
    text = styles.stylesheet()
    response = Response(text, content_type="text/css; charset=utf-8")
    return _kept(response, current=version == styles.digest(text))


@tangerang_style.route("/tema/<version>.woff")
def icon_font(version: str) -> Response:
    """Send the icons that pages show."""
    response = Response(icons.font(), content_type="font/woff")
    return _kept(response, current=version == icons.version())


@tangerang_style.before_app_request
def leave_out_scripts() -> None:
    """Leave CKAN's scripts out of pages that are only read."""
    light.begin()


tangerang_style.after_app_request(early_styles.to_head)
