"""Rows of a registry file: what a person wrote of one OPD, and how it becomes values.

A plain library without CKAN, shared by the readers of files and the plan.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from ..metadata import codelists, regions, values
from ..metadata.values import N_, Problem
from .registry import FIELDS, FormerName

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: Fields that hold several texts.
LISTS = ("urusan", "alias", "pengganti")
#: Fields whose values are codes or periods: text, whatever a spreadsheet thinks of them.
CODES = ("kode_opd", "urusan", "kode_wilayah", "kontak_telepon")
PERIODS = ("berlaku_dari", "berlaku_sampai")
#: Parts of a former name, in the order of its text form.
FORMER_PARTS = ("name", "title", "singkatan", "berlaku_dari", "berlaku_sampai", "dasar_hukum")
#: All columns that a file may have; the id is the one of the organization in CKAN.
COLUMNS = ("id", *FIELDS)
#: What people write over a column instead of its name.
HEADINGS = {
    "slug": "name",
    "alamat_portal": "name",
    "nama": "title",
    "jenis": "jenis_opd",
    "peran": "peran_sdi",
}

#: The largest number of OPD of a file; the whole of Indonesia's regencies have fewer each.
MAX_ROWS = 5_000

_NAME = re.compile(r"[a-z0-9_-]{2,100}")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_EMAIL = re.compile(r"[^\s@<>\"',;]{1,64}@[^\s@<>\"',;]+\.[^\s@<>\"',;]+")


@dataclass(frozen=True, slots=True)
class Note:
    """An error or warning: what, and where in the file.

    :param code: says what it is, for programs
    :param msgid: English message, with names in braces for ``params``
    :param row: where the OPD stands in the file, as people find it: ``5``, ``opd[3]``; "" for none
    :param cell: the cell of a sheet, such as ``C5``; "" where there is none
    :param field: the field; "" for the whole OPD
    :param name: address of the OPD, where it is known
    """

    code: str
    msgid: str
    params: Mapping[str, Any] = field(default_factory=dict)
    row: str = ""
    cell: str = ""
    field: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One OPD of a file: the fields that it has, as they were written.

    A field that is absent stays as it is in the portal; one that is empty is emptied.
    """

    values: Mapping[str, Any]
    #: Where it stands: number of the row, or place in the list.
    place: str = ""
    #: Cells by field, of a sheet.
    cells: Mapping[str, str] = field(default_factory=dict)
    #: Code of the only region that the row is for (see :mod:`.defaults`); "" for any.
    region: str = ""

    def note(self, code: str, msgid: str, field: str = "", /, **params: Any) -> Note:
        """Return a note about this row."""
        name = self.values.get("name")
        return Note(
            code,
            msgid,
            params,
            row=self.place,
            cell=self.cells.get(field, ""),
            field=field,
            name=values.shown(name) if isinstance(name, str) else "",
        )


# Lists and former names as text


def _escape(text: str, marks: str) -> str:
    """Return ``text`` with a backslash before itself and each of ``marks``."""
    return re.sub(rf"([\\{re.escape(marks)}])", r"\\\1", text)


def _split(text: str, mark: str) -> list[str]:
    """Return the parts between ``mark``, still escaped; a mark after a backslash is none."""
    return re.findall(rf"(?:^|{re.escape(mark)})((?:\\.|[^\\{re.escape(mark)}])*)", text, re.DOTALL)


def _unescape(text: str) -> str:
    """Return what was escaped."""
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def join_list(entries: tuple[str, ...]) -> str:
    """Return a list as one text: entries with ``; `` between them."""
    return "; ".join(_escape(entry, ";") for entry in entries)


def split_list(text: str) -> list[str]:
    """Return the entries of a list in one text."""
    text = text.replace("\r\n", "\n").replace("\n", ";")
    parts = (_unescape(part.strip()) for part in _split(_closed(text), ";"))
    return [part for part in parts if part.strip()]


