"""The five accounts of the sample portal, and the private file that lists them."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import api_token

from .ids import demo_id
from .loader import DemoError, configured_subject, operator_context

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .offices import Offices

#: Name of the API tokens that we make; older ones of that name are revoked.
TOKEN_NAME = "demo"  # noqa: S105 - a label, not a secret

#: Owner may read and write, nobody else anything.
PRIVATE_MODE = 0o600


@dataclass(frozen=True, slots=True)
class Account:
    """A sample account; ``capacity`` is its role in the organization of the same key."""

    name: str
    fullname: str
    sysadmin: bool = False
    capacity: str = ""


ACCOUNTS = (
    Account("admin", "Admin Portal (contoh)", sysadmin=True),
    Account("walidata", "Walidata (contoh)", capacity="admin"),
    Account("produsen", "Produsen Data (contoh)", capacity="editor"),
    Account("pembina", "Pembina Data (contoh)", capacity="member"),
    Account("pembaca", "Pembaca (contoh)"),
)


def _read(path: Path) -> dict[str, Any]:
    """Return the accounts that the file ``path`` lists; none for a missing or damaged file."""
    try:
        accounts = json.loads(path.read_text(encoding="utf-8"))["accounts"]
        return {name: dict(entry) for name, entry in accounts.items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}


def _write(path: Path, content: dict[str, Any]) -> None:
    """Write ``content`` as JSON to ``path``: all or nothing, and never readable by others."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.unlink(missing_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_MODE)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2, ensure_ascii=False)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise DemoError(
            f"{path} can not be written: {error.strerror}. "
            "Name a file in an existing folder that you may write to."
        ) from error


def _user(account: Account, known_password: str) -> tuple[model.User, str]:
    """Return the user of ``account`` and its password, made or renewed as needed.

    :param known_password: kept if it still works
    :raises DemoError: when the name belongs to an account that is not ours
    """
    id_ = demo_id("user", account.name)
    user = model.User.get(account.name)
    if user and user.id != id_:
        raise DemoError(
            f"The account {account.name} exists already and was not made for the sample portal. "
            "Sample accounts are for a portal of their own: use another database."
        )
    password = known_password
    if user is None:
        password = secrets.token_urlsafe(15)
        tk.get_action("user_create")(
            operator_context(),
            {
                "id": id_,
                "name": account.name,
                "fullname": account.fullname,
                "email": f"{account.name}@example.org",
                "password": password,
            },
        )
    elif not (user.is_active and known_password and user.validate_password(known_password)):
        password = secrets.token_urlsafe(15)
        tk.get_action("user_patch")(
            operator_context(), {"id": id_, "password": password, "state": "active"}
        )
    user = model.User.get(id_)
    assert user  # noqa: S101 - it was made above
    if user.sysadmin != account.sysadmin:
        tk.get_action("user_patch")(operator_context(), {"id": id_, "sysadmin": account.sysadmin})
    return user, password


def _token(user: model.User, known_token: str) -> str:
    """Return an API token of ``user``: the known one while it works, else a new one."""
    if known_token:
        owner = api_token.get_user_from_token(known_token, update_access_time=False)
        if owner and owner.id == user.id:
            return known_token
    for token in tk.get_action("api_token_list")(operator_context(), {"user_id": user.id}):
        if token["name"] == TOKEN_NAME:
            tk.get_action("api_token_revoke")(operator_context(), {"jti": token["id"]})
    made = tk.get_action("api_token_create")(
        operator_context(), {"user": user.id, "name": TOKEN_NAME}
    )
    return made["token"]


def _join(user: model.User, slug: str, capacity: str) -> None:
    """Give ``user`` the role ``capacity`` in the organization ``slug``, and no other role there.

    :raises DemoError: when there is no such organization
    """
    group = model.Group.get(slug)
    if group is None or not group.is_organization or group.state != model.State.ACTIVE:
        raise DemoError(
            f"There is no organization {slug} for the account {user.name}. "
            "Run first: ckan tangerang demo load"
        )
    held = (
        model.Session.query(model.Member.capacity)
        .filter_by(group_id=group.id, table_name="user", table_id=user.id, state="active")
        .scalar()
    )
    if held != capacity:
        tk.get_action("organization_member_create")(
            operator_context(), {"id": group.id, "username": user.name, "role": capacity}
        )


def _slug(offices: Offices, account: Account) -> str:
    """Return the slug of the organization of ``account``.

    :raises DemoError: when the OPD file names none
    """
    try:
        return offices.accounts[account.name]
    except KeyError as error:
        raise DemoError(
            f"The OPD file names no organization for the account {account.name}. "
            f"Add it under akun: {account.name}."
        ) from error


def make_accounts(path: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """Make or refresh the sample accounts and write them to ``path``.

    A password and a token of the file are kept while they work.

    :param path: written as JSON, readable by its owner only; shape:
        ``{"url": …, "accounts": {"admin": {"name", "password", "token"}, …}}``
    :param say: takes the lines of progress
    :returns: what the file holds
    :raises DemoError: when an account is somebody else's, an organization is missing or the file
        can not be written
    """
    if not path.parent.is_dir():
        raise DemoError(f"There is no folder {path.parent}. Make it first, or name another file.")
    offices = configured_subject().offices
    known = _read(path)
    entries: dict[str, dict[str, str]] = {}
    for account in ACCOUNTS:
        before = known.get(account.name, {})
        user, password = _user(account, before.get("password", ""))
        if account.capacity:
            _join(user, _slug(offices, account), account.capacity)
        entries[account.name] = {
            "name": account.name,
            "password": password,
            "token": _token(user, before.get("token", "")),
        }
        say(f"  {account.name}: {'kept' if entries[account.name] == before else 'made'}")
    content = {"url": tk.config["ckan.site_url"], "accounts": entries}
    _write(path, content)
    return content
