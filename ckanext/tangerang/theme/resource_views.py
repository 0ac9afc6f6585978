"""The previews of all files of a dataset by one query, for its page.

CKAN's page asks for those of each file by itself: two statements for each of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.datapreview import get_view_plugin
from ckan.lib.dictization.model_dictize import resource_view_list_dictize
from ckan.logic import auth_audit_exempt
from ckan.logic.action import get as core
from flask import has_request_context, request

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

__all__ = ["resource_view_list"]

_KEY = "tangerang_theme_previews"


def _is_page_of(dataset: dict[str, Any]) -> bool:
    """Tell whether the request is for the page of a dataset, or of a record of another type.

    Lists prepare their datasets for a view too, those of an organization or of a topic at
    addresses whose views are also called ``read``.
    """
    return has_request_context() and request.endpoint == f"{dataset.get('type')}.read"


def prepare(dataset: dict[str, Any]) -> None:
    """Note that the page of a dataset is being made, and for whom; load its files by one query.

    What asks for each of them then finds it in the session.

    :param dataset: as the page shows it
    """
    files = [entry["id"] for entry in dataset.get("resources") or []]
    if files and _is_page_of(dataset):
        resource: Any = model.Resource
        query = sa.select(resource).where(resource.id.in_(files))
        noted = tk.g.setdefault(_KEY, {})
        noted["files"] = (tk.current_user.name, files)
        noted["kept"] = cast("Any", model.Session).scalars(query).all()


def _all(noted: dict[str, Any], files: list[str]) -> dict[str, list[Any]]:
    """Return the views of files by file; asked once a request."""
    if "views" not in noted:
        view: Any = model.ResourceView
        found: dict[str, list[Any]] = {}
        query = sa.select(view).where(view.resource_id.in_(files)).order_by(view.order)
        for entry in cast("Any", model.Session).scalars(query):
            found.setdefault(entry.resource_id, []).append(entry)
        noted["views"] = found
    return noted["views"]


@tk.side_effect_free
@auth_audit_exempt  # asks once for all files of a page
def resource_view_list(context: Context, data_dict: DataDict) -> Any:
    """Return the previews of a file as CKAN does; on the page of its dataset without a query each.

    In the place of CKAN's action and not before it (:func:`tk.chained_action`): what other plugins
    put before it still decides.
    """
    is_page = has_request_context() and context.get("for_view")
    noted: dict[str, Any] = (tk.g.get(_KEY) if is_page else None) or {}
    user, files = noted.get("files", (None, []))
    if data_dict.get("id") not in files or context.get("user") != user:
        return core.resource_view_list(context, data_dict)
    views = _all(noted, files).get(data_dict["id"], [])
    if "allowed" not in noted:
        # CKAN allows the views of a file to whom it shows the record: the same for all files.
        tk.check_access("resource_view_list", context, data_dict)
        noted["allowed"] = True
    return resource_view_list_dictize(
        [entry for entry in views if get_view_plugin(entry.view_type)], context
    )
