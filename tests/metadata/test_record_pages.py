"""Pages of activities and indicators: lists, the form as people read it, INDAH."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from ckan.tests.helpers import call_action

from .conftest import PLUGINS
from .records import survey

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.ckan_config("ckan.locale_default", "id"),
]


@pytest.fixture
def as_user(app, people):
    """Return a function that makes the headers of one of the people."""

    def log_in(user):
        token = call_action("api_token_create", user=user["name"], name="t")["token"]
        return {"Authorization": token}

    return log_in


@pytest.fixture
def make(people):
    """Return a function that makes a record of the OPD."""

    def made(values, **changed):
        return call_action("package_create", owner_org=people.opd["id"], **{**values, **changed})

    return made


def soup(response):
    return BeautifulSoup(response.body, "html.parser")


def text(node):
    return " ".join(node.get_text(" ").split())


class TestForm:
    def test_blocks(self, app, make):
        made = make(survey(3))
        page = soup(app.get(f"/kegiatan/{made['name']}"))
        print(text(page))
        print(text(soup(app.get("/kegiatan/"))))
        print(text(soup(app.get(f"/kegiatan/{made['name']}/indah"))))
        assert 0