def _closed(text: str) -> str:
    """Return ``text`` with a backslash at its end written as one, so that it escapes nothing."""
    tail = len(text) - len(text.rstrip("\\"))
    return text + "\\" if tail % 2 else text


def join_former(names: tuple[FormerName, ...]) -> str:
    """Return former names as one text.

    ``address | name | abbreviation | from | to | legal basis``, with ``; `` between two names and
    empty parts at the end left out.
    """
    entries: list[str] = []
    for former in names:
        parts = [_escape(getattr(former, part), ";|") for part in FORMER_PARTS]
        while len(parts) > 2 and not parts[-1]:  # noqa: PLR2004 - address and name stay
            parts.pop()
        entries.append(" | ".join(parts))
    return "; ".join(entries)


def split_former(text: str) -> list[dict[str, str]]:
    """Return the former names in one text, by part.

    :raises Problem: for a name with too many parts
    """
    out: list[dict[str, str]] = []
    for entry in _split(_closed(text.replace("\r\n", "\n").replace("\n", ";")), ";"):
        if not entry.strip():
            continue
        parts = [_unescape(part.strip()) for part in _split(entry, "|")]
        if len(parts) > len(FORMER_PARTS):
            raise Problem(
                N_(
                    'A former name is written "address | name | abbreviation | from | to | legal '
                    'basis", not "{value}".'
                ),
                value=values.shown(entry.strip()),
            )
        out.append(dict(zip(FORMER_PARTS, parts, strict=False)))
    return out


# Values of fields


@cache
def _keys(names: str) -> tuple[str, ...]:
    """Return the keys of code lists in their order."""
    return tuple(choice["value"] for choice in codelists.choices(names))


def read_name(value: Any) -> str | None:
    """Return an address as CKAN takes it.

    :raises Problem: for any other text
    """
    text = values.read_text(value, 200)
    if text and not _NAME.fullmatch(text):
        raise Problem(
            N_(
                '"{value}" can not be an address. Write 2 to 100 small letters, digits, - and _, '
                "for example dinkes."
            ),
            value=values.shown(text),
        )
    return text


def _read_id(value: Any) -> str | None:
    """Return the id of an organization of CKAN.

    :raises Problem: for any other text
    """
    text = values.read_text(value, 100)
    if text and not _ID.fullmatch(text):
        raise Problem(
            N_('"{value}" is not an id of the portal. Leave it empty for a new OPD.'),
            value=values.shown(text),
        )
    return text


def _read_email(value: Any) -> str | None:
    """Return an e-mail address.

    :raises Problem: for any other text
    """
    text = values.read_text(value, 254)
    if text and not _EMAIL.fullmatch(text):
        raise Problem(N_('"{value}" is not an e-mail address.'), value=values.shown(text))
    return text


def _read_choice(value: Any, names: str) -> str:
    """Return a key of a code list."""
    return values.read_choice(value, _keys(names))


def _read_line(value: Any, limit: int) -> str | None:
    """Return a text of one line."""
    text = values.read_text(value, limit)
    return " ".join(text.split()) if text else None


_READERS: dict[str, Callable[[Any], str | None]] = {
    "id": _read_id,
    "name": read_name,
    "title": partial(_read_line, limit=300),
    "singkatan": partial(values.read_text, limit=50),
    "kode_opd": values.read_opd_code,
    "jenis_opd": partial(_read_choice, names="kelompok_opd"),
    "peran_sdi": partial(_read_choice, names="peran_sdi"),
    "kode_wilayah": regions.read_known_region,
    "induk": partial(values.read_text, limit=100),
    "berlaku_dari": values.read_period,
    "berlaku_sampai": values.read_period,
    "cara_berakhir": partial(_read_choice, names="cara_berakhir"),
    "dasar_hukum": partial(values.read_text, limit=300),
    "situs_web": values.read_web_address,
    "alamat": partial(values.read_text, limit=1_000),
    "kontak_email": _read_email,
    "kontak_telepon": values.read_phone,
    "catatan_verifikasi": partial(values.read_text, limit=1_000),
}


