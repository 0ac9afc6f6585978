"""Files of records by the web: who may have them, and what is in them."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib import search
from ckan.tests import factories, helpers

from tests.metadata import records

from .codebooks import errors
from .conftest import PLUGINS, survey_data

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
]
FILES = ("indah.json", "ddi.xml", "variabel.csv")
PERSON = ("Kepala Bidang Rahasia", "(021) 5990002", "bidang@example.go.id")


@pytest.fixture
def survey(make):
    return make.activity(**survey_data(2, ii_pj_nama="Kepala Bidang Rahasia"))


class TestFiles:
    def test_indah(self, app, survey):
        answer = app.get(f"/kegiatan/{survey['name']}.indah.json", status=200)
        assert answer.headers["Content-Type"].startswith("application/json")
        assert f"{survey['name']}.indah.json" in answer.headers["Content-Disposition"]
        assert set(answer.headers["Cache-Control"].split(", ")) == {"no-store", "private"}
        made = json.loads(answer.body)
        assert made["data"]["judul_kegiatan"] == survey["judul_kegiatan"]
        assert len(made["metadata_statistik_variabel"]) == 2

    def test_ddi(self, app, make, survey):
        make.indicator(kegiatan=survey["id"])
        answer = app.get(f"/kegiatan/{survey['id']}.ddi.xml", status=200)
        assert answer.headers["Content-Type"].startswith("application/xml")
        assert errors(answer.body) == []
        assert "Indeks Kepuasan Masyarakat (http" in answer.body
        assert f"/kegiatan/{survey['name']}" in answer.body

    def test_variables(self, app, make):
        survey = make.activity(variabel=[records.variable(1) | {"nama": "=1+1", "alias": "ä;b"}])
        answer = app.get(f"/kegiatan/{survey['name']}.variabel.csv", status=200)
        (row,) = csv.DictReader(io.StringIO(answer.body))
        assert row["kode"] == "V001"
        assert row["nama"] == "'=1+1"
        assert row["konsep"] == "Kepuasan\nPelayanan publik"
        assert row["value_domain"].splitlines()[0] == "1 = Tidak baik"
        answer = app.get(f"/kegiatan/{survey['name']}.variabel.csv?excel=1", status=200)
        assert answer.data.startswith(b"\xef\xbb\xbfkode;nama;alias")
        (row,) = csv.DictReader(io.StringIO(answer.body.lstrip("\ufeff")), delimiter=";")
        assert row["alias"] == "ä;b"

    def test_an_indicator(self, app, make, survey):
        own = make.indicator(kegiatan=survey["id"])
        made = json.loads(app.get(f"/indikator/{own['name']}.indah.json", status=200).body)
        assert made["data"]["nama"] == "Indeks Kepuasan Masyarakat"
        assert made["submission_period"] == 2025
        text = app.get(f"/indikator/{own['name']}.ddi.xml", status=200).body
        assert errors(text) == []
        assert survey["title"] in text

    def test_links_on_the_pages(self, app, make, survey):
        own = make.indicator()
        for record, count in ((survey, 4), (own, 2)):
            page = BeautifulSoup(app.get(f"/{record['type']}/{record['name']}").body, "html.parser")
            links = [a["href"] for a in page.select(".dropdown-menu a[href]")]
            found = [link for link in links if f"/{record['name']}." in link]
            assert len(found) == count
            for link in found:
                app.get(link, status=200)

    def test_unknown_records_and_other_types(self, app, make, survey):
        own = make.indicator()
        for path in (
            "/kegiatan/tidak-ada.indah.json",
            f"/kegiatan/{own['name']}.indah.json",
            f"/kegiatan/{own['name']}.ddi.xml",
            f"/indikator/{survey['name']}.ddi.xml",
            f"/indikator/{own['name']}.variabel.csv",
            f"/dataset/{survey['name']}.indah.json",
        ):
            app.get(path, status=404)


class TestAccess:
    @pytest.mark.parametrize("state", [{"private": True}, {"state": "draft"}])
    def test_what_is_not_public_is_for_its_opd(self, app, make, login, people, state):
        activity = make.activity(**state)
        stranger, editor = login(factories.User()), login(people.editor)
        for file in FILES:
            path = f"/kegiatan/{activity['id']}.{file}"
            assert app.get(path).status_code in (403, 404)
            assert app.get(path, headers=stranger).status_code in (403, 404)
            app.get(path, headers=editor, status=200)

    @pytest.mark.parametrize(
        "action", ["tangerang_indah_show", "tangerang_ddi_show", "tangerang_variable_list"]
    )
    def test_the_actions_too(self, app, make, login, people, action):
        activity = make.activity(private=True)
        path = f"/api/action/{action}?id={activity['id']}"
        app.get(path, status=403)
        app.get(path, headers=login(people.editor), status=200)

    def test_deleted_records_are_gone(self, app, make, people, login):
        activity = make.activity()
        helpers.call_action("package_delete", id=activity["id"])
        for file in FILES:
            assert app.get(f"/kegiatan/{activity['id']}.{file}").status_code in (403, 404)

    def test_hidden_indicators_are_not_in_the_file_of_their_activity(
        self, app, make, survey, login, people
    ):
        make.indicator(title="Tersembunyi", kegiatan=survey["id"], private=True)
        for file in ("indah.json", "ddi.xml"):
            path = f"/kegiatan/{survey['name']}.{file}"
            assert "Tersembunyi" not in app.get(path, status=200).body
            assert "Tersembunyi" in app.get(path, headers=login(people.editor), status=200).body

    def test_names_behind_links_are_not_told(self, app, make, login, people):
        hidden = make.activity(judul_kegiatan="Rahasia")
        own = make.indicator(variabel_pembangun=[{"variabel": f"{hidden['id']}#V001"}])
        # The portal refuses this; a record may have become private by another way.
        model.Package.get(hidden["id"]).private = True
        model.Session.commit()
        search.rebuild(hidden["id"])
        path = f"/indikator/{own['name']}.indah.json"
        assert "Rahasia" not in app.get(path, status=200).body
        assert "Rahasia" in app.get(path, headers=login(people.editor), status=200).body

    def test_the_person_in_charge_is_for_those_who_edit(self, app, survey, login, people):
        for file in FILES:
            path = f"/kegiatan/{survey['name']}.{file}"
            for headers in ({}, login(factories.User())):
                body = app.get(path, headers=headers, status=200).body
                assert not [text for text in PERSON if text in body]
        path = f"/kegiatan/{survey['name']}.indah.json"
        body = app.get(path, headers=login(people.editor), status=200).body
        assert [text for text in PERSON if text in body] == list(PERSON)


class TestZips:
    @pytest.fixture
    def opened(self, app):
        def opening(path, headers=None):
            answer = app.get(path, headers=headers or {}, status=200)
            assert answer.headers["Content-Type"] == "application/zip"
            return zipfile.ZipFile(io.BytesIO(answer.data))

        return opening

    def test_of_an_organization(self, opened, make, survey, people):
        make.indicator(kegiatan=survey["id"])
        make.indicator(title="Lepas")
        make.activity(user=people.sysadmin, judul_kegiatan="Lain", owner_org=people.walidata["id"])
        archive = opened("/organization/dinkes/metadata.zip")
        assert archive.testzip() is None
        place = f"dinkes/kegiatan/{survey['name']}"
        assert sorted(archive.namelist()) == [
            "DAFTAR.csv",
            "dinkes/indikator/indeks-kepuasan-masyarakat.ddi.xml",
            "dinkes/indikator/lepas.ddi.xml",
            "dinkes/indikator/lepas.indah.json",
            f"{place}.ddi.xml",
            f"{place}.indah.json",
            f"{place}.variabel.csv",
        ]
        made = json.loads(archive.read(f"{place}.indah.json"))
        assert len(made["metadata_statistik_indikator"]) == 1
        assert len(archive.read("DAFTAR.csv").decode().splitlines()) == 4
        for name in archive.namelist():
            if name.endswith(".xml"):
                assert errors(archive.read(name).decode()) == []

    def test_of_all_pages_through_everything(self, opened, make, survey, people, monkeypatch):
        from ckanext.tangerang.exchange import bundle  # noqa: PLC0415

        monkeypatch.setattr(bundle, "_PAGE", 2)
        make.activity(user=people.sysadmin, judul_kegiatan="Lain", owner_org=people.walidata["id"])
        for number in range(4):
            make.indicator(title=f"Indikator {number}")
        names = opened("/metadata.zip").namelist()
        assert len([name for name in names if name.endswith(".ddi.xml")]) == 6
        assert len(set(names)) == len(names)

    def test_only_what_is_public_whoever_asks(self, opened, make, survey, login, people):
        make.activity(judul_kegiatan="Rahasia", private=True)
        make.indicator(title="Rahasia juga", kegiatan=survey["id"], private=True)
        for headers in ({}, login(people.editor), login(people.sysadmin)):
            archive = opened("/organization/dinkes/metadata.zip", headers)
            content = b"".join(map(archive.read, archive.namelist())).decode()
            assert survey["title"] in content
            assert "Rahasia" not in content
            assert not [text for text in PERSON if text in content]

    def test_what_was_withdrawn_is_gone_at_once(self, opened, survey):
        helpers.call_action("package_patch", id=survey["id"], private=True)
        assert opened("/metadata.zip").namelist() == ["DAFTAR.csv"]

    def test_no_such_organization(self, app):
        app.get("/organization/tidak-ada/metadata.zip", status=404)

    @pytest.mark.ckan_config("ckanext.tangerang.exchange.zip_max_records", "1")
    def test_too_many_records(self, app, make, survey):
        make.indicator()
        app.get("/metadata.zip", status=400)
        app.get("/organization/diskominfo/metadata.zip", status=200)
