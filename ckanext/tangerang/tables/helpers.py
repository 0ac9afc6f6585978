"""Template helpers of the plugin ``tangerang_tables``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk

from . import config, describing
from .formats import FORMATS
from .preview import Preview, preview
from .snippets import Snippet, Table, snippets

if TYPE_CHECKING:
    from ckan.types import Context

#: Type of a column, in the dictionary of a table, that is text.
_TEXT = "string"


def tangerang_downloads(resource: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the files that a table is downloaded as; none for a file without a table.

    :param resource: the file as it is shown
    :returns: ``[{"format", "label", "hint", "url", "size"}]``; ``size`` is None, because a file is
        made when it is asked for
    """
    if not resource.get("datastore_active"):
        return []
    return [
        {
            "format": entry.key,
            "label": tk._(entry.label),
            "hint": tk._(entry.hint),
            "url": tk.h.url_for(
                "tangerang_tables.download", resource_id=resource["id"], kind=entry.key
            ),
            "size": None,
        }
        for entry in FORMATS.values()
    ]


def tangerang_table_readable(resource: dict[str, Any]) -> bool:
    """Tell whether the user may read the table of a file, as ``datastore_search`` judges it."""
    if not resource.get("datastore_active"):
        return False
    user = tk.current_user
    context = cast("Context", {"user": user.name or "", "auth_user_obj": user})
    try:
        tk.check_access("datastore_search", context, {"resource_id": resource["id"]})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True


def tangerang_table_preview(resource: dict[str, Any]) -> Preview | None:
    """Return the first rows of the table of a file, with labels and units of its dictionary.

    Ask :func:`tangerang_table_readable` first.
    """
    return preview(resource["id"], describing.dictionary(resource), config.preview_rows())


def tangerang_table_snippets(package: dict[str, Any], resource: dict[str, Any]) -> list[Snippet]:
    """Return the code by which programs read the table of a file."""
    texts = [row["kolom"] for row in describing.dictionary(resource) if row.get("tipe") == _TEXT]
    restricted = bool(
        package.get("private")
        or package.get("state") != "active"
        or package.get("accesslevel") not in (None, "", "terbuka")
    )
    return snippets(Table(resource["id"], texts, restricted))
