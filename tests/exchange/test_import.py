"""Importing files of INDAH and DDI into the portal: the dry run, and what becomes of records."""

from __future__ import annotations

import io
import json
import zipfile

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.tangerang.exchange import bundle, indah
from tests.metadata import records

from .conftest import PLUGINS, survey_data

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "app", "clean_db", "clean_index"),
]


def _actions(found):
    return [(change["type"], change["action"], change["fields"]) for change in found["changes"]]


def _show(record_id):
    return tk.get_action("package_show")({"ignore_auth": True}, {"id": record_id})


#: What a copy of a record in another portal has of its own.
_OWN = ("id", "name", "metadata_created", "metadata_modified", "creator_user_id", "private")


def _same(first, second, *lost):
    left = {k: v for k, v in first.items() if k not in (*_OWN, *lost)}
    right = {k: v for k, v in second.items() if k not in (*_OWN, *lost)}
    assert left == right


class TestRoundTrip:
    def test_a_file_of_ours_changes_nothing(self, make, document, imports):
        activity = make.activity(id_mskeg="b-1", status_indah="APPROVED")
        make.indicator(kegiatan=activity["id"], id_sds=["S-1", "S-2"], id_msind="m-1")
        found = imports(document(activity), dry_run=False)
        assert found["errors"] == found["unplaced"] == []
        assert _actions(found) == [("kegiatan", "none", {}), ("indikator", "none", {})]

    def test_nor_does_one_without_ids(self, make, document, imports):
        activity = make.activity()
        make.indicator(kegiatan=activity["id"])
        found = imports(document(activity))
        assert found["errors"] == []
        assert [action for _, action, _ in _actions(found)] == ["none", "none"]

    def test_what_only_links_stays_a_link(self, make, document, imports):
        activity = make.activity()
        link = f"{activity['id']}#V002"
        other = make.indicator(title="Umur Harapan Hidup")
        indicator = make.indicator(
            kegiatan=activity["id"], variabel_pembangun=[{"variabel": link}, {"nama": "N",
            "kegiatan_penghasil": ["K"], "kode_kegiatan": "7"}],
        )  # fmt: skip
        composite = make.indicator(
            title="IPM",
            apakah_indikator_komposit="YA",
            variabel_pembangun=None,
            indikator_pembangun=[{"indikator": other["id"], "publikasi": ["BRS"]}],
        )
        made = document(activity)
        rows = made[indah.INDICATORS_KEY][0]["data"]["variabel_pembangun"]
        assert rows[0] == {
            "kegiatan_penghasil": [activity["title"]],
            "nama": "Unsur pelayanan 2",
        }
        assert [a for _, a, _ in _actions(imports(made))] == ["none", "none"]
        made = document(composite)
        assert made["data"]["indikator_pembangun"][0]["nama"] == "Umur Harapan Hidup"
        assert _actions(imports(made)) == [("indikator", "none", {})]
        assert _show(indicator["id"])["variabel_pembangun"][0] == {"variabel": link}

    def test_a_new_record_has_all_that_indah_holds(self, make, document, imports):
        activity = make.activity(**survey_data(3, id_mskeg="b-1"))
        indicator = make.indicator(kegiatan=activity["id"])
        made = document(activity)
        for record in (indicator, activity):
            tk.get_action("dataset_purge")({"ignore_auth": True}, {"id": record["id"]})
        found = imports(made, dry_run=False)
        assert found["applied"]
        assert [action for _, action, _ in _actions(found)] == ["create", "create"]
        new, own = (_show(change["id"]) for change in found["changes"])
        assert new["private"]
        # INDAH has no titles of releases.
        digital = "viii_rencana_jadwal_rilis_produk_digital"
        assert new[digital] == [{"tanggal": "2025-12-15"}]
        _same(new, activity, digital)
        assert own["kegiatan"] == new["id"]
        _same(own, indicator, "kegiatan", "arah", "target")

    def test_the_zip_of_an_opd_changes_nothing(self, make, imports, people):
        activity = make.activity()
        make.indicator(kegiatan=activity["id"])
        make.indicator(title="Tanpa kegiatan")
        content = b"".join(bundle.stream(people.opd["id"]))
        found = imports(content)
        assert found["errors"] == found["unplaced"] == []
        assert [action for _, action, _ in _actions(found)] == ["none"] * 3
        assert {change["file"] for change in found["changes"]} == {
            "dinkes/kegiatan/kompilasi-data-puskesmas-2025.indah.json",
            "dinkes/indikator/tanpa-kegiatan.indah.json",
        }

    def test_a_codebook_changes_nothing(self, make, imports):
        activity = make.activity()
        text = tk.get_action("tangerang_ddi_show")({"user": ""}, {"id": activity["id"]})
        found = imports(text)
        assert found["errors"] == []
        assert _actions(found) == [("kegiatan", "none", {})]

    def test_a_new_activity_of_a_codebook_has_its_variables(self, make, imports):
        activity = make.activity(**survey_data(4))
        text = tk.get_action("tangerang_ddi_show")({"user": ""}, {"id": activity["id"]})
        tk.get_action("dataset_purge")({"ignore_auth": True}, {"id": activity["id"]})
        found = imports(text, dry_run=False)
        assert found["applied"]
        assert _show(found["changes"][0]["id"])["variabel"] == activity["variabel"]


