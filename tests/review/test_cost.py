"""What the review costs: statements of the queue, and of what is public."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib.redis import connect_to_redis

from ckanext.tangerang.review.model import Review, now
from tests.theme.conftest import counted, text

from .conftest import ask

#: The plugins that put something into the header or beside it.
ALL = (
    "activity tangerang_theme tangerang_review tangerang_score tangerang_accounts "
    "tangerang_metadata tangerang_opd datastore text_view scheming_datasets scheming_organizations"
)

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", ALL),
    pytest.mark.usefixtures("staff"),
]
RECORDS = 5_000


@pytest.fixture
def queue(staff):
    """Write 5,000 records that wait."""
    model.Session.execute(
        sa.text(
            "INSERT INTO package (id, name, title, type, state, private, owner_org, extras,"
            " metadata_created, metadata_modified) "
            "SELECT 'q-' || n, 'q-' || n, 'Antre ' || n, 'dataset', 'active', true, :org,"
            " '{}', now(), now() FROM generate_series(1, :count) n"
        ),
        {"org": staff.opd["id"], "count": RECORDS},
    )
    rows = [
        {"package_id": f"q-{n}", "state": "diajukan", "since": now(), "submitted": now(),
         "submitted_by": staff.editor["id"]}
        for n in range(1, RECORDS + 1)
    ]  # fmt: skip
    model.Session.execute(sa.insert(Review), rows)
    model.Session.commit()


@pytest.fixture
def visit(app):
    """Return what fetches a page as somebody who has logged in, or nobody; it counts."""

    def call(user, url):
        if user:
            app.set_session_user(user["name"])
        with counted() as queries:
            answer = app.get(url, status=200)
        return BeautifulSoup(answer.body, "html.parser"), queries.sql

    return call


@pytest.mark.slow
@pytest.mark.parametrize("who", ["walidata_editor", "editor", "pembina"])
def test_the_page_of_the_queue(staff, queue, visit, who):
    user = getattr(staff, who)
    visit(user, "/pemeriksaan")
    page, sql = visit(user, "/pemeriksaan")
    assert len(sql) <= 12, "\n".join(sql)
    if who != "pembina":  # whose share the records are not: their kind is not said
        assert len(page.select(".tangerang-review-queue > li")) == 50
        assert f"{RECORDS} records" in text(page)


def test_the_number_in_the_header_is_kept_for_a_minute(staff, complete, visit):
    ask("follow_user", staff.editor, id=staff.sysadmin["name"])
    visit(staff.editor, "/about")
    first, asked = visit(staff.editor, "/about")
    entry = '#account-menu a[href$="/dashboard/"], #account-menu a[href$="/dashboard"]'
    shown = text(first.select_one(entry))
    assert "(" in shown
    assert not any("activity_type" in statement for statement in asked)
    ask("package_create", staff.sysadmin, **complete)
    assert text(visit(staff.editor, "/about")[0].select_one(entry)) == shown
    keys = connect_to_redis().keys("*new_activities:*")
    assert 0 < connect_to_redis().ttl(keys[0]) <= 60
    ask("dashboard_mark_activities_old", staff.editor)
    assert connect_to_redis().keys(f"*new_activities:{staff.editor['id']}") == []


@pytest.mark.parametrize(
    "url",
    ["/dataset/puskesmas", "/dataset/", "/api/3/action/package_show?id=puskesmas",
     "/api/3/action/package_search?rows=20"],
)  # fmt: skip
def test_what_is_public_costs_nobody_a_look_up(staff, complete, visit, url):
    ask("package_create", staff.sysadmin, **complete)
    visit(None, url)
    _, sql = visit(None, url)
    assert not [statement for statement in sql if "tangerang_review" in statement]
    assert len(sql) > 0
