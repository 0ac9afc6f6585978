"""Template helpers of the plugin ``tangerang_metadata``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import general, links

if TYPE_CHECKING:
    from collections.abc import Callable

_MODULES = (general, links)


def helpers() -> dict[str, Callable[..., Any]]:
    """Return the helpers of all modules by name: their functions ``tangerang_…``."""
    return {
        name: function
        for module in _MODULES
        for name, function in vars(module).items()
        if name.startswith("tangerang_")
    }
