"""Files that options name."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.tangerang.locations import locate


def test_a_path():
    assert locate("/etc/ckan/a.yaml") == Path("/etc/ckan/a.yaml")
    assert locate("C:a.yaml") == Path("C:a.yaml")


def test_inside_a_package():
    assert locate("ckanext.tangerang.opd:abbreviations.yaml").is_file()


@pytest.mark.parametrize("module", ["ckanext.tangerang.lain", "tidak.ada"])
def test_no_such_package(module):
    with pytest.raises(LookupError, match=f"no Python module {module}"):
        locate(f"{module}:a.yaml")
