"""Pages: topics, lists with facets, forms, dataset and file page."""

from __future__ import annotations

import html
import json
import re

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from .conftest import PLUGINS

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.ckan_config("ckan.locale_default", "id"),
    pytest.mark.ckan_config("ckan.uploads_enabled", True),
]


@pytest.fixture
def as_user(app, people):
    """Return a function that logs one of the people in."""

    def log_in(user):
        token = call_action("api_token_create", user=user["name"], name="t")["token"]
        return {"Authorization": token}

    return log_in


@pytest.fixture
def dataset(complete):
    """Make a public dataset."""
    return call_action("package_create", **complete)


def soup(response):
    return BeautifulSoup(response.body, "html.parser")


def text(node):
    return " ".join(node.get_text(" ").split())


class TestTopics:
    def test_cards_count_public_datasets(self, app, people, complete, dataset):
        call_action("package_create", **{**complete, "name": "rahasia", "private": True})
        cards = soup(app.get("/kategori")).select(".tangerang-topic")
        assert len(cards) == 12
        (card,) = [card for card in cards if card.a["href"].endswith("/kategori/kesehatan")]
        assert text(card.a) == "Kesehatan"
        assert re.search(r"\b1\b", text(card.select_one(".tangerang-topic-count")))
        assert all(
            re.search(r"\b0\b", text(other.select_one(".tangerang-topic-count")))
            for other in cards
            if other is not card
        )

    def test_english(self, app, people, dataset):
        assert "Education and culture" in app.get("/en/kategori").body
        assert text(soup(app.get("/en/kategori/kesehatan")).h1) == "Health"

    def test_datasets_of_a_topic(self, app, people, complete, dataset):
        other = {**complete, "name": "jalan", "title": "Panjang Jalan", "bidang_urusan": "1.03"}
        call_action("package_create", **other)
        page = soup(app.get("/kategori/kesehatan"))
        titles = [text(node) for node in page.select(".dataset-heading")]
        assert titles == [complete["title"]]
        assert len(page.select("h1")) == 1
        none = soup(app.get("/kategori/kesehatan", query_string={"q": "jalan"}))
        assert not none.select(".dataset-heading")

    @pytest.mark.ckan_config("ckan.datasets_per_page", 1)
    def test_paging_keeps_the_search(self, app, people, complete, dataset):
        call_action("package_create", **{**complete, "name": "kedua", "title": "Puskesmas Kedua"})
        first = soup(app.get("/kategori/kesehatan", query_string={"q": "puskesmas"}))
        links = [a["href"] for a in first.select(".pagination a")]
        second = soup(app.get(next(link for link in links if "page=2" in link)))
        titles = [text(page.select_one(".dataset-heading")) for page in (first, second)]
        assert sorted(titles) == [complete["title"], "Puskesmas Kedua"]
        assert second.select_one("#field-giant-search")["value"] == "puskesmas"

    def test_unknown_topic(self, app, people):
        app.get("/kategori/tidak-ada", status=404)
        app.get('/kategori/kesehatan" OR "x', status=404)

    def test_a_search_that_can_not_be_read(self, app, people):
        app.get("/kategori/kesehatan", query_string={"sort": "tanpa_arah"}, status=400)


class TestFacets:
    def test_terms_of_sdi(self, app, people, dataset):
        page = soup(app.get("/en/dataset/"))
        titles = [text(node) for node in page.select(".filters .module-heading")]
        assert titles == [
            "Topic",
            "Organizations",
            "Kind of statistics",
            "Level of presentation",
            "Publication frequency",
            "Formats",
            "Access level",
        ]
        labels = [text(node) for node in page.select(".filters .item-label")]
        assert "Sectoral statistics" in labels
        assert "District (kecamatan)" in labels
        assert "STATISTIK_SEKTORAL" not in labels

    def test_indonesian_labels(self, app, people, dataset):
        labels = [text(n) for n in soup(app.get("/dataset/")).select(".filters .item-label")]
        assert {"Kesehatan", "Statistik Sektoral", "Tahunan", "Terbuka"} <= set(labels)

    def test_a_chosen_item_shows_its_label(self, app, people, dataset):
        page = soup(app.get("/dataset/", query_string={"vocab_kategori": "kesehatan"}))
        assert text(page.select_one(".filtered.pill")).startswith("Kesehatan")
        assert len(page.select(".dataset-heading")) == 1

    def test_the_page_of_an_opd_has_no_facet_of_opd(self, app, people, dataset):
        page = soup(app.get("/en/organization/dinkes"))
        titles = [text(node) for node in page.select(".filters .module-heading")]
        assert titles[0] == "Topic"
        assert "Organizations" not in titles


