"""The style sheet of this site: its colours, picture and icons, and CSS that an admin has typed.

Everything else is in ``assets/``: plain CSS whose colours, type and spacing are custom properties
(``assets/tokens.css``). The few that a site chooses come from here, at an address with a digest of
the content, so that browsers keep it for good and a change is seen at once. No page needs an
inline style for them, which the Content-Security-Policy would forbid.
"""

from __future__ import annotations

import hashlib
import logging

import ckan.plugins.toolkit as tk

from . import config, icons
from .colours import DARK, GROUND, WHITE, channels, contrast, mix, readable, text_on

log = logging.getLogger(__name__)

#: Contrast that WCAG 2.2 (1.4.11) asks for between a sign, such as the ring of the focus, and its
#: ground.
AA_SIGN = 3.0


def _readable_colours() -> dict[str, tuple[str, str]]:
    """Return, by name, the colour that the site has chosen and the one that is used for it.

    Colours that carry text, or text on them, are darkened until they read well (AA).
    """
    chosen = {
        "primary": config.primary_colour(),
        "danger": config.danger_colour(),
        "success": config.success_colour(),
    }
    return {name: (colour, readable(colour, GROUND)) for name, colour in chosen.items()}


def _ring(accent: str, ground: str) -> str:
    """Return the colour of the focus on dark grounds: the accent where it can be seen there."""
    return accent if contrast(accent, ground) >= AA_SIGN else WHITE


def properties() -> dict[str, str]:
    """Return the custom properties that come from the configuration, by their names.

    The values are colours and paths and nothing else (see :mod:`.config`).
    """
    accent = config.accent_colour()
    values = {"dark": DARK, "ground": GROUND, "accent": accent, "on-accent": text_on(accent)}
    for name, (_, colour) in _readable_colours().items():
        values[name] = colour
        values[f"{name}-dark"] = mix(colour, "#000000", 0.25)
        values[f"{name}-soft"] = mix(colour, "#FFFFFF", 0.9)
        values[f"{name}-rgb"] = ",".join(str(channel) for channel in channels(colour))
    values["ring-on-dark"] = _ring(accent, values["primary-dark"])
    picture = config.hero_picture()
    if picture:
        values["hero-picture"] = f'url("{tk.h.url_for_static(picture)}")'
    return {f"--tangerang-{name}": value for name, value in values.items()}


def stylesheet() -> str:
    """Return the style sheet."""
    rules = "".join(f"{name}:{value};" for name, value in properties().items())
    font = tk.url_for("tangerang_style.icon_font", version=icons.version(), locale="default")
    return f":root{{{rules}}}\n{icons.face(font)}{tk.config.get('ckan.site_custom_css') or ''}\n"


def digest(text: str) -> str:
    """Return what names this version of a style sheet in its address."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def tangerang_stylesheet() -> str:
    """Return the address of the style sheet of this site, which changes with its content."""
    return str(tk.url_for("tangerang_style.site", version=digest(stylesheet()), locale="default"))


def check_colours() -> list[str]:
    """Say in the log which chosen colours are hard to read, and what is used in their place.

    :returns: the same messages, in English and Indonesian
    """
    found = [
        f"ckanext.tangerang.theme.{name}_colour = {chosen}: text of this colour has a contrast of "
        f"{contrast(chosen, GROUND):.1f} : 1, less than 4.5 : 1. {used} is used instead. / "
        f"Teks berwarna ini berkontras {contrast(chosen, GROUND):.1f} : 1, kurang dari 4,5 : 1. "
        f"Yang dipakai: {used}."
        for name, (chosen, used) in _readable_colours().items()
        if chosen != used
    ]
    for message in found:
        log.warning(message)
    return found
