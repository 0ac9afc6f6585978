"""Plugin ``tangerang_content``: pages that the walidata writes, and the glossary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
from ckan import plugins as p

from ..base import TangerangPlugin
from ..interfaces import ISitemap
from . import config as own_config
from . import glossary, store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ckan.common import CKANConfig


@tk.blanket.actions
@tk.blanket.auth_functions
@tk.blanket.blueprints
@tk.blanket.helpers
class ContentPlugin(TangerangPlugin):
    """Pages with their versions; explanations of terms beside words."""

    p.implements(p.IConfigurable)
    p.implements(p.IConfigurer)
    p.implements(ISitemap)

    # IConfigurable

    def configure(self, config: CKANConfig) -> None:  # noqa: ARG002
        """Read the glossary now, so that a wrong file stops the start and not a page."""
        glossary.by_key(own_config.glossary_location())

    # IConfigurer

    def update_config(self, config: CKANConfig) -> None:
        """Add templates and assets."""
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "tangerang-content")

    # ISitemap

    def sitemap_pages(self) -> Sequence[tuple[str, datetime | None]]:
        """Return the public pages."""
        return [(f"/halaman/{page.name}", page.modified) for page in store.public()]
