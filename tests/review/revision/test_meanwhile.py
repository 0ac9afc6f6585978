"""What happens to a revisi when its record changes, is withdrawn, deleted, purged or moved."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.tangerang.review import publication, store
from ckanext.tangerang.review.revision import shadow
from tests.metadata.records import compilation

from ..conftest import PLUGINS, ask, fresh, review
from .test_way import approve, history, opened, record, replace_file, version

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("staff", "disk"),
]

__all__ = ["record"]


class TestChanged:
    def test_both_changes_are_kept(self, staff, record):
        copy = opened(staff, record)
        ask("package_patch", staff.editor, id=copy["id"], definisi="Dari revisi.")
        ask(
            "package_patch",
            staff.sysadmin,
            id=record["id"],
            notes="Dari walidata.",
            prioritas_tahun="2026",
        )
        ask("resource_patch", staff.sysadmin, id=record["resources"][0]["id"], name="Nama baru")
        approve(staff, copy)
        done = fresh(record)
        assert (done["definisi"], done["notes"]) == ("Dari revisi.", "Dari walidata.")
        assert done["prioritas_tahun"] == ["2026"]
        assert done["resources"][0]["name"] == "Nama baru"

    def test_conflicts_are_refused_by_name(self, staff, record):
        copy = opened(staff, record)
        ask("package_patch", staff.editor, id=copy["id"], definisi="Dari revisi.")
        replace_file(staff, copy)
        review("submit", staff.editor, copy)
        ask("package_patch", staff.sysadmin, id=record["id"], definisi="Dari walidata.")
        ask("resource_delete", staff.sysadmin, id=record["resources"][0]["id"])
        before = fresh(record)
        with pytest.raises(tk.ValidationError) as refused:
            review("publish", staff.walidata_editor, copy, version=version(copy))
        found = refused.value.error_dict
        assert set(found) == {"definisi", "resources"}
        assert found["definisi"][0].startswith("Definition: changed here")
        assert "removed from the published record" in found["resources"][0]
        assert fresh(record) == before
        assert review("show", staff.editor, copy)["state"] == "diajukan"
        diff = review("diff", staff.walidata_editor, copy)
        assert len(diff["conflicts"]) == 2
        # What to do: write the same, or leave it as it was.
        review("return", staff.walidata_editor, copy, reason="Samakan definisinya.")
        ask("package_patch", staff.editor, id=copy["id"], definisi="Dari walidata.", title="Baru")
        ask("resource_delete", staff.editor, id=copy["resources"][0]["id"])
        approve(staff, copy)
        assert fresh(record)["title"] == "Baru"

    def test_a_form_of_before_does_not_take_the_approval_back(self, staff, record):
        """By a sysadmin, who may save a published record: only the form knows what it was."""
        forms = [
            ("package_update", {**record, "seen": record["metadata_modified"]}),
            (
                "resource_update",
                {**(file := record["resources"][0]), "seen": file["metadata_modified"]},
            ),
        ]
        copy = opened(staff, record)
        ask("package_patch", staff.editor, id=copy["id"], definisi="Dari revisi.")
        replace_file(staff, copy)
        approve(staff, copy)
        approved = fresh(record)
        for name, sent in forms:
            with pytest.raises(tk.ValidationError, match="was changed since"):
                ask(name, staff.sysadmin, **sent)
        assert fresh(record) == approved

    def test_variables_are_matched_by_code(self, staff):
        owner = {"owner_org": staff.opd["id"], "private": False}
        activity = ask("package_create", staff.sysadmin, **{**compilation(), **owner})
        copy = opened(staff, activity)
        rows = copy["variabel"]
        changed = [
            {**rows[0], "definisi": "Baru."},
            *rows[1:],
            {**rows[0], "kode": "", "nama": "Tambahan"},
        ]
        ask("package_patch", staff.editor, id=copy["id"], variabel=changed)
        other = [*rows[:1], {**rows[1], "definisi": "Dari walidata."}, *rows[2:]]
        ask("package_patch", staff.sysadmin, id=activity["id"], variabel=other)
        diff = review("diff", staff.editor, copy)
        [field] = [entry for entry in diff["fields"] if entry["field"] == "variabel"]
        assert [(row["code"], row["change"]) for row in field["rows"]] == [
            (rows[0]["kode"], "changed"), (f"V{len(rows) + 1:03d}", "added")
        ]  # fmt: skip
        [cell] = field["rows"][0]["columns"]
        assert (cell["column"], cell["new"]) == ("definisi", "Baru.")
        approve(staff, copy)
        done = fresh(activity)["variabel"]
        assert (done[0]["definisi"], done[1]["definisi"]) == ("Baru.", "Dari walidata.")
        assert len(done) == len(rows) + 1


class TestGone:
    def test_withdrawn(self, staff, record):
        copy = opened(staff, record)
        ask("package_patch", staff.editor, id=copy["id"], definisi="Baru.")
        review("submit", staff.editor, copy)
        review("retract", staff.walidata_editor, record, reason="Angka salah.")
        with pytest.raises(tk.ValidationError, match="withdrawn"):
            review("publish", staff.walidata_editor, copy, version=version(copy))
        assert "withdrawn" in review("show", staff.editor, copy)["revision_of"]["problem"]
        review("withdraw", staff.editor, copy)
        with pytest.raises(tk.ValidationError, match="withdrawn"):
            review("submit", staff.editor, copy)
        # The record is published again, with another change: both are there in the end.
        ask("package_patch", staff.editor, id=record["id"], notes="Dibetulkan.")
        review("submit", staff.editor, record)
        review("publish", staff.walidata_editor, record, version=version(record))
        approve(staff, copy)
        done = fresh(record)
        assert (done["definisi"], done["notes"]) == ("Baru.", "Dibetulkan.")

    def test_deleted_and_restored(self, staff, record):
        copy = opened(staff, record)
        ask("package_patch", staff.editor, id=copy["id"], definisi="Baru.")
        ask("package_delete", staff.sysadmin, id=record["id"])
        with pytest.raises(tk.ValidationError, match="deleted"):
            review("submit", staff.editor, copy)
        ask("package_patch", staff.sysadmin, id=record["id"], state="active")
        approve(staff, copy)
        assert fresh(record)["definisi"] == "Baru."

    def test_purged(self, staff, record):
        copy = opened(staff, record)
        ask("dataset_purge", staff.sysadmin, id=record["id"])
        assert model.Package.get(copy["id"]) is None

    def test_purged_by_statements(self, staff, complete):
        made = ask("package_create", staff.sysadmin, **complete)
        copy = opened(staff, made)
        package = model.Package.get(made["id"])
        model.Session.query(model.Member).filter_by(table_id=made["id"]).delete()
        model.Session.delete(package)
        model.Session.commit()
        assert shadow.orphans() == [copy["id"]]
        publication.sweep()
        assert model.Package.get(copy["id"]) is None

    def test_moved_to_another_opd(self, staff, record):
        copy = opened(staff, record)
        ask("package_patch", staff.editor, id=copy["id"], definisi="Baru.")
        end = {"berlaku_sampai": "2025-12-31", "dasar_hukum_berakhir": "Perbup 1/2025"}
        rows = [{"name": "dinkes", "cara_berakhir": "digabung", "pengganti": "dinsos", **end}]
        planned = ask("tangerang_opd_plan", staff.sysadmin, registry=rows)
        assert planned["errors"] == []
        [merged] = [op for op in planned["operations"] if op["op"] == "merge"]
        assert merged["moved"]["datasets"] == 1
        made = ask("tangerang_opd_apply", staff.sysadmin, token=planned["token"])
        [entry] = [e for e in made["entries"] if e["op"] == "merge"]
        assert entry["moved"]["datasets"] == 1
        assert fresh(copy)["owner_org"] == fresh(record)["owner_org"] == staff.other["id"]
        review("submit", staff.stranger, copy)
        review("publish", staff.walidata_editor, copy, version=version(copy))
        assert fresh(record)["definisi"] == "Baru."


RESTRICTED = {"accesslevel": "terbatas", "alasan_pembatasan": "UU 14/2008 Pasal 17"}
CLOSED = {**RESTRICTED, "accesslevel": "tertutup"}


class TestAccessLevel:
    @pytest.mark.ckan_config("ckanext.tangerang.review.direct", "all")
    @pytest.mark.parametrize("name", ["editor", "sysadmin"])
    def test_opened_only_by_a_revisi(self, name, staff, complete):
        made = ask("package_create", staff.sysadmin, **{**complete, **RESTRICTED})
        user = getattr(staff, name)
        for change in ({"accesslevel": "terbuka"}, {"accesslevel": ""}):
            with pytest.raises(tk.ValidationError) as refused:
                ask("package_patch", user, id=made["id"], **change)
            assert "revision" in refused.value.error_dict["accesslevel"][0]
        ask("package_patch", user, id=made["id"], title="Boleh")
        copy = opened(staff, made)
        ask(
            "package_patch",
            staff.editor,
            id=copy["id"],
            accesslevel="terbuka",
            alasan_pembatasan="",
        )
        approve(staff, copy)
        assert fresh(made)["accesslevel"] == "terbuka"

    def test_closed_by_a_revisi_and_opened_by_another(self, staff, complete):
        made = ask("package_create", staff.sysadmin, **complete)
        copy = opened(staff, made)
        ask("package_patch", staff.editor, id=copy["id"], **CLOSED)
        assert approve(staff, copy)["state"] == "disetujui_tertutup"
        assert fresh(made)["private"] is True
        again = opened(staff, made)
        ask(
            "package_patch",
            staff.editor,
            id=again["id"],
            accesslevel="terbuka",
            alasan_pembatasan="",
        )
        assert approve(staff, again)["state"] == "terbit"
        assert ask("package_show", None, id=made["id"])["private"] is False


class TestAtATime:
    def test_published_when_due(self, staff, record):
        copy = opened(staff, record)
        ask("package_patch", staff.editor, id=copy["id"], definisi="Baru.")
        review("submit", staff.editor, copy)
        review("publish", staff.walidata_editor, copy, version=version(copy), at="2099-01-01T08:00")
        assert publication.sweep() == (0, 0)
        store.get(copy["id"]).publish_at = store.now()
        model.Session.commit()
        assert publication.sweep() == (1, 0)
        assert fresh(record)["definisi"] == "Baru."
        assert history(staff, record)[-1] == "revisi_terbit"

    def test_not_when_the_record_is_in_conflict_then(self, staff, record):
        copy = opened(staff, record)
        ask("package_patch", staff.editor, id=copy["id"], definisi="Baru.")
        review("submit", staff.editor, copy)
        review("publish", staff.walidata_editor, copy, version=version(copy), at="2099-01-01T08:00")
        ask("package_patch", staff.sysadmin, id=record["id"], definisi="Lain.")
        store.get(copy["id"]).publish_at = store.now()
        model.Session.commit()
        assert publication.sweep() == (0, 1)
        assert fresh(record)["definisi"] == "Lain."
        assert review("show", staff.editor, copy)["state"] == "diajukan"
