"""Plugin ``tangerang_interop``: what harvesters, other portals and search engines read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import plugins as p

from ..base import TangerangPlugin
from . import config as own_config
from .dcat import lookup
from .logic.action import actions

if TYPE_CHECKING:
    from ckan.common import CKANConfig


@tk.blanket.actions(actions)
@tk.blanket.blueprints
@tk.blanket.helpers
class InteropPlugin(TangerangPlugin):
    """Interoperability with national and regional harvesters.

    The DCAT profile of :mod:`.profiles` works through its entry point.
    """

    p.implements(p.IConfigurable)
    p.implements(p.IConfigurer)
    p.implements(p.IPackageController, inherit=True)

    # IConfigurable

    def configure(self, config: CKANConfig) -> None:  # noqa: ARG002
        """Read the files that options name."""
        own_config.check()

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Add the templates."""
        tk.add_template_directory(config, "templates")

    # IPackageController

    def after_dataset_search(
        self,
        search_results: dict[str, Any],
        search_params: dict[str, Any],  # noqa: ARG002
    ) -> dict[str, Any]:
        """Note the datasets of a page of the catalogue, so that what they name is asked once."""
        lookup.found(search_results["results"])
        return search_results
