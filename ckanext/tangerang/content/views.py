"""The pages ``/halaman``: reading, writing with a preview, old versions; and ``/about``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk
from ckan.views import home
from flask import Blueprint, make_response, request

from ..metadata.language import current_language, moment_label
from ..pages import forbid_keeping, guarded
from . import store, texts
from .helpers import GLOSSARY
from .pages import FOOTER, MENU, Content

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

tangerang_halaman = Blueprint("tangerang_halaman", __name__)

#: The page that CKAN's ``/about`` leads to.
_ABOUT: Final = "tentang"
#: Fields of the form, in the order of the page.
_FIELDS: Final = (
    *("title_id", "text_id", "title_en", "text_en"),
    *("place", "position", "published", "note"),
)
#: Sections of a page that has a table of contents, at least.
_CONTENTS: Final = 4


@dataclass
class _Form:
    """What somebody has typed, and what is wrong with it."""

    values: dict[str, Any]
    errors: dict[str, list[str]] = field(default_factory=dict)

    @property
    def content(self) -> Content:
        """Return the texts as they would be shown."""
        said: dict[str, Any] = {
            name: str(self.values.get(name) or "")
            for name in ("title_id", "title_en", "text_id", "text_en")
        }
        return Content(**said, place="", position=0)


def _labels() -> dict[str, str]:
    """Return the fields of the form with what people call them."""
    return {
        "name": tk._("Address"),
        "title_id": tk._("Title in Indonesian"),
        "text_id": tk._("Text in Indonesian"),
        "title_en": tk._("Title in English"),
        "text_en": tk._("Text in English"),
        "place": tk._("Link to this page"),
        "position": tk._("Order among the links"),
        "published": tk._("Who may read it"),
        "note": tk._("What did you change, and why?"),
        "version": tk._("Version"),
    }


def _places() -> dict[str, str]:
    """Return the places of links with what people call them."""
    return {MENU: tk._("in the menu"), FOOTER: tk._("in the footer"), "": tk._("nowhere")}


def _shown(content: Content, *, as_editor: bool) -> dict[str, Any]:
    """Return a page as its template shows it, in the language of the request."""
    language = current_language()
    text = texts.localized(content, "text", language)
    text = texts.for_editors(text) if as_editor else texts.for_visitors(text)
    html, sections = texts.with_anchors(texts.render(text))
    return {
        "title": texts.localized(content, "title", language),
        "html": html,
        "sections": sections if len(sections) >= _CONTENTS else [],
        # Said to screen readers where a page is there in the other language only.
        "language": _language_of(content, language),
    }


def _language_of(content: Content, language: str) -> str:
    """Return the language of the text that is shown; empty where it is that of the page."""
    wanted = "en" if language.startswith("en") else "id"
    other = {"id": "en", "en": "id"}[wanted]
    return "" if str(getattr(content, f"text_{wanted}")).strip() else other


def _content(page: dict[str, Any]) -> Content:
    """Return what an action has returned of a page."""
    names = ("title_id", "title_en", "text_id", "text_en", "place", "position")
    return Content(
        **{name: page[name] for name in names},
        published=page["published"],
        deleted=page["deleted"],
    )


@tangerang_halaman.route("/about")
def about() -> Any:
    """Lead to the page about the portal; to CKAN's own where a site has written that."""
    public = any(page.name == _ABOUT for page in store.public())
    if tk.config.get("ckan.site_about") or not public:
        return home.about()
    return tk.redirect_to("tangerang_halaman.read", name=_ABOUT)


@tangerang_halaman.route("/halaman")
@guarded
def index() -> str:
    """List the pages: the public ones for visitors, all with their state for the walidata."""
    may_edit = tk.h.tangerang_content_may_edit()
    pages = tk.get_action("tangerang_page_list")({}, {"all": may_edit})
    language = current_language()
    for page in pages:
        fallback = page["title_id"] or page["title_en"]
        wanted = page["title_en" if language.startswith("en") else "title_id"]
        page["title"] = wanted or fallback
        page["moment"] = moment_label(page["modified"]) if page["modified"] else ""
    return tk.render(
        "tangerang/halaman/index.html",
        {"pages": pages, "may_edit": may_edit, "places": _places()},
    )


@tangerang_halaman.route("/halaman/<name>")
@guarded
def read(name: str) -> str:
    """Show a page."""
    page = tk.get_action("tangerang_page_show")({}, {"id": name})
    may_edit = tk.h.tangerang_content_may_edit()
    return tk.render(
        "tangerang/halaman/read.html",
        {
            "page": page,
            "shown": _shown(_content(page), as_editor=False),
            "may_edit": may_edit,
            "terms": tk.h.tangerang_glossary() if name == GLOSSARY else [],
        },
    )


def _typed() -> dict[str, Any]:
    """Return what was typed into the form."""
    values: dict[str, Any] = {name: request.form.get(name, "") for name in _FIELDS}
    values["published"] = bool(request.form.get("published"))
    return values


def _form_page(form: _Form, page: dict[str, Any] | None, preview: Any = None) -> Any:
    """Show the form with what was typed.

    :param page: the page as it is stored; None for a new one
    """
    body = tk.render(
        "tangerang/halaman/edit.html",
        {
            "form": form,
            "page": page,
            "preview": preview,
            "labels": _labels(),
            "places": _places(),
            "names": texts.names(),
        },
    )
    response = forbid_keeping(make_response(body))
    response.status_code = 400 if form.errors else 200
    return response


