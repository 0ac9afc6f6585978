"""Plugin ``tangerang_interop``: what harvesters and other portals read."""

from __future__ import annotations

from ..base import TangerangPlugin


class InteropPlugin(TangerangPlugin):
    """Interoperability with national and regional harvesters.

    The DCAT profile of :mod:`.profiles` works through its entry point; this plugin will carry the
    actions and pages for harvesters.
    """
