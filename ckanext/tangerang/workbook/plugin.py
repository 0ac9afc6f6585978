"""Plugin ``tangerang_workbook``: the BPS forms as workbooks, out and in."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import ckan.plugins.toolkit as tk
from ckan import plugins as p

from ..base import TangerangPlugin
from .logic import action

if TYPE_CHECKING:
    from ckan.common import CKANConfig


@tk.blanket.actions({"tangerang_workbook_import": action.tangerang_workbook_import})
@tk.blanket.auth_functions
@tk.blanket.blueprints
@tk.blanket.cli
class WorkbookPlugin(TangerangPlugin):
    """Workbooks of activities and indicators."""

    p.implements(p.IConfigurer)

    partners: ClassVar[tuple[str, ...]] = ("tangerang_metadata",)

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Check that the schemas' plugin is there; add templates and assets."""
        self.require_partners(config)
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "tangerang-workbook")
