"""Colours of the portal: reading, contrast, shades.

A plain library without CKAN. Contrast is that of WCAG 2.2: AA asks for 4.5 : 1 between text and
its ground.
"""

from __future__ import annotations

import re

AA_TEXT = 4.5

WHITE = "#FFFFFF"
#: Text on light grounds.
DARK = "#1D2733"
#: Ground of the pages, and of boxes on white.
GROUND = "#F1F5F9"

_HEX = re.compile(r"#[0-9A-Fa-f]{6}")
#: How much darker each try of :func:`readable` is.
_STEP = 0.04


def is_colour(text: str) -> bool:
    """Tell whether ``text`` is a colour as #RRGGBB."""
    return bool(_HEX.fullmatch(text))


def channels(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue (0 to 255) of #RRGGBB.

    :raises ValueError: when it is not of that form
    """
    if not is_colour(colour):
        raise ValueError(f"{colour!r} is not a colour as #RRGGBB.")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _linear(channel: int) -> float:
    """Return the light that a channel of sRGB gives, 0 to 1."""
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4  # noqa: PLR2004


def luminance(colour: str) -> float:
    """Return the relative luminance, 0 (black) to 1 (white)."""
    red, green, blue = (_linear(channel) for channel in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(colour: str, other: str, share: float) -> str:
    """Return ``colour`` with ``share`` (0 to 1) of ``other`` in it."""
    mixed = (
        round(a + (b - a) * share) for a, b in zip(channels(colour), channels(other), strict=True)
    )
    return "#{:02X}{:02X}{:02X}".format(*mixed)


def readable(colour: str, ground: str = WHITE) -> str:
    """Return ``colour``, or the first darker shade of it that text on ``ground`` may have (AA)."""
    share = 0.0
    shade = colour
    while contrast(shade, ground) < AA_TEXT and share < 1:
        share = min(1.0, share + _STEP)
        shade = mix(colour, "#000000", share)
    return shade


def text_on(ground: str) -> str:
    """Return white or the dark text colour, whichever reads better on ``ground``."""
    return max((WHITE, DARK), key=lambda text: contrast(text, ground))
