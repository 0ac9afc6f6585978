"""Fixtures for the tests of notifications: those of the review, and what people were told."""

from __future__ import annotations

import pytest
from ckan import model
from ckan import plugins as p

from ckanext.tangerang.notifications.model import Notification
from ckanext.tangerang.review import store
from tests.metadata.conftest import complete, people
from tests.review.conftest import ask, draft, handed_in, published, review_is_on, staff

#: The plugins that these tests are about, and their partners.
PLUGINS = (
    "activity tangerang_notifications tangerang_review tangerang_metadata tangerang_opd datastore "
    "text_view scheming_datasets scheming_organizations"
)
#: The same without the review.
ALONE = (
    "tangerang_notifications tangerang_metadata tangerang_opd scheming_datasets "
    "scheming_organizations"
)

__all__ = ["complete", "draft", "handed_in", "people", "published", "review_is_on", "staff"]


@pytest.fixture
def with_plugins(with_plugins, migrate_loaded):
    """Load the plugins, with their tables; where the review is one, let its trigger decide."""
    migrate_loaded()
    reviewed = p.plugin_loaded("tangerang_review")
    store.follow_switch(enabled=reviewed)
    yield
    model.Session.rollback()
    store.follow_switch(enabled=False)


@pytest.fixture
def pages(with_plugins, with_request_context):
    """Let addresses of pages be known, as they are in a portal."""


def told(user, **data):
    """Return what a user was told, oldest first: event and name of the record."""
    found = ask("tangerang_notification_list", user, **data)
    return [(row["event"], row["record"]["name"]) for row in reversed(found["results"])]


@pytest.fixture
def forget(staff):
    """Return what forgets all that people were told so far."""

    def clear():
        model.Session.query(Notification).delete()
        model.Session.commit()

    return clear
