"""A withdrawn public record answers 410 with reason and day, and is absent elsewhere."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from ckan.tests.helpers import call_action

from tests.metadata.records import compilation
from tests.theme.conftest import counted, text

from .conftest import PLUGINS, ask, fresh, review

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", f"dcat tangerang_charts tangerang_tables {PLUGINS}"),
    pytest.mark.usefixtures("staff"),
]

HOSTILE = '<img src=x onerror=alert(1)> "Angka salah"'


@pytest.fixture
def get(app, staff):
    """Return what fetches a page as somebody."""

    def call(url, name=None, status=410):
        headers = {}
        if name:
            user = getattr(staff, name)["name"]
            token = call_action("api_token_create", user=user, name="t")["token"]
            headers = {"Authorization": token}
        answer = app.get(url, headers=headers, status=status, follow_redirects=False)
        return BeautifulSoup(answer.body, "html.parser")

    return call


@pytest.fixture
def withdrawn(staff, draft):
    """Publish a dataset with a file and a table, and withdraw it."""
    file = ask(
        "resource_create", staff.editor, package_id=draft["id"], url="http://x.test/a.csv", name="A"
    )
    ask(
        "datastore_create", staff.editor, resource_id=file["id"], force=True,
        fields=[{"id": "a"}], records=[{"a": "1"}],
    )  # fmt: skip
    review("submit", staff.editor, draft)
    review("publish", staff.walidata_editor, draft, version=fresh(draft)["metadata_modified"])
    review("retract", staff.walidata_editor, draft, reason=HOSTILE)
    return {**fresh(draft), "file": file["id"]}


def addresses(record):
    file = record["file"]
    return [
        f"/dataset/{record['name']}",
        f"/dataset/{record['id']}",
        f"/dataset/{record['name']}/resource/{file}",
        f"/dataset/{record['name']}/resource/{file}/download/a.csv",
        f"/datastore/dump/{file}",
        f"/tabel/{file}/csv",
        f"/grafik/{file}",
        f"/grafik/{file}/batang-a.svg",
        f"/grafik/{file}/batang-a/sematkan",
        f"/dataset/{record['name']}.jsonld",
    ]


def test_every_address_says_why(get, withdrawn):
    for url in addresses(withdrawn):
        page = get(url)
        assert '"Angka salah"' in text(page), url
        assert not page.select("img[src=x]")
        assert str(fresh(withdrawn)["metadata_modified"][:4]) in text(page)
        assert withdrawn["title"] not in text(page)
        assert page.select("link[rel=stylesheet]"), "drawn as the other pages are"


def test_those_who_may_see_it_go_on_seeing_it(get, withdrawn):
    for name in ("editor", "admin", "walidata_editor", "sysadmin"):
        page = get("/dataset/puskesmas", name, status=200)
        assert withdrawn["title"] in text(page)
    for name in ("stranger", "reader"):
        get("/dataset/puskesmas", name)


def test_it_is_absent_elsewhere(app, withdrawn):
    for url in ("/dataset/", "/organization/dinkes", "/feeds/dataset.atom", "/catalog.jsonld"):
        assert "puskesmas" not in app.get(url, status=200).body, url
    assert ask("package_list") == []
    assert ask("package_search")["count"] == 0
    assert app.get("/api/3/action/package_show?id=puskesmas", status=403)
    assert app.get("/dataset/?q=puskesmas", status=200).body.count("/dataset/puskesmas") == 0


def test_while_its_next_version_is_prepared_and_until_it_is_published(get, staff, withdrawn):
    ask("package_patch", staff.editor, id=withdrawn["id"], title="Rahasia")
    assert "Rahasia" not in text(get("/dataset/puskesmas"))
    review("submit", staff.editor, withdrawn)
    get("/dataset/puskesmas")
    review("publish", staff.second, withdrawn, version=fresh(withdrawn)["metadata_modified"])
    get("/dataset/puskesmas", status=200)


def test_activities_and_indicators(get, staff):
    values = {**compilation(), "owner_org": staff.opd["id"], "private": True}
    record = ask("package_create", staff.editor, **values)
    review("submit", staff.editor, record)
    review("publish", staff.second, record, version=fresh(record)["metadata_modified"])
    get(f"/kegiatan/{record['name']}", status=200)
    review("retract", staff.second, record, reason="Digabung.")
    assert "Digabung." in text(get(f"/kegiatan/{record['name']}"))


def test_what_was_hidden_without_a_reason(get, staff, published):
    ask("package_patch", staff.sysadmin, id=published["id"], private=True)
    assert "No reason was given" in text(get("/dataset/puskesmas"))


def test_what_was_deleted(get, staff, published):
    ask("package_delete", staff.sysadmin, id=published["id"])
    get(f"/dataset/{published['id']}")
    ask("dataset_purge", staff.sysadmin, id=published["id"])
    get(f"/dataset/{published['id']}", status=404)


@pytest.mark.parametrize("state", ["draf", "diajukan", "revisi_diminta"])
def test_what_was_never_public_is_not_there(state, get, staff, draft):
    if state != "draf":
        review("submit", staff.editor, draft)
    if state == "revisi_diminta":
        review("return", staff.second, draft, reason="x")
    get("/dataset/puskesmas", status=404)


def test_what_was_approved_without_becoming_public(get, staff, complete):
    closed = {"accesslevel": "tertutup", "alasan_pembatasan": "UU 14/2008 Pasal 17"}
    record = ask("package_create", staff.editor, **{**complete, "private": True, **closed})
    review("submit", staff.editor, record)
    review("publish", staff.second, record, version=fresh(record)["metadata_modified"])
    review("retract", staff.second, record, reason="Rahasia")
    get("/dataset/puskesmas", status=404)


def test_other_pages_that_are_not_there(get):
    for url in ("/dataset/tidak-ada", "/organization/tidak-ada", "/entah"):
        get(url, status=404)


@pytest.mark.ckan_config("ckanext.tangerang.review.enabled", "false")
def test_without_the_review(get, staff, complete):
    ask("package_create", staff.sysadmin, **complete)
    ask("package_patch", staff.sysadmin, id="puskesmas", private=True)
    get("/dataset/puskesmas", status=404)


def test_what_is_public_costs_nothing(app, published):
    app.get("/dataset/puskesmas")
    with counted() as queries:
        app.get("/dataset/puskesmas", status=200)
    assert not [sql for sql in queries.sql if "tangerang_review" in sql]
