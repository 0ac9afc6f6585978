"""What stands before CKAN's pages that give data out, each judged by the file that it gives.

The record is that of the file, not the one that the address names: CKAN's download page shows the
file of any record under the address of any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import jwt
from ckan import model
from ckan.lib import api_token
from flask import Response, make_response, request

from ..pages import forbid_keeping
from . import activities, exposure, files, levels, links, rights, tables, texts

if TYPE_CHECKING:
    from ckan.types import Context


def _context() -> Context:
    """Return a context of the user of the request."""
    return {"user": tk.current_user.name or "", "auth_user_obj": tk.current_user}


def ask_url(package: Any, resource_id: str | None) -> str:
    """Return the address where one asks for access to a record, or a file of it."""
    return str(
        tk.h.url_for("tangerang_akses.ask", id=package.name, resource=resource_id, qualified=True)
    )


def _refusal(package: Any, resource_id: str | None) -> Response:
    """Return the answer 403 with the way to ask: a page for people, lines for programs."""
    asking = ask_url(package, resource_id) if _may_ask(package) else ""
    best = request.accept_mimetypes
    if best.best == "application/json":
        body: Any = {"success": False, "error": texts.restricted_text(), "help": asking}
        response = make_response(body, 403)
    elif "text/html" in {kind for kind, _quality in best}:
        resource = model.Resource.get(resource_id) if resource_id else None
        page = tk.render(
            "tangerang/akses/refused.html",
            {"package": package, "resource": resource, "ask_url": asking},
        )
        response = make_response(page, 403)
    else:
        lines = [texts.restricted_text()]
        if asking:
            lines.append(tk._("Ask for access: {url}").format(url=asking))
        response = make_response("\n".join(lines) + "\n", 403)
        response.mimetype = "text/plain"
    return forbid_keeping(response)


def _may_ask(package: Any) -> bool:
    """Tell whether one can ask for access to a record: to a restricted one, which one sees."""
    return levels.of_package(package) == levels.RESTRICTED and bool(
        tk.h.check_access("package_show", {"id": package.id})
    )


def _judge(package: Any, resource_id: str | None) -> Response | None:
    """Return the refusal where the user may not read; what they may is noted.

    A record that the user does not see is left to CKAN, which tells nothing of it.
    """
    if package is None or levels.of_package(package) == levels.OPEN:
        return None
    context = _context()
    reading = rights.reading(context, package, resource_id)
    if reading is not None:
        exposure.note(reading, rights.user_of(context), package, resource_id)
        return None
    if not tk.h.check_access("package_show", {"id": package.id}):
        return None
    return _refusal(package, resource_id)


def _file(resource_id: str) -> Response | None:
    """Guard the content of a file."""
    resource, package = rights.resource_and_package(resource_id)
    return _judge(package, resource.id if resource is not None else None)


def _download(resource_id: str) -> Any:
    """Guard a download; lead to the kept link those who may."""
    refused = _file(resource_id)
    if refused is not None:
        return refused
    resource, package = rights.resource_and_package(resource_id)
    if resource is None or levels.of_package(package) == levels.OPEN:
        return None
    if not tk.h.check_access("resource_show", {"id": resource.id}):
        return None
    url = links.target(resource)
    if url is None:
        # Our own address without a link behind it would lead to itself for ever.
        if links.named_by(resource.url) == resource.id and resource.url_type != "upload":
            return tk.abort(404, tk._("No link is kept for this file."))
        return None
    tk.signals.resource_download.send(resource.id)
    response = tk.redirect_to(url)
    # The place of the file must not learn who comes, nor from where.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _preview(resource_view_id: str) -> Any:
    """Guard the rows of a preview; CKAN's pages of it fail where an action refuses."""
    view = model.ResourceView.get(resource_view_id)
    resource, package = rights.resource_and_package(view.resource_id if view else None)
    return _stored(package, resource.id if resource is not None else None)


def _proxy(resource_id: str) -> Any:
    """Guard what CKAN fetches from elsewhere; its page fails where an action refuses."""
    resource, package = rights.resource_and_package(resource_id)
    return _stored(package, resource.id if resource is not None else None)


def _dump(resource_id: str) -> Response | None:
    """Guard the download of a table, by its id or another name."""
    resource, package = tables.file_of(resource_id)
    return _judge(package, resource.id if resource is not None else None)


def _stored(package: Any, resource_id: str | None) -> Any:
    """Guard what names no record; who does not see the record finds nothing there."""
    refused = _judge(package, resource_id)
    if refused is not None:
        return refused
    if package is not None and not tk.h.check_access("package_show", {"id": package.id}):
        return tk.abort(404)
    return None


def _by_id(id: str) -> Any:  # noqa: A002 - the name in CKAN's address
    """Guard a file that is named by its id."""
    session: Any = model.Session
    return _stored(*files.record_of(session.get(model.File, id)))


def _by_token(token: str) -> Any:
    """Guard a file that a signed address names: it is no right to what is restricted."""
    try:
        data = api_token.decode_token(token, audience="trusted_download")
    except jwt.InvalidTokenError:
        return None  # CKAN answers that
    session: Any = model.Session
    if "sub" in data:
        return _by_id(data["sub"])
    item = session.scalar(model.File.by_location(data.get("location", ""), data.get("storage", "")))
    return _stored(*files.record_of(item))


def _by_place(storage_name: str, location: str) -> Any:
    """Guard a file of a storage that the site has made public."""
    session: Any = model.Session
    item = session.scalar(model.File.by_location(location, storage_name))
    found = files.record_of(item) if item is not None else files.record_at(storage_name, location)
    return _stored(*found)


def _old_version(activity_id: str) -> Response | None:
    """Guard a version that a record had: CKAN asks for one of a file no more than for the record.

    It may have been open then; so it is for those who read it by their role.
    """
    package = activities.package_of(activity_id)
    if package is None or levels.of_package(package) == levels.OPEN:
        return None
    seen = tk.h.check_access("package_show", {"id": package.id})
    if not seen or rights.is_insider(_context(), package):
        return None
    return _refusal(package, None)


#: Pages of CKAN by the end of their name: the guard, and the part of the address that it takes.
_GUARDS: dict[str, Any] = {
    "resource.download": (_download, ("resource_id",)),
    "resource.view": (_file, ("resource_id",)),
    "resource_proxy.proxy_view": (_proxy, ("resource_id",)),
    "datatablesview.ajax": (_preview, ("resource_view_id",)),
    "datatablesview.filtered_download": (_preview, ("resource_view_id",)),
    "datastore.dump": (_dump, ("resource_id",)),
    "file.download": (_by_id, ("id",)),
    "file.trusted_download": (_by_token, ("token",)),
    "file.public_download": (_by_place, ("storage_name", "location")),
    "tangerang_tables.download": (_file, ("resource_id",)),
    "activity.package_history": (_old_version, ("activity_id",)),
    "activity.resource_history": (_old_version, ("activity_id",)),
}


def before_request() -> Any:
    """Guard the page that is asked for; None lets CKAN answer."""
    endpoint = request.endpoint or ""
    # "kegiatan_resource.download" too, whatever types of records there are.
    key = endpoint if endpoint in _GUARDS else endpoint.rpartition("_")[2]
    guard = _GUARDS.get(key)
    if guard is None:
        return None
    function, names = guard
    return function(*((request.view_args or {})[name] for name in names))
