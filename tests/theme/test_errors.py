"""Pages that say what went wrong and what one can do; the page of last resort."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib import base
from ckan.tests import factories
from ckan.tests.helpers import call_action
from sqlalchemy.exc import OperationalError
from werkzeug.test import EnvironBuilder, run_wsgi_app

from ckanext.tangerang.theme.fallback import LastResort

PLUGINS = (
    "tangerang_theme tangerang_content tangerang_metadata tangerang_opd "
    "scheming_datasets scheming_organizations"
)
pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
]


def error(app: Any, path: str, status: int, **headers: str) -> BeautifulSoup:
    """Return an error page."""
    answer = app.get(path, headers=headers, follow_redirects=False)
    assert answer.status_code == status
    return BeautifulSoup(answer.body, "html.parser")


def test_what_is_not_there_is_searched_for_by_the_words_of_its_address(app):
    page = error(app, "/dataset/jumlah-penduduk_2020", 404)
    assert page.select_one("#field-error-search")["value"] == "jumlah penduduk 2020"
    assert page.select_one('#error-content a[href="/halaman/kontak"]')
    assert "under the old one too" in page.get_text()


def test_each_page_of_the_portal_is_named_once(app):
    links = [link["href"] for link in error(app, "/tidak-ada", 404).select(".error-links a")]
    assert "/" in links
    assert len(set(links)) == len(links)


@pytest.mark.parametrize(
    ("last", "words"),
    [
        ("1b0d4fdc-8f1e-4f5a-9f0a-2f1b0a9f1c2d", ""),
        ("%3Cimg%20src=x%20onerror=alert(1)%3E", "img src x onerror alert 1"),
        ("a" * 300, "a" * 100),
        ("---", ""),
    ],
)
def test_words_of_odd_addresses(app, last, words):
    page = error(app, f"/dataset/{last}", 404)
    assert page.select_one("#field-error-search")["value"] == words
    assert not page.select("[onerror]")


def test_who_is_refused_is_told_what_to_do(app):
    user = factories.User(fullname="Siti")
    made = call_action("api_token_create", user=user["name"], name="t")
    page = error(app, "/ckan-admin/config", 403, Authorization=str(made["token"]))
    text = page.get_text(" ", strip=True)
    assert "You are logged in as Siti" in text
    assert "ask the Admin OPD" in text


@pytest.mark.parametrize(
    ("code", "said"),
    [(410, "not exist any more"), (429, "Too many"), (400, "not be answered"), ([500], "wrong")],
)
def test_other_errors(app, code, said):
    environment = {"CKAN_LANG": "en", "CKAN_CURRENT_URL": "/dataset/x"}
    with app.flask_app.test_request_context("/dataset/x", environ_overrides=environment):
        page = BeautifulSoup(
            base.render("error_document_template.html", {"code": code, "content": ""}),
            "html.parser",
        )
    assert said in page.select_one("h1").get_text()
    assert page.select_one('form[role="search"]')


class TestWithoutADatabase:
    @pytest.fixture
    def away(self):
        """Let every statement fail as it does when the server is away."""
        engine: Any = model.meta.engine

        def refuse(*_: Any) -> None:
            raise OperationalError("SELECT", {}, Exception("server closed the connection"))

        sa.event.listen(engine, "before_cursor_execute", refuse)
        yield
        sa.event.remove(engine, "before_cursor_execute", refuse)

    def answer(self, app: Any, path: str, **environ: str) -> tuple[str, dict[str, str], str]:
        """Return what the portal answers behind the last resort."""
        built = EnvironBuilder(path=path, environ_overrides=environ).get_environ()
        flask: Any = app.flask_app
        body, status, headers = run_wsgi_app(LastResort(flask.wsgi_app, "Portal & Co"), built)
        return status, dict(headers), b"".join(body).decode()

    def test_the_page_of_last_resort(self, app, away):
        status, headers, body = self.answer(app, "/dataset/x?a=<b>")
        assert status.startswith("500")
        page = BeautifulSoup(body, "html.parser")
        assert {part["lang"] for part in page.select("section")} == {"id", "en"}
        assert "Portal & Co" in page.title.get_text()
        assert not page.select("b, script, link, img")
        assert page.select("a")[1]["href"] == "/"
        assert headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in headers["Content-Security-Policy"]

    def test_its_links_stay_on_the_portal(self, app, away):
        _status, _headers, body = self.answer(app, "//evil.example/x", SCRIPT_NAME="")
        links = [link["href"] for link in BeautifulSoup(body, "html.parser").select("a")]
        assert all(link.startswith("/") and not link.startswith("//") for link in links)

    def test_what_the_application_answers_is_left_alone(self, app):
        status, _headers, body = self.answer(app, "/halaman/bantuan")
        assert status.startswith("200")
        assert "Portal & Co" not in body
