"""Who may do what with the registry: each role and each action."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.tangerang.opd import store

from .people import PLUGINS, ROLES

pytestmark = pytest.mark.ckan_config("ckan.plugins", PLUGINS)

ALL = frozenset(ROLES)
KEEPERS = frozenset({"walidata", "sysadmin"})
OWN = KEEPERS | {"admin"}
SYSADMIN = frozenset({"sysadmin"})

#: Every action of the registry, and who may call it (for dinkes, where it is about one OPD).
MATRIX = {
    "tangerang_opd_list": ({}, ALL),
    "tangerang_opd_show": ({"id": "dinkes"}, ALL),
    "tangerang_opd_resolve": ({"q": "dinkes"}, ALL),
    "tangerang_opd_resolve_many": ({"q": ["dinkes"]}, ALL),
    "tangerang_opd_alias_create": ({"id": "dinkes", "alias": "x"}, KEEPERS),
    "tangerang_opd_alias_delete": ({"id": "dinkes", "alias": "x"}, KEEPERS),
    "tangerang_opd_plan": ({}, KEEPERS),
    "tangerang_opd_apply": ({"token": "x"}, KEEPERS),
    "tangerang_opd_undo": ({"id": "x"}, KEEPERS),
    "tangerang_opd_journal_list": ({}, KEEPERS),
    "organization_show": ({"id": "dinkes"}, ALL),
    "organization_create": ({"name": "baru"}, KEEPERS),
    "organization_update": ({"id": "dinkes"}, OWN),
    "organization_patch": ({"id": "dinkes"}, OWN),
    "organization_delete": ({"id": "dinkes"}, SYSADMIN),
    "organization_purge": ({"id": "dinkes"}, SYSADMIN),
    "group_delete": ({"id": "dinkes"}, SYSADMIN),
    "organization_member_create": ({"id": "dinkes"}, frozenset({"admin", "sysadmin"})),
}

#: What belongs to the registry, each with another value than dinkes has.
REGISTRY = {
    "title": "Dinas Lain",
    "name": "dinaslain",
    "singkatan": "DL",
    "kode_opd": "1.02.0.00.0.00.02.0000",
    "jenis_opd": "badan",
    "urusan": ["1.02", "2.14"],
    "kode_wilayah": "36.03.02",
    "berlaku_dari": "1999",
    "berlaku_sampai": "2098",
    "cara_berakhir": "ditutup",
    "pengganti": "disdik",
    "dasar_hukum": "Perda 1/2020",
    "catatan_verifikasi": "sudah benar",
    "groups": [{"name": "disdik"}],
}
CONTACT = {
    "alamat": "Jalan Baru 1",
    "kontak_email": "kantor@example.go.id",
    "kontak_telepon": "(021) 5990000",
    "situs_web": "https://dinkes.example.go.id",
    "description": "Kantor kesehatan",
    "image_url": "https://dinkes.example.go.id/logo.png",
}


class TestActions:
    @pytest.mark.parametrize("action", MATRIX)
    def test_each_role(self, portal, action):
        data, allowed = MATRIX[action]
        found = set()
        for role in ROLES:
            try:
                tk.check_access(action, portal.context(role), dict(data))
            except tk.NotAuthorized:
                continue
            found.add(role)
        assert found == allowed

    def test_reads_are_asked_by_get(self, portal, app):
        for action in ("tangerang_opd_list", "tangerang_opd_show?id=dinkes"):
            assert app.get(f"/api/3/action/{action}").json["success"]
        for action in ("alias_create", "alias_delete"):
            address = f"/api/3/action/tangerang_opd_{action}?id=dinkes&alias=x"
            answer = app.get(address, headers=portal.headers("sysadmin"))
            assert answer.status_code == 400

    def test_a_member_of_the_walidata_is_not_walidata(self, portal):
        reader = factories.User()
        call_action(
            "organization_member_create", id="diskominfo", username=reader["name"], role="member"
        )
        with pytest.raises(tk.NotAuthorized):
            tk.check_access("organization_create", {"user": reader["name"]}, {})

    @pytest.mark.ckan_config("ckan.auth.user_create_organizations", "false")
    def test_the_walidata_creates_whatever_others_may(self, portal):
        portal.act("walidata", "organization_create", name="baru", title="Dinas Baru")


class TestFields:
    @pytest.mark.parametrize("name", REGISTRY)
    def test_the_registry_is_not_for_admins(self, portal, name):
        change = {name: REGISTRY[name]}
        for action in ("organization_patch", "organization_update", "group_update"):
            shown = portal.act("admin", "organization_show", id="dinkes")
            sent = {"id": "dinkes", **change}
            sent = sent if action == "organization_patch" else {**shown, **sent}
            errors = portal.refused("admin", action, **sent)
            refusal = ["Only the walidata changes this. Leave it as it was."]
            assert errors == {name: [{"name": refusal}] if name == "groups" else refusal}
            model.Session.rollback()

    @pytest.mark.parametrize("role", ["walidata", "sysadmin"])
    def test_but_for_the_keepers(self, portal, role):
        portal.act(role, "organization_patch", id="dinkes", **REGISTRY)
        unit = store.load().by_name["dinaslain"]
        assert unit.urusan == ("1.02", "2.14")
        assert (unit.induk, unit.pengganti) == ("disdik", ("disdik",))

    @pytest.mark.parametrize("name", ["singkatan", "urusan", "kode_opd", "berlaku_dari"])
    def test_an_admin_empties_nothing(self, portal, name):
        errors = portal.refused("admin", "organization_patch", id="dinkes", **{name: ""})
        assert list(errors) == [name]

    def test_an_admin_does_not_leave_the_tree(self, portal):
        portal.act("walidata", "organization_patch", id="dinkes", groups=[{"name": "disdik"}])
        portal.act("admin", "organization_patch", id="dinkes", groups=[{"name": "disdik"}])
        errors = portal.refused("admin", "organization_patch", id="dinkes", groups=[])
        assert list(errors) == ["groups"]
        link = {"id": "dinkes", "object": "disdik", "object_type": "group"}
        for action in ("member_create", "member_delete"):
            with pytest.raises(tk.NotAuthorized):
                portal.act("admin", action, capacity="public", **link)
        assert store.load().by_name["dinkes"].induk == "disdik"
        portal.act("walidata", "member_delete", **link)
        assert not store.load().by_name["dinkes"].induk

    def test_the_contact_is_the_admins(self, portal):
        portal.act("admin", "organization_patch", id="dinkes", **CONTACT)
        shown = call_action("organization_show", id="dinkes")
        assert {name: shown[name] for name in CONTACT} == CONTACT

    def test_what_is_not_sent_stays(self, portal):
        before = store.load().by_name["dinkes"]
        portal.act("admin", "organization_update", id="dinkes", alamat="Jalan Baru 1")
        after = store.load().by_name["dinkes"]
        assert after.alamat == "Jalan Baru 1"
        assert (after.kode_opd, after.urusan) == (before.kode_opd, before.urusan)
        assert (after.singkatan, after.berlaku_dari) == ("Dinkes", "2001")

    def test_what_is_sent_back_unchanged_is_no_change(self, portal):
        portal.act("walidata", "organization_patch", id="dinkes", pengganti="disdik")
        shown = portal.act("admin", "organization_show", id="dinkes")
        portal.act("admin", "organization_update", **{**shown, "alamat": "Jalan Baru 1"})
        as_text = {"urusan": "1.02", "pengganti": "disdik", "groups": []}
        portal.act("admin", "organization_patch", id="dinkes", **as_text)

    def test_the_walidata_gives_no_roles(self, portal):
        for name in ("dinkes", "diskominfo"):
            before = call_action("organization_show", id=name)["users"]
            itself = {"name": portal.users["walidata"]["name"], "capacity": "admin"}
            for users in ([itself], [*before, itself], []):
                errors = portal.refused("walidata", "organization_patch", id=name, users=users)
                assert list(errors) == ["users"]
            portal.act("walidata", "organization_patch", id=name, users=before, singkatan="S")
            assert call_action("organization_show", id=name)["users"] == before

    def test_an_admin_does(self, portal):
        before = portal.act("admin", "organization_show", id="dinkes", include_users=True)["users"]
        new = {"name": portal.users["stranger"]["name"], "capacity": "editor"}
        portal.act("admin", "organization_patch", id="dinkes", users=[*before, new])
        after = call_action("organization_show", id="dinkes", include_users=True)["users"]
        assert len(after) == len(before) + 1

    def test_others_change_nothing(self, portal):
        for role in ("anonymous", "stranger", "member", "editor", "other_admin"):
            with pytest.raises(tk.NotAuthorized):
                portal.act(role, "organization_patch", id="dinkes", **CONTACT)

    def test_a_state_does_not_delete_it(self, portal):
        errors = portal.refused("admin", "organization_patch", id="dinkes", state="deleted")
        assert list(errors) == ["state"]
        portal.act("walidata", "organization_patch", id="dinkes", state="deleted")
        assert model.Group.get("dinkes").state == "active"

    def test_an_admin_above_may_what_an_admin_may(self, portal):
        """CKAN's roles cascade; the registry stays the walidata's."""
        portal.act("walidata", "organization_patch", id="dinkes", groups=[{"name": "disdik"}])
        portal.act("other_admin", "organization_patch", id="dinkes", alamat="Jalan Baru 1")
        errors = portal.refused("other_admin", "organization_patch", id="dinkes", title="Lain")
        assert list(errors) == ["title"]


class TestRole:
    def test_the_walidata_makes_new_ones_produsen(self, portal):
        made = portal.act("walidata", "organization_create", name="baru", peran_sdi="produsen_data")
        assert made["peran_sdi"] == "produsen_data"
        for role in ("walidata", "pembina_data"):
            errors = portal.refused("walidata", "organization_create", name="lagi", peran_sdi=role)
            assert list(errors) == ["peran_sdi"]

    def test_but_changes_none(self, portal):
        for name, role in (("dinkes", "produsen_data"), ("diskominfo", ""), ("dinkes", "walidata")):
            errors = portal.refused("walidata", "organization_patch", id=name, peran_sdi=role)
            assert list(errors) == ["peran_sdi"]


class TestDeletion:
    @pytest.mark.ckan_config("ckan.auth.create_unowned_dataset", "false")
    def test_only_when_nothing_is_in_it(self, portal):
        factories.Dataset(owner_org=portal.dinkes["id"])
        with pytest.raises(tk.ValidationError):
            portal.act("sysadmin", "organization_delete", id=portal.dinkes["id"])
        portal.act("sysadmin", "organization_delete", id=portal.disdik["id"])
        with pytest.raises(tk.NotAuthorized, match="Close it instead"):
            portal.act("walidata", "organization_delete", id="dinkes")


class TestForm:
    def controls(self, app, portal, role):
        """Return what the form sends when nothing is typed, and the form."""
        page = app.get("/organization/edit/dinkes", headers=portal.headers(role))
        form = BeautifulSoup(page.body, "html.parser").select_one("#organization-edit-form")
        sent = {}
        for control in form.select("input[name], textarea[name], select[name]"):
            if control.get("type") in ("checkbox", "file") and not control.has_attr("checked"):
                continue
            if control.name == "select":
                value = next((o["value"] for o in control.select("option[selected]")), "")
            else:
                value = control.get("value", control.get_text().strip())
            sent.setdefault(control["name"], []).append(value)
        return sent, form

    def test_an_admin_sees_the_registry_as_text_and_saves_the_rest(self, app, portal):
        before = store.load().by_name["dinkes"]
        sent, form = self.controls(app, portal, "admin")
        assert not (set(sent) & (set(REGISTRY) | {"peran_sdi"}))
        assert "1.02.0.00.0.00.01.0000" in form.get_text()
        answer = app.post(
            "/organization/edit/dinkes",
            data={**sent, "alamat": "Jalan Baru 1", "save": ""},
            headers=portal.headers("admin"),
            follow_redirects=False,
        )
        assert answer.status_code == 302
        after = store.load().by_name["dinkes"]
        assert after.alamat == "Jalan Baru 1"
        assert (after.title, after.kode_opd, after.urusan, after.singkatan) == (
            before.title,
            before.kode_opd,
            before.urusan,
            before.singkatan,
        )

    def test_what_an_admin_sends_nevertheless_is_named(self, app, portal):
        answer = app.post(
            "/en/organization/edit/dinkes",
            data={"singkatan": "DL", "alamat": "Jalan", "save": ""},
            headers=portal.headers("admin"),
        )
        assert answer.status_code == 200
        assert "Only the walidata changes this" in answer.body
        assert store.load().by_name["dinkes"].singkatan == "Dinkes"

    def test_the_walidata_changes_everything_but_the_role(self, app, portal):
        sent, _ = self.controls(app, portal, "walidata")
        assert {"title", "name", "kode_opd", "urusan", "berlaku_dari"} <= set(sent)
        assert "peran_sdi" not in sent
        answer = app.post(
            "/organization/edit/dinkes",
            data={**sent, "title": "Dinas Baru", "save": ""},
            headers=portal.headers("walidata"),
            follow_redirects=False,
        )
        assert answer.status_code == 302
        assert store.load().by_name["dinkes"].title == "Dinas Baru"
