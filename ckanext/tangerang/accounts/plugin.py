"""Plugin ``tangerang_accounts``: accounts without e-mail, for the walidata and Admin OPD."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import plugins as p

from ..base import TangerangPlugin
from . import sessions
from .logic.action import actions
from .views import blueprints

if TYPE_CHECKING:
    from ckan.common import CKANConfig
    from ckan.types import SignalMapping


@tk.blanket.actions(actions)
@tk.blanket.auth_functions
@tk.blanket.blueprints(blueprints)
@tk.blanket.helpers
class AccountsPlugin(TangerangPlugin):
    """Makes, moves and disables accounts; guards CKAN's own ways to make admins."""

    p.implements(p.IConfigurer)
    p.implements(p.ISignal)

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Add templates and assets."""
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "tangerang-accounts")

    # ISignal

    def get_signal_subscriptions(self) -> SignalMapping:
        """Note when sessions begin."""
        receivers: list[Any] = [sessions.note_login]
        return {tk.signals.user_logged_in: receivers}
