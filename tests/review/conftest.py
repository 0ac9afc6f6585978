"""Fixtures for the tests of the review: people of every role, and what calls actions as them."""

from __future__ import annotations

from types import SimpleNamespace

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.common import config as ckan_settings
from ckan.tests import factories

from ckanext.tangerang.review import config, store
from tests.metadata.conftest import complete, people

#: The plugins that these tests are about, and their partners.
PLUGINS = (
    "activity tangerang_review tangerang_metadata tangerang_opd datastore text_view "
    "scheming_datasets scheming_organizations"
)

__all__ = ["complete", "people"]


@pytest.fixture(autouse=True)
def review_is_on(request, ckan_config, monkeypatch):
    """Switch the review on, which the tests of other plugins do without."""
    option = "ckanext.tangerang.review.enabled"
    if not any(mark.args[0] == option for mark in request.node.iter_markers("ckan_config")):
        monkeypatch.setitem(ckan_config, option, True)


@pytest.fixture
def with_plugins(with_plugins, migrate_loaded):
    """Load the plugins, with their tables, and let the trigger decide as configured."""
    migrate_loaded()
    store.follow_switch(enabled=config.enabled())
    yield
    model.Session.rollback()
    store.follow_switch(enabled=False)


@pytest.fixture
def staff(people):
    """Add to the people: a second officer of the walidata, the pembina data, another OPD."""
    second, reader, adviser, stranger = (factories.User() for _ in range(4))
    tk.get_action("organization_member_create")(
        {"ignore_auth": True, "user": people.sysadmin["name"]},
        {"id": "diskominfo", "username": second["name"], "role": "editor"},
    )
    factories.Organization(
        name="bps",
        peran_sdi="pembina_data",
        urusan=["2.20"],
        kontak_email="bps@example.go.id",
        users=[{"name": adviser["name"], "capacity": "member"}],
    )
    other = factories.Organization(
        name="dinsos",
        urusan=["1.06"],
        kontak_email="dinsos@example.go.id",
        users=[{"name": stranger["name"], "capacity": "editor"}],
    )
    return SimpleNamespace(
        **vars(people),
        second=second,
        reader=reader,
        pembina=adviser,
        stranger=stranger,
        other=other,
    )


def ask(name, user=None, /, **data):
    """Call an action as a user, with authorization."""
    return tk.get_action(name)({"user": user["name"] if user else ""}, data)


def review(verb, user, record, /, **data):
    """Call an action of the review about a record as a user."""
    return ask(f"tangerang_review_{verb}", user, id=record["id"], **data)


def fresh(record):
    """Return a record as it is now."""
    return tk.get_action("package_show")(
        {"ignore_auth": True, "use_cache": False}, {"id": record["id"]}
    )


@pytest.fixture
def disk(monkeypatch, tmp_path):
    """Keep files on the disk, as a portal with ``ckan.storage_path`` alone does."""
    monkeypatch.setitem(ckan_settings, "ckan.files.default_storages.resource", "no such storage")
    monkeypatch.setitem(ckan_settings, "ckan.storage_path", str(tmp_path))
    return tmp_path


@pytest.fixture
def draft(staff, complete):
    """Make a complete private dataset of the OPD, by its editor."""
    return ask("package_create", staff.editor, **{**complete, "private": True})


@pytest.fixture
def handed_in(staff, draft):
    """Hand the dataset in."""
    review("submit", staff.editor, draft)
    return draft


@pytest.fixture
def published(staff, handed_in):
    """Publish the dataset."""
    review(
        "publish", staff.walidata_editor, handed_in, version=fresh(handed_in)["metadata_modified"]
    )
    return fresh(handed_in)
