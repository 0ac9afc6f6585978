"""Fixtures for the tests of the theme: pages, content, and counting of queries."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib import i18n
from ckan.tests import factories
from ckan.tests.helpers import call_action
from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: The languages of the portal, as they begin an address when English is the default of the tests.
LANGUAGES = {"en": "", "id": "/id"}

HOSTILE = '<img src=x onerror=alert(1)> & "quoted"'

#: What the dataset schema of the portal asks for.
COMPLETE: dict[str, Any] = {
    "notes": "Jumlah puskesmas yang **terdaftar**.",
    "definisi": "Puskesmas yang terdaftar pada dinas.",
    "satuan": "unit",
    "periode_awal": "2020",
    "periode_akhir": "2024",
    "tingkat_penyajian": ["kecamatan"],
    "bidang_urusan": "1.02",
    "kategori": ["kesehatan"],
    "kontak_email": "data@example.go.id",
    "penanggung_jawab": "Kepala Bidang Data",
    "license_id": "cc-by",
}

Page = BeautifulSoup


def text(node: Any) -> str:
    """Return the text of a page or a part of it with single blanks."""
    return " ".join(node.get_text(" ").split())


@pytest.fixture
def page(app: Any) -> Callable[..., Page]:
    """Return a function that fetches an address and parses the page."""

    def fetch(url: str, token: str | None = None, status: int = 200) -> Page:
        headers = {"Authorization": token} if token else {}
        return BeautifulSoup(app.get(url, headers=headers, status=status).body, "html.parser")

    return fetch


@pytest.fixture
def token() -> str:
    """Make a sysadmin and return a token of theirs."""
    user = factories.Sysadmin(image_url="")
    return str(call_action("api_token_create", user=user["name"], name="t")["token"])


@pytest.fixture
def office() -> dict[str, Any]:
    """Make an organization."""
    return factories.Organization(name="dinkes", title="Dinas Kesehatan", image_url="")


@pytest.fixture
def dataset(office: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    """Return a function that makes a dataset of the organization."""

    def make(**values: Any) -> dict[str, Any]:
        return factories.Dataset(
            **{
                "name": "puskesmas",
                "title": "Jumlah Puskesmas menurut Kecamatan",
                "owner_org": office["id"],
                **COMPLETE,
                **values,
            }
        )

    return make


@pytest.fixture
def indonesian(ckan_config: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Offer Indonesian, the default, and English, as a portal does. List it before ``app``."""
    monkeypatch.setitem(ckan_config, "ckan.locale_default", "id")
    monkeypatch.setitem(ckan_config, "ckan.locales_offered", ["id", "en"])
    monkeypatch.setitem(ckan_config, "ckan.locale_order", ["id", "en"])
    for cache in ("available_locales", "locales", "locales_dict"):
        monkeypatch.setattr(i18n, cache, None)


@dataclass
class Queries:
    """What was asked of database and search index."""

    sql: list[str] = field(default_factory=list)
    solr: list[str] = field(default_factory=list)


class _SolrLog(logging.Handler):
    """Collects the requests to Solr from the log of the HTTP library."""

    def __init__(self, found: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self.found = found

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if "/solr/" in message:
            self.found.append(message)


@contextmanager
def counted() -> Iterator[Queries]:
    """Count SQL statements and requests to Solr."""
    queries = Queries()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        queries.sql.append(statement)

    engine = model.meta.engine
    assert engine is not None
    logger = logging.getLogger("urllib3.connectionpool")
    level, disabled = logger.level, logger.disabled
    handler = _SolrLog(queries.solr)
    event.listen(engine, "before_cursor_execute", note)
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.disabled = False
    try:
        yield queries
    finally:
        logger.setLevel(level)
        logger.disabled = disabled
        logger.removeHandler(handler)
        event.remove(engine, "before_cursor_execute", note)
