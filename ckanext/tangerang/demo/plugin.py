"""Plugin ``tangerang_demo``: marks the portal as a sample; its commands fill it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
from ckan import plugins as p

from ..base import TangerangPlugin
from .xloader import XloaderVeto

if TYPE_CHECKING:
    from ckan.common import CKANConfig
    from ckan.types import CKANApp
    from flask import Response

#: Search engines shall not show sample data as if they were official.
ROBOTS = "noindex, nofollow"


def _keep_out_robots(response: Response) -> Response:
    """Add the header that asks search engines to leave the portal out."""
    response.headers["X-Robots-Tag"] = ROBOTS
    return response


@tk.blanket.cli
class DemoPlugin(TangerangPlugin, XloaderVeto):
    """A banner on every page, ``noindex`` on every answer, and the commands."""

    p.implements(p.IConfigurer)
    p.implements(p.IMiddleware, inherit=True)

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Add our templates."""
        tk.add_template_directory(config, "templates")

    # IMiddleware

    def make_middleware(self, app: CKANApp, config: CKANConfig) -> CKANApp:  # noqa: ARG002
        """Mark every answer, errors and files included."""
        app.after_request(_keep_out_robots)
        return app
