"""What the columns of a table are, and which charts it allows: a plain library without CKAN.

What a column is follows from the kamus data (type, unit), from its type in the DataStore and from
what all its cells say: codes or names of kecamatan, years. Where that leaves a doubt, such as two
rows for one kecamatan and year, there is no chart.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from .. import wilayah
from ..wilayah.names import plain
from . import numbers, places

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Kinds of charts, as addresses name them.
LINE: Final = "garis"
BARS: Final = "batang"
MAP: Final = "peta"

#: More columns of figures, categories, years than a page of charts shows.
MAX_VALUES, MAX_CATEGORIES, MAX_YEARS = 8, 24, 60
#: With fewer kecamatan a column of names may be something else.
_LEAST_DISTRICTS = 3
#: With fewer years there is no line.
_LEAST_YEARS = 2
_LONGEST_LABEL = 200
#: With fewer of the combinations of kecamatan, year and category a column is no category.
_FILLED = 0.5

#: Types of the kamus, and of the DataStore, that hold figures.
_NUMBER_KINDS = frozenset({"integer", "number"})
_NUMBER_TYPES = ("int", "numeric", "float", "double", "decimal", "bigint", "smallint", "real")
#: Names of columns, normalised, that hold years.
_YEAR_NAMES = frozenset({"tahun", "thn", "year", "tahundata", "periodetahun"})
#: Beginnings of the names of columns that are numbers but no figures.
_NO_FIGURES = re.compile(
    r"^(kode|code|no|nomor|nomer|urutan|urut|id|nik|nip|npsn|kodepos|lintang|bujur|latitude"
    r"|longitude|lat|lon|long|telepon|rt|rw)(\d*$|[_\s.-]|urut$)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Value:
    """A column of figures."""

    column: str
    #: Part of the addresses of its charts.
    slug: str
    label: str
    unit: str


@dataclass(frozen=True)
class Shape:
    """What the columns of a table are. Rows are told apart by region, year and category."""

    values: tuple[Value, ...]
    year: str = ""
    region: str = ""
    category: str = ""
    category_label: str = ""
    #: Column with the unit of a row; empty for none.
    unit: str = ""
    years: tuple[int, ...] = ()
    districts: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    def dump(self) -> dict[str, Any]:
        """Return the shape as plain values for JSON."""
        return asdict(self)

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> Shape:
        """Return a shape from what :meth:`dump` made, also after JSON."""
        read: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in data.items()
        }
        read["values"] = tuple(Value(**value) for value in data["values"])
        return cls(**read)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of charts of each column of figures, the most telling first."""
        if self.districts:
            return (BARS, MAP)
        return (LINE,)


def slug_of(text: str) -> str:
    """Return a text as a part of an address: small letters and digits, joined by hyphens."""
    words = re.findall(r"[a-z0-9]+", plain(text))
    return "-".join(words)[:60].strip("-")


def _slugs(texts: Sequence[str]) -> list[str]:
    """Return an own part of an address for each text."""
    found: list[str] = []
    for number, text in enumerate(texts, start=1):
        slug = slug_of(text)
        found.append(slug if slug and slug not in found else f"{slug}-{number}".lstrip("-"))
    return found


def category_slugs(categories: Sequence[str]) -> dict[str, str]:
    """Return the categories by their parts of addresses."""
    return dict(zip(_slugs(categories), categories, strict=True))


@dataclass(frozen=True)
class _Table:
    """A table with all that is said of it."""

    columns: Mapping[str, str]
    kamus: Mapping[str, Mapping[str, str]]
    rows: Sequence[Mapping[str, Any]]
    region_code: str

    def cells(self, column: str) -> list[Any]:
        return [row.get(column) for row in self.rows]

    def kind(self, column: str) -> str:
        return self.kamus.get(column, {}).get("tipe", "")

    def label(self, column: str) -> str:
        text = self.kamus.get(column, {}).get("label") or column.replace("_", " ")
        return text[:_LONGEST_LABEL].strip() or column[:_LONGEST_LABEL]

    def without(self, rows: Sequence[Mapping[str, Any]]) -> _Table:
        return _Table(self.columns, self.kamus, rows, self.region_code)


def _year_column(table: _Table) -> str:
    """Return the column of the years; empty where there is none, or several."""
    by_kamus = [name for name in table.columns if table.kind(name) == "year"]
    by_name = [
        name
        for name in table.columns
        if not table.kind(name) or table.kind(name) in _NUMBER_KINDS | {"string"}
        if wilayah.normalise_name(name) in _YEAR_NAMES
    ]
    found = by_kamus or by_name
    if len(found) != 1:
        return ""
    years = [numbers.read_year(cell) for cell in table.cells(found[0])]
    return found[0] if years and None not in years else ""


