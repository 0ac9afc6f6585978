"""Validators of the organization schema (``schemas/organization.yaml``)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from ...metadata import codelists, regions, values
from ...metadata.navl import (
    is_privileged,
    message,
    reading,
    scheming_validator,
    stored_record,
)
from ...metadata.roles import acts_as_walidata
from .. import names
from ..registry import PRODUSEN
from .registry_validators import (
    group_name_validator,
    no_loops_in_hierarchy,
    owner_org_validator,
    tangerang_opd_guard,
    tangerang_opd_keep,
    tangerang_opd_rules,
)

if TYPE_CHECKING:
    from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey, Validator

#: What scheming finds by name; most are made by factories, so CKAN can not tell them by itself.
#: The first three take the place of CKAN's own and call them.
__all__ = [
    "group_name_validator",
    "no_loops_in_hierarchy",
    "owner_org_validator",
    "tangerang_opd_choice",
    "tangerang_opd_code",
    "tangerang_opd_guard",
    "tangerang_opd_keep",
    "tangerang_opd_organizations",
    "tangerang_opd_period",
    "tangerang_opd_phone",
    "tangerang_opd_region",
    "tangerang_opd_role",
    "tangerang_opd_rules",
    "tangerang_opd_several",
    "tangerang_opd_text",
    "tangerang_opd_web_address",
]

tangerang_opd_code = reading(values.read_opd_code)
tangerang_opd_period = reading(values.read_period)
tangerang_opd_phone = reading(values.read_phone)
tangerang_opd_region = reading(regions.read_known_region)
tangerang_opd_web_address = reading(values.read_web_address)


def tangerang_opd_text(limit: int) -> Validator:
    """Return a validator for text of at most ``limit`` characters."""
    return reading(partial(values.read_text, limit=limit))


def _keys(field: dict[str, Any]) -> list[str]:
    """Return the keys that may be chosen in ``field``."""
    return [choice["value"] for choice in codelists.choices(field["codelist"])]


def _read_organizations(value: Any, *, pending: bool) -> str | None:
    """Return the stored list of ids of organizations that are named by id, address or former one.

    :param pending: whether an id may be one that is not there yet
    :raises values.Problem: when there is no organization of a name
    """
    words = values.split_list(value)
    group: Any = model.Group
    query = model.Session.query(group.id, group.name).filter(
        group.is_organization.is_(True), group.id.in_(words) | group.name.in_(words)
    )
    ids = {word: row.id for row in query for word in (row.id, row.name)}
    unknown = [word for word in words if word not in ids]
    ids.update({word: found.id for word, found in names.lookup(unknown).items()})
    for word in unknown:
        if word not in ids and not (pending and names.is_id(word)):
            raise values.Problem(
                values.N_('There is no OPD "{value}". Choose one from the list.'),
                value=values.shown(word),
            )
    return values.dump_list(dict.fromkeys(ids.get(word, word) for word in words))


def tangerang_opd_organizations(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Store the ids of organizations.

    A sysadmin may name one by an id that is not there yet: the OPD of a portal that are loaded
    from a dump come in the order of their names.
    """
    validator: Any = reading(partial(_read_organizations, pending=is_privileged(context)))
    validator(key, data, errors, context)


@scheming_validator
def tangerang_opd_choice(field: dict[str, Any], schema: dict[str, Any]) -> Validator:  # noqa: ARG001
    """Return a validator for one value of the code list of ``field``."""
    return reading(partial(values.read_choice, allowed=_keys(field)))


@scheming_validator
def tangerang_opd_several(field: dict[str, Any], schema: dict[str, Any]) -> Validator:  # noqa: ARG001
    """Return a validator for several values of the code lists of ``field``."""
    return reading(partial(values.read_choices, allowed=_keys(field)))


def _may_set_role(context: Context, stored: Any, before: Any, after: Any) -> bool:
    """Tell whether the caller may give an organization a role: sysadmins any.

    The walidata makes new ones produsen data.
    """
    if after == before or is_privileged(context):
        return True
    return stored is None and after == PRODUSEN and acts_as_walidata(context)


@scheming_validator
def tangerang_opd_role(field: dict[str, Any], schema: dict[str, Any]) -> Validator:  # noqa: ARG001
    """Return the validator of ``peran_sdi``: only sysadmins change it.

    The role decides who may publish and whose figures count as checked. Others may leave it out,
    or send it back as it is; the walidata may create a produsen data.
    """
    keys = _keys(field)

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        stored = stored_record(context, data, "group")
        before = stored.extras.get(key[-1]) if stored else None
        value = data.get(key, tk.missing)
        if value is tk.missing and not is_privileged(context):
            value = before
        after = None
        if value is not tk.missing and not values.is_empty(value):
            try:
                after = values.read_choice(value, keys)
            except values.Problem as problem:
                errors[key].append(message(problem))
                raise tk.StopOnError from problem
        if not _may_set_role(context, stored, before, after):
            errors[key].append(
                tk._("Only a sysadmin changes the role of an organization. Leave it as it was.")
            )
            raise tk.StopOnError
        if after is None:
            data.pop(key, None)
            raise tk.StopOnError
        data[key] = after

    return validator
