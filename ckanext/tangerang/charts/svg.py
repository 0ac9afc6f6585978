"""A small writer of SVG: everything that comes from outside is escaped in one place.

A plain library without CKAN. Only attributes are used, no style sheets and no scripts, so that a
picture looks the same in a page, in an ``img`` and in a file, under any policy.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Readers have a font; for PNG the packaged one stands for the last name.
FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
#: What XML can not hold.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Width of a sign in parts of the size of the font, on the average of our texts, in a wide font:
#: which one a reader has is not known.
_WIDE = 0.6
_WIDE_BOLD = 0.68

Attribute = str | float | None


def clean(text: str) -> str:
    """Return a text without what XML can not hold, and on one line."""
    return " ".join(_NOT_XML.sub("", text).split())


def _number(value: float) -> str:
    """Return a number as short as it can be written."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def element(name: str, /, *inside: str, **attributes: Attribute) -> str:
    """Return an element.

    :param inside: elements, or escaped texts
    :param attributes: by name, with ``_`` for ``-``; None leaves one out
    """
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(clean(_shown(value)))}"
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{''.join(inside)}</{name}>" if inside else f"<{name}{written}/>"


def _shown(value: str | float) -> str:
    """Return the text of the value of an attribute."""
    return value if isinstance(value, str) else _number(value)


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return about how wide a text is, in units of the picture."""
    return len(text) * size * (_WIDE_BOLD if bold else _WIDE)


def shortened(text: str, size: float, width: float, *, bold: bool = False) -> str:
    """Return a text as far as there is room for it, with a sign that it goes on."""
    text = clean(text)
    fits = int(width / (size * (_WIDE_BOLD if bold else _WIDE)))
    return text if len(text) <= fits else text[: max(1, fits - 1)].rstrip() + "…"


def wrapped(text: str, size: float, width: float, lines: int, *, bold: bool = False) -> list[str]:
    """Return a text in lines of a width; the last is shortened where there is more."""
    found: list[str] = []
    words = clean(text).split(" ")
    while words and len(found) < lines - 1:
        line = words.pop(0)
        while words and text_width(f"{line} {words[0]}", size, bold=bold) <= width:
            line = f"{line} {words.pop(0)}"
        found.append(shortened(line, size, width, bold=bold))
    if words:
        found.append(shortened(" ".join(words), size, width, bold=bold))
    return found


def text(content: str, x: float, y: float, size: float, fill: str, **more: Attribute) -> str:
    """Return a line of text.

    :param y: of its base line
    """
    return element("text", escape(clean(content)), x=x, y=y, font_size=size, fill=fill, **more)


def picture(
    size: tuple[float, float], title: str, description: str, parts: Iterable[str], lang: str
) -> str:
    """Return a whole picture with its name and its description in words."""
    width, height = size
    return element(
        "svg",
        element("title", escape(clean(title)), id="judul"),
        element("desc", escape(clean(description)), id="uraian"),
        element("rect", width=width, height=height, fill="#FFFFFF"),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        width=width,
        height=height,
        viewBox=f"0 0 {_number(width)} {_number(height)}",
        role="img",
        lang=lang,
        aria_labelledby="judul uraian",
        font_family=FONT,
    )
