"""CKAN's icon font, cut down to the icons that pages show.

The whole font of solid icons has 158 KB, more than half of what a page may weigh; pages show some
eighty of its 1,400 icons. The part of them is offered under the same name of font, for their
characters alone (``unicode-range``): a browser fetches CKAN's file only for another icon.

Which icons: all whose names stand in the templates and the Python, JavaScript and YAML files of
this distribution, and in the templates of CKAN and of its plugins. The font itself is CKAN's,
under the SIL OFL 1.1.
"""

from __future__ import annotations

import hashlib
import io
import re
from functools import cache
from pathlib import Path

import ckan
from fontTools import subset
from fontTools.ttLib import TTFont

from ..base import PACKAGE

_CKAN = Path(ckan.__file__).parent
_FOLDER = _CKAN / "public" / "base" / "vendor" / "fontawesome-free"
_FONT = _FOLDER / "webfonts" / "fa-solid-900.ttf"
_STYLES = _FOLDER / "css" / "all.css"

#: ``.fa-search { --fa: "\\f002"; }``, and the form of older releases.
_RULE = re.compile(r'((?:\.fa-[\w-]+(?:::?before)?,?\s*)+)\{\s*(?:--fa|content):\s*"\\([0-9a-f]+)"')
_CLASS = re.compile(r"\.fa-([\w-]+)")
_NAMED = re.compile(r"fa-([a-z0-9][a-z0-9-]+)")
#: Icons named without ``fa-``, as an argument or a value: ``icon='table'``, ``icon: road``.
_ARGUMENT = re.compile(r"""\bicon["']?\s*[=:]\s*["']?([a-z][a-z0-9-]+)""")
#: What a record shows, ``("calendar", _("Period"), …)``: any quoted word may be an icon.
_WORD = re.compile(r"""["']([a-z][a-z0-9]*(?:-[a-z0-9]+)*)["']""")
_SUFFIXES = frozenset({".html", ".js", ".py", ".yaml"})


def characters() -> dict[str, int]:
    """Return the character of each icon of CKAN's set, by the name of the icon."""
    text = _STYLES.read_text(encoding="utf-8")
    return {
        name: int(code, 16)
        for selectors, code in _RULE.findall(text)
        for name in _CLASS.findall(selectors)
    }


@cache
def used() -> frozenset[int]:
    """Return the characters of the icons that are named in templates and code."""
    known = characters()
    names: set[str] = set()
    files = (
        *(path for path in PACKAGE.rglob("*") if path.suffix in _SUFFIXES),
        *(_CKAN / "templates").rglob("*.html"),
        *(_CKAN.parent / "ckanext").rglob("*.html"),
    )
    for path in files:
        text = path.read_text(encoding="utf-8", errors="replace")
        names.update(_NAMED.findall(text), _ARGUMENT.findall(text))
        if path.suffix == ".py" and "icon" in text:
            names.update(_WORD.findall(text))
    return frozenset(known[name] for name in names if name in known)


@cache
def version() -> str:
    """Return what names this cut of the font in its address."""
    digest = hashlib.sha256(_FONT.read_bytes())
    digest.update(",".join(map(str, sorted(used()))).encode())
    return digest.hexdigest()[:16]


@cache
def font() -> bytes:
    """Return the font with the used icons alone, as WOFF."""
    options = subset.Options(flavor="woff", layout_features=[], hinting=False, notdef_outline=True)
    whole = TTFont(_FONT)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=used())
    cutter.subset(whole)
    whole.flavor = "woff"
    stream = io.BytesIO()
    whole.save(stream)
    return stream.getvalue()


def face(url: str) -> str:
    """Return the rule that offers the cut font at ``url`` for its icons."""
    characters = ",".join(f"U+{code:X}" for code in sorted(used()))
    return (
        '@font-face{font-family:"Font Awesome 6 Free";font-style:normal;font-weight:900;'
        f'font-display:block;src:url("{url}") format("woff");unicode-range:{characters}}}\n'
    )
