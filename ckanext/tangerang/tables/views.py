"""Downloads of tables."""

from __future__ import annotations

import io
import tempfile
from typing import IO, TYPE_CHECKING, Any, Final, cast

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, make_response, request, send_file

from ..pages import forbid_keeping
from . import config, describing, reading, sheet
from .formats import FORMATS, Bounded, Format, TooLarge

if TYPE_CHECKING:
    from ckan.types import Context

tangerang_tables = Blueprint("tangerang_tables", __name__)

#: So much of a file is kept in memory; what is larger lies in the temporary folder.
_IN_MEMORY: Final = 4 * 1024 * 1024
_RETRY_SECONDS: Final = "10"


class _Refused(Exception):  # noqa: N818 - says what it is
    """A table is too large for a format."""


def _context() -> Context:
    """Return a context of the user of the request."""
    return cast("Context", {"user": tk.current_user.name, "auth_user_obj": tk.current_user})


def _check(resource_id: str) -> dict[str, Any]:
    """Check that the user may read a table, as CKAN's own ways to it do; return its file.

    ``resource_show`` says whether there is such a file for this user; ``datastore_search`` is
    asked itself, because what other plugins put before it counts here too.

    :raises ObjectNotFound: when there is no such file that the user may see, or no table of it
    :raises NotAuthorized: when the user may see the file and not read it
    """
    try:
        resource = tk.get_action("resource_show")(_context(), {"id": resource_id})
    except tk.NotAuthorized as error:
        # As CKAN's pages do: who may not see a record does not learn that it is there.
        raise tk.ObjectNotFound from error
    # An alias, or the name of a file, is no address of a table here.
    if resource["id"] != resource_id or not resource.get("datastore_active"):
        raise tk.ObjectNotFound
    tk.get_action("datastore_search")(
        _context(), {"resource_id": resource_id, "limit": 0, "include_total": False}
    )
    return resource


def _too_many(table: reading.Snapshot) -> str:
    """Return why a table is no workbook; empty where it is one."""
    width = len(table.columns)
    if table.count >= sheet.MAX_ROWS or width > sheet.MAX_COLUMNS:
        return tk._(
            "This table has {rows} rows; a sheet of Excel holds {limit} with its header. "
            "Download it as CSV or JSON."
        ).format(
            rows=tk.h.localised_number(table.count), limit=tk.h.localised_number(sheet.MAX_ROWS)
        )
    if table.count * width > config.xlsx_max_cells():
        return tk._(
            "This table has {rows} rows and {columns} columns: too large to be made into a "
            "workbook while you wait. Download it as CSV or JSON."
        ).format(rows=tk.h.localised_number(table.count), columns=width)
    return ""


def _written(resource_id: str, chosen: Format, out: IO[bytes]) -> str:
    """Write a table into a file, from one snapshot of it; return the name of the file.

    :raises _Refused: when it is too large for the format
    :raises TooLarge: when the file becomes too large
    """
    with reading.snapshot(resource_id) as table:
        problem = _too_many(table) if chosen.key == "xlsx" else ""
        if problem:
            raise _Refused(problem)
        about = describing.about(_context(), resource_id, table.count)
        chosen.write(cast("Any", Bounded(out, config.max_bytes())), table, about)
    return f"{about.filename}{chosen.ending}"


def _refusal(text: str, status: int) -> Response:
    """Return why there is no file: a page for people, a line for programs."""
    if "text/html" in {kind for kind, _quality in request.accept_mimetypes}:
        return cast("Response", tk.abort(status, text))
    response = make_response(f"{text}\n", status)
    response.mimetype = "text/plain"
    return response


#: Why there may be no file.
_REASONS: Final = (
    tk.ObjectNotFound,
    tk.NotAuthorized,
    reading.Unknown,
    reading.Busy,
    TooLarge,
    _Refused,
)


def _told(error: Exception) -> Response:
    """Return the answer for what :data:`_REASONS` names."""
    if isinstance(error, tk.NotAuthorized):
        return _refusal(tk._("You may not read this table."), 403)
    if isinstance(error, _Refused):
        return _refusal(str(error), 413)
    if isinstance(error, TooLarge):
        text = tk._(
            "The file would be larger than {size}. Read the table in parts through the API "
            "(datastore_search)."
        )
        return _refusal(text.format(size=tk.h.localised_filesize(config.max_bytes())), 413)
    if isinstance(error, reading.Busy):
        response = _refusal(tk._("The table is being replaced. Try again in a moment."), 503)
        response.headers["Retry-After"] = _RETRY_SECONDS
        return response
    return _refusal(tk._("There is no such table."), 404)


def _as_file(content: IO[bytes], chosen: Format, name: str) -> Response:
    """Return a file to be saved; kept by no cache, because it changes with the table."""
    response = send_file(content, mimetype=chosen.mimetype, as_attachment=True, download_name=name)
    return forbid_keeping(response)


def _sent(resource_id: str, chosen: Format) -> Response:
    """Return the file of a table."""
    out = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed when it has been sent
    try:
        name = _written(resource_id, chosen, cast("IO[bytes]", out))
    except BaseException:
        out.close()
        raise
    size = out.tell()
    out.seek(0)
    response = _as_file(cast("IO[bytes]", out), chosen, name)
    response.content_length = size
    response.call_on_close(out.close)
    return response


def _headers(resource: dict[str, Any], chosen: Format) -> Response:
    """Return the answer to ``HEAD``: what a file would be, without making it."""
    package = tk.get_action("package_show")(_context(), {"id": resource["package_id"]})
    name = f"{describing.filename(package, resource)}{chosen.ending}"
    return _as_file(io.BytesIO(), chosen, name)


@tangerang_tables.route("/tabel/<resource_id>/<kind>")
def download(resource_id: str, kind: str) -> Response:
    """Send a table of the DataStore as a file.

    Who may read it is who may by ``datastore_search``; it counts as a download of the file by
    CKAN's signal. ``HEAD`` answers as ``GET`` without making the file, so that it has no length.

    :param resource_id: id of the file whose table it is
    :param kind: a key of :data:`.formats.FORMATS`
    """
    chosen = FORMATS.get(kind)
    if chosen is None:
        names = ", ".join(FORMATS)
        text = tk._("There is no such format. Choose one of {names}.").format(names=names)
        return _refusal(text, 404)
    try:
        resource = _check(resource_id)
        if request.method == "HEAD":
            return _headers(resource, chosen)
        response = _sent(resource_id, chosen)
    except _REASONS as error:
        return _told(error)
    tk.signals.resource_download.send(resource_id)
    return response
