"""Asking for access, and deciding about it."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from ... import codes, config, levels, limits, mail, rights, signals, states, store
from ...model import AccessRequest, now
from .. import schema

if TYPE_CHECKING:
    from datetime import date

    from ckan.types import Context, DataDict

__all__ = [
    "tangerang_access_grant",
    "tangerang_access_link",
    "tangerang_access_refuse",
    "tangerang_access_request",
    "tangerang_access_revoke",
]


def _tell(request: AccessRequest) -> None:
    """Tell who listens what became of a request; no contact is among it."""
    signals.request_changed.send(
        request.id,
        request={
            "package_id": request.package_id,
            "resource_id": request.resource_id,
            "user_id": request.user_id,
            "state": request.state,
            "until": request.until,
        },
    )


def _refuse(field: str, text: str) -> tk.ValidationError:
    """Give locks back, and return the message about a field."""
    model.Session.rollback()
    return tk.ValidationError({field: [text]})


def _asked_file(package: Any, resource_id: str | None) -> str | None:
    """Return the id of the file that somebody asks for; None for all of the record.

    :raises ValidationError: for a file of another record
    """
    if not resource_id:
        return None
    resource, owner = rights.resource_and_package(resource_id)
    if resource is None or owner.id != package.id or resource.state != model.State.ACTIVE:
        raise tk.ValidationError(
            {"resource_id": [tk._("This file is not among the files of the record.")]}
        )
    return str(resource.id)


def _check_ask(context: Context, package: Any, resource_id: str | None) -> None:
    """Refuse to ask for what is open, or what the user reads anyway.

    :raises ValidationError: then
    """
    level = levels.of_package(package)
    if level == levels.OPEN:
        raise tk.ValidationError({"id": [tk._("The files of this record are open to everybody.")]})
    if level == levels.CLOSED:
        raise tk.ValidationError({"id": [tk._("This record is closed: nobody is let read it.")]})
    if rights.reading(context, package, resource_id) is not None:
        raise tk.ValidationError({"id": [tk._("You may read these files already.")]})


@tk.validate_action_data(schema.tangerang_access_request)
def tangerang_access_request(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Ask to read the restricted files of a record, with or without an account.

    Who asks is told to those who decide alone: the Admin OPD of the record and the walidata.

    :param id: id or name of the record
    :param resource_id: one file (optional, default: all)
    :param name: name of who asks
    :param institution: where they belong
    :param email: where they are answered
    :param purpose: what the data are for, 20 characters or more
    :returns: ``{"id", "state", "created"}``
    """
    tk.check_access("tangerang_access_request", context, data_dict)
    package: Any = model.Package.get(data_dict["id"])
    resource_id = _asked_file(package, data_dict.get("resource_id"))
    _check_ask(context, package, resource_id)
    user = rights.user_of(context)
    if store.waits(package.id, user.id if user else None, data_dict["email"]):
        raise tk.ValidationError(
            {"id": [tk._("You have asked for this already. Wait for the answer of the agency.")]}
        )
    limits.count(context)
    request = AccessRequest(
        package_id=package.id,
        resource_id=resource_id,
        user_id=user.id if user else None,
        state=states.ASKED,
        **{name: data_dict[name] for name in ("name", "institution", "email", "purpose")},
    )
    model.Session.add(request)
    model.Session.commit()
    _tell(request)
    return {"id": request.id, "state": request.state, "created": request.created.isoformat()}


def _end_of(day: date) -> datetime:
    """Return the end of a day where the portal is, as the database keeps it."""
    zone = tk.h.get_display_timezone()
    local = datetime.combine(day + timedelta(days=1), time())
    # Zones of pytz know what they mean on a day by this way alone.
    known = zone.localize(local) if hasattr(zone, "localize") else local.replace(tzinfo=zone)
    return known.astimezone(timezone.utc).replace(tzinfo=None)


def _until(day: date) -> datetime:
    """Return when access ends that is granted until a day, that day included.

    :raises ValidationError: for a day that is over, or too far
    """
    until = _end_of(day)
    if until <= now():
        raise _refuse("until", tk._("This day is over. Choose a later one."))
    if until > now() + timedelta(days=config.max_days() + 1):
        raise _refuse(
            "until",
            tk._("Access is granted for {count} days at most.").format(count=config.max_days()),
        )
    return until


