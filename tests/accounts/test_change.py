"""Move, hand over, disable, enable; and what is written down of it."""

from __future__ import annotations

import json

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from tests.theme.conftest import counted

from .conftest import PLUGINS, act, events, roles_of, stored, token

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "app", "people"),
]


def draft(people, opd, **more):
    """Make a draft of the editor in an OPD, or in none."""
    record = {
        "name": f"draf-{opd}",
        "title": "Draf",
        "owner_org": opd,
        "state": "draft",
        "private": True,
        **more,
    }
    made = call_action("package_create", {"user": people.sysadmin["name"]}, **record)
    package = model.Package.get(made["id"])
    package.creator_user_id = people.editor["id"]
    model.Session.commit()
    return made["id"]


def move(user, account, opd, role):
    return act("tangerang_account_move", user, id=account["name"], organization=opd, role=role)


class TestMove:
    def test_the_old_roles_end(self, people):
        shown = move(people.walidata, people.both, "diskominfo", "admin")
        assert roles_of(people.both) == {"diskominfo": "admin"}
        assert [(r["organization"]["name"], r["role"]) for r in shown["roles"]] == [
            ("diskominfo", "admin")
        ]
        assert events(people.both)[-1] == "move"

    def test_there_and_back_again_leaves_one_row(self, people):
        for opd in ("dinsos", "dinkes", "dinsos"):
            move(people.walidata, people.editor, opd, "editor")
        assert roles_of(people.editor) == {"dinsos": "editor"}
        rows = model.Session.query(model.Member).filter_by(table_id=people.editor["id"])
        assert rows.count() == 2

    def test_an_admin_opd_changes_the_role(self, people):
        move(people.admin, people.editor, "dinkes", "member")
        assert roles_of(people.editor) == {"dinkes": "member"}

    def test_bad_calls(self, people):
        for opd, role, error in (
            ("tidak-ada", "editor", tk.ObjectNotFound),
            ("dinkes", "sysadmin", tk.ValidationError),
            ("dinkes", "", tk.ValidationError),
            (["dinkes"], "editor", tk.ValidationError),
        ):
            with pytest.raises(error):
                move(people.walidata, people.editor, opd, role)
        with pytest.raises(tk.ObjectNotFound):
            act("tangerang_account_move", people.walidata, id="x", organization="a", role="editor")
        assert roles_of(people.editor) == {"dinkes": "editor"}


class TestHandover:
    def test_drafts_and_collaborations_go(self, people, ckan_config):
        ckan_config["ckan.auth.allow_dataset_collaborators"] = True
        mine, other = draft(people, "dinkes"), draft(people, "dinsos")
        dataset = factories.Dataset(owner_org=people.dinkes["id"], private=True)
        for user, capacity in ((people.editor, "editor"), (people.admin, "member")):
            call_action(
                "package_collaborator_create",
                id=dataset["id"],
                user_id=user["id"],
                capacity=capacity,
            )
        public = model.Package.get(dataset["id"])
        public.creator_user_id = people.editor["id"]
        model.Session.commit()
        found = act(
            "tangerang_account_handover",
            people.walidata,
            id=people.editor["id"],
            to=people.admin["name"],
        )
        assert found == {"drafts": [mine], "collaborations": 1, "left": 1}
        creators = {
            key: model.Package.get(key).creator_user_id for key in (mine, other, dataset["id"])
        }
        assert creators == {
            mine: people.admin["id"],
            other: people.editor["id"],
            dataset["id"]: people.editor["id"],
        }
        [entry] = model.Session.query(model.PackageMember)
        assert (entry.user_id, entry.capacity) == (people.admin["id"], "editor")
        # The search index knows.
        query = {"fq": f"creator_user_id:{people.admin['id']}", "include_drafts": True}
        query["include_private"] = True
        assert call_action("package_search", **query)["count"] == 1
        assert events(people.editor)[-1] == "handover"

    def test_an_admin_opd_hands_over_within_the_opd(self, people):
        mine = draft(people, "dinkes")
        for to in (people.other_editor, people.nobody, people.sysadmin, people.editor):
            with pytest.raises(tk.ValidationError):
                act(
                    "tangerang_account_handover",
                    people.admin,
                    id=people.editor["id"],
                    to=to["name"],
                )
        # A reader may not edit: the draft stays.
        data = {"id": people.editor["id"], "to": people.member["name"]}
        assert act("tangerang_account_handover", people.admin, **data)["left"] == 1
        data["to"] = people.admin["name"]
        assert act("tangerang_account_handover", people.admin, **data)["drafts"] == [mine]

    def test_also_when_it_is_disabled_already(self, people):
        mine = draft(people, "dinkes")
        act("tangerang_account_disable", people.admin, id=people.editor["id"])
        data = {"id": people.editor["id"], "to": people.admin["name"]}
        assert act("tangerang_account_handover", people.admin, **data)["drafts"] == [mine]


