"""The action ``tangerang_workbook_import``: what it finds, what it stores, who may."""

from __future__ import annotations

import datetime as dt

import ckan.plugins.toolkit as tk
import pysolr
import pytest
from ckan import model
from ckan.lib import search
from ckan.tests import factories

from ckanext.tangerang.workbook import bulk, exporter, importer, reader
from tests.metadata import records
from tests.theme.conftest import counted

from .conftest import PLUGINS, Sheets

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
]

#: What differs between two records of equal content.
_OWN = ("id", "name", "metadata_created", "metadata_modified", "creator_user_id")


def _show(people, record_id):
    shown = tk.get_action("package_show")({"user": people.editor["name"]}, {"id": record_id})
    return {name: value for name, value in shown.items() if name not in _OWN}


def _public(record):
    return record | {"owner_org": "Dinas Kesehatan", "private": False}


def _count():
    return model.Session.query(model.Package).count()


class TestCreate:
    @pytest.mark.parametrize("record", [records.survey, records.compilation])
    def test_the_record_equals_the_one_made_by_the_api(self, imports, people, workbook, record):
        sent = record() | {"owner_org": people.opd["id"], "private": False}
        by_api = tk.get_action("package_create")({"user": people.editor["name"]}, sent)
        expected = _show(people, by_api["id"])
        tk.get_action("dataset_purge")({"ignore_auth": True}, {"id": by_api["id"]})

        found = imports(workbook(_public(record())), dry_run=False)

        assert found["errors"] == []
        assert found["applied"] is True
        change = found["changes"][0]
        assert change["action"] == "create"
        assert _show(people, change["id"]) == expected

    def test_an_indicator_equals_the_one_made_by_the_api(self, imports, people, make, workbook):
        by_api = make.indicator()
        expected = _show(people, by_api["id"])
        tk.get_action("dataset_purge")({"ignore_auth": True}, {"id": by_api["id"]})

        found = imports(workbook({}, [_public(records.indicator())]), dry_run=False)

        assert found["errors"] == []
        assert _show(people, found["changes"][0]["id"]) == expected

    def test_indicators_belong_to_the_activity_of_their_workbook(self, imports, people, workbook):
        sheets = workbook(_public(records.compilation()), [_public(records.indicator())])
        dry = imports(sheets)
        assert dry["changes"][1]["fields"]["kegiatan"] == [None, "Kompilasi Data Puskesmas"]
        activity, indicator = imports(sheets, dry_run=False)["changes"]
        assert _show(people, indicator["id"])["kegiatan"] == activity["id"]

    def test_a_new_record_is_a_draft_unless_the_workbook_says_otherwise(self, imports, workbook):
        sheets = workbook()
        sheets.answer("judul_kegiatan", "Survei Singkat")
        fields = imports(sheets, dry_run=False)["changes"][0]["fields"]
        assert fields["private"] == [None, True]
        assert fields["owner_org"][1]

    def test_an_opd_that_has_ended_takes_no_new_records(self, imports, people, workbook):
        tk.get_action("organization_patch")(
            {"user": people.sysadmin["name"]}, {"id": "dinkes", "berlaku_sampai": "2020"}
        )
        found = imports(workbook(_public(records.compilation())), dry_run=False)
        assert not found["applied"]
        assert any("takes no new data" in error["message"] for error in found["errors"])
        assert _count() == 0

    def test_what_is_public_must_be_complete(self, imports, workbook):
        sheets = workbook()
        sheets.answer("judul_kegiatan", "Survei Singkat")
        sheets.answer("@private", "Publik")
        errors = imports(sheets)["errors"]
        where = {error["field"]: error["cell"] for error in errors}
        assert where["iii_tujuan_kegiatan"] == f"C{sheets.line('iii_tujuan_kegiatan')}"

    def test_it_is_found_by_search_after_the_import(self, imports, people, workbook):
        imports(workbook(_public(records.compilation())), dry_run=False)
        found = tk.get_action("package_search")(
            {"user": people.editor["name"]}, {"fq": "dataset_type:kegiatan"}
        )
        assert [row["title"] for row in found["results"]] == ["Kompilasi Data Puskesmas 2025"]


