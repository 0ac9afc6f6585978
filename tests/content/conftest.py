"""Fixtures for the tests of pages: who writes them, and empty tables."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.tangerang.content import store
from ckanext.tangerang.content.model import Page, PageVersion
from tests.accounts.conftest import person

PLUGINS = (
    "tangerang_content tangerang_metadata tangerang_opd scheming_datasets scheming_organizations"
)


@pytest.fixture
def no_pages(clean_db, clean_index, with_plugins):
    """Leave the packaged pages alone."""
    for table in (PageVersion, Page):
        model.Session.query(table).delete()
    model.Session.commit()
    store.forget()


@pytest.fixture
def staff(no_pages):
    """Make a walidata, an officer of an OPD and a sysadmin."""
    found = {name: person(name) for name in ("walidata", "colleague", "officer")}
    found["sysadmin"] = person("sysadmin", sysadmin=True)
    model.Session.commit()
    factories.Organization(
        name="diskominfo",
        title="Dinas Komunikasi dan Informatika",
        urusan=["2.16"],
        peran_sdi="walidata",
        users=[
            {"name": found["walidata"]["name"], "capacity": "editor"},
            {"name": found["colleague"]["name"], "capacity": "admin"},
        ],
    )
    factories.Organization(
        name="dinkes",
        title="Dinas Kesehatan",
        urusan=["1.02"],
        users=[{"name": found["officer"]["name"], "capacity": "admin"}],
    )
    return SimpleNamespace(**found)


def act(action: str, user: dict[str, Any] | None, /, **data: Any) -> Any:
    """Call an action as somebody, with all checks of access."""
    name = user["name"] if user else ""
    context: Any = {"user": name, "auth_user_obj": model.User.get(name) if name else None}
    return tk.get_action(f"tangerang_page_{action}")(context, data)


def token(user: dict[str, Any] | None) -> dict[str, str]:
    """Return the headers by which somebody is known; none for a visitor."""
    if user is None:
        return {}
    made = call_action("api_token_create", user=user["name"], name="t")
    return {"Authorization": str(made["token"])}
