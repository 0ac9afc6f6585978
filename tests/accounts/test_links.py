"""One-time links: what they open, once, for how long, and who learns of them."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from types import SimpleNamespace

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.tangerang.accounts import links
from ckanext.tangerang.accounts.model import AccountLink

from .conftest import PLUGINS, act, events, stored

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", f"tangerang_security {PLUGINS}"),
    pytest.mark.usefixtures("with_plugins", "app", "people"),
]

PASSWORD = "empat kata yang aneh"


@pytest.fixture
def code(people):
    """Return the code of a link of the editor."""
    return act("tangerang_account_link", people.admin, id=people.editor["id"])["link"]["code"]


def post(app, code, password=PASSWORD, again=None, **more):
    """Send the second form; return the answer."""
    data = {"code": code, "step": "password", "password1": password}
    data["password2"] = password if again is None else again
    return app.post("/akun/sandi", data={**data, **more}, follow_redirects=False)


def log_in(app, name, password):
    """Log in with another browser; tell whether it went well, and return the browser."""
    client = app.test_client()
    data = {"login": name, "password": password}
    answer = client.post("/user/login", data=data, follow_redirects=False)
    return answer.status_code == 302, client


def is_logged_in(client):
    return client.get("/dashboard/datasets", follow_redirects=False).status_code == 200


class TestUse:
    def test_looking_uses_nothing_up(self, app, people, code):
        for _ in range(2):
            assert app.get("/akun/sandi").status_code == 200
            answer = app.post("/akun/sandi", data={"code": code})
            assert people.editor["name"] in answer.body
        assert post(app, code).status_code == 302
        assert log_in(app, people.editor["name"], PASSWORD)[0]
        assert events(people.editor)[-2:] == ["link", "password"]

    def test_a_new_account_can_be_used_after_it(self, app, people):
        entry = {"fullname": "Siti Aminah", "organization": "dinkes", "role": "editor"}
        found = act("tangerang_account_create", people.admin, accounts=[entry], dry_run=False)
        [made] = found["accounts"]
        assert not log_in(app, "siti-aminah", "")[0]
        post(app, made["link"]["code"])
        assert log_in(app, "siti-aminah", PASSWORD)[0]
        assert stored(made).state == "active"

    def test_typed_with_blanks_and_without_capitals(self, app, people, code):
        assert post(app, f" {code.lower().replace('-', ' ')} ").status_code == 302

    def test_a_second_time_it_opens_nothing(self, app, people, code):
        post(app, code)
        before = stored(people.editor).password
        answer = post(app, code, "kata sandi lain")
        assert answer.status_code == 200
        assert "can not be used" in answer.body
        assert stored(people.editor).password == before

    def test_a_wrong_password_uses_nothing_up_and_keeps_the_code(self, app, people, code):
        for password, again in (("pendek", None), (PASSWORD, "lain"), ("", None)):
            answer = post(app, code, password, again)
            page = BeautifulSoup(answer.body, "html.parser")
            assert page.select_one("input[name=code]")["value"] == code
            assert page.select(".alert-danger p")
            assert password == "" or password not in answer.body
        assert post(app, code).status_code == 302

    def test_it_ends_the_sessions_that_the_account_has(self, app, people, code):
        call_action("user_patch", id=people.editor["id"], password="sandi lama sekali")
        ok, browser = log_in(app, people.editor["name"], "sandi lama sekali")
        assert ok
        assert is_logged_in(browser)
        post(app, code)
        assert not is_logged_in(browser)
        ok, browser = log_in(app, people.editor["name"], PASSWORD)
        assert ok
        assert is_logged_in(browser)


class TestDead:
    def test_a_newer_one_voids_it(self, app, people, code):
        newer = act("tangerang_account_link", people.admin, id=people.editor["id"])["link"]
        assert "can not be used" in post(app, code).body
        assert post(app, newer["code"]).status_code == 302

    def test_disabling_voids_it_also_once_enabled(self, app, people, code):
        act("tangerang_account_disable", people.walidata, id=people.editor["id"])
        assert "can not be used" in post(app, code).body
        act("tangerang_account_enable", people.walidata, id=people.editor["id"])
        assert "can not be used" in post(app, code).body

    def test_it_expires(self, app, people, code):
        link = model.Session.query(AccountLink).one()
        assert link.expires - link.created == pytest.approx(
            timedelta(hours=72), abs=timedelta(minutes=1)
        )
        link.expires = link.created - timedelta(seconds=1)
        model.Session.commit()
        assert "can not be used" in app.post("/akun/sandi", data={"code": code}).body
        assert "can not be used" in post(app, code).body

    def test_any_other_code_opens_nothing(self, app, people, code):
        last = "A" if code[-1] != "A" else "B"
        link = model.Session.query(AccountLink).one()
        for wrong in (code[:-1] + last, code[:-1], "", "A" * 52, link.token_hash, "%", code * 3):
            assert "can not be used" in post(app, wrong).body
        assert not link.used

    def test_not_for_who_became_a_sysadmin_meanwhile(self, app, people, code):
        user = stored(people.editor)
        user.sysadmin = True
        model.Session.commit()
        before = user.password
        assert "can not be used" in post(app, code).body
        assert stored(people.editor).password == before

    def test_the_hours_are_configured(self, people, ckan_config):
        ckan_config["ckanext.tangerang.accounts.link_hours"] = 2
        made = act("tangerang_account_link", people.admin, id=people.editor["id"])["link"]
        link = model.Session.query(AccountLink).one()
        assert made["expires"] == link.expires.isoformat()
        assert link.expires - link.created < timedelta(hours=2, minutes=1)

    def test_an_address_that_somebody_took_meanwhile(self, app, people):
        act("tangerang_account_disable", people.walidata, id=people.editor["id"])
        act("tangerang_account_enable", people.walidata, id=people.editor["id"])
        code = act("tangerang_account_link", people.walidata, id=people.editor["id"])["link"]
        call_action("user_patch", id=people.member["id"], email=people.editor["email"])
        assert "has your e-mail address" in post(app, code["code"]).body
        assert stored(people.editor).state == "pending"


def test_of_two_who_come_at_once_one_gets_it(app, people, code):
    model.Session.commit()
    answers, ready = [], threading.Barrier(2)

    def send(password):
        ready.wait(10)
        try:
            with app.flask_app.test_request_context("/"):
                account = links.use(code, password)
                if account is not None:
                    model.Session.commit()
                answers.append((account is not None, password))
        finally:
            model.Session.remove()

    threads = [threading.Thread(target=send, args=(f"kata sandi {n}",)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(won for won, _ in answers) == [False, True]
    [password] = [password for won, password in answers if won]
    assert stored(people.editor).validate_password(password)


class TestSecret:
    def test_headers(self, app, people, code):
        answers = [app.get("/akun/sandi"), app.post("/akun/sandi", data={"code": code})]
        answers += [post(app, code, "x"), post(app, code)]
        for answer in answers:
            assert "no-store" in answer.headers["Cache-Control"]
            assert "public" not in answer.headers["Cache-Control"]
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert "noindex" in answer.headers["X-Robots-Tag"]

    def test_the_code_is_in_no_log_and_no_address(self, app, people, caplog):
        caplog.set_level(logging.DEBUG)
        made = act("tangerang_account_link", people.admin, id=people.editor["id"])["link"]
        address, _, fragment = made["url"].partition("#")
        assert fragment == made["code"]
        assert made["code"] not in address
        app.post("/akun/sandi", data={"code": made["code"]})
        answer = post(app, made["code"])
        assert made["code"] not in answer.headers["Location"]
        for form in (made["code"], made["code"].replace("-", "")):
            assert form not in caplog.text
        assert PASSWORD not in caplog.text

    def test_it_is_no_reset_key(self, app, people, code):
        assert not stored(people.editor).reset_key
        with pytest.raises(tk.NotAuthorized):
            act("user_update", None, id=people.editor["id"], reset_key=code, email="x@x.id")

    def test_who_is_logged_in_is_told_to_log_out(self, app, people, code):
        app.set_session_user(people.member["id"])
        answer = app.post("/akun/sandi", data={"code": code})
        assert "Log out first" in answer.body
        assert people.editor["name"] not in answer.body


@pytest.mark.ckan_config("WTF_CSRF_ENABLED", True)
class TestCsrf:
    """CKAN asks nobody for the token who is not logged in; our page does."""

    @pytest.fixture
    def browser(self, app):
        client = app.test_client()
        page = BeautifulSoup(client.get("/akun/sandi").data, "html.parser")
        field = page.select_one("#code-form input[name=_csrf_token]")
        return SimpleNamespace(client=client, token=field["value"])

    def test_a_form_from_elsewhere_sets_nothing(self, app, people, code):
        before = stored(people.editor).password
        for token in ({}, {"_csrf_token": "x"}):
            answer = post(app, code, **token)
            assert "open for too long" in answer.body
        assert stored(people.editor).password == before
        assert not model.Session.query(AccountLink).one().used

    def test_the_form_of_the_page_does(self, people, code, browser):
        data = {"code": code, "step": "password", "password1": PASSWORD, "password2": PASSWORD}
        # As over HTTPS, where no-referrer leaves CKAN's strict check nothing to compare.
        answer = browser.client.post(
            "/akun/sandi",
            data={**data, "_csrf_token": browser.token},
            base_url="https://test.ckan.net",
            follow_redirects=False,
        )
        assert answer.status_code == 302
        assert stored(people.editor).validate_password(PASSWORD)

    def test_pages_that_change_want_the_token(self, app, people):
        app.set_session_user(people.walidata["id"])
        name = people.editor["name"]
        for path in ("tautan", "pindah", "serah-terima", "nonaktif", "aktif"):
            app.post(f"/akun/pengguna/{name}/{path}", status=400)
        for path in ("baru", "unggah"):
            app.post(f"/akun/{path}", status=400)
        assert stored(people.editor).state == "active"