class TestDryRun:
    def test_nothing_is_stored(self, imports, workbook):
        found = imports(workbook(_public(records.compilation())))
        assert found["applied"] is False
        assert set(found) == {"changes", "errors", "applied"}
        assert set(found["changes"][0]) == {"type", "id", "name", "action", "fields"}
        assert found["changes"][0]["id"] is None
        assert _count() == 0

    def test_nothing_is_stored_either_when_one_of_many_is_wrong(self, imports, workbook):
        wrong = _public(records.indicator()) | {"title": "Lain", "target": [{"tahun": "20"}]}
        sheets = workbook(_public(records.compilation()), [_public(records.indicator()), wrong])
        found = imports(sheets, dry_run=False)
        assert found["applied"] is False
        assert _count() == 0
        assert [error["cell"] for error in found["errors"]] == [
            sheets.put("MS-Ind", "target.tahun", None, row=7)
        ]

    def test_every_error_names_its_cell(self, imports, workbook):
        sheets = workbook(_public(records.survey(3)) | {"private": True})
        expected = {
            ("MS-Keg", sheets.answer("tahun_kegiatan", "duaribu")),
            ("MS-Keg", sheets.answer("i_email", "bukan email")),
            ("MS-Keg", sheets.answer("iv_wilayah_kegiatan", "99.99")),
            ("MS-Keg", sheets.answer("vi_jumlah_petugas_enumerator", "banyak")),
            ("MS-Keg", sheets.answer("v_metode_yang_digunakan", "Quota Sampling")),
            ("MS-Keg", sheets.answer("iii_jadwal_desain#", "besok")),
            ("MS-Keg", sheets.answer("mendapat_rekomendasi", "Mungkin")),
            ("MS-Var", sheets.put("MS-Var", "variabel.nama", "x" * 301, row=7)),
            ("MS-Var", sheets.put("MS-Var", "variabel.kode", "bukan kode!", row=8)),
            (
                "MS-Var",
                sheets.put("MS-Var", "variabel.apakah_variabel_bisa_diakses_umum", "boleh"),
            ),
        }
        found = imports(sheets)
        assert {(error["sheet"], error["cell"]) for error in found["errors"]} == expected
        assert all(error["message"] and error["field"] for error in found["errors"])

    def test_a_missing_cell_of_a_row_is_named_though_it_is_empty(self, imports, workbook):
        sheets = workbook(_public(records.survey(2)))
        cell = sheets.put("MS-Var", "variabel.definisi", None, row=7)
        errors = imports(sheets)["errors"]
        assert [(error["cell"], error["field"]) for error in errors] == [(cell, "variabel")]
        assert "MS-Var 4" in errors[0]["message"]

    def test_an_answer_to_what_is_not_asked_is_refused(self, imports, workbook):
        sheets = workbook(_public(records.survey(1)))
        sheets.answer("cara_pengumpulan_data", "Kompilasi Produk Administrasi")
        errors = imports(sheets)["errors"]
        assert {"v_unit_sampel", "v_jenis_rancangan_sampel"} <= {e["field"] for e in errors}

    def test_what_hangs_on_an_unreadable_answer_is_not_judged(self, imports, workbook):
        sheets = workbook(_public(records.survey(1)))
        cell = sheets.answer("cara_pengumpulan_data", "Survey rumah tangga")
        assert [error["cell"] for error in imports(sheets)["errors"]] == [cell]


