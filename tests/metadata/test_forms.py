"""The web forms of activities and indicators: what they show, send, keep and refuse."""

from __future__ import annotations

import copy
import json

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.config.middleware.flask_app import csrf
from ckan.tests import factories
from ckan.tests.helpers import call_action
from sqlalchemy import event

from ckanext.tangerang.metadata.navl import CellMessage

from . import records
from .conftest import PLUGINS

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.ckan_config("ckan.locale_default", "id"),
]


@pytest.fixture
def browser(app, people):
    """Return a caller of pages as the editor of an OPD."""

    class Browser:
        opd = people.opd["id"]

        def __init__(self):
            self.become(people.editor)

        def become(self, user):
            token = call_action("api_token_create", user=user["name"], name="t")["token"]
            self.headers = {"Authorization": token}

        def get(self, address, **options):
            answer = app.get(address, headers=self.headers, **options)
            return BeautifulSoup(answer.body, "html.parser")

        def post(self, address, data, **options):
            return app.post(
                address, data=data, headers=self.headers, follow_redirects=False, **options
            )

    return Browser()


@pytest.fixture
def survey(people):
    """Make a private survey with two variables."""
    sent = {**records.survey(2), "owner_org": people.opd["id"], "private": True}
    return call_action("package_create", **sent)


def as_form(record, **more):
    """Return what a browser sends of a record: rows as JSON, lists as repeated fields."""
    data = {}
    for name, value in {**record, **more}.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            data[name] = json.dumps(value)
        elif name == "iv_wilayah_kegiatan":
            data[name] = ", ".join(value)
        elif name == "konsep":
            data[name] = "\r\n".join(value)
        else:
            data[name] = value
    data.pop("type", None)
    return data


def soup(answer):
    return BeautifulSoup(answer.body, "html.parser")


def text(node):
    return " ".join(node.get_text(" ").split())


def sent_by(page):
    """Return what a browser would send of the form on a page as it stands there."""
    data = {}
    for control in page.select("#tangerang-form [name]"):
        if control.name == "button" or (
            control.get("type") == "checkbox" and not control.has_attr("checked")
        ):
            continue
        if control.name == "select":
            chosen = control.select("option[selected]") or control.select("option")
            value = chosen[0]["value"]
        elif control.name == "textarea":
            value = control.get_text().removeprefix("\n")
        else:
            value = control.get("value", "")
        data.setdefault(control["name"], []).append(value)
    return data


#: Forms of new records by address: reading them changes nothing, so one request does for many.
_NEW = {}


@pytest.fixture
def new_form(request):
    """Return a function that returns the page of a new record, as the editor of an OPD sees it."""

    def get(address):
        if address not in _NEW:
            _NEW[address] = str(request.getfixturevalue("browser").get(address))
        return BeautifulSoup(_NEW[address], "html.parser")

    return get


