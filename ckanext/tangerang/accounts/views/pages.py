"""The list of accounts, and the pages that make new ones."""

from __future__ import annotations

import csv
import io
from functools import partial
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import Page
from flask import Blueprint, Response, request

from ...spreadsheet import BYTE_ORDER_MARK
from ...workbook import keeping
from .. import config, reader, sessions
from .common import choices, guarded, messages, own_scope, slips, states

if TYPE_CHECKING:
    from collections.abc import Mapping

tangerang_accounts = Blueprint("tangerang_accounts", __name__, url_prefix="/akun")
tangerang_accounts.before_app_request(sessions.check)

#: Accounts of one page.
_PER_PAGE = 50
#: What uploads are kept under between dry run and apply.
_AREA = "accounts"


def _page_url(query: Mapping[str, str], page: int, **_: Any) -> str:
    """Return the address of one page of the list."""
    return tk.h.url_for("tangerang_accounts.index", **query, page=page)


@tangerang_accounts.route("")
@guarded
def index() -> Any:
    """Show the accounts that the user may see."""
    names = ("organization", "role", "state", "q")
    query = {name: request.args[name] for name in names if request.args.get(name)}
    number = tk.h.get_page_number(request.args)
    try:
        found = tk.get_action("tangerang_account_list")(
            {}, {**query, "limit": _PER_PAGE, "offset": (number - 1) * _PER_PAGE}
        )
    except tk.ValidationError:
        return tk.abort(400, tk._("This address can not be read. Choose from the lists."))
    page = Page(
        collection=found["results"],
        page=number,
        url=partial(_page_url, query),
        item_count=found["count"],
        items_per_page=_PER_PAGE,
    )
    page.items = found["results"]
    own = own_scope()
    return tk.render(
        "tangerang/akun/index.html",
        {
            "page": page,
            "rows": found["results"],
            "query": query,
            "states": states(),
            **choices(own),
        },
    )


def _form(**data: Any) -> str:
    """Return the page of the form for one account."""
    return tk.render(
        "tangerang/akun/new.html",
        {"values": {}, "errors": {}, "problems": [], "notes": [], **choices(own_scope()), **data},
    )


@tangerang_accounts.route("/baru", methods=["GET", "POST"])
@guarded
def new() -> Any:
    """Show the form for one account; make it."""
    tk.check_access("tangerang_account_create", {}, {})
    if request.method == "GET":
        return _form()
    values = {name: request.form.get(name, "")[:500] for name in reader.FIELDS}
    data = {"accounts": [values], "mail": "mail" in request.form}
    try:
        found = tk.get_action("tangerang_account_create")({}, {**data, "dry_run": True})
        unseen = found["notes"] and "sure" not in request.form
        if not found["errors"] and not unseen:
            found = tk.get_action("tangerang_account_create")({}, {**data, "dry_run": False})
    except tk.ValidationError as error:
        return _form(values=values, problems=messages(error))
    if not found["applied"]:
        return _form(
            values=values,
            errors={error["field"]: error["message"] for error in found["errors"]},
            notes=[note["message"] for note in found["notes"]],
        )
    return slips(found["accounts"], tk.h.url_for("tangerang_accounts.index"))


@tangerang_accounts.route("/contoh.csv")
@guarded
def example() -> Response:
    """Send the example of a list of accounts."""
    tk.check_access("tangerang_account_create", {}, {})
    buffer = io.StringIO()
    buffer.write(BYTE_ORDER_MARK)
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow(("Nama", "OPD", "Peran", "E-mail"))
    organizations = choices(own_scope())["organizations"]
    title = organizations[0].title if organizations else "Dinas Kesehatan"
    writer.writerow(("Siti Nurhaliza, S.Kom.", title, "Operator", "siti@example.go.id"))
    writer.writerow(("Budi Santoso", title, "Pembaca OPD", ""))
    return Response(
        buffer.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="contoh-akun.csv"'},
    )


def _upload_page(**data: Any) -> str:
    """Return the page of the upload."""
    return tk.render(
        "tangerang/akun/upload.html",
        {
            "problems": [],
            "result": None,
            "most": config.max_rows(),
            "fields": {
                reader.FULLNAME: tk._("Name"),
                reader.ORGANIZATION: tk._("OPD"),
                reader.ROLE: tk._("Role"),
                reader.EMAIL: tk._("E-mail"),
            },
            **data,
        },
    )


def _run(content: bytes, *, dry_run: bool, mail: bool = True) -> dict[str, Any]:
    """Call the action for an upload."""
    return tk.get_action("tangerang_account_create")(
        {}, {"upload": io.BytesIO(content), "dry_run": dry_run, "mail": mail}
    )


def _checked(kept: keeping.Kept, found: dict[str, Any]) -> str:
    """Return the page with the result of a dry run; a good one can be applied."""
    token = "" if found["errors"] else keeping.keep(tk.current_user.id, kept, _AREA)
    return _upload_page(result={**found, "filename": kept.filename, "token": token})


@tangerang_accounts.route("/unggah", methods=["GET", "POST"])
@guarded
def upload() -> Any:
    """Show the upload; check a file; make the accounts of a checked one."""
    tk.check_access("tangerang_account_create", {}, {})
    if request.method == "GET":
        return _upload_page()
    try:
        return _apply() if request.form.get("step") == "apply" else _check()
    except tk.ValidationError as error:
        return _upload_page(problems=messages(error))


def _check() -> str:
    """Do the dry run of the uploaded file."""
    file = request.files.get("upload")
    if file is None or not file.filename:
        return _upload_page(problems=[tk._("Choose a file (.csv or .xlsx) first.")])
    content = file.read(reader.MAX_BYTES + 1)
    kept = keeping.Kept(content, file.filename[:200], {})
    return _checked(kept, _run(content, dry_run=True))


def _apply() -> Any:
    """Make the accounts whose dry run the user has seen."""
    kept = keeping.take(tk.current_user.id, request.form.get("token", ""), _AREA)
    if kept is None:
        return _upload_page(
            problems=[tk._("This upload is too old, or you sent another since. Send it again.")]
        )
    found = _run(kept.content, dry_run=False, mail="mail" in request.form)
    if not found["applied"]:
        return _checked(kept, found)
    keeping.forget(tk.current_user.id, _AREA)
    return slips(found["accounts"], tk.h.url_for("tangerang_accounts.index"))
