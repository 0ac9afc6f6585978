"""Plugin ``tangerang_metadata``: what is known about a dataset, after Satu Data Indonesia."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import ckan.plugins.toolkit as tk
from ckan import model
from ckan import plugins as p

from ..base import TangerangPlugin
from ..interfaces import IRecordBatch
from . import config as own_config
from . import facets, fields, incoming, index, link_store, listing, topics
from .helpers import helpers
from .logic.action import actions
from .logic.auth import auth_functions
from .views import blueprints

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ckan.common import CKANConfig
    from ckan.types import CKANApp, Context


@tk.blanket.actions(actions)
@tk.blanket.auth_functions(auth_functions)
@tk.blanket.blueprints(blueprints)
@tk.blanket.cli
@tk.blanket.helpers(helpers)
@tk.blanket.validators
class MetadataPlugin(TangerangPlugin):
    """Dataset schema, code lists, topics, completeness, facets."""

    p.implements(p.IConfigurer)
    p.implements(p.IConfigurable)
    p.implements(p.IFacets, inherit=True)
    p.implements(p.IMiddleware, inherit=True)
    p.implements(p.IPackageController, inherit=True)
    p.implements(IRecordBatch)

    partners: ClassVar[tuple[str, ...]] = ("scheming_datasets",)

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Check that scheming is there; add templates and assets."""
        self.require_partners(config)
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "tangerang-metadata")

    # IConfigurable

    def configure(self, config: CKANConfig) -> None:  # noqa: ARG002
        """Read the topics now, so that a wrong file stops the start and not a page."""
        topics.load(own_config.topics_location())

    # IMiddleware

    def make_middleware(self, app: CKANApp, config: CKANConfig) -> CKANApp:  # noqa: ARG002
        """Let forms be as large as an activity with many variables needs.

        Flask reads its own limits for each request; CKAN's options of these names are internal.
        """
        app.config["MAX_FORM_MEMORY_SIZE"] = own_config.form_max_bytes()
        app.config["MAX_FORM_PARTS"] = own_config.form_max_parts()
        return app

    # IFacets

    def dataset_facets(self, facets_dict: Any, package_type: str) -> Any:
        """Return the facets of the dataset list."""
        return facets.facet_titles(facets_dict, package_type, of_one_opd=False)

    def organization_facets(
        self,
        facets_dict: Any,
        organization_type: str,  # noqa: ARG002
        package_type: str | None,
    ) -> Any:
        """Return the facets of the datasets of one organization."""
        return facets.facet_titles(facets_dict, package_type or "dataset", of_one_opd=True)

    # IPackageController

    def after_dataset_create(self, context: Context, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG002
        """Write the links of a new record."""
        link_store.refresh([pkg_dict["id"]])

    def after_dataset_update(self, context: Context, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG002
        """Write the links of a changed record; CKAN does not call this when nothing changed."""
        link_store.refresh([pkg_dict["id"]])

    def after_dataset_delete(self, context: Context, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG002
        """Remove the links of a deleted record; a purged one takes them along by itself."""
        package = model.Package.get(pkg_dict["id"])
        if package:
            link_store.remove(package.id)

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """Put our fields where the search index can use them."""
        return index.prepare(pkg_dict)

    def before_dataset_search(self, search_params: dict[str, Any]) -> dict[str, Any]:
        """Leave out what is not a dataset, unless the caller asks for it.

        Characters that Solr can not be sent are left out too, instead of an error of the server.
        """
        return listing.add_type_filter(incoming.cleaned(search_params))

    def after_dataset_search(
        self,
        search_results: dict[str, Any],
        search_params: dict[str, Any],  # noqa: ARG002
    ) -> dict[str, Any]:
        """Label the items of our facets."""
        return facets.label_items(search_results)

    def after_dataset_show(self, context: Context, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG002
        """Show the keys that a CKAN without scheming shows."""
        fields.restore_empty_keys(pkg_dict)

    # IRecordBatch

    def after_records_create(self, ids: Sequence[str]) -> None:
        """Write the links of new records."""
        link_store.refresh(ids)
