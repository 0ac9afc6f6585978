"""Styles and pictures: complete, and from nowhere else."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml

from ckanext.tangerang import theme

FOLDER = Path(theme.__file__).parent
CSS = "".join(p.read_text(encoding="utf-8") for p in sorted((FOLDER / "assets").glob("*.css")))
PICTURES = sorted((FOLDER / "public").rglob("*.svg"))


def test_assets_are_there() -> None:
    bundles = yaml.safe_load((FOLDER / "assets" / "webassets.yml").read_text(encoding="utf-8"))

    assert bundles
    for bundle in bundles.values():
        for name in bundle["contents"]:
            assert (FOLDER / "assets" / name).is_file()


def test_styles_load_nothing() -> None:
    assert "@import" not in CSS
    assert "url(" not in CSS
    assert "//" not in re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL)


def test_styles_mind_the_reader() -> None:
    assert "@media (prefers-reduced-motion: reduce)" in CSS
    assert "@media print" in CSS
    assert ":focus-visible" in CSS
    assert not re.search(r"outline:\s*(none|0)", CSS)


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.name)
def test_pictures_are_plain_drawings(picture: Path) -> None:
    root = ET.parse(picture).getroot()  # noqa: S314 - our own file

    names = {element.tag.rsplit("}", 1)[-1] for element in root.iter()}
    assert names <= {"svg", "g", "rect", "path", "circle", "title"}
    assert not any("href" in key for element in root.iter() for key in element.attrib)


def test_there_are_pictures() -> None:
    assert {path.name for path in PICTURES} == {"logo.svg", "favicon.svg"}
