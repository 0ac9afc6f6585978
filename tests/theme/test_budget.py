"""How much the pages ask of database and search index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

from tests.metadata.records import indicator, survey

from .conftest import Queries, counted

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., dict[str, Any]]


def queries_of(app: Any, url: str) -> Queries:
    """Return what the page asks for when it is not asked for the first time."""
    app.get(url, status=200)
    with counted() as queries:
        app.get(url, status=200)
    return queries


@pytest.mark.usefixtures("with_portal", "clean_db", "clean_index")
class TestBudget:
    @pytest.fixture
    def several(self, dataset: Make) -> None:
        for number in range(3):
            office = factories.Organization()
            made = dataset(name=f"data-{number}", owner_org=office["id"])
            factories.Resource(package_id=made["id"], format="CSV", url="http://example.org/a.csv")

    def test_list_of_organizations(self, app: Any, several: None) -> None:
        """The count of its datasets is one search for all of them."""
        before = queries_of(app, "/organization/")
        for _ in range(3):
            factories.Organization()
        after = queries_of(app, "/organization/")

        assert len(before.solr) == len(after.solr) == 1, before.solr
        assert len(before.sql) == len(after.sql) <= 3, after.sql

    def test_dataset_page(self, app: Any, several: None) -> None:
        queries = queries_of(app, "/dataset/data-0")

        assert 1 <= len(queries.solr) <= 3, queries.solr
        assert len(queries.sql) <= 15, queries.sql

    def test_dataset_page_does_not_load_the_organization(self, app: Any, several: None) -> None:
        """Its title comes with the dataset; showing it whole takes a third of CKAN's page."""
        queries = queries_of(app, "/dataset/data-0")

        assert not [query for query in queries.solr if "owner_org" in query]
        assert not [query for query in queries.sql if "FROM member" in query]
        assert not [query for query in queries.sql if "user_following" in query]


@pytest.mark.usefixtures("with_portal", "clean_db", "clean_index")
class TestRecords:
    """Pages of activities and indicators, whose forms have many items and rows."""

    @pytest.fixture
    def records(self, office: dict[str, Any]) -> dict[str, dict[str, Any]]:
        as_sysadmin = {"user": factories.Sysadmin()["name"]}
        owner = {"owner_org": office["id"]}
        activity = call_action("package_create", as_sysadmin, **owner, **survey(60))
        made = call_action(
            "package_create",
            as_sysadmin,
            **owner,
            **{
                **indicator(),
                "kegiatan": activity["id"],
                "variabel_pembangun": [
                    {"variabel": f"{activity['id']}#V{number:03d}"} for number in range(1, 21)
                ],
            },
        )
        return {"kegiatan": activity, "indikator": made}

    def test_pages(self, app: Any, records: dict[str, dict[str, Any]]) -> None:
        for name, record in records.items():
            for page in ("", "/indah"):
                queries = queries_of(app, f"/{name}/{record['name']}{page}")

                assert len(queries.sql) <= 15, (name, page, queries.sql)
                assert len(queries.solr) <= 1, (name, page, queries.solr)

    def test_lists(self, app: Any, records: dict[str, dict[str, Any]]) -> None:
        for url in ("/kegiatan/", "/indikator/", "/kegiatan/indah?organization=dinkes"):
            queries = queries_of(app, url)

            assert len(queries.solr) == 1, (url, queries.solr)
            assert len(queries.sql) <= 10, (url, queries.sql)

    def test_lists_do_not_grow_with_their_rows(
        self, app: Any, records: dict[str, dict[str, Any]]
    ) -> None:
        urls = ("/kegiatan/", "/kegiatan/indah", "/kegiatan/indah?organization=dinkes")
        before = [queries_of(app, url) for url in urls]
        as_sysadmin = {"user": factories.Sysadmin()["name"]}
        for title in ("Survei Kedua", "Survei Ketiga"):
            call_action(
                "package_create",
                as_sysadmin,
                owner_org=records["kegiatan"]["owner_org"],
                **{**survey(1), "judul_kegiatan": title},
            )
        after = [queries_of(app, url) for url in urls]

        assert [len(q.sql) for q in after] == [len(q.sql) for q in before]
        assert [len(q.solr) for q in after] == [len(q.solr) for q in before]
