"""The pages ``/pemeriksaan``: what waits for a decision, and the decision about one record."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan import plugins as p
from ckan.lib.helpers import Page
from flask import Blueprint, g, request

from ..lookups import remembered
from ..metadata.fields import item_label, record_fields
from . import gone, states
from .texts import messages, type_labels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ckan.types import Response

tangerang_pemeriksaan = Blueprint("tangerang_pemeriksaan", __name__, url_prefix="/pemeriksaan")

tangerang_pemeriksaan.after_app_request(gone.answer)


@tangerang_pemeriksaan.before_request
def _remember() -> None:
    """Ask for the user and their roles once only, on a page that changes nothing."""
    if request.method in ("GET", "HEAD"):
        g.tangerang_review_memory = ExitStack()
        g.tangerang_review_memory.enter_context(remembered(model.User, model.Group, model.Member))


@tangerang_pemeriksaan.teardown_request
def _forget(_error: BaseException | None) -> None:
    """End what :func:`_remember` began."""
    memory = g.pop("tangerang_review_memory", None)
    if memory is not None:
        memory.close()


#: Records of one page of the queue.
_PER_PAGE = 50
#: Notes that the form has room for; a record that needs more is better spoken about.
_NOTES = 5

#: Steps by the last part of their address: the action, the fields of its form, what is said after.
_STEPS = {
    "ajukan": ("submit", ("reason",)),
    "batal-ajukan": ("withdraw", ("reason",)),
    "ambil": ("claim", ()),
    "kembalikan": ("return", ("reason",)),
    "terbitkan": ("publish", ("version", "at")),
    "batal-jadwal": ("schedule_cancel", ("reason",)),
    "tarik": ("retract", ("reason",)),
    "revisi": ("revise", ()),
    "batal-revisi": ("discard", ("reason",)),
    "komentar": ("comment", ("text",)),
    "rekomendasi": ("recommend", ("verdict", "text")),
}


def _said(step: str) -> str:
    """Return what the page says after a step."""
    return {
        "ajukan": tk._("Handed in. You are told here what the walidata decides."),
        "batal-ajukan": tk._("Taken back. The record can be changed again."),
        "ambil": tk._("You are checking this record now."),
        "kembalikan": tk._("Returned to the OPD with your notes."),
        "terbitkan": tk._("Approved."),
        "batal-jadwal": tk._("The time of publication is cancelled."),
        "tarik": tk._("Withdrawn from publication."),
        "revisi": tk._(
            "This is the revision. Change it, then hand it in. "
            "The published version stays as it is until then."
        ),
        "batal-revisi": tk._("The revision is given up. The published version stays as it is."),
        "komentar": tk._("Your remark is kept."),
        "rekomendasi": tk._("Your advice is kept."),
    }[step]


#: Steps that can be done with several records at once.
_SEVERAL = {"ambil": "claim", "kembalikan": "return", "terbitkan": "publish"}


def _page_url(endpoint: str, query: dict[str, str], page: int, **_: Any) -> str:
    """Return the address of one page of a list."""
    return tk.h.url_for(f"tangerang_pemeriksaan.{endpoint}", **query, page=page)


def _page(endpoint: str, query: dict[str, str], number: int, found: dict[str, Any]) -> Page:
    """Return one page of a list.

    :param found: as an action returns it: ``count`` and ``results``
    """
    page = Page(
        collection=found["results"],
        page=number,
        url=partial(_page_url, endpoint, query),
        item_count=found["count"],
        items_per_page=_PER_PAGE,
    )
    page.items = found["results"]
    return page


def _decides() -> bool:
    """Tell whether the user is walidata."""
    return bool(tk.h.check_access("tangerang_walidata"))


@tangerang_pemeriksaan.route("")
def index() -> str | tuple[str, int]:
    """Show what waits, longest first."""
    query = {
        name: request.args[name]
        for name in ("state", "owner_org", "type", "mine")
        if request.args.get(name)
    }
    number = tk.h.get_page_number(request.args)
    try:
        found = tk.get_action("tangerang_review_list")(
            {}, {**query, "limit": _PER_PAGE, "offset": (number - 1) * _PER_PAGE}
        )
    except tk.NotAuthorized:
        return tk.abort(403, tk._("Log in to see what waits for a decision."))
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    except tk.ValidationError:
        return tk.abort(400, tk._("This address can not be read. Choose from the lists."))
    return tk.render(
        "tangerang/pemeriksaan/index.html",
        {
            "page": _page("index", query, number, found),
            "query": query,
            "states": states.STATES,
            "waiting": sorted(states.WALIDATA_WAITING),
            "types": type_labels(),
            "decides": _decides(),
        },
    )


@tangerang_pemeriksaan.route("/beberapa", methods=["POST"])
def several() -> str | tuple[str, int] | Response:
    """Do one step with the records that were chosen in the queue, and show what came of each."""
    step = request.form.get("langkah", "")
    if step not in _SEVERAL:
        return tk.abort(404, tk._("There is no such page."))
    chosen = request.form.getlist("record")
    data = {
        "verb": _SEVERAL[step],
        "records": [{"id": key, "version": request.form.get(f"version-{key}")} for key in chosen],
        "reason": request.form.get("reason", ""),
    }
    try:
        found = tk.get_action("tangerang_review_several")({}, data)
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    except tk.ValidationError as error:
        tk.h.flash_error(" ".join(messages(error.error_dict)))
        return tk.redirect_to("tangerang_pemeriksaan.index")
    return tk.render(
        "tangerang/pemeriksaan/several.html",
        {"found": found, "step": step, "reason": data["reason"]},
    )


@tangerang_pemeriksaan.route("/tanpa-pemeriksaan")
def changes() -> str | tuple[str, int]:
    """Show what changed past the review, the newest first."""
    query = {"owner_org": request.args["owner_org"]} if request.args.get("owner_org") else {}
    number = tk.h.get_page_number(request.args)
    try:
        found = tk.get_action("tangerang_review_change_list")(
            {}, {**query, "limit": _PER_PAGE, "offset": (number - 1) * _PER_PAGE}
        )
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    return tk.render(
        "tangerang/pemeriksaan/changes.html",
        {
            "page": _page("changes", query, number, found),
            "types": type_labels(),
            "activities": p.plugin_loaded("activity"),
        },
    )


def _places(package: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the places of a record that a note can be about: value and label."""
    fields = [(f"field:{f['field_name']}", item_label(f)) for f in record_fields(package["type"])]
    files = [
        (f"file:{file['id']}", tk._("File: {name}").format(name=file.get("name") or file["url"]))
        for file in package.get("resources", [])
    ]
    return [*files, *fields]


