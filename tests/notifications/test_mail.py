"""Notifications by e-mail, through CKAN's own mailer and a mail server that listens."""

from __future__ import annotations

import base64
import re
import smtplib
from contextlib import contextmanager
from datetime import timedelta

import pytest
from ckan import model

from ckanext.tangerang.notifications import config, jobs, mail, store
from ckanext.tangerang.notifications.model import Notification, NotificationSetting, now
from tests.review.conftest import ask, review

from .conftest import PLUGINS

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("staff", "pages", "clean_queues"),
]


#: What talks to a server, before CKAN's fixture puts one in its place that keeps the messages.
REAL = smtplib.SMTP


@pytest.fixture
def server(mail_server, ckan_config, monkeypatch):
    """Let a mail server be named, and keep what is sent to it."""
    monkeypatch.setitem(ckan_config, "smtp.server", "mail.example.go.id")
    return mail_server


@pytest.fixture
def away(server, ckan_config):
    """Return a context in which the mail server does not answer."""

    @contextmanager
    def context():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(smtplib, "SMTP", REAL)
            patch.setitem(ckan_config, "smtp.server", "127.0.0.1:1")
            yield

    return context


def messages(server):
    """Return address and text of the messages that arrived, and clear them."""
    found = []
    for _peer, _sender, [address], raw in server.get_smtp_messages():
        body = raw.split("\n\n", 1)[1]
        coded = re.search(r"\n\n([A-Za-z0-9+/=\n]+)\n(?=--|$)", "\n\n" + raw.split("\n\n", 1)[1])
        text = base64.b64decode(coded[1]).decode() if coded else body
        found.append((address, raw, text))
    server.clear_smtp_messages()
    return found


def test_at_once_to_each_their_own(staff, handed_in, server):
    assert mail.send_waiting() == 2
    found = messages(server)
    assert {address for address, _, _ in found} == {
        staff.walidata_editor["email"], staff.second["email"]
    }  # fmt: skip
    for _address, _raw, text in found:
        assert handed_in["title"] in text
        assert "http://test.ckan.net/pemeriksaan/puskesmas" in text
        assert "http://test.ckan.net/pemberitahuan" in text
    assert mail.send_waiting() == 0


def test_several_come_in_one_message(staff, handed_in, server):
    review("withdraw", staff.editor, handed_in)
    review("submit", staff.editor, handed_in)
    assert mail.send_waiting() == 2
    assert "2 notifications" in messages(server)[0][1]


def test_what_is_read_or_may_not_be_seen_is_not_sent(staff, handed_in, server):
    ask("tangerang_notification_read", staff.second, all=True)
    model.Session.query(model.Member).filter_by(table_id=staff.walidata_editor["id"]).update(
        {"state": "deleted"}
    )
    model.Session.commit()
    assert mail.send_waiting() == 0
    assert messages(server) == []


def test_hostile_titles_make_no_headers(staff, draft, server):
    ask("package_patch", staff.editor, id=draft["id"], title="Judul\nBcc: x@example.org\n\nIsi")
    review("submit", staff.editor, draft)
    mail.send_waiting()
    for address, raw, _text in messages(server):
        assert "\nBcc:" not in raw.split("\n\n", 1)[0]
        assert address != "x@example.org"


def test_a_server_that_is_away_loses_nothing(staff, handed_in, away):
    with away():
        assert mail.send_waiting() == 0
    assert mail.send_waiting() == 2


def test_news_that_is_none_is_not_sent(staff, handed_in, server):
    model.Session.query(Notification).update({"created": now() - timedelta(days=4)})
    model.Session.commit()
    assert mail.send_waiting() == 0


class TestChoice:
    def test_never(self, staff, draft, server):
        for user in (staff.second, staff.walidata_editor):
            ask("tangerang_notification_setting_update", user, mail="tidak")
        review("submit", staff.editor, draft)
        assert mail.send_waiting() == mail.send_digests() == 0

    def test_once_a_day(self, staff, draft, server):
        shown = ask("tangerang_notification_setting_update", staff.second, mail="harian")
        assert shown == {"mail": "harian", "mail_is_set": True}
        review("submit", staff.editor, draft)
        assert mail.send_waiting() == 1
        messages(server)
        assert mail.send_digests() == 1
        [(address, _raw, text)] = messages(server)
        assert address == staff.second["email"]
        assert draft["title"] in text
        # The same day brings no second message, whatever happened meanwhile.
        review("withdraw", staff.editor, draft)
        review("submit", staff.editor, draft)
        assert mail.send_digests() == 0
        self.next_day()
        assert mail.send_digests() == 1
        assert mail.send_digests() == 0

    def next_day(self):
        """Let the last digests have been of yesterday."""
        model.Session.execute(
            NotificationSetting.__table__.update().values(
                digest_day=NotificationSetting.__table__.c.digest_day - 1
            )
        )
        model.Session.commit()

    def test_a_digest_that_could_not_be_sent_is_sent_later_that_day(self, staff, draft, away):
        ask("tangerang_notification_setting_update", staff.second, mail="harian")
        review("submit", staff.editor, draft)
        with away():
            assert mail.send_digests() == 0
        assert mail.send_digests() == 1

    @pytest.mark.ckan_config("ckanext.tangerang.notifications.mail", "harian")
    def test_the_default_of_the_portal(self, staff, handed_in, server):
        assert mail.send_waiting() == 0
        assert mail.send_digests() == 2
        assert mail.send_digests() == 0
        assert store.mail_choice(staff.second["id"]) == "harian"


def test_the_job_has_the_language_of_the_portal(staff, handed_in, server):
    jobs.send()
    assert len(messages(server)) == 2


@pytest.mark.parametrize("name", ["", "localhost"])
def test_without_a_server_nothing_is_sent_and_nothing_queued(
    name, staff, draft, server, ckan_config
):
    ckan_config["smtp.server"] = name
    review("submit", staff.editor, draft)
    assert config.mail_is_set() is False
    assert mail.send_waiting() == mail.send_digests() == 0
    assert ask("job_list", staff.sysadmin) == []


def test_with_one_the_job_is_queued(staff, draft, server):
    review("submit", staff.editor, draft)
    jobs_ = ask("job_list", staff.sysadmin)
    assert [job["title"] for job in jobs_] == ["Send notifications by e-mail"]
