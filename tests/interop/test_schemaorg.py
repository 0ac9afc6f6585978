"""The JSON-LD of a dataset's page, as search engines find it."""

from __future__ import annotations

import copy
import json

import extruct
import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories, helpers
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.tangerang.interop import schemaorg
from tests.interop.conftest import (
    BAD_ADDRESSES,
    BASE,
    FILE,
    FULL,
    HIDDEN,
    HOSTILE,
    LOOKUP,
    TEXTS,
    records,
)

PLUGINS = (
    "tangerang_theme tangerang_metadata tangerang_opd tangerang_interop scheming_datasets "
    "scheming_organizations dcat structured_data"
)


def fault(found):
    """Return what Google's rules for datasets would complain of; None where they are kept."""
    for key in ("name", "description", "license", "url", "creator", "distribution"):
        if not found.get(key):
            return f"{key} is missing"
    if not 50 <= len(found["description"]) <= 5_000:
        return f"description has {len(found['description'])} characters"
    if not found["license"].startswith(("https://", "http://")):
        return "license is no address"
    if not found["creator"].get("name"):
        return "creator has no name"
    for file in found["distribution"]:
        if not (file.get("contentUrl", "").startswith("http") and file.get("encodingFormat")):
            return "a file can not be downloaded"
    return None


def test_a_full_record_keeps_googles_rules():
    found = schemaorg.dataset(FULL, LOOKUP)
    assert fault(found) is None
    assert found["temporalCoverage"] == "2020-01-01/2024-06-30"
    assert [place["identifier"] for place in found["spatialCoverage"]] == ["36.03", "36.03.01"]
    assert found["creator"]["name"] == "Dinas Kesehatan"
    assert found["creator"]["parentOrganization"]["name"] == "Sekretariat Daerah"
    assert found["publisher"]["name"] == "Dinas Komunikasi dan Informatika"
    assert found["license"] == "https://creativecommons.org/licenses/by/4.0/"
    [file] = found["distribution"]
    assert file["encodingFormat"] == "text/csv"
    assert file["contentUrl"].endswith(f"/resource/{FILE}/download/puskesmas.csv")
    assert file["temporalCoverage"] == "2020-01-01/2024-12-31"
    measured = {one["name"]: one for one in found["variableMeasured"]}
    assert list(measured) == ["Rasio puskesmas", "Kode kecamatan", "Jumlah puskesmas"]
    assert measured["Jumlah puskesmas"]["unitText"] == "unit"
    assert measured["Rasio puskesmas"]["description"] == "Puskesmas per penduduk"


def test_personal_contacts_are_not_in_it():
    text = json.dumps(schemaorg.dataset(FULL, LOOKUP))
    assert "Budi" not in text
    assert "gmail.com" not in text


def test_a_short_description_says_more_and_a_long_one_less():
    short = schemaorg.dataset(FULL | {"notes": "Pendek.", "definisi": None}, LOOKUP)["description"]
    assert short.startswith("Pendek. ")
    assert len(short) >= 50
    long = schemaorg.dataset(FULL | {"notes": "kata " * 5_000}, LOOKUP)["description"]
    assert len(long) <= 5_000
    assert long.endswith("…")


def test_html_is_left_out_of_texts():
    notes = "<h1>Judul</h1><script>alert(1)</script> a &lt; b <!-- x --> dan 3 < 4"
    assert schemaorg.plain(notes) == "Judul a < b dan 3 < 4"


def test_a_restricted_file_can_not_be_downloaded():
    found = schemaorg.dataset(FULL | {"accesslevel": "terbatas"}, LOOKUP)
    assert "distribution" not in found
    assert found["isAccessibleForFree"] is False
    assert found["conditionsOfAccess"] == "Tidak ada"


def test_what_is_hidden_is_not_measured():
    record = copy.deepcopy(FULL) | {"indikator": [HIDDEN], "kegiatan": HIDDEN}
    assert HIDDEN not in schemaorg.script(record, LOOKUP)


@settings(max_examples=150)
@given(record=records(TEXTS, st.one_of(st.sampled_from(BAD_ADDRESSES), TEXTS)))
def test_no_value_ends_the_script(record):
    text = schemaorg.script(record, LOOKUP)
    assert not set(text) & set("<>&")
    html = f"<html><head><script type='application/ld+json'>{text}</script></head></html>"
    found = json.loads(BeautifulSoup(html, "html.parser").script.string)
    assert found == schemaorg.dataset(record, LOOKUP)
    assert len(found["description"]) <= 5_000


@pytest.mark.ckan_config("ckan.plugins", PLUGINS)
@pytest.mark.ckan_config("ckanext.tangerang.metadata.require_complete", False)
@pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")
class TestPage:
    def extract(self, app, path, **kwargs):
        html = app.get(path, **kwargs).body
        found = extruct.extract(html, base_url=BASE, syntaxes=["json-ld"])["json-ld"]
        return [one for one in found if one.get("@type") == "Dataset" or "@graph" in one]

    def test_the_page_has_one_description_that_google_takes(self, app):
        opd = factories.Organization(title="Dinas Kesehatan")
        values = {
            key: FULL[key]
            for key in ("title", "notes", "license_id", "periode_awal", "cakupan_wilayah", "satuan")
        }
        file = {"url": "https://example.go.id/a.csv", "format": "CSV", "name": "A"}
        file["kamus"] = FULL["resources"][0]["kamus"][:1]
        record = factories.Dataset(owner_org=opd["id"], resources=[file], **values)
        [found] = self.extract(app, f"/dataset/{record['name']}")
        assert fault(found) is None
        assert found["name"] == FULL["title"]
        assert found["creator"]["name"] == "Dinas Kesehatan"
        assert found["distribution"][0]["contentUrl"] == "https://example.go.id/a.csv"
        assert found["variableMeasured"][0]["name"] == "Kode kecamatan"

    @pytest.mark.parametrize("text", [t for t in HOSTILE if t.strip() and "\x00" not in t])
    def test_hostile_values_stay_inside(self, app, text):
        text = text.encode("utf-8", "ignore").decode()
        opd = factories.Organization()
        record = factories.Dataset(owner_org=opd["id"], title=text, notes=text, definisi=None)
        [found] = self.extract(app, f"/dataset/{record['name']}")
        assert found["name"]
        assert "<script>alert(1)" not in app.get(f"/dataset/{record['name']}").body

    def test_private_datasets_and_other_types_have_none(self, app):
        user = factories.SysadminWithToken()
        headers = {"Authorization": user["token"]}
        opd = factories.Organization()["id"]
        hidden = factories.Dataset(owner_org=opd, private=True)
        path = f"/dataset/{hidden['name']}"
        assert app.get(path, headers=headers).status_code == 200
        assert self.extract(app, path, headers=headers) == []
        kegiatan = factories.Dataset(
            type="kegiatan", owner_org=opd, judul_kegiatan="Survei", tahun_kegiatan="2024"
        )
        assert self.extract(app, f"/kegiatan/{kegiatan['name']}") == []

    @pytest.mark.ckan_config("ckan.plugins", "tangerang_interop")
    def test_without_our_other_plugins_too(self, app):
        record = helpers.call_action("package_create", name="polos", title="Polos", notes="x" * 60)
        [found] = self.extract(app, f"/dataset/{record['name']}")
        assert found["name"] == "Polos"
