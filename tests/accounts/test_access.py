"""Who may do what with whose account: every action, every role."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

from .conftest import PLUGINS, act, roles_of, stored

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "app", "people"),
]

ACTORS = ("sysadmin", "walidata", "admin", "editor", "member", "other_admin", "pembina", "nobody")
EVERYWHERE = {"sysadmin", "walidata"}

#: Who may manage the account of whom.
MANAGERS = {
    "editor": {*EVERYWHERE, "admin"},
    "member": {*EVERYWHERE, "admin"},
    "other_editor": {*EVERYWHERE, "other_admin"},
    # An Admin OPD, one with a role in two OPD, one without any, the pembina.
    "admin": EVERYWHERE,
    "both": EVERYWHERE,
    "nobody": EVERYWHERE,
    "pembina": EVERYWHERE,
    "walidata": {"sysadmin"},
    "sysadmin": set(),
}

#: What each action about one account is called with.
CALLS = {
    "tangerang_account_link": {},
    "tangerang_account_move": {"organization": "dinkes", "role": "member"},
    "tangerang_account_handover": {},
    "tangerang_account_disable": {},
    "tangerang_account_enable": {},
}


def allowed(actor, target):
    return actor in MANAGERS[target] and actor != target


def may(people, actor, action, **data):
    """Tell whether somebody may call an action."""
    context = {"user": getattr(people, actor)["name"] if actor else ""}
    try:
        return tk.check_access(action, context, data)
    except tk.NotAuthorized:
        return False


def test_the_matrix(people):
    found = {
        (action, target, actor): may(people, actor, action, id=getattr(people, target)["id"])
        for action in CALLS
        for target in MANAGERS
        for actor in (*ACTORS, None)
    }
    assert found == {key: allowed(key[2], key[1]) for key in found}


def test_actions_refuse_what_their_auth_refuses_and_change_nothing(people):
    for action in CALLS:
        check_refusals(people, action)


def check_refusals(people, action):
    data = {"to": people.editor["name"]} if action.endswith("handover") else CALLS[action]
    for actor, target in (
        ("admin", "other_editor"),
        ("admin", "both"),
        ("editor", "member"),
        ("walidata", "sysadmin"),
        ("sysadmin", "sysadmin"),
        ("admin", "admin"),
    ):
        account = getattr(people, target)
        before = roles_of(account), stored(account).state
        with pytest.raises(tk.NotAuthorized):
            act(action, getattr(people, actor), id=account["name"], **data)
        assert (roles_of(account), stored(account).state) == before


def test_ignore_auth_does_not_open_the_account_of_a_sysadmin(people):
    for action, more in CALLS.items():
        data = {"to": people.editor["name"]} if action.endswith("handover") else more
        with pytest.raises(tk.NotAuthorized, match="sysadmins"):
            tk.get_action(action)(
                {"user": "", "ignore_auth": True}, {"id": people.sysadmin["id"], **data}
            )


def test_lists_are_for_those_who_manage_accounts(people):
    for action in ("list", "create", "show"):
        found = {a for a in (*ACTORS, None) if may(people, a, f"tangerang_account_{action}")}
        assert found == {*EVERYWHERE, "admin", "other_admin"}
    found = {a for a in (*ACTORS, None) if may(people, a, "tangerang_account_audit_list")}
    assert found == EVERYWHERE


class TestRoles:
    """What an Admin OPD may give, and where."""

    def test_an_admin_opd_makes_no_admin_and_nobody_elsewhere(self, people):
        for opd, role, field in (
            ("dinkes", "admin", "role"),
            ("dinsos", "editor", "organization"),
            ("diskominfo", "editor", "organization"),
        ):
            entry = {"fullname": "Siti Aminah", "organization": opd, "role": role}
            found = act("tangerang_account_create", people.admin, accounts=[entry], dry_run=False)
            assert [error["field"] for error in found["errors"]] == [field]
            assert found["applied"] is False
        assert call_action("user_autocomplete", q="siti") == []

    def test_an_admin_opd_moves_nobody_out_or_up(self, people):
        for opd, role in (("dinsos", "editor"), ("dinkes", "admin"), ("diskominfo", "editor")):
            with pytest.raises(tk.NotAuthorized):
                act(
                    "tangerang_account_move",
                    people.admin,
                    id=people.editor["id"],
                    organization=opd,
                    role=role,
                )
        assert roles_of(people.editor) == {"dinkes": "editor"}

    def test_a_role_that_cascades_from_a_parent_makes_no_admin_opd(self, people):
        child = factories.Organization(
            name="puskesmas",
            users=[{"name": people.nobody["name"], "capacity": "editor"}],
            groups=[{"name": "dinkes"}],
            kontak_email="p@example.go.id",
        )
        assert child["groups"][0]["name"] == "dinkes"
        with pytest.raises(tk.NotAuthorized):
            act("tangerang_account_link", people.admin, id=people.nobody["id"])

    def test_a_collaborator_elsewhere_is_not_of_the_opd_alone(self, people, ckan_config):
        ckan_config["ckan.auth.allow_dataset_collaborators"] = True
        dataset = factories.Dataset(owner_org=people.dinsos["id"], private=True)
        call_action(
            "package_collaborator_create",
            id=dataset["id"],
            user_id=people.editor["id"],
            capacity="editor",
        )
        with pytest.raises(tk.NotAuthorized):
            act("tangerang_account_link", people.admin, id=people.editor["id"])


class TestAddedFromElsewhere:
    """Adding an existing account on CKAN's own pages gives no power over its password."""

    def test_not_until_the_walidata_moves_it(self, people):
        act(
            "organization_member_create",
            people.admin,
            id="dinkes",
            username=people.nobody["name"],
            role="editor",
        )
        for action in ("tangerang_account_link", "tangerang_account_disable"):
            with pytest.raises(tk.NotAuthorized, match="existed before"):
                act(action, people.admin, id=people.nobody["id"])
        act(
            "tangerang_account_move",
            people.walidata,
            id=people.nobody["id"],
            organization="dinkes",
            role="editor",
        )
        assert act("tangerang_account_link", people.admin, id=people.nobody["id"])

    def test_nor_along_with_a_change_of_the_organization(self, people):
        shown = call_action("organization_show", id="dinkes", include_users=True)
        users = [*shown["users"], {"name": people.nobody["name"], "capacity": "editor"}]
        act("organization_patch", people.admin, id="dinkes", users=users)
        assert roles_of(people.nobody) == {"dinkes": "editor"}
        with pytest.raises(tk.NotAuthorized, match="existed before"):
            act("tangerang_account_link", people.admin, id=people.nobody["id"])

    def test_a_change_of_role_is_no_arrival(self, people):
        act(
            "organization_member_create",
            people.admin,
            id="dinkes",
            username=people.editor["name"],
            role="member",
        )
        assert act("tangerang_account_link", people.admin, id=people.editor["id"])


class TestDisabled:
    def test_the_opd_that_had_it_may_enable_it_and_no_other(self, people):
        act("tangerang_account_disable", people.admin, id=people.editor["id"])
        with pytest.raises(tk.NotAuthorized):
            act("tangerang_account_enable", people.other_admin, id=people.editor["id"])
        act("tangerang_account_enable", people.admin, id=people.editor["id"])
        assert roles_of(people.editor) == {}
        act(
            "tangerang_account_move",
            people.admin,
            id=people.editor["id"],
            organization="dinkes",
            role="editor",
        )
        assert roles_of(people.editor) == {"dinkes": "editor"}

    def test_not_once_it_belongs_to_another(self, people):
        act("tangerang_account_disable", people.admin, id=people.editor["id"])
        act("tangerang_account_enable", people.walidata, id=people.editor["id"])
        act(
            "tangerang_account_move",
            people.walidata,
            id=people.editor["id"],
            organization="dinsos",
            role="editor",
        )
        with pytest.raises(tk.NotAuthorized):
            act("tangerang_account_link", people.admin, id=people.editor["id"])