class TestDatasetPage:
    def test_labels_instead_of_keys(self, app, people, dataset):
        page = soup(app.get("/dataset/puskesmas"))
        rows = {text(row.th): text(row.td) for row in page.select(".additional-info tr")}
        assert rows["Bidang urusan"] == "Kesehatan"
        assert rows["Topik"] == "Kesehatan"
        assert rows["Frekuensi terbit"] == "Tahunan"
        assert rows["Cakupan wilayah"] == "36.03 Kabupaten Tangerang"
        assert rows["Definisi"] == "Puskesmas yang terdaftar pada dinas."
        assert "Konsep" not in rows
        assert "Jadwal rilis berikutnya" not in rows
        english = soup(app.get("/en/dataset/puskesmas"))
        rows = {text(row.th): text(row.td) for row in english.select(".additional-info tr")}
        assert rows["Publication frequency"] == "Yearly"

    def test_days_and_months_in_words(self, app, people, complete):
        days = {"periode_awal": "2025-04-25", "periode_akhir": "2025-06", "jadwal_rilis": "2027-01"}
        call_action("package_create", **{**complete, **days})
        page = soup(app.get("/dataset/puskesmas"))
        rows = {text(row.th): text(row.td) for row in page.select(".additional-info tr")}
        assert rows["Periode awal"] == "25 April 2025"
        assert rows["Periode akhir"] == "Juni 2025"
        assert rows["Jadwal rilis berikutnya"] == "Januari 2027"

    def test_blocks(self, app, people, dataset):
        page = soup(app.get("/dataset/puskesmas"))
        captions = [text(node) for node in page.select(".additional-info caption")]
        assert captions[:4] == [
            "Tentang data",
            "Standar Data",
            "Waktu dan wilayah",
            "Akses dan kontak",
        ]

    def test_a_private_one_says_what_is_missing(self, app, people, complete, as_user):
        del complete["satuan"]
        call_action("package_create", **{**complete, "private": True})
        page = soup(app.get("/dataset/puskesmas", headers=as_user(people.editor)))
        assert [text(item) for item in page.select(".tangerang-missing li")] == ["Satuan"]

    def test_hostile_texts_are_escaped(self, app, people, complete):
        evil = "<img src=x onerror=alert(1)>"
        texts = ("definisi", "satuan", "konsep", "klasifikasi", "ukuran", "metodologi", "author")
        complete.update(dict.fromkeys(texts, evil), url="javascript:alert(1)", id_sds=[evil])
        complete["resources"] = [
            {
                "url": "https://example.go.id/a.csv",
                "kamus": [dict.fromkeys(("kolom", "label", "definisi", "satuan"), evil)],
            }
        ]
        dataset = call_action("package_create", **complete)
        resource = dataset["resources"][0]["id"]
        for address in ("/dataset/puskesmas", f"/dataset/puskesmas/resource/{resource}"):
            body = app.get(address).body
            assert "<img src=x" not in body
            assert 'href="javascript:' not in body
        assert html.escape(evil) in body

    def test_the_kamus_of_a_file_is_a_table(self, app, people, complete):
        complete["resources"] = [
            {
                "url": "https://example.go.id/a.csv",
                "kamus": [{"kolom": "jumlah", "tipe": "integer", "satuan": "unit"}],
                "status_angka": "tetap",
            }
        ]
        dataset = call_action("package_create", **complete)
        resource = dataset["resources"][0]["id"]
        page = soup(app.get(f"/dataset/puskesmas/resource/{resource}"))
        table = page.select_one("table.tangerang-kamus")
        assert text(table.tbody.th) == "jumlah"
        assert "Bilangan bulat" in text(table)
        rows = {
            text(row.th): text(row.td)
            for row in page.select("[data-module=table-toggle-more] tbody tr")
        }
        assert rows["Status angka"] == "Angka tetap"
        assert not {"Kamus", "Schema", "Periode data"} & set(rows)
        # What CKAN notes for itself is for the API; the rest speaks Indonesian.
        assert not {"Package id", "State", "Position", "Has views"} & set(rows)
        assert rows["Pengenal berkas"] == resource


