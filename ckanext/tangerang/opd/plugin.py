"""Plugin ``tangerang_opd``: organizations as perangkat daerah (OPD)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import ckan.plugins.toolkit as tk
from ckan import plugins as p

from ..base import TangerangPlugin
from . import search
from .cli import tangerang
from .logic.action import actions
from .views import blueprints

if TYPE_CHECKING:
    from ckan.common import CKANConfig


@tk.blanket.actions(actions)
@tk.blanket.auth_functions
@tk.blanket.blueprints(blueprints)
@tk.blanket.cli([tangerang])
@tk.blanket.helpers
@tk.blanket.validators
class OpdPlugin(TangerangPlugin):
    """Organization schema and the roles of Satu Data Indonesia."""

    p.implements(p.IConfigurer)
    p.implements(p.IPackageController, inherit=True)

    partners: ClassVar[tuple[str, ...]] = ("scheming_organizations",)

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Check that scheming is there; add templates and assets."""
        self.require_partners(config)
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "tangerang-opd")

    # IPackageController

    def before_dataset_search(self, search_params: dict[str, Any]) -> dict[str, Any]:
        """Let filters know former addresses of organizations, and what is below one."""
        return search.rewrite(search_params)
