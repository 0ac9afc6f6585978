"""Aliases: other ways to write an OPD, confirmed by the walidata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ... import finding, store
from ...model import OpdAlias
from ...spelling import fold
from .. import schema
from .get import find_unit

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

    from ...registry import Registry, Unit

__all__ = ["tangerang_opd_alias_create", "tangerang_opd_alias_delete"]


def _answer(organization_id: str) -> dict[str, Any]:
    """Return the OPD with its aliases as they are now."""
    unit = store.load().by_id[organization_id]
    return {"id": unit.id, "name": unit.name, "title": unit.title, "alias": list(unit.alias)}


def _refuse_others(registry: Registry, unit: Unit, alias: str) -> None:
    """Refuse an alias that is a name, former name, abbreviation, code or alias of another OPD.

    :raises ValidationError: naming the other
    """
    for other in registry:
        known = finding.how_named(other, alias) if other is not unit else None
        if known:
            text = tk._('"{alias}" is already "{known}" of another OPD: {title} ({name}).')
            shown = text.format(alias=alias, known=known, title=other.title, name=other.name)
            raise tk.ValidationError({"alias": [shown]})
    group: Any = model.Group
    query = sa.select(group.title, group.name).join(OpdAlias, OpdAlias.organization_id == group.id)
    held = query.where(OpdAlias.folded == fold(alias), group.id != unit.id)
    deleted = model.Session.execute(held).first()
    if deleted:
        text = tk._('"{alias}" is an alias of a deleted OPD: {title} ({name}).')
        shown = text.format(alias=alias, title=deleted.title, name=deleted.name)
        raise tk.ValidationError({"alias": [shown]})


@tk.validate_action_data(schema.tangerang_opd_alias_create)
def tangerang_opd_alias_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Let a text mean an OPD from now on; the resolver then matches it exactly.

    A text that the OPD is known by already changes nothing.

    :param id: the OPD, as in ``tangerang_opd_show``
    :param alias: the text
    :returns: ``{"id", "name", "title", "alias": [...]}``
    :raises ValidationError: when another OPD is known by that text, naming that OPD
    """
    tk.check_access("tangerang_opd_alias_create", context, data_dict)
    store.lock()
    registry = store.load()
    unit = find_unit(registry, data_dict["id"])
    alias, folded = data_dict["alias"], fold(data_dict["alias"])
    if not folded:
        raise tk.ValidationError({"alias": [tk._("Write letters or digits.")]})
    _refuse_others(registry, unit, alias)
    if not finding.how_named(unit, alias):
        user = model.User.get(context.get("user"))
        model.Session.add(
            OpdAlias(
                organization_id=unit.id,
                alias=alias,
                folded=folded,
                user_id=user.id if user else None,
            )
        )
    if not context.get("defer_commit"):
        model.Session.commit()
    else:
        model.Session.flush()
    return _answer(unit.id)


@tk.validate_action_data(schema.tangerang_opd_alias_delete)
def tangerang_opd_alias_delete(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Take an alias of an OPD back.

    :param id: the OPD, as in ``tangerang_opd_show``
    :param alias: the alias, in any spelling that means the same
    :returns: ``{"id", "name", "title", "alias": [...]}``
    :raises ObjectNotFound: when the OPD has no such alias
    """
    tk.check_access("tangerang_opd_alias_delete", context, data_dict)
    store.lock()
    unit = find_unit(store.load(), data_dict["id"])
    gone = model.Session.execute(
        sa.delete(OpdAlias)
        .where(OpdAlias.organization_id == unit.id, OpdAlias.folded == fold(data_dict["alias"]))
        .returning(OpdAlias.id)
    )
    if not gone.all():
        raise tk.ObjectNotFound(tk._("This OPD has no such alias."))
    if not context.get("defer_commit"):
        model.Session.commit()
    return _answer(unit.id)
