"""Plugin ``tangerang_interop``: what harvesters, other portals and search engines read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import plugins as p
from ckanext.dcat.interfaces import IDCATURIGenerator

from ..base import TangerangPlugin
from . import config as own_config
from .catalogue import build
from .catalogue.views import tangerang_catalogue
from .dcat import fragment, lookup
from .feed import Feed
from .logic.action import actions
from .views import tangerang_interop

if TYPE_CHECKING:
    from ckan.common import CKANConfig
    from ckan.types import Context


@tk.blanket.actions(actions)
@tk.blanket.blueprints([tangerang_interop, tangerang_catalogue])
@tk.blanket.cli
@tk.blanket.helpers
class InteropPlugin(TangerangPlugin):
    """Interoperability with national and regional harvesters.

    The DCAT profile of :mod:`.profiles` works through its entry point.
    """

    p.implements(p.IConfigurable)
    p.implements(p.IConfigurer)
    p.implements(p.IFeed, inherit=True)
    p.implements(p.IPackageController, inherit=True)
    p.implements(IDCATURIGenerator, inherit=True)

    # IConfigurable

    def configure(self, config: CKANConfig) -> None:  # noqa: ARG002
        """Read the files that options name."""
        own_config.check()

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Add the templates."""
        tk.add_template_directory(config, "templates")

    # IFeed

    def get_feed_class(self) -> type[Feed]:
        """Return CKAN's feed, for any text."""
        return Feed

    # IDCATURIGenerator

    def dataset_uri(self, dataset_dict: dict[str, Any], default_uri: str) -> str:  # noqa: ARG002
        """Return the address that stands for a dataset, the same as in what we write of it.

        ckanext-dcat takes whatever stands in the extra ``uri``, which may be no address.
        """
        return str(fragment.dataset_uri(lookup.portal(), dataset_dict))

    # IPackageController

    def after_dataset_create(self, context: Context, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG002
        """Let the catalogue follow."""
        self._follow()

    def after_dataset_update(self, context: Context, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG002
        """Let the catalogue follow."""
        self._follow()

    def after_dataset_delete(self, context: Context, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG002
        """Let the catalogue follow."""
        self._follow()

    def _follow(self) -> None:
        """Have what changed rendered by the job; readers never wait for it to see the change."""
        if own_config.renders_after_saving():
            build.enqueue()

    def after_dataset_search(
        self,
        search_results: dict[str, Any],
        search_params: dict[str, Any],  # noqa: ARG002
    ) -> dict[str, Any]:
        """Note the datasets of a page of the catalogue, so that what they name is asked once."""
        lookup.found(search_results["results"])
        return search_results