def _typed_notes() -> Iterator[dict[str, Any]]:
    """Yield the notes that were typed; a line without a text is none."""
    for number in range(_NOTES):
        text = request.form.get(f"note-{number}-text", "").strip()
        if not text:
            continue
        kind, _, name = request.form.get(f"note-{number}-place", "").partition(":")
        yield {
            "field": name if kind == "field" else "",
            "resource_id": name if kind == "file" else "",
            "row": request.form.get(f"note-{number}-row", ""),
            "column": request.form.get(f"note-{number}-column", ""),
            "severity": request.form.get(f"note-{number}-severity", ""),
            "text": text,
        }


def _show(record_id: str, problems: list[str] | None = None) -> str | tuple[str, int]:
    """Show the review of one record, with what was typed where that was refused."""
    try:
        review = tk.get_action("tangerang_review_show")({}, {"id": record_id})
        package = tk.get_action("package_show")({}, {"id": record_id})
        history = tk.get_action("tangerang_review_history")({}, {"id": record_id})
        found = review["revision_of"]
        diff = tk.get_action("tangerang_review_diff")({}, {"id": record_id}) if found else None
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    except tk.NotAuthorized:
        # Who may not see a record does not learn that it is there.
        return tk.abort(404, tk._("There is no such record."))
    page = tk.render(
        "tangerang/pemeriksaan/read.html",
        {
            "review": review,
            "diff": diff,
            "pkg": package,
            "history": history["results"],
            "places": _places(package),
            "typed": request.form,
            "note_lines": range(_NOTES),
            "problems": problems or [],
        },
    )
    return (page, 400) if problems else page


@tangerang_pemeriksaan.route("/<id>")
def read(id: str) -> str | tuple[str, int]:  # noqa: A002 - CKAN's name
    """Show where one record stands, its notes and its history."""
    return _show(id)


@tangerang_pemeriksaan.route("/<id>/<step>", methods=["POST"])
def act(id: str, step: str) -> str | tuple[str, int] | Response:  # noqa: A002
    """Do one step with a record."""
    if step not in _STEPS:
        return tk.abort(404, tk._("There is no such page."))
    verb, names = _STEPS[step]
    data: dict[str, Any] = {"id": id, **{name: request.form.get(name, "") for name in names}}
    if step == "kembalikan":
        data["notes"] = list(_typed_notes())
    try:
        result = tk.get_action(f"tangerang_review_{verb}")({}, data)
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    except tk.ValidationError as error:
        return _show(id, list(messages(error.error_dict)))
    tk.h.flash_success(_said(step))
    if step == "revisi":
        return tk.redirect_to(f"{result['type']}.read", id=result["name"])
    # A revisi is gone once it is published or given up: its record is what is left.
    return tk.redirect_to("tangerang_pemeriksaan.read", id=result.get("name") or id)


@tangerang_pemeriksaan.route("/<id>/catatan/<note>/<step>", methods=["POST"])
def note(id: str, note: str, step: str) -> str | tuple[str, int] | Response:  # noqa: A002
    """Answer a note, or settle it."""
    if step not in ("jawab", "selesai"):
        return tk.abort(404, tk._("There is no such page."))
    action = "answer" if step == "jawab" else "settle"
    data = {"id": note} | ({"text": request.form.get("text", "")} if step == "jawab" else {})
    try:
        tk.get_action(f"tangerang_review_note_{action}")({}, data)
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    except tk.ValidationError as error:
        return _show(id, list(messages(error.error_dict)))
    return tk.redirect_to("tangerang_pemeriksaan.read", id=id)
