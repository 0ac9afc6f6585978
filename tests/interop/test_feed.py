"""CKAN's feeds of records with characters that XML can not hold."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from ckan import model
from ckan.lib import search
from ckan.tests import factories

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", "tangerang_interop"),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
]


def test_a_title_from_before_is_no_error_of_the_whole_feed(app):
    made = factories.Dataset()
    package = model.Package.get(made["id"])
    package.title = "Jumlah\x0b\x1f penduduk\uffff"
    model.Session.commit()
    search.rebuild(made["id"])
    feed = ET.fromstring(app.get("/feeds/dataset.atom").body)  # noqa: S314 - our own answer
    [title] = feed.findall("{*}entry/{*}title")
    assert title.text == "Jumlah penduduk"
