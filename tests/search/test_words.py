"""Stems, and the files of words."""

from __future__ import annotations

import pytest

from ckanext.tangerang.search import stemming, words

#: Pairs that came after the roots of words.yaml were written, and of which none was added to them.
HELD_OUT = (
    "sembuh penyembuhan|suntik penyuntikan|racun keracunan|gigit gigitan|subur kesuburan"
    "|murid memuridkan|lulus kelulusan|ujian ujian|hafal hafalan|jalur penjaluran"
    "|kapal perkapalan|gudang pergudangan|bank perbankan|kredit perkreditan|tabung tabungan"
    "|hutang menghutangkan|sewa penyewaan|kontrak kontrakan|bayar pembayaran|tagih penagihan"
    "|kering kekeringan|gempa gempanya|angin anginnya|rusak kerusakan|rusak merusak"
    "|korban korbannya|selamat penyelamatan|ungsi pengungsian|posko poskonya|siaga kesiagaan"
    "|adil peradilan|hakim kehakiman|saksi kesaksian|pidana pemidanaan|penjara pemenjaraan"
    "|pupuk pemupukan|bibit pembibitan|benih pembenihan|ladang peladang|panen memanen"
    "|sapi sapinya|kambing kambingnya|daging daginganya|telur bertelur|bangkit kebangkitan"
)


@pytest.fixture(scope="module")
def known():
    return words.load((words.PACKAGED,))


def joined(pairs, known):
    return [pair for pair in pairs if len({known.stem(word) for word in pair.split()}) == 1]


@pytest.mark.parametrize(
    "pair",
    [
        "miskin kemiskinan",
        "tular menular",
        "tular penularan",
        "tanam penanaman",
        "tingkat peningkatan",
        "penduduk kependudukan",
        "sekolah bersekolah",
        "anggur pengangguran",
        "daya pemberdayaan",
        "desa pedesaan",
        "kelola pengelolaan",
        "sapu penyapuan",
    ],
)
def test_forms_have_the_stem_of_their_root(pair, known):
    assert joined([pair], known) == [pair]


@pytest.mark.parametrize(
    "pair", ["penduduk kedudukan", "ikan iklan", "guru gurun", "tani tanah", "pajak pejabat"]
)
def test_other_words_have_other_stems(pair, known):
    assert joined([pair], known) == []


def test_most_words_that_nobody_listed(known):
    """What docs/en/search.md says: two of three at least, without any root of ours."""
    pairs = HELD_OUT.split("|")
    assert len(joined(pairs, known)) >= len(pairs) * 2 / 3


@pytest.mark.parametrize("word", ["2024", "ktp", "é" * 40, "x" * 500, "a1b2", ""])
def test_what_is_no_word_is_left(word, known):
    assert known.stem(word) == word


def test_no_word_looks_like_a_stem_in_the_index(known):
    assert not any(form.startswith(stemming.MARK) for form in known.roots)


@pytest.fixture
def file(tmp_path):
    def write(text, name="kata.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_a_second_file_adds(file):
    mine = file("setara:\n  - [kartu sehat, Kartu Tangerang-Sehat]\nkata_dasar: [gemilang]\n")
    both = words.load((words.PACKAGED, mine))
    assert both.related[("kartu", "sehat")] == (("kartu", "tangerang", "sehat"),)
    assert both.related[("kk",)] == words.load((words.PACKAGED,)).related[("kk",)]
    assert both.stem("kegemilangan") == "gemilang"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("setara: [ktp]", "must be a list"),
        ("setara: [[12, ktp]]", "must be text of 1 to 8 words"),
        ("setara: [['', ktp]]", "must be text of 1 to 8 words"),
        ("menuju: [ktp]", "one `phrase:"),
        ("menuju: {ktp: kependudukan}", "must be a list"),
        ("kata_dasar: [rumah sakit]", "must be one word"),
        ("sinonim: []", "and nothing else"),
        ("- ktp", "and nothing else"),
        ("setara: [", "not YAML"),
    ],
)
def test_a_wrong_file_says_what_to_change(file, text, reason):
    with pytest.raises(words.WordsError, match=reason):
        words.load((file(text),))


def test_a_missing_file(tmp_path):
    with pytest.raises(words.WordsError, match="can not be read"):
        words.load((str(tmp_path / "none.yaml"),))
