"""Plugin ``tangerang_theme``: the look of the portal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from ckan import plugins as p
from ckan.lib import webassets_tools

from ..base import TangerangPlugin, default_setting
from ..config import portal_name
from ..signals import record_moved
from . import badge, helpers, menu, resource_views, styles
from . import config as own_config
from .asset_updates import OncePerProcess
from .fallback import LastResort
from .home import fragment

if TYPE_CHECKING:
    from ckan.common import CKANConfig
    from ckan.config.declaration import Declaration, Key
    from ckan.types import CKANApp, Schema

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
    own = {
        name: helper
        for module in (helpers, menu, styles)
        for name, helper in vars(module).items()
        if name.startswith("tangerang_")
    }
    own["markdown_extract"] = helpers.markdown_extract
    own["render_datetime"] = helpers.render_datetime
    if p.plugin_loaded("activity"):
        own["new_activities"] = badge.new_activities
    return own


@tk.blanket.actions
@tk.blanket.auth_functions
@tk.blanket.blueprints
@tk.blanket.helpers(all_helpers)
class ThemePlugin(TangerangPlugin):
    """Templates, styles and home page of the portal."""

    p.implements(p.IConfigurer)
    p.implements(p.IFacets, inherit=True)
    p.implements(p.IMiddleware, inherit=True)
    p.implements(p.IPackageController, inherit=True)
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
        """Let what is kept for a minute go as soon as it is no longer right.

        The number in the header, when the activities were looked at; the home page, when a record
        or an organization changes.
        """
        return {
            tk.signals.action_succeeded: [
                {"sender": badge.SEEN, "receiver": badge.forget},
                *({"sender": name, "receiver": fragment.forget} for name in fragment.CHANGES),
            ],
            record_moved: [fragment.forget],
        }

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Check the options and register the folders of templates and assets.

        :raises CkanConfigurationException: when one can not be used
        """
        for option in (
            own_config.accent_colour,
            own_config.logo,
            own_config.hero_picture,
            own_config.footer_links,
            own_config.social_links,
        ):
            option()
        styles.check_colours()
        default_setting(config, "ckan.site_title", portal_name())
        if config["ckan.site_logo"] == _DEFAULTS["ckan.site_logo"]:
            config["ckan.site_logo"] = own_config.logo()
        tk.add_template_directory(config, "templates")
        tk.add_public_directory(config, "public")
        tk.add_resource("assets", "tangerang-theme")

    def update_config_schema(self, schema: Schema) -> Schema:
        """Let the headline indicators be changed while the portal runs."""
        schema[own_config.HEADLINES] = [
            tk.get_validator("ignore_missing"),
            tk.get_validator("unicode_safe"),
        ]
        return schema

    # IMiddleware

    def make_middleware(self, app: CKANApp, config: CKANConfig) -> CKANApp:  # noqa: ARG002
        """Answer in words even when the error page fails, and look after assets once a process.

        Developers see what failed, and what they changed, instead.
        """
        if not app.debug and not app.testing:
            app.wsgi_app = LastResort(app.wsgi_app, portal_name())
            cast("Any", webassets_tools).env.updater = OncePerProcess()
        return app

    # IPackageController

    def before_dataset_view(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """Prepare the page of a dataset."""
        resource_views.prepare(pkg_dict)
        return pkg_dict

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
