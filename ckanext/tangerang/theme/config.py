"""Typed access to the options of the plugin ``tangerang_theme``.

Messages about a value that can not be used are in English and Indonesian: they come before there
is a reader with a language.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from ckan.exceptions import CkanConfigurationException

from .colours import is_colour

_PREFIX = "ckanext.tangerang.theme."
#: Changed while the portal runs, by the walidata.
HEADLINES = f"{_PREFIX}headlines"

#: Networks of the option ``social_links``, and what people call them. No icons: those of networks
#: are a font of their own in CKAN's set, 118 KB for a few links.
NETWORKS = {
    "facebook": "Facebook",
    "instagram": "Instagram",
    "linkedin": "LinkedIn",
    "telegram": "Telegram",
    "tiktok": "TikTok",
    "whatsapp": "WhatsApp",
    "x": "X",
    "youtube": "YouTube",
}
#: Characters that end a string or an address in a style sheet are not in it.
_PICTURE = re.compile(r"/(?!/)[A-Za-z0-9._~/%-]+")


class Link(NamedTuple):
    """A link of the footer: its text by language, and its address."""

    texts: dict[str, str]
    url: str


def _refused(name: str, value: str, english: str, indonesian: str) -> CkanConfigurationException:
    """Return the error that says what to write instead of a value, in both languages."""
    return CkanConfigurationException(f"{_PREFIX}{name} = {value[:80]}: {english} / {indonesian}")


def _text(name: str) -> str:
    """Return the text of an option."""
    return str(tk.config[f"{_PREFIX}{name}"] or "").strip()


def _colour(name: str) -> str:
    """Return the colour of the option ``name``.

    It is written into a style sheet, so that nothing but a colour may ever come back.

    :raises CkanConfigurationException: when it is none
    """
    value = str(tk.config[f"{_PREFIX}{name}"])
    if not is_colour(value):
        raise _refused(
            name,
            value,
            "this is not a colour. Write # and six digits or letters A to F, such as #006DB8.",
            "ini bukan warna. Tulis # dan enam angka atau huruf A sampai F, misalnya #006DB8.",
        )
    return value.upper()


def primary_colour() -> str:
    """Return the main colour as #RRGGBB."""
    return _colour("primary_colour")


def danger_colour() -> str:
    """Return the colour of errors as #RRGGBB."""
    return _colour("danger_colour")


def success_colour() -> str:
    """Return the colour of success as #RRGGBB."""
    return _colour("success_colour")


def accent_colour() -> str:
    """Return the colour of decorations as #RRGGBB."""
    return _colour("accent_colour")


def headlines() -> list[str]:
    """Return the ids or names of the indicators that were chosen for the home page."""
    return list(tk.aslist(tk.config[HEADLINES]))


def tagline() -> str:
    """Return the line below the name of the portal; empty for none."""
    return _text("tagline")


def _picture(name: str) -> str:
    """Return the path of a picture that the portal serves itself.

    It is written into a style sheet, and no page may load from another host.

    :raises CkanConfigurationException: when it is anything else
    """
    value = _text(name)
    if value and not _PICTURE.fullmatch(value):
        raise _refused(
            name,
            value,
            "write the path of a picture on this portal, such as /uploads/admin/hero.jpg.",
            "tulis alamat gambar di portal ini, misalnya /uploads/admin/hero.jpg.",
        )
    return value


def logo() -> str:
    """Return the path of the logo in the header."""
    return _picture("logo")


def hero_picture() -> str:
    """Return the path of the picture behind the search of the home page; empty for none."""
    return _picture("hero_picture")


def _address(name: str, line: str, url: str) -> str:
    """Return the address of a link: a page of this portal, or one by http or mail.

    :raises CkanConfigurationException: when it is neither
    """
    parts = urlsplit(url)
    inside = url.startswith("/") and not url.startswith("//")
    if not inside and not (parts.scheme in ("http", "https") and parts.netloc):
        raise _refused(
            name,
            line,
            "the address must begin with https:// or, for a page of this portal, with /.",
            "alamat harus diawali https:// atau, untuk halaman portal ini, /.",
        )
    return url


def _lines(name: str) -> list[str]:
    """Return the lines of an option, without empty ones."""
    return [line.strip() for line in _text(name).splitlines() if line.strip()]


def footer_links() -> list[Link]:
    """Return the links that the site adds to the footer.

    :raises CkanConfigurationException: when a line is not of the form ``Text | address``
    """
    name = "footer_links"
    found = []
    for line in _lines(name):
        parts = [part.strip() for part in line.split("|")]
        if len(parts) not in (2, 3) or not all(parts):
            raise _refused(
                name,
                line,
                "write one link a line: text | address, or text | address | English text.",
                "tulis satu tautan per baris: teks | alamat, atau teks | alamat | teks Inggris.",
            )
        texts = {"id": parts[0], "en": parts[-1] if len(parts) == 3 else parts[0]}  # noqa: PLR2004
        found.append(Link(texts, _address(name, line, parts[1])))
    return found


def social_links() -> list[Link]:
    """Return the links to pages of the government in social networks.

    :raises CkanConfigurationException: when a line does not name a network and an address
    """
    name = "social_links"
    found = []
    for line in _lines(name):
        network, _, url = line.partition(" ")
        if network.lower() not in NETWORKS:
            raise _refused(
                name,
                line,
                f"begin the line with one of {', '.join(NETWORKS)}, then a blank and the address.",
                f"awali baris dengan salah satu dari {', '.join(NETWORKS)}, lalu spasi dan alamat.",
            )
        label = NETWORKS[network.lower()]
        found.append(Link({"id": label, "en": label}, _address(name, line, url.strip())))
    return found
