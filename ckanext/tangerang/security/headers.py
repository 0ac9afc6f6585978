"""Security headers of every answer, with a Content-Security-Policy that knows whose page it is.

Pages of this distribution have no inline script, no inline style and no ``on…=`` attribute, so the
strict policy is enforced on them. CKAN's own pages, and those of other extensions, have some of
each (listed with their places in ``docs/en/security-headers.md``): there the strict policy only
reports, unless the site asks for more (:mod:`.config`). What no page needs, inline or not, is
forbidden everywhere: plug-ins, another base address, and frames on other hosts.

A view decides about its own frames and its own referrer: a page that others may embed answers with
``Content-Security-Policy: frame-ancestors *``, and that directive is kept. One that answers with a
whole policy (``default-src``) keeps it.

Sources: Content Security Policy Level 3, Referrer Policy and Permissions Policy of the W3C.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import current_app, request

from . import config
from .reports import REPORT_PATH

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response

POLICY = "Content-Security-Policy"
REPORT_ONLY = f"{POLICY}-Report-Only"

#: Views of modules below this one are ours.
_OURS = "ckanext.tangerang."
_EMBEDDING = re.compile(r"frame-ancestors[^;]*")

#: Enforced on every page of the portal.
_ALWAYS = {"object-src": "'none'", "base-uri": "'self'", "frame-ancestors": "'self'"}
#: Core's widgets write ``style`` attributes, by jQuery too: a page of ours that uses one of them
#: (the selection lists of forms) would lose its layout. No rule of a style attribute can load
#: anything that ``img-src`` and ``font-src`` do not allow.
_STRICT = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "style-src-attr": "'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "form-action": "'self'",
}
#: What pages outside ours need as well, where the policy is enforced on all of them.
_WITH_INLINE = {
    "script-src": "'self' 'unsafe-inline'",
    "style-src": "'self' 'unsafe-inline'",
}
#: Directives to which sources of the site itself can be added.
_EXTENSIBLE = ("img-src", "connect-src", "font-src", "frame-src", "script-src", "style-src")

#: Nothing in the portal asks for any of these.
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)


def is_ours(endpoint: str | None) -> bool:
    """Tell whether the view of ``endpoint`` is of this distribution, by the module it is in.

    A request that reached no view (404) is answered by the error page, a template of ours on
    CKAN's: not ours.
    """
    view: Any = current_app.view_functions.get(endpoint or "")
    module = getattr(getattr(view, "view_class", view), "__module__", "") or ""
    return module.startswith(_OURS)


def _written(directives: dict[str, str]) -> str:
    """Return directives as the value of a header."""
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


def strict(
    sources: tuple[str, ...], ancestors: str, report_to: str, *, inline: bool = False
) -> str:
    """Return the policy of a page that needs nothing inline, or of one that does.

    :param sources: further hosts of the site, for files, scripts and styles
    :param ancestors: who may embed the page
    :param report_to: path that violations are reported to
    :param inline: allow inline scripts and styles
    """
    directives = _STRICT | (_WITH_INLINE if inline else {})
    if sources:
        directives |= {name: f"{directives[name]} {' '.join(sources)}" for name in _EXTENSIBLE}
    always = _ALWAYS | {"frame-ancestors": ancestors}
    return _written(directives | always | {"report-uri": report_to})


def _ancestors(response: Response) -> str:
    """Return who may embed the page: whom its view named, else the portal alone."""
    named = _EMBEDDING.search(response.headers.get(POLICY, ""))
    return named[0].removeprefix("frame-ancestors").strip() if named else "'self'"


def policies(
    mode: str, *, ours: bool, ancestors: str, sources: tuple[str, ...], report_to: str
) -> dict[str, str]:
    """Return the headers of the Content-Security-Policy for one answer.

    :param mode: ``off``, ``report`` or ``enforce`` (:func:`.config.csp`)
    :param ours: the page is of this distribution
    :param ancestors: who may embed it
    :param sources: further hosts of the site
    :param report_to: path that violations are reported to
    """
    if mode == "off":
        return {POLICY: f"frame-ancestors {ancestors}"}
    wanted = strict(sources, ancestors, report_to)
    if ours:
        return {POLICY: wanted}
    if mode == "enforce":
        return {POLICY: strict(sources, ancestors, report_to, inline=True), REPORT_ONLY: wanted}
    return {
        POLICY: _written(_ALWAYS | {"frame-ancestors": ancestors}),
        REPORT_ONLY: wanted,
    }


def add_headers(response: Response) -> Response:
    """Add the headers to an answer; what a view has set itself stays."""
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    response.headers.setdefault("Permissions-Policy", PERMISSIONS)
    ancestors = _ancestors(response)
    if ancestors == "'self'":
        # For browsers that do not know frame-ancestors.
        response.headers.setdefault("X-Frame-Options", "SAMEORIGIN")
    if "default-src" in response.headers.get(POLICY, ""):
        return response
    for name, value in policies(
        config.csp(),
        ours=is_ours(request.endpoint),
        ancestors=ancestors,
        sources=config.csp_sources(),
        report_to=f"{request.script_root}{REPORT_PATH}",
    ).items():
        response.headers[name] = value
    return response


def install(app: Any) -> None:
    """Let ``app`` add the headers, also to the answers of other plugins' ``after_request``."""
    functions: list[Callable[[Response], Response]] = app.after_request_funcs.setdefault(None, [])
    if add_headers not in functions:
        # Flask calls the first one last.
        functions.insert(0, add_headers)
