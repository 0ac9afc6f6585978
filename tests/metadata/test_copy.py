"""Copying a record to the next year: action, page, and who may."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action, call_auth

from .conftest import PLUGINS
from .records import compilation, indicator, survey

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.ckan_config("ckan.auth.create_unowned_dataset", False),
    pytest.mark.ckan_config("ckan.auth.create_dataset_if_not_in_organization", False),
]


def text(node):
    return " ".join(node.get_text(" ").split())


@pytest.fixture
def activity(people):
    """Make a public activity with what only it has: its INDAH, its recommendation."""
    return call_action(
        "package_create",
        owner_org=people.opd["id"],
        **{
            **survey(3),
            "kode_kegiatan": "B-1",
            "status_indah": "APPROVED",
            "id_mskeg": "abc",
            "tanggal_rekomendasi": "2025-01-02",
        },
    )


def copy(people, record, **data):
    """Copy a record as the editor of its agency, with the checks of authorization."""
    context = {"user": people.editor["name"], "ignore_auth": False}
    return tk.get_action("tangerang_record_copy")(context, {"id": record["id"], **data})


class TestActivity:
    def test_is_the_same_a_year_later(self, people, activity):
        made = copy(people, activity)

        assert made["title"] == "Survei Kepuasan Masyarakat Dinas Kesehatan 2026"
        assert made["name"] == "survei-kepuasan-masyarakat-dinas-kesehatan-2026"
        assert made["tahun_kegiatan"] == "2026"
        assert made["kegiatan_sebelumnya"] == activity["id"]
        assert made["owner_org"] == activity["owner_org"]
        assert made["iii_jadwal_pengumpulan_data"] == [
            {"awal": "2026-02-03", "akhir": "2026-02-28"},
            {"awal": "2026-08-04", "akhir": "2026-08-29"},
        ]
        assert made["viii_rencana_jadwal_rilis_produk_digital"] == [
            {"judul": "Laporan 2026", "tanggal": "2026-12-15"}
        ]
        assert made["variabel"] == activity["variabel"]
        for name in ("v_unit_sampel", "iv_wilayah_kegiatan", "iii_latar_belakang_kegiatan"):
            assert made[name] == activity[name]
        # A draft of the agency's own, without what the source was given.
        assert (made["state"], made["private"]) == ("draft", True)
        for name in (
            "kode_kegiatan",
            "status_indah",
            "id_mskeg",
            "mendapat_rekomendasi",
            "identitas_rekomendasi",
            "tanggal_rekomendasi",
        ):
            assert activity[name]
            assert not made.get(name)

    def test_codes_are_kept_and_new_ones_go_on_after_them(self, people):
        source = call_action("package_create", owner_org=people.opd["id"], **survey(3))
        rows = [row for row in source["variabel"] if row["kode"] != "V002"]
        call_action("package_patch", id=source["id"], variabel=rows)
        made = copy(people, source)
        assert [row["kode"] for row in made["variabel"]] == ["V001", "V003"]
        changed = call_action(
            "package_patch", id=made["id"], variabel=[*made["variabel"], {"nama": "Baru"}]
        )
        assert changed["variabel"][-1]["kode"] == "V004"

    def test_a_second_copy_is_refused_unless_it_is_forced(self, people, activity):
        first = copy(people, activity)
        with pytest.raises(tk.ValidationError) as error:
            copy(people, activity)
        assert first["title"] in str(error.value.error_dict["id"])
        assert error.value.error_dict["existing"] == [first["name"]]

        second = copy(people, activity, force=True)
        assert second["id"] != first["id"]
        assert second["name"] != first["name"]

    def test_a_deleted_copy_is_not_in_the_way(self, people, activity):
        first = copy(people, activity)
        call_action("package_delete", id=first["id"])
        assert copy(people, activity)["tahun_kegiatan"] == "2026"

    def test_years(self, people, activity):
        for year in ("2025", "2024", "tahun depan", "99999"):
            with pytest.raises(tk.ValidationError) as error:
                copy(people, activity, tahun=year)
            assert "tahun" in error.value.error_dict, year
        copy(people, activity)
        # Another year is no second copy.
        made = copy(people, activity, tahun="2028")
        assert made["tahun_kegiatan"] == "2028"
        assert made["iii_jadwal_desain"] == [{"awal": "2028-01-06", "akhir": "2028-01-31"}]

    def test_a_source_without_a_year_needs_one(self, people):
        draft = call_action(
            "package_create",
            type="kegiatan",
            judul_kegiatan="Survei Baru",
            owner_org=people.opd["id"],
            state="draft",
        )
        with pytest.raises(tk.ValidationError) as error:
            copy(people, draft)
        assert "tahun" in error.value.error_dict
        assert copy(people, draft, tahun="2027")["title"] == "Survei Baru 2027"

    def test_the_copy_needs_the_recommendation_alone_and_can_be_copied_itself(
        self, people, activity
    ):
        first = copy(people, activity)
        changed = call_action(
            "package_patch",
            id=first["id"],
            mendapat_rekomendasi="TIDAK",
            state="active",
            private=False,
        )
        assert changed["state"] == "active"
        second = copy(people, first)
        assert second["tahun_kegiatan"] == "2027"
        assert second["kegiatan_sebelumnya"] == first["id"]


class TestIndicator:
    def test_is_another_indicator(self, people):
        source = call_action(
            "package_create",
            owner_org=people.opd["id"],
            **{**indicator(), "status_indah": "DRAFT", "id_msind": "x"},
        )
        made = copy(people, source)
        assert made["title"] == "Indeks Kepuasan Masyarakat (copy)"
        assert made["definisi"] == source["definisi"]
        assert made["variabel_pembangun"] == source["variabel_pembangun"]
        assert (made["state"], made["private"]) == ("draft", True)
        for name in ("status_indah", "id_msind", "target"):
            assert not made.get(name)
        # It has no year.
        with pytest.raises(tk.ValidationError) as error:
            copy(people, source, tahun="2027")
        assert "tahun" in error.value.error_dict

    def test_a_link_that_the_user_may_not_see_is_left_out(self, people):
        hidden = call_action(
            "package_create",
            owner_org=people.walidata["id"],
            private=True,
            **{**compilation(), "mendapat_rekomendasi": "TIDAK", "identitas_rekomendasi": ""},
        )
        source = call_action(
            "package_create",
            owner_org=people.opd["id"],
            private=True,
            **{**indicator(), "kegiatan": hidden["id"]},
        )
        assert source["kegiatan"] == hidden["id"]
        made = copy(people, source)
        assert not made.get("kegiatan")


class TestDataset:
    @pytest.fixture
    def dataset(self, complete):
        """Make a public dataset of 2020 to 2024 with a file."""
        return call_action(
            "package_create",
            **{
                **complete,
                "title": "Jumlah Puskesmas 2020-2024",
                "periode_akhir": "2024",
                "jadwal_rilis": "2025-06",
                "prioritas_tahun": ["2024"],
                "version": "3",
                "tags": [{"name": "puskesmas"}],
                "resources": [
                    {
                        "url": "http://example.org/puskesmas.csv",
                        "name": "Tabel puskesmas",
                        "format": "CSV",
                        "periode_data": "2020/2024",
                        "kamus": [{"kolom": "kecamatan", "definisi": "Nama kecamatan"}],
                    }
                ],
            },
        )

    def test_is_the_same_a_year_later(self, people, dataset):
        made = copy(people, dataset)

        assert made["title"] == "Jumlah Puskesmas 2021-2025"
        assert (made["periode_awal"], made["periode_akhir"]) == ("2021", "2025")
        assert made["jadwal_rilis"] == "2026-06"
        assert made["definisi"] == dataset["definisi"]
        assert [tag["name"] for tag in made["tags"]] == ["puskesmas"]
        assert (made["state"], made["private"]) == ("draft", True)
        # What is its own it gets anew.
        assert made["identifier"] != dataset["identifier"]
        assert not made.get("prioritas_tahun")
        assert not made.get("version")
        # The files wait for the new figures.
        (file,) = made["resources"]
        assert file["url"] == ""
        assert file["name"] == "Tabel puskesmas"
        assert file["periode_data"] == "2021/2025"
        assert file["kamus"] == [{"kolom": "kecamatan", "definisi": "Nama kecamatan"}]
        assert file["id"] != dataset["resources"][0]["id"]
        assert not file.get("format")
        with pytest.raises(tk.ValidationError) as error:
            copy(people, dataset)
        assert error.value.error_dict["existing"] == [made["name"]]

    def test_a_title_without_a_year_gets_one(self, people, complete):
        source = call_action("package_create", **complete)
        made = copy(people, source)
        assert made["title"] == f"{complete['title']} 2021"

    def test_links_to_the_activity_of_its_own_year(self, people, activity, complete):
        kamus = [{"kolom": "u", "variabel": f"{activity['id']}#V002"}]
        source = call_action(
            "package_create",
            **{
                **complete,
                "periode_awal": "2025",
                "kegiatan": activity["id"],
                "resources": [{"url": "http://example.org/a.csv", "kamus": kamus}],
            },
        )
        assert copy(people, source)["kegiatan"] == activity["id"]  # there is no newer one

        newer = copy(people, activity)
        made = copy(people, source, force=True)
        assert made["kegiatan"] == newer["id"]
        assert made["resources"][0]["kamus"][0]["variabel"] == f"{newer['id']}#V002"


class TestWho:
    def test_people_of_the_agency_may(self, people, activity):
        for user in (people.editor, people.admin, people.sysadmin):
            context = {"user": user["name"], "model": model}
            assert call_auth("tangerang_record_copy", context, id=activity["id"])

    def test_others_may_not(self, people, activity):
        member = factories.User()
        call_action(
            "organization_member_create",
            id=people.opd["id"],
            username=member["name"],
            role="member",
        )
        for user in ("", people.walidata_editor["name"], member["name"]):
            with pytest.raises(tk.NotAuthorized):
                call_auth(
                    "tangerang_record_copy", {"user": user, "model": model}, id=activity["id"]
                )
        # Nor does anybody copy what they may not see.
        call_action("package_patch", id=activity["id"], private=True)
        with pytest.raises(tk.NotAuthorized):
            call_auth(
                "tangerang_record_copy",
                {"user": people.walidata_editor["name"], "model": model},
                id=activity["id"],
            )


class TestPage:
    @pytest.fixture
    def headers(self, app, people):
        """Make the headers of the editor."""
        token = call_action("api_token_create", user=people.editor["name"], name="t")["token"]
        return {"Authorization": token}

    def test_says_what_will_be_made(self, app, people, activity, headers):
        address = f"/kegiatan/{activity['name']}/salin"
        answer = app.get(address, headers=headers)
        page = BeautifulSoup(answer.body, "html.parser")
        shown = text(page.select_one('[role="main"]'))
        assert "Survei Kepuasan Masyarakat Dinas Kesehatan 2026" in shown
        assert "3 variables" in shown
        assert page.select_one("#field-tahun")["value"] == "2026"
        assert page.select_one('form input[name="_csrf_token"]')
        # Nothing was made by looking.
        assert call_action("package_list", dataset_type="kegiatan") == [activity["name"]]

    def test_copies_and_opens_the_form_of_the_copy(self, app, people, activity, headers):
        answer = app.post(
            f"/kegiatan/{activity['name']}/salin",
            data={"tahun": "2026"},
            headers=headers,
            follow_redirects=False,
        )
        assert answer.status_code == 302
        name = "survei-kepuasan-masyarakat-dinas-kesehatan-2026"
        assert answer.headers["Location"].endswith(f"/kegiatan/edit/{name}")
        assert call_action("package_show", id=name)["state"] == "draft"

    def test_a_second_time_leads_to_the_first(self, app, people, activity, headers):
        first = copy(people, activity)
        address = f"/kegiatan/{activity['name']}/salin"
        for answer in (
            app.get(address, headers=headers),
            app.post(address, data={"tahun": "2026"}, headers=headers),
        ):
            page = BeautifulSoup(answer.body, "html.parser")
            assert page.select_one(f'.alert a[href="/kegiatan/{first["name"]}"]')
            assert page.select_one('input[name="force"]')
        forced = app.post(
            address,
            data={"tahun": "2026", "force": "1"},
            headers=headers,
            follow_redirects=False,
        )
        assert forced.status_code == 302

    def test_a_wrong_year_stays_on_the_page_as_it_was_typed(self, app, people, activity, headers):
        answer = app.post(
            f"/kegiatan/{activity['name']}/salin", data={"tahun": "besok"}, headers=headers
        )
        page = BeautifulSoup(answer.body, "html.parser")
        assert page.select_one("#field-tahun")["value"] == "besok"
        assert "besok" in text(page.select_one('[role="alert"]'))

    def test_is_closed_to_others(self, app, people, activity):
        token = call_action("api_token_create", user=people.walidata_editor["name"], name="t")
        other = {"Authorization": token["token"]}
        address = f"/kegiatan/{activity['name']}/salin"
        app.get(address, headers=other, status=403)
        app.post(address, data={"tahun": "2026"}, headers=other, status=403)
        app.get(address, status=403)
        call_action("package_patch", id=activity["id"], private=True)
        app.get(address, headers=other, status=404)

    def test_the_button_is_for_those_who_may(self, app, people, activity, complete, headers):
        dataset = call_action("package_create", **complete)
        for record in (activity, dataset):
            page = f"/{record['type']}/{record['name']}"
            link = f'href="{page}/salin"'
            assert link in app.get(page, headers=headers).body
            assert link not in app.get(page).body
