"""Plugin ``tangerang_theme``: the look of the portal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import plugins as p

from ..base import TangerangPlugin, default_setting
from ..config import portal_name
from . import badge, helpers
from . import config as own_config

if TYPE_CHECKING:
    from ckan.common import CKANConfig
    from ckan.config.declaration import Declaration, Key

#: What CKAN's own options are where the site says nothing.
_DEFAULTS: dict[str, Any] = {
    "ckan.locale_default": "id",
    "ckan.locales_offered": "id en",
    "ckan.locale_order": "id en",
    "ckan.display_timezone": "Asia/Jakarta",
    "ckan.site_logo": "/tangerang-theme/logo.svg",
    # Gravatar is another host, and would learn who reads what.
    "ckan.gravatar_default": "disabled",
    "ckan.favicon": "/tangerang-theme/favicon.svg",
    "ckan.site_title": "",
}


def all_helpers() -> dict[str, Any]:
    """Return the template helpers; that of the activity plugin only where it is there."""
    own = {name: helper for name, helper in vars(helpers).items() if name.startswith("tangerang_")}
    if p.plugin_loaded("activity"):
        own["new_activities"] = badge.new_activities
    return own


@tk.blanket.blueprints
@tk.blanket.helpers(all_helpers)
class ThemePlugin(TangerangPlugin):
    """Templates, styles and home page of the portal."""

    p.implements(p.IConfigurer)
    p.implements(p.IFacets, inherit=True)
    p.implements(p.ISignal)

    # IConfigDeclaration

    def declare_config_options(self, declaration: Declaration, key: Key) -> None:
        """Declare our options, and give some of CKAN's another default."""
        super().declare_config_options(declaration, key)
        for name, value in _DEFAULTS.items():
            option = declaration.get(name)
            if option:
                option.set_default(value)

    # ISignal

    def get_signal_subscriptions(self) -> Any:
        """Let the number in the header go back as soon as the activities were looked at."""
        return {tk.signals.action_succeeded: [{"sender": badge.SEEN, "receiver": badge.forget}]}

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Check the colours and register the folders of templates and assets.

        :raises CkanConfigurationException: when a colour is none
        """
        for colour in (
            own_config.primary_colour,
            own_config.danger_colour,
            own_config.success_colour,
            own_config.accent_colour,
        ):
            colour()
        default_setting(config, "ckan.site_title", portal_name())
        tk.add_template_directory(config, "templates")
        tk.add_public_directory(config, "public")
        tk.add_resource("assets", "tangerang-theme")

    # IFacets

    def dataset_facets(self, facets_dict: Any, package_type: str) -> Any:  # noqa: ARG002
        """Leave groups out of the list of datasets: topics take their place."""
        facets_dict.pop("groups", None)
        return facets_dict

    def organization_facets(
        self,
        facets_dict: Any,
        organization_type: str,  # noqa: ARG002
        package_type: str | None,  # noqa: ARG002
    ) -> Any:
        """Leave groups out of the datasets of an organization."""
        facets_dict.pop("groups", None)
        return facets_dict