class TestAgain:
    @pytest.fixture
    def imported(self, imports, workbook):
        """Import a workbook of a survey with an indicator; return it."""
        record = _public(records.survey(60)) | {"kode_kegiatan": "K-1"}
        sheets = workbook(record, [_public(records.indicator())])
        assert imports(sheets, dry_run=False)["applied"]
        return sheets

    def test_the_same_file_changes_nothing(self, imports, imported):
        before = _count()
        found = imports(imported, dry_run=False)
        assert [(c["action"], c["fields"]) for c in found["changes"]] == [("none", {})] * 2
        assert found["errors"] == []
        assert _count() == before

    def test_the_exported_file_changes_nothing(self, imports, imported, people):
        activity = imports(imported)["changes"][0]
        context = {"user": people.editor["name"]}
        _, content = exporter.of_record(context, "kegiatan", activity["id"])
        found = imports(content, dry_run=False)
        assert [(c["action"], c["fields"]) for c in found["changes"]] == [("none", {})] * 2

    def test_one_changed_cell_is_one_changed_field(self, imports, imported, people):
        imported.answer("iii_tujuan_kegiatan", "Menilai layanan.")
        change = imports(imported, dry_run=False)["changes"][0]
        assert change["action"] == "update"
        assert change["fields"] == {
            "iii_tujuan_kegiatan": ["Mengetahui mutu layanan.", "Menilai layanan."]
        }
        assert _show(people, change["id"])["iii_tujuan_kegiatan"] == "Menilai layanan."

    def test_an_emptied_cell_empties_the_field_and_a_missing_line_does_not(
        self, imports, imported, people
    ):
        imported.answer("kode_kegiatan", None)
        imported.book["MS-Keg"].delete_rows(imported.line("iii_latar_belakang_kegiatan"))
        change = imports(imported, dry_run=False)["changes"][0]
        assert change["fields"] == {"kode_kegiatan": ["K-1", None]}
        shown = _show(people, change["id"])
        assert "kode_kegiatan" not in shown
        assert shown["iii_latar_belakang_kegiatan"]

    def test_variables_without_codes_keep_those_of_their_names(self, imports, imported, people):
        sheet = imported.book["MS-Var"]
        for row in range(6, 66):
            sheet.cell(row, 1).value = None
        sheet.delete_rows(6)
        change = imports(imported, dry_run=False)["changes"][0]
        codes = [row["kode"] for row in _show(people, change["id"])["variabel"]]
        assert codes == [f"V{n:03d}" for n in range(2, 61)]

    def test_a_stale_id_is_refused(self, imports, imported):
        cell = imported.answer("@id", "7c7f4ac2-0000-4000-8000-000000000000")
        assert cell in [error["cell"] for error in imports(imported)["errors"]]

    def test_two_records_of_one_title_need_an_id(self, imports, imported, make):
        make.activity(judul_kegiatan="Survei Kepuasan Masyarakat Dinas Kesehatan", name="lain")
        assert "ID" in imports(imported)["errors"][0]["message"]


class TestPermission:
    def test_anonymous_and_members_are_refused(self, imports, people, workbook):
        member = factories.User()
        tk.get_action("organization_member_create")(
            {"ignore_auth": True},
            {"id": people.opd["id"], "username": member["name"], "role": "member"},
        )
        sheets = workbook(_public(records.compilation()))
        for user in ({"name": ""}, member):
            with pytest.raises(tk.NotAuthorized):
                imports(sheets, user=user)

    def test_the_record_of_another_opd_is_not_changed(self, imports, people, make, workbook):
        own = make.activity()
        sheets = workbook(_public(records.compilation()) | {"id": own["id"]})
        sheets.answer("iii_tujuan_kegiatan", "Lain")
        found = imports(sheets, user=people.walidata_editor, dry_run=False)
        assert found["applied"] is False
        assert found["errors"]

    def test_nothing_is_created_for_another_opd(self, imports, people, workbook):
        sheets = workbook(_public(records.compilation()))
        errors = imports(sheets, user=people.walidata_editor)["errors"]
        assert [error["field"] for error in errors] == ["owner_org"]
        assert "Dinas Kesehatan" in errors[0]["message"]

    def test_the_own_opd_is_taken_where_none_is_named(self, imports, people, workbook):
        sheets = workbook(_public(records.compilation()))
        sheets.answer("owner_org", None)
        change = imports(sheets, dry_run=False)["changes"][0]
        assert change["fields"]["owner_org"] == [None, people.opd["id"]]

    def test_who_has_several_names_one(self, imports, people, workbook):
        sheets = workbook(_public(records.compilation()))
        sheets.answer("owner_org", None)
        assert [e["field"] for e in imports(sheets, user=people.sysadmin)["errors"]] == [
            "owner_org"
        ]
        found = imports(sheets, user=people.sysadmin, owner_org="dinkes")
        assert found["errors"] == []

    @pytest.mark.parametrize("name", ["Dinas Kesehatan Kab. Tangerang", "DIN. KESEHATAN"])
    def test_an_opd_in_another_spelling(self, imports, people, workbook, name):
        sheets = workbook(_public(records.compilation()))
        sheets.answer("owner_org", name)
        found = imports(sheets)
        assert found["errors"] == []
        assert found["changes"][0]["fields"]["owner_org"] == [None, people.opd["id"]]

    def test_a_similar_name_is_an_error_that_names_the_candidates(self, imports, people, workbook):
        sheets = workbook(_public(records.compilation()))
        cell = sheets.answer("owner_org", "Dinas Kesehatn")
        (error,) = imports(sheets)["errors"]
        assert (error["cell"], error["field"]) == (cell, "owner_org")
        assert "Perhaps you mean: Dinas Kesehatan" in error["message"]

    def test_names_in_later_workbooks_are_resolved_too(self, people, workbook, monkeypatch):
        """Workbooks are looked at some at a time, while others are still being read."""
        monkeypatch.setattr(importer, "_CHUNK", 1)
        forms = reader.Forms(exporter.schemas())
        books = []
        for number, name in enumerate(("Dinkes Kab. Tangerang", "Din. Kesehatan")):
            sheets = workbook(records.compilation() | {"judul_kegiatan": f"Kegiatan {number}"})
            sheets.answer("owner_org", name)
            books.append(reader.read(sheets.content(), forms=forms, form=None, limit=10**7))
        found = importer.run({"user": people.editor["name"]}, books, may_apply=lambda: False)
        assert found.errors == [[], []]

    def test_the_opd_of_another_region_is_none(self, imports, people, workbook):
        sheets = workbook(_public(records.compilation()))
        sheets.answer("owner_org", "Dinas Kesehatan Kota Tangerang")
        (error,) = imports(sheets)["errors"]
        assert "Perhaps" not in error["message"]


