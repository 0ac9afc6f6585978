"""What a registry file would change: each rule by itself. No services."""

from __future__ import annotations

import dataclasses
import time

import pytest

from ckanext.tangerang.opd.plan import plan
from ckanext.tangerang.opd.registry import FormerName, Registry, Unit, registry_of
from ckanext.tangerang.opd.rows import Row

TODAY = "2026-01-31"


def unit(number, name, title="", **fields):
    id_ = f"{number:08x}-0000-4000-8000-000000000000"
    return Unit(id=id_, name=name, title=title or name.title(), **fields)


DINKES = unit(1, "dinkes", "Dinas Kesehatan", kode_opd="1.02.0.00.0.00.01.0000", urusan=("1.02",))
DISBUDPAR = unit(2, "disbudpar", "Dinas Kebudayaan dan Pariwisata", singkatan="Disbudpar")
PKM = unit(3, "pkm", "Puskesmas Curug", induk="dinkes")
NOW = registry_of([DINKES, DISBUDPAR, PKM])


def row(now, **values):
    """Return a row about an OPD of the portal, found by its id."""
    return Row({"id": now.id, **values}, "2")


def rows(*given):
    """Return rows: those given, and all others of the portal as they are."""
    named = {r.values.get("id") for r in given}
    rest = [Row({"id": u.id}) for u in NOW if u.id not in named]
    return [*given, *rest]


def run(*given, now=NOW, **options):
    return plan(now, rows(*given) if now is NOW else given, today=TODAY, **options)


def kinds(found):
    return [(op.kind, op.name) for op in found.operations]


def codes(notes):
    return [note.code for note in notes]


def one(found):
    """Return the only operation of a plan without errors."""
    assert found.errors == ()
    (operation,) = found.operations
    return operation


class TestFinding:
    def test_the_registry_itself_changes_nothing(self):
        found = plan(NOW, NOW, today=TODAY)
        assert (found.operations, found.warnings, found.errors) == ((), (), ())

    @pytest.mark.parametrize(
        "values",
        [
            {"id": DINKES.id, "name": "kesehatan", "kode_opd": "9.99.0.00.0.00.01.0000"},
            {"kode_opd": DINKES.kode_opd, "name": "kesehatan"},
            {"name": "dinkes"},
            {"name": "kesehatan", "nama_lama": "dinkes | Dinas Kesehatan"},
        ],
    )
    def test_by_id_then_code_then_address_then_former_address(self, values):
        found = plan(NOW, [Row({**values, "alamat": "Baru"})], today=TODAY)
        assert {op.id for op in found.operations} == {DINKES.id}
        assert "create" not in dict(kinds(found))

    def test_never_by_likeness(self):
        found = plan(
            NOW, [Row({"name": "dinas-kesehatan", "title": "Dinas Kesehatan"})], today=TODAY
        )
        assert kinds(found) == [("create", "dinas-kesehatan")]

    def test_of_two_opd_with_one_code_the_one_that_exists(self):
        old = dataclasses.replace(
            unit(9, "lama", kode_opd=DINKES.kode_opd),
            berlaku_sampai="2016",
            cara_berakhir="ditutup",
        )
        now = registry_of([DINKES, old])
        found = plan(now, [Row({"kode_opd": DINKES.kode_opd, "alamat": "x"})], today=TODAY)
        assert one(found).id == DINKES.id

    def test_a_row_about_the_same_opd_again_is_an_error(self):
        assert codes(run(row(DINKES), Row({"name": "dinkes"}, "3")).errors) == ["twice"]

    def test_a_field_that_is_absent_stays_and_an_empty_one_is_emptied(self):
        assert one(run(row(DINKES, kode_opd=""))).changes == {"kode_opd": (DINKES.kode_opd, "")}

    def test_address_and_name_can_not_be_emptied(self):
        assert run(row(DINKES, name="", title="")).operations == ()

    def test_a_new_opd_needs_address_and_name(self):
        found = run(Row({"singkatan": "X"}, "4"))
        assert [(e.code, e.field, e.row) for e in found.errors] == [
            ("lacking", "name", "4"),
            ("lacking", "title", "4"),
        ]