class TestNew:
    def test_has_the_blocks_of_the_bps_form(self, new_form):
        page = new_form("/kegiatan/new")
        titles = [text(node) for node in page.select(".tangerang-block > h2")]
        assert titles[:3] == ["Sampul", "Blok I. Penyelenggara", "Blok II. Penanggung Jawab"]
        assert len(titles) == 11
        assert [text(node) for node in page.select(".tangerang-step-label")] == titles

    @pytest.mark.usefixtures("with_plugins")
    @pytest.mark.parametrize("record_type", ["kegiatan", "indikator"])
    def test_every_field_of_the_schema_is_in_it(self, new_form, record_type):
        page = new_form(f"/{record_type}/new")
        for field in tk.h.scheming_get_dataset_schema(record_type)["dataset_fields"]:
            named = page.select(f'#tangerang-form [name="{field["field_name"]}"]')
            if field.get("form_snippet", "") is None:
                assert not named, field["field_name"]
            elif field.get("kind") == "choices":
                assert len(named) > 1, field["field_name"]
            else:
                assert len(named) == 1, field["field_name"]

    def test_every_control_has_a_label_with_its_number(self, new_form):
        page = new_form("/kegiatan/new")
        labels = {node["for"]: text(node) for node in page.select("#tangerang-form label[for]")}
        for control in page.select(
            "#tangerang-form select, #tangerang-form textarea, #tangerang-form input"
        ):
            if control.get("type") != "hidden":
                assert control["id"] in labels, control["name"]
        assert labels["field-iv_kegiatan_ini_dilakukan"] == "* 4.1 Kegiatan ini dilakukan"

    def test_fixed_answers_stand_in_it(self, new_form):
        page = new_form("/kegiatan/new")
        assert page.select_one("#field-ii_unit_eselon1")["value"] == "-"
        assert page.select_one("#field-iv_wilayah_kegiatan")["value"] == "36.03"
        chosen = page.select_one("#field-jenis_statistik option[selected]")
        assert chosen["value"] == "STATISTIK_SEKTORAL"

    def test_what_comes_from_the_opd_says_so(self, new_form):
        help_text = text(new_form("/kegiatan/new").select_one("#help-i_email"))
        assert "Bila dikosongkan, diisi dari data OPD." in help_text

    def test_contacts_are_the_offices(self, new_form):
        page = new_form("/kegiatan/new")
        assert "bukan nomor pribadi" in text(page.select_one("#help-ii_pj_telepon"))
        assert "bukan alamat pribadi" in text(page.select_one("#help-ii_pj_email"))

    @pytest.mark.usefixtures("with_plugins")
    def test_carries_the_rules_of_the_schema(self, new_form):
        page = new_form("/kegiatan/new")
        rules = json.loads(page.select_one(".tangerang-declaration").string)
        items = {item["name"]: item for item in rules["items"]}
        for field in tk.h.scheming_get_dataset_schema("kegiatan")["dataset_fields"]:
            if field["field_name"] in items:
                item = items[field["field_name"]]
                assert item["open_when"] == field.get("open_when", {})
                assert item["needed"] == bool(field.get("needed_to_publish"))
        groups = items["v_metode_yang_digunakan"]["choices_by"]["groups"]
        assert "SIMPLE_RANDOM_SAMPLING" in groups["SAMPEL_PROBABILITAS"]
        assert not set(groups["SAMPEL_PROBABILITAS"]) & set(groups["SAMPEL_NONPROBABILITAS"])

    def test_its_grid_has_the_thirteen_items_of_a_variable(self, new_form):
        page = new_form("/kegiatan/new")
        grid = page.select_one('[data-item="variabel"] [data-module="tangerang-grid"]')
        columns = json.loads(grid["data-module-columns"])
        labels = [column["label"] for column in columns]
        assert labels[0] == "MS-Var 1 Nama Variabel"
        assert len([label for label in labels if label.startswith("MS-Var")]) == 13
        assert columns[-1]["kind"] == "code"

    def test_in_english(self, new_form):
        page = new_form("/en/kegiatan/new")
        assert text(page.h1) == "New statistical activity"
        assert "Block I. Organizer" in text(page.select_one(".tangerang-steps"))

    def test_of_a_dataset_asks_for_at_most_eight_things(self, new_form):
        page = new_form("/dataset/new")
        needed = page.select("#dataset-edit .tangerang-needed")
        asked = [node for node in needed if "tidak terbuka" not in text(node)]
        assert 0 < len(asked) <= 8
        assert "Judul, Deskripsi, Definisi, Satuan, Periode awal" in text(
            page.select_one("#dataset-edit .alert-info")
        )

    def test_is_not_for_everybody(self, app, browser):
        app.get("/kegiatan/new", status=403)
        browser.become(factories.User())
        assert not browser.get("/kegiatan/new").select("#tangerang-form")

    def test_the_address_may_bring_values(self, browser):
        page = browser.get("/kegiatan/new?judul_kegiatan=Sensus%20%3Cb%3E&private=False&zzz=1")
        assert page.select_one("#field-judul_kegiatan")["value"] == "Sensus <b>"


