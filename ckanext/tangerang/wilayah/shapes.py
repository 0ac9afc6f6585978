"""Outlines of regions from a GeoJSON file that the portal names; none are packaged.

A plain library without CKAN. The file is a ``FeatureCollection`` of ``Polygon`` and
``MultiPolygon`` in WGS 84; the Kemendagri code of each feature is its ``id``, or its property
``kode`` or ``kode_kemendagri``.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from ..locations import locate
from .regions import is_region

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: A position needs a longitude and a latitude; a ring is closed, so it has four positions.
_SIDES_OF_A_BOX, _LEAST_OF_A_RING = 4, 4
_CODE_PROPERTIES = ("kode", "kode_kemendagri")


class ShapesError(ValueError):
    """The outlines can not be used; the message says why."""


def _is_position(value: Any) -> bool:
    """Tell whether a value is a longitude and latitude in degrees."""
    return (
        isinstance(value, list)
        and len(value) >= 2  # noqa: PLR2004 - longitude, latitude
        and all(isinstance(part, (int, float)) for part in value[:2])
        and abs(value[0]) <= 180  # noqa: PLR2004 - degrees
        and abs(value[1]) <= 90  # noqa: PLR2004
    )


def _polygons(code: str, geometry: Any) -> list[Any]:
    """Return the polygons of a geometry, each a list of rings.

    :raises ShapesError: for anything but a Polygon or MultiPolygon of closed rings
    """
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    found = geometry.get("coordinates") if isinstance(geometry, dict) else None
    polygons = [found] if kind == "Polygon" else found if kind == "MultiPolygon" else None
    if not isinstance(polygons, list) or not polygons:
        raise ShapesError(f"The region {code} needs a Polygon or MultiPolygon, not {kind}.")
    for polygon in polygons:
        for ring in polygon if isinstance(polygon, list) else [None]:
            if (
                not isinstance(ring, list)
                or len(ring) < _LEAST_OF_A_RING
                or ring[0] != ring[-1]
                or not all(_is_position(position) for position in ring)
            ):
                raise ShapesError(
                    f"The region {code} has a ring that is not closed, or positions that are no "
                    "longitude and latitude in degrees."
                )
    return polygons


def _code(feature: Any) -> str:
    """Return the Kemendagri code of a feature.

    :raises ShapesError: when it has none that exists
    """
    if not isinstance(feature, dict):
        raise ShapesError("A feature is no object.")
    properties = feature.get("properties") or {}
    found = [feature.get("id"), *(properties.get(name) for name in _CODE_PROPERTIES)]
    for code in found:
        if isinstance(code, str) and is_region(code):
            return code
    names = " or ".join(_CODE_PROPERTIES)
    raise ShapesError(f"A feature has no Kemendagri code in its id, or in its property {names}.")


@cache
def load(location: str) -> dict[str, list[Any]]:
    """Return the polygons of the file at ``location`` by Kemendagri code; empty for no file.

    :param location: a path, or ``module:path``
    :raises ShapesError: when the file is missing or malformed
    """
    if not location:
        return {}
    try:
        data = json.loads(locate(location).read_text(encoding="utf-8"))
    except (LookupError, OSError, ValueError, RecursionError) as error:
        raise ShapesError(f"{location}: the outlines can not be read ({error}).") from error
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list) or not features:
        raise ShapesError(f"{location}: this is no GeoJSON FeatureCollection.")
    out: dict[str, list[Any]] = {}
    for feature in features:
        code = _code(feature)
        if code in out:
            raise ShapesError(f"{location}: the region {code} comes more than once.")
        out[code] = _polygons(code, feature.get("geometry"))
    return out


@cache
def read_box(text: str) -> list[Any] | None:
    """Return the polygon of a bounding box; None for an empty text.

    :param text: west, south, east, north in degrees, with commas
    :raises ShapesError: when it is no such box
    """
    if not text.strip():
        return None
    try:
        sides = [float(part) for part in text.split(",")]
    except ValueError:
        sides = []
    if len(sides) == _SIDES_OF_A_BOX:
        west, south, east, north = sides
        if west < east and south < north and _is_position([west, south]):
            ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
            if _is_position([east, north]):
                return [ring]
    raise ShapesError(f'"{text}" is no bounding box: write west, south, east, north in degrees.')


def geometry(codes: Iterable[str], outlines: Mapping[str, list[Any]]) -> dict[str, Any] | None:
    """Return the outline of some regions together; None where one of them is not known.

    :param outlines: polygons by code
    :returns: GeoJSON, ``Polygon`` for one polygon and ``MultiPolygon`` for several: udata refuses
        points
    """
    polygons: list[Any] = []
    for code in dict.fromkeys(codes):
        if code not in outlines:
            return None
        polygons += outlines[code]
    if not polygons:
        return None
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}
