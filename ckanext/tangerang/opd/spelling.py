"""The form in which spellings of one OPD agree: a library without CKAN and database.

What is known here holds for every region and every OPD: how Indonesian offices shorten the kind of
an office ("Din.", "Kec.", "UPT"), what they put around a name ("SKPD …", "… Tipe A") and what
carries no meaning (case, spaces, punctuation, "dan", "&"). Names of regions and abbreviations of
fields of work are the resolver's business (:mod:`.resolver`).
"""

from __future__ import annotations

import html
import re
import unicodedata

#: No name is longer; a longer text is not cut, because its beginning might name an OPD.
MAX_LETTERS = 300
#: Texts of this many characters are not looked at.
MAX_CHARACTERS = 10_000

_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,500}>")
#: Control characters separate words; marks of accents and invisible characters do not.
_CONTROL = dict.fromkeys((*range(32), *range(127, 160)), " ")
_INVISIBLE = frozenset({"Cf", "Cs", "Me", "Mn"})
_WORD = re.compile(r"[^\W_]+")
#: Ways to write "and"; "&", "/", "+" and commas fall away as punctuation.
_AND = frozenset({"dan", "and", "serta"})

#: Kinds of offices and regions as they are shortened in letters and tables.
_SHORT = {
    "bag": ("bagian",),
    "bdn": ("badan",),
    "bgn": ("bagian",),
    "din": ("dinas",),
    "dns": ("dinas",),
    "kab": ("kabupaten",),
    "kec": ("kecamatan",),
    "kel": ("kelurahan",),
    "pemkab": ("pemerintah", "kabupaten"),
    "pemkot": ("pemerintah", "kota"),
    "pemprop": ("pemerintah", "provinsi"),
    "pemprov": ("pemerintah", "provinsi"),
    "prop": ("provinsi",),
    "propinsi": ("provinsi",),
    "prov": ("provinsi",),
    "sekr": ("sekretariat",),
    "upt": ("uptd",),
}
#: Words that are often written twice ("Dinas-dinas").
_KINDS = frozenset({"badan", "bagian", "dinas", "kecamatan"})
#: What stands before a name and only says that it is one of an office.
_BEFORE = (
    ("organisasi", "perangkat", "daerah"),
    ("satuan", "kerja", "perangkat", "daerah"),
    ("perangkat", "daerah"),
    ("satuan", "kerja"),
    ("unit", "kerja"),
    ("nama", "opd"),
    ("nama", "skpd"),
    ("instansi",),
    ("opd",),
    ("satker",),
    ("skpd",),
)
#: What stands after a name: the type of PP 18/2016 and PP 72/2019 (A to C), the class of a
#: hospital (A to D), the way of keeping accounts (BLUD), the legal form of an enterprise.
_AFTER = re.compile(r"(?: (?:(?:tipe|type|kelas) [a-d]|blud|ppk blud|opd|persero|perseroda|tbk))+$")
#: "Kantor Dinas Kesehatan" is the building of it; "Kantor Kesatuan Bangsa" is an office.
_OFFICE_OF = frozenset({"badan", "dinas", "inspektorat", "kecamatan", "sekretariat"})


def clean(text: str) -> str:
    """Return ``text`` in lower case without accents, invisible characters and HTML tags.

    :returns: "" for what is too long to be a name
    """
    if len(text) > MAX_CHARACTERS:
        return ""
    plain = _TAG.sub(" ", html.unescape(text))
    if plain.isascii():
        return plain.translate(_CONTROL).casefold()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", plain).casefold())
    return "".join(
        char for char in plain if unicodedata.category(char) not in _INVISIBLE
    ).translate(_CONTROL)


def _without_frame(words: list[str]) -> list[str]:
    """Return the words without what stands around a name and says nothing about which it is."""
    while words:
        before = next((b for b in _BEFORE if tuple(words[: len(b)]) == b), None)
        if before:
            words = words[len(before) :]
        elif len(words) > 1 and words[0].isdigit() and len(words[0]) <= 3 and words[1].isalpha():  # noqa: PLR2004
            words = words[1:]  # the number of a line
        elif len(words) > 1 and words[0] == "kantor" and words[1] in _OFFICE_OF:
            words = words[1:]
        else:
            break
    return _AFTER.sub("", " ".join(words)).split()


def words(text: str) -> list[str]:
    """Return the words of ``text`` as they are compared, those that say nothing left out."""
    found: list[str] = []
    for word in _WORD.findall(clean(text)):
        for full in _SHORT.get(word, (word,)):
            if full not in _AND and not (full in _KINDS and found[-1:] == [full]):
                found.append(full)
    found = _without_frame(found)
    return found if sum(map(len, found)) <= MAX_LETTERS else []


def joined(text: str) -> str:
    """Return all letters and digits of ``text``, "dan" too: a name that somebody wrote in one."""
    return "".join(_WORD.findall(clean(text)))


def fold(text: str) -> str:
    """Return ``text`` in the form in which spellings of one OPD agree.

    "Kec. Teluk Naga" and "KECAMATAN TELUKNAGA" are both ``kecamatanteluknaga``. Two texts with
    one folded form are the same name; abbreviations other than those of kinds are not guessed.

    :returns: letters and digits in lower case, without spaces; "" if nothing remains
    """
    return "".join(words(text))
