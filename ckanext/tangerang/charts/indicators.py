"""Where the figures of an indicator are, and what the portal says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from ckan import model

from ..metadata.values import as_list
from . import figures, keeping, making, series, tables
from .recognise import LINE, Value

if TYPE_CHECKING:
    from ckan.types import Context

#: Type of the records of indicators.
INDICATOR_TYPE = "indikator"


def find(name: object) -> Any:
    """Return the package object of an indicator.

    :param name: its id or name
    :raises ObjectNotFound: when there is no such indicator
    """
    found: Any = model.Package.get(name) if isinstance(name, str) else None
    if found is None or found.type != INDICATOR_TYPE:
        raise tk.ObjectNotFound(tk._("There is no such indicator."))
    return found


def resource_of(package: Any) -> Any:
    """Return the file that holds the figures of an indicator; None where none does."""
    return tables.find_resource((package.extras or {}).get("nilai_resource"))


def _filters(package: Any) -> dict[str, list[str]]:
    """Return the filter of an indicator's rows: the values that a column may have."""
    found: dict[str, list[str]] = {}
    for row in as_list((package.extras or {}).get("saringan") or []):
        if isinstance(row, dict) and row.get("kolom"):
            found.setdefault(str(row["kolom"]), []).append(str(row.get("nilai", "")))
    return found


def _read(context: Context, package: Any, resource: Any) -> series.Series:
    """Return the series of an indicator, read from its table."""
    value_column = package.extras.get("nilai_kolom")
    year_column = package.extras.get("tahun_kolom")
    if not value_column or not year_column:
        return series.Series(problem=series.NO_YEARS)
    try:
        table = tables.read(context, resource.id, (year_column, value_column), _filters(package))
    except tk.ObjectNotFound:
        return series.Series(problem=series.NO_TABLE)
    except tables.TooLongError:
        return series.Series(problem=series.TOO_LONG, params={"limit": tables.MAX_ROWS})
    except tables.UnusableError:
        return series.Series(problem=series.NO_COLUMNS)
    return series.read(table.rows, year_column, value_column)


def series_of(context: Context, package: Any) -> series.Series:
    """Return the series of an indicator, as it was made of the same table before or anew.

    The rights of the user must have been checked.
    """
    resource = resource_of(package)
    if resource is None:
        return series.Series(problem=series.NO_TABLE)
    version = [package.id, package.metadata_modified, keeping.table_version(resource)]
    found = keeping.remembered("series", version, lambda: _read(context, package, resource).dump())
    return series.Series.load(found)


def rendered(context: Context, package: Any, ending: str, width: int) -> str | bytes:
    """Return the series of an indicator as ``svg``, ``png`` or ``csv``; rights must be checked.

    :raises ObjectNotFound: when it has no figures
    """
    found = series_of(context, package)
    if not found.points:
        raise tk.ObjectNotFound(tk._("This indicator has no figures."))
    unit = (package.extras or {}).get("satuan") or ""
    title = package.title or package.name
    points = tuple(figures.Point(str(y), str(y), value) for y, value in found.points)
    made = figures.Chart(LINE, Value("nilai", "nilai", title, unit), points, unit)
    if ending == "csv":
        return making.written(made)
    drawn = making.drawn(made, title, making.source_of(resource_of(package)), width)
    return making.rasterised(drawn) if ending == "png" else drawn


def show(context: Context, package: Any) -> dict[str, Any]:
    """Return what ``tangerang_series_show`` says of an indicator; rights must have been checked."""
    found = series_of(context, package)
    extras = cast("dict[str, Any]", package.extras or {})
    points = [{"tahun": year, "nilai": series.plain(value)} for year, value in found.points]
    resource = resource_of(package)
    return {
        "id": package.id,
        "name": package.name,
        "title": package.title or package.name,
        "satuan": extras.get("satuan") or "",
        "arah": extras.get("arah") or "",
        "points": points,
        "latest": points[-1] if points else None,
        "change": series.change(found.points, extras.get("arah")),
        "problem": {"code": found.problem, **found.params} if found.problem else None,
        "source": making.source_of(resource) if resource is not None else None,
    }
