"""Fixtures of the switch: files on a disk, and a published record with its next version."""

from __future__ import annotations

import uuid
from types import SimpleNamespace

import pytest
from ckan import model

from ckanext.tangerang.review.revision.journal import Journal
from stack.layout import REPOSITORY

from ..conftest import PLUGINS, complete, people, staff, with_plugins
from . import scenario

__all__ = ["complete", "people", "staff", "with_plugins"]


@pytest.fixture
def revised(staff, complete, disk):
    """Make a published record with two files, and its next version.

    The first file is replaced, the second removed, a third comes.
    """
    scenario.empty_datastore()
    model.Session.query(Journal).delete()
    model.Session.commit()
    user = staff.sysadmin["name"]
    record = scenario.call("package_create", user, **complete | {"title": "Puskesmas lama"})
    alias = f"alias-{uuid.uuid4().hex[:8]}"
    scenario.add_file(user, record["id"], scenario.OLD, alias=alias)
    scenario.add_file(user, record["id"], scenario.OLD)
    revised = SimpleNamespace(user=user, id=record["id"], alias=alias, round=0)
    scenario.prepare_next(revised, scenario.NEW)
    return revised


@pytest.fixture
def portal_ini(disk):
    """Return the configuration of a portal of its own on the databases of the tests."""
    path = disk / "portal.ini"
    path.write_text(
        f"""[app:main]
use = config:{REPOSITORY / "test.ini"}
ckan.plugins = {PLUGINS}
ckan.storage_path = {disk}
ckan.files.default_storages.default = no such storage
""",
        encoding="utf-8",
    )
    return path
