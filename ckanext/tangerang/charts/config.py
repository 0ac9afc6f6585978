"""Typed access to the options of the plugin ``tangerang_charts``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan.exceptions import CkanConfigurationException

from .. import config as portal
from ..wilayah import shapes
from . import places

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def tiles() -> tuple[places.Tile, ...]:
    """Return the map of tiles of the portal's region; empty where it has none."""
    location = str(tk.config["ckanext.tangerang.charts.tiles"] or "")
    return places.load_tiles(location, portal.region_code()) if location else ()


def outlines() -> Mapping[str, Sequence[Any]]:
    """Return the outlines of all kecamatan by code; empty where one is missing.

    The file is that of the plugin ``tangerang_interop``.
    """
    known = shapes.load(str(tk.config.get("ckanext.tangerang.interop.polygons") or ""))
    names = places.district_names(portal.region_code())
    return {code: known[code] for code in names} if names.keys() <= known.keys() else {}


def check() -> None:
    """Read the file of tiles, so that a mistake stops the start and not a page.

    :raises CkanConfigurationException: with what to change
    """
    try:
        tiles()
    except places.TilesError as error:
        raise CkanConfigurationException(f"ckanext.tangerang.charts.tiles: {error}") from error
