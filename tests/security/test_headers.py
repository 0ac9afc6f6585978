"""Security headers: on every answer; strict where the page is ours, reports elsewhere."""

from __future__ import annotations

import json
import logging
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from ckan.exceptions import CkanConfigurationException
from flask import Response

from ckanext.tangerang.security import config as own_config
from ckanext.tangerang.security import reports
from ckanext.tangerang.security.headers import add_headers
from ckanext.tangerang.security.reports import REPORT_PATH, summary

if TYPE_CHECKING:
    from collections.abc import Callable

POLICY = "Content-Security-Policy"
REPORT_ONLY = f"{POLICY}-Report-Only"
OURS = "/tema/none.css"
THEIRS = "/about"


@pytest.fixture
def mode(ckan_config: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that sets options of the plugin."""

    def choose(**options: str) -> None:
        for name, value in options.items():
            monkeypatch.setitem(ckan_config, f"ckanext.tangerang.security.{name}", value)

    return choose


def directives(header: str) -> dict[str, str]:
    """Return the directives of a policy."""
    return dict(part.strip().partition(" ")[::2] for part in header.split(";"))


@pytest.mark.ckan_config("ckan.plugins", "tangerang_security tangerang_theme")
@pytest.mark.usefixtures("with_plugins", "clean_db")
class TestHeaders:
    @pytest.mark.parametrize("url", [OURS, THEIRS, "/api/3/action/status_show", "/tidak-ada"])
    def test_on_every_answer(self, url: str, app: Any) -> None:
        headers = app.get(url).headers

        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert headers["X-Frame-Options"] == "SAMEORIGIN"
        assert "camera=()" in headers["Permissions-Policy"]
        assert directives(headers[POLICY])["frame-ancestors"] == "'self'"

    def test_ours_is_enforced(self, app: Any) -> None:
        headers = app.get(OURS).headers
        policy = directives(headers[POLICY])

        assert REPORT_ONLY not in headers
        assert policy["default-src"] == "'self'"
        assert policy["script-src"] == "'self'"
        assert policy["style-src"] == "'self'"
        assert policy["object-src"] == "'none'"
        assert policy["base-uri"] == "'self'"
        assert "unsafe-inline" not in policy["script-src"]

    def test_theirs_is_reported(self, app: Any) -> None:
        headers = app.get(THEIRS).headers

        assert set(directives(headers[POLICY])) == {"object-src", "base-uri", "frame-ancestors"}
        assert directives(headers[REPORT_ONLY])["script-src"] == "'self'"
        assert directives(headers[REPORT_ONLY])["report-uri"] == REPORT_PATH

    def test_enforce(self, app: Any, mode: Callable[..., None]) -> None:
        mode(csp="enforce")
        headers = app.get(THEIRS).headers

        assert directives(headers[POLICY])["script-src"] == "'self' 'unsafe-inline'"
        assert directives(headers[POLICY])["default-src"] == "'self'"
        assert directives(headers[REPORT_ONLY])["script-src"] == "'self'"

    @pytest.mark.parametrize("url", [OURS, THEIRS])
    def test_off(self, url: str, app: Any, mode: Callable[..., None]) -> None:
        mode(csp="off")
        headers = app.get(url).headers

        assert headers[POLICY] == "frame-ancestors 'self'"
        assert REPORT_ONLY not in headers

    def test_a_view_decides_who_embeds_it_and_its_referrer(self, app: Any) -> None:
        own = {POLICY: "frame-ancestors *", "Referrer-Policy": "no-referrer"}
        with app.flask_app.test_request_context(OURS):
            found = add_headers(Response("embed me", headers=own)).headers

        assert directives(found[POLICY])["frame-ancestors"] == "*"
        assert directives(found[POLICY])["script-src"] == "'self'"
        assert found["Referrer-Policy"] == "no-referrer"
        assert "X-Frame-Options" not in found

    def test_a_whole_policy_of_a_view_is_kept(self, app: Any) -> None:
        own = "default-src 'none'; img-src 'self'; frame-ancestors *"
        with app.flask_app.test_request_context(OURS):
            found = add_headers(Response("embed me", headers={POLICY: own})).headers

        assert found.getlist(POLICY) == [own]
        assert found["X-Content-Type-Options"] == "nosniff"

    def test_sources_of_the_site(self, app: Any, mode: Callable[..., None]) -> None:
        mode(csp_sources="https://berkas.example.go.id")
        policy = directives(app.get(OURS).headers[POLICY])

        assert policy["img-src"].endswith(" https://berkas.example.go.id")
        assert "example" not in policy["default-src"]


@pytest.mark.ckan_config("ckan.plugins", "tangerang_security")
@pytest.mark.usefixtures("with_plugins", "clean_db")
class TestReports:
    def report(self, **values: Any) -> dict[str, Any]:
        return {
            "csp-report": {
                "document-uri": "http://test.ckan.net/dataset/a?token=secret",
                "effective-directive": "script-src-elem",
                "blocked-uri": f"inline-{uuid.uuid4().hex}",
                **values,
            }
        }

    def send(self, app: Any, body: bytes) -> int:
        return app.post(
            REPORT_PATH, data=body, headers={"Content-Type": "application/csp-report"}
        ).status_code

    @pytest.fixture(autouse=True)
    def heard(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Switch the log on, which a command that ran before has switched off."""
        monkeypatch.setattr(reports.log, "disabled", False)

    def test_one_line_for_each_kind(self, app: Any, caplog: pytest.LogCaptureFixture) -> None:
        body = json.dumps(self.report()).encode()
        with caplog.at_level(logging.WARNING, "ckanext.tangerang.security.reports"):
            assert self.send(app, body) == 204
            assert self.send(app, body) == 204

        lines = [r.getMessage() for r in caplog.records if "Content-Security" in r.getMessage()]
        assert len(lines) == 1
        assert "script-src-elem" in lines[0]
        assert "secret" not in lines[0]

    @pytest.mark.parametrize(
        "body", [b"", b"[]", b"{", b'{"csp-report": 3}', b"[" * 7000, b"\xff\xfe", b"x" * 20_000]
    )
    def test_what_is_no_report_is_passed_over(
        self, body: bytes, app: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.WARNING, "ckanext.tangerang.security.reports"):
            assert self.send(app, body) == 204

        assert not [r for r in caplog.records if "Content-Security" in r.getMessage()]

    def test_so_many_an_hour(
        self, app: Any, mode: Callable[..., None], caplog: pytest.LogCaptureFixture
    ) -> None:
        mode(csp_reports="0")
        with caplog.at_level(logging.WARNING, "ckanext.tangerang.security.reports"):
            self.send(app, json.dumps(self.report()).encode())

        assert not [r for r in caplog.records if "Content-Security" in r.getMessage()]

    def test_a_report_is_one_short_line(self) -> None:
        hostile = "a\r\nSet-Cookie: x\x1b[31m" + "b" * 500
        found = summary(json.dumps(self.report(**{"blocked-uri": hostile})).encode())

        assert "\n" not in found["blocked"]
        assert "\x1b" not in found["blocked"]
        assert len(found["blocked"]) <= 200


@pytest.mark.parametrize(
    ("name", "value"),
    [("csp", "on"), ("csp_sources", "'unsafe-inline'"), ("csp_sources", "https://a;script-src *")],
)
def test_what_can_not_be_used_stops_the_start(
    name: str, value: str, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan_config, f"ckanext.tangerang.security.{name}", value)
    with pytest.raises(CkanConfigurationException) as error:
        getattr(own_config, name)()

    assert f"ckanext.tangerang.security.{name}" in str(error.value)
    assert " / " in str(error.value)
