"""The page where somebody without an account opens what was granted.

Looking uses nothing up, so that neither a mail scanner nor a preview spends a link: the code comes
by POST.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Blueprint, Response, request

from ...pages import forbid_keeping, is_our_form
from .. import codes

tangerang_akses_kode = Blueprint("tangerang_akses_kode", __name__, url_prefix="/akses")


@tangerang_akses_kode.after_request
def keep_secret(response: Response) -> Response:
    """Let nothing keep the page, and no search engine find it."""
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "same-origin"
    return forbid_keeping(response)


def _page(code: str = "", problem: str = "") -> str:
    """Return the page."""
    return tk.render("tangerang/akses/open.html", {"code": code, "problem": problem})


@tangerang_akses_kode.route("/buka", methods=["GET", "POST"])
def open_() -> Any:
    """Ask for the code; open what it grants, and go there."""
    if request.method == "GET":
        return _page()
    code = request.form.get("code", "")[:200]
    if not is_our_form():
        return _page(code, tk._("This page was open for too long. Send it once more."))
    granted = codes.use(code)
    if granted is None:
        model.Session.rollback()
        return _page(
            problem=tk._(
                "This code can not be used: access has ended or was taken back, the code was used "
                "too often, a newer one was made, or it was not copied completely. Ask the agency "
                "for a new one."
            )
        )
    package: Any = model.Package.get(granted.package_id)
    resource_id, until = granted.resource_id, granted.until
    model.Session.commit()
    tk.h.flash_success(
        tk._("You may read these files in this browser until {time}.").format(
            time=tk.h.tangerang_access_time(until.isoformat() if until else "")
        )
    )
    if resource_id:
        return tk.redirect_to(
            f"{package.type}_resource.read", id=package.name, resource_id=resource_id
        )
    return tk.redirect_to(f"{package.type}.read", id=package.name)
