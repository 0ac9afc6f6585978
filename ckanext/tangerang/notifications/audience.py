"""Which people are told of something."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ..opd.roles import WALIDATA
from . import events

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

#: Who works for an organization; a mere member reads.
_STAFF = ("admin", "editor")


def memberships(user: Any) -> tuple[Any, Any, Any]:
    """Return the tables of members and organizations, and the condition of active staff.

    :param user: the column with the id of the user
    """
    member = cast("Any", model.Member).__table__
    group = cast("Any", model.Group).__table__
    condition = sa.and_(
        member.c.table_name == "user",
        member.c.table_id == user,
        member.c.state == model.State.ACTIVE,
        member.c.capacity.in_(_STAFF),
        group.c.id == member.c.group_id,
        group.c.is_organization.is_(True),
        group.c.state == model.State.ACTIVE,
    )
    return member, group, condition


def is_walidata(group: Any) -> Any:
    """Return the condition that an organization is the walidata.

    :param group: the table of organizations
    """
    return group.c.extras["peran_sdi"].astext == WALIDATA


class Directory:
    """Who works where: read once for as many records as are told of."""

    def __init__(self, session: Session, organizations: Collection[str]) -> None:
        """Read the staff of some organizations and of the walidata, by one statement."""
        user = cast("Any", model.User).__table__
        member, group, condition = memberships(user.c.id)
        chosen = sa.or_(group.c.id.in_(set(organizations)), is_walidata(group))
        query = (
            sa.select(group.c.id, user.c.id, member.c.capacity, user.c.sysadmin, is_walidata(group))
            .select_from(user.join(member, member.c.table_id == user.c.id).join(group, condition))
            .where(
                condition,
                chosen,
                user.c.state == model.State.ACTIVE,
                user.c.name != tk.config["ckan.site_id"],
            )
        )
        self.walidata: set[str] = set()
        self.staff: defaultdict[str, dict[str, str]] = defaultdict(dict)
        #: CKAN makes whoever makes an organization its admin: they work for it only where they do.
        self.sysadmins: set[str] = set()
        for organization, person, capacity, sysadmin, checks in session.execute(query):
            self.staff[organization][person] = capacity
            if sysadmin:
                self.sysadmins.add(person)
            if checks:
                self.walidata.add(person)

    def admins(self, organization: str | None) -> set[str]:
        """Return the Admin OPD of an organization, without sysadmins."""
        found = self.staff.get(organization or "", {})
        admins = {person for person, capacity in found.items() if capacity == "admin"}
        return admins - self.sysadmins

    def all_of(self, organization: str | None) -> set[str]:
        """Return all who work for an organization, without sysadmins."""
        return set(self.staff.get(organization or "", {})) - self.sysadmins

    def told(
        self, record: Any, to: str, actor: str | None, people: Collection[str]
    ) -> dict[str, str]:
        """Return who is told of something about a record, and as what.

        :param record: a row with ``owner_org`` and ``creator_user_id``
        :param to: one of the ``TO_…`` of :mod:`events`
        :param actor: who did it; is not told
        :param people: who had to do with the record
        :returns: role by id of a user
        """
        own = self.all_of(record.owner_org)
        if to == events.TO_OTHERS:
            to = events.TO_WALIDATA if actor in own else events.TO_OPD
        if to == events.TO_WALIDATA:
            chosen, role = self.walidata, events.WALIDATA
        else:
            members = self.staff.get(record.owner_org or "", {}).keys()
            takers = members & {*people, record.creator_user_id}
            role = events.OPD
            if to == events.TO_ADMINS:
                chosen = self.admins(record.owner_org)
            elif to == events.TO_TAKERS:
                chosen = takers
            else:
                chosen = takers or self.admins(record.owner_org) or own
        return {person: role for person in chosen if person != actor}
