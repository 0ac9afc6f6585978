"""Addresses of the page at hand with other parameters: each state of a search can be shared."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk
from flask import g, request

if TYPE_CHECKING:
    from collections.abc import Iterable

Params = list[tuple[str, str]]

#: Where a request keeps the address of its page.
_KEPT = "tangerang_search_path"
#: The number of the page: with other filters there are other pages.
_PAGE = "page"


def params() -> Params:
    """Return the parameters of the page at hand, in their order, without its number."""
    return [(key, value) for key, value in request.args.items(multi=True) if key != _PAGE]


def _path() -> str:
    """Return the address of the page at hand without parameters; the same for a whole request."""
    if _KEPT not in g:
        made = tk.h.url_for(str(request.endpoint), **(request.view_args or {}))
        setattr(g, _KEPT, str(made))
    return str(getattr(g, _KEPT))


def changed(
    *, without: Iterable[str | tuple[str, str]] = (), and_with: Iterable[tuple[str, str]] = ()
) -> str:
    """Return the address of the page at hand with other parameters.

    :param without: names whose parameters go, or pairs of name and value
    :param and_with: what comes at the end
    """
    gone = set(without)
    kept = [pair for pair in params() if pair not in gone and pair[0] not in gone]
    kept += [pair for pair in and_with if pair not in kept]
    return f"{_path()}?{urlencode(kept)}" if kept else _path()
