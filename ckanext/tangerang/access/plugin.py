"""Plugin ``tangerang_access``: files for some only, and requests to read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import ckan.plugins.toolkit as tk
from ckan import model
from ckan import plugins as p

from ..base import TangerangPlugin
from ..interfaces import IRecordCheck
from . import checks, levels, links, signals
from .logic.action import actions
from .logic.auth import auth_functions
from .views import blueprints

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckan.common import CKANConfig
    from ckan.types import Context


@tk.blanket.actions(actions)
@tk.blanket.auth_functions(auth_functions)
@tk.blanket.blueprints(blueprints)
@tk.blanket.cli
@tk.blanket.helpers
class AccessPlugin(TangerangPlugin):
    """Access levels of records."""

    p.implements(p.IConfigurer)
    p.implements(p.IPackageController, inherit=True)
    p.implements(IRecordCheck)

    partners: ClassVar[tuple[str, ...]] = ("tangerang_metadata",)

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Check that the partner is there; add templates and assets."""
        self.require_partners(config)
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "tangerang-access")

    # IPackageController

    def after_dataset_create(self, context: Context, pkg_dict: dict[str, Any]) -> None:
        """Take the links of a new restricted record out of it, before it is committed."""
        self._settle(context, model.Package.get(pkg_dict["id"]), levels.OPEN)

    def after_dataset_update(self, context: Context, pkg_dict: dict[str, Any]) -> None:
        """Bring the links of a changed record to where they belong; tell of another level."""
        package = model.Package.get(pkg_dict["id"])
        self._settle(context, package, checks.take_before(package))

    def _settle(self, context: Context, package: Any, before: str | None) -> None:
        """Do what the level of a record asks for, in the transaction that writes it."""
        after = levels.of_package(package)
        links.settle(context, package, before)
        if after != levels.OPEN and package.state == model.State.ACTIVE and not package.private:
            links.note_public(package)
        if before is not None and before != after:
            signals.level_after_commit(package.id, before, after)

    # IRecordCheck

    def check_record(
        self, context: Context, stored: Any, values: Mapping[str, Any], *, public: bool
    ) -> dict[str, list[str]]:
        """Judge the level of a record."""
        problem = checks.level_problem(context, stored, values, public=public)
        return {"accesslevel": [problem]} if problem else {}
