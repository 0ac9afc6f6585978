"""Plugin ``tangerang_review``: nothing becomes public without the walidata."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, ClassVar

import ckan.plugins.toolkit as tk
from ckan import plugins as p

from ..base import TangerangPlugin
from ..interfaces import IRecordBatch, IRecordGuard, IRecordWriting
from . import config as own_config
from . import grants, guards, states, store
from .labels import ReviewLabels
from .logic.action import actions
from .logic.auth import auth_functions
from .overview.views import blueprints as overview_blueprints
from .revision import hiding
from .views import tangerang_pemeriksaan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from ckan.common import CKANConfig
    from ckan.config.declaration import Declaration, Key
    from ckan.types import Context


@tk.blanket.actions(actions)
@tk.blanket.auth_functions(auth_functions)
@tk.blanket.blueprints([tangerang_pemeriksaan, *overview_blueprints])
@tk.blanket.cli
@tk.blanket.helpers
class ReviewPlugin(TangerangPlugin, ReviewLabels):
    """Hand-in, check and publication, in tables of their own."""

    p.implements(p.IConfigurer)
    p.implements(p.IConfigurable)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.IPermissionLabels)
    p.implements(IRecordBatch)
    p.implements(IRecordGuard)
    p.implements(IRecordWriting)

    partners: ClassVar[tuple[str, ...]] = ("tangerang_metadata", "tangerang_opd")

    # IConfigDeclaration

    def declare_config_options(self, declaration: Declaration, key: Key) -> None:
        """Declare our options, and our start page as where people land who log in."""
        super().declare_config_options(declaration, key)
        landing: Any = declaration[key.ckan.auth.route_after_login]
        landing.set_default("tangerang_beranda.start")

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Check that the partners are there; add templates and assets."""
        self.require_partners(config)
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "tangerang-review")

    # IConfigurable

    def configure(self, config: CKANConfig) -> None:  # noqa: ARG002
        """Tell the database whether the review decides."""
        store.follow_switch(enabled=own_config.enabled())

    # IPackageController

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """Keep working copies apart in the search index."""
        return hiding.index_apart(pkg_dict)

    def before_dataset_search(self, search_params: dict[str, Any]) -> dict[str, Any]:
        """Leave working copies out of a search that does not ask for them."""
        return hiding.leave_out(search_params)

    def after_dataset_create(self, context: Context, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG002
        """Make the row of a new record: a draft, unless it has been granted more."""
        if own_config.enabled():
            store.create([pkg_dict["id"]])

    def after_dataset_update(self, context: Context, pkg_dict: dict[str, Any]) -> None:
        """Write into the history that a published record was changed past the review.

        CKAN does not call this when nothing changed. Jobs of the portal are no such change: what
        they may not touch, :class:`.grants.Recorder` refuses.
        """
        reason = grants.direct_reason(context)
        if not own_config.enabled() or not (reason or grants.is_person(context)):
            return
        key = pkg_dict["id"]
        package = context.get("package")
        if (
            package is not None
            and store.is_public(package)
            and not grants.is_publishing(key)
            and not grants.is_recorded(key)
        ):
            store.record(
                key,
                states.CHANGE,
                user_id=grants.user_id(context),
                from_state=states.PUBLISHED,
                to_state=states.PUBLISHED,
                reason=reason,
            )

    # IRecordWriting

    def writing_records(self, context: Context) -> AbstractContextManager[None]:
        """Write into the review what becomes public, and let the trigger refuse what may not."""
        return grants.recording(context) if own_config.enabled() else nullcontext()

    # IRecordBatch

    def after_records_create(self, ids: Sequence[str]) -> None:
        """Make the rows of new records."""
        if own_config.enabled():
            store.create(ids)

    # IRecordGuard

    def refuse_record(self, context: Context, stored: Any, *, public: bool) -> str:
        """Refuse to make a record public without an approval."""
        return guards.not_public(context, stored, public=public)
