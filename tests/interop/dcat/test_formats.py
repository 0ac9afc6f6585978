"""Formats of files and licences."""

from __future__ import annotations

import pytest

from ckanext.tangerang.interop.dcat import licences
from ckanext.tangerang.interop.dcat.formats import file_format, format_name, media_type

EU = "http://publications.europa.eu/resource/authority/file-type"
IANA = "https://www.iana.org/assignments/media-types"


@pytest.mark.parametrize(
    ("name", "mime", "file_type", "page"),
    [
        ("CSV", None, "CSV", "text/csv"),
        (".csv", "application/octet-stream", "CSV", "text/csv"),
        ("geojson", "", "GEOJSON", "application/geo+json"),
        ("JPG", None, "JPEG", "image/jpeg"),
        ("SHP", "application/zip", "SHP", "application/zip"),
        ("", "text/csv", None, "text/csv"),
        ("aneh", "bukan tipe", None, None),
        (None, None, None, None),
        ("<x>", "a/b c", None, None),
    ],
)
def test_format(name, mime, file_type, page):
    found = file_format(name, mime)
    assert str(found.file_type) == (f"{EU}/{file_type}" if file_type else "None")
    assert str(found.media_type) == (f"{IANA}/{page}" if page else "None")
    assert found.mime == page


def test_formats_are_read_back():
    assert format_name(f"{EU}/XLSX") == "XLSX"
    assert format_name(f"{EU}/UNKNOWN") is None
    assert media_type(f"{IANA}/text/csv") == "text/csv"
    assert media_type("https://example.org/text/csv") is None


BASE = "https://data.example.go.id"
REGISTER = {"http://www.opendefinition.org/licenses/cc-by": "cc-by", "other-open": "other-open"}


@pytest.mark.parametrize(
    ("licence", "url", "address"),
    [
        ("cc-by", "http://www.opendefinition.org/x", licences.CANONICAL["cc-by"]),
        ("uk-ogl", "https://example.org/ogl", "https://example.org/ogl"),
        ("other-open", None, f"{BASE}/api/3/action/license_list#other-open"),
        ("aneh <>", "bukan alamat", f"{BASE}/api/3/action/license_list#aneh%20%3C%3E"),
        ("notspecified", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_the_address_of_a_licence(licence, url, address):
    found = licences.licence_address(BASE, {"license_id": licence, "license_url": url})
    assert found == address


def test_a_licence_is_known_by_its_address():
    for licence, address in licences.CANONICAL.items():
        assert licences.licence_id(address, REGISTER) == licence
    assert (
        licences.licence_id(f"{BASE}/api/3/action/license_list#other-open", REGISTER)
        == "other-open"
    )
    assert licences.licence_id(f"{BASE}/api/3/action/license_list#unknown", REGISTER) is None
    assert licences.licence_id("http://www.opendefinition.org/licenses/cc-by", REGISTER) == "cc-by"
    assert licences.licence_id("https://example.org/", REGISTER) is None
