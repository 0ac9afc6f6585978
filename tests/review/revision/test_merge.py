"""Three versions into one, without a portal."""

from __future__ import annotations

import pytest

from ckanext.tangerang.review.revision.merge import Change, Conflict, final_id, merge

CODES = {"variabel": "kode"}


def said(fields=None, files=()):
    return {"fields": fields or {}, "files": list(files)}


def fields(base, own, other):
    """Return the merged fields and the conflicts."""
    found = merge(CODES, {}, said(base), said(own), said(other))
    return found.fields, found.conflicts


class TestFields:
    @pytest.mark.parametrize(
        ("base", "own", "other", "becomes"),
        [
            ("a", "a", "a", "a"),
            ("a", "b", "a", "b"),
            ("a", "a", "b", "b"),
            ("a", "b", "b", "b"),
            ("a", None, "a", None),
            ("a", "a", None, None),
            (None, "b", None, "b"),
            (None, None, "b", "b"),
        ],
    )
    def test_what_one_of_them_changed_is_taken(self, base, own, other, becomes):
        versions = ({} if value is None else {"x": value} for value in (base, own, other))
        assert fields(*versions) == ({} if becomes is None else {"x": becomes}, [])

    @pytest.mark.parametrize(("own", "other"), [("b", "c"), (None, "c"), ("b", None)])
    def test_what_both_changed_is_a_conflict(self, own, other):
        versions = ({} if value is None else {"x": value} for value in ("a", own, other))
        _, conflicts = fields(*versions)
        assert conflicts == [Conflict("x")]


def rows(*found):
    return {"variabel": [{"kode": code, **cells} for code, cells in found]}


class TestRows:
    def test_rows_are_matched_by_code_and_cells_by_name(self):
        base = rows(("V1", {"nama": "a", "satuan": "x"}), ("V2", {"nama": "b"}))
        own = rows(
            ("V2", {"nama": "b"}), ("V1", {"nama": "A", "satuan": "x"}), ("V3", {"nama": "c"})
        )
        other = rows(
            ("V1", {"nama": "a", "satuan": "y"}), ("V2", {"nama": "b"}), ("V4", {"nama": "d"})
        )
        merged, conflicts = fields(base, own, other)
        assert conflicts == []
        assert merged["variabel"] == [
            {"kode": "V2", "nama": "b"},
            {"kode": "V1", "nama": "A", "satuan": "y"},
            {"kode": "V3", "nama": "c"},
            {"kode": "V4", "nama": "d"},
        ]

    def test_the_same_cell_is_a_conflict(self):
        base, own, other = (rows(("V1", {"nama": name})) for name in "abc")
        _, conflicts = fields(base, own, other)
        assert conflicts == [Conflict("variabel", "V1", "nama")]

    def test_a_row_that_both_added_under_one_code_is_a_conflict(self):
        _, conflicts = fields({}, rows(("V1", {"nama": "a"})), rows(("V1", {"nama": "b"})))
        assert conflicts == [Conflict("variabel", "V1", "nama")]

    def test_removed_here_but_changed_there(self):
        base = rows(("V1", {"nama": "a"}), ("V2", {"nama": "b"}))
        own, other = rows(("V2", {"nama": "b"})), rows(("V1", {"nama": "A"}), ("V2", {"nama": "b"}))
        assert fields(base, own, other)[1] == [Conflict("variabel", "V1", kind="removed_here")]
        assert fields(base, other, own)[1] == [Conflict("variabel", "V1", kind="removed_there")]

    def test_removed_by_one_alone(self):
        base = rows(("V1", {"nama": "a"}), ("V2", {"nama": "b"}))
        own = rows(("V2", {"nama": "b"}))
        other = rows(("V1", {"nama": "a"}), ("V2", {"nama": "B"}))
        merged, conflicts = fields(base, own, other)
        assert (merged, conflicts) == (rows(("V2", {"nama": "B"})), [])


OLD = {"id": "r", "name": "Tabel", "url": "a.csv", "url_type": "upload", "last_modified": "1"}
KEPT = {"id": "s", "name": "Tabel", "url": "https://x/a.csv"}
NEW = {
    "id": "s",
    "name": "Tabel",
    "url": "b.csv",
    "url_type": "upload",
    "last_modified": "2",
    "size": 9,
}
KNOWN = {"s": {"id": "r", "url": "https://x/a.csv"}}


def files(own, other=(OLD,), base=(OLD,)):
    return merge(CODES, KNOWN, said(files=base), said(files=own), said(files=other))


class TestFiles:
    def test_a_kept_file_is_the_one_that_is_there(self):
        later = {**OLD, "url": "c.csv", "last_modified": "3"}
        found = files([KEPT], [later])
        assert (found.files, found.changes, found.conflicts) == ([later], [], [])

    def test_a_description_changes_without_the_file(self):
        found = files([{**KEPT, "name": "Baru"}])
        assert (found.files, found.changes) == ([{**OLD, "name": "Baru"}], [])

    def test_a_replaced_file_keeps_its_id(self):
        found = files([NEW])
        assert found.files == [{**NEW, "id": "r"}]
        assert found.changes == [Change("r", "s", "replaced")]

    def test_a_new_file_has_one_final_id(self):
        more = {**NEW, "id": "n"}
        found, again = files([KEPT, more]), files([KEPT, more])
        assert found.changes == [Change(final_id("n"), "n", "new")] == again.changes
        assert [file["id"] for file in found.files] == ["r", final_id("n")]

    def test_a_removed_file(self):
        found = files([])
        assert (found.files, found.conflicts) == ([], [])
        assert found.changes == [Change("r", None, "removed")]

    def test_what_was_added_on_the_record_stays(self):
        added = {"id": "t", "url": "https://x"}
        assert files([NEW], [OLD, added]).files == [{**NEW, "id": "r"}, added]

    def test_conflicts(self):
        later = {**OLD, "last_modified": "3"}
        assert files([NEW], [later]).conflicts == [Conflict(file_id="r")]
        assert files([], [later]).conflicts == [Conflict(file_id="r", kind="removed_here")]
        assert files([NEW], []).conflicts == [Conflict(file_id="r", kind="removed_there")]
        renamed = files([{**KEPT, "name": "Satu"}], [{**OLD, "name": "Dua"}])
        assert renamed.conflicts == [Conflict(column="name", file_id="r")]

    def test_marks_of_jobs_are_no_conflict(self):
        found = files([], [{**OLD, "datastore_active": True, "hash": "x"}])
        assert found.conflicts == []

    def test_removed_on_the_record_and_untouched_here(self):
        found = files([KEPT], [])
        assert (found.files, found.changes, found.conflicts) == ([], [], [])
