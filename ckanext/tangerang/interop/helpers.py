"""Template helpers of the plugin ``tangerang_interop``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan import model
from markupsafe import Markup

from ..metadata.fields import DATASET_TYPE
from . import schemaorg
from .dcat import lookup

if TYPE_CHECKING:
    from collections.abc import Mapping


def tangerang_structured_data(pkg: Mapping[str, Any]) -> Markup:
    """Return the JSON-LD of a dataset for its page; empty for what is not public, or no dataset.

    :param pkg: as ``package_show`` returns it
    """
    if pkg.get("type") != DATASET_TYPE or pkg.get("private"):
        return Markup("")
    if pkg.get("state") != model.State.ACTIVE:
        return Markup("")
    # Escaped for the inside of <script>, where HTML's own escapes are not read.
    return Markup(schemaorg.script(pkg, lookup.load([pkg])))  # noqa: S704


def tangerang_sitemap_address() -> str:
    """Return the address of the sitemap, the same in each language."""
    return f"{lookup.portal().base}/sitemap.xml"