class TestOperations:
    def test_create(self):
        operation = one(run(Row({"name": "bpbd", "title": "BPBD", "urusan": "1.05"})))
        assert (operation.kind, operation.id) == ("create", "")
        assert operation.changes["urusan"] == ((), ("1.05",))

    def test_rename_makes_the_present_name_a_former_one(self):
        found = run(row(DISBUDPAR, name="disporabudpar", title="Dinas Pemuda", singkatan="Dispora",
                        dasar_hukum="Perda 1/2026"))  # fmt: skip
        renamed = next(op for op in found.operations if op.kind == "rename")
        assert set(renamed.changes) == {"name", "title", "singkatan", "dasar_hukum"}
        assert renamed.former == FormerName(
            "disbudpar", DISBUDPAR.title, "Disbudpar", "", TODAY, "Perda 1/2026"
        )
        assert codes(found.warnings) == ["rename_period"]

    def test_rename_takes_the_period_that_the_file_states(self):
        stated = "disbudpar | Dinas Kebudayaan dan Pariwisata | | 2008 | 2016-12-31 | Perda 11/2016"
        found = run(row(DISBUDPAR, name="disporabudpar", nama_lama=stated))
        operation = one(found)
        assert operation.former == FormerName(
            "disbudpar", DISBUDPAR.title, "Disbudpar", "2008", "2016-12-31", "Perda 11/2016"
        )
        assert found.warnings == ()

    def test_filling_in_an_abbreviation_is_no_rename(self):
        assert one(run(row(DINKES, singkatan="Dinkes"))).kind == "change"

    def test_children_of_a_renamed_opd_do_not_move(self):
        assert kinds(run(row(DINKES, name="kesehatan"))) == [("rename", "kesehatan")]

    def test_the_file_of_a_rename_plans_nothing_afterwards(self):
        after = dataclasses.replace(
            DISBUDPAR,
            name="disporabudpar",
            nama_lama=(FormerName("disbudpar", DISBUDPAR.title, "Disbudpar", "", "2020", "Perda"),),
        )
        again = Row({"name": "disporabudpar", "nama_lama": f"disbudpar | {DISBUDPAR.title}"})
        assert plan(registry_of([after]), [again], today=TODAY).operations == ()

    def test_move(self):
        operation = one(run(row(PKM, induk="disbudpar")))
        assert (operation.kind, operation.changes) == ("move", {"induk": ("dinkes", "disbudpar")})

    def test_parent_and_successor_are_found_by_former_addresses_too(self):
        found = run(row(DISBUDPAR, name="baru", nama_lama=""), row(PKM, induk="disbudpar"))
        assert dict(kinds(found))["move"] == "pkm"
        assert found.outcome.by_name["pkm"].induk == "baru"

    def test_close_split_and_merge(self):
        end = {"berlaku_sampai": "2025", "cara_berakhir": "ditutup"}
        assert one(run(row(DISBUDPAR, **end))).kind == "close"
        merged = {**end, "cara_berakhir": "digabung", "pengganti": "dinkes"}
        operation = one(run(row(DISBUDPAR, **merged)))
        assert (operation.kind, operation.into) == ("merge", ("dinkes",))
        split = {**end, "cara_berakhir": "dipecah", "pengganti": ["dinkes", "pkm"]}
        assert one(run(row(DISBUDPAR, **split))).kind == "split"

    def test_merge_takes_the_children_along_and_again_plans_nothing(self):
        end = {"berlaku_sampai": "2025", "cara_berakhir": "digabung", "pengganti": "disbudpar"}
        found = run(row(DINKES, **end))
        assert kinds(found) == [("merge", "dinkes"), ("move", "pkm")]
        # The file still names the old one above the child.
        again = [Row({"id": DINKES.id, **end}), Row({"id": PKM.id, "induk": "dinkes"})]
        rest = Row({"id": DISBUDPAR.id})
        assert plan(found.outcome, [*again, rest], today=TODAY).operations == ()

    def test_children_that_the_file_lacks_move_too(self):
        end = {"berlaku_sampai": "2025", "cara_berakhir": "digabung", "pengganti": "disbudpar"}
        found = plan(NOW, [row(DINKES, **end), row(DISBUDPAR)], today=TODAY)
        assert kinds(found) == [("merge", "dinkes"), ("move", "pkm")]

    def test_aliases_are_added_and_removed(self):
        now = registry_of([dataclasses.replace(DINKES, alias=("Kesehatan", "DK"))])
        found = plan(now, [row(DINKES, alias="DK; Dinas Kes")], today=TODAY)
        changes = {op.kind: op.changes["alias"] for op in found.operations}
        assert changes == {
            "alias_add": ((), ("Dinas Kes",)),
            "alias_remove": (("Kesehatan",), ()),
        }

    def test_former_names_are_added_and_corrected_but_never_removed(self):
        now = registry_of([dataclasses.replace(DINKES, nama_lama=(FormerName("kes", "Kes"),))])
        assert plan(now, [row(DINKES, nama_lama="")], today=TODAY).operations == ()
        corrected = one(plan(now, [row(DINKES, nama_lama="kes | Kes | | 2001")], today=TODAY))
        assert corrected.kind == "history"
        assert corrected.changes["nama_lama"][1] == (FormerName("kes", "Kes", "", "2001"),)


