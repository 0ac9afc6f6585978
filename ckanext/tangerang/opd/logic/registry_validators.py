"""Validators that look at a whole organization: who may change the registry, and its rules.

ckanext-scheming runs validators of a whole organization also when one is shown; these do nothing
then. They act when one of the chained actions has left :class:`Writing` in the context.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.logic import validators as core

from ...metadata import values
from ...metadata.navl import is_privileged, message, scheming_validator, stored_record
from ...metadata.roles import acts_as_walidata
from .. import closing, names, rules, store
from ..clock import today
from ..registry import Unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey, Validator

#: Where the chained actions leave :class:`Writing`.
WRITING = "tangerang_opd_writing"
#: Columns of an organization that belong to the registry.
_COLUMNS = ("name", "title", "type", "approval_status", "is_organization")
#: Fields that no two OPD that have not ended may share.
_UNIQUE = ("kode_opd", "kode_wilayah")
#: Fields whose values depend on each other.
_RULED = (
    *_UNIQUE,
    "urusan",
    "berlaku_dari",
    "berlaku_sampai",
    "cara_berakhir",
    "pengganti",
)


@dataclass
class Writing:
    """An organization is being created or changed.

    :param sent: what the caller sent; validators do not see empty lists
    :param judged: whether the validators have run; CKAN shows what it has created with the same
        context, which must not judge it again
    """

    sent: dict[str, Any]
    judged: bool = False


def _writing(context: Context) -> Writing | None:
    """Return what is being written; None when an organization is only shown."""
    writing = dict(context).get(WRITING)
    return writing if isinstance(writing, Writing) and not writing.judged else None


def _registry_fields(schema: dict[str, Any]) -> list[str]:
    """Return the fields that belong to the registry; ``peran_sdi`` has a validator of its own."""
    return [
        field["field_name"]
        for field in schema["fields"]
        if not field.get("opd_may_edit") and field["field_name"] != "peran_sdi"
    ]


def _result(data: FlattenDataDict) -> dict[str, str]:
    """Return the fields as they will be stored."""
    return {
        str(value): str(data.get((*key[:2], "value")) or "")
        for key, value in data.items()
        if key[0] == "extras" and key[-1] == "key"
    }


def _differs(one: Any, other: Any) -> bool:
    """Tell whether two stored values are different, however they are written."""
    if values.is_empty(one) or values.is_empty(other):
        return values.is_empty(one) != values.is_empty(other)
    return values.as_list(one) != values.as_list(other)


def _parents(organization_id: str) -> set[str]:
    """Return the ids of the parents of an organization."""
    query = sa.select(model.Member.table_id).where(
        model.Member.group_id == organization_id,
        model.Member.table_name == "group",
        model.Member.state == model.State.ACTIVE,
    )
    return {row.table_id for row in model.Session.execute(query)}


def _moves(sent: dict[str, Any], organization_id: str) -> bool:
    """Tell whether the caller puts an organization below another than before."""
    given = sent.get("groups")
    if not isinstance(given, list):
        return False
    words = [str(g.get("id") or g.get("name")) for g in given if isinstance(g, dict)]
    found = names.lookup(words)
    return {found[w].id if w in found else w for w in words} != _parents(organization_id)


def _changes_members(sent: dict[str, Any], organization_id: str) -> bool:
    """Tell whether the caller gives an organization other members or roles than it has."""
    given = sent.get("users")
    if not isinstance(given, list):
        return False
    user, member = model.User, model.Member
    words = {str(u.get("id") or u.get("name")): u for u in given if isinstance(u, dict)}
    rows = model.Session.execute(
        sa.select(user.id, user.name).where(user.id.in_(words) | user.name.in_(words))
    )
    ids = {word: row.id for row in rows for word in (row.id, row.name)}
    asked = {(ids.get(word, word), u.get("capacity") or "public") for word, u in words.items()}
    present = model.Session.execute(
        sa.select(member.table_id, member.capacity)
        .join(user, user.id == member.table_id)
        .where(
            member.group_id == organization_id,
            member.table_name == "user",
            member.state == model.State.ACTIVE,
            user.state != model.State.DELETED,
        )
    )
    return asked != {(row.table_id, row.capacity) for row in present}


def _may_set_members(context: Context, organization_id: str) -> bool:
    """Tell whether CKAN lets the caller add members to an organization."""
    try:
        tk.check_access(
            "organization_member_create", tk.fresh_context(context), {"id": organization_id}
        )
    except tk.NotAuthorized:
        return False
    return True


def _note(errors: FlattenErrorDict, data: FlattenDataDict, name: str, text: str) -> None:
    """Add an error about a list of groups or users, where CKAN puts its own about it."""
    place = (name, 0, "name")
    errors.setdefault(place if place in data else (name,), []).append(text)


@scheming_validator
def tangerang_opd_keep(field: dict[str, Any], schema: dict[str, Any]) -> Validator:  # noqa: ARG001
    """Return a ``__before`` validator: what may not be changed and was not sent stays as it was."""
    fields = _registry_fields(schema)

    def validator(
        key: FlattenKey,  # noqa: ARG001
        data: FlattenDataDict,
        errors: FlattenErrorDict,  # noqa: ARG001
        context: Context,
    ) -> None:
        if _writing(context) is None:
            return
        stored = stored_record(context, data, "group")
        if stored is None or acts_as_walidata(context):
            return
        for name in fields:
            if data.get((name,), tk.missing) is tk.missing and stored.extras.get(name):
                data[(name,)] = stored.extras[name]

    return validator


def _guard_registry(
    fields: list[str], data: FlattenDataDict, errors: FlattenErrorDict, stored: Any
) -> None:
    """Refuse what an admin of an OPD changes of the registry.

    :param fields: those that belong to it, besides the columns of an organization
    """
    refusal = tk._("Only the walidata changes this. Leave it as it was.")
    after = _result(data)
    for name in fields:
        if not errors[(name,)] and _differs(stored.extras.get(name), after.get(name)):
            errors[(name,)].append(refusal)
    for name in _COLUMNS:
        value = data.get((name,), tk.missing)
        if value is not tk.missing and _differs(value, getattr(stored, name)):
            errors[(name,)].append(refusal)


@scheming_validator
def tangerang_opd_guard(field: dict[str, Any], schema: dict[str, Any]) -> Validator:  # noqa: ARG001
    """Return an ``__after`` validator: only the walidata and sysadmins change the registry.

    Admins of an OPD keep its contact, description and logo. Nobody but a sysadmin deletes an
    organization, or brings one back, by its state. The walidata keeps the registry, not the
    members: else its editors could make themselves admins of every OPD.
    """
    fields = _registry_fields(schema)

    def validator(
        key: FlattenKey,  # noqa: ARG001
        data: FlattenDataDict,
        errors: FlattenErrorDict,
        context: Context,
    ) -> None:
        writing = _writing(context)
        stored = stored_record(context, data, "group")
        if writing is None or stored is None or is_privileged(context):
            return
        if data.get(("state",), tk.missing) not in (tk.missing, None, stored.state):
            errors[("state",)].append(tk._("Only a sysadmin deletes an OPD. Close it instead."))
        if _changes_members(writing.sent, stored.id) and not _may_set_members(context, stored.id):
            _note(errors, data, "users", tk._("Only admins of the OPD change its members."))
        if acts_as_walidata(context):
            return
        _guard_registry(fields, data, errors, stored)
        if _moves(writing.sent, stored.id):
            refusal = tk._("Only the walidata changes this. Leave it as it was.")
            _note(errors, data, "groups", refusal)

    return validator


def _holder(name: str, value: str, own_id: str) -> str | None:
    """Return the title of another OPD that has not ended and has a code; None if none has."""
    group: Any = model.Group
    query = sa.select(group.id, group.name, group.title, group.extras).where(
        group.is_organization.is_(True),
        group.state == model.State.ACTIVE,
        group.extras[name].astext == value,
        group.id != own_id,
    )
    for row in model.Session.execute(query):
        end = row.extras.get("berlaku_sampai") or ""
        if not Unit(row.id, row.name, "", berlaku_sampai=end).is_closed(today()):
            return row.title or row.name
    return None


def _unique(name: str, unit: Unit) -> None:
    """Check that no other OPD that has not ended has the same code.

    :raises Problem: naming the other
    """
    value = getattr(unit, name)
    if not value or unit.is_closed(today()):
        return
    other = _holder(name, value, unit.id)
    if other:
        raise values.Problem(
            values.N_('"{value}" is the code of another OPD: {title}.'), value=value, title=other
        )


def _unit(after: dict[str, str], data: FlattenDataDict, stored: Any) -> Unit:
    """Return the OPD that will be stored, as far as the rules ask for it."""

    def several(name: str) -> tuple[str, ...]:
        return tuple(str(entry) for entry in values.as_list(after.get(name) or []))

    return Unit(
        id=stored.id if stored else "",
        name=str(data.get(("name",)) or ""),
        title="",
        kode_opd=after.get("kode_opd", ""),
        urusan=several("urusan"),
        kode_wilayah=after.get("kode_wilayah", ""),
        berlaku_dari=after.get("berlaku_dari", ""),
        berlaku_sampai=after.get("berlaku_sampai", ""),
        cara_berakhir=after.get("cara_berakhir", ""),
        pengganti=several("pengganti"),
    )


def _checks(unit: Unit) -> tuple[tuple[str, tuple[str, ...], Callable[[], None]], ...]:
    """Return the rules: where an error belongs, the fields that it depends on, the check."""
    return (
        (
            "kode_opd",
            ("kode_opd", "urusan"),
            lambda: rules.check_code(unit.kode_opd, unit.urusan),
        ),
        ("kode_opd", ("kode_opd", "berlaku_sampai"), lambda: _unique("kode_opd", unit)),
        ("kode_wilayah", ("kode_wilayah", "berlaku_sampai"), lambda: _unique("kode_wilayah", unit)),
        (
            "berlaku_sampai",
            ("berlaku_dari", "berlaku_sampai"),
            lambda: values.check_order(unit.berlaku_dari, unit.berlaku_sampai),
        ),
        (
            "pengganti",
            ("cara_berakhir", "pengganti"),
            lambda: rules.check_ending(unit.cara_berakhir, unit.pengganti, (unit.id, unit.name)),
        ),
    )


def tangerang_opd_rules(
    key: FlattenKey,  # noqa: ARG001
    data: FlattenDataDict,
    errors: FlattenErrorDict,
    context: Context,
) -> None:
    """Check as ``__after`` validator what holds between the fields of an OPD, and between OPD.

    Only rules about what has changed: an old mistake elsewhere does not block a new telephone
    number.
    """
    writing = _writing(context)
    if writing is None:
        return
    writing.judged = True
    stored = stored_record(context, data, "group")
    before = stored.extras if stored else {}
    after = _result(data)
    changed = {name for name in _RULED if _differs(before.get(name), after.get(name))}
    if not changed:
        return
    store.lock()
    for name, fields, check in _checks(_unit(after, data, stored)):
        if not changed & set(fields) or any(errors.get((field,)) for field in fields):
            continue
        try:
            check()
        except values.Problem as problem:
            errors.setdefault((name,), []).append(message(problem))


def group_name_validator(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Check the address of a group or organization as CKAN does, and that it is not reserved.

    An address that an organization had before leads to that organization; no other may have it.
    """
    group = context.get("group")
    name = data[key]
    # CKAN's schemas for showing run this too; only they know of followers.
    shown = "num_followers" in context.get("schema_keys", ())
    if not shown and (group is None or group.name != name):
        store.lock()
    core.group_name_validator(key, data, errors, context)
    if shown or errors[key] or not isinstance(name, str):
        return
    own_id = group.id if group is not None else data.get((*key[:-1], "id"))
    other = names.reserved_for(name, own_id if isinstance(own_id, str) else None)
    if other:
        errors[key].append(
            tk._('"{name}" is a former address of {title} and leads there. Choose another.').format(
                name=name, title=other
            )
        )


def no_loops_in_hierarchy(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Check as CKAN does that no organization stands below itself.

    CKAN breaks on a new one that brings its id along, as those of a dump do.
    """
    if model.Group.get(data.get(("id",))) is not None:
        core.no_loops_in_hierarchy(key, data, errors, context)


def owner_org_validator(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Check the organization of a dataset as CKAN does, and that it has not ended.

    A dataset that is in an OPD that has ended stays there and can be corrected.

    :raises Invalid: naming what replaces the OPD
    """
    core.owner_org_validator(key, data, errors, context)
    value = data.get(key)
    if not isinstance(value, str) or not value:
        return
    package = stored_record(context, data, "package")
    if package is not None and package.owner_org == value:
        return
    refusal = closing.refusal(model.Session.get(model.Group, value))
    if refusal:
        raise tk.Invalid(refusal)
