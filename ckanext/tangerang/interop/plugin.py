"""Plugin ``tangerang_interop``: what harvesters, other portals and search engines read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import plugins as p
from ckanext.dcat.interfaces import IDCATURIGenerator

from ..base import TangerangPlugin
from .dcat import fragment, lookup
from .dcat.actions import actions

if TYPE_CHECKING:
    from ckan.common import CKANConfig


@tk.blanket.actions(actions)
@tk.blanket.blueprints
@tk.blanket.helpers
class InteropPlugin(TangerangPlugin):
    """Interoperability with national and regional harvesters.

    The DCAT profile of :mod:`.profiles` works through its entry point.
    """

    p.implements(p.IConfigurer)
    p.implements(p.IPackageController, inherit=True)
    p.implements(IDCATURIGenerator, inherit=True)

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Add the templates."""
        tk.add_template_directory(config, "templates")

    # IDCATURIGenerator

    def dataset_uri(self, dataset_dict: dict[str, Any], default_uri: str) -> str:  # noqa: ARG002
        """Return the address that stands for a dataset, the same as in what we write of it.

        ckanext-dcat takes whatever stands in the extra ``uri``, which may be no address.
        """
        return str(fragment.dataset_uri(lookup.portal(), dataset_dict))

    # IPackageController

    def after_dataset_search(
        self,
        search_results: dict[str, Any],
        search_params: dict[str, Any],  # noqa: ARG002
    ) -> dict[str, Any]:
        """Note the datasets of a page of the catalogue, so that what they name is asked once."""
        lookup.found(search_results["results"])
        return search_results