ENDED = {"berlaku_sampai": "2025", "cara_berakhir": "ditutup"}


class TestErrors:
    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ([Row({"name": "bp", "title": "A"}), Row({"name": "bp", "title": "B"})], "name_twice"),
            ([Row({"name": "bpbd", "title": "A", "kode_opd": DINKES.kode_opd, "id": PKM.id,
                   "urusan": "1.02"})], "code_twice"),
            ([row(PKM, name="dinkes")], "name_taken"),
            ([row(DINKES, induk="pkm")], "cycle"),
            ([row(DINKES, **ENDED)], "parent_closed"),
            ([row(DINKES, urusan="9.99")], "value"),
            ([row(DINKES, jenis_opd="kantor")], "value"),
            ([row(DINKES, kode_wilayah="36.03.99")], "value"),
            ([row(DINKES, kode_wilayah="3603130")], "value"),
            ([row(DINKES, kontak_email="x")], "value"),
            ([row(PKM, induk="tidak-ada")], "unknown_induk"),
            ([row(PKM, berlaku_sampai="2025", cara_berakhir="digabung", pengganti="tidak-ada")],
             "unknown_pengganti"),
            ([row(PKM, berlaku_sampai="2025", cara_berakhir="digabung")], "end"),
            ([row(PKM, berlaku_sampai="2025", cara_berakhir="dipecah", pengganti="dinkes")], "end"),
            ([row(PKM, cara_berakhir="ditutup")], "end"),
            ([row(PKM, berlaku_sampai="2025")], "end"),
            ([row(PKM, pengganti="dinkes")], "end"),
            ([row(PKM, berlaku_sampai="2027", cara_berakhir="digabung", pengganti="dinkes")],
             "future"),
            ([row(PKM, berlaku_dari="2026", **ENDED)], "period"),
            ([row(DINKES, kode_opd="2.16.0.00.0.00.01.0000")], "code"),
            ([row(DINKES, alias="DK"), row(PKM, alias="d k")], "alias_twice"),
            ([row(DINKES, alias="---")], "alias"),
            ([row(DINKES, alias="Puskesmas  CURUG")], "alias_twice"),
            ([row(DINKES, alias="disbudpar")], "alias_twice"),
        ],
    )  # fmt: skip
    def test_are_found(self, given, code):
        assert code in codes(run(*given).errors)

    def test_a_merge_into_one_that_has_ended_is_refused(self):
        given = [
            row(PKM, berlaku_sampai="2025", cara_berakhir="digabung", pengganti="disbudpar"),
            row(DISBUDPAR, **ENDED),
        ]
        assert codes(run(*given).errors) == ["successor_closed"]

    def test_merges_one_after_the_other_are_not(self):
        given = [
            row(PKM, berlaku_sampai="2025", cara_berakhir="digabung", pengganti="disbudpar"),
            row(DISBUDPAR, berlaku_sampai="2025", cara_berakhir="digabung", pengganti="dinkes"),
        ]
        assert run(*given).errors == ()

    def test_successors_in_a_circle_are_refused(self):
        merged = {"berlaku_sampai": "2025", "cara_berakhir": "digabung"}
        given = [
            row(PKM, pengganti="disbudpar", **merged),
            row(DISBUDPAR, pengganti="pkm", **merged),
        ]
        assert "cycle" in codes(run(*given).errors)

    def test_an_address_of_the_past_stays_reserved(self):
        now = registry_of([dataclasses.replace(DINKES, nama_lama=(FormerName("kes", "Kes"),))])
        found = plan(now, [Row({"name": "kes", "title": "Kesra"}), row(DINKES)], today=TODAY)
        assert codes(found.errors) == ["name_taken"]

    def test_an_opd_may_get_its_own_former_name_back(self):
        now = registry_of([dataclasses.replace(DINKES, nama_lama=(FormerName("kes", "Kes"),))])
        assert one(plan(now, [row(DINKES, name="kes")], today=TODAY)).kind == "rename"

    def test_a_code_may_pass_to_the_successor_of_one_that_has_ended(self):
        given = [
            row(PKM),
            row(DINKES, berlaku_sampai="2025", cara_berakhir="digabung", pengganti="baru"),
            Row({"name": "baru", "title": "Baru", "kode_opd": "", "urusan": "1.02"}),
        ]
        now = registry_of([DINKES, PKM, DISBUDPAR, unit(8, "baru", "Baru", urusan=("1.02",))])
        wanted = [*given[:2], Row({"id": unit(8, "x").id, "kode_opd": DINKES.kode_opd})]
        assert plan(now, wanted, today=TODAY).errors == ()

    def test_only_sysadmins_change_roles(self):
        given = row(DINKES, peran_sdi="walidata")
        assert codes(run(given, may_set_roles=False).errors) == ["role"]
        found = run(given)
        assert found.errors == ()
        assert codes(found.warnings) == ["role"]

    def test_the_walidata_makes_produsen_data(self):
        new = {"name": "bpbd", "title": "BPBD", "peran_sdi": "produsen_data"}
        assert run(Row(new), may_set_roles=False).errors == ()
        other = Row({**new, "peran_sdi": "pembina_data"})
        assert codes(run(other, may_set_roles=False).errors) == ["role"]

    def test_mistakes_that_are_in_the_portal_already_block_nothing_else(self):
        wrong = dataclasses.replace(
            DINKES, berlaku_sampai="2020", kode_opd="2.16.0.00.0.00.01.0000"
        )
        twin = unit(7, "kembar", kode_opd=wrong.kode_opd)
        child = dataclasses.replace(PKM, induk="dinkes")
        now = registry_of([wrong, twin, child])
        found = plan(now, [row(wrong, alamat="Baru"), row(twin), row(child)], today=TODAY)
        assert one(found).kind == "change"

    def test_name_row_cell_and_field(self):
        cells = {"urusan": "F7"}
        (error,) = run(
            Row({"id": DINKES.id, "name": "dinkes", "urusan": "9.99"}, "7", cells)
        ).errors
        assert (error.row, error.cell, error.field, error.name) == ("7", "F7", "urusan", "dinkes")


