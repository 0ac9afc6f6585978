"""The pages ``/statistik``."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from openpyxl import load_workbook

from ckanext.tangerang.usage import counter, sheets
from ckanext.tangerang.usage.model import PortalDay, Usage

from .conftest import PLUGINS

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins"),
]


def write(dataset: dict[str, Any], views: int, downloads: int) -> None:
    """Write counts of today."""
    day = counter.today()
    row = Usage(package_id=dataset["id"], day=day, views=views, downloads=downloads)
    model.Session.add(row)
    model.Session.commit()


@pytest.fixture
def counts(records):
    """Have two datasets and a withdrawn one used."""
    write(records.stunting, 1234, 5)
    write(records.imunisasi, 617, 0)
    write(records.draft, 9999, 9999)
    model.Session.add(PortalDay(day=counter.today(), datasets=2, organizations=1))
    model.Session.commit()
    return records


def soup(app: Any, path: str, status: int = 200, **headers: str) -> BeautifulSoup:
    """Return a page."""
    answer = app.get(path, headers=headers, follow_redirects=False)
    assert answer.status_code == status, answer.body[:300]
    return BeautifulSoup(answer.body, "html.parser")


def token(user: dict[str, Any]) -> str:
    """Return an API token of somebody."""
    return str(call_action("api_token_create", user=user["name"], name="t")["token"])


def rows(page: BeautifulSoup, number: int) -> list[list[str]]:
    """Return the cells of a table of a page."""
    table = page.select("table")[number]
    return [
        [cell.get_text(" ", strip=True) for cell in row.select("th, td")]
        for row in table.select("tbody tr")
    ]


def test_the_page(app, counts):
    page = soup(app, "/statistik")
    figures = [entry.get_text() for entry in page.select(".tangerang-usage-figures dd")]
    assert figures[:2] == ["2", "1"]
    (month,) = rows(page, 0)
    assert month[1:] == ["2", "1", "11,850", "10,004"]
    assert rows(page, 1) == [
        ["Stunting Dinas Kesehatan", "1,234", "5"],
        ["Imunisasi Dinas Kesehatan", "617", "0"],
    ]
    bars = [bar["width"] for bar in page.select("table")[1].select("rect")]
    assert bars == ["100.0", "100.0", "50.0", "0.0"]
    assert "rahasia" not in str(page).lower()
    main = page.select_one('[role="main"]')
    assert not main.select("[style], script, [onclick]")
    for table in main.select("table"):
        assert table.select_one("caption")
        assert all(head.get("scope") for head in table.select("th"))


def test_numbers_are_written_as_in_indonesia(app, counts, ckan_config):
    ckan_config["ckan.locale_default"] = "id"
    assert rows(soup(app, "/statistik"), 1)[0][1] == "1.234"


def test_an_empty_portal(app, no_counts):
    page = soup(app, "/statistik")
    assert len(rows(page, 0)) == 1
    assert "Nothing was counted" in page.get_text()


@pytest.mark.parametrize("asked", ["90", "x", "-1", "99999999999999999999"])
def test_the_period(app, counts, asked):
    chosen = soup(app, f"/statistik?hari={asked}").select_one(
        ".tangerang-usage-choice [aria-current]"
    )
    assert chosen.get_text() == f"last {asked if asked == '90' else 30} days"


def table(app: Any, path: str) -> list[list[str]]:
    """Return the rows of a file of comma separated values."""
    answer = app.get(path)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return list(csv.reader(io.StringIO(answer.body.lstrip("\ufeff"))))


def test_files_to_take_away(app, counts):
    months = table(app, "/statistik/bulan.csv")
    assert months[1] == [counter.today().strftime("%Y-%m"), "2", "1", "11850", "10004"]
    used = table(app, "/statistik/dataset.csv?hari=90")
    assert used[1] == ["stunting", "Stunting", "Dinas Kesehatan", "1234", "5"]
    assert len(used) == 3
    book = load_workbook(io.BytesIO(app.get("/statistik.xlsx").data))
    assert [sheet.title for sheet in book] == ["By month", "Most used"]
    assert [cell.value for cell in book["Most used"][2]][2:] == ["Dinas Kesehatan", 1234, 5]


def test_no_title_becomes_a_formula():
    made = sheets.Table("t", ["a", "b"], [["=1+1", 3], ["-2", None]])
    assert list(csv.reader(io.StringIO(sheets.as_csv(made).lstrip("\ufeff")))) == [
        ["a", "b"],
        ["'=1+1", "3"],
        ["'-2", ""],
    ]
    cell = load_workbook(io.BytesIO(sheets.as_xlsx([made])))["t"]["A2"]
    assert (cell.data_type, cell.value) == ("s", "=1+1")


class TestOrganization:
    def test_members_see_what_is_withdrawn_too(self, app, counts):
        member = factories.User()
        call_action(
            "organization_member_create", id="dinkes", username=member["name"], role="editor"
        )
        headers = {"Authorization": token(member)}
        assert soup(app, "/statistik", **headers).select_one('a[href="/statistik/opd/dinkes"]')
        page = soup(app, "/statistik/opd/dinkes", **headers)
        assert rows(page, 0)[0] == ["Rahasia Not public now", "9,999", "9,999"]
        answer = app.get("/statistik/opd/dinkes.xlsx", headers=headers)
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert load_workbook(io.BytesIO(answer.data))["dinkes"]["D2"].value == 9999

    def test_the_page_of_the_organization_leads_there_who_may(self, app, counts):
        member = factories.User()
        call_action(
            "organization_member_create", id="dinkes", username=member["name"], role="editor"
        )
        for headers, links in (
            ({"Authorization": token(member)}, 1),
            ({"Authorization": token(factories.User())}, 0),
            ({}, 0),
        ):
            page = soup(app, "/organization/dinkes", **headers)
            assert len(page.select('a[href="/statistik/opd/dinkes"]')) == links

    def test_others_do_not(self, app, counts):
        other = {"Authorization": token(factories.User())}
        for path in ("/statistik/opd/dinkes", "/statistik/opd/dinkes.xlsx"):
            soup(app, path, 403, **other)
            soup(app, path, 302)
        soup(app, "/statistik/opd/no-such", 404, **other)
        assert "Figures of your agency" not in soup(app, "/statistik", **other).get_text()
