"""Activities and indicators stay out of what lists datasets."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

from .conftest import PLUGINS

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", f"{PLUGINS} dcat"),
    pytest.mark.ckan_config("ckanext.tangerang.metadata.require_complete", False),
]

TYPES = ["dataset", "indikator", "kegiatan"]


@pytest.fixture
def records(people):
    """Make a public record of each type, by the OPD's editor, whose titles hold one word."""
    return {
        kind: tk.get_action("package_create")(
            {"user": people.editor["name"]},
            {
                "type": kind,
                "name": f"puskesmas-{kind}",
                "title": f"Puskesmas {kind}",
                "owner_org": people.opd["id"],
                "private": False,
            },
        )
        for kind in TYPES
    }


def found(**params):
    result = tk.get_action("package_search")({"user": ""}, params)
    assert result["count"] == len(result["results"])
    return sorted(record["type"] for record in result["results"])


@pytest.mark.parametrize(
    ("params", "types"),
    [
        ({}, ["dataset"]),
        ({"q": "puskesmas"}, ["dataset"]),
        ({"fq": "title:puskesmas"}, ["dataset"]),
        ({"fq": "-dataset_type:kegiatan"}, ["dataset"]),
        ({"fq": "NOT dataset_type:indikator"}, ["dataset"]),
        ({"fq": "+dataset_type:kegiatan"}, ["kegiatan"]),
        ({"fq": "dataset_type:(kegiatan OR indikator)"}, ["indikator", "kegiatan"]),
        ({"fq_list": ["dataset_type:indikator"]}, ["indikator"]),
        ({"fq_list": ["title:puskesmas", "-dataset_type:dataset"]}, []),
        ({"fq": "dataset_type:*"}, TYPES),
    ],
)
def test_search(records, params, types):
    assert found(**params) == types


def test_package_list(records):
    assert call_action("package_list") == [records["dataset"]["name"]]
    assert call_action("package_list", dataset_type="kegiatan") == [records["kegiatan"]["name"]]
    everything = call_action("package_list", dataset_type="all")
    assert everything == sorted(record["name"] for record in records.values())
    assert call_action("package_list", dataset_type="all", limit=1, offset=1) == everything[1:2]
    with pytest.raises(tk.ValidationError):
        call_action("package_list", limit="a")
    with pytest.raises(tk.ValidationError):
        call_action("package_list", dataset_type=["dataset"])


def test_package_list_keeps_limit_and_offset(records, people):
    for name in ("aa", "zz"):
        factories.Dataset(name=name, owner_org=people.opd["id"])
    names = call_action("package_list")
    assert names == ["aa", records["dataset"]["name"], "zz"]
    assert call_action("package_list", limit=1, offset=1) == names[1:2]


def test_by_get(records, app):
    answer = app.get("/api/3/action/package_list?dataset_type=indikator", status=200)
    assert answer.json["result"] == [records["indikator"]["name"]]
    answer = app.get("/api/3/action/package_autocomplete?q=puskesmas", status=200)
    assert [row["name"] for row in answer.json["result"]] == [records["dataset"]["name"]]


def test_autocomplete(records, people):
    context = {"user": people.editor["name"]}
    complete = tk.get_action("package_autocomplete")
    row = {"name": "puskesmas-dataset", "title": "Puskesmas dataset"}
    assert complete(dict(context), {"q": "puskesmas-dataset"}) == [
        {**row, "match_field": "name", "match_displayed": "puskesmas-dataset"}
    ]
    assert complete(dict(context), {"q": "Puskesmas dataset"}) == [
        {
            **row,
            "match_field": "title",
            "match_displayed": "Puskesmas dataset (puskesmas-dataset)",
        }
    ]
    names = {r["name"] for r in complete(dict(context), {"q": "puskes", "dataset_type": "all"})}
    assert names == {record["name"] for record in records.values()}
    only = complete(dict(context), {"q": "puskes", "dataset_type": "kegiatan"})
    assert [r["name"] for r in only] == [records["kegiatan"]["name"]]


def test_autocomplete_keeps_private_records_to_those_who_may_read_them(records, people):
    tk.get_action("package_patch")(
        {"user": people.editor["name"]}, {"id": records["dataset"]["id"], "private": True}
    )
    complete = tk.get_action("package_autocomplete")
    assert complete({"user": ""}, {"q": "puskesmas"}) == []
    assert len(complete({"user": people.editor["name"]}, {"q": "puskesmas"})) == 1


def test_counts_of_an_organization(records, people):
    assert call_action("organization_show", id=people.opd["id"])["package_count"] == 1
    listed = call_action("organization_list", all_fields=True)
    assert {row["name"]: row["package_count"] for row in listed} == {"dinkes": 1, "diskominfo": 0}
    assert sorted(call_action("organization_list")) == ["dinkes", "diskominfo"]


def test_counts_of_a_group(records):
    group = factories.Group(name="topik")
    for record in records.values():
        call_action("member_create", id=group["id"], object=record["id"], object_type="package",
                    capacity="public")  # fmt: skip
        tk.get_action("package_patch")({"ignore_auth": True, "user": ""}, {"id": record["id"],
                                       "notes": "x"})  # fmt: skip
    assert [row["package_count"] for row in call_action("group_list", all_fields=True)] == [1]


def test_list_with_resources(records):
    listed = call_action("current_package_list_with_resources", limit=10)
    assert [record["type"] for record in listed] == ["dataset"]


def test_own_account_shows_all_types_and_drafts(records, people):
    tk.get_action("package_patch")(
        {"ignore_auth": True, "user": people.sysadmin["name"]},
        {"id": records["kegiatan"]["id"], "state": "draft"},
    )
    show = tk.get_action("user_show")
    data = {"id": people.editor["id"], "include_datasets": True}

    def types(user):
        return sorted(r["type"] for r in show({"user": user}, dict(data))["datasets"])

    assert types(people.editor["name"]) == TYPES
    assert types(people.sysadmin["name"]) == TYPES
    assert types(people.admin["name"]) == ["dataset"]
    assert "datasets" not in show({"user": people.editor["name"]}, {"id": people.editor["id"]})


@pytest.mark.parametrize(
    "address",
    [
        "/feeds/dataset.atom",
        "/feeds/custom.atom?dataset_type=kegiatan",
        "/feeds/custom.atom?q=puskesmas&type=indikator",
        "/feeds/organization/dinkes.atom",
    ],
)
def test_feeds_hold_datasets_only(records, app, address):
    body = app.get(address, status=200).body
    for kind in ("kegiatan", "indikator"):
        assert records[kind]["id"] not in body
    assert (records["dataset"]["id"] in body) == ("type=" not in address)


@pytest.mark.parametrize("fq", ["", "dataset_type:kegiatan", "dataset_type:* OR title:x"])
@pytest.mark.parametrize("action", ["dcat_catalog_show", "dcat_catalog_search"])
def test_catalogue_holds_datasets_only(records, test_request_context, action, fq):
    with test_request_context():
        graph = tk.get_action(action)({"user": ""}, {"format": "ttl", "fq": fq})
    for kind in ("kegiatan", "indikator"):
        assert records[kind]["id"] not in graph
    assert (records["dataset"]["id"] in graph) == ("kegiatan" not in fq)


def test_catalogue_page(records, app):
    body = app.get("/catalog.ttl?fq=dataset_type:kegiatan", status=200).body
    assert records["kegiatan"]["id"] not in body


def test_search_page_of_an_organization(records, app):
    body = app.get("/organization/dinkes", status=200).body
    assert "Puskesmas dataset" in body
    assert "Puskesmas kegiatan" not in body
