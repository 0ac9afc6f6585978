"""Reading requests for access, and who read what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from ... import levels, rights, store
from .. import schema

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

__all__ = [
    "tangerang_access_list",
    "tangerang_access_read",
    "tangerang_access_read_list",
    "tangerang_access_show",
]


def _package_id(reference: object) -> str | None:
    """Return the id of a record; None where none is named.

    :raises ObjectNotFound: when there is no such record
    """
    if not reference:
        return None
    package = model.Package.get(str(reference))
    if package is None:
        raise tk.ObjectNotFound(tk._("There is no such record."))
    return package.id


def _organization_id(reference: object) -> str | None:
    """Return the id of an organization; None where none is named.

    :raises ObjectNotFound: when there is no such organization
    """
    if not reference:
        return None
    group: Any = model.Group.get(str(reference))
    if group is None or not group.is_organization:
        raise tk.ObjectNotFound(tk._("There is no such OPD."))
    return group.id


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_access_list)
def tangerang_access_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return requests for access: what waits first, then the newest.

    The walidata sees all, an Admin OPD those about its records, others their own.

    :param dataset: id or name of a record (optional)
    :param owner_org: id or name of an OPD (optional)
    :param state: ``diajukan``, ``disetujui``, ``ditolak``, ``dicabut``, ``dibatalkan`` or
        ``berakhir`` (optional)
    :param mine: only what the user asked (optional)
    :param limit: how many at most, up to 1,000 (optional, default: 100)
    :param offset: how many to skip (optional)
    :returns: ``{"count", "results": [{"id", "dataset", "resource", "user", "name", "institution",
        "email", "purpose", "state", "created", "until", "decided", "decided_by", "reason",
        "link_uses_left"}]}``; times are UTC
    """
    tk.check_access("tangerang_access_list", context, data_dict)
    wanted = store.Filter(
        mine=data_dict["mine"],
        package_id=_package_id(data_dict.get("dataset")),
        organization_id=_organization_id(data_dict.get("owner_org")),
        state=data_dict.get("state"),
    )
    count, results = store.search(
        store.scope(context), wanted, data_dict["limit"], data_dict["offset"]
    )
    return {"count": count, "results": results}


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_access_show)
def tangerang_access_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return one request, to who asked and who decides.

    :param id: id of the request
    :returns: as an entry of :func:`tangerang_access_list`
    """
    tk.check_access("tangerang_access_show", context, data_dict)
    return store.describe([store.find(data_dict["id"])])[0]


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_access_read)
def tangerang_access_read(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Tell whether the user may read the data of a file, and what they are told if not.

    What shows data of a file calls this check (``tk.check_access("tangerang_access_read", …)``).

    :param id: id of the file
    :returns: ``{"id", "level", "allowed"}``
    """
    resource, package = rights.resource_and_package(data_dict["id"])
    if resource is None:
        raise tk.ObjectNotFound(tk._("There is no such file."))
    tk.check_access("resource_show", tk.fresh_context(context), {"id": resource.id})
    level = levels.of_package(package)
    return {
        "id": resource.id,
        "level": level,
        "allowed": level == levels.OPEN
        or rights.reading(context, package, resource.id) is not None,
    }


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_access_read_list)
def tangerang_access_read_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return who read restricted data, the last first, to those who decide about it.

    :param dataset: id or name of a record (optional)
    :param limit: how many at most, up to 1,000 (optional, default: 100)
    :param offset: how many to skip (optional)
    :returns: ``{"count", "results": [{"position", "created", "dataset", "resource", "user",
        "request_id", "way"}]}``; ``request_id`` is the request by which it was read, null for those
        who may by their role; ``way`` is the page or action
    """
    tk.check_access("tangerang_access_read_list", context, data_dict)
    count, results = store.reads(
        store.scope(context),
        _package_id(data_dict.get("dataset")),
        data_dict["limit"],
        data_dict["offset"],
    )
    return {"count": count, "results": results}
