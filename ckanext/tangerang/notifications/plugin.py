"""Plugin ``tangerang_notifications``: people are told what happened to their records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import ckan.plugins.toolkit as tk
from ckan import plugins as p

from ..base import TangerangPlugin
from ..signals import record_moved
from . import listen

if TYPE_CHECKING:
    from ckan.common import CKANConfig
    from ckan.types import SignalMapping


@tk.blanket.actions
@tk.blanket.auth_functions
@tk.blanket.blueprints
@tk.blanket.cli
@tk.blanket.helpers
class NotificationsPlugin(TangerangPlugin):
    """Notifications in the portal and by e-mail, in tables of their own."""

    p.implements(p.IConfigurer)
    p.implements(p.ISignal)

    partners: ClassVar[tuple[str, ...]] = ("tangerang_metadata", "tangerang_opd")

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Check that the partners are there; add templates and assets."""
        self.require_partners(config)
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "tangerang-notifications")

    # ISignal

    def get_signal_subscriptions(self) -> SignalMapping:
        """Listen to the review."""
        receivers: list[Any] = [listen.on_moves]
        return {record_moved: receivers}
