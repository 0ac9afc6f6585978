"""Outlines of regions from a file of the portal."""

from __future__ import annotations

import json

import pytest

from ckanext.tangerang.wilayah import shapes

RING = [[106.5, -6.2], [106.6, -6.2], [106.6, -6.1], [106.5, -6.2]]
OTHER = [[106.1, -6.2], [106.2, -6.2], [106.2, -6.1], [106.1, -6.2]]


def feature(code="36.03.01", kind="Polygon", coordinates=None, **more):
    shape = {"type": kind, "coordinates": [RING] if coordinates is None else coordinates}
    return {"type": "Feature", "properties": {"kode": code}, "geometry": shape, **more}


@pytest.fixture
def write(tmp_path):
    def write(*features, text=None):
        path = tmp_path / "wilayah.geojson"
        data = {"type": "FeatureCollection", "features": list(features)}
        path.write_text(json.dumps(data) if text is None else text, encoding="utf-8")
        shapes.load.cache_clear()
        return str(path)

    return write


def test_regions_are_known_by_their_code(write):
    found = shapes.load(
        write(
            feature(),
            feature("36.03.02", "MultiPolygon", [[RING], [OTHER]]),
            feature("", id="36.03.03"),
            {**feature(), "properties": {"kode_kemendagri": "36.03.04"}},
        )
    )
    assert set(found) == {"36.03.01", "36.03.02", "36.03.03", "36.03.04"}
    assert shapes.geometry(["36.03.01"], found) == {"type": "Polygon", "coordinates": [RING]}
    assert shapes.geometry(["36.03.01", "36.03.02", "36.03.01"], found) == {
        "type": "MultiPolygon",
        "coordinates": [[RING], [RING], [OTHER]],
    }


def test_a_region_that_is_missing_leaves_no_half_outline(write):
    found = shapes.load(write(feature()))
    assert shapes.geometry(["36.03.01", "36.03.09"], found) is None
    assert shapes.geometry([], found) is None


@pytest.mark.parametrize(
    ("features", "says"),
    [
        ([feature("99.99")], "no Kemendagri code"),
        ([feature(), feature()], "more than once"),
        ([feature(kind="Point", coordinates=[106.5, -6.2])], "Polygon or MultiPolygon, not Point"),
        ([feature(coordinates=[RING[:-1]])], "not closed"),
        ([feature(coordinates=[[[2106.5, -6.2], *RING[1:-1], [2106.5, -6.2]]])], "not closed"),
        ([feature(coordinates=[["x"] * 4])], "not closed"),
        (["x"], "no object"),
        ([], "no GeoJSON"),
    ],
)
def test_a_wrong_file_says_what_is_wrong(write, features, says):
    with pytest.raises(shapes.ShapesError, match=says):
        shapes.load(write(*features))


@pytest.mark.parametrize(
    "text", ["", "not json", "[1]", pytest.param("[" * 100_000, id="too deep")]
)
def test_a_file_that_is_no_geojson_is_refused(write, text):
    with pytest.raises(shapes.ShapesError):
        shapes.load(write(text=text))


def test_no_file_and_a_missing_file(tmp_path):
    assert shapes.load("") == {}
    with pytest.raises(shapes.ShapesError, match="can not be read"):
        shapes.load(str(tmp_path / "nothing.geojson"))


def test_a_box_becomes_a_closed_ring():
    assert shapes.read_box("106.3, -6.4, 106.7, -6") == [
        [[106.3, -6.4], [106.7, -6.4], [106.7, -6.0], [106.3, -6.0], [106.3, -6.4]]
    ]
    assert shapes.read_box(" ") is None


@pytest.mark.parametrize(
    "text", ["1,2,3", "a,b,c,d", "107,-6,106,-5", "106,-6,107,95", "nan,0,1,1"]
)
def test_a_wrong_box_is_refused(text):
    with pytest.raises(shapes.ShapesError, match="bounding box"):
        shapes.read_box(text)
