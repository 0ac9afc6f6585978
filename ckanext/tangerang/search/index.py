"""What of a record goes into the search index so that its words are found by their stems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import config, stemming, words, years

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Fields whose texts are looked at, beside the texts of our schemas (``extras_…``).
_FIELDS = ("title", "notes", "tags", "res_name", "res_description")
#: Field of CKAN's schema for Solr with all that is searched: indexed, not stored, so that no
#: client sees what is put there.
_SEARCHED = "text"
#: The texts of a record are read up to so many characters: those of a long kamus repeat themselves.
_MAX_CHARACTERS = 50_000


def _texts(document: dict[str, Any]) -> Iterator[str]:
    """Yield the texts of a document for Solr."""
    names = [*_FIELDS, *sorted(name for name in document if name.startswith("extras_"))]
    for name in names:
        value = document.get(name)
        yield from (
            str(entry) for entry in (value if isinstance(value, list) else [value]) if entry
        )


def prepare(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document for Solr with the stems of its words, and the years it covers.

    Each stem comes once, with a mark before it (see :data:`.stemming.MARK`). Doing it twice
    changes nothing.
    """
    known = words.load(config.word_files())
    text = "\n".join(_texts(document))[:_MAX_CHARACTERS]
    stems = sorted({known.stem(word) for word in set(stemming.words(text)) if not word.isdigit()})
    marked = " ".join(f"{stemming.MARK}{stem}" for stem in stems)
    others = [entry for entry in document.get(_SEARCHED) or [] if stemming.MARK not in entry]
    document[_SEARCHED] = [*others, marked]
    document.update(years.covered(document.get("periode_awal"), document.get("periode_akhir")))
    return document
