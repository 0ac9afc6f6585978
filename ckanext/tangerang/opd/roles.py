"""Roles of Satu Data Indonesia: who is walidata, who is pembina data.

A user has the role of an organization by being a member of it directly: a role that cascades
down CKAN's tree of organizations does not count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan import model

if TYPE_CHECKING:
    from collections.abc import Collection

WALIDATA = "walidata"
PEMBINA = "pembina_data"


def has_role(user_id: str, role: str, capacities: Collection[str]) -> bool:
    """Tell whether a user is a member of an organization whose ``peran_sdi`` is ``role``.

    :param user_id: id of the user
    :param role: key of the code list ``peran_sdi``
    :param capacities: the capacities in CKAN that count (``admin``, ``editor``, ``member``)
    """
    organization: Any = model.Group
    query = (
        model.Session.query(model.Member.id)
        .join(organization, organization.id == model.Member.group_id)
        .filter(
            model.Member.table_name == "user",
            model.Member.table_id == user_id,
            model.Member.state == model.State.ACTIVE,
            model.Member.capacity.in_(capacities),
            organization.is_organization.is_(True),
            organization.state == model.State.ACTIVE,
            organization.extras["peran_sdi"].astext == role,
        )
    )
    return query.first() is not None


def is_walidata(user_id: str) -> bool:
    """Tell whether a user is an admin or editor of the walidata."""
    return has_role(user_id, WALIDATA, ("admin", "editor"))


def is_pembina(user_id: str) -> bool:
    """Tell whether a user is a member, editor or admin of a pembina data."""
    return has_role(user_id, PEMBINA, ("admin", "editor", "member"))
