"""Who may read the data of a record: judged anew at each request.

What is public about a record never depends on this: it looks the same to everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import authz, model
from flask import has_request_context

from ..metadata.roles import acts_as_walidata
from . import codes_in_session, levels, states
from .model import AccessRequest, now

if TYPE_CHECKING:
    from collections.abc import Collection

    from ckan.types import Context


@dataclass(frozen=True, slots=True)
class Reading:
    """By what somebody may read."""

    #: Id of the grant; None for those who may by their role.
    request_id: str | None = None


def user_of(context: Context) -> Any:
    """Return the account of a context; None for nobody."""
    name = context.get("user")
    return model.User.get(name) if name else None


def is_walidata(context: Context) -> bool:
    """Tell whether the user is walidata, or a sysadmin; ``ignore_auth`` makes nobody that."""
    name = context.get("user")
    return bool(name) and acts_as_walidata(cast("Context", {"user": name}))


def is_insider(context: Context, package: Any) -> bool:
    """Tell whether the user reads a record by their role: its OPD, collaborators, the walidata."""
    user = user_of(context)
    if user is None or user.state != model.State.ACTIVE:
        return False
    if package.owner_org and authz.has_user_permission_for_group_or_org(
        package.owner_org, user.name, "read"
    ):
        return True
    if authz.check_config_permission("allow_dataset_collaborators") and (
        authz.user_is_collaborator_on_dataset(user.id, package.id)
    ):
        return True
    return is_walidata(context)


def may_decide(context: Context, package: Any) -> bool:
    """Tell whether the user decides about requests for a record: its Admin OPD, the walidata."""
    user = user_of(context)
    if user is None:
        return False
    if package.owner_org and authz.has_user_permission_for_group_or_org(
        package.owner_org, user.name, "admin"
    ):
        return True
    return is_walidata(context)


def _of_session(context: Context) -> Collection[str]:
    """Return the grants whose code was opened in the session of the request.

    A session is of the browser: it says nothing of who sends an API token.
    """
    if not has_request_context():
        return ()
    # CKAN sets this for those without an account, too.
    if tk.g.get("login_via_auth_header") and tk.current_user.is_authenticated:
        return ()
    if (context.get("user") or "") != (tk.current_user.name or ""):
        return ()
    return codes_in_session.opened()


def _grants(context: Context, package: Any) -> Any:
    """Return the query of the grants by which the user may read now; None where there are none."""
    user = user_of(context)
    owners: list[Any] = []
    if user is not None and user.state == model.State.ACTIVE:
        owners.append(AccessRequest.user_id == user.id)
    opened = _of_session(context)
    if opened:
        owners.append(AccessRequest.id.in_(opened))
    if not owners:
        return None
    return sa.select(AccessRequest).where(
        AccessRequest.package_id == package.id,
        AccessRequest.state == states.GRANTED,
        AccessRequest.until > now(),
        sa.or_(*owners),
    )


def grant(context: Context, package: Any, resource_id: str | None) -> Any:
    """Return a grant by which the user may read now; None where there is none.

    :param resource_id: the file; None for something about the record as a whole
    """
    query = _grants(context, package)
    if query is None:
        return None
    files: list[Any] = [AccessRequest.resource_id.is_(None)]
    if resource_id:
        files.append(AccessRequest.resource_id == resource_id)
    found = model.Session.execute(query.where(sa.or_(*files)).limit(1))
    return found.scalar_one_or_none()


@dataclass(frozen=True, slots=True)
class Readable:
    """Which files of a restricted record a user may read."""

    #: All of them.
    everything: bool
    #: These by name.
    files: frozenset[str] = frozenset()

    def has(self, resource_id: str) -> bool:
        """Tell whether a file is among them."""
        return self.everything or resource_id in self.files


def readable(context: Context, package: Any) -> Readable:
    """Return which files of a restricted record the user may read, as :func:`reading` judges each.

    By one query, however many files there are.
    """
    if is_insider(context, package):
        return Readable(everything=True)
    query = _grants(context, package)
    if query is None or levels.of_package(package) == levels.CLOSED:
        return Readable(everything=False)
    files = {found.resource_id for found in model.Session.execute(query).scalars()}
    return Readable(None in files, frozenset(files - {None}))


def reading(context: Context, package: Any, resource_id: str | None = None) -> Reading | None:
    """Return by what the user reads the data of a restricted record; None where they may not.

    What is granted is about restricted records: a closed one is read by role alone.
    """
    if is_insider(context, package):
        return Reading()
    if levels.of_package(package) == levels.CLOSED:
        return None
    found = grant(context, package, resource_id)
    return Reading(found.id) if found else None


def resource_and_package(resource_id: object) -> tuple[Any, Any]:
    """Return a file and the record that it belongs to, whatever an address says; None for none."""
    resource: Any = model.Resource.get(resource_id) if isinstance(resource_id, str) else None
    package = model.Package.get(resource.package_id) if resource is not None else None
    return (resource, package) if package is not None else (None, None)
