"""Pages of activities and indicators: lists, the form as people read it, INDAH."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests.helpers import call_action

from .conftest import PLUGINS
from .records import compilation, indicator, survey, variable

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.ckan_config("ckan.locale_default", "id"),
]

HOSTILE = '<img src=x onerror=alert(1)> & "kutip"'


@pytest.fixture
def as_user(app, people):
    """Return a function that makes the headers of one of the people."""

    def log_in(user):
        token = call_action("api_token_create", user=user["name"], name="t")["token"]
        return {"Authorization": token}

    return log_in


@pytest.fixture
def make(people):
    """Return a function that makes a record of the OPD."""

    def made(values, **changed):
        return call_action("package_create", **{"owner_org": people.opd["id"], **values, **changed})

    return made


@pytest.fixture
def fetch(app):
    """Return a function that fetches an address and parses the page."""

    def fetched(url, headers=None, status=200):
        return BeautifulSoup(app.get(url, headers=headers, status=status).body, "html.parser")

    return fetched


def text(node):
    return " ".join(node.get_text(" ").split())


def items(node):
    """Return the items of a page by number and label."""
    return {
        text(item.select_one("dt")): text(item.select_one("dd"))
        for item in node.select(".tangerang-item")
    }


def draft(**values):
    """Return an activity that has hardly been begun."""
    return {
        "type": "kegiatan",
        "judul_kegiatan": "Survei Cakupan Imunisasi",
        "tahun_kegiatan": "2026",
        "cara_pengumpulan_data": "KOMPILASI_PRODUK_ADMINISTRASI",
        "state": "draft",
        "private": True,
        **values,
    }


class TestForm:
    def test_blocks_with_numbers_labels_and_values(self, make, fetch):
        made = make(survey(3))
        page = fetch(f"/kegiatan/{made['name']}")

        headings = [text(node) for node in page.select(".tangerang-block > h2")]
        assert headings[0] == "Sampul"
        assert headings[1:4] == [
            "Blok I. Penyelenggara",
            "Blok II. Penanggung Jawab",
            "Blok III. Perencanaan dan Persiapan",
        ]
        found = items(page)
        assert found["Cara Pengumpulan Data"] == "Survei"
        assert found["1.2 Telepon"] == "(021) 5990001"
        assert found["1.2 Faksimile"] == "-"
        assert found["3.3 B.3 Jadwal - B. Pengumpulan: Pengumpulan Data"] == (
            "3 Februari 2025 – 28 Februari 2025 4 Agustus 2025 – 29 Agustus 2025"
        )
        assert found["4.5 Wilayah Kegiatan"] == "Kabupaten Tangerang (36.03)"
        assert found["4.6 Metode Pengumpulan Data"].startswith("Wawancara")
        assert found["8.2 Judul dan Rencana Rilis - Digital"] == "Laporan 2025: 15 Desember 2025"
        assert "KOMPILASI" not in text(page)
        # What is empty, and what only people of the agency need, is not there.
        assert "Kode Kegiatan (diisi oleh BPS)" not in found
        assert "belum diisi" not in text(page)
        assert not page.select(".tangerang-missing")
        english = items(fetch(f"/en/kegiatan/{made['name']}"))
        assert english["Way of collecting data"] == "Survey"
        assert english["6.7 Were the data collectors trained?"] == "Yes"

    def test_closed_items_are_not_there_and_empty_ones_for_editors(
        self, make, fetch, people, as_user
    ):
        made = make(draft())
        editor = as_user(people.editor)
        page = fetch(f"/kegiatan/{made['name']}", editor)

        found = items(page)
        assert found["Sektor Kegiatan"] == "belum diisi"
        assert found["Kode Kegiatan (diisi oleh BPS)"] == "belum diisi"
        assert not [label for label in found if label.startswith(("5.", "6.4", "8.2"))]
        assert "4.2 Frekuensi Penyelenggaraan" not in found
        missing = {a["href"]: text(a) for a in page.select(".tangerang-missing a")}
        edit = f"/kegiatan/edit/{made['name']}"
        assert "3.1 Latar Belakang" in missing[f"{edit}#field-iii_latar_belakang_kegiatan"]
        assert f"{edit}#field-v_unit_sampel" not in missing
        shown = call_action("tangerang_condition_show", type="kegiatan", data=made)
        assert len(missing) == len({entry["field"] for entry in shown["missing"]})

    def test_variables_stand_under_their_codes(self, make, fetch):
        made = make(survey(60))
        page = fetch(f"/kegiatan/{made['name']}")

        rows = page.select("details[id]")
        assert [row["id"] for row in rows] == [f"V{number:03d}" for number in range(1, 61)]
        assert text(rows[6].summary) == "V007 Unsur pelayanan 7"
        assert "open" not in rows[6].attrs
        found = items(rows[6])
        assert found["3 Konsep"] == "Kepuasan Pelayanan publik"
        assert found["10 Klasifikasi Isian / Domain Value"].startswith("1 = Tidak baik")
        ids = [element["id"] for element in page.select("[id]")]
        assert len(ids) == len(set(ids))

    def test_indicator_names_what_it_is_made_of(self, make, fetch, people):
        activity = make(survey(2))
        made = make(
            indicator(),
            kegiatan=activity["id"],
            variabel_pembangun=[{"variabel": f"{activity['id']}#V002"}],
        )
        page = fetch(f"/indikator/{made['name']}")

        address = f"/kegiatan/{activity['name']}"
        links = {a["href"]: text(a) for a in page.select(".tangerang-item a")}
        assert links[address] == activity["title"]
        assert links[f"{address}#V002"].startswith("V002 Unsur pelayanan 2")
        users = fetch(address).select_one(".tangerang-block:last-of-type")
        assert text(users.h2) == "Yang menggunakan kegiatan ini"
        assert users.select_one(f'a[href="/indikator/{made["name"]}"]')

    def test_texts_are_harmless(self, make, fetch, people, as_user):
        row = {**variable(1), "nama": HOSTILE, "definisi": HOSTILE, "konsep": [HOSTILE, "b"]}
        made = make(
            compilation(),
            judul_kegiatan=HOSTILE,
            iii_tujuan_kegiatan=HOSTILE,
            identitas_rekomendasi=HOSTILE,
            variabel=[{**row, "value_domain": [{"kode": HOSTILE, "nilai": HOSTILE}]}],
        )
        headers = as_user(people.editor)
        for url in (
            f"/kegiatan/{made['name']}",
            f"/kegiatan/{made['name']}/indah",
            f"/kegiatan/{made['name']}/salin",
            "/kegiatan/",
            "/kegiatan/indah?organization=dinkes",
        ):
            page = fetch(url, headers)
            assert not page.select("[onerror]"), url
            assert "<img src=x" in text(page), url

    def test_a_web_address_that_is_none_is_no_link(self, make, fetch, people):
        made = make(survey(1), berkas_rekomendasi="https://example.go.id/surat.pdf")
        link = fetch(f"/kegiatan/{made['name']}").select_one('a[href$="surat.pdf"]')
        assert link["href"] == "https://example.go.id/surat.pdf"
        package = model.Package.get(made["id"])
        package.extras = {**package.extras, "berkas_rekomendasi": "javascript:alert(1)"}
        model.repo.commit_and_remove()
        page = fetch(f"/kegiatan/{made['name']}")
        assert not page.select('a[href^="javascript:"]')


class TestFrame:
    def test_breadcrumb_tabs_and_buttons(self, make, fetch, people, as_user):
        made = make(compilation())
        page = fetch(f"/kegiatan/{made['name']}")
        crumbs = {text(a): a["href"] for a in page.select(".breadcrumb a")}
        assert crumbs["Kegiatan statistik"] == "/kegiatan/"
        assert crumbs["Dinas Kesehatan"] == "/kegiatan/?organization=dinkes"
        tabs = [text(a) for a in page.select(".page-header .nav-tabs a")]
        assert tabs == ["Kegiatan statistik"]
        assert not page.select(".license")
        assert not page.select(f'a[href$="/{made["name"]}/indah"]')

        editor = as_user(people.editor)
        page = fetch(f"/kegiatan/{made['name']}", editor)
        for action in ("indah", "salin"):
            assert page.select_one(f'a[href="/kegiatan/{made["name"]}/{action}"]'), action
        edit = fetch(f"/kegiatan/edit/{made['name']}", editor)
        assert not edit.select('a[href*="/resources/"]')
        assert text(edit.select_one(".breadcrumb .active")) != ""

    def test_a_record_below_another_type_leads_to_its_own_page(self, app, make, complete, people):
        activity = make(compilation())
        dataset = call_action("package_create", **complete)
        for wrong, right in (
            (f"/dataset/{activity['name']}", f"/kegiatan/{activity['name']}"),
            (f"/indikator/{activity['name']}", f"/kegiatan/{activity['name']}"),
            (f"/kegiatan/{dataset['name']}", f"/dataset/{dataset['name']}"),
            (f"/indikator/{activity['name']}/indah", f"/kegiatan/{activity['name']}/indah"),
        ):
            answer = app.get(wrong, follow_redirects=False)
            assert answer.status_code == 302, wrong
            assert answer.headers["Location"].endswith(right)
        app.get(f"/kegiatan/{dataset['name']}/indah", status=404)
        english = app.get(f"/en/dataset/{activity['name']}", follow_redirects=False)
        assert english.headers["Location"].endswith(f"/en/kegiatan/{activity['name']}")

    def test_what_one_may_not_see_is_not_there(self, fetch, make, people, as_user):
        made = make(draft())
        for url in (f"/kegiatan/{made['name']}", f"/kegiatan/{made['name']}/indah"):
            fetch(url, status=404)
            fetch(url, as_user(people.walidata_editor), status=404)
            fetch(url, as_user(people.editor))
        fetch("/kegiatan/tidak-ada", status=404)
        fetch("/kegiatan/indah?organization=tidak-ada", status=404)


class TestList:
    def test_facets_cards_and_search(self, make, fetch):
        make(survey(2), status_indah="APPROVED")
        make(compilation(), tahun_kegiatan="2024", **_moved_to_2024())
        page = fetch("/kegiatan/")

        assert text(page.h1) == "2 kegiatan ditemukan"
        titles = [text(node) for node in page.select(".filters .module-heading")]
        assert titles == [
            "Perangkat Daerah (OPD)",
            "Tahun",
            "Cara pengumpulan data",
            "Sektor",
            "Jenis statistik",
            "Status di INDAH",
        ]
        labels = {text(node) for node in page.select(".filters .item-label")}
        assert {"2024", "2025", "Survei", "Kesehatan", "Disetujui"} <= labels
        tabs = {text(a): a["href"] for a in page.select(".page-header .nav-tabs a")}
        assert tabs["Indikator"] == "/indikator/"
        assert not page.select(".page_primary_action a")

        narrowed = fetch("/kegiatan/?cara_pengumpulan_data=SURVEI")
        assert text(narrowed.select_one(".filtered.pill")).startswith("Survei")
        assert text(narrowed.h1) == "1 kegiatan ditemukan"
        by_year = fetch("/kegiatan/?sort=tahun_kegiatan+desc%2C+title_string+asc")
        assert text(by_year.select_one(".dataset-heading a")).endswith("2025")
        # The names of variables are found too.
        assert text(fetch("/kegiatan/?q=unsur+pelayanan").h1).startswith("2 kegiatan")
        assert text(fetch("/kegiatan/?q=tidakada").h1) == (
            'Tidak ada kegiatan yang ditemukan untuk "tidakada"'
        )

    def test_indicators(self, make, fetch):
        make(indicator())
        page = fetch("/en/indikator/")
        assert text(page.h1) == "1 indicator found"
        titles = [text(node) for node in page.select(".filters .module-heading")]
        assert titles[1:5] == ["Measure", "Unit", "Level of estimation", "Composite indicator"]

    def test_drafts_and_private_records_are_there_for_their_people(
        self, make, fetch, people, as_user
    ):
        make(compilation())
        make(draft())
        make(survey(1), private=True)

        def found(user=None):
            page = fetch("/kegiatan/", as_user(user) if user else None)
            return len(page.select(".dataset-heading"))

        assert found() == 1
        assert found(people.walidata_editor) == 1
        assert found(people.editor) == 3
        assert found(people.sysadmin) == 3
        headers = as_user(people.editor)
        page = fetch("/kegiatan/?state=draft", headers)
        assert [text(a) for a in page.select(".dataset-heading a")] == [
            "Survei Cakupan Imunisasi 2026"
        ]
        assert text(page.select_one(".filtered.pill")).startswith("Draf")
        # Nothing but these lists finds drafts of others' lists: that of datasets stays as it was.
        assert not fetch("/dataset/?state=draft", headers).select(".dataset-heading")
        assert fetch("/kegiatan/", headers).select_one('a[href="/kegiatan/new"]')

    def test_dashboard_shows_all_types_and_leads_to_their_pages(
        self, fetch, people, as_user, complete
    ):
        as_editor = {"user": people.editor["name"]}
        owner = people.opd["id"]
        for record in (complete, draft(owner_org=owner), {**indicator(), "owner_org": owner}):
            call_action("package_create", as_editor, **record)
        page = fetch("/dashboard/datasets", as_user(people.editor))
        hrefs = {a["href"] for a in page.select(".dataset-heading a")}
        assert hrefs == {
            "/dataset/puskesmas",
            "/kegiatan/survei-cakupan-imunisasi-2026",
            "/indikator/indeks-kepuasan-masyarakat",
        }
        for name in ("dataset", "kegiatan", "indikator"):
            assert page.select_one(f'.page_primary_action a[href^="/{name}/new"]'), name


def _moved_to_2024():
    """Return the periods of the compilation, a year earlier."""
    period = [{"awal": "2024-01-06", "akhir": "2024-01-31"}]
    stages = (
        *("perencanaan_kegiatan", "desain", "pengumpulan_data", "pengolahan_data"),
        *("analisis", "diseminasi_hasil", "evaluasi"),
    )
    return {f"iii_jadwal_{stage}": period for stage in stages}


class TestIndah:
    def test_follows_the_screens_of_indah(self, make, fetch):
        made = make(survey(2), iii_latar_belakang_kegiatan="Baris satu\nBaris dua")
        page = fetch(f"/kegiatan/{made['name']}/indah")

        headings = [text(node) for node in page.select(".tangerang-block > h2")]
        assert headings[:2] == ["Sampul", "Blok I. Penyelenggara"]
        assert headings[-2:] == ["MS-Var V001. Unsur pelayanan 1", "MS-Var V002. Unsur pelayanan 2"]
        cover, first = page.select(".tangerang-block")[:2]
        assert [text(node) for node in cover.select("dt")] == [
            "Judul Kegiatan",
            "Tahun Kegiatan",
            "Jenis Kegiatan Statistik",
            "Cara Pengumpulan Data",
            "Sektor Kegiatan",
            "Identitas Rekomendasi",
        ]
        assert [text(node) for node in first.select("dt")][-2:] == ["1.2 Email", "1.2 Faksimile"]

    def test_values_as_they_are_keyed_in(self, make, fetch):
        made = make(survey(1))
        page = fetch(f"/kegiatan/{made['name']}/indah")
        values = {
            text(item.dt): [text(node) for node in item.select(".tangerang-copy-text")]
            for item in page.select(".tangerang-item")
        }
        assert values["3.3 B.3 Jadwal - B. Pengumpulan: Pengumpulan Data"] == [
            "03/02/2025",
            "28/02/2025",
            "04/08/2025",
            "29/08/2025",
        ]
        assert values["6.1 Apakah melakukan uji coba (pilot survey)?"] == ["Tidak"]
        assert values["4.5 Wilayah Kegiatan"] == ["Banten", "Kabupaten Tangerang", "3603"]
        boxes = page.select(".tangerang-boxes")[0]
        assert [text(box) for box in boxes.select("li")][:2] == [
            "Wawancara: Ya",
            "Mengisi kuesioner sendiri (swacacah): Tidak",
        ]
        # Every value can be copied; without JavaScript the buttons are not there.
        buttons = page.select(".tangerang-copy button")
        assert len(buttons) == len(page.select(".tangerang-copy-text"))
        assert all("hidden" in button.attrs for button in buttons)
        # What the answers leave out is not asked.
        assert "4.7 Sarana Pengumpulan Data - lainnya" not in values

    def test_indicator_on_one_screen(self, make, fetch):
        made = make(indicator())
        page = fetch(f"/indikator/{made['name']}/indah")
        assert len(page.select(".tangerang-block")) == 1
        labels = [text(node) for node in page.select(".tangerang-item dt")]
        assert labels[:3] == ["2 Nama Indikator", "3 Konsep", "4 Definisi"]
        assert labels.index("10 Apakah indikator komposit?") < labels.index("16 Level Estimasi")

    def test_status_and_where_it_is_changed(self, make, fetch, people, as_user):
        made = make(compilation(), status_indah="UNDER_REVIEW", id_mskeg="abc-1")
        page = fetch(f"/kegiatan/{made['name']}/indah")
        assert "Sedang diperiksa" in text(page.select_one('[role="main"]'))
        assert "abc-1" in text(page.select_one('[role="main"]'))
        change = f'a[href="/kegiatan/edit/{made["name"]}#field-status_indah"]'
        assert not page.select(change)
        assert fetch(f"/kegiatan/{made['name']}/indah", as_user(people.editor)).select(change)


class TestReport:
    def test_of_an_agency(self, make, fetch, people, as_user):
        make(survey(1), status_indah="SUBMITTED")
        make(compilation())
        make(draft())
        address = "/kegiatan/indah?organization=dinkes"

        def tables(page):
            return {
                text(table.caption): [
                    [text(cell) for cell in row.select("td, th")]
                    for row in table.select("tbody tr")
                ]
                for table in page.select("table")
            }

        found = tables(fetch(address))
        assert found == {
            "Belum di INDAH": [["2025", "Kompilasi Data Puskesmas", "V-25.3603.001"]],
            "Di INDAH": [
                ["2025", "Survei Kepuasan Masyarakat Dinas Kesehatan", "Diajukan", "V-25.3603.001"]
            ],
        }
        page = fetch(address, as_user(people.editor))
        assert len(tables(page)["Belum di INDAH"]) == 2
        assert "3 kegiatan: 1 di INDAH, 2 belum" in text(page).replace(" :", ":")
        year = fetch(f"{address}&tahun=2026", as_user(people.editor))
        assert tables(year) == {"Belum di INDAH": [["2026", "Survei Cakupan Imunisasi Draf", "–"]]}
        assert not tables(fetch(f'{address}&tahun=2026" OR x'))["Belum di INDAH"][1:]

    def test_more_than_a_page_is_counted_and_said(self, make, fetch, monkeypatch):
        monkeypatch.setattr("ckanext.tangerang.metadata.views.records._MOST", 1)
        make(compilation())
        make(survey(1), status_indah="DRAFT")
        page = fetch("/kegiatan/indah?organization=dinkes")
        assert "2 kegiatan" in text(page)
        assert "1 di INDAH" in text(page)
        assert len(page.select("table tbody tr")) == 1
        assert page.select_one(".alert-info")

    def test_of_all_agencies(self, make, fetch, people):
        make(compilation())
        make(survey(1), status_indah="APPROVED")
        other = compilation()
        make(other, judul_kegiatan="Kompilasi Lain", owner_org=people.walidata["id"])
        page = fetch("/kegiatan/indah")
        rows = [[text(c) for c in row.select("td, th")] for row in page.select("tbody tr")]
        assert ["Dinas Kesehatan", "2", "1", "1"] in rows
        assert len(rows) == 2
        assert page.select_one('a[href="/kegiatan/indah?organization=dinkes"]')

    def test_the_page_of_an_agency_leads_there(self, fetch, people, as_user):
        page = fetch("/organization/dinkes", as_user(people.editor))
        for url in (
            "/kegiatan/?organization=dinkes",
            "/indikator/?organization=dinkes",
            "/kegiatan/indah?organization=dinkes",
        ):
            assert page.select_one(f'.nav-tabs a[href="{url}"]'), url


def test_names_of_pages_are_no_names_of_records(make):
    made = make(draft(judul_kegiatan="salin", tahun_kegiatan=""))
    assert made["name"] != "salin"


@pytest.mark.ckan_config("ckan.plugins", f"tangerang_theme {PLUGINS}")
@pytest.mark.ckan_config(
    "scheming.dataset_schemas", "ckanext.tangerang.metadata:schemas/dataset.yaml"
)
def test_a_site_without_these_types_has_no_pages_of_them(people, complete, fetch, as_user):
    call_action("package_create", **complete)
    headers = as_user(people.editor)
    for url in ("/", "/dataset/puskesmas", "/organization/dinkes", "/dashboard/datasets"):
        page = fetch(url, headers)
        assert not page.select('a[href*="kegiatan"], a[href*="indikator"]'), url
    fetch("/kegiatan/", headers, status=404)
    fetch("/kegiatan/indah", headers, status=404)
