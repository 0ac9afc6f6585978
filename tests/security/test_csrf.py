"""CSRF exemptions must not outlive the request that asked for them (CVE-2026-41255)."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import ckan.plugins as p
import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.config.middleware.flask_app import csrf
from ckan.tests import factories
from flask import Blueprint, request

from ckanext.tangerang.security.csrf import RequestScopedSet, confine_exemptions

if TYPE_CHECKING:
    from collections.abc import Iterator

_TIMEOUT = 10

open_probe = Blueprint("open_probe", __name__)
probe = Blueprint("probe", __name__)
entered, leave = threading.Event(), threading.Event()


@open_probe.route("/open-probe", methods=["POST"])
def open_probe_view() -> str:
    return "open"


@probe.route("/probe", methods=["POST"])
def probe_view() -> str:
    """Answer at once, or wait until told when the request carries ``wait``."""
    if "wait" in request.args:
        entered.set()
        assert leave.wait(_TIMEOUT)
    return "done"


@probe.route("/exempt-probe", methods=["POST"])
@csrf.exempt
def exempt_probe_view() -> str:
    return "exempt"


class ProbePlugin(p.SingletonPlugin):
    """Views that change nothing, one of them exempt from CSRF checks on purpose."""

    p.implements(p.IBlueprint)

    def get_blueprint(self) -> list[Blueprint]:
        return [probe, csrf.exempt(open_probe)]


@pytest.fixture(autouse=True)
def fresh_exemptions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start from a process in which no request has been made and no plugin been loaded."""
    start_up = {f"{__name__}.exempt_probe_view"}
    monkeypatch.setattr(csrf, "_exempt_views", start_up)


@pytest.fixture
def events() -> Iterator[None]:
    entered.clear()
    leave.clear()
    yield
    leave.set()


@pytest.fixture
def victim(app: Any) -> dict[str, Any]:
    """Log a sysadmin in by session cookie."""
    user = factories.Sysadmin()
    app.set_session_user(user["id"])
    return user


def bearer() -> dict[str, str]:
    """Return the header of a request that authenticates by an API token."""
    return {"Authorization": factories.SysadminWithToken()["token"]}


def csrf_token(app: Any, url: str) -> str:
    """Return the token that a page carries for its scripts and forms."""
    meta = BeautifulSoup(app.get(url).body, "html.parser").select_one("meta[name=_csrf_token]")
    assert meta is not None
    return str(meta["content"])


def prime(app: Any, url: str, way: str) -> None:
    """Make a request that CKAN exempts from CSRF checks, from another browser."""
    app.test_client().get(url, headers=bearer() if way == "token" else {})


def is_deleted(dataset: dict[str, Any]) -> bool:
    model.Session.expire_all()
    package = model.Package.get(dataset["id"])
    assert package is not None
    return package.state == "deleted"


