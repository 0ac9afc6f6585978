"""Contact data of a person: for those who work on a record, never for the public.

Item 2.2 of MS-Keg names who is in charge. BPS needs that; whoever reads the portal writes to the
office, whose address, telephone and mail are public (UU 27/2022 on personal data, article 4).
Which fields these are is said in the schema: ``personal: true``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from ckan import authz, model

from .fields import RECORD_TYPES, record_fields
from .navl import is_privileged
from .roles import acts_as_pembina, acts_as_walidata

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ckan.types import Context

_Record = dict[str, Any]

#: Where a result of a search has the whole record as JSON, if it was asked for by ``fl``.
_STORED = ("validated_data_dict", "data_dict")


def fields_of(record_type: object) -> frozenset[str]:
    """Return the names of the fields with contact data of a type of records."""
    if record_type not in RECORD_TYPES:
        return frozenset()
    fields = record_fields(cast("str", record_type))
    return frozenset(f["field_name"] for f in fields if f.get("personal"))


def without(record: Mapping[str, Any]) -> _Record:
    """Return a record without contact data; in CKAN's own schema it stands among the extras."""
    hidden = fields_of(record.get("type"))
    kept = {name: value for name, value in record.items() if name not in hidden}
    if hidden and kept.get("extras"):
        kept["extras"] = [extra for extra in kept["extras"] if extra.get("key") not in hidden]
    return kept


def _offices(records: Iterable[_Record], *, old: bool) -> dict[str, Any]:
    """Return the organization of each record by its id.

    :param old: the records are old versions: they may have had another OPD then
    """
    if not old:
        return {record["id"]: record.get("owner_org") for record in records}
    row = cast("Any", model.Package)
    ids = {record["id"] for record in records}
    found = model.Session.execute(sa.select(row.id, row.owner_org).where(row.id.in_(ids)))
    return dict(cast("Any", found.all()))


def _own(context: Context, offices: Mapping[str, Any]) -> set[str]:
    """Return the ids of those records on which the user works in their OPD, or as collaborator.

    One check for each organization, however many records it has.

    :param offices: as :func:`_offices` has them
    """
    user = model.User.get(context.get("user"))
    if user is None:
        return set()
    theirs = {
        office
        for office in {*offices.values()} - {None, ""}
        if authz.has_user_permission_for_group_or_org(office, user.name, "read")
    }
    own = {id_ for id_, office in offices.items() if office in theirs}
    others = offices.keys() - own
    if others and authz.check_config_permission("allow_dataset_collaborators"):
        row = cast("Any", model.PackageMember)
        own |= set(
            model.Session.scalars(
                sa.select(row.package_id).where(row.user_id == user.id, row.package_id.in_(others))
            )
        )
    return own


def hide(context: Context, records: Iterable[Any], *, old: bool = False) -> list[Any]:
    """Return records as the user may see them: without contact data where it is not for them.

    The OPD of a record, its collaborators, the walidata, the pembina data and sysadmins see it.

    :param context: of the reader; what CKAN does for itself (``ignore_auth``) sees everything
    :param records: as CKAN shows them, or anything else, which is returned as it is
    :param old: they are old versions: whose they are now decides
    """
    shown = list(records)
    kinds = tuple(kind for kind in RECORD_TYPES if fields_of(kind))
    places = [
        number
        for number, record in enumerate(shown)
        if isinstance(record, dict) and record.get("type") in kinds and "id" in record
    ]
    if not places or is_privileged(context):
        return shown
    if context.get("user"):
        own = _own(context, _offices((shown[number] for number in places), old=old))
        places = [number for number in places if shown[number]["id"] not in own]
        if not places or acts_as_walidata(context) or acts_as_pembina(context):
            return shown
    for number in places:
        shown[number] = without(shown[number])
    return shown


def hide_in_results(context: Context, results: Iterable[Any]) -> list[Any]:
    """Return the results of a search as the user may see them.

    With ``fl`` a result may hold the stored record as JSON.
    """
    shown = hide(context, results)
    places = [
        (number, name)
        for number, result in enumerate(shown)
        for name in _STORED
        if isinstance(result, dict) and isinstance(result.get(name), str)
    ]
    stored = [json.loads(shown[number][name]) for number, name in places]
    for (number, name), record in zip(places, hide(context, stored), strict=True):
        shown[number] = {**shown[number], name: json.dumps(record)}
    return shown


def may_see(context: Context, package: Any) -> bool:
    """Tell whether the user may see the contact data of a record.

    :param package: a package object
    """
    record = {"id": package.id, "type": package.type, "owner_org": package.owner_org}
    record |= dict.fromkeys(fields_of(package.type), "")
    return hide(context, [record]) == [record]