class TestForm:
    def post(self, app, headers, address, **data):
        return app.post(address, data=data, headers=headers, follow_redirects=False)

    def test_groups_in_the_officers_order(self, app, people, as_user):
        page = soup(app.get("/dataset/new", headers=as_user(people.editor)))
        legends = [
            text(node)
            for node in page.select(
                ".tangerang-form-group > legend, .tangerang-form-group > summary"
            )
        ]
        assert legends[:5] == [
            "Data apa ini",
            "Standar Data",
            "Waktu dan wilayah",
            "Akses dan kontak",
            "Keterangan lain",
        ]
        assert not page.select("[name=prioritas_tahun], [name=identifier]")
        for name in ("definisi", "satuan", "periode_awal", "kategori", "author", "extras__0__key"):
            assert page.select(f"[name={name}]"), name

    def test_every_control_has_a_label(self, app, people, as_user):
        page = soup(app.get("/dataset/new", headers=as_user(people.walidata_editor)))
        form = page.select_one("#dataset-edit")
        names = [node["for"] for node in form.select("label[for]")]
        for group in form.select(".tangerang-form-group"):
            for control in group.select("input:not([type=hidden]), select, textarea"):
                if not control["name"].startswith("extras__"):
                    assert control["id"] in names, control["name"]

    def test_the_walidata_sees_its_fields(self, app, people, as_user):
        page = soup(app.get("/dataset/new", headers=as_user(people.walidata_editor)))
        assert page.select("[name=prioritas_tahun]")
        assert page.select("[name=Hasil_Pemeriksaan_SKDN]")

    def test_from_the_first_step_to_the_public_page(self, app, people, complete, as_user):
        headers = as_user(people.editor)
        form = {**complete, "private": "False", "save": "", "_ckan_phase": "1", "pkg_name": ""}
        del form["definisi"], form["satuan"]
        form["kategori"] = ["kesehatan", "kependudukan"]
        form["cakupan_wilayah"] = "36.03.01, 36.03.02"
        answer = self.post(app, headers, "/dataset/new", **form)
        assert answer.status_code == 302, soup(answer).select(".error-explanation")
        package = model.Package.get("puskesmas")
        assert package.state == "draft"

        resource = {"id": "", "url": "https://example.go.id/a.csv", "name": "Tabel"}
        wrong = self.post(
            app, headers, "/dataset/puskesmas/resource/new", **resource, save="go-metadata"
        )
        errors = text(soup(wrong).select_one(".error-explanation"))
        assert "Definisi:" in errors
        assert "Satuan:" in errors
        # What the dataset lacks is mended in its own form.
        links = [a["href"] for a in soup(wrong).select(".error-explanation a")]
        assert "/dataset/edit/puskesmas#field-definisi" in links
        assert model.Package.get("puskesmas").state == "draft"

        kamus = json.dumps([{"kolom": "n", "definisi": "Banyaknya", "satuan": "unit"}])
        answer = self.post(
            app,
            headers,
            "/dataset/puskesmas/resource/new",
            **resource,
            kamus=kamus,
            save="go-metadata",
        )
        assert answer.status_code == 302
        shown = call_action("package_show", id="puskesmas")
        assert (shown["state"], shown["private"]) == ("active", False)
        assert sorted(shown["kategori"]) == ["kependudukan", "kesehatan"]
        assert shown["cakupan_wilayah"] == ["36.03.01", "36.03.02"]

    def test_editing_by_form_loses_nothing(self, app, people, complete, as_user):
        complete.update(id_sds=["S1", "S2"], author="Dinas", extras=[{"key": "a", "value": "b"}])
        dataset = call_action("package_create", **complete, prioritas_tahun=["2025"])
        headers = as_user(people.editor)
        page = soup(app.get("/dataset/edit/puskesmas", headers=headers))
        form = page.select_one("#dataset-edit")
        data: dict[str, list[str]] = {}
        for control in form.select("input[name], textarea[name], select[name]"):
            if control.get("type") == "checkbox" and not control.has_attr("checked"):
                continue
            if control.name == "select":
                chosen = control.select("option[selected]")
                value = chosen[0]["value"] if chosen else ""
            elif control.name == "textarea":
                value = control.get_text().strip()
            else:
                value = control.get("value", "")
            data.setdefault(control["name"], []).append(value)
        data["notes"] = ["Deskripsi baru."]
        answer = self.post(app, headers, "/dataset/edit/puskesmas", **data, save="")
        assert answer.status_code == 302, soup(answer).select(".error-explanation")
        after = call_action("package_show", id="puskesmas")
        changed = {key for key in dataset if after.get(key) != dataset[key]}
        assert changed <= {"notes", "metadata_modified"} | {
            # Empty text instead of nothing, as CKAN's own form does.
            key
            for key, value in dataset.items()
            if value is None and after[key] == ""
        }
        assert after["notes"] == "Deskripsi baru."

    def test_errors_stand_at_their_fields(self, app, people, complete, as_user):
        form = {**complete, "periode_awal": "kapan-kapan", "kategori": "kesehatan", "save": ""}
        answer = self.post(
            app, as_user(people.editor), "/dataset/new", **form, _ckan_phase="1", pkg_name=""
        )
        page = soup(answer)
        field = page.select_one("#field-periode_awal")
        assert field["value"] == "kapan-kapan"
        assert "kapan-kapan" in text(
            field.find_parent(class_="form-group").select_one(".error-block")
        )
        # The summary leads there.
        link = page.select_one('.error-explanation[role="alert"] a[href="#field-periode_awal"]')
        assert "kapan-kapan" in text(link)
        assert page.select_one("#field-kategori-kesehatan").has_attr("checked")
        assert not page.select_one("#field-kategori-kependudukan").has_attr("checked")

    def test_what_was_typed_into_the_kamus_comes_back(self, app, people, dataset, as_user):
        broken = '[{"kolom": "a"}, {"kolom": "a"}]'
        answer = self.post(
            app,
            as_user(people.editor),
            "/dataset/puskesmas/resource/new",
            id="",
            url="https://example.go.id/a.csv",
            kamus=broken,
            save="go-dataset-complete",
        )
        page = soup(answer)
        assert json.loads(page.select_one("textarea[name=kamus]").get_text()) == json.loads(broken)
        module = page.select_one("[data-module=tangerang-grid]")
        columns = json.loads(module["data-module-columns"])
        assert [c["key"] for c in columns][:2] == ["kolom", "label"]

    def test_publishing_in_bulk_tells_what_is_missing(self, app, people, complete, as_user):
        dataset = call_action("package_create", **{**complete, "private": True, "satuan": ""})
        address = "/organization/bulk_process/dinkes"
        data = {f"dataset_{dataset['id']}": "on", "bulk_action.public": "public"}
        headers = as_user(people.admin)
        answer = self.post(app, headers, address, **data)
        assert answer.status_code == 409
        assert complete["title"] in text(soup(answer).select_one("[role=main], .primary"))
        referrer = "http://test.ckan.net" + address
        answer = self.post(app, {**headers, "Referer": referrer}, address, **data)
        assert answer.status_code == 302
        assert answer.headers["Location"] == referrer
        assert call_action("package_show", id=dataset["id"])["private"]

    def test_elsewhere_is_never_where_one_is_sent(self, app, people, complete, as_user):
        dataset = call_action("package_create", **{**complete, "private": True, "satuan": ""})
        headers = {**as_user(people.admin), "Referer": "https://evil.example/x"}
        data = {f"dataset_{dataset['id']}": "on", "bulk_action.public": "public"}
        answer = self.post(app, headers, "/organization/bulk_process/dinkes", **data)
        assert answer.status_code == 409


class TestSearchApi:
    def test_one_solr_query_counts_all_topics(self, people, dataset):
        assert tk.h.tangerang_topic_counts() == {"kesehatan": 1}


class TestAnonymous:
    def test_stock_lists_still_work(self, app, people):
        factories.Group(name="grup")
        app.get("/group/", status=200)
        app.get("/group/grup", status=200)
