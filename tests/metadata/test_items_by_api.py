"""Every item of the forms through CKAN's API: what it refuses, and how the message names it."""

from __future__ import annotations

import string
from contextlib import suppress
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from hypothesis import given, settings
from hypothesis import strategies as st

from stack import forms

from . import records
from .conftest import PLUGINS
from .items import ITEMS

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
]

#: What no item of a kind may hold: wrong shapes, and what is meant but not understood.
WRONG: dict[str, Any] = {
    "text": "x" * 1001,
    "longtext": "x" * 100_001,
    "year": "1520",
    "choice": "1",
    "choices": ["wawancara", "1"],
    "yes_no": "ya",
    "phone": "nol delapan satu",
    "email": "bukan alamat",
    "periods": [{"awal": "2025-13-01"}],
    "releases": [{"tanggal": "15 Desember 2025"}],
    "rows": [{"bukan_kolom": "x"}],
    "regions": ["3603130"],
    "integer": "-1",
    "list": ["x" * 1001],
    "link": "x" * 101,
    "pairs": [{"kode": {"a": 1}}],
}
#: Everything is asked of these, so that no message is about an item that is closed.
OPEN = {
    "kegiatan": records.survey(1)
    | {
        name: [*value, "lainnya"]
        for name, value in records.survey(1).items()
        if name in ("iv_sarana_pengumpulan_data", "iv_unit_pengumpulan_data", "vii_unit_analisis")
    }
    | {
        f"viii_ketersediaan_produk_{product}": "YA"
        for product in ("tercetak", "digital", "mikrodata")
    }
    | {
        "vi_metode_pemeriksaan_kualitas_pengumpulan_data": ["lainnya"],
        "iv_sarana_pengumpulan_lainnya": "x",
    },
    "indikator": records.indicator(),
}


@pytest.fixture
def refused(people):
    """Return a caller of ``package_create`` that must be refused; it returns the messages."""

    def calling(**data):
        with pytest.raises(tk.ValidationError) as caught:
            tk.get_action("package_create")(
                {"user": people.editor["name"]}, {**data, "owner_org": people.opd["id"]}
            )
        return caught.value.error_dict

    return calling


def _label(form: str, name: str, column: str | None = None) -> str:
    field = next(f for f in forms.fields(form) if f["field_name"] == name)
    if column:
        field = next(f for f in field["row_fields"] if f["field_name"] == column)
    # One item has a name on the form in place of a number: it is called by its label alone.
    numbered = any(map(str.isdigit, field["form_item"]))
    return f"{field['form_item'] if numbered else ''} {field['label']['en']}".strip()


@pytest.mark.parametrize("form", OPEN)
def test_wrong_answers_are_refused_in_a_draft_too_by_number_and_label(refused, form):
    items = [item for item in ITEMS if item.form == form and not item.of]
    errors = {}
    # Twice, because a wrong answer to a parent closes what hangs on it, which is another message.
    for some in ([i for i in items if i.when], [i for i in items if not i.when]):
        sent = OPEN[form] | {item.name: WRONG[item.kind] for item in some}
        found = refused(**sent, state="draft")
        errors |= {item.name: found.get(item.name, [""]) for item in some}
    unnamed = {
        name: texts
        for name, texts in errors.items()
        if not all(text.startswith(_label(form, name)) for text in texts)
    }
    assert not unnamed


def test_wrong_cells_are_refused_by_row_number_and_label(refused):
    def wrong(item):
        return {"a": 1} if item.kind in ("text", "longtext") else WRONG[item.kind]

    for name in ("variabel", "indikator_pembangun", "variabel_pembangun"):
        items = [item for item in ITEMS if item.of == name]
        rows = [{"nama": "Baris benar"}, {item.name: wrong(item) for item in items}]
        sent = OPEN[items[0].form] | {name: rows, "state": "draft"}
        if name == "indikator_pembangun":
            sent["apakah_indikator_komposit"] = "YA"
            del sent["variabel_pembangun"]
        texts = refused(**sent)[name]
        assert len(texts) == len(items)
        for item, text in zip(items, texts, strict=True):
            assert f" 2, {_label(item.form, name, item.name)}: " in text


@pytest.mark.parametrize("form", OPEN)
def test_a_public_record_is_refused_with_all_that_it_lacks(refused, people, form):
    model.Session.query(model.Group).filter_by(id=people.opd["id"]).one().extras.clear()
    model.Session.commit()
    errors = refused(type=form, private=False)
    asked_of_all = {
        item.name
        for item in ITEMS
        if item.form == form and item.needed and not (item.of or item.when)
    }
    # What is filled in by itself, and what that opens.
    if form == "kegiatan":
        asked_of_all -= {
            "jenis_statistik",
            "i_instansi_penyelanggara",
            "ii_unit_eselon1",
            "ii_unit_eselon2",
            "iv_cakupan_wilayah_pengumpulan_data",
        }
        asked_of_all |= {"mendapat_rekomendasi"}
    assert set(errors) == asked_of_all
    for name, (text, *_) in errors.items():
        assert text.startswith(_label(form, name)), text


