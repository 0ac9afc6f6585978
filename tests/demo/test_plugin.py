"""The plugin: banner and ``noindex``, only while it is on."""

from __future__ import annotations

import pytest

BANNER = "tangerang-demo-banner"
ROBOTS_META = '<meta name="robots" content="noindex, nofollow">'
PAGES = ["/", "/dataset/", "/organization/", "/user/login", "/about", "/no-such-page"]


@pytest.mark.ckan_config("ckan.plugins", "tangerang_demo")
@pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")
class TestOn:
    """Alone: nothing else of ours is needed."""

    def test_every_page_has_the_banner_once_and_keeps_robots_out(self, app) -> None:
        for path in PAGES:
            answer = app.get(path)
            assert answer.body.count(BANNER) == 1, path
            assert "Sample portal, not official data" in answer.body, path
            assert ROBOTS_META in answer.body, path
            assert answer.headers["X-Robots-Tag"] == "noindex, nofollow", path
            # What the page has of its own is still there.
            assert 'id="content"' in answer.body, path
            assert '<meta name="csrf_field_name"' in answer.body, path

    def test_every_other_answer_has_the_header(self, app) -> None:
        for path in ("/api/3/action/status_show", "/api/3/action/nothing", "/robots.txt"):
            assert app.get(path).headers["X-Robots-Tag"] == "noindex, nofollow", path


@pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")
class TestWithTheTheme:
    """The banner stays on top, whichever plugin comes first."""

    @pytest.mark.ckan_config("ckan.plugins", "tangerang_theme tangerang_demo")
    def test_after_the_theme(self, app) -> None:
        self.check(app)

    @pytest.mark.ckan_config("ckan.plugins", "tangerang_demo tangerang_theme")
    def test_before_the_theme(self, app) -> None:
        self.check(app)

    def check(self, app) -> None:
        """Check all pages."""
        for path in PAGES:
            body = app.get(path).body
            assert body.count(BANNER) == 1, path
            assert body.index("<body") < body.index(BANNER) < body.index("<header"), path
            assert ROBOTS_META in body, path


@pytest.mark.ckan_config("ckan.plugins", "tangerang_interop")
@pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")
def test_nothing_is_marked_while_it_is_off(app) -> None:
    answer = app.get("/")
    assert BANNER not in answer.body
    assert 'name="robots"' not in answer.body
    assert "X-Robots-Tag" not in answer.headers
