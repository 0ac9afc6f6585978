"""Plugin ``tangerang_charts``: charts of tables and indicators, made on the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import ckan.plugins.toolkit as tk
from ckan import plugins as p

from ..base import TangerangPlugin
from ..signals import record_moved
from . import config as own_config
from . import listen
from .views import tangerang_grafik, tangerang_wilayah

if TYPE_CHECKING:
    from ckan.common import CKANConfig
    from ckan.types import Context, SignalMapping


@tk.blanket.actions
@tk.blanket.auth_functions
@tk.blanket.blueprints([tangerang_grafik, tangerang_wilayah])
@tk.blanket.cli
@tk.blanket.helpers
class ChartsPlugin(TangerangPlugin):
    """Series of indicators, charts of tables, pages of kecamatan."""

    p.implements(p.IConfigurable)
    p.implements(p.IConfigurer)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.ISignal)

    partners: ClassVar[tuple[str, ...]] = ("tangerang_metadata",)

    # IConfigurable

    def configure(self, config: CKANConfig) -> None:  # noqa: ARG002
        """Read the file of tiles."""
        own_config.check()

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Check that the partner is there; add templates and assets."""
        self.require_partners(config)
        tk.add_template_directory(config, "templates")
        tk.add_public_directory(config, "public")
        tk.add_resource("assets", "tangerang-charts")

    # IPackageController

    def after_dataset_create(self, context: Context, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG002
        """Look at the tables of a new record."""
        listen.on_record(pkg_dict)

    def after_dataset_update(self, context: Context, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG002
        """Look again at the tables of a changed record."""
        listen.on_record(pkg_dict)

    # ISignal

    def get_signal_subscriptions(self) -> SignalMapping:
        """Listen to what changes a table without saving its record."""
        tables: list[Any] = [
            {"sender": name, "receiver": listen.on_table_action} for name in listen.TABLE_ACTIONS
        ]
        moves: list[Any] = [listen.on_moves]
        levels: list[Any] = [listen.on_level]
        return {
            tk.signals.action_succeeded: tables,
            record_moved: moves,
            listen.LEVEL_CHANGED: levels,
        }