class TestChanges:
    def test_a_dry_run_stores_nothing(self, make, document, imports):
        activity = make.activity()
        made = document(activity)
        made["data"]["blok_iii"]["tujuan_kegiatan"] = "Tujuan lain"
        found = imports(made)
        assert _actions(found) == [
            ("kegiatan", "update", {"iii_tujuan_kegiatan": ["Mengetahui mutu layanan.",
            "Tujuan lain"]})
        ]  # fmt: skip
        assert not found["applied"]
        assert _show(activity["id"])["iii_tujuan_kegiatan"] == "Mengetahui mutu layanan."

    def test_a_record_is_found_by_the_id_of_indah(self, make, document, imports):
        activity = make.activity(id_mskeg="b-1")
        made = document(activity)
        made["data"]["judul_kegiatan"] = "Judul baru"
        found = imports(made, dry_run=False)
        assert [change["id"] for change in found["changes"]] == [activity["id"]]
        assert _show(activity["id"])["judul_kegiatan"] == "Judul baru"

    def test_codes_and_titles_that_the_file_lacks_stay(self, make, document, imports):
        activity = make.activity(
            variabel=[
                {"kode": "A-1", **records.variable(1)},
                {"kode": "B-2", **records.variable(2)},
            ],
        )
        made = document(activity)
        made[indah.VARIABLES_KEY].reverse()
        made[indah.VARIABLES_KEY][0]["data"]["definisi"] = "Lain"
        made["data"]["blok_viii"]["rencana_jadwal_rilis_produk_digital"] = ["2025-12-20"]
        assert imports(made, dry_run=False)["applied"]
        stored = _show(activity["id"])
        codes = [(row["kode"], row["nama"], row["definisi"][:4]) for row in stored["variabel"]]
        assert codes == [
            ("B-2", "Unsur pelayanan 2", "Lain"),
            ("A-1", "Unsur pelayanan 1", "Peni"),
        ]
        assert stored["viii_rencana_jadwal_rilis_produk_digital"] == [
            {"judul": "Laporan 2025", "tanggal": "2025-12-20"}
        ]

    def test_a_document_of_ms_keg_alone_keeps_the_rest_of_its_variables(
        self, make, document, imports
    ):
        activity = make.activity()
        made = document(activity)
        del made[indah.VARIABLES_KEY]
        assert _actions(imports(made)) == [("kegiatan", "none", {})]

    def test_a_block_that_closes_is_emptied(self, make, document, imports):
        activity = make.activity(**survey_data(1))
        made = document(activity)["data"]
        made["cara_pengumpulan_data"] = "KOMPILASI_PRODUK_ADMINISTRASI"
        del made["blok_v"]
        found = imports({"data": made}, dry_run=False, owner_org="dinkes")
        assert found["errors"] == []
        assert found["applied"]
        assert not [name for name in _show(activity["id"]) if name.startswith("v_")]

    def test_an_indicator_alone_finds_its_activity(self, make, document, imports):
        activity = make.activity(id_mskeg="b-1")
        indicator = make.indicator(kegiatan=activity["id"])
        made = document(indicator)
        assert made["ms_keg_id"] == "b-1"
        tk.get_action("dataset_purge")({"ignore_auth": True}, {"id": indicator["id"]})
        found = imports(made, dry_run=False)
        assert _show(found["changes"][0]["id"])["kegiatan"] == activity["id"]


