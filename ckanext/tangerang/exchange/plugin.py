"""Plugin ``tangerang_exchange``: statistical metadata as INDAH, DDI and CSV; INDAH and DDI in."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import ckan.plugins.toolkit as tk
from ckan import plugins as p

from ..base import TangerangPlugin
from .logic.action import actions

if TYPE_CHECKING:
    from ckan.common import CKANConfig


@tk.blanket.actions(actions)
@tk.blanket.auth_functions
@tk.blanket.blueprints
@tk.blanket.cli
class ExchangePlugin(TangerangPlugin):
    """Files of activities and indicators for other systems."""

    p.implements(p.IConfigurer)

    #: Which has ``tangerang_metadata`` as its own.
    partners: ClassVar[tuple[str, ...]] = ("tangerang_workbook",)

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Check that the plugins are there whose dry run and schemas are used; add templates."""
        self.require_partners(config)
        tk.add_template_directory(config, "templates")