class TestMany:
    """What is done once for many workbooks has the result of doing it for each."""

    @pytest.fixture
    def import_many(self, people, workbook):
        def importing(titles):
            forms = reader.Forms(exporter.schemas())
            books = [
                reader.read(
                    workbook(_public(records.compilation() | {"judul_kegiatan": title})).content(),
                    forms,
                )
                for title in titles
            ]
            found = importer.run({"user": people.editor["name"]}, books, may_apply=lambda: True)
            assert not found.has_errors
            return [change["name"] for changes in found.changes for change in changes]

        return importing

    def test_names_that_are_taken_get_an_end_of_their_own(self, import_many, make):
        make.activity(judul_kegiatan="Kegiatan A")
        names = import_many(["Kegiatan A!", "Kegiatan B", "Kegiatan-B", "Kegiatan C"])
        assert len(set(names)) == 4
        assert names[1::2] == ["kegiatan-b-2025", "kegiatan-c-2025"]
        assert names[0].startswith("kegiatan-a-2025-")
        assert names[2].startswith("kegiatan-b-2025-")

    def test_they_belong_to_their_organization(self, import_many, people, make):
        columns = ("table_name", "group_id", "capacity", "state")

        def members(name):
            package = model.Package.get(name)
            rows = model.Session.query(model.Member).filter_by(table_id=package.id)
            return [[getattr(row, column) for column in columns] for row in rows]

        (name,) = import_many(["Kegiatan A"])
        assert members(name) == members(make.activity(judul_kegiatan="Kegiatan B")["id"])
        assert members(name)[0][1] == people.opd["id"]

    def test_one_more_costs_two_queries(self, import_many):
        """They are of CKAN's validators: for a free name, and for the role of the caller."""
        import_many(["Kegiatan"])
        with counted() as few:
            import_many(["A1", "A2"])
        with counted() as many:
            import_many(["B1", "B2", "B3", "B4", "B5"])
        assert len(many.sql) - len(few.sql) == 2 * 3


