"""The score in a browser: the way from a task to its field, and on a telephone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.metadata import records

from .test_portal import log_in

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def indicator(page, portal):
    """Make an indicator without a definition as the produsen, and log in as them."""
    account = portal["accounts"]["produsen"]

    def call(action, **data):
        answer = page.request.post(
            f"/api/3/action/{action}", data=data, headers={"Authorization": account["token"]}
        ).json()
        assert answer["success"], answer
        return answer["result"]

    [organization] = call("organization_list_for_user", permission="create_dataset")
    made = call(
        "package_create",
        **{**records.indicator(), "definisi": ""},
        owner_org=organization["id"],
        private=True,
    )
    log_in(page, account)
    yield made
    call("package_delete", id=made["id"])


def test_a_task_leads_to_its_field(page, indicator):
    page.goto(f"/indikator/{indicator['name']}")
    panel = page.locator(".tangerang-score")
    expect(panel).to_contain_text("90 %")
    panel.locator(".tangerang-score-todo a").click()
    expect(page.locator("#field-definisi")).to_be_focused()
    page.fill("#field-definisi", "Rata-rata nilai unsur pelayanan.")
    page.click('button[value="done"]')
    expect(page.locator(".tangerang-score")).to_contain_text("100 %")


def test_on_a_telephone(page, indicator):
    page.set_viewport_size({"width": 375, "height": 800})
    for path in ("/skor", f"/indikator/{indicator['name']}"):
        page.goto(path)
        assert not page.evaluate(SIDEWAYS), path
    page.goto("/skor")
    row = page.locator(".tangerang-skor-table tbody tr", has_text=indicator["title"])
    expect(row.get_by_role("cell").first).to_be_visible()
