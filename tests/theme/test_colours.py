"""Colours: contrast, shades, and what a configuration may say."""

from __future__ import annotations

import pytest

from ckanext.tangerang.theme.colours import (
    AA_TEXT,
    DARK,
    GROUND,
    WHITE,
    channels,
    contrast,
    is_colour,
    mix,
    readable,
    text_on,
)


@pytest.mark.parametrize("text", ["#006DB8", "#ffffff", "#000000"])
def test_colours_are_recognised(text: str) -> None:
    assert is_colour(text)


@pytest.mark.parametrize(
    "text",
    ["", "red", "#06b", "#006DB", "#006DB80", "006DB8", "#00G000", "#006DB8\n", "#fff}*{x:y"],
)
def test_other_texts_are_not(text: str) -> None:
    assert not is_colour(text)
    with pytest.raises(ValueError, match="RRGGBB"):
        channels(text)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", WHITE) == pytest.approx(4.48, abs=0.01)
    assert contrast(WHITE, "#767676") == pytest.approx(4.54, abs=0.01)
    assert contrast("#123456", "#123456") == 1


def test_mix() -> None:
    assert mix("#000000", "#FFFFFF", 0) == "#000000"
    assert mix("#000000", "#FFFFFF", 0.5) == "#808080"
    assert mix("#000000", "#FFFFFF", 1) == "#FFFFFF"


@pytest.mark.parametrize("colour", ["#FFF212", "#FFFFFF", "#2CAD42", "#AB7732", "#F1F5F9"])
def test_a_pale_colour_is_darkened_until_it_reads(colour: str) -> None:
    shade = readable(colour, GROUND)

    assert shade != colour
    assert contrast(shade, GROUND) >= AA_TEXT
    assert contrast(shade, WHITE) >= AA_TEXT


@pytest.mark.parametrize("colour", ["#006DB8", "#C81E25", "#1B7A2D", "#000000"])
def test_a_colour_that_reads_well_is_left_alone(colour: str) -> None:
    assert readable(colour, GROUND) == colour


def test_text_on_a_ground_reads_well() -> None:
    assert text_on("#FFF212") == DARK
    assert text_on("#006DB8") == WHITE
    assert contrast(text_on("#FFF212"), "#FFF212") >= AA_TEXT
