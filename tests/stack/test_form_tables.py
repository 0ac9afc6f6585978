"""The tables of the forms in the docs: every item, its condition in words, its tests."""

from __future__ import annotations

import pytest

from stack import form_tables, forms
from stack.documentation import PAGES, rendered
from tests.metadata.items import ITEMS


@pytest.mark.parametrize("form", ["kegiatan", "indikator"])
def test_every_item_of_the_form_stands_in_it_with_its_tests(form):
    lines = form_tables.items_table(form).splitlines()
    for item in ITEMS:
        if item.form != form:
            continue
        name = f"{item.of}[].{item.name}" if item.of else item.name
        (line,) = [text for text in lines if f"| `{name}` |" in text]
        cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
        assert cells[0] == item.number
        assert "`metadata/test_forms_by_item`" in cells[-1]
        assert ("ya" in cells[-2]) == item.needed


def test_conditions_are_said_in_words():
    table = form_tables.items_table("kegiatan")
    (line,) = [text for text in table.splitlines() if "`v_metode_yang_digunakan`" in text]
    for words in (
        "5.2 Metode Pemilihan Sampel Tahap Terakhir = Sampel Probabilitas / Sampel Nonprobabilitas",
        "Sampel Probabilitas: kode 1–5",
        "Sampel Nonprobabilitas: kode 6–10",
    ):
        assert words in line


def test_an_item_that_no_test_knows_stops_it():
    field = {"field_name": "baru", "form_item": "9.9"}
    with pytest.raises(LookupError, match=r"9\.9 \(baru\)"):
        form_tables.tested_in(field)


def test_names_that_several_forms_share_are_not_looked_for():
    shared = next(f for f in forms.fields("indikator") if f["field_name"] == "definisi")
    assert "metadata/test_dataset" not in form_tables.tested_in(shared)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_generated_page_stays_as_it_is_when_it_is_made_again(page, tmp_path):
    copy = tmp_path / page.name
    copy.write_text(rendered(page), encoding="utf-8")
    assert rendered(copy) == rendered(page)
