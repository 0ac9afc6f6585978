"""Addresses of the plugin ``tangerang_exchange``: files of records, and their import."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, request, stream_with_context

from ..metadata.fields import ACTIVITY_TYPE, FORM_TYPES, record_fields
from ..pages import forbid_keeping
from ..workbook import keeping, preview
from . import bundle, config, records, table

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckan.types import Context

tangerang_exchange = Blueprint("tangerang_exchange", __name__)

#: Where uploads are kept between their dry run and the moment when they are applied.
_AREA = "exchange"


def _context() -> Context:
    """Return a context of the user of the request."""
    return cast("Context", {"user": tk.current_user.name, "auth_user_obj": tk.current_user})


def _file(content: Any, mimetype: str, filename: str) -> Response:
    """Return a file to save, which nobody in between may keep.

    It depends on who asks, and what is withdrawn is to be gone at once.

    :param content: text, or what a response takes to stream
    """
    disposition = f'attachment; filename="{filename}"'
    response = Response(content, mimetype=mimetype, headers={"Content-Disposition": disposition})
    return forbid_keeping(response)


def _found(read: Callable[[], Any]) -> Any:
    """Return what is read of a record, or end with the page that says why not."""
    try:
        return read()
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("There is no such record."))
    except tk.NotAuthorized:
        return tk.abort(403, tk._("You may not see this record."))


def _of_both(extension: str) -> Callable[[Any], Any]:
    """Give a view its addresses: one of activities, one of indicators.

    Each is written out, because CKAN's ``/kegiatan/<id>`` goes before one with the type as a part.
    """

    def adding(view: Any) -> Any:
        for record_type in FORM_TYPES:
            rule = f"/{record_type}/<record_id>.{extension}"
            about = {"record_type": record_type}
            tangerang_exchange.add_url_rule(rule, view.__name__, view, defaults=about)
        return view

    return adding


def _shown(record_type: str, record_id: str) -> dict[str, Any]:
    """Return a record of the type that an address names."""
    return _found(lambda: records.show(_context(), record_id, (record_type,)))


@_of_both("indah.json")
def indah(record_type: str, record_id: str) -> Response:
    """Send a record as INDAH has it."""
    record = _shown(record_type, record_id)
    document = tk.get_action("tangerang_indah_show")(_context(), {"id": record["id"]})
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return _file(text, "application/json", f"{record['name']}.indah.json")


@_of_both("ddi.xml")
def ddi(record_type: str, record_id: str) -> Response:
    """Send a record as a codebook of DDI."""
    record = _shown(record_type, record_id)
    text = tk.get_action("tangerang_ddi_show")(_context(), {"id": record["id"]})
    return _file(text, "application/xml", f"{record['name']}.ddi.xml")


@tangerang_exchange.route("/kegiatan/<record_id>.variabel.csv")
def variables(record_id: str) -> Response:
    """Send the variables of an activity as a table; with ``?excel=1`` for Excel."""
    record = _shown(ACTIVITY_TYPE, record_id)
    rows = tk.get_action("tangerang_variable_list")(_context(), {"id": record["id"]})
    field = next(f for f in record_fields(ACTIVITY_TYPE) if f["field_name"] == "variabel")
    text = table.write(field["row_fields"], rows, excel=request.args.get("excel") == "1")
    return _file(text, "text/csv", f"{record['name']}.variabel.csv")


def _zip(organization_id: str | None, filename: str) -> Response:
    """Send the public metadata of an organization, or of all."""
    limit = config.zip_max_records()
    if bundle.count(organization_id) > limit:
        said = tk._(
            "There are more than {limit} records. Ask for one organization, or ask the walidata "
            "for the whole."
        )
        return tk.abort(400, said.format(limit=limit))
    return _file(stream_with_context(bundle.stream(organization_id)), "application/zip", filename)


@tangerang_exchange.route("/metadata.zip")
def all_metadata() -> Response:
    """Send the public statistical metadata of the portal."""
    return _zip(None, "metadata.zip")


@tangerang_exchange.route("/organization/<organization_id>/metadata.zip")
def organization_metadata(organization_id: str) -> Response:
    """Send the public statistical metadata of an organization."""
    found = _found(
        lambda: tk.get_action("organization_show")(
            records.anonymous(), {"id": organization_id, "include_dataset_count": False}
        )
    )
    return _zip(found["id"], f"metadata-{found['name']}.zip")


# Import


def _page(**data: Any) -> str:
    """Return the page of the import."""
    organizations = tk.get_action("organization_list_for_user")(
        _context(), {"permission": "create_dataset"}
    )
    listed = sorted(organizations, key=lambda o: (o["title"] or o["name"]).casefold())
    about = {
        "organizations": listed,
        "megabytes": config.max_size() // (1024 * 1024),
        "options": {},
        "result": None,
        "problems": [],
    }
    return tk.render("tangerang/exchange/import.html", {**about, **data})


def _run(kept: keeping.Kept, *, dry_run: bool) -> dict[str, Any]:
    """Call the action for an upload.

    :raises ValidationError: for a file that can not be read
    """
    options = {name: value for name, value in kept.options.items() if value}
    sent = {"upload": io.BytesIO(kept.content), "name": kept.filename, "dry_run": dry_run}
    return tk.get_action("tangerang_indah_import")(_context(), {**sent, **options})


def _checked(kept: keeping.Kept, found: dict[str, Any]) -> str:
    """Return the page with the result of a dry run; a good one can be applied."""
    changed = [change for change in found["changes"] if change["action"] != "none"]
    token = ""
    if changed and not found["errors"]:
        token = keeping.keep(tk.current_user.id, kept, _AREA)
    result = {
        "filename": kept.filename,
        "errors": preview.errors_in_words(found["errors"]),
        "changes": preview.changes_in_words(found["changes"]),
        "changed": len(changed),
        "token": token,
    }
    return _page(options=kept.options, result=result, unplaced=found["unplaced"])


def _refused(kept: keeping.Kept, error: tk.ValidationError) -> str:
    """Return the page with what kept a file from being read."""
    problems = [text for texts in error.error_dict.values() for text in cast("list[str]", texts)]
    return _page(options=kept.options, problems=problems)


def _check() -> str:
    """Do the dry run of the uploaded file."""
    upload = request.files.get("upload")
    options = {"owner_org": request.form.get("owner_org", "")[:200]}
    if upload is None or not upload.filename:
        return _page(options=options, problems=[tk._("Choose a file first.")])
    kept = keeping.Kept(upload.read(config.max_size() + 1), upload.filename[:200], options)
    try:
        return _checked(kept, _run(kept, dry_run=True))
    except tk.ValidationError as error:
        return _refused(kept, error)


def _apply() -> Any:
    """Apply the file whose dry run the user has seen."""
    kept = keeping.take(tk.current_user.id, request.form.get("token", ""), _AREA)
    if kept is None:
        return _page(
            problems=[tk._("This upload is too old, or you sent another since. Send it again.")]
        )
    try:
        found = _run(kept, dry_run=False)
    except tk.ValidationError as error:
        return _refused(kept, error)
    if not found["applied"]:
        return _checked(kept, found)
    keeping.forget(tk.current_user.id, _AREA)
    created = sum(change["action"] == "create" for change in found["changes"])
    updated = sum(change["action"] == "update" for change in found["changes"])
    said = tk._("Imported: {created} records created, {updated} changed.")
    tk.h.flash_success(said.format(created=created, updated=updated))
    first = next((c for c in found["changes"] if c["action"] != "none"), None)
    if first is None:
        return tk.redirect_to("tangerang_exchange.import_")
    return tk.redirect_to(f"{first['type']}.read", id=first["id"])


@tangerang_exchange.route("/kegiatan/impor-indah", methods=["GET", "POST"], endpoint="import_")
def import_page() -> Any:
    """Show the page of the import; check an upload; apply a checked one."""
    try:
        tk.check_access("tangerang_indah_import", _context(), {})
    except tk.NotAuthorized as error:
        if tk.current_user.is_anonymous:
            return tk.redirect_to("user.login", came_from=request.full_path)
        return tk.abort(403, str(error))
    if request.method == "GET":
        return _page()
    return _apply() if request.form.get("step") == "apply" else _check()
