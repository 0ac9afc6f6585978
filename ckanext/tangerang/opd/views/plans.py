"""Plan, apply and journal as pages, and the registry as files to download."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import Page
from flask import Blueprint, Response, request

from .. import files, store, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ckan.types import Context

tangerang_opd_plans = Blueprint("tangerang_opd_plans", __name__)

#: Changes on one page of the journal.
_PER_PAGE = 20


def _context() -> Context:
    """Return a context of the user of the request."""
    return cast("Context", {"user": tk.current_user.name, "auth_user_obj": tk.current_user})


def _call(action: str, **data: Any) -> Any:
    """Call an action for the user of the request."""
    return tk.get_action(action)(_context(), data)


def _messages(error: tk.ValidationError) -> list[str]:
    """Return the messages of an error."""
    return [str(text) for found in error.error_dict.values() for text in cast("Any", found)]


def _refusal(action: str) -> Any:
    """Return the answer for a user who may not call an action; None for one who may."""
    try:
        tk.check_access(action, _context(), {})
    except tk.NotAuthorized as error:
        if tk.current_user.is_anonymous:
            return tk.redirect_to("user.login", came_from=request.full_path)
        return tk.abort(403, str(error))
    return None


# Files


def _download(form: str) -> Callable[[], Response]:
    """Return the view of the registry as a file."""

    def view() -> Response:
        tk.check_access("tangerang_opd_list", _context(), {})
        return Response(
            files.write(store.load(), form),
            content_type=files.TYPES[form],
            headers={"Content-Disposition": f'attachment; filename="opd.{form}"'},
        )

    return view


for _form in files.TYPES:
    tangerang_opd_plans.add_url_rule(f"/opd.{_form}", endpoint=_form, view_func=_download(_form))


# Plan


def _entry(operation: Mapping[str, Any]) -> dict[str, Any]:
    """Return an operation as the pages show it."""
    return {
        "name": operation["name"],
        "title": operation["title"],
        "rows": texts.rows_of(operation),
        "moved": texts.moved(operation.get("moved") or {}),
    }


def _groups(operations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return operations in groups of their kinds, in the order in which people read them."""
    return [
        {"kind": kind, "label": texts.kind(kind), "entries": [_entry(op) for op in found]}
        for kind in texts.KINDS
        if (found := [op for op in operations if op["op"] == kind])
    ]


def _labelled(notes: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return errors or warnings with the label of their field, and where they are."""
    return [
        {**note, "label": texts.label(note["field"]) if note["field"] else "",
         "where": note["cell"] or note["row"]}
        for note in notes
    ]  # fmt: skip


def _page(**data: Any) -> str:
    """Return the page of plans."""
    return tk.render(
        "tangerang/opd/plan.html",
        {
            "megabytes": files.MAX_BYTES // (1024 * 1024),
            "result": None,
            "problems": [],
            **data,
        },
    )


def _check() -> str:
    """Plan the uploaded file."""
    upload = request.files.get("upload")
    if upload is None or not upload.filename:
        return _page(problems=[tk._("Choose a file first.")])
    filename = upload.filename[:200]
    try:
        found = _call("tangerang_opd_plan", upload=upload, filename=filename)
    except tk.ValidationError as error:
        return _page(problems=_messages(error))
    return _page(
        result={
            "filename": filename,
            "groups": _groups(found["operations"]),
            "errors": _labelled(found["errors"]),
            "warnings": _labelled(found["warnings"]),
            "token": found["token"],
        }
    )


def _apply() -> Any:
    """Apply the plan that the user has seen."""
    try:
        made = _call("tangerang_opd_apply", token=request.form.get("token", "")[:100])
    except tk.ValidationError as error:
        return _page(problems=_messages(error))
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    tk.h.flash_success(
        tk._("Applied: {count} changes. Search and activities follow in a moment.").format(
            count=len(made["entries"])
        )
    )
    return tk.redirect_to("tangerang_opd_plans.journal")


@tangerang_opd_plans.route("/opd/rencana", methods=["GET", "POST"])
def plan() -> Any:
    """Show the page of plans; plan an uploaded file; apply a plan."""
    refusal = _refusal("tangerang_opd_plan")
    if refusal is not None:
        return refusal
    if request.method == "GET":
        return _page()
    return _apply() if request.form.get("step") == "apply" else _check()


# Journal


def _undo() -> Any:
    """Take a change back."""
    try:
        made = _call("tangerang_opd_undo", id=request.form.get("id", "")[:100])
    except tk.ValidationError as error:
        for text in _messages(error):
            tk.h.flash_error(text)
    else:
        tk.h.flash_success(tk._("The change has been taken back."))
        if made["left"]:
            tk.h.flash_notice(
                tk._(
                    "{count} members or followers were changed since and stay as they are."
                ).format(count=made["left"])
            )
    return tk.redirect_to("tangerang_opd_plans.journal")


def _page_url(page: int, **_: Any) -> str:
    """Return the address of one page of the journal."""
    return tk.h.url_for("tangerang_opd_plans.journal", page=page)


@tangerang_opd_plans.route("/opd/rencana/jurnal", methods=["GET", "POST"])
def journal() -> Any:
    """Show the changes of the registry; take one back."""
    refusal = _refusal("tangerang_opd_journal_list")
    if refusal is not None:
        return refusal
    if request.method == "POST":
        return _undo()
    number = max(tk.h.get_page_number(request.args), 1)
    found = _call("tangerang_opd_journal_list", limit=_PER_PAGE, offset=(number - 1) * _PER_PAGE)
    changes = [{**change, "groups": _groups(change["entries"])} for change in found["results"]]
    pages = Page(
        collection=changes,
        page=number,
        presliced_list=True,
        url=_page_url,
        item_count=found["count"],
        items_per_page=_PER_PAGE,
    )
    return tk.render("tangerang/opd/plan_journal.html", {"changes": changes, "pages": pages})