class TestDisable:
    def test_nothing_opens_the_account_any_more(self, app, people, ckan_config):
        ckan_config["ckan.auth.allow_dataset_collaborators"] = True
        call_action("user_patch", id=people.editor["id"], password="sandi lama sekali")
        dataset = factories.Dataset(owner_org=people.dinkes["id"], private=True)
        call_action(
            "package_collaborator_create",
            id=dataset["id"],
            user_id=people.editor["id"],
            capacity="editor",
        )
        api = token(people.editor)
        browser = app.test_client()
        login = {"login": people.editor["name"], "password": "sandi lama sekali"}
        browser.post("/user/login", data={**login, "remember": "63072000"})
        assert browser.get("/dashboard/datasets", follow_redirects=False).status_code == 200
        shown = act("tangerang_account_disable", people.admin, id=people.editor["id"])
        assert shown["state"] == "disabled"
        assert shown["roles"] == []
        assert shown["former_roles"][0]["organization"]["name"] == "dinkes"
        account = stored(people.editor)
        assert (account.state, account.password, account.reset_key) == ("deleted", None, None)
        assert roles_of(people.editor) == {}
        assert model.Session.query(model.PackageMember).count() == 0
        assert model.Session.query(model.ApiToken).filter_by(user_id=account.id).count() == 0
        headers = {"Authorization": api}
        url = "/api/3/action/organization_list_for_user"
        assert app.get(url, headers=headers).json["result"] == []
        assert browser.get("/dashboard/datasets", follow_redirects=False).status_code != 200
        assert app.post("/user/login", data=login, follow_redirects=False).status_code == 200

        # Enabled again: no role, no password, no session from before.
        act("tangerang_account_enable", people.admin, id=people.editor["id"])
        account = stored(people.editor)
        assert (account.state, account.password) == ("pending", None)
        account.activate()
        model.Session.commit()
        assert roles_of(people.editor) == {}
        assert model.Session.query(model.ApiToken).filter_by(user_id=account.id).count() == 0
        assert events(people.editor)[-2:] == ["disable", "enable"]

    def test_a_session_that_slept_meanwhile_does_not_wake_up(self, app, people):
        call_action("user_patch", id=people.editor["id"], password="sandi lama sekali")
        browser = app.test_client()
        login = {"login": people.editor["name"], "password": "sandi lama sekali"}
        browser.post("/user/login", data={**login, "remember": "63072000"})
        act("tangerang_account_disable", people.admin, id=people.editor["id"])
        act("tangerang_account_enable", people.admin, id=people.editor["id"])
        account = stored(people.editor)
        account.activate()
        model.Session.commit()
        assert browser.get("/dashboard/datasets", follow_redirects=False).status_code != 200

    def test_twice_is_an_error_and_so_is_enabling_what_is_in_use(self, people):
        with pytest.raises(tk.ValidationError):
            act("tangerang_account_enable", people.admin, id=people.editor["id"])
        act("tangerang_account_disable", people.admin, id=people.editor["id"])
        for action in ("disable", "link"):
            with pytest.raises(tk.ValidationError):
                act(f"tangerang_account_{action}", people.admin, id=people.editor["id"])
        with pytest.raises(tk.ValidationError):
            move(people.walidata, people.editor, "dinkes", "editor")

    def test_an_address_that_somebody_has_by_now(self, people):
        act("tangerang_account_disable", people.admin, id=people.editor["id"])
        call_action("user_patch", id=people.member["id"], email=people.editor["email"])
        with pytest.raises(tk.ValidationError, match="e-mail"):
            act("tangerang_account_enable", people.admin, id=people.editor["id"])

    def test_a_profile_that_is_saved_keeps_the_note_of_ended_sessions(self, people):
        act("tangerang_account_disable", people.admin, id=people.editor["id"])
        act("tangerang_account_enable", people.admin, id=people.editor["id"])
        call_action("user_patch", id=people.editor["id"], about="x", password="sandi baru sekali")
        assert stored(people.editor).plugin_extras["tangerang_accounts"]["sessions_ended"]


