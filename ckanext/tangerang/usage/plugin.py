"""Plugin ``tangerang_usage``: how often data is looked at and downloaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import plugins as p

from ..base import TangerangPlugin
from . import listen

if TYPE_CHECKING:
    from ckan.common import CKANConfig
    from ckan.types import SignalMapping


@tk.blanket.actions
@tk.blanket.auth_functions
@tk.blanket.blueprints
@tk.blanket.cli
class UsagePlugin(TangerangPlugin):
    """Counts in Redis what people read, writes it to a table by day, shows it."""

    p.implements(p.IConfigurer)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.ISignal)

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Add templates and assets."""
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "tangerang-usage")

    # IPackageController

    def before_dataset_view(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """Note the record that a page shows."""
        listen.record_shown(pkg_dict)
        return pkg_dict

    # ISignal

    def get_signal_subscriptions(self) -> SignalMapping:
        """Note files and tables that are given out."""
        receivers: list[Any] = [listen.file_given]
        return {tk.signals.resource_download: receivers}
