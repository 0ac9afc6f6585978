"""Fixtures of the leak tests: a whole portal with the review on, and who reads it."""

from __future__ import annotations

import gzip
import io
import zipfile
from typing import TYPE_CHECKING, NamedTuple

import ckan.plugins.toolkit as tk
import pytest
from ckan.common import config

from tests.core.plugin import PRODUCTION_PLUGINS
from tests.review.conftest import complete, people, review_is_on, staff, with_plugins

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["complete", "people", "review_is_on", "staff", "with_plugins"]

#: All plugins of a production portal.
PLUGINS = " ".join(PRODUCTION_PLUGINS)


@pytest.fixture
def disk(monkeypatch, tmp_path):
    """Keep files, and the finished catalogue, on a disk of the test."""
    monkeypatch.setitem(config, "ckan.files.default_storages.resource", "no such storage")
    monkeypatch.setitem(config, "ckan.storage_path", str(tmp_path))
    return tmp_path


class Answer(NamedTuple):
    """What a reader got."""

    status: int
    #: The body as text, unpacked; of a ZIP or XLSX the text of all that is in it.
    text: str
    headers: Mapping[str, str]


def unpacked(body: bytes) -> str:
    """Return a body as text; of an archive all of its members."""
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return "\n".join(
                f"{name}\n{unpacked(archive.read(name))}" for name in archive.namelist()
            )
    if body[:2] == b"\x1f\x8b":
        body = gzip.decompress(body)
    return body.decode("utf-8", "replace")


class Reader:
    """Somebody with a browser that keeps nothing from one request to the next."""

    def __init__(self, app, user=None):
        self.app, self.user = app, user

    def read(self, asked, **headers):
        """Ask for something (an ``outputs.Asked``), and follow no redirect."""
        client = self.app.test_client(use_cookies=self.user is not None)
        if self.user:
            with client.session_transaction() as session:
                session["_user_id"], session["_fresh"] = self.user["id"], True
        headers = {"Accept": "text/html,*/*", **headers}
        send = client.get if asked.form is None else client.post
        more = {} if asked.form is None else {"data": asked.form}
        try:
            answer = send(asked.path, headers=headers, follow_redirects=False, **more)
        except (tk.NotAuthorized, tk.ObjectNotFound):
            # A page of CKAN that fails where an action refuses: the visitor gets nothing of it.
            return Answer(500, "", {})
        return Answer(answer.status_code, unpacked(answer.get_data()), dict(answer.headers))


@pytest.fixture
def reader(app):
    """Return what makes readers."""
    return lambda user=None: Reader(app, user)
