"""Plugin ``tangerang_tables``: tables of the DataStore as files, preview and code."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import ckan.plugins.toolkit as tk
from ckan import plugins as p

from ..base import TangerangPlugin

if TYPE_CHECKING:
    from ckan.common import CKANConfig


@tk.blanket.blueprints
@tk.blanket.helpers
class TablesPlugin(TangerangPlugin):
    """Downloads of tables."""

    p.implements(p.IConfigurer)

    partners: ClassVar[tuple[str, ...]] = ("datastore",)

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Check that the DataStore is there; add templates and assets."""
        self.require_partners(config)
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "tangerang-tables")
