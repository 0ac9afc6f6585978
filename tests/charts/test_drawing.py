"""Pictures: what stands in them, hostile texts, contrast, sizes. No services."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ckanext.tangerang import wilayah
from ckanext.tangerang.charts import drawing, figures, places
from ckanext.tangerang.charts.palette import Palette, palette
from ckanext.tangerang.charts.recognise import BARS, LINE, MAP, Value
from ckanext.tangerang.theme.colours import AA_TEXT, WHITE, contrast

REGION = "36.03"
TILES = places.load_tiles("ckanext.tangerang.charts:tiles.yaml", REGION)
COLOURS = Palette("#006DB8", ("#E0EEF7", "#ABCFE8", "#73B0DA", "#006DB8", "#00416E"))
NAMES = places.district_names(REGION)


def chart(kind, values, label="Jumlah"):
    keys = [str(2000 + n) for n in range(len(values))] if kind == LINE else list(NAMES)
    numbers = [None if value is None else Decimal(value) for value in values]
    pairs = zip(keys, numbers, strict=True)
    points = tuple(figures.Point(key, NAMES.get(key, key), value) for key, value in pairs)
    return figures.Chart(kind, Value("n", "n", label, "unit"), points, "unit")


def draw(made, title="Judul", width=720, shapes=None):
    words = drawing.Words(title, "Satuan: unit", "Uraian.", "Sumber: x", "tidak ada", "id")
    frame = drawing.Frame(made, words, COLOURS, width)
    return drawing.draw(frame, TILES, shapes or {})


def texts(svg):
    return [element.text for element in etree.fromstring(svg.encode()).iter() if element.text]


def size(svg):
    root = etree.fromstring(svg.encode())
    return float(root.get("width")), float(root.get("height"))


VALUES = [str(n * 3) for n in range(28)] + [None]


@pytest.mark.parametrize("width", drawing.WIDTHS)
@pytest.mark.parametrize("kind", [BARS, MAP])
def test_each_kecamatan_has_its_name_and_figure(kind, width):
    found = texts(draw(chart(kind, VALUES), width=width))
    for number in range(1, 28):
        assert str(number * 3) in found
    if kind == BARS:
        assert set(NAMES.values()) <= set(found)
        assert "tidak ada" in found


def test_a_picture_has_a_name_and_words():
    root = etree.fromstring(draw(chart(LINE, ["1", "2"])).encode())
    names = [element.text for element in list(root)[:2]]
    assert names == ["Judul", "Uraian."]
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "judul uraian"


def test_a_year_without_a_figure_interrupts_the_line():
    svg = draw(chart(LINE, ["1", "2", None, "3", "4"]))
    assert svg.count("<polyline") == 2
    assert svg.count("<circle") == 4


@pytest.mark.parametrize("width", drawing.WIDTHS)
@pytest.mark.parametrize("title", ["J", "Judul yang sangat panjang " * 20])
def test_the_size_is_known_before_the_picture(width, title):
    assert size(draw(chart(LINE, ["1", "2"]), title, width)) == (width, drawing.line_height(width))
    bars = draw(chart(BARS, VALUES), title, width)
    assert size(bars) == (width, drawing.bars_height(width, len(NAMES)))
    tiles = draw(chart(MAP, VALUES), title, width)
    assert size(tiles) == (width, drawing.tiles_height(width, TILES))


def test_outlines_take_the_place_of_tiles():
    shapes = {
        code: [
            [[[106 + n / 100, -6.0], [106.01 + n / 100, -6.0], [106, -6.1], [106 + n / 100, -6.0]]]
        ]
        for n, code in enumerate(NAMES)
    }
    svg = draw(chart(MAP, VALUES), shapes=shapes)
    assert svg.count("<path") == len(NAMES)
    assert size(svg)[1] == drawing.outlines_height(720, shapes)


@given(st.text(max_size=300))
def test_no_text_breaks_a_picture(text):
    svg = draw(chart(LINE, ["1", "2"], text), text)
    root = etree.fromstring(svg.encode())
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert names <= {"svg", "title", "desc", "rect", "path", "text", "polyline", "circle"}


@given(
    st.lists(
        st.one_of(st.none(), st.decimals(-(10**12), 10**12, places=3)), min_size=29, max_size=29
    ).filter(any)
)
def test_no_figures_break_a_picture(values):
    for kind in (BARS, MAP, LINE):
        made = chart(kind, values)
        for width in drawing.WIDTHS:
            assert "nan" not in draw(made, width=width)


def test_texts_on_the_map_read_well():
    for colours in (COLOURS, palette_of("#FFF212"), palette_of("#C81E25"), palette_of("#FFFFFF")):
        for step, ground in enumerate(colours.steps):
            assert contrast(ground, colours.on_step(step)) >= AA_TEXT
        for colour in (colours.main, colours.muted, colours.text):
            assert contrast(WHITE, colour) >= AA_TEXT


def palette_of(colour):
    from ckan.common import config  # noqa: PLC0415 - the palette reads the option

    before = config.get("ckanext.tangerang.theme.primary_colour")
    config["ckanext.tangerang.theme.primary_colour"] = colour
    try:
        return palette()
    finally:
        config["ckanext.tangerang.theme.primary_colour"] = before


def test_ticks_hold_all_figures():
    for low, high in ((0, 0), (1, 2), (-5, 3), (70.1, 71.9), (13830, 94539)):
        marks = drawing.ticks(low, high)
        assert marks[0] <= Decimal(str(low))
        assert marks[-1] >= Decimal(str(high))
        assert len(marks) <= 8


def test_the_packaged_regency_is_the_one_of_the_tiles():
    assert len(TILES) == len(wilayah.regency(REGION).districts)