def _texts(value: Any) -> list[Any]:
    """Return the entries of a list: one that is written as such, or as one text."""
    return list(value) if isinstance(value, (list, tuple)) else split_list(str(value))


def _read_urusan(value: Any) -> tuple[str, ...]:
    """Return keys of government affairs in the order of the code lists, as CKAN stores them."""
    order = _keys("urusan unsur_penunjang")
    chosen: set[str] = set()
    for entry in _texts(value):
        if entry not in order:
            if f"{entry}0" in order:
                raise Problem(
                    N_(
                        '"{value}" is no government affair. If a spreadsheet has made {value} of '
                        "{meant}, format the cells as text and write {meant}."
                    ),
                    value=values.shown(entry),
                    meant=f"{entry}0",
                )
            raise Problem(
                N_('"{value}" is no government affair. Write a code such as 2.10.'),
                value=values.shown(entry),
            )
        chosen.add(entry)
    return tuple(key for key in order if key in chosen)


def _read_texts(value: Any) -> tuple[str, ...]:
    """Return several texts, each once."""
    entries = _texts(value)
    if len(entries) > values.MAX_VALUES:
        raise Problem(
            N_("These are too many values: {count}. {limit} are allowed."),
            count=len(entries),
            limit=values.MAX_VALUES,
        )
    found = (_read_line(entry, 300) for entry in entries)
    return tuple(dict.fromkeys(entry for entry in found if entry))


def _read_former(value: Any) -> tuple[FormerName, ...]:
    """Return former names: a list of their parts, or text.

    :raises Problem: for one without an address or a name, or with a wrong period
    """
    entries = value if isinstance(value, (list, tuple)) else split_former(str(value))
    out: list[FormerName] = []
    for entry in entries:
        if not isinstance(entry, dict):
            raise Problem(
                N_('A former name has an address (name) and a name (title), not "{value}".'),
                value=values.shown(entry),
            )
        parts = {HEADINGS.get(str(key), str(key)): part for key, part in entry.items()}
        unknown = set(parts) - set(FORMER_PARTS)
        if unknown:
            raise Problem(
                N_('A former name has no part "{value}".'), value=values.shown(min(unknown))
            )
        read = {
            part: (_READERS[part](text) or "" if not values.is_empty(text) else "")
            for part, text in parts.items()
        }
        if not read.get("name") or not read.get("title"):
            raise Problem(
                N_('A former name has an address (name) and a name (title), not "{value}".'),
                value=values.shown(read.get("name") or read.get("title") or ""),
            )
        out.append(FormerName(**read))
    return tuple(out)


_LIST_READERS: dict[str, Callable[[Any], tuple[Any, ...]]] = {
    "urusan": _read_urusan,
    "alias": _read_texts,
    "pengganti": _read_texts,
    "nama_lama": _read_former,
}


def _read(name: str, value: Any) -> Any:
    """Return a value of a field as a :class:`.registry.Unit` holds it; what is wrong with it."""
    several = name in _LIST_READERS
    if values.is_empty(value):
        return () if several else ""
    if not several and isinstance(value, (list, tuple, dict)):
        return Problem(N_("Write plain text here."))
    try:
        return _LIST_READERS[name](value) if several else _READERS[name](value) or ""
    except Problem as problem:
        return problem


def clean(row: Row) -> tuple[dict[str, Any], list[Note]]:
    """Return the values of a row as a :class:`.registry.Unit` holds them, and what is wrong."""
    read = {name: _read(name, value) for name, value in row.values.items()}
    errors = [
        row.note("value", found.msgid, name, **found.params)
        for name, found in read.items()
        if isinstance(found, Problem)
    ]
    return {k: v for k, v in read.items() if not isinstance(v, Problem)}, errors
