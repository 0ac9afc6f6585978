"""Plugin ``tangerang_search``: finding data by the words and in the terms that people use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import ckan.plugins.toolkit as tk
from ckan import plugins as p

from ..base import TangerangPlugin
from . import config as own_config
from . import facets, index, listing, words

if TYPE_CHECKING:
    from ckan.common import CKANConfig


@tk.blanket.actions
@tk.blanket.auth_functions
@tk.blanket.blueprints
@tk.blanket.helpers
class SearchPlugin(TangerangPlugin):
    """Synonyms, stems, years, filters as chips, help without results, suggestions."""

    p.implements(p.IConfigurer)
    p.implements(p.IConfigurable)
    p.implements(p.IFacets, inherit=True)
    p.implements(p.IPackageController, inherit=True)

    partners: ClassVar[tuple[str, ...]] = ("tangerang_metadata",)

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Check that the schema's plugin is there; add templates and assets."""
        self.require_partners(config)
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "tangerang-search")

    # IConfigurable

    def configure(self, config: CKANConfig) -> None:  # noqa: ARG002
        """Read the files of words now, so that a wrong one stops the start and not a search.

        :raises WordsError: when a file can not be used
        """
        words.load(own_config.word_files())
        own_config.reach()

    # IFacets

    def dataset_facets(self, facets_dict: Any, package_type: str) -> Any:
        """Put the years among the filters of the list of datasets."""
        return facets.facet_titles(facets_dict, package_type)

    def organization_facets(
        self,
        facets_dict: Any,
        organization_type: str,  # noqa: ARG002
        package_type: str | None,
    ) -> Any:
        """Put the years among the filters of the datasets of one organization."""
        return facets.facet_titles(facets_dict, package_type or "dataset")

    # IPackageController

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """Put the stems of the words and the years into the search index."""
        return index.prepare(pkg_dict)

    def before_dataset_search(self, search_params: dict[str, Any]) -> dict[str, Any]:
        """Filter by years; on the pages where people search, look for related words too."""
        return listing.prepare(search_params)

    def after_dataset_search(
        self,
        search_results: dict[str, Any],
        search_params: dict[str, Any],  # noqa: ARG002
    ) -> dict[str, Any]:
        """Keep the chosen filters of a page in sight, also where nothing is found for them."""
        return facets.keep_chosen(search_results) if listing.on_page() else search_results
