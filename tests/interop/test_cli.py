"""``ckan tangerang catalog``."""

from __future__ import annotations

import gzip

import pytest
from ckan.cli.cli import ckan
from ckan.tests import factories

from ckanext.tangerang.interop.catalogue import build, forms, store

from .test_profiles import PLUGINS

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.ckan_config("ckanext.tangerang.metadata.require_complete", False),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "with_extended_cli"),
]


@pytest.fixture
def datasets():
    owner = factories.Organization()
    return [factories.Dataset(owner_org=owner["id"], private=False) for _ in range(3)]


def run(cli, *arguments):
    found = cli.invoke(ckan, ["tangerang", "catalog", *arguments])
    assert found.exit_code == 0, found.output
    return found.output


def test_it_builds_and_says_what_it_did(cli, datasets, ckan_config, monkeypatch, tmp_path):
    monkeypatch.setitem(ckan_config, "ckan.storage_path", str(tmp_path))
    assert "3 of 3 outdated datasets rendered" in run(cli, "build", "--processes", "1")
    assert len(list(build.folder().iterdir())) == 2 * len(forms.FORMS)
    assert "0 of 0 outdated" in run(cli, "build", "--processes", "1")


@pytest.mark.parametrize("name", sorted(forms.FORMS))
def test_it_writes_a_file(cli, datasets, tmp_path, name):
    packed, plain = tmp_path / f"katalog.{name}.gz", tmp_path / f"katalog.{name}"
    run(cli, "dump", "--format", name, str(packed))
    run(cli, "dump", "--format", name, str(plain))
    assert gzip.decompress(packed.read_bytes()) == plain.read_bytes()
    text = plain.read_text(encoding="utf-8")
    for one in store.fragments(forms.FORMS[name], [dataset["id"] for dataset in datasets]):
        assert one in text
