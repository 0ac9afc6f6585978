"""Pages of the plugin ``tangerang_workbook``: forms to download, and their import."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, request

from ..metadata.fields import ACTIVITY_TYPE, INDICATOR_TYPE
from ..pages import forbid_keeping
from . import config, exporter, keeping, preview

if TYPE_CHECKING:
    from ckan.types import Context

tangerang_workbook = Blueprint("tangerang_workbook", __name__)

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _context() -> Context:
    """Return a context of the user of the request."""
    return cast("Context", {"user": tk.current_user.name, "auth_user_obj": tk.current_user})


def _download(content: bytes, filename: str) -> Response:
    """Return a workbook as a file to save."""
    disposition = f'attachment; filename="{filename}"'
    return forbid_keeping(
        Response(content, mimetype=_XLSX, headers={"Content-Disposition": disposition})
    )


def _of_record(record_type: str, record_id: str) -> Response:
    """Return the workbook of a record."""
    try:
        name, content = exporter.of_record(_context(), record_type, record_id)
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("There is no such record."))
    except tk.NotAuthorized:
        return tk.abort(403, tk._("You may not see this record."))
    return _download(content, f"{record_type}-{name}.xlsx")


@tangerang_workbook.route("/kegiatan/formulir.xlsx")
def empty_activity() -> Response:
    """Return the empty form of an activity."""
    return _download(exporter.empty(ACTIVITY_TYPE), "formulir-kegiatan.xlsx")


@tangerang_workbook.route("/indikator/formulir.xlsx")
def empty_indicator() -> Response:
    """Return the empty form of indicators."""
    return _download(exporter.empty(INDICATOR_TYPE), "formulir-indikator.xlsx")


@tangerang_workbook.route("/kegiatan/<record_id>/formulir.xlsx")
def activity(record_id: str) -> Response:
    """Return the workbook of an activity with its variables and indicators."""
    return _of_record(ACTIVITY_TYPE, record_id)


@tangerang_workbook.route("/indikator/<record_id>/formulir.xlsx")
def indicator(record_id: str) -> Response:
    """Return the workbook of an indicator."""
    return _of_record(INDICATOR_TYPE, record_id)


def _page(**data: Any) -> str:
    """Return the page of the import."""
    organizations = tk.get_action("organization_list_for_user")(
        _context(), {"permission": "create_dataset"}
    )
    return tk.render(
        "tangerang/workbook/import.html",
        {
            "organizations": sorted(
                organizations, key=lambda o: (o["title"] or o["name"]).casefold()
            ),
            "megabytes": config.max_size() // (1024 * 1024),
            "options": {},
            "result": None,
            "problems": [],
            **data,
        },
    )


def _run(kept: keeping.Kept, *, dry_run: bool) -> dict[str, Any]:
    """Call the action for an upload.

    :raises ValidationError: for a file that can not be read
    """
    options = {name: value for name, value in kept.options.items() if value}
    return tk.get_action("tangerang_workbook_import")(
        _context(), {"upload": io.BytesIO(kept.content), "dry_run": dry_run, **options}
    )


def _checked(kept: keeping.Kept, found: dict[str, Any]) -> str:
    """Return the page with the result of a dry run; a good one can be applied."""
    changed = [change for change in found["changes"] if change["action"] != "none"]
    token = ""
    if changed and not found["errors"]:
        token = keeping.keep(tk.current_user.id, kept)
    return _page(
        options=kept.options,
        result={
            "filename": kept.filename,
            "errors": preview.errors_in_words(found["errors"]),
            "changes": preview.changes_in_words(found["changes"]),
            "changed": len(changed),
            "token": token,
        },
    )


def _refused(kept: keeping.Kept | None, error: tk.ValidationError) -> str:
    """Return the page with what kept a file from being read."""
    problems = [text for texts in error.error_dict.values() for text in cast("list[str]", texts)]
    return _page(options=kept.options if kept else {}, problems=problems)


def _check() -> str:
    """Do the dry run of the uploaded file."""
    upload = request.files.get("upload")
    options = {name: request.form.get(name, "")[:200] for name in ("owner_org", "form_version")}
    if upload is None or not upload.filename:
        return _page(options=options, problems=[tk._("Choose a workbook (.xlsx) first.")])
    kept = keeping.Kept(upload.read(config.max_size() + 1), upload.filename[:200], options)
    try:
        return _checked(kept, _run(kept, dry_run=True))
    except tk.ValidationError as error:
        return _refused(kept, error)


def _apply() -> Any:
    """Apply the file whose dry run the user has seen."""
    kept = keeping.take(tk.current_user.id, request.form.get("token", ""))
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
    keeping.forget(tk.current_user.id)
    created = sum(change["action"] == "create" for change in found["changes"])
    updated = sum(change["action"] == "update" for change in found["changes"])
    tk.h.flash_success(
        tk._("Imported: {created} records created, {updated} changed.").format(
            created=created, updated=updated
        )
    )
    first = next((c for c in found["changes"] if c["action"] != "none"), None)
    if first is None:
        return tk.redirect_to("tangerang_workbook.import_")
    return tk.redirect_to(f"{first['type']}.read", id=first["id"])


@tangerang_workbook.route("/kegiatan/impor", methods=["GET", "POST"], endpoint="import_")
def import_page() -> Any:
    """Show the page of the import; check an upload; apply a checked one."""
    try:
        tk.check_access("tangerang_workbook_import", _context(), {})
    except tk.NotAuthorized as error:
        if tk.current_user.is_anonymous:
            return tk.redirect_to("user.login", came_from=request.full_path)
        return tk.abort(403, str(error))
    if request.method == "GET":
        return _page()
    return _apply() if request.form.get("step") == "apply" else _check()