def _is_region(table: _Table, column: str) -> bool:
    """Tell whether each cell of a column names a kecamatan, or says that its row is a total."""
    found: set[str] = set()
    for cell in table.cells(column):
        code = places.district_of(cell, table.region_code)
        if code:
            found.add(code)
        elif not places.is_summary(cell, table.region_code):
            return False
    return len(found) >= _LEAST_DISTRICTS


def _region_columns(table: _Table) -> list[str]:
    """Return the columns of kecamatan, codes before names; empty where two disagree."""
    found = [name for name in table.columns if _is_region(table, name)]
    for row in table.rows:
        codes = {places.district_of(row.get(name), table.region_code) for name in found}
        if len(codes) > 1:
            return []
    return found


def _values(table: _Table, taken: set[str]) -> tuple[Value, ...]:
    """Return the columns of figures."""
    names: list[str] = []
    for name, kind in table.columns.items():
        said = table.kind(name)
        if name in taken or _NO_FIGURES.match(name):
            continue
        if said not in _NUMBER_KINDS and (said or not kind.startswith(_NUMBER_TYPES)):
            continue
        try:
            figures = numbers.read_column(table.cells(name))
        except numbers.UnreadableError:
            continue
        if any(figure is not None for figure in figures):
            names.append(name)
    names = names[:MAX_VALUES]
    slugs = _slugs(names)
    return tuple(
        Value(name, slug, table.label(name), table.kamus.get(name, {}).get("satuan", ""))
        for name, slug in zip(names, slugs, strict=True)
    )


def _is_unique(table: _Table, key: Sequence[str]) -> bool:
    """Tell whether no two rows of a table have the same cells in some columns."""
    keys = [tuple(str(row.get(name)) for name in key) for row in table.rows]
    return len(set(keys)) == len(keys)


def _category(table: _Table, key: Sequence[str], taken: set[str]) -> str | None:
    """Return the one column that tells the rows apart together with others.

    :param key: columns of region and year
    :returns: empty where these suffice; None where no single column does it
    """
    if _is_unique(table, key):
        return ""
    for name, kind in table.columns.items():
        if name in taken or not kind.startswith(("text", "varchar", "char")):
            continue
        cells = {str(cell) for cell in table.cells(name)}
        if (
            1 < len(cells) <= MAX_CATEGORIES
            and _is_unique(table, [*key, name])
            and _is_filled(table, [*key, name])
        ):
            return name
    return None


def _is_filled(table: _Table, key: Sequence[str]) -> bool:
    """Tell whether most combinations of the cells of some columns have a row.

    A list of villages has a name of its own in each row: that is no category of kecamatan.
    """
    combinations = 1
    for name in key:
        combinations *= len({str(cell) for cell in table.cells(name)})
    return len(table.rows) >= combinations * _FILLED


def recognise(
    columns: Mapping[str, str],
    kamus: Sequence[Mapping[str, str]],
    rows: Sequence[Mapping[str, Any]],
    region_code: str,
) -> Shape | None:
    """Return what the columns of a table are; None for a table that allows no chart.

    :param columns: types of the DataStore by column
    :param kamus: rows of the kamus data
    :param rows: all rows of the table
    :param region_code: Kemendagri code of the kabupaten or kota whose kecamatan are looked for
    """
    table = _Table(
        columns, {row["kolom"]: row for row in kamus if "kolom" in row}, rows, region_code
    )
    year, regions = _year_column(table), _region_columns(table)
    if not rows or not (year or regions):
        return None
    region = regions[0] if regions else ""
    if region:
        table = table.without(
            [row for row in rows if places.district_of(row.get(region), region_code)]
        )
    key = [name for name in (region, year) if name]
    units = [name for name in columns if wilayah.normalise_name(name) == "satuan"]
    taken = {*regions, year, *units}
    category = _category(table, key, taken)
    if category is None:
        return None
    values = _values(table, {*taken, category})
    years = sorted({numbers.read_year(cell) or 0 for cell in table.cells(year)}) if year else []
    if not values or (not region and len(years) < _LEAST_YEARS):
        return None
    codes = (
        {places.district_of(cell, region_code) for cell in table.cells(region)} if region else ()
    )
    return Shape(
        values=values,
        year=year,
        region=region,
        category=category,
        category_label=table.label(category) if category else "",
        unit=units[0] if len(units) == 1 else "",
        years=tuple(years[-MAX_YEARS:]),
        districts=tuple(sorted(code for code in codes if code)),
        categories=tuple(dict.fromkeys(str(cell) for cell in table.cells(category)))
        if category
        else (),
    )
