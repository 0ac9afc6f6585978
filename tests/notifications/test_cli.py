"""The commands that cron runs."""

from __future__ import annotations

from datetime import timedelta

import click
import pytest
from ckan import model

from ckanext.tangerang.notifications import cli
from ckanext.tangerang.notifications.model import now
from ckanext.tangerang.review.model import Review
from tests.review.conftest import ask, review

from .conftest import PLUGINS

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("staff"),
]


@pytest.fixture
def run(app, capsys):
    """Return what runs a command as ``ckan`` does, with the plugins and settings of the test."""

    def call(command):
        with click.Context(command) as context:
            context.meta["flask_app"] = app.flask_app
            context.invoke(command)
        return capsys.readouterr().out

    return call


def test_the_sweep(run, staff, handed_in, forget):
    forget()
    model.Session.query(Review).update({"submitted": now() - timedelta(days=6)})
    model.Session.commit()
    assert "2 new notifications, 0 messages sent" in run(cli.sweep)
    assert "0 new notifications" in run(cli.sweep)


def test_the_digest(run, staff, draft, mail_server, ckan_config):
    ckan_config["smtp.server"] = "mail.example.go.id"
    ask("tangerang_notification_setting_update", staff.second, mail="harian")
    review("submit", staff.editor, draft)
    assert "1 messages sent" in run(cli.digest)
    assert "0 messages sent" in run(cli.digest)
