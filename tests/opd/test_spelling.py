"""The form in which spellings of one OPD agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.tangerang.opd import spelling
from ckanext.tangerang.opd.spelling import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Kec. Teluk Naga", "kecamatanteluknaga"),
        ("KECAMATAN TELUKNAGA", "kecamatanteluknaga"),
        ("Kel. Curug", "kelurahancurug"),
        ("Din. Kesehatan", "dinaskesehatan"),
        ("Dinas-dinas Kesehatan", "dinaskesehatan"),
        ("Bdn Pendapatan Daerah", "badanpendapatandaerah"),
        ("Bag. Hukum", "bagianhukum"),
        ("UPT Pasar", "uptdpasar"),
        ("UPTD Pasar", "uptdpasar"),
        ("Pemkab Tangerang", "pemerintahkabupatentangerang"),
        ("Pemerintah Kab. Tangerang", "pemerintahkabupatentangerang"),
        ("Dinas A dan B", "dinasab"),
        ("Dinas A & B", "dinasab"),
        ("Dinas A/B", "dinasab"),
        ("SKPD Dinas Kesehatan", "dinaskesehatan"),
        ("OPD: Dinas Kesehatan", "dinaskesehatan"),
        ("Organisasi Perangkat Daerah Dinas Kesehatan", "dinaskesehatan"),
        ("Kantor Dinas Kesehatan", "dinaskesehatan"),
        ("Kantor Kesatuan Bangsa", "kantorkesatuanbangsa"),
        ("12. Dinas Kesehatan", "dinaskesehatan"),
        ("Dinas Kesehatan Tipe A", "dinaskesehatan"),
        ("RSUD Balaraja Kelas B (BLUD)", "rsudbalaraja"),
        ("D.P.M.P.T.S.P.", "dpmptsp"),
        ("Dinas Késéhatan", "dinaskesehatan"),
        ("Dinas\u200b Kese\u00adhatan", "dinaskesehatan"),
        ("Dinas\x00Kesehatan", "dinaskesehatan"),
        ("Ｄｉｎａｓ Kesehatan", "dinaskesehatan"),
        ("<b>Dinas</b> P&amp;K", "dinaspk"),
        ("2.16.2.20.2.21.01.0000", "216220221010000"),
        ("😀", ""),
        ("dan", ""),
        ("", ""),
    ],
)
def test_spellings(text, folded):
    assert fold(text) == folded


def test_what_is_too_long_is_no_name_and_is_not_cut():
    assert fold("Dinas Kesehatan" + " x" * spelling.MAX_LETTERS) == ""
    assert fold("Dinas Kesehatan" + " " * spelling.MAX_CHARACTERS) == ""


@given(st.text(max_size=200))
def test_any_text_gives_letters_and_digits(text):
    folded = fold(text)
    assert folded == "" or folded.isalnum()
    assert len(folded) <= spelling.MAX_LETTERS


@given(
    st.lists(
        st.sampled_from(
            ["dinas", "kesehatan", "badan", "kab", "kec", "dan", "12", "tipe", "a", "curug"]
        )
    )
)
def test_blanks_and_marks_change_nothing(words):
    assert fold("  ".join(words)) == fold(" - ".join(words)) == fold(",\t".join(words).upper())
