"""Code lists: the fixed values of the forms, with Indonesian and English labels.

A plain library without CKAN. Each list is one YAML file in ``codelists/``; it is read when first
asked for and kept for the life of the process. What is stored in a record is always the item's
``key``, a string (``"2.10"`` must not become 2.1); the numbers printed on paper forms are
``code`` and are used only when printing and importing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..locations import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).with_name("codelists")

#: The language of labels where a label in the asked language is not known.
DEFAULT_LANGUAGE = "id"


class UnknownCodeListError(KeyError):
    """No code list, or no item of a list, has that name."""


@dataclass(frozen=True)
class Item:
    """One value of a code list."""

    #: What is stored.
    key: str
    #: The Indonesian label.
    id: str
    #: The English label.
    en: str
    #: The number or code on the paper form, where one is confirmed.
    code: int | str | None = None
    #: Further columns of the list, such as ``eu_frequency``, ``weight`` or ``group``.
    extra: Mapping[str, Any] = field(default_factory=dict)

    def label(self, lang: str | None = None) -> str:
        """Return the label in ``lang`` (``id``, ``en``, also ``en_GB``), else in Indonesian."""
        return self.en if (lang or DEFAULT_LANGUAGE).split("_")[0] == "en" else self.id


@dataclass(frozen=True)
class CodeList:
    """A code list with where it comes from and how sure that is."""

    name: str
    source: str
    certainty: str
    items: tuple[Item, ...]
    note: str = ""
    #: Several values may be chosen.
    multiple: bool = False
    #: On the paper form the codes are bits that are added up.
    bit_values: bool = False
    #: False: other values than these exist.
    complete: bool = True
    #: Item of the BPS form, and the field of INDAH, that uses the list.
    used_by: str = ""
    indah_field: str = ""
    _by_key: Mapping[str, Item] = field(default_factory=dict, repr=False, compare=False)

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    def get(self, key: str) -> Item | None:
        """Return the item with that key, or None."""
        return self._by_key.get(key)

    @property
    def keys(self) -> tuple[str, ...]:
        """Return all keys in the order of the list."""
        return tuple(self._by_key)


def _item(row: dict[str, Any]) -> Item:
    """Make an item of one row of a file; what is not a column of every list goes to ``extra``."""
    row = dict(row)
    return Item(
        key=row.pop("key"),
        id=row.pop("id"),
        en=row.pop("en"),
        code=row.pop("code", None),
        extra=MappingProxyType(row),
    )


@cache
def names() -> tuple[str, ...]:
    """Return the names of all code lists."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@cache
def codelist(name: str) -> CodeList:
    """Return the code list ``name``.

    :raises UnknownCodeListError: when there is none of that name
    """
    if name not in names():
        raise UnknownCodeListError(name)
    data = read_yaml(FOLDER / f"{name}.yaml")
    items = tuple(_item(row) for row in data.pop("items"))
    return CodeList(
        name=name,
        items=items,
        _by_key=MappingProxyType({item.key: item for item in items}),
        **data,
    )


def item(name: str, key: str) -> Item:
    """Return one item of the list ``name``.

    :param name: one list, or several separated by spaces (``"urusan unsur_penunjang"``)
    :raises UnknownCodeListError: when no such list has an item of that key
    """
    for part in name.split():
        found = codelist(part).get(key)
        if found:
            return found
    raise UnknownCodeListError(f"{name}: {key}")


@cache
def _other_spellings(name: str) -> Mapping[str, str]:
    """Return the keys that other systems write for items of a list, with ours."""
    return MappingProxyType(
        {
            spelling: entry.key
            for part in name.split()
            for entry in codelist(part).items
            for spelling in entry.extra.get("alt_keys", ())
        }
    )


def canonical(name: str, key: Any) -> Any:
    """Return our key for one that another system spells otherwise; anything else as it is.

    :param name: one list, or several separated by spaces
    """
    return _other_spellings(name).get(key, key) if isinstance(key, str) else key


def label(name: str, key: str, lang: str | None = None) -> str:
    """Return the label of an item; the key itself where the list has no such item.

    A value that is not (or no longer) in its list is thus shown as it is stored.

    :param name: one list, or several separated by spaces
    :param key: the stored value
    :param lang: ``id`` or ``en``; Indonesian where it is neither
    """
    try:
        return item(name, key).label(lang)
    except UnknownCodeListError:
        return key


@cache
def choices(name: str) -> tuple[dict[str, Any], ...]:
    """Return the choices of a form field, as ckanext-scheming wants them.

    :param name: one list, or several separated by spaces, whose items follow each other
    :returns: ``{"value": key, "label": {"id": …, "en": …}}`` for each item
    """
    return tuple(
        {"value": entry.key, "label": {"id": entry.id, "en": entry.en}}
        for part in name.split()
        for entry in codelist(part).items
    )
