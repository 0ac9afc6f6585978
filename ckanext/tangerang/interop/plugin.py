"""Plugin ``tangerang_interop``: what harvesters and other portals read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
from ckan import plugins as p

from ..base import TangerangPlugin
from . import config as own_config

if TYPE_CHECKING:
    from ckan.common import CKANConfig


@tk.blanket.actions
class InteropPlugin(TangerangPlugin):
    """Interoperability with national and regional harvesters.

    The DCAT profile of :mod:`.profiles` works through its entry point.
    """

    p.implements(p.IConfigurable)

    # IConfigurable

    def configure(self, config: CKANConfig) -> None:  # noqa: ARG002
        """Read the files that options name."""
        own_config.check()