class TestRefusals:
    def test_errors_name_file_form_and_path(self, make, document, imports):
        made = document(make.activity())
        made["data"]["sektor_kegiatan"] = "PERIKANAN_DARAT"
        made[indah.VARIABLES_KEY][1]["data"]["nama"] = None
        made[indah.VARIABLES_KEY][0]["data"]["definisi"] = "x" * 20_000
        found = imports(made, dry_run=False)
        assert not found["applied"]
        places = {(e["file"], e["sheet"], e["cell"], e["field"]) for e in found["errors"]}
        assert places == {
            ("berkas.json", "MS-Keg", "data.sektor_kegiatan", "sektor_kegiatan"),
            (
                "berkas.json",
                "MS-Var",
                f"{indah.VARIABLES_KEY}[0].data.definisi",
                "variabel",
            ),
        }

    def test_all_or_nothing(self, make, document, imports):
        activity = make.activity()
        good, bad = document(activity), document(activity)
        good["data"]["judul_kegiatan"] = "Kegiatan baru"
        bad["data"]["tahun"] = 99999
        found = imports([good, bad], dry_run=False)
        assert not found["applied"]
        assert {e["field"] for e in found["errors"]} == {"tahun_kegiatan"}
        titles = model.Session.query(model.Package.title).all()
        assert [title for (title,) in titles] == [activity["title"]]

    def test_of_another_opd_nothing_is_changed(self, make, document, imports, people):
        activity = make.activity(id_mskeg="b-1")
        made = document(activity)
        made["data"]["judul_kegiatan"] = "Diambil alih"
        found = imports(made, user=people.walidata_editor, dry_run=False)
        assert not found["applied"]
        assert found["errors"]
        assert _show(activity["id"])["judul_kegiatan"] == "Kompilasi Data Puskesmas"

    def test_who_may_describe_nothing_imports_nothing(self, imports):
        from ckan.tests import factories  # noqa: PLC0415

        with pytest.raises(tk.NotAuthorized):
            imports({}, user=factories.User())

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "berkas.json: This is no JSON of INDAH"),
            (b"[1]", "berkas.json: This is no document of INDAH"),
            (b"<html/>", "berkas.json: This XML is no DDI Codebook"),
            (b'{"judul_kegiatan": "a", "judul_kegiatan": "b"}', "stands twice"),
            (b"[" * 100_000, "too many levels"),
        ],
    )
    def test_files_that_are_not_read(self, imports, content, said):
        with pytest.raises(tk.ValidationError) as error:
            imports(content)
        assert said in str(error.value.error_dict["upload"])

    @pytest.mark.ckan_config("ckanext.tangerang.exchange.max_size", "1")
    def test_a_file_that_is_too_large(self, imports):
        with pytest.raises(tk.ValidationError, match="too large"):
            imports(b" " * (1024 * 1024 + 1))

    def test_a_text_instead_of_a_file(self, people):
        with pytest.raises(tk.ValidationError, match="Send a file"):
            tk.get_action("tangerang_indah_import")(
                {"user": people.editor["name"]}, {"upload": "teks"}
            )

    def test_a_zip_of_many_names_its_files(self, make, document, imports):
        made = document(make.activity())
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            made["data"]["judul_kegiatan"] = "Satu"
            archive.writestr("satu.json", json.dumps(made))
            made["data"] |= {"judul_kegiatan": "Dua", "tahun": "dua ribu"}
            archive.writestr("dua.json", json.dumps(made))
        found = imports(buffer.getvalue())
        assert [(e["file"], e["field"]) for e in found["errors"]] == [
            ("dua.json", "tahun_kegiatan")
        ]
