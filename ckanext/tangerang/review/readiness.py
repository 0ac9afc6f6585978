"""What a record lacks before it may be public: the validation that publishing uses, run dry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import plugins as lib_plugins

from ..interfaces import AS_IF_PUBLIC
from ..metadata import link_store
from ..metadata.model import RecordLink
from ..metadata.navl import RESOURCES
from . import grants, states
from .model import Review

if TYPE_CHECKING:
    from ckan.types import Context


def _underway(package_id: str) -> list[str]:
    """Return the records that a record names and that wait for their approval as well.

    They are handed in together; the approval itself looks again.
    """
    link, row = cast("Any", RecordLink), cast("Any", Review)
    query = (
        model.Session.query(link.target_id)
        .join(row, row.package_id == link.target_id)
        .filter(link.source_id == package_id, row.state.in_(states.WAITING))
    )
    return [target for (target,) in query.distinct()]


def errors(context: Context, package: Any) -> dict[str, Any]:
    """Return what stands in the way of a record, as ``package_update`` would say it; write nothing.

    :param context: of the user who hands it in
    :param package: a package object
    """
    user = {"user": context.get("user")}
    record = tk.get_action("package_show")(
        cast("Context", {**user, "use_cache": False}), {"id": package.id}
    )
    record = {**record, "private": False, "state": model.State.ACTIVE}
    plugin = lib_plugins.lookup_package_plugin(package.type)
    dry: Any = {
        **user,
        "model": model,
        "session": model.Session,
        "auth_user_obj": model.User.get(context.get("user")),
        "package": package,
        RESOURCES: record["resources"],
        AS_IF_PUBLIC: True,
    }
    with (
        model.Session.no_autoflush,
        grants.publishing(package.id),
        link_store.arriving([package.id, *_underway(package.id)]),
    ):
        _data, found = lib_plugins.plugin_validate(
            plugin, dry, record, plugin.update_package_schema(), "package_update"
        )
    return dict(found)
