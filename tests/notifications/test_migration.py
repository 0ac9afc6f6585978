"""The tables can be made and taken away."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.cli.db import _run_migrations

from ckanext.tangerang.notifications.model import Notification, NotificationSetting

from .conftest import ALONE

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", ALONE),
    pytest.mark.usefixtures("people"),
]


def columns():
    """Return the columns of our tables in the database."""
    inspector = sa.inspect(model.meta.engine)
    return {
        table: {column["name"] for column in inspector.get_columns(table)}
        for table in inspector.get_table_names()
        if table.startswith("tangerang_notification") and "alembic" not in table
    }


def test_there_and_back():
    expected = {
        mapped.__tablename__: set(mapped.__table__.columns.keys())
        for mapped in (Notification, NotificationSetting)
    }
    assert columns() == expected
    model.Session.remove()
    _run_migrations("tangerang_notifications", "base", forward=False)
    assert columns() == {}
    _run_migrations("tangerang_notifications", "head", forward=True)
    assert columns() == expected
