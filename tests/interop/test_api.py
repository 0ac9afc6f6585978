"""What callers of the CKAN API read: the SDI fields as extras, and keys that are never null."""

from __future__ import annotations

import json

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.exceptions import CkanConfigurationException
from ckan.lib.search import make_connection
from ckan.tests import factories

from ckanext.tangerang.interop import config
from ckanext.tangerang.interop.extras import MANIFEST
from tests.theme.conftest import counted

pytestmark = [
    pytest.mark.ckan_config("ckanext.tangerang.metadata.require_complete", False),
    pytest.mark.usefixtures("with_portal", "clean_db", "clean_index"),
]

FIELDS = {
    "title": "Jumlah puskesmas",
    "satuan": "unit",
    "kategori": ["kesehatan"],
    "frekuensi": "TAHUNAN",
    "periode_awal": "2024",
    "kodereferensi": ["kemendagri"],
}


@pytest.fixture
def walidata():
    return factories.SysadminWithToken()


@pytest.fixture
def dataset():
    owner = factories.Organization(title="Dinas Kesehatan")
    found = factories.Dataset(owner_org=owner["id"], private=False, **FIELDS)
    factories.Resource(package_id=found["id"], url="https://example.org/a.csv", format="CSV")
    return found


@pytest.fixture
def call(app):
    """Return what asks the API over HTTP."""

    def call(action, data=None, token=None, status=200):
        headers = {"Authorization": token} if token else {}
        answer = app.post(f"/api/3/action/{action}", json=data or {}, headers=headers)
        assert answer.status_code == status, answer.text
        return json.loads(answer.text)["result"]

    return call


def extras(record):
    return {row["key"]: row["value"] for row in record.get("extras") or []}


def stored(dataset):
    """Return the extras that a dataset has without any of ours."""
    return extras(tk.get_action("package_show")({"ignore_auth": True}, {"id": dataset["id"]}))


def test_the_answer_has_the_fields_as_extras(call, dataset):
    found = extras(call("package_show", {"id": dataset["id"]}))
    assert found["satuan"] == "unit"
    assert found["kategori"] == "Kesehatan"
    assert json.loads(found["kodereferensi"]) == ["kemendagri"]
    assert found["frequency"].endswith("/frequency/ANNUAL")
    assert (found["temporal_start"], found["temporal_end"]) == ("2024-01-01", "2024-12-31")
    assert found["dcat_publisher_name"] == "Dinas Kesehatan"
    assert found["guid"] == found["identifier"]
    assert json.loads(found["spatial"])["type"] == "Polygon"
    assert set(json.loads(found[MANIFEST])) == set(found) - {MANIFEST}


def test_search_and_the_list_have_them_too(call, dataset):
    shown = extras(call("package_show", {"id": dataset["id"]}))
    (found,) = call("package_search", {"fq": "satuan:unit"})["results"]
    (listed,) = call("current_package_list_with_resources")
    assert extras(found) == shown
    assert extras(listed) == shown


def test_a_get_request_has_them(app, dataset):
    answer = app.get(f"/api/action/package_show?id={dataset['id']}")
    assert MANIFEST in extras(answer.json["result"])


def test_a_search_for_some_fields_returns_only_those(call, dataset):
    (found,) = call("package_search", {"fl": ["id", "title"]})["results"]
    assert found == {"id": dataset["id"], "title": "Jumlah puskesmas"}


def test_everybody_reads_the_same(call, dataset, walidata):
    # Stored by whoever indexed last, and shown to whoever asks: both must not matter.
    call("package_patch", {"id": dataset["id"], "notes": "baru"}, walidata["token"])
    reader = factories.UserWithToken()
    answers = [
        call("package_show", {"id": dataset["id"]}, token)
        for token in (None, reader["token"], walidata["token"], None)
    ]
    assert all(answer["extras"] == answers[0]["extras"] for answer in answers)


@pytest.mark.parametrize("kind", ["kegiatan", "indikator"])
def test_forms_of_bps_are_no_datasets(call, dataset, kind):
    made = factories.Dataset(type=kind, owner_org=dataset["owner_org"], private=False)
    assert not call("package_show", {"id": made["id"]}).get("extras")


def test_nothing_else_sees_them(app, call, dataset, walidata):
    call("package_show", {"id": dataset["id"]})
    assert not stored(dataset)
    (document,) = make_connection().search(f"+id:{dataset['id']}")
    assert MANIFEST not in str(document)
    for path in (f"/dataset/{dataset['name']}", f"/dataset/{dataset['name']}.ttl"):
        assert MANIFEST not in app.get(path).text
    edit = app.get(f"/dataset/edit/{dataset['name']}", headers={"Authorization": walidata["token"]})
    assert edit.status_code == 200
    assert MANIFEST not in edit.text