class TestSave:
    @pytest.mark.parametrize("make", [records.survey, records.compilation, records.indicator])
    def test_a_form_makes_the_same_record_as_the_api(self, browser, make):
        sent = make()
        by_api = call_action(
            "package_create", **{**sent, "owner_org": browser.opd, "private": False}
        )
        form = as_form(sent, owner_org=browser.opd, private="False", save="done")
        answer = browser.post(f"/{sent['type']}/new", form)
        assert answer.status_code == 302, soup(answer).select_one(".error-explanation")
        by_form = call_action("package_show", id=answer.headers["Location"].rsplit("/", 1)[1])
        own = {"id", "name", "metadata_created", "metadata_modified", "creator_user_id"}
        assert {k: v for k, v in by_form.items() if k not in own} == {
            k: v for k, v in by_api.items() if k not in own
        }

    def test_a_draft_may_lack_anything_and_one_stays_in_its_block(self, browser):
        form = {"judul_kegiatan": "Sensus", "owner_org": browser.opd, "blok": "blok_iv"}
        answer = browser.post("/kegiatan/new", {**form, "private": "False", "save": "draft"})
        record = call_action("package_show", id=model.Session.query(model.Package).one().id)
        assert record["state"] == "draft"
        assert answer.headers["Location"].endswith(f"/kegiatan/edit/{record['id']}?blok=blok_iv")
        page = browser.get(f"/kegiatan/edit/{record['id']}?blok=blok_iv")
        assert page.select_one("#tangerang-form")["data-module-block"] == "blok_iv"
        assert "Draf tersimpan" in text(page.select_one(".flash-messages"))

    def test_finishing_a_draft_lands_on_its_page_without_a_step_for_files(self, browser, survey):
        call_action("package_patch", id=survey["id"], state="draft")
        page = browser.get(f"/kegiatan/edit/{survey['id']}")
        answer = browser.post(f"/kegiatan/edit/{survey['id']}", {**sent_by(page), "save": "done"})
        assert answer.headers["Location"].endswith(f"/kegiatan/{survey['name']}")
        assert model.Package.get(survey["id"]).state == "active"

    def test_saving_without_a_change_changes_nothing(self, browser, survey):
        page = browser.get(f"/kegiatan/edit/{survey['id']}")
        browser.post(f"/kegiatan/edit/{survey['id']}", {**sent_by(page), "save": "done"})
        assert call_action("package_show", id=survey["id"]) == survey

    def test_what_the_form_does_not_show_stays(self, browser, survey):
        extras = [{"key": "catatan", "value": "x"}]
        call_action("package_patch", id=survey["id"], extras=extras, tags=[{"name": "survei"}])
        page = browser.get(f"/kegiatan/edit/{survey['id']}")
        form = {**sent_by(page), "iii_tujuan_kegiatan": "Lain", "save": "done"}
        browser.post(f"/kegiatan/edit/{survey['id']}", form)
        after = call_action("package_show", id=survey["id"])
        assert after["iii_tujuan_kegiatan"] == "Lain"
        assert after["extras"] == extras
        assert [tag["name"] for tag in after["tags"]] == ["survei"]

    def test_an_item_that_is_not_sent_is_emptied(self, browser, survey):
        form = sent_by(browser.get(f"/kegiatan/edit/{survey['id']}"))
        del form["iv_metode_pengumpulan_data"]
        form["iv_metode_pengumpulan_lainnya"] = ""
        browser.post(f"/kegiatan/edit/{survey['id']}", {**form, "save": "done"})
        assert "iv_metode_pengumpulan_data" not in call_action("package_show", id=survey["id"])

    def test_renaming_meanwhile_loses_nothing(self, browser, survey):
        page = browser.get(f"/kegiatan/edit/{survey['name']}")
        address = page.select_one("#tangerang-form")["action"]
        form = {**sent_by(page), "iii_tujuan_kegiatan": "Lain", "save": "done"}
        del form["seen"]
        call_action("package_patch", id=survey["id"], name="nama-baru")
        answer = browser.post(address, form)
        assert answer.headers["Location"].endswith("/kegiatan/nama-baru")
        assert call_action("package_show", id="nama-baru")["iii_tujuan_kegiatan"] == "Lain"

    def test_an_active_record_can_be_saved_on_the_way_and_made_a_draft(self, browser, survey):
        form = sent_by(browser.get(f"/kegiatan/edit/{survey['id']}"))
        answer = browser.post(f"/kegiatan/edit/{survey['id']}", {**form, "save": "stay"})
        assert "/kegiatan/edit/" in answer.headers["Location"]
        assert model.Package.get(survey["id"]).state == "active"
        browser.post(f"/kegiatan/edit/{survey['id']}", {**form, "save": "draft"})
        assert model.Package.get(survey["id"]).state == "draft"

    def test_another_change_meanwhile_is_not_overwritten_unseen(self, browser, survey):
        form = sent_by(browser.get(f"/kegiatan/edit/{survey['id']}"))
        call_action("package_patch", id=survey["id"], iii_tujuan_kegiatan="Dari jendela lain")
        mine = {**form, "iii_tujuan_kegiatan": "Punya saya", "save": "done"}
        page = soup(browser.post(f"/kegiatan/edit/{survey['id']}", mine))
        assert "berubah sejak" in text(page.select_one(".error-explanation"))
        assert page.select_one("#field-iii_tujuan_kegiatan").get_text().strip() == "Punya saya"
        browser.post(f"/kegiatan/edit/{survey['id']}", {**sent_by(page), "save": "done"})
        after = call_action("package_show", id=survey["id"])
        assert after["iii_tujuan_kegiatan"] == "Punya saya"

    @pytest.mark.ckan_config("ckan.auth.allow_dataset_collaborators", True)
    def test_the_owner_stays_where_the_user_may_not_choose_it(self, browser, survey):
        helper = factories.User()
        call_action(
            "package_collaborator_create",
            id=survey["id"],
            user_id=helper["id"],
            capacity="editor",
        )
        browser.become(helper)
        page = browser.get(f"/kegiatan/edit/{survey['id']}")
        assert page.select_one("#field-owner_org option[selected]")["value"] == browser.opd
        browser.post(f"/kegiatan/edit/{survey['id']}", {**sent_by(page), "save": "done"})
        assert call_action("package_show", id=survey["id"])["owner_org"] == browser.opd

    @pytest.mark.parametrize("name", ["new", "impor", "edit", "formulir"])
    def test_words_of_addresses_are_no_names(self, browser, name):
        with pytest.raises(tk.ValidationError):
            call_action("package_create", type="kegiatan", name=name, owner_org=browser.opd)

    def test_other_peoples_records_and_types_are_not_found(self, app, browser, people, survey):
        app.get(f"/kegiatan/edit/{survey['id']}", status=403)
        browser.get(f"/indikator/edit/{survey['id']}", status=404)
        browser.get("/kegiatan/edit/tidak-ada", status=404)
        browser.become(factories.User())
        browser.get(f"/kegiatan/edit/{survey['id']}", status=403)


