"""The list of organizations: what it holds, in which order, for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories

from tests.access.conftest import system

from .conftest import Page, text

if TYPE_CHECKING:
    from collections.abc import Callable

    Fetch = Callable[..., Page]
    Make = Callable[..., dict[str, Any]]

pytestmark = pytest.mark.usefixtures("with_portal", "clean_db", "clean_index")


@pytest.fixture
def three(dataset: Make) -> None:
    """Make three organizations: one with a public dataset and a private one."""
    dataset()
    dataset(name="rahasia", private=True)
    factories.Organization(name="badan", title="Badan 100% Data", description="Tentang air")
    factories.Organization(name="camat", title="Kecamatan Cikupa")


def titles(page: Page) -> list[str]:
    return [text(title) for title in page.select(".agency-list h2")]


def listed(**data: Any) -> dict[str, Any]:
    return tk.get_action("tangerang_organization_list")({"user": ""}, data)


def test_page(three: None, page: Fetch) -> None:
    shown = page("/organization/")
    assert titles(shown) == ["Badan 100% Data", "Dinas Kesehatan", "Kecamatan Cikupa"]
    assert [text(count) for count in shown.select(".agency-list .count")] == [
        "0 datasets",
        "1 dataset",
        "0 datasets",
    ]
    assert shown.select_one("header .nav-item.active a")["href"] == "/opd"


def test_orders_and_pages(
    three: None, page: Fetch, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert titles(page("/organization/?sort=title+desc"))[0] == "Kecamatan Cikupa"
    # CKAN's own, which our list does not know.
    assert titles(page("/organization/?sort=package_count"))[0] == "Dinas Kesehatan"

    monkeypatch.setitem(ckan_config, "ckan.datasets_per_page", 2)
    second = page("/organization/?sort=title+desc&page=2")
    assert titles(second) == ["Badan 100% Data"]
    (back,) = [link for link in second.select(".pagination a") if "Previous" in text(link)]
    assert back["href"].startswith("/organization/?")
    assert "sort=title+desc" in back["href"]


@pytest.mark.parametrize(
    ("q", "expected"),
    [("100%", ["badan"]), ("%", ["badan"]), ("AIR", ["badan"]), ("camat", ["camat"]), ("_", [])],
)
def test_search_takes_signs_as_they_are(q: str, expected: list[str], three: None) -> None:
    found = listed(q=q)
    assert [row["name"] for row in found["results"]] == expected
    assert found["count"] == len(expected)


def test_members_see_what_they_may_see(three: None) -> None:
    for user, count in (("", 1), (factories.User()["name"], 1), (factories.Sysadmin()["name"], 2)):
        found = tk.get_action("tangerang_organization_list")({"user": user}, {"q": "Kesehatan"})
        assert [row["package_count"] for row in found["results"]] == [count]


def test_deleted_organizations_are_gone(three: None, page: Fetch) -> None:
    system("organization_delete", id="camat")
    assert "Kecamatan Cikupa" not in titles(page("/organization/"))


@pytest.mark.parametrize("data", [{"sort": "id asc"}, {"limit": -1}, {"offset": "x"}])
def test_what_can_not_be_read(data: dict[str, Any], three: None) -> None:
    with pytest.raises(tk.ValidationError):
        listed(**data)


def test_solr_is_down(
    three: None, page: Fetch, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan_config, "solr_url", "http://127.0.0.1:9/solr/none")
    shown = page("/organization/")
    assert len(titles(shown)) == 3
    assert not shown.select(".agency-list .count")