class TestTransaction:
    def test_a_refusal_while_storing_takes_everything_back(
        self, imports, make, workbook, monkeypatch
    ):
        """A plugin may refuse in its own chained action what the validators let pass."""
        stored = make.activity()
        original = tk.get_action

        def refuse(context, data):
            model.Session.rollback()
            raise tk.ValidationError({"iii_tujuan_kegiatan": ["not now"]})

        monkeypatch.setattr(
            tk, "get_action", lambda name: refuse if name == "package_update" else original(name)
        )
        sheets = workbook(_public(records.compilation()), [_public(records.indicator())])
        cell = sheets.answer("iii_tujuan_kegiatan", "Lain")
        found = imports(sheets, dry_run=False)
        monkeypatch.undo()
        assert found["applied"] is False
        assert [(e["cell"], e["message"]) for e in found["errors"]] == [(cell, "not now")]
        assert _count() == 1
        assert search.query_for(model.Package).get_all_entity_ids() == [stored["id"]]

    def test_what_solr_refuses_is_not_stored(self, imports, workbook, monkeypatch):
        def refuse(*_, **__):
            raise search.SearchIndexError("immense term")

        monkeypatch.setattr(search.PackageSearchIndex, "index_package", refuse)
        with pytest.raises(tk.ValidationError, match="immense term"):
            imports(workbook(_public(records.compilation())), dry_run=False)
        assert _count() == 0

    @pytest.mark.parametrize("record", [records.survey, records.indicator])
    def test_what_is_indexed_is_what_ckan_would_index(self, people, record):
        """Else each record is shown by CKAN, which is slow but right."""
        sent = record() | {"owner_org": people.opd["id"], "private": False}
        made = tk.get_action("package_create")({"user": people.editor["name"]}, sent)
        show = bulk.Show({"ignore_auth": True, "user": people.editor["name"]})
        package = model.Package.get(made["id"])
        slow = show.slow(package)
        assert show.fast(package, show.in_common(package.type, slow)) == slow

    def test_a_request_that_solr_refuses_takes_everything_back(
        self, imports, workbook, monkeypatch
    ):
        def refuse(*_, **__):
            raise pysolr.SolrError("immense term")

        monkeypatch.setattr(pysolr.Solr, "add", refuse)
        with pytest.raises(tk.ValidationError, match="immense term"):
            imports(workbook(_public(records.compilation())), dry_run=False)
        monkeypatch.undo()
        assert _count() == 0
        assert search.query_for(model.Package).get_all_entity_ids() == []

    def test_the_file_may_not_be_read_at_all(self, imports):
        with pytest.raises(tk.ValidationError, match="not a workbook"):
            imports(b"a,b\n1,2\n")

    @pytest.mark.parametrize("upload", ["text", 5])
    def test_only_a_file_is_taken(self, people, upload):
        with pytest.raises(tk.ValidationError):
            tk.get_action("tangerang_workbook_import")(
                {"user": people.editor["name"]}, {"upload": upload}
            )


class TestNumbers:
    def test_numbers_are_read_by_the_stated_edition(self, imports, workbook):
        sheets = workbook(_public(records.survey(1)) | {"private": True})
        sheets.answer("cara_pengumpulan_data", 2)
        sheets.answer("iv_frekuensi_penyelanggara", 7.0)
        sheets.answer("iii_jadwal_desain#", dt.datetime(2025, 1, 6))  # noqa: DTZ001
        assert imports(sheets)["errors"] == []

    def test_numbers_that_editions_swap_are_refused_with_the_reason(self, imports, workbook):
        sheets = workbook(_public(records.survey(1)))
        cell = sheets.answer("iv_tipe_pengumpulan_data", 2)
        (error,) = imports(sheets)["errors"]
        assert error["cell"] == cell
        assert "different meanings" in error["message"]

    def test_the_argument_goes_before_the_workbook(self, imports, workbook):
        sheets = workbook(_public(records.survey(1)))
        sheets.answer("v_metode_yang_digunakan", 5)
        assert imports(sheets, form_version="2020")["errors"] == []
        assert imports(sheets, form_version="indah")["errors"]
        with pytest.raises(tk.ValidationError, match="2020"):
            imports(sheets, form_version="1999")


def test_a_wrong_container_can_be_told_from_a_good_one(imports, workbook):
    """The helper class of these tests makes files that are read at all."""
    assert isinstance(workbook(), Sheets)
    assert imports(workbook())["errors"][0]["message"].startswith("This workbook holds no answers")