class TestFailedSave:
    def test_keeps_all_that_was_sent_and_names_items_and_blocks(self, browser):
        rows = [{"nama": "Umur", "alias": "x" * 301}, {"nama": "Jenis kelamin"}]
        form = as_form(
            {**records.survey(1), "variabel": rows},
            owner_org=browser.opd,
            private="False",
            save="done",
            tahun_kegiatan="dua ribu",
        )
        page = soup(browser.post("/kegiatan/new", form))
        assert model.Session.query(model.Package).count() == 0
        back = sent_by(page)
        for name, value in form.items():
            if name not in ("save", "variabel"):
                expected = value if isinstance(value, list) else [value]
                assert back[name] == expected, name
        assert json.loads(back["variabel"][0]) == rows
        links = {a["data-field"]: text(a) for a in page.select(".error-explanation a")}
        assert links["tahun_kegiatan"].startswith("sampul 2 Tahun Kegiatan: ")
        assert ": variabel 1, MS-Var 2 Alias: " in links["variabel"]
        assert "dua ribu" in text(page.select_one("#errors-tahun_kegiatan"))
        cells = json.loads(page.select_one('[data-item="variabel"]')["data-cells"])
        assert [(cell["row"], cell["column"]) for cell in cells] == [(1, "alias")]
        assert cells[0]["text"].startswith("Terlalu panjang")

    def test_says_what_a_public_record_still_lacks_cell_by_cell(self, browser):
        form = as_form(
            {**records.survey(1), "variabel": [{"nama": "Umur"}]},
            owner_org=browser.opd,
            private="False",
            save="done",
            iii_tujuan_kegiatan="",
        )
        page = soup(browser.post("/kegiatan/new", form))
        cells = json.loads(page.select_one('[data-item="variabel"]')["data-cells"])
        assert [cell["column"] for cell in cells] == ["konsep", "definisi", "tipe_data"]
        assert text(page.select_one("#errors-iii_tujuan_kegiatan")) == "Wajib diisi."

    def test_rows_that_are_no_json_come_back_as_typed(self, browser):
        form = {"owner_org": browser.opd, "variabel": "[{nama: Umur", "save": "draft"}
        page = soup(browser.post("/kegiatan/new", form))
        assert page.select_one("#field-variabel").get_text().strip() == "[{nama: Umur"
        assert page.select_one('[data-item="variabel"] .error-block')

    def test_an_owner_that_is_not_ones_own_is_told_and_nothing_is_lost(self, browser, people):
        form = {"owner_org": people.walidata["id"], "judul_kegiatan": "Sensus", "save": "draft"}
        page = soup(browser.post("/kegiatan/new", form))
        assert page.select_one("#field-judul_kegiatan")["value"] == "Sensus"
        assert page.select_one(".error-explanation")

    def test_of_a_stored_record_keeps_it_and_the_typing(self, browser, survey):
        form = sent_by(browser.get(f"/kegiatan/edit/{survey['id']}"))
        form |= {"tahun_kegiatan": "x", "iii_tujuan_kegiatan": "Lain", "save": "done"}
        page = soup(browser.post(f"/kegiatan/edit/{survey['id']}", form))
        assert page.select_one("#field-tahun_kegiatan")["value"] == "x"
        assert page.select_one("#field-iii_tujuan_kegiatan").get_text().strip() == "Lain"
        assert call_action("package_show", id=survey["id"]) == survey

    def test_hostile_text_is_escaped_everywhere(self, browser):
        evil = "</script><img src=x onerror=alert(1)>"
        form = {
            "owner_org": browser.opd,
            "judul_kegiatan": evil,
            "tahun_kegiatan": evil,
            "cara_pengumpulan_data": evil,
            "variabel": json.dumps([{"nama": evil, evil: evil, "kode": evil}]),
            "blok": evil,
            "save": "draft",
        }
        answer = browser.post("/kegiatan/new", form)
        assert "<img src=x" not in answer.body
        assert soup(answer).select(".error-explanation li")