class TestLists:
    def names(self, user, **data):
        found = act("tangerang_account_list", user, **data)
        return {row["name"] for row in found["results"]}

    def named(self, people, *who):
        return {getattr(people, name)["name"] for name in who}

    def test_who_sees_whom(self, people):
        every = [
            "admin",
            "editor",
            "member",
            "other_admin",
            "other_editor",
            "walidata",
            "nobody",
            "pembina",
            "both",
        ]
        for user in (people.sysadmin, people.walidata):
            assert self.names(user) == self.named(people, *every)
        assert self.names(people.admin) == self.named(people, "admin", "editor", "member", "both")

    def test_filters(self, people):
        act("tangerang_account_disable", people.admin, id=people.editor["id"])
        for data, who in (
            ({"organization": "dinkes"}, ("admin", "editor", "member", "both")),
            ({"organization": "dinkes", "role": "editor"}, ("both",)),
            ({"role": "admin"}, ("admin", "other_admin")),
            ({"state": "disabled"}, ("editor",)),
            ({"q": "OTHER-ed"}, ("other_editor",)),
            ({"q": "%"}, ()),
        ):
            assert self.names(people.walidata, **data) == self.named(people, *who), data
        assert self.names(people.admin, state="disabled") == self.named(people, "editor")
        assert self.names(people.other_admin, state="disabled") == set()
        assert self.names(people.admin, organization="dinsos") == self.named(people, "both")
        assert len(act("tangerang_account_list", people.walidata, limit=2)["results"]) == 2
        for wrong in ({"state": "x"}, {"role": "sysadmin"}, {"limit": -1}):
            with pytest.raises(tk.ValidationError):
                act("tangerang_account_list", people.walidata, **wrong)

    def test_what_an_admin_opd_learns_of_others(self, people):
        found = act("tangerang_account_list", people.admin)["results"]
        rows = {row["name"]: row for row in found}
        both = rows[people.both["name"]]
        assert both["elsewhere"] is True
        assert [r["organization"]["name"] for r in both["roles"]] == ["dinkes"]
        assert both["manageable"] is rows[people.admin["name"]]["manageable"] is False
        assert rows[people.editor["name"]]["manageable"] is True
        for who in ("other_editor", "sysadmin", "nobody"):
            with pytest.raises(tk.ObjectNotFound):
                act("tangerang_account_show", people.admin, id=getattr(people, who)["id"])
        with pytest.raises(tk.ObjectNotFound):
            act("tangerang_account_show", people.walidata, id=people.sysadmin["id"])

    def test_the_queries_do_not_grow_with_the_rows(self, people):
        with counted() as few:
            act("tangerang_account_list", people.walidata, limit=2)
        with counted() as many:
            act("tangerang_account_list", people.walidata)
        assert len(many.sql) <= len(few.sql) + 1


def test_what_was_done_and_no_secret(people):
    code = act("tangerang_account_link", people.admin, id=people.editor["id"])["link"]["code"]
    move(people.walidata, people.editor, "dinsos", "member")
    act("tangerang_account_disable", people.walidata, id=people.editor["id"])
    found = act("tangerang_account_audit_list", people.walidata, id=people.editor["id"])
    assert [(row["action"], row["actor"]) for row in found["results"]][:3] == [
        ("disable", people.walidata["name"]),
        ("move", people.walidata["name"]),
        ("link", people.admin["name"]),
    ]
    assert found["results"][0]["details"]["roles"] == {people.dinsos["id"]: "member"}
    assert found["results"][1]["details"]["before"] == {people.dinkes["id"]: "editor"}
    assert code not in json.dumps(found)
    found = act("tangerang_account_audit_list", people.walidata, action="link")
    assert {row["action"] for row in found["results"]} == {"link"}
