"""Plugin ``tangerang_security``: closes known holes of CKAN, and adds security headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckan import plugins as p
from ckan.config.middleware.flask_app import csrf

from ..base import TangerangPlugin
from . import config as own_config
from . import headers, registries
from .csrf import confine_exemptions
from .reports import tangerang_csp

if TYPE_CHECKING:
    from ckan.common import CKANConfig
    from ckan.types import CKANApp
    from flask import Blueprint


class SecurityPlugin(TangerangPlugin):
    """Installs :mod:`.csrf` and :mod:`.registries`, and the headers of :mod:`.headers`."""

    p.implements(p.IBlueprint)
    p.implements(p.IConfigurer)
    p.implements(p.IMiddleware, inherit=True)

    # IBlueprint

    def get_blueprint(self) -> list[Blueprint]:
        """Return the view that takes reports of browsers; they have no CSRF token to send."""
        csrf.exempt(tangerang_csp)
        return [tangerang_csp]

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:  # noqa: ARG002
        """Check the options.

        :raises CkanConfigurationException: when one can not be used
        """
        own_config.csp()
        own_config.csp_sources()

    # IMiddleware

    def make_middleware(self, app: CKANApp, config: CKANConfig) -> CKANApp:  # noqa: ARG002
        """Close the holes before the first request, and add the headers to every answer."""
        confine_exemptions()
        registries.fill()
        headers.install(app)
        return app