def test_messages_about_a_dataset_begin_with_the_label(refused, complete):
    wrong = {"periode_awal": "kapan", "satuan": "", "notes": "", "kontak_email": "bukan"}
    errors = refused(**complete | wrong)
    assert {name: texts[0].partition(":")[0] for name, texts in errors.items()} == {
        "periode_awal": "First period",
        "satuan": "Unit",
        "notes": "Description",
        "kontak_email": "Contact e-mail",
    }


def test_messages_of_ckan_itself_about_a_dataset_stay_ckans(refused, complete):
    texts = refused(**complete | {"name": "x"})["name"]
    assert texts[0].startswith("Must be at least")


class TestRegions:
    @pytest.mark.parametrize("form", ["dataset", "kegiatan"])
    def test_another_code_is_refused_with_the_one_to_write(self, refused, form):
        name = "cakupan_wilayah" if form == "dataset" else "iv_wilayah_kegiatan"
        for given_code, meant in (
            ("3603130", "Balaraja, write its Kemendagri code: 36.03.01"),
            ("3603", "Kabupaten Tangerang, write its Kemendagri code: 36.03"),
            ("360301", "Balaraja, write its Kemendagri code: 36.03.01"),
            ("36.99", 'No region has the Kemendagri code "36.99"'),
            ("3603999", "Write for example 36.03"),
        ):
            codes = ["36.03", given_code]
            errors = refused(type=form, name="x-1", private=True, **{name: codes})
            assert meant in errors[name][0]


#: Whatever JSON can hold, with texts that mean something to HTML, JSON, Solr or a spreadsheet.
HOSTILE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.sampled_from(
        [
            "<img src=x onerror=alert(1)>",
            "=1+1",
            "[",
            '["',
            "[[1]]",
            '{"a"',
            "[" * 2000,
            "\x00",
            "-",
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["awal", "akhir", "nama", "kode", "tanggal", "nilai", "x"])
            | st.text(string.ascii_lowercase, min_size=1, max_size=4),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
#: CKAN's own validators read these.
OF_CKAN = {"name", "tag_string", "owner_org"}
NAMES = {
    form: [f["field_name"] for f in forms.fields(form) if f["field_name"] not in OF_CKAN]
    for form in ("dataset", "kegiatan", "indikator")
}


@pytest.mark.parametrize(
    "sent",
    [
        {"judul_kegiatan": "\x00"},
        {"tahun_kegiatan": "\x00"},
        {"kegiatan_sebelumnya": "\x00"},
        {"kegiatan_sebelumnya": ["\x00"]},
    ],
)
def test_what_the_database_does_not_take_is_no_server_error(people, sent):
    base = {**OPEN["kegiatan"], "type": "kegiatan", "owner_org": people.opd["id"]}
    with suppress(tk.ValidationError):
        made = tk.get_action("package_create")(
            {"user": people.editor["name"]}, {**base, "private": True, **sent}
        )
        assert "\x00" not in str(made)


@pytest.mark.parametrize("form", NAMES)
@given(data=st.data())
@settings(max_examples=25)
def test_whatever_is_sent_is_taken_or_refused_but_breaks_nothing(people, form, data):
    sent = data.draw(st.dictionaries(st.sampled_from(NAMES[form]), HOSTILE, max_size=6))
    base = {} if form == "dataset" else OPEN[form]
    try:
        made = tk.get_action("package_create")(
            {"user": people.sysadmin["name"]},
            {**base, "type": form, "owner_org": people.opd["id"], "private": True, **sent},
        )
    except (tk.ValidationError, tk.NotAuthorized):
        model.Session.rollback()
    else:
        tk.get_action("package_show")({"user": people.sysadmin["name"]}, {"id": made["id"]})


@pytest.mark.parametrize("form", NAMES)
@given(data=st.data())
@settings(max_examples=50)
def test_the_conditions_of_whatever_is_sent_are_told(people, form, data):
    sent = data.draw(st.dictionaries(st.sampled_from(NAMES[form]), HOSTILE, max_size=8))
    shown = tk.get_action("tangerang_condition_show")({"user": ""}, {"type": form, "data": sent})
    assert set(shown) == {"open", "required", "missing", "closed_but_filled"}
