"""What the page of a dataset asks for, with one file and with many, and as who."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.datastore.backend.postgres import get_read_engine
from sqlalchemy import event

from .conftest import Queries, counted, text

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., dict[str, Any]]

pytestmark = pytest.mark.usefixtures("with_portal", "clean_db", "clean_index")

REASON = {"alasan_pembatasan": "UU 14/2008 Pasal 17 huruf h, sampai 2030."}


def queries_of(app: Any, url: str, **more: Any) -> Queries:
    """Return what a page asks of all databases when it is not asked for the first time."""
    app.get(url, status=200, **more)

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        queries.sql.append(statement)

    engine = get_read_engine()
    with counted() as queries:
        event.listen(engine, "before_cursor_execute", note)
        try:
            app.get(url, status=200, **more)
        finally:
            event.remove(engine, "before_cursor_execute", note)
    return queries


def listed(queries: Queries) -> str:
    """Return the statements of a page for a message, without the lists of their columns."""
    lines = [" ".join(statement.split()) for statement in queries.sql]
    return "\n".join(f"{line[:30]} … {line[-110:]}" for line in lines)


@pytest.fixture
def with_files(dataset: Make) -> Make:
    """Return what makes a dataset with files; each has views, the first a table."""

    def make(count: int, **values: Any) -> dict[str, Any]:
        system = {"user": call_action("get_site_user")["name"], "ignore_auth": True}
        made = dataset(name=f"data-{count}", **values)
        files = [
            {
                "name": f"Berkas {number}",
                "format": "CSV",
                "url": "http://example.org/a.csv",
                "kamus": [{"kolom": "a", "label": "Kolom A", "satuan": "unit"}],
            }
            for number in range(count)
        ]
        shown = call_action("package_patch", system, id=made["id"], resources=files)
        for number, file in enumerate(shown["resources"]):
            call_action(
                "resource_view_create",
                system,
                resource_id=file["id"],
                title="Tabel",
                view_type="datatables_view",
            )
            if number == 0:
                call_action(
                    "datastore_create",
                    system,
                    resource_id=file["id"],
                    force=True,
                    fields=[{"id": "a", "type": "text"}],
                    records=[{"a": "Balaraja"}],
                )
        return made

    return make


def test_anonymous(app: Any, with_files: Make) -> None:
    found = {}
    for count in (1, 10, 100):
        with_files(count)
        found[count] = queries_of(app, f"/dataset/data-{count}")

    page = app.get("/dataset/data-100").body
    assert "Balaraja" in page
    assert page.count("View data") == 100
    assert len(found[1].sql) <= 15, listed(found[1])
    assert 1 <= len(found[1].solr) <= 3, found[1].solr
    assert len(found[100].sql) == len(found[10].sql) == len(found[1].sql)
    assert len(found[100].solr) == len(found[10].solr) == len(found[1].solr)


@pytest.mark.parametrize("level", ["terbuka", "terbatas"])
def test_people_with_accounts(app: Any, with_files: Make, level: str) -> None:
    """The page asks who they are, what they may and what they follow, whatever has been put in."""
    user = factories.UserWithToken()
    values = {"accesslevel": level, **(REASON if level == "terbatas" else {})}
    found = {}
    for count in (1, 10):
        made = with_files(count, **values)
        call_action(
            "organization_member_create",
            id=made["owner_org"],
            username=user["name"],
            role="member",
        )
        found[count] = queries_of(
            app, f"/dataset/data-{count}", headers={"Authorization": user["token"]}
        )

    assert len(found[10].sql) == len(found[1].sql), listed(found[10])
    assert len(found[10].solr) == len(found[1].solr)


class TestViews:
    def test_the_button_says_whether_there_is_something_to_see(
        self, app: Any, with_files: Make
    ) -> None:
        made = with_files(2)
        files = call_action("package_show", id=made["id"])["resources"]
        model.Session.query(model.ResourceView).filter_by(resource_id=files[1]["id"]).delete()
        model.Session.commit()

        page = app.get("/dataset/data-2").body
        assert page.count("View data") == 1
        assert page.count("More information") == 1

    def test_the_action_asks_as_before_elsewhere(self, with_files: Make) -> None:
        made = with_files(1)
        file = call_action("package_show", id=made["id"])["resources"][0]

        views = call_action("resource_view_list", id=file["id"])
        assert [view["view_type"] for view in views] == ["datatables_view"]


def test_rows_of_restricted_tables_are_for_those_who_may_read_them(
    app: Any, with_files: Make
) -> None:
    made = with_files(1, accesslevel="terbatas", **REASON)
    user = factories.UserWithToken()
    call_action(
        "organization_member_create", id=made["owner_org"], username=user["name"], role="member"
    )

    answer = app.get("/dataset/data-1")
    assert "Balaraja" not in answer.body
    assert "no-store" not in answer.headers["Cache-Control"]
    answer = app.get("/dataset/data-1", headers={"Authorization": user["token"]})
    assert "Balaraja" in answer.body
    assert "no-store" in answer.headers["Cache-Control"]


def test_related_data_are_public_and_of_the_same_topic(app: Any, dataset: Make) -> None:
    dataset(name="satu", title="Satu")
    dataset(name="dua", title="Dua <b>")
    dataset(name="tiga", title="Tiga", kategori=["pertanian_pangan"])
    dataset(name="empat", title="Empat", private=True)

    page = BeautifulSoup(app.get("/dataset/satu").body, "html.parser")
    assert [text(link) for link in page.select("#terkait a")] == ["Dua <b>"]


def test_many_files_are_folded(app: Any, with_files: Make) -> None:
    with_files(10)
    page = BeautifulSoup(app.get("/dataset/data-10").body, "html.parser")

    assert len(page.select(".resource-item")) == 10
    assert len(page.select("details.resource-more .resource-item")) == 4
    assert text(page.select_one("details.resource-more summary")) == "4 more files"


def test_code_for_programs(app: Any, with_files: Make) -> None:
    made = with_files(1)
    file = call_action("package_show", id=made["id"])["resources"][0]
    page = BeautifulSoup(app.get("/dataset/data-1").body, "html.parser")
    code = [block.get_text() for block in page.select("#program pre code")]

    assert len(code) == 4
    address = f"http://test.ckan.net/tabel/{file['id']}/csv"
    assert all(address in part for part in code)
    compile(code[1], "snippet", "exec")
    assert "onclick" not in str(page.select_one("#program"))
