"""Mitigation of CVE-2026-41255: CSRF exemptions must not outlive their request.

CKAN 2.12.0 exempts a view from CSRF checks when a request authenticates by an API token
(``ckan.config.middleware.flask_app.ckan_before_request``). The exemption is added to the set
that Flask-WTF keeps for the whole process, so that after one token request every later request
to that view, also one that carries a session cookie, is accepted without a CSRF token.

Here that set is replaced by one that remembers what is added while a request is handled only on
that request. It holds for every worker class, threads included, because nothing is shared.

May go when the oldest supported CKAN exempts per request (fixed in 2.11.5; watch 2.12.1): the
test ``tests/security/test_csrf.py::test_stock_ckan_is_still_open`` fails as soon as the
installed CKAN no longer needs this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckan.config.middleware.flask_app import csrf
from flask import has_request_context, request

if TYPE_CHECKING:
    from collections.abc import Iterable

_ENVIRON_KEY = "ckanext.tangerang.csrf_exempt"


class RequestScopedSet(set[str]):
    """A set whose additions during a request are seen by that request alone.

    What is added outside a request (at start-up, by blueprints that are exempt on purpose)
    stays for the life of the process.
    """

    def __init__(self, initial: Iterable[str] = ()) -> None:
        super().__init__(initial)

    def add(self, element: str, /) -> None:
        """Add ``element``: to the request while one is handled, else for good."""
        if has_request_context():
            request.environ.setdefault(_ENVIRON_KEY, set()).add(element)
        else:
            super().add(element)

    def __contains__(self, element: object, /) -> bool:
        """Tell whether ``element`` is exempt for good or for the present request."""
        if super().__contains__(element):
            return True
        return has_request_context() and element in request.environ.get(_ENVIRON_KEY, ())


def confine_exemptions() -> None:
    """Replace Flask-WTF's process-wide set of exempt views; does nothing the second time."""
    if not isinstance(csrf._exempt_views, RequestScopedSet):
        csrf._exempt_views = RequestScopedSet(csrf._exempt_views)
