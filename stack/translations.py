"""The catalogues of the user interface: ``python -m stack.translations update|check``.

The texts in the code are English; Indonesian is the catalogue ``id``. Its part below the marker
holds texts of CKAN itself that CKAN's own Indonesian catalogue lacks or words otherwise, for
instance "Organization"; they are kept by hand and take precedence over CKAN's.
"""

from __future__ import annotations

import io
import re
import sys
from datetime import datetime, timezone
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGE = REPOSITORY / "ckanext" / "tangerang"
LANGUAGE = "id"
FOLDER = PACKAGE / "i18n" / LANGUAGE / "LC_MESSAGES"
PO = FOLDER / "ckanext-tangerang.po"
MO = PO.with_suffix(".mo")
#: Texts of CKAN core that we translate: not found in our sources, yet kept.
CORE_PO = FOLDER / "ckan-core.po"

_METHODS = [("**.py", "python"), ("**/templates/**.html", "ckan")]
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "N_": None,
    "ngettext": (1, 2),
    "ungettext": (1, 2),
    "_n": (1, 2),
}


_HEADER = (
    f'msgid ""\nmsgstr ""\n"Language: {LANGUAGE}\\n"\n'
    '"Content-Type: text/plain; charset=utf-8\\n"\n'
    '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
)


def _empty() -> Catalog:
    """Return a catalogue with Indonesian's one plural form (Babel assumes two)."""
    return read_po(io.BytesIO(_HEADER.encode()), locale=LANGUAGE)


def extract() -> Catalog:
    """Return the texts of our sources, with the places they come from."""
    catalog = _empty()
    for name, line, message, comments, context in extract_from_dir(
        PACKAGE, method_map=_METHODS, keywords=_KEYWORDS, comment_tags=("TRANSLATORS:",)
    ):
        catalog.add(
            message,
            None,
            [(f"ckanext/tangerang/{name}", line)],
            auto_comments=comments,
            context=context,
        )
    return catalog


def scripts() -> Catalog:
    """Return the texts of CKAN's scripts.

    ``ckan translation js`` takes their translations from the catalogues of CKAN and of plugins, and
    CKAN's has few of them in Indonesian.
    """
    catalog = _empty()
    for message in _read(_folder_of("ckan") / "i18n" / "ckan.pot"):
        if any(name.endswith(".js") for name, _ in message.locations):
            catalog.add(message.id, None, [("ckan", 0)])
    return catalog


def _read(path: Path) -> Catalog:
    with path.open("rb") as stream:
        return read_po(stream, locale=LANGUAGE)


def merged() -> Catalog:
    """Return our texts, and those of CKAN's scripts, with the translations known so far."""
    catalog = extract()
    for message in scripts():
        if message.id and message.id not in catalog:
            catalog.add(message.id, None, message.locations)
    known = _read(PO) if PO.exists() else _empty()
    for message in catalog:
        old = known.get(message.id) if message.id else None
        if old is not None and old.string:
            message.string = old.string
        elif message.pluralizable:
            # Indonesian has one form for all numbers.
            message.string = ("",)
    return catalog


def _po_bytes(catalog: Catalog) -> bytes:
    stream = io.BytesIO()
    # Without line numbers and dates the file changes only when a text does.
    write_po(stream, catalog, width=100, sort_output=True, include_lineno=False, omit_header=True)
    return _HEADER.encode() + stream.getvalue()


def _mo_bytes(catalog: Catalog) -> bytes:
    """Return the compiled catalogue: CKAN's texts first, so that ours win a conflict."""
    both = _empty()
    # A time of writing in the file would make it differ from itself a minute later.
    both.creation_date = both.revision_date = datetime(2000, 1, 1, tzinfo=timezone.utc)
    for source in (_read(CORE_PO), catalog):
        for message in source:
            if message.id and message.string:
                both.add(message.id, message.string, context=message.context)
    stream = io.BytesIO()
    write_mo(stream, both)
    return stream.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    """Return the texts that have no translation."""
    return [
        str(message.id)
        for message in catalog
        if message.id
        and not (all(message.string) if isinstance(message.string, tuple) else message.string)
    ]