def _decide(
    context: Context, data_dict: DataDict, state: str, sources: tuple[str, ...]
) -> AccessRequest:
    """Bring a request into another state. Does not commit.

    :param sources: the states from which that is possible
    :raises ValidationError: in another one
    """
    request = store.lock(data_dict["id"])
    before = states.shown(request.state, request.until, now())
    if before not in sources:
        raise _refuse("state", tk._("This request has been decided already. Load the page again."))
    request.state = state
    request.decided = now()
    user = rights.user_of(context)
    request.decided_by = user.id if user else None
    request.reason = data_dict.get("reason") or ""
    return request


@tk.validate_action_data(schema.tangerang_access_grant)
def tangerang_access_grant(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Let somebody read what they asked for, until a day.

    Somebody without an account gets a link, which is in this answer and nowhere else, and is sent
    by e-mail where the site has a mail server. Granting again moves the day.

    :param id: id of the request
    :param until: the last day, ``YYYY-MM-DD``
    :param reason: a remark (optional)
    :param mail: send the link by e-mail (optional, default: true)
    :returns: as :func:`tangerang_access_show`; for somebody without an account also ``link``:
        ``{"url", "code", "expires", "uses", "mailed"}``
    """
    tk.check_access("tangerang_access_grant", context, data_dict)
    until = _until(data_dict["until"])
    request = _decide(
        context, data_dict, states.GRANTED, (states.ASKED, states.GRANTED, states.ENDED)
    )
    package: Any = model.Package.get(request.package_id)
    if levels.of_package(package) != levels.RESTRICTED:
        raise _refuse("id", tk._("The record of this request is not restricted any more."))
    request.until = until
    code = codes.make(request) if request.user_id is None else None
    model.Session.commit()
    _tell(request)
    return _answer(request, package, code, send=data_dict["mail"])


def _answer(
    request: AccessRequest, package: Any, code: codes.NewCode | None, *, send: bool
) -> dict[str, Any]:
    """Return what a granted request is told to be, with its link where one was made."""
    found = store.describe([request])[0]
    if code is not None:
        mailed = send and mail.granted(request, package, code)
        found["link"] = {**code.as_dict(), "mailed": mailed}
    return found


@tk.validate_action_data(schema.tangerang_access_link)
def tangerang_access_link(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Make a new link for somebody without an account, in place of the one there was.

    :param id: id of a request that is granted
    :param mail: send the link by e-mail (optional, default: true)
    :returns: as :func:`tangerang_access_grant`
    """
    tk.check_access("tangerang_access_link", context, data_dict)
    request = store.lock(data_dict["id"])
    if states.shown(request.state, request.until, now()) != states.GRANTED:
        raise _refuse("state", tk._("Access is not granted, or has ended. Grant it first."))
    if request.user_id is not None:
        raise _refuse("id", tk._("This person has an account and needs no link: they log in."))
    code = codes.make(request)
    model.Session.commit()
    package: Any = model.Package.get(request.package_id)
    return _answer(request, package, code, send=data_dict["mail"])


@tk.validate_action_data(schema.tangerang_access_refuse)
def tangerang_access_refuse(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Refuse a request, and say why.

    :param id: id of the request
    :param reason: why, for who asked
    :param mail: tell who has no account by e-mail (optional, default: true)
    :returns: as :func:`tangerang_access_show`
    """
    tk.check_access("tangerang_access_refuse", context, data_dict)
    request = _decide(context, data_dict, states.REFUSED, (states.ASKED,))
    return _ended(request, send=data_dict["mail"])


@tk.validate_action_data(schema.tangerang_access_revoke)
def tangerang_access_revoke(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Take access back at once, or the own request.

    :param id: id of the request
    :param reason: why, for who asked; needed unless the request is the user's own
    :param mail: tell who has no account by e-mail (optional, default: true)
    :returns: as :func:`tangerang_access_show`
    """
    tk.check_access("tangerang_access_revoke", context, data_dict)
    user = rights.user_of(context)
    request = store.find(data_dict["id"])
    if user is not None and request.user_id == user.id:
        sources = (states.ASKED, states.GRANTED, states.ENDED)
        return _ended(_decide(context, data_dict, states.CANCELLED, sources), send=False)
    if not data_dict.get("reason"):
        raise tk.ValidationError({"reason": [tk._("Say why: who asked is told.")]})
    request = _decide(context, data_dict, states.REVOKED, (states.GRANTED, states.ENDED))
    return _ended(request, send=data_dict["mail"])


def _ended(request: AccessRequest, *, send: bool) -> dict[str, Any]:
    """Commit that a request is over, put its links out of use, and tell who asked."""
    codes.void(request.id)
    model.Session.commit()
    _tell(request)
    package: Any = model.Package.get(request.package_id)
    if send and request.user_id is None:
        mail.refused(request, package)
    return store.describe([request])[0]
