"""Style sheets that the body of a page asks for stand in its head."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup

pytestmark = pytest.mark.usefixtures("with_portal", "clean_db", "clean_index")

#: A page whose body asks for a sheet of its own, and one that answers with an error.
PAGES = {"/kategori": 200, "/tidak-ada": 404}


def sheets(part: Any) -> list[str]:
    """Return the addresses of the style sheets in a part of a page."""
    return [link["href"] for link in part.find_all("link", rel="stylesheet")]


@pytest.mark.parametrize("path", PAGES)
def test_all_are_in_the_head(path: str, app: Any) -> None:
    page = BeautifulSoup(app.get(path, status=PAGES[path]).body, "html.parser")

    assert sheets(page.body) == []
    assert len(set(sheets(page.head))) == len(sheets(page.head))


def test_those_of_the_body_come_after_that_of_the_theme(app: Any) -> None:
    page = BeautifulSoup(app.get("/kategori").body, "html.parser")
    names = [url.rsplit("_", 1)[-1] for url in sheets(page.head)]

    assert names.index("theme.css") < names.index("kategori.css")


def test_what_htmx_asks_for_stays_whole(app: Any) -> None:
    answer = app.get("/kategori", headers={"HX-Request": "true"})
    page = BeautifulSoup(answer.body, "html.parser")

    assert any(url.endswith("_kategori.css") for url in sheets(page.body))


def test_files_are_left_alone(app: Any) -> None:
    assert app.get("/tangerang-theme/logo.svg").status_code == 200
