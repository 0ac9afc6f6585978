"""The organization schema: who may change what, on every path."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.tangerang.opd import roles

PLUGINS = "tangerang_opd scheming_organizations"

pytestmark = pytest.mark.ckan_config("ckan.plugins", PLUGINS)

FIELDS = {
    "singkatan": "Dinkes",
    "kode_opd": "1.02.0.00.0.00.01.0000",
    "jenis_opd": "dinas",
    "urusan": ["1.02", "2.14"],
    "kode_wilayah": "36.03.01",
    "alamat": "Jalan Raya 1\nTigaraksa",
    "kontak_email": "dinkes@example.go.id",
    "kontak_telepon": "(021) 5990000",
    "situs_web": "https://dinkes.example.go.id",
    "catatan_verifikasi": "contoh, belum diverifikasi",
}


def act(action, user, **data):
    return tk.get_action(action)({"user": user["name"]}, data)


def refused(action, user, **data):
    with pytest.raises(tk.ValidationError) as caught:
        act(action, user, **data)
    return caught.value.error_dict


@pytest.fixture
def admin(clean_db, clean_index, with_plugins):
    return factories.User()


@pytest.fixture
def opd(admin):
    return factories.Organization(
        name="dinkes",
        title="Dinas Kesehatan",
        users=[{"name": admin["name"], "capacity": "admin"}],
        **FIELDS,
    )


class TestFields:
    def test_come_back_as_they_were_sent(self, opd):
        shown = call_action("organization_show", id="dinkes")
        assert {name: shown[name] for name in FIELDS} == FIELDS

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("kode_opd", "1.02"),
            ("jenis_opd", "kantor"),
            ("urusan", ["1.02", "9.99"]),
            ("kode_wilayah", "Balaraja"),
            ("kontak_email", "bukan email"),
            ("kontak_telepon", "<b>"),
            ("situs_web", "javascript:alert(1)"),
            ("singkatan", "x" * 51),
        ],
    )
    def test_wrong_values(self, admin, opd, name, value):
        assert list(refused("organization_patch", admin, id="dinkes", **{name: value})) == [name]

    def test_all_are_optional(self, admin):
        organization = factories.Organization()
        assert not set(FIELDS) & set(organization)

    def test_emptied_fields_are_gone(self, admin, opd):
        call_action("organization_patch", id="dinkes", urusan=[], kode_opd="", singkatan="")
        shown = call_action("organization_show", id="dinkes")
        assert "urusan" not in shown
        assert "singkatan" not in shown
        assert shown["jenis_opd"] == FIELDS["jenis_opd"]

    def test_extras_work(self, admin):
        organization = factories.Organization(extras=[{"key": "a", "value": "1"}])
        assert [(e["key"], e["value"]) for e in organization["extras"]] == [("a", "1")]

    def test_an_update_without_name_and_title_follows_ckan(self, admin, opd):
        act("organization_update", admin, id="dinkes", description="Baru")
        shown = call_action("organization_show", id="dinkes")
        assert (shown["name"], shown["title"]) == ("dinkes", "Dinas Kesehatan")


class TestRole:
    def test_the_admin_of_an_opd_can_not_change_it(self, admin, opd):
        shown = act("organization_show", admin, id="dinkes")
        for role in ("walidata", "pembina_data"):
            assert list(refused("organization_patch", admin, id="dinkes", peran_sdi=role)) == [
                "peran_sdi"
            ]
            changed = {**shown, "peran_sdi": role}
            assert list(refused("organization_update", admin, **changed)) == ["peran_sdi"]
        extras = [{"key": "peran_sdi", "value": "walidata"}]
        assert list(refused("organization_patch", admin, id="dinkes", extras=extras)) == ["extras"]

    def test_nor_does_making_an_organization_give_it(self, admin):
        with pytest.raises(tk.NotAuthorized):
            act("organization_create", admin, name="baru", peran_sdi="walidata")

    def test_the_admin_keeps_what_the_sysadmin_set(self, admin, opd):
        call_action("organization_patch", id="dinkes", peran_sdi="walidata")
        shown = act("organization_show", admin, id="dinkes")
        act("organization_update", admin, **shown)
        del shown["peran_sdi"]
        act("organization_update", admin, **shown)
        act("organization_patch", admin, id="dinkes", title="Baru")
        assert call_action("organization_show", id="dinkes")["peran_sdi"] == "walidata"
        assert list(refused("organization_patch", admin, id="dinkes", peran_sdi="")) == [
            "peran_sdi"
        ]

    def test_a_sysadmin_sets_and_empties_it(self, opd):
        sysadmin = factories.Sysadmin()
        act("organization_patch", sysadmin, id="dinkes", peran_sdi="walidata")
        assert call_action("organization_show", id="dinkes")["peran_sdi"] == "walidata"
        act("organization_patch", sysadmin, id="dinkes", peran_sdi="")
        assert "peran_sdi" not in call_action("organization_show", id="dinkes")
        errors = refused("organization_patch", sysadmin, id="dinkes", peran_sdi="raja")
        assert list(errors) == ["peran_sdi"]


class TestWhoIsWho:
    @pytest.mark.parametrize(
        ("role", "capacity", "walidata", "pembina"),
        [
            ("walidata", "admin", True, False),
            ("walidata", "editor", True, False),
            ("walidata", "member", False, False),
            ("pembina_data", "member", False, True),
            ("produsen_data", "admin", False, False),
            (None, "admin", False, False),
        ],
    )
    def test_by_membership(self, admin, role, capacity, walidata, pembina):
        person = factories.User()
        organization = factories.Organization(
            **({"peran_sdi": role} if role else {}),
            users=[{"name": person["name"], "capacity": capacity}],
        )
        assert roles.is_walidata(person["id"]) is walidata
        assert roles.is_pembina(person["id"]) is pembina
        for name, expected in (("tangerang_walidata", walidata), ("tangerang_pembina", pembina)):
            if expected:
                assert tk.check_access(name, {"user": person["name"]})
            else:
                with pytest.raises(tk.NotAuthorized):
                    tk.check_access(name, {"user": person["name"]})
        call_action("organization_delete", id=organization["id"])
        assert not roles.is_walidata(person["id"])
        assert not roles.is_pembina(person["id"])

    def test_a_cascaded_role_does_not_count(self, admin):
        above = factories.Organization(users=[{"name": admin["name"], "capacity": "admin"}])
        factories.Organization(peran_sdi="walidata", groups=[{"name": above["name"]}])
        assert not roles.is_walidata(admin["id"])

    def test_a_group_is_no_organization(self, admin):
        factories.Group(
            extras=[{"key": "peran_sdi", "value": "walidata"}],
            users=[{"name": admin["name"], "capacity": "admin"}],
        )
        assert not roles.is_walidata(admin["id"])

    def test_nobody_and_sysadmins(self, admin):
        with pytest.raises(tk.NotAuthorized):
            tk.check_access("tangerang_walidata", {"user": ""})
        sysadmin = factories.Sysadmin()
        assert tk.check_access("tangerang_walidata", {"user": sysadmin["name"]})


@pytest.mark.ckan_config("ckan.locale_default", "id")
class TestPages:
    @pytest.fixture
    def headers(self, admin):
        token = call_action("api_token_create", user=admin["name"], name="t")["token"]
        return {"Authorization": token}

    def page(self, response):
        return BeautifulSoup(response.body, "html.parser")

    def test_the_about_page_has_labels(self, app, opd):
        call_action("organization_patch", id="dinkes", peran_sdi="walidata")
        table = self.page(app.get("/organization/about/dinkes")).select_one(".tangerang-opd")
        rows = {row.th.get_text().strip(): row.td.get_text().strip() for row in table.select("tr")}
        assert rows["Jenis OPD"] == "Dinas"
        assert rows["Urusan"] == "Kesehatan; Pengendalian Penduduk dan Keluarga Berencana"
        assert rows["Peran dalam Satu Data Indonesia"] == "Walidata"
        english = self.page(app.get("/en/organization/about/dinkes")).select_one(".tangerang-opd")
        assert "Government affairs" in english.get_text()

    def test_hostile_texts_are_escaped(self, app, admin, opd):
        evil = "<img src=x onerror=alert(1)>"
        texts = dict.fromkeys(("singkatan", "alamat", "catatan_verifikasi"), evil)
        call_action("organization_patch", id="dinkes", **texts)
        assert "<img src=x" not in app.get("/organization/about/dinkes").body

    def test_the_form_keeps_everything(self, app, admin, opd, headers):
        call_action("organization_patch", id="dinkes", peran_sdi="walidata")
        before = call_action("organization_show", id="dinkes")
        form = self.page(app.get("/organization/edit/dinkes", headers=headers)).select_one(
            "#organization-edit-form"
        )
        assert not form.select("[name=peran_sdi]")
        data: dict[str, list[str]] = {}
        for control in form.select("input[name], textarea[name], select[name]"):
            if control.get("type") in ("checkbox", "file") and not control.has_attr("checked"):
                continue
            if control.name == "select":
                chosen = control.select("option[selected]")
                value = chosen[0]["value"] if chosen else ""
            elif control.name == "textarea":
                value = control.get_text().strip()
            else:
                value = control.get("value", "")
            data.setdefault(control["name"], []).append(value)
        data["title"] = ["Dinas Kesehatan Baru"]
        answer = app.post(
            "/organization/edit/dinkes",
            data={**data, "save": ""},
            headers=headers,
            follow_redirects=False,
        )
        assert answer.status_code == 302
        after = call_action("organization_show", id="dinkes")
        for name in (*FIELDS, "peran_sdi", "description", "image_url"):
            assert after[name] == before[name], name
        assert after["title"] == "Dinas Kesehatan Baru"

    def test_the_form_of_a_new_one_names_its_errors(self, app, admin, opd, headers):
        call_action("organization_patch", id="dinkes", peran_sdi="walidata")
        assert app.get("/organization/new", headers=headers).status_code == 200
        answer = app.post(
            "/en/organization/new", headers=headers, data={"save": "", "situs_web": "bukan alamat"}
        )
        page = self.page(answer)
        assert answer.status_code == 200
        summary = page.select_one(".error-explanation").get_text().lower()
        assert "name: missing value" in summary
        assert "bukan alamat" in summary
        field = page.select_one("#field-situs_web").find_parent(class_="form-group")
        assert "bukan alamat" in field.select_one(".error-block").get_text()

    def test_a_sysadmin_sees_the_role_in_the_form(self, app, opd):
        sysadmin = factories.Sysadmin()
        token = call_action("api_token_create", user=sysadmin["name"], name="t")["token"]
        form = self.page(app.get("/organization/new", headers={"Authorization": token}))
        assert form.select("select[name=peran_sdi] option[value=walidata]")