class TestCellMessage:
    def test_survives_copying_and_reads_as_text(self):
        made = CellMessage("variabel 1, MS-Var 2: panjang", 1, "alias", "panjang")
        copied = copy.deepcopy(made)
        assert copied == "variabel 1, MS-Var 2: panjang"
        assert (copied.row, copied.column, copied.text) == (1, "alias", "panjang")
        assert json.dumps(made) == '"variabel 1, MS-Var 2: panjang"'
        assert made.after("3.4 Variabel").column == "alias"


class TestBudget:
    def test_rows_cost_no_queries(self, app, browser, survey):
        def count():
            statements = []
            address = f"/kegiatan/edit/{survey['id']}"
            app.get(address, headers=browser.headers)

            def note(_c, _cursor, statement, *_rest):
                statements.append(statement)

            event.listen(model.meta.engine, "before_cursor_execute", note)
            app.get(address, headers=browser.headers)
            event.remove(model.meta.engine, "before_cursor_execute", note)
            return statements

        few = count()
        variables = [records.variable(number) for number in range(1, 61)]
        call_action("package_patch", id=survey["id"], variabel=variables)
        assert len(count()) == len(few)
        assert len(few) <= 25, few


class TestLimits:
    def long_survey(self):
        record = records.survey(60)
        for row in record["variabel"]:
            row["definisi"] = "Definisi yang panjang sekali. " * 330
            row["kalimat_pertanyaan"] = "Bagaimana pendapat Saudara? " * 100
        return record

    def test_a_form_of_sixty_long_variables_is_saved(self, browser):
        form = as_form(self.long_survey(), owner_org=browser.opd, private="False", save="done")
        assert len(form["variabel"]) > 500_000
        answer = browser.post("/kegiatan/new", form)
        assert answer.status_code == 302, soup(answer).select_one(".error-explanation")
        shown = call_action("package_show", id=model.Session.query(model.Package).one().id)
        assert [row["alias"] for row in shown["variabel"]] == [f"U{n}" for n in range(1, 61)]

    def test_a_form_of_many_fields_is_read(self, browser):
        form = {f"x{n}": "" for n in range(1_500)}
        form |= {"owner_org": browser.opd, "judul_kegiatan": "Sensus", "save": "draft"}
        answer = browser.post("/kegiatan/new", form, content_type="multipart/form-data")
        assert answer.status_code == 302

    @pytest.mark.ckan_config("ckanext.tangerang.metadata.form_max_bytes", 20_000)
    def test_the_limit_is_configured(self, browser):
        form = {"owner_org": browser.opd, "judul_kegiatan": "x" * 30_000, "save": "draft"}
        assert browser.post("/kegiatan/new", form).status_code == 413


@pytest.mark.ckan_config("WTF_CSRF_ENABLED", True)
class TestCsrf:
    def test_a_form_without_the_token_is_refused(self, app, people, monkeypatch):
        # Earlier requests with API tokens have exempted the view for the whole process.
        monkeypatch.setattr(csrf, "_exempt_views", set())
        app.set_session_user(people.editor["id"])
        page = BeautifulSoup(app.get("/kegiatan/new").body, "html.parser")
        form = {"owner_org": people.opd["id"], "judul_kegiatan": "Sensus", "save": "draft"}
        assert app.post("/kegiatan/new", data=form).status_code == 400
        form["_csrf_token"] = page.select_one("#tangerang-form [name=_csrf_token]")["value"]
        app.post("/kegiatan/new", data=form, follow_redirects=False, status=302)
        assert model.Session.query(model.Package).one().title == "Sensus"
