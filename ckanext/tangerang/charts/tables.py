"""Rows of a DataStore table, with the rights of who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan import plugins as p

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ckan.types import Context

#: No table that becomes a chart or a series has more rows; longer ones are not read.
MAX_ROWS = 5_000
#: Nor more columns: all cells of a table are read once.
MAX_COLUMNS = 100


class TooLongError(ValueError):
    """A table has more rows or columns than are read."""


class UnusableError(ValueError):
    """The DataStore does not answer a question about a table: it has no such column or value."""


@dataclass(frozen=True)
class Table:
    """Rows of a table, in the order of the table."""

    #: Types of the columns as the DataStore names them, by column.
    columns: Mapping[str, str]
    rows: Sequence[Mapping[str, Any]]


def find_resource(resource_id: object) -> Any:
    """Return a file of a record that is there; None for none."""
    if not isinstance(resource_id, str) or not p.plugin_loaded("datastore"):
        return None
    found: Any = model.Resource.get(resource_id)
    if found is None or found.state != model.State.ACTIVE or found.package is None:
        return None
    return found


def check_readable(context: Context, resource_id: str) -> None:
    """Check that the user may read the rows of a table, by CKAN's rights and the access level.

    :raises NotAuthorized: when they may not
    """
    tk.check_access("datastore_search", tk.fresh_context(context), {"resource_id": resource_id})


def _columns(context: Context, resource_id: str) -> list[str]:
    """Return the names of the columns of a table.

    :raises TooLongError: when there are more than :data:`MAX_COLUMNS`
    """
    found = tk.get_action("datastore_search")(
        tk.fresh_context(context),
        {"resource_id": resource_id, "limit": 0, "include_total": False},
    )
    names = [field["id"] for field in found["fields"] if field["id"] != "_id"]
    if len(names) > MAX_COLUMNS:
        raise TooLongError
    return names


def read(
    context: Context,
    resource_id: str,
    fields: Sequence[str] = (),
    filters: Mapping[str, Sequence[str]] | None = None,
) -> Table:
    """Return the rows of a table.

    :param fields: columns to read; all without
    :param filters: values that a row has in a column, one of them
    :raises ObjectNotFound: when there is no such table
    :raises NotAuthorized: when the user may not read it
    :raises TooLongError: when more than :data:`MAX_ROWS` rows fit, or all of more than
        :data:`MAX_COLUMNS` columns are asked for
    :raises UnusableError: when the table has no such columns, or a filter can not be asked
    """
    if not fields:
        fields = _columns(context, resource_id)
    asked: dict[str, Any] = {
        "resource_id": resource_id,
        "fields": list(dict.fromkeys(fields)),
        "limit": MAX_ROWS + 1,
        "include_total": False,
        "filters": {name: list(values) for name, values in (filters or {}).items()},
    }
    try:
        found = tk.get_action("datastore_search")(tk.fresh_context(context), asked)
    except tk.ValidationError as error:
        raise UnusableError(str(error.error_dict)) from error
    if len(found["records"]) > MAX_ROWS:
        raise TooLongError
    columns = {field["id"]: field["type"] for field in found["fields"] if field["id"] != "_id"}
    return Table(columns, found["records"])
