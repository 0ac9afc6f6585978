"""The resolver as pages: many names at once, and suggestions that become aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from flask import Blueprint, request

from ...metadata.navl import message
from ...metadata.values import Problem
from .. import batch, files

if TYPE_CHECKING:
    from ckan.types import Context

tangerang_opd_resolver = Blueprint("tangerang_opd_resolver", __name__, url_prefix="/opd")

#: Names on one page; the command line takes more.
MAX_LINES = 1_000
#: Characters of a name on the page; none is longer.
_LONGEST = 300


def _context() -> Context:
    """Return a context of the user of the request."""
    return cast("Context", {"user": tk.current_user.name, "auth_user_obj": tk.current_user})


def _page(**data: Any) -> str:
    """Return the page."""
    return tk.render(
        "tangerang/opd/resolve.html",
        {
            "lines": [],
            "totals": {},
            "texts": "",
            "options": {},
            "problems": [],
            "limit": MAX_LINES,
            "megabytes": files.MAX_BYTES // 1024 // 1024,
            **data,
        },
    )


def _texts(options: dict[str, str]) -> list[str]:
    """Return the names that were sent: from the file, else from the list.

    :raises Problem: for a file that can not be read
    """
    upload = request.files.get("upload")
    if upload is not None and upload.filename:
        content = upload.read(files.MAX_BYTES + 1)
        return batch.read(content, upload.filename, options["column"])
    return [text for text in batch.lines_of(request.form.get("texts", "")) if text]


def _confirm(found: list[str]) -> str | None:
    """Make the text of one line an alias of the OPD that was chosen for it.

    :returns: what keeps it from being one, in words; None when it is one now
    """
    number, _, name = request.form["alias"].partition(":")
    if not number.isdigit() or int(number) >= len(found) or not name:
        return tk._("This suggestion is not on the page any more. Send the list again.")
    data = {"id": name, "alias": found[int(number)]}
    try:
        unit = tk.get_action("tangerang_opd_alias_create")(_context(), data)
    except tk.ObjectNotFound as error:
        return str(error)
    except tk.ValidationError as error:
        known: Any = error.error_dict
        return "; ".join(str(text) for texts in known.values() for text in texts)
    tk.h.flash_success(
        tk._('From now on "{alias}" means {title}.').format(
            alias=data["alias"], title=unit["title"]
        )
    )
    return None


def _answer() -> str:
    """Return the page with what the names that were sent mean."""
    options = {name: request.form.get(name, "").strip()[:100] for name in ("year", "column")}
    problems: list[str] = []
    try:
        found = list(dict.fromkeys(text[:_LONGEST] for text in _texts(options)))
    except Problem as problem:
        return _page(options=options, problems=[message(problem)])
    if len(found) > MAX_LINES:
        text = tk._("This is too long: {count} texts. Send at most {limit} at once.")
        problems.append(text.format(count=len(found), limit=MAX_LINES))
        found = found[:MAX_LINES]
    if not found:
        problems.append(tk._("Write at least one name, or choose a file with names."))
    if "alias" in request.form:
        refusal = _confirm(found)
        problems += [refusal] if refusal else []
    try:
        lines = batch.ask(_context(), found, cast("Any", options["year"] or None))
    except tk.ValidationError as error:
        known: Any = error.error_dict
        problems += [str(text) for texts in known.values() for text in texts]
        lines = []
    return _page(
        lines=lines,
        totals=batch.totals(lines),
        texts="\n".join(found),
        options=options,
        problems=problems,
    )


@tangerang_opd_resolver.route("/cocokkan", methods=["GET", "POST"], endpoint="match")
def match_page() -> Any:
    """Show the page; answer a list of names; make a suggestion an alias."""
    try:
        tk.check_access("tangerang_opd_alias_create", _context(), {})
    except tk.NotAuthorized as error:
        if tk.current_user.is_anonymous:
            return tk.redirect_to("user.login", came_from=request.full_path)
        return tk.abort(403, str(error))
    return _answer() if request.method == "POST" else _page()