#: Templates of CKAN, and of extensions that the portal shows pages of.
_PARTNERS = (
    "ckan",
    "ckanext.activity",
    "ckanext.datastore",
    "ckanext.datatablesview",
    "ckanext.imageview",
    "ckanext.scheming",
    "ckanext.textview",
    "ckanext.xloader",
)
#: What reads the same in Indonesian, or is shown nowhere: examples of addresses, CKAN's page of
#: form widgets, and texts about CKAN where this portal has its own.
_AS_IT_IS = frozenset({
    "<q>{key}</q>", "1.0", "CSV", "Facebook", "Joe Bloggs", "Markdown", "X", "joe@example.com",
    "http://example.com/dataset.json", "http://example.com/external-data.csv",
    "{actor} {activity_type}", "{key}", "{tag_link}",
    "Full", "Full Width Input", "Large", "Large Input", "Medium", "Medium Width Input",
    "Placeholder", "Prepend", "Prepend Input", "Select", "Standard", "Standard Input", "Textarea",
    "This is a featured section",
})  # fmt: skip
_ABOUT_CKAN = ("<p>CKAN is the world", "This is a nice introductory paragraph about CKAN")


def _folder_of(package: str) -> Path:
    """Return the folder of an installed package, without importing it."""
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(package)
    return Path(next(iter(found.submodule_search_locations)))


def _is_translated(catalog: Catalog, text: str) -> bool:
    """Tell whether a catalogue has a translation of ``text`` that is in use."""
    message = catalog.get(text)
    if message is None or message.fuzzy or not message.string:
        return False
    return all(message.string) if isinstance(message.string, tuple) else True


def partner_gaps(catalog: Catalog) -> list[str]:
    """Return the texts of CKAN's pages that neither its catalogue nor ours has in Indonesian."""
    core = _folder_of("ckan") / "i18n" / LANGUAGE / "LC_MESSAGES" / "ckan.po"
    catalogues = (_read(core), _read(CORE_PO), catalog)
    gaps: dict[str, None] = {}
    for package in _PARTNERS:
        for _, _, message, _, _ in extract_from_dir(
            _folder_of(package), method_map=[("**/templates/**.html", "ckan")], keywords=_KEYWORDS
        ):
            text = message[0] if isinstance(message, tuple) else str(message)
            known = text in _AS_IT_IS or text.startswith(_ABOUT_CKAN)
            if text and not known and not any(_is_translated(c, text) for c in catalogues):
                gaps[text] = None
    return list(gaps)


_PLACEHOLDER = re.compile(r"\{\w*\}|%\(\w+\)[sd]|%[sd]")


def broken_placeholders(catalog: Catalog) -> list[str]:
    """Return the texts whose translation lacks, or adds, a placeholder.

    Of a text with a plural that is what is looked at: Indonesian has one form for all numbers.
    """

    def placeholders(text: object) -> list[str]:
        last = text[-1] if isinstance(text, tuple) else text
        return sorted(_PLACEHOLDER.findall(str(last)))

    return [
        str(message.id)
        for message in catalog
        if message.id and placeholders(message.id) != placeholders(message.string)
    ]


def update() -> int:
    """Collect the texts into the catalogue and compile it."""
    catalog = merged()
    PO.write_bytes(_po_bytes(catalog))
    MO.write_bytes(_mo_bytes(catalog))
    for text in untranslated(catalog):
        sys.stdout.write(f"not translated: {text}\n")
    return 0


def check() -> int:
    """Return 0 when every text is translated and the files are up to date."""
    catalog = merged()
    problems = [f"not translated to Indonesian: {text}" for text in untranslated(catalog)]
    problems += [f"CKAN does not translate, and neither do we: {t}" for t in partner_gaps(catalog)]
    problems += [
        f"the placeholders differ: {text}"
        for source in (catalog, _read(CORE_PO))
        for text in broken_placeholders(source)
    ]
    if not PO.exists() or PO.read_bytes() != _po_bytes(catalog):
        problems.append(f"{PO.name} is not up to date: run `make translations`")
    if not MO.exists() or MO.read_bytes() != _mo_bytes(catalog):
        problems.append(f"{MO.name} is not up to date: run `make translations`")
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    if sys.argv[1:] not in (["update"], ["check"]):
        sys.exit(__doc__)
    sys.exit(update() if sys.argv[1] == "update" else check())
