"""Asking for access, deciding, using what was granted: judged anew at each request."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.cli.cli import ckan
from ckan.lib.redis import connect_to_redis
from ckan.tests import factories

from ckanext.tangerang.access import store
from ckanext.tangerang.access.model import AccessCode, AccessRead, AccessRequest, now
from ckanext.tangerang.access.signals import request_changed

from .conftest import CONTACT, PLUGINS, SECRET, ask, system

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "app"),
]


@pytest.fixture(autouse=True)
def no_counts():
    """Forget how often somebody has asked."""
    redis = connect_to_redis()
    for key in redis.scan_iter("*:tangerang_access:*"):
        redis.delete(key)


def day(count):
    """Return a day from today."""
    return (datetime.now(tz=timezone.utc) + timedelta(days=count)).date().isoformat()


@pytest.fixture
def asked(roles, restricted):
    """Let a reader ask for access."""
    return ask("tangerang_access_request", roles.reader, id=restricted.name, **CONTACT)


@pytest.fixture
def granted(roles, asked):
    return ask("tangerang_access_grant", roles.admin, id=asked["id"], until=day(3))


def status(browser, restricted):
    return browser.get(restricted.file["url"]).status_code


def refused(error, action, user=None, /, **data):
    """Call an action that is refused; return the error."""
    with pytest.raises(error) as found:
        ask(action, user, **data)
    model.Session.rollback()
    return found.value


class TestAsking:
    def test_it_is_kept_and_told_without_the_contact(self, roles, restricted):
        told = []

        def listen(sender, request):
            told.append((sender, request))

        request_changed.connect(listen)
        made = ask("tangerang_access_request", None, id=restricted.name, **CONTACT)
        assert made["state"] == "diajukan"
        assert told[0][0] == made["id"]
        assert "siti" not in str(told).lower()

    @pytest.mark.parametrize("field", ["name", "institution", "email", "purpose"])
    def test_every_field_is_needed(self, restricted, field):
        error = refused(
            tk.ValidationError,
            "tangerang_access_request",
            id=restricted.name,
            **{**CONTACT, field: " "},
        )
        assert list(error.error_dict) == [field]

    def test_hostile_values_are_refused_in_words(self, restricted):
        for field, value in (
            ("email", "siti"),
            ("purpose", "x" * 3000),
            ("purpose", ["a"]),
            ("name", {"a": 1}),
            ("resource_id", "no-such-file"),
        ):
            error = refused(
                tk.ValidationError,
                "tangerang_access_request",
                id=restricted.name,
                **{**CONTACT, field: value},
            )
            assert field in error.error_dict

    def test_nobody_asks_for_what_is_open_or_closed_or_theirs(self, roles, restricted):
        refused(
            tk.ValidationError,
            "tangerang_access_request",
            roles.editor,
            id=restricted.name,
            **CONTACT,
        )
        system("package_patch", id=restricted.id, accesslevel="terbuka")
        refused(
            tk.ValidationError,
            "tangerang_access_request",
            roles.reader,
            id=restricted.name,
            **CONTACT,
        )
        system("package_patch", id=restricted.id, accesslevel="tertutup", private=True)
        refused(
            tk.NotAuthorized,
            "tangerang_access_request",
            roles.reader,
            id=restricted.name,
            **CONTACT,
        )
        refused(tk.ObjectNotFound, "tangerang_access_request", id="no-such-record", **CONTACT)

    def test_once_until_there_is_an_answer(self, roles, asked, restricted):
        refused(
            tk.ValidationError,
            "tangerang_access_request",
            roles.reader,
            id=restricted.name,
            **CONTACT,
        )

    @pytest.mark.ckan_config("ckanext.tangerang.access.requests_per_hour", 2)
    def test_not_too_often(self, app, restricted):
        for number in range(4):
            answer = app.post(
                "/api/3/action/tangerang_access_request",
                json={"id": restricted.name, **CONTACT, "email": f"a{number}@example.org"},
            )
            assert answer.status_code == (200 if number < 2 else 409)
        assert model.Session.query(AccessRequest).count() == 2


class TestDeciding:
    def test_who_may(self, roles, asked):
        for user in (roles.reader, roles.editor, roles.stranger, roles.pembina, None):
            refused(tk.NotAuthorized, "tangerang_access_grant", user, id=asked["id"], until=day(3))
            refused(
                tk.NotAuthorized, "tangerang_access_refuse", user, id=asked["id"], reason="tidak"
            )
        for user in (roles.admin, roles.walidata_editor, roles.sysadmin):
            ask("tangerang_access_grant", user, id=asked["id"], until=day(3))

    def test_the_day(self, roles, asked):
        for until in (day(-2), day(800), "kapan-kapan", ""):
            error = refused(
                tk.ValidationError,
                "tangerang_access_grant",
                roles.admin,
                id=asked["id"],
                until=until,
            )
            assert "until" in error.error_dict

    def test_granted_until_the_end_of_the_day_and_checked_each_time(
        self, roles, granted, restricted, browse
    ):
        reader = browse(roles.reader)
        assert status(reader, restricted) == 200
        assert status(browse(), restricted) == 403
        row = store.find(granted["id"])
        row.until = now() - timedelta(seconds=1)
        model.Session.commit()
        assert status(reader, restricted) == 403
        assert ask("tangerang_access_show", roles.reader, id=granted["id"])["state"] == "berakhir"
        ask("tangerang_access_grant", roles.admin, id=granted["id"], until=day(1))
        assert status(reader, restricted) == 200

    def test_revoked_at_once(self, roles, granted, restricted, browse):
        reader = browse(roles.reader)
        assert status(reader, restricted) == 200
        refused(tk.ValidationError, "tangerang_access_revoke", roles.admin, id=granted["id"])
        ask("tangerang_access_revoke", roles.admin, id=granted["id"], reason="Sudah selesai.")
        assert status(reader, restricted) == 403

    def test_who_asked_takes_it_back(self, roles, granted, restricted, browse):
        refused(tk.NotAuthorized, "tangerang_access_revoke", roles.stranger, id=granted["id"])
        ask("tangerang_access_revoke", roles.reader, id=granted["id"])
        assert status(browse(roles.reader), restricted) == 403

    def test_refused_with_a_reason(self, roles, asked):
        refused(tk.ValidationError, "tangerang_access_refuse", roles.admin, id=asked["id"])
        ask("tangerang_access_refuse", roles.admin, id=asked["id"], reason="Bukan untuk umum.")
        shown = ask("tangerang_access_show", roles.reader, id=asked["id"])
        assert (shown["state"], shown["reason"]) == ("ditolak", "Bukan untuk umum.")
        refused(
            tk.ValidationError, "tangerang_access_grant", roles.admin, id=asked["id"], until=day(3)
        )

    def test_one_file_is_one_file(self, roles, restricted, browse):
        made = ask(
            "tangerang_access_request",
            roles.reader,
            id=restricted.name,
            resource_id=restricted.link["id"],
            **CONTACT,
        )
        ask("tangerang_access_grant", roles.admin, id=made["id"], until=day(3))
        reader = browse(roles.reader)
        assert reader.get(restricted.link["url"]).status_code == 302
        assert status(reader, restricted) == 403

    def test_an_account_that_is_disabled_reads_nothing(self, roles, granted, restricted, browse):
        reader = browse(roles.reader)
        system("user_delete", id=roles.reader["id"])
        assert status(reader, restricted) == 403


class TestCodes:
    @pytest.fixture
    def link(self, roles, restricted):
        made = ask("tangerang_access_request", None, id=restricted.name, **CONTACT)
        return ask("tangerang_access_grant", roles.admin, id=made["id"], until=day(3))

    def test_the_code_is_kept_nowhere(self, link):
        [row] = model.Session.query(AccessCode).all()
        code = link["link"]["code"]
        assert code not in row.code_hash
        assert len(row.code_hash) == 64
        assert link["link"]["url"].endswith(f"/akses/buka#{code}")

    def test_it_opens_the_files_in_one_browser(self, link, restricted, browse):
        guest, other = browse(), browse()
        assert guest.get("/akses/buka").status_code == 200
        answer = guest.post("/akses/buka", {"code": link["link"]["code"].lower()})
        assert answer.headers["Location"].endswith(f"/dataset/{restricted.name}")
        assert status(guest, restricted) == 200
        assert guest.api("datastore_search", resource_id=restricted.file["id"]).status_code == 200
        assert status(other, restricted) == 403

    @pytest.mark.ckan_config("ckanext.tangerang.access.link_uses", 2)
    def test_so_often_and_no_more(self, link, restricted, browse):
        opened = [
            browse().post("/akses/buka", {"code": link["link"]["code"]}).status_code
            for _ in range(4)
        ]
        assert opened == [302, 302, 200, 200]

    def test_looking_uses_nothing_up(self, link, browse):
        for _ in range(3):
            browse().get("/akses/buka")
        assert model.Session.query(AccessCode).one().uses_left == link["link"]["uses"]

    def test_revoked_and_replaced(self, roles, link, restricted, browse):
        guest = browse()
        guest.post("/akses/buka", {"code": link["link"]["code"]})
        new = ask("tangerang_access_link", roles.admin, id=link["id"])
        assert status(guest, restricted) == 403
        guest.post("/akses/buka", {"code": new["link"]["code"]})
        assert status(guest, restricted) == 200
        ask("tangerang_access_revoke", roles.admin, id=link["id"], reason="Sudah selesai.")
        assert status(guest, restricted) == 403

    def test_a_wrong_code(self, browse):
        for code in ("", "x", "A" * 52, "A" * 5000):
            answer = browse().post("/akses/buka", {"code": code})
            assert answer.status_code == 200
            assert "no-store" in answer.headers["Cache-Control"]

    def test_a_token_does_not_read_by_the_session(self, roles, link, restricted, app):
        client = app.test_client()
        client.post("/akses/buka", data={"code": link["link"]["code"]})
        token = system("api_token_create", user=roles.stranger["name"], name="t")["token"]
        answer = client.get(
            "/api/3/action/datastore_search",
            query_string={"resource_id": restricted.file["id"]},
            headers={"Authorization": token},
        )
        assert answer.status_code == 403

    @pytest.mark.ckan_config("WTF_CSRF_ENABLED", True)
    def test_a_form_from_elsewhere_asks_nothing(self, restricted, browse, app):
        app.flask_app.config["WTF_CSRF_ENABLED"] = True
        try:
            answer = browse().post(f"/akses/minta/{restricted.name}", CONTACT)
        finally:
            app.flask_app.config["WTF_CSRF_ENABLED"] = False
        assert CONTACT["purpose"] in answer.get_data(as_text=True)
        assert model.Session.query(AccessRequest).count() == 0


class TestPrivacy:
    def test_the_contact_is_in_no_record_activity_or_index(self, asked, restricted, browse):
        guest = browse()
        for path in (
            f"/dataset/{restricted.name}",
            "/dataset/",
            f"/dataset/activity/{restricted.name}",
        ):
            assert "Siti Nurhaliza" not in guest.get(path).get_data(as_text=True)
        found = [
            system("package_show", id=restricted.id),
            system("package_search", q="Siti"),
            system("package_activity_list", id=restricted.id, include_data=True),
        ]
        assert "siti@example.org" not in json.dumps(found, default=str)

    def test_who_sees_which_requests(self, roles, asked):
        for user in (roles.walidata_editor, roles.sysadmin, roles.admin):
            [row] = ask("tangerang_access_list", user)["results"]
            assert row["email"] == CONTACT["email"]
        for user in (roles.editor, roles.stranger, roles.pembina, roles.reader, None):
            refused(tk.NotAuthorized, "tangerang_access_list", user)
            if user is not roles.reader:
                refused(tk.NotAuthorized, "tangerang_access_show", user, id=asked["id"])
        assert ask("tangerang_access_list", roles.reader, mine=True)["count"] == 1
        assert ask("tangerang_access_list", roles.stranger, mine=True)["count"] == 0

    @pytest.mark.usefixtures("with_extended_cli")
    def test_it_is_forgotten(self, cli, roles, granted):
        row = store.find(granted["id"])
        row.until = now() - timedelta(days=400)
        model.Session.commit()
        result = cli.invoke(ckan, ["tangerang", "access", "forget"])
        assert "1 contacts erased" in result.output, result.output
        model.Session.expire_all()
        shown = ask("tangerang_access_show", roles.admin, id=granted["id"])
        assert (shown["name"], shown["email"], shown["institution"]) == ("", "", "")


class TestReads:
    def rows(self):
        model.Session.rollback()
        rows = model.Session.query(AccessRead).order_by(AccessRead.position)
        return [(row.user_id, row.way, row.resource_id) for row in rows]

    def test_every_reading_is_written_and_no_refusal(self, roles, granted, restricted, browse):
        file = restricted.file["id"]
        browse().get(restricted.file["url"])
        assert self.rows() == []
        reader, admin = browse(roles.reader), browse(roles.sysadmin)
        reader.get(restricted.file["url"])
        reader.get(restricted.link["url"])
        reader.api("datastore_search", resource_id=file)
        admin.get(f"/datastore/dump/{file}")
        reader.client.head(restricted.file["url"].replace("http://test.ckan.net", ""))
        assert self.rows() == [
            (roles.reader["id"], "dataset_resource.download", file),
            (roles.reader["id"], "dataset_resource.download", restricted.link["id"]),
            (roles.reader["id"], "datastore_search", file),
            (roles.sysadmin["id"], "datastore.dump", file),
        ]
        shown = ask("tangerang_access_read_list", roles.admin, dataset=restricted.name)
        assert shown["count"] == 4
        assert shown["results"][-1]["request_id"] == granted["id"]
        refused(tk.NotAuthorized, "tangerang_access_read_list", roles.editor)

    def test_no_cache_keeps_it(self, roles, granted, restricted, browse):
        reader, guest = browse(roles.reader), browse()
        answers = [
            reader.get(restricted.file["url"]),
            reader.get(restricted.link["url"]),
            reader.api("datastore_search", resource_id=restricted.file["id"]),
            reader.get(f"/datastore/dump/{restricted.file['id']}"),
            guest.get(restricted.file["url"]),
        ]
        for answer in answers:
            assert answer.headers["Cache-Control"] == "private, no-store"
            assert "ETag" not in answer.headers
        assert SECRET in answers[0].get_data(as_text=True)

    def test_the_refusal_says_how_to_ask(self, restricted, browse):
        asking = f"/akses/minta/{restricted.name}"
        for accept in ("text/html", "*/*", "application/json"):
            answer = browse().get(restricted.file["url"], headers={"Accept": accept})
            assert answer.status_code == 403
            assert asking in answer.get_data(as_text=True)


def test_two_decide_at_once(roles, asked):
    """The second is told; nothing is lost."""
    ask("tangerang_access_refuse", roles.admin, id=asked["id"], reason="Bukan untuk umum.")
    error = refused(
        tk.ValidationError,
        "tangerang_access_refuse",
        roles.walidata_editor,
        id=asked["id"],
        reason="Tidak.",
    )
    assert "state" in error.error_dict


def test_people_of_other_agencies_decide_nothing_about_it(roles, asked, restricted):
    boss = factories.User()
    system("organization_member_create", id="dinsos", username=boss["name"], role="admin")
    assert ask("tangerang_access_list", boss)["count"] == 0
    refused(tk.NotAuthorized, "tangerang_access_grant", boss, id=asked["id"], until=day(3))
