"""Plugin ``tangerang_security``: closes known holes of the supported CKAN releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckan import plugins as p

from ..base import TangerangPlugin
from .csrf import confine_exemptions

if TYPE_CHECKING:
    from ckan.common import CKANConfig
    from ckan.types import CKANApp


class SecurityPlugin(TangerangPlugin):
    """Installs the mitigations of :mod:`.csrf`."""

    p.implements(p.IMiddleware, inherit=True)

    # IMiddleware

    def make_middleware(self, app: CKANApp, config: CKANConfig) -> CKANApp:  # noqa: ARG002
        """Confine CSRF exemptions to the request that asked for them."""
        confine_exemptions()
        return app
