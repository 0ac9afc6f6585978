"""CKAN's own ways to give roles: only the walidata makes admins, and no invitation stays half."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.common import config_declaration
from ckan.config.declaration import Key
from ckan.tests.helpers import call_action

from ckanext.tangerang.accounts.logic import auth

from .conftest import PLUGINS, act, events, roles_of

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "app", "people"),
]

NEW = "baru@example.go.id"


def ways(people, role):
    """Return CKAN's ways to give somebody a role in an OPD, as calls of actions."""
    name, opd = people.nobody["name"], people.dinkes["id"]
    shown = call_action("organization_show", id=opd, include_users=True)
    users = [*shown["users"], {"name": name, "capacity": role}]
    by_list = {**shown, "users": users}
    return {
        "organization_member_create": {"id": opd, "username": name, "role": role},
        "group_member_create": {"id": opd, "username": name, "role": role},
        "member_create": {"id": opd, "object": name, "object_type": "user", "capacity": role},
        "organization_patch": {"id": opd, "users": users},
        "organization_update": by_list,
        "group_update": by_list,
    }


def leave(people):
    """Take the role away again."""
    data = {"id": "dinkes", "username": people.nobody["name"]}
    act("organization_member_delete", people.sysadmin, **data)


def test_an_admin_opd_makes_no_admin(people):
    for action, data in ways(people, "admin").items():
        with pytest.raises(tk.NotAuthorized, match="walidata"):
            act(action, people.admin, **data)
        assert roles_of(people.nobody) == {}, action


def test_an_admin_opd_does_not_raise_an_editor(people):
    with pytest.raises(tk.NotAuthorized):
        act(
            "organization_member_create",
            people.admin,
            id="dinkes",
            username=people.editor["name"],
            role="admin",
        )
    assert roles_of(people.editor) == {"dinkes": "editor"}


def test_stock_ckan_lets_an_admin_make_admins(people, monkeypatch):
    """Without the guard each of the ways is open; when this fails, it may go."""
    monkeypatch.setattr(auth, "_appoints_admin", lambda *_: None)
    for action, data in ways(people, "admin").items():
        act(action, people.admin, **data)
        assert roles_of(people.nobody) == {"dinkes": "admin"}, action
        leave(people)


def test_the_other_roles_and_the_walidata_are_as_in_ckan(people):
    for action, data in ways(people, "editor").items():
        act(action, people.admin, **data)
        assert roles_of(people.nobody) == {"dinkes": "editor"}, action
        assert events(people.nobody)[-1] == "member"
        leave(people)
    act("organization_patch", people.admin, id="dinkes", description="Data kesehatan")
    shown = call_action("organization_show", id="dinkes", include_users=True)
    act("organization_patch", people.admin, id="dinkes", users=shown["users"])
    assert roles_of(people.admin) == {"dinkes": "admin"}
    act(
        "organization_member_create",
        people.sysadmin,
        id="dinkes",
        username=people.nobody["name"],
        role="admin",
    )
    assert roles_of(people.nobody) == {"dinkes": "admin"}


def test_who_makes_an_organization_is_not_written_down_as_appointed(people):
    act("organization_create", people.sysadmin, name="baru", title="Baru", kontak_email="b@b.id")
    assert roles_of(people.sysadmin) == {"baru": "admin"}
    assert events(people.sysadmin) == []


def accounts():
    return {row.name for row in model.Session.query(model.User.name)}


def invite(user, role="editor"):
    return act("user_invite", user, email=NEW, group_id="dinkes", role=role)


class TestInvite:
    def test_nobody_invites_an_admin_but_the_walidata(self, people, mail_server):
        before = accounts()
        with pytest.raises(tk.NotAuthorized):
            invite(people.admin, "admin")
        assert accounts() == before
        assert mail_server.get_smtp_messages() == []

    @pytest.mark.usefixtures("with_request_context")
    @pytest.mark.parametrize("server", ["", "127.0.0.1:1"])
    def test_without_a_mail_server_nothing_is_left(self, people, ckan_config, server):
        ckan_config["smtp.server"] = server
        before = accounts()
        for user in (people.admin, people.sysadmin):
            with pytest.raises(tk.ValidationError) as error:
                invite(user)
            if user is people.admin or not server:
                assert "/akun/baru" in str(error.value.error_dict)
        members = model.Session.query(model.Member).filter_by(table_name="user", state="active")
        known = {row.id for row in model.Session.query(model.User.id).filter_by(state="active")}
        assert {row.table_id for row in members} <= known
        assert {name for name in accounts() - before if model.User.get(name).is_active} == set()
        model.Session.expire_all()

    def test_the_page_of_members_says_so(self, app, people, ckan_config):
        ckan_config["smtp.server"] = ""
        app.set_session_user(people.admin["id"])
        answer = app.post("/organization/member_new/dinkes", data={"email": NEW, "role": "editor"})
        assert "/akun/baru" in answer.body
        app.post(
            "/organization/member_new/dinkes",
            data={"username": people.nobody["name"], "role": "admin"},
            status=403,
        )

    @pytest.mark.usefixtures("with_request_context")
    def test_with_one_it_is_as_in_ckan_and_of_the_opd(self, people, mail_server):
        made = invite(people.admin)
        assert len(mail_server.get_smtp_messages()) == 1
        assert roles_of(made) == {"dinkes": "editor"}
        assert events(made)[-1] == "create"
        assert act("tangerang_account_link", people.admin, id=made["id"])


def test_nobody_registers_unless_the_site_says_so():
    for way in ("create_user_via_web", "create_user_via_api"):
        assert config_declaration[Key.from_string(f"ckan.auth.{way}")].default is False
