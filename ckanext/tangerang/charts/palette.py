"""Colours of the charts, from those of the theme. Text on each reads well (WCAG 2.2 AA)."""

from __future__ import annotations

from dataclasses import dataclass

import ckan.plugins.toolkit as tk

from ..theme.colours import DARK, WHITE, is_colour, mix, readable, text_on

#: Steps of the map, from light to dark: how much white is in the main colour. No shade between 0
#: and 0.45: neither white nor dark text reads well on these.
_LIGHT = (0.88, 0.67, 0.45)
#: How much black is in the darkest.
_DARK = 0.4
#: The main colour where the portal does not say one.
_DEFAULT = "#006DB8"


@dataclass(frozen=True)
class Palette:
    """Colours as #RRGGBB."""

    #: Lines and bars; 4.5 : 1 on white.
    main: str
    #: Grounds of the classes of a map, from low to high.
    steps: tuple[str, ...]
    text: str = DARK
    #: Secondary text; 4.5 : 1 on white.
    muted: str = "#4B5563"
    grid: str = "#D5DBE3"
    #: Ground of a kecamatan without a figure.
    empty: str = "#FFFFFF"

    def on_step(self, step: int) -> str:
        """Return the colour of text on a class of the map."""
        return text_on(self.steps[step])


def palette() -> Palette:
    """Return the colours of the portal's charts."""
    chosen = str(tk.config.get("ckanext.tangerang.theme.primary_colour") or _DEFAULT)
    main = readable(chosen if is_colour(chosen) else _DEFAULT)
    light = (mix(main, WHITE, share) for share in _LIGHT)
    return Palette(main, (*light, main, mix(main, "#000000", _DARK)))
