"""Plugin ``tangerang_score``: how completely each record is described."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import ckan.plugins.toolkit as tk
from ckan import model
from ckan import plugins as p

from ..base import TangerangPlugin
from ..interfaces import IRecordBatch
from . import dependents, index, store
from .logic.action import actions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ckan.common import CKANConfig
    from ckan.types import Context


@tk.blanket.actions(actions)
@tk.blanket.auth_functions
@tk.blanket.blueprints
@tk.blanket.cli
@tk.blanket.helpers
class ScorePlugin(TangerangPlugin):
    """Completeness and SDI score: kept in a table, indexed, shown."""

    p.implements(p.IConfigurer)
    p.implements(p.IFacets, inherit=True)
    p.implements(p.IPackageController, inherit=True)
    p.implements(IRecordBatch)

    partners: ClassVar[tuple[str, ...]] = ("tangerang_metadata",)

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Check that the schema's plugin is there; add templates and assets."""
        self.require_partners(config)
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "tangerang-score")

    # IFacets

    def dataset_facets(self, facets_dict: Any, package_type: str) -> Any:
        """Add the facet of completeness to the lists of records."""
        return index.facet_titles(facets_dict, package_type)

    def organization_facets(
        self,
        facets_dict: Any,
        organization_type: str,  # noqa: ARG002
        package_type: str | None,
    ) -> Any:
        """Add the facet of completeness to the records of one organization."""
        return index.facet_titles(facets_dict, package_type or "dataset")

    # IPackageController

    def after_dataset_create(self, context: Context, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG002
        """Write the score of a new record, and of the datasets that wait for it."""
        store.refresh([pkg_dict["id"]])
        dependents.follow(pkg_dict["id"])

    def after_dataset_update(self, context: Context, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG002
        """Write the score of a changed record, and of the datasets that link to it.

        CKAN does not call this when nothing changed.
        """
        store.refresh([pkg_dict["id"]])
        dependents.follow(pkg_dict["id"])

    def after_dataset_delete(self, context: Context, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG002
        """Remove the score of a deleted record; a purged one takes it along by itself."""
        package = model.Package.get(pkg_dict["id"])
        if package:
            store.remove(package.id)

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """Put the score into the search index."""
        return index.prepare(pkg_dict)

    def after_dataset_search(
        self,
        search_results: dict[str, Any],
        search_params: dict[str, Any],  # noqa: ARG002
    ) -> dict[str, Any]:
        """Label the items of our facet."""
        return index.label_items(search_results)

    # IRecordBatch

    def after_records_create(self, ids: Sequence[str]) -> None:
        """Write the scores of new records, and of the datasets that wait for them."""
        store.refresh(ids)
        for package_id in ids:
            dependents.follow(package_id)