@pytest.mark.ckan_config("WTF_CSRF_ENABLED", True)
@pytest.mark.ckan_config("ckan.plugins", "tangerang_security")
@pytest.mark.usefixtures("non_clean_db", "with_plugins")
class TestConfined:
    @pytest.mark.parametrize("way", ["token", "anonymous"])
    def test_primed_view_still_wants_a_token(
        self, app: Any, victim: dict[str, Any], way: str
    ) -> None:
        dataset = factories.Dataset(user=victim)
        url = f"/dataset/delete/{dataset['name']}"
        prime(app, url, way)

        response = app.post(url)

        assert response.status_code == 400
        assert "CSRF" in response.body
        assert not is_deleted(dataset)

    def test_token_of_the_page_is_accepted(self, app: Any, victim: dict[str, Any]) -> None:
        dataset = factories.Dataset(user=victim)
        url = f"/dataset/delete/{dataset['name']}"
        prime(app, url, "token")
        token = csrf_token(app, f"/dataset/{dataset['name']}")

        app.post(url, data={"_csrf_token": token}, follow_redirects=False, status=302)

        assert is_deleted(dataset)

    def test_api_token_needs_no_csrf_token(self, app: Any) -> None:
        dataset = factories.Dataset()
        headers = bearer()

        for _ in range(2):
            response = app.post(
                "/api/3/action/package_patch",
                json={"id": dataset["id"], "title": "Baru"},
                headers=headers,
            )
            assert response.status_code == 200, response.body

    @pytest.mark.usefixtures("victim")
    def test_api_with_a_session_wants_a_token(self, app: Any) -> None:
        dataset = factories.Dataset()
        url = "/api/3/action/package_patch"
        app.test_client().post(url, json={"id": dataset["id"]}, headers=bearer())

        app.post(url, json={"id": dataset["id"], "title": "Diubah"}, status=400)

    @pytest.mark.usefixtures("clean_db", "clean_index")
    def test_no_request_leaves_an_exemption_behind(self, app: Any) -> None:
        dataset = factories.Dataset()
        before = set(csrf._exempt_views)
        for url in ("/", "/dataset/", f"/dataset/{dataset['name']}", "/api/3/action/status_show"):
            prime(app, url, "anonymous")
            prime(app, url, "token")

        assert set(csrf._exempt_views) == before

    def test_second_application_keeps_the_set(self, make_app: Any) -> None:
        make_app()
        first = csrf._exempt_views
        assert isinstance(first, RequestScopedSet)

        make_app()

        assert csrf._exempt_views is first


@pytest.mark.ckan_config("WTF_CSRF_ENABLED", True)
@pytest.mark.with_plugins("tangerang_security", {"probe": ProbePlugin})
@pytest.mark.usefixtures("non_clean_db", "with_plugins", "events")
class TestViewsOfAPlugin:
    def test_exempt_on_purpose_stays_exempt(self, app: Any, victim: dict[str, Any]) -> None:
        assert victim
        assert app.post("/open-probe").body == "open"
        assert app.post("/exempt-probe").body == "exempt"
        app.post("/probe", status=400)

    def test_exemption_is_not_seen_by_a_request_at_the_same_time(
        self, app: Any, victim: dict[str, Any]
    ) -> None:
        assert victim
        answers: list[int] = []
        headers = bearer()
        model.Session.commit()

        def token_request() -> None:
            answer = app.test_client().post("/probe?wait", headers=headers)
            answers.append(answer.status_code)

        thread = threading.Thread(target=token_request)
        thread.start()
        assert entered.wait(_TIMEOUT), "the token request never reached the view"

        during = app.post("/probe")
        leave.set()
        thread.join(_TIMEOUT)

        assert answers == [200]
        assert during.status_code == 400


@pytest.mark.ckan_config("WTF_CSRF_ENABLED", True)
@pytest.mark.usefixtures("non_clean_db")
@pytest.mark.parametrize("way", ["token", "anonymous"])
def test_stock_ckan_is_still_open(app: Any, victim: dict[str, Any], way: str) -> None:
    """Without our plugin the hole is there; when this fails, the mitigation may go."""
    dataset = factories.Dataset(user=victim)
    url = f"/dataset/delete/{dataset['name']}"
    app.post(url, status=400)
    prime(app, url, way)

    app.post(url, follow_redirects=False, status=302)

    assert is_deleted(dataset), "this CKAN exempts per request: tangerang_security can go"


class TestRequestScopedSet:
    def test_additions_outside_a_request_stay(self) -> None:
        views = RequestScopedSet({"a"})
        views.add("b")

        assert {"a", "b"} == set(views)
        assert "b" in views
        assert "c" not in views

    def test_additions_in_a_request_go_with_it(self, test_request_context: Any) -> None:
        views = RequestScopedSet()
        with test_request_context("/"):
            views.add("a")
            assert "a" in views
            with test_request_context("/"):
                assert "a" not in views
        assert "a" not in views

    def test_confining_keeps_what_is_exempt(self) -> None:
        before = set(csrf._exempt_views)
        confine_exemptions()
        confine_exemptions()

        assert isinstance(csrf._exempt_views, RequestScopedSet)
        assert set(csrf._exempt_views) == before