def _preview(form: _Form) -> list[dict[str, Any]]:
    """Return what was typed as visitors would see it, in both languages."""
    found: list[dict[str, Any]] = []
    for language, label in (("id", tk._("Indonesian")), ("en", tk._("English"))):
        title, text = (getattr(form.content, f"{name}_{language}") for name in ("title", "text"))
        if title.strip() or text.strip():
            html = texts.render(texts.for_editors(text))
            found.append({"language": language, "label": label, "title": title, "html": html})
    return found


def _errors(error: tk.ValidationError) -> dict[str, list[str]]:
    """Return what is wrong, by field, in the order of the form."""
    found: dict[str, Any] = error.error_dict
    order = [*(name for name in _labels() if name in found), *found]
    return {name: [str(text) for text in found[name]] for name in dict.fromkeys(order)}


def _save(action: str, form: _Form, data: dict[str, Any]) -> Response | None:
    """Save what was typed and lead to the page; None, with the errors in the form, if it fails."""
    try:
        page = tk.get_action(action)({}, {**form.values, **data})
    except tk.ValidationError as error:
        form.errors = _errors(error)
        return None
    tk.h.flash_success(tk._("The page is saved."))
    return tk.redirect_to("tangerang_halaman.read", name=page["name"])


@tangerang_halaman.route("/halaman/baru", methods=["GET", "POST"])
@guarded
def new() -> Any:
    """Write a new page."""
    tk.check_access("tangerang_page_create", {"user": tk.current_user.name}, {})
    if request.method == "GET":
        return _form_page(_Form({"position": 100, "place": "", "published": False}), None)
    form = _Form({**_typed(), "name": request.form.get("name", "").strip()})
    if "preview" in request.form:
        return _form_page(form, None, _preview(form))
    return _save("tangerang_page_create", form, {}) or _form_page(form, None)


@tangerang_halaman.route("/halaman/<name>/ubah", methods=["GET", "POST"])
@guarded
def edit(name: str) -> Any:
    """Change a page."""
    tk.check_access("tangerang_page_update", {"user": tk.current_user.name}, {"id": name})
    page = tk.get_action("tangerang_page_show")({}, {"id": name})
    if request.method == "GET":
        return _form_page(_Form({**page, "note": ""}), page)
    known = request.form.get("version", "")
    form = _Form({**_typed(), "version": known})
    if "preview" in request.form:
        return _form_page(form, page, _preview(form))
    saved = _save("tangerang_page_update", form, {"id": name, "version": known})
    return saved or _form_page(form, page)


@tangerang_halaman.route("/halaman/<name>/hapus", methods=["POST"])
@guarded
def delete(name: str) -> Any:
    """Delete a page; it can be brought back."""
    data = {"id": name, "version": request.form.get("version", "")}
    try:
        tk.get_action("tangerang_page_delete")({}, data)
    except tk.ValidationError as error:
        tk.h.flash_error(" ".join(text for found in _errors(error).values() for text in found))
        return tk.redirect_to("tangerang_halaman.edit", name=name)
    tk.h.flash_success(tk._("The page is deleted. It can be brought back from its history."))
    return tk.redirect_to("tangerang_halaman.index")


def _verbs() -> dict[str, str]:
    """Return what can be done to a page with what people call it."""
    return {
        "create": tk._("Made"),
        "update": tk._("Changed"),
        "delete": tk._("Deleted"),
        "revert": tk._("Old version brought back"),
        "package": tk._("First version, comes with the portal"),
    }


@tangerang_halaman.route("/halaman/<name>/riwayat")
@guarded
def history(name: str) -> str:
    """Show who changed a page and when."""
    versions = tk.get_action("tangerang_page_history")({}, {"id": name})
    for version in versions:
        version["moment"] = moment_label(version["created"]) if version["created"] else ""
    return tk.render(
        "tangerang/halaman/history.html",
        {
            "page": tk.get_action("tangerang_page_show")({}, {"id": name}),
            "versions": versions,
            "verbs": _verbs(),
        },
    )


@tangerang_halaman.route("/halaman/<name>/riwayat/<int:version>")
@guarded
def old(name: str, version: int) -> str:
    """Show an old version of a page."""
    tk.check_access("tangerang_page_history", {"user": tk.current_user.name}, {"id": name})
    found = tk.get_action("tangerang_page_show")({}, {"id": name, "version": version})
    return tk.render(
        "tangerang/halaman/old.html",
        {
            "page": tk.get_action("tangerang_page_show")({}, {"id": name}),
            "found": found,
            "preview": _preview(_Form({**found})),
        },
    )


@tangerang_halaman.route("/halaman/<name>/kembalikan", methods=["POST"])
@guarded
def revert(name: str) -> Any:
    """Bring an old version back."""
    data = {name_: request.form.get(name_, "") for name_ in ("version", "to")}
    try:
        tk.get_action("tangerang_page_revert")({}, {"id": name, **data})
    except tk.ValidationError as error:
        tk.h.flash_error(" ".join(text for found in _errors(error).values() for text in found))
        return tk.redirect_to("tangerang_halaman.history", name=name)
    tk.h.flash_success(tk._("The old version is back."))
    return tk.redirect_to("tangerang_halaman.read", name=name)
