"""What the level of a record may be when it is saved, and who may make it looser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import plugins as p

from ..interfaces import AS_IF_PUBLIC, IRecordGuard
from . import levels, links, rights

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckan.types import Context

#: Where a validator leaves the level that a record had until now: with its object in the session,
#: since validators get a copy of the context.
_BEFORE = "tangerang_access_before"


def take_before(package: Any) -> str | None:
    """Return the level that a record had when it was last judged, once; None where it was not."""
    before: str | None = sa.inspect(package).info.pop(_BEFORE, None)
    return before


def level_problem(
    context: Context, stored: Any, values: Mapping[str, Any], *, public: bool
) -> str | None:
    """Return what is wrong with the level of a record that is saved; None where nothing is.

    :param stored: the record as it is stored; None for a new one
    :param values: its fields as they are saved
    :param public: it is active and public once it is saved
    """
    after = values.get("accesslevel") or levels.OPEN
    if after not in levels.LEVELS:
        return None  # reported at the field
    if after == levels.CLOSED and public and not context.get(AS_IF_PUBLIC):
        return tk._(
            "A closed record is never public: keep it private. If its description may be public, "
            "choose the level restricted."
        )
    if stored is None:
        return None
    before = levels.of_package(stored)
    sa.inspect(stored).info[_BEFORE] = before
    if not levels.is_looser(after, before) or rights.is_walidata(context):
        return None
    return None if _approved_later(context, stored) else _loosening_text()


def _shown(stored: Any) -> bool:
    """Tell whether a record is public as it is stored."""
    return stored.state == "active" and not stored.private


def _approved_later(context: Context, stored: Any) -> bool:
    """Tell whether nobody reads more by a looser level before the walidata has approved it.

    That is so for what is not public, where somebody else has to publish it, or where it never was
    public with restricted files.
    """
    if _shown(stored):
        return False
    return _publication_is_refused(context, stored) or not links.was_public(stored.id)


def _publication_is_refused(context: Context, stored: Any) -> bool:
    """Tell whether a review keeps the user from making the record public."""
    return any(
        plugin.refuse_record(context, stored, public=True)
        for plugin in p.PluginImplementations(IRecordGuard)
    )


def _loosening_text() -> str:
    """Return why the user may not make the level looser, and what to do."""
    if p.plugin_loaded("tangerang_review"):
        return tk._(
            "Only the walidata makes the access level of a published record looser. Open a "
            "revision of this record, choose the level there and hand it in."
        )
    return tk._(
        "Only the walidata makes the access level of a record looser. Ask it to change the level."
    )
