"""Template helpers of the plugin ``tangerang_metadata``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import forms, general, links, pages

if TYPE_CHECKING:
    from collections.abc import Callable

_MODULES = (forms, general, links, pages)


def helpers() -> dict[str, Callable[..., Any]]:
    """Return the helpers of all modules by name: ``tangerang_…``, and chained ones of CKAN."""
    return {
        name: function
        for module in _MODULES
        for name, function in vars(module).items()
        if name.startswith("tangerang_") or getattr(function, "chained_helper", None) is True
    }
