"""The first migration takes in what is there, and can be undone."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.cli.db import _run_migrations

from ckanext.tangerang.review import store

from .conftest import PLUGINS, ask, review

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("staff"),
]


def migrate(version, *, forward):
    """Run the migrations of the plugin; no other connection may hold its tables."""
    model.Session.rollback()
    model.Session.remove()
    _run_migrations("tangerang_review", version, forward=forward)


def test_public_records_are_published_and_others_drafts(staff, complete):
    public = ask("package_create", staff.sysadmin, **complete)
    other = {"name": "lain", "private": True}
    private = ask("package_create", staff.editor, **{**complete, **other})
    review("submit", staff.editor, private)
    migrate("base", forward=False)
    functions = "SELECT count(*) FROM pg_proc WHERE proname = 'tangerang_review_guard'"
    assert model.Session.scalar(sa.text(functions)) == 0
    migrate("head", forward=True)
    store.follow_switch(enabled=True)
    assert store.get(public["id"]).state == "terbit"
    assert store.get(private["id"]).state == "draf"
    found = review("history", staff.editor, public)["results"]
    assert [(row["verb"], row["user"]) for row in found] == [("sudah_terbit", None)]
    assert review("history", staff.editor, private)["count"] == 0
