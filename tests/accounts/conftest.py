"""Fixtures for the tests of accounts: people of three organizations, and what calls actions."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.tangerang.accounts.model import AccountEvent, AccountLink

#: The plugins that these tests are about, and their partners.
PLUGINS = (
    "tangerang_accounts tangerang_metadata tangerang_opd scheming_datasets scheming_organizations"
)


@pytest.fixture
def no_accounts(clean_db, clean_index, with_plugins):
    """Empty the tables of the plugin, which CKAN's ``clean_db`` leaves."""
    for table in (AccountLink, AccountEvent):
        model.Session.query(table).delete()
    model.Session.commit()


def person(name: str, **more: Any) -> dict[str, Any]:
    """Make an account without a password: to make one takes longer than most tests."""
    user: Any = model.User(
        name=f"{name.replace('_', '-')}-{uuid.uuid4().hex[:6]}",
        fullname=name.title(),
        email=f"{name}@example.go.id",
        **more,
    )
    model.Session.add(user)
    model.Session.flush()
    return {"id": user.id, "name": user.name, "email": user.email, "fullname": user.fullname}


@pytest.fixture
def people(no_accounts):
    """Make two OPD with people in each role, the walidata, the pembina and a sysadmin."""
    names = ("admin", "editor", "member", "other_admin", "other_editor", "walidata", "nobody")
    names += ("pembina", "both")
    found = {name: person(name) for name in names}
    found["sysadmin"] = person("sysadmin", sysadmin=True)
    model.Session.commit()

    def opd(name: str, title: str, members: dict[str, str], **more: Any) -> dict[str, Any]:
        users = [{"name": found[who]["name"], "capacity": role} for who, role in members.items()]
        return factories.Organization(
            name=name, title=title, users=users, kontak_email=f"{name}@example.go.id", **more
        )

    return SimpleNamespace(
        **found,
        dinkes=opd(
            "dinkes",
            "Dinas Kesehatan",
            {"admin": "admin", "editor": "editor", "member": "member", "both": "editor"},
            urusan=["1.02"],
            singkatan="Dinkes",
        ),
        dinsos=opd(
            "dinsos",
            "Dinas Sosial",
            {"other_admin": "admin", "other_editor": "editor", "both": "member"},
            urusan=["1.06"],
        ),
        diskominfo=opd(
            "diskominfo",
            "Dinas Komunikasi dan Informatika",
            {"walidata": "editor"},
            urusan=["2.16"],
            peran_sdi="walidata",
        ),
        bps=opd("bps", "BPS", {"pembina": "member"}, peran_sdi="pembina_data"),
    )


def act(action: str, user: dict[str, Any] | None, /, **data: Any) -> Any:
    """Call an action as somebody, with all checks of access."""
    name = user["name"] if user else ""
    context: Any = {"user": name, "auth_user_obj": model.User.get(name) if name else None}
    return tk.get_action(action)(context, data)


def token(user: dict[str, Any]) -> str:
    """Return an API token of somebody."""
    return str(call_action("api_token_create", user=user["name"], name="t")["token"])


def stored(user: dict[str, Any]) -> Any:
    """Return an account as the database has it."""
    model.Session.expire_all()
    return model.User.get(user["id"])


def roles_of(user: dict[str, Any]) -> dict[str, str]:
    """Return the roles of an account by name of the organization."""
    rows = (
        model.Session.query(model.Group.name, model.Member.capacity)
        .join(model.Member, model.Member.group_id == model.Group.id)
        .filter(
            model.Member.table_name == "user",
            model.Member.table_id == user["id"],
            model.Member.state == "active",
        )
    )
    return dict(map(tuple, rows))


def events(user: dict[str, Any]) -> list[str]:
    """Return what was done to an account, in order."""
    rows = model.Session.query(AccountEvent).filter_by(account_id=user["id"])
    return [event.action for event in rows.order_by(AccountEvent.position)]
