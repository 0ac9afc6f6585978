"""What becomes of the text of a page: names filled in, open points left out, Markdown, anchors.

A text may hold names in braces, such as ``{walidata}``, which come from the configuration, and
open points such as ``[[isi: nomor telepon]]``: what the walidata is still to fill in. Visitors do
not see the paragraph or entry of a list that holds one, nor a heading with nothing left under it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk
import nh3
from ckan.lib.helpers import MARKDOWN_ATTRIBUTES, MARKDOWN_TAGS
from markupsafe import Markup

from .. import config as portal

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What stands for an open point; the words say what belongs there.
_OPEN: Final = re.compile(r"\[\[\s*isi\s*:\s*([^\]\n]{1,200}?)\s*\]\]", re.IGNORECASE)
_HEADING: Final = re.compile(r"(#{1,6})\s+\S")
_ENTRY: Final = re.compile(r"\s{0,8}([-*+]|\d{1,9}[.)])\s+\S")
_FENCE: Final = re.compile(r"\s{0,3}(```|~~~)")

_HTML_HEADING: Final = re.compile(r"<h([23])>(.*?)</h\1>", re.DOTALL)
_TAG: Final = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Section:
    """A heading of a page, for its table of contents."""

    anchor: str
    title: str


def names() -> dict[str, str]:
    """Return what a text may name in braces, with what stands there in the end."""
    return {
        "{portal}": portal.portal_name(),
        "{walidata}": portal.portal_walidata(),
        "{wilayah}": portal.region_name(),
        "{pemerintah}": portal.government_name(),
    }


def open_points(text: str) -> list[str]:
    """Return what a text still asks to be filled in, each once, in its order."""
    return list(dict.fromkeys(_OPEN.findall(text)))


def _units(text: str) -> Iterator[list[str]]:
    """Yield the paragraphs, headings and entries of lists of a text, as their lines.

    An empty line is a unit, and a block of code is one.
    """
    unit: list[str] = []
    fenced = False
    for line in text.splitlines():
        fence = bool(_FENCE.match(line))
        begins = not fenced and (
            not line.strip() or fence or _HEADING.match(line) or _ENTRY.match(line)
        )
        ended = unit and (not unit[-1].strip() or bool(_HEADING.match(unit[0])))
        if unit and not fenced and (begins or ended):
            yield unit
            unit = []
        unit.append(line)
        fenced = fenced != fence
    if unit:
        yield unit


def _depth(unit: list[str]) -> int:
    """Return the depth of a heading; 0 for what is none."""
    found = _HEADING.match(unit[0])
    return len(found.group(1)) if found else 0


def for_visitors(text: str) -> str:
    """Return a text without what holds an open point."""
    if not open_points(text):
        return text
    kept: list[list[str]] = []
    #: Headings above, with whether something was left out under them.
    emptied: set[int] = set()
    above: list[int] = []
    for unit in _units(text):
        depth = _depth(unit)
        if depth:
            while above and _depth(kept[above[-1]]) >= depth:
                above.pop()
            above.append(len(kept))
            kept.append(unit)
        elif _OPEN.search("\n".join(unit)):
            emptied.update(above)
        else:
            kept.append(unit)
    return "\n".join(line for unit in _without_empty(kept, emptied) for line in unit) + "\n"


def _without_empty(units: list[list[str]], emptied: set[int]) -> list[list[str]]:
    """Return units without the headings that have lost all that was under them.

    :param emptied: positions of headings under which something was left out
    """
    found: list[list[str]] = []
    for position, unit in enumerate(units):
        depth = _depth(unit)
        if depth and position in emptied and not _has_content(units[position + 1 :], depth):
            continue
        found.append(unit)
    return found


def _has_content(units: list[list[str]], depth: int) -> bool:
    """Tell whether there is text below a heading, before the next that is not deeper."""
    for unit in units:
        own = _depth(unit)
        if own and own <= depth:
            return False
        if not own and unit[0].strip():
            return True
    return False


def for_editors(text: str) -> str:
    """Return a text whose open points are marked, for a preview."""
    words = tk._("to fill in")
    return _OPEN.sub(lambda found: f"**⚠ {words}: {found.group(1)}**", text)


def filled(text: str) -> str:
    """Return a text with the names that it has in braces."""
    for name, value in names().items():
        text = text.replace(name, value)
    return text


def is_own_address(address: str) -> bool:
    """Tell whether an address leads to a place of this portal."""
    return address.startswith("/") and not address.startswith(("//", "/\\"))


def _own_addresses(tag: str, attribute: str, value: str) -> str | None:
    """Keep the language in links within the portal; leave out pictures of other hosts.

    Those would learn who reads what.
    """
    if (tag, attribute) == ("img", "src"):
        return value if is_own_address(value) else None
    if (tag, attribute) == ("a", "href") and is_own_address(value):
        languages = {locale.short_name for locale in tk.h.get_available_locales()}
        return value if value.split("/")[1] in languages else str(tk.h.url_for(value))
    return value


def render(text: str) -> Markup:
    """Return a text as HTML: safe Markdown, its headings below that of the page."""
    safe = str(tk.h.render_markdown(filled(text), auto_link=False))
    own = nh3.clean(
        safe, tags=MARKDOWN_TAGS, attributes=MARKDOWN_ATTRIBUTES, attribute_filter=_own_addresses
    )
    below = re.sub(r"<(/?)h1>", r"<\1h2>", own)
    return Markup(below)  # noqa: S704 - it has been cleaned


def _anchor(title: str, taken: set[str]) -> str:
    """Return the anchor of a heading, one of a kind on its page."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    base = "-".join(re.findall(r"[a-z0-9]+", plain)) or "bagian"
    anchor, number = base, 2
    while anchor in taken:
        anchor, number = f"{base}-{number}", number + 1
    taken.add(anchor)
    return anchor


def with_anchors(html: Markup) -> tuple[Markup, list[Section]]:
    """Return rendered text whose headings can be linked to, and those of the first level."""
    taken: set[str] = set()
    found: list[Section] = []

    def mark(heading: re.Match[str]) -> str:
        level, inner = heading.groups()
        title = str(Markup(_TAG.sub("", inner)).unescape()).strip()  # noqa: S704 - only read
        anchor = _anchor(title, taken)
        if level == "2":
            found.append(Section(anchor, title))
        return f'<h{level} id="{anchor}" tabindex="-1">{inner}</h{level}>'

    return Markup(_HTML_HEADING.sub(mark, str(html))), found  # noqa: S704 - it has been cleaned


def localized(content: Any, field: str, language: str) -> str:
    """Return title or text of a page in a language; in the other where it has none.

    :param content: with ``title_id`` and so on
    :param field: ``title`` or ``text``
    """
    order = ("en", "id") if language.startswith("en") else ("id", "en")
    texts = (str(getattr(content, f"{field}_{code}")) for code in order)
    return next((text for text in texts if text.strip()), "")