class TestWarnings:
    def test_an_opd_that_vanished_stays_and_is_named(self):
        found = plan(NOW, [row(DINKES), row(PKM)], today=TODAY)
        assert found.operations == ()
        (warning,) = found.warnings
        assert (warning.code, warning.name) == ("vanished", "disbudpar")
        assert "cara_berakhir" in warning.msgid

    def test_one_that_has_ended_may_vanish(self):
        now = registry_of([DINKES, unit(9, "lama", berlaku_sampai="2016", cara_berakhir="ditutup")])
        assert plan(now, [row(DINKES)], today=TODAY).warnings == ()

    @pytest.mark.parametrize(
        "new",
        [
            {"title": "Dinas Kebudayaan, Pariwisata dan Olahraga"},
            {"title": "Lain Sekali", "singkatan": "DISBUDPAR"},
        ],
    )
    def test_a_new_name_for_one_that_vanished_looks_like_a_rename(self, new):
        found = plan(NOW, [row(DINKES), row(PKM), Row({"name": "baru", **new})], today=TODAY)
        assert codes(found.warnings) == ["looks_like_rename", "vanished"]
        assert found.warnings[0].params["former"].startswith("disbudpar | ")

    def test_names_that_were_swapped(self):
        found = run(row(DINKES, title=PKM.title), row(PKM, title=DINKES.title))
        assert codes(found.warnings).count("swap") == 2

    def test_an_end_without_a_successor(self):
        assert codes(run(row(PKM, **ENDED)).warnings) == ["no_successor"]

    def test_one_that_exists_again(self):
        now = registry_of([unit(9, "lama", berlaku_sampai="2016", cara_berakhir="ditutup")])
        again = row(now.units[0], berlaku_sampai="", cara_berakhir="")
        assert codes(plan(now, [again], today=TODAY).warnings) == ["reopened"]


def test_five_hundred_opd_are_planned_within_two_seconds():
    many = registry_of(
        unit(n, f"opd-{n}", f"Dinas {n}", induk=f"opd-{n // 4}" if n > 3 else "", alias=(f"a{n}",))
        for n in range(1, 501)
    )
    # Of the processor: what else runs on the machine is not planning.
    started = time.process_time()
    created = plan(Registry(), many, today=TODAY)
    renamed = plan(many, [Row({"id": u.id, "title": f"Badan {u.name}"}) for u in many], today=TODAY)
    assert time.process_time() - started < 2
    assert len(created.operations) == len(renamed.operations) == 500