def test_what_is_read_can_be_written_back_and_nothing_changes(call, dataset, walidata):
    token = walidata["token"]
    # A file of which CKAN knows neither format nor hash: it shows null, and we show text.
    made = factories.Resource(package_id=dataset["id"], url="https://example.org/x")
    # CKAN's own first patch of a file writes what it guesses of its type.
    call("resource_patch", {"id": made["id"], "format": ""}, token)
    before = model.Package.get(dataset["id"]).metadata_modified
    read = call("package_show", {"id": dataset["id"]}, token)
    for action in ("package_update", "package_patch"):
        call(action, read, token)
    call("package_revise", {"match": {"id": dataset["id"]}}, token)
    assert not stored(dataset)
    model.Session.expire_all()
    assert model.Package.get(dataset["id"]).metadata_modified == before
    # A changed field changes, and what was derived of the old value does not hinder it.
    call("package_update", {**read, "satuan": "gedung"}, token)
    assert extras(call("package_show", {"id": dataset["id"]}))["satuan"] == "gedung"
    assert not stored(dataset)


def test_our_own_record_comes_back_whole(call, dataset, walidata):
    read = call("package_show", {"id": dataset["id"]}, walidata["token"])
    mine = {"id", "name", "identifier", "organization", "resources", "owner_org"}
    copy = {key: value for key, value in read.items() if key not in mine}
    copy |= {"name": "salinan", "owner_org": dataset["owner_org"]}
    made = call("package_create", copy, walidata["token"])
    assert {key: made[key] for key in FIELDS} == FIELDS
    assert not stored(made)


def test_extras_that_were_really_stored_win_and_stay(call, dataset, walidata):
    token, own = walidata["token"], {"key": "guid", "value": "https://example.org/lain/1"}
    call("package_patch", {"id": dataset["id"], "extras": [own]}, token)
    read = call("package_show", {"id": dataset["id"]}, token)
    assert extras(read)["guid"] == own["value"]
    assert "guid" not in json.loads(extras(read)[MANIFEST])
    call("package_update", {**read, "notes": "baru"}, token)
    assert stored(dataset) == {"guid": own["value"]}
    # ckanext-dcat's harvester finds what it harvested before by this.
    assert call("package_search", {"fq": f'guid:"{own["value"]}"'})["count"] == 1


@pytest.mark.ckan_config("ckanext.tangerang.interop.extras", "off")
def test_they_can_be_switched_off(call, dataset):
    assert not call("package_show", {"id": dataset["id"]}).get("extras")


@pytest.mark.ckan_config("ckanext.tangerang.interop.extras_prefix", "sdi_")
def test_a_prefix_avoids_fields_of_the_same_name(call, dataset):
    found = extras(call("package_show", {"id": dataset["id"]}))
    assert found["sdi_satuan"] == "unit"
    assert "satuan" not in found
    assert "guid" in found


def test_strict_clients_find_no_null_where_they_read_text(call, dataset, walidata):
    factories.Resource(package_id=dataset["id"], url="https://example.org/a b c", size="12")
    record = call("package_show", {"id": dataset["id"]})
    assert set(record) >= {"author", "author_email", "maintainer", "maintainer_email"}
    assert "license_id" in record
    assert record["type"] == "dataset"
    organization = record["organization"]
    assert isinstance(organization["description"], str)
    assert isinstance(organization["image_url"], str)
    rows = record["resources"]
    assert rows[1]["url"] == "https://example.org/a%20b%20c"
    assert rows[1]["size"] == 12
    assert {type(row[key]) for row in rows for key in ("format", "hash")} == {str}


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("extras_prefix", "Sdi-"),
        ("extras_prefix", "dcat_"),
        ("bounding_box", "1,2"),
        ("polygons", "/nowhere/wilayah.geojson"),
    ],
)
def test_a_mistake_in_an_option_stops_the_start(ckan_config, monkeypatch, option, value):
    monkeypatch.setitem(ckan_config, f"ckanext.tangerang.interop.{option}", value)
    with pytest.raises(CkanConfigurationException, match=r"ckanext\.tangerang\.interop"):
        config.check()


def test_an_answer_needs_no_more_of_the_database(call, dataset, ckan_config, monkeypatch):
    counts = []
    # The first round also reads what the session has not forgotten by then.
    for emitted in ("off", "off", "api"):
        monkeypatch.setitem(ckan_config, "ckanext.tangerang.interop.extras", emitted)
        with counted() as asked:
            call("package_show", {"id": dataset["id"]})
            call("package_search")
        counts.append((len(asked.sql), len(asked.solr)))
    assert counts[1] == counts[2]
    assert min(counts[0]) > 0
