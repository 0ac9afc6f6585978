"""What a record lacks before it may be public: the validation that publishing uses, run dry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import plugins as lib_plugins

from ..interfaces import AS_IF_PUBLIC
from ..metadata import link_store
from ..metadata.navl import RESOURCES
from . import grants, states
from .model import Review

if TYPE_CHECKING:
    from ckan.types import Context


def _underway(package: Any) -> list[str]:
    """Return the records that a record names and that wait for their approval as well.

    They are handed in together; the approval itself looks again.
    """
    named = {link.target for link in link_store.of_package(package)}
    row = cast("Any", Review)
    query = model.Session.query(row.package_id).filter(
        row.package_id.in_(named), row.state.in_(states.WAITING)
    )
    return [target for (target,) in query]


def errors(context: Context, package: Any) -> dict[str, Any]:
    """Return what stands in the way of a record, as ``package_update`` would say it; write nothing.

    :param context: of the user who hands it in
    :param package: a package object
    """
    record = tk.get_action("package_show")(
        cast("Context", {"user": context.get("user"), "use_cache": False}), {"id": package.id}
    )
    public = {**record, "private": False, "state": model.State.ACTIVE}
    return of_values(context, package, public, package)


def of_values(
    context: Context, package: Any, values: dict[str, Any], source: Any
) -> dict[str, Any]:
    """Return what stands in the way of saving a record as something; write nothing.

    :param package: the package object
    :param values: what ``package_update`` would be given
    :param source: the package object that these values come from: the record, or its working copy
    """
    plugin = lib_plugins.lookup_package_plugin(package.type)
    dry: Any = {
        "user": context.get("user"),
        "model": model,
        "session": model.Session,
        "auth_user_obj": model.User.get(context.get("user")),
        "package": package,
        RESOURCES: values["resources"],
        AS_IF_PUBLIC: True,
    }
    with (
        model.Session.no_autoflush,
        grants.publishing(package.id),
        link_store.arriving([package.id, *_underway(source)]),
    ):
        _data, found = lib_plugins.plugin_validate(
            plugin, dry, values, plugin.update_package_schema(), "package_update"
        )
    return dict(found)
