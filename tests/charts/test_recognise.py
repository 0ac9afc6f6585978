"""What the columns of a table are, and which tables allow no chart. No services."""

from __future__ import annotations

import pytest

from ckanext.tangerang import wilayah
from ckanext.tangerang.charts import places
from ckanext.tangerang.charts.recognise import BARS, LINE, MAP, Shape, recognise

REGION = "36.03"
DISTRICTS = wilayah.regency(REGION).districts


def shape(rows, types=None, kamus=()):
    columns = {name: (types or {}).get(name, "text") for name in rows[0]}
    return recognise(columns, kamus, rows, REGION)


def by_year(*years, **more):
    return [{"tahun": year, "nilai": 10 + n, **more} for n, year in enumerate(years)]


NUMBERS = {"tahun": "int4", "nilai": "numeric", "jumlah": "int4"}


def districts(names, **more):
    return [{"kecamatan": name, "jumlah": n, **more} for n, name in enumerate(names)]


def test_years_and_figures():
    found = shape(by_year(2020, 2021, 2023), NUMBERS)
    assert (found.year, found.years, found.kinds) == ("tahun", (2020, 2021, 2023), (LINE,))
    assert [value.slug for value in found.values] == ["nilai"]


def test_the_kamus_says_what_a_column_is():
    rows = [{"periode": "2020", "n": "1.234,5"}, {"periode": "2021", "n": "12"}]
    assert shape(rows) is None
    kamus = [
        {"kolom": "periode", "tipe": "year"},
        {"kolom": "n", "tipe": "number", "label": "Angka kemiskinan", "satuan": "persen"},
    ]
    found = shape(rows, kamus=kamus)
    assert (found.values[0].label, found.values[0].unit) == ("Angka kemiskinan", "persen")
    # What the kamus calls text is no figure, whatever the DataStore has made of it.
    as_text = [kamus[0], {"kolom": "n", "tipe": "string"}]
    assert (
        shape([{"periode": 2020, "n": 1}, {"periode": 2021, "n": 2}], {"n": "int4"}, as_text)
        is None
    )


@pytest.mark.parametrize(
    "names",
    [
        [d.name for d in DISTRICTS],
        [d.name.upper().replace(" ", "-") for d in DISTRICTS],
        [f"Kec. {d.name}" for d in DISTRICTS],
        [d.code for d in DISTRICTS],
        [d.code.replace(".", "") for d in DISTRICTS],
        list(wilayah.bps_districts(REGION).values()),
    ],
)
def test_kecamatan_by_any_name_or_code(names):
    found = shape(districts([*names, "Jumlah"]), NUMBERS)
    assert found.districts == tuple(d.code for d in DISTRICTS)
    assert found.kinds == (BARS, MAP)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (districts([*(d.name for d in DISTRICTS), "Entah"]), "a row that is no kecamatan"),
        (districts([d.name for d in DISTRICTS] * 2), "two rows for one kecamatan"),
        (districts(["Balaraja", "Cikupa"]), "too few to be a table of kecamatan"),
        (by_year(2020), "one year"),
        (by_year(2020, 2020), "two rows for one year"),
        ([{"tahun": 2020, "nilai": 1}, {"tahun": None, "nilai": 2}], "a row without a year"),
        ([{"nama": "a", "nilai": 1}, {"nama": "b", "nilai": 2}], "neither years nor kecamatan"),
        (
            [{"tahun": y, "kode_pos": 1, "no": 1, "lintang": 1.5} for y in (2020, 2021)],
            "numbers that are no figures",
        ),
        (
            [{"a": DISTRICTS[n].name, "b": DISTRICTS[n + 1].name, "jumlah": n} for n in range(9)],
            "two columns of kecamatan that disagree",
        ),
    ],
)
def test_a_table_that_leaves_a_doubt_allows_no_chart(rows, why):
    types = {**NUMBERS, "kode_pos": "int4", "no": "int4", "lintang": "numeric"}
    assert shape(rows, types) is None, why


def test_kecamatan_and_years_with_a_category():
    rows = [
        {"kecamatan": d.name, "tahun": year, "jenis": kind, "jumlah": 1}
        for d in DISTRICTS[:5]
        for year in (2023, 2024)
        for kind in ("laki-laki", "perempuan")
    ]
    found = shape(rows, NUMBERS)
    assert (found.category, found.categories) == ("jenis", ("laki-laki", "perempuan"))
    assert found.years == (2023, 2024)
    assert Shape.load(found.dump()) == found


def test_another_region_has_its_own_kecamatan():
    names = [d.name for d in wilayah.regency("32.73").districts]
    rows = districts(names)
    columns = {"kecamatan": "text", "jumlah": "int4"}
    assert len(recognise(columns, (), rows, "32.73").districts) == len(names)
    assert recognise(columns, (), rows, REGION) is None


def test_each_kecamatan_has_its_tile(tmp_path):
    tiles = places.load_tiles("ckanext.tangerang.charts:tiles.yaml", REGION)
    assert {tile.code for tile in tiles} == {d.code for d in DISTRICTS}
    assert places.load_tiles("ckanext.tangerang.charts:tiles.yaml", "32.73") == ()
    own = tmp_path / "tiles.yaml"
    for text in (
        '"36.03": {"36.03.01": {kolom: 0, baris: 0}}',
        '"36.03": {"36.03.01": {kolom: 99, baris: 0}}',
        '"36.03": {"36.03.99": {kolom: 0, baris: 0}}',
        '"36.03": [1]',
        "{",
    ):
        own.write_text(text, encoding="utf-8")
        places.load_tiles.cache_clear()
        with pytest.raises(places.TilesError):
            places.load_tiles(str(own), REGION)


@pytest.mark.parametrize(
    ("east", "west"),
    [
        ("36.03.14", "36.03.13"),
        ("36.03.23", "36.03.22"),
        ("36.03.28", "36.03.17"),
        ("36.03.18", "36.03.03"),
    ],
)
def test_neighbours_are_neighbours_on_the_map(east, west):
    tiles = {t.code: t for t in places.load_tiles("ckanext.tangerang.charts:tiles.yaml", REGION)}
    assert tiles[east].column == tiles[west].column + 1
    assert tiles[east].row == tiles[west].row
