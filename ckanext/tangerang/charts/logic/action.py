"""Actions of the plugin ``tangerang_charts``. They write nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from .. import indicators
from . import schema

if TYPE_CHECKING:
    from ckan.types import Context, DataDict


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_series_show)
def tangerang_series_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the figures of an indicator by year, from the table that its record names.

    One figure a year: where the rows that fit hold several for one year, where a cell is no figure
    or could be read in two ways, there are no points and ``problem`` says why.

    :param id: id or name of an indikator
    :returns: ``id``, ``name``, ``title``, ``satuan`` (unit), ``arah`` (key of the code list
        ``arah_indikator``, or empty), ``points`` (``tahun``, ``nilai``; ascending), ``latest`` (the
        last point or null), ``change`` (``nilai``: difference to the point before, ``since``: its
        year, ``better``: true, false, or null where the record does not say which way is good;
        null for less than two points), ``problem`` (``code`` and what it names; null for none) and
        ``source`` (``organization``, ``dataset``, ``resource``; null without a table)
    :raises ObjectNotFound: when there is no such indikator
    :raises NotAuthorized: when the user may not see it, or not read its table
    """
    tk.check_access("tangerang_series_show", context, data_dict)
    return indicators.show(context, indicators.find(data_dict["id"]))
