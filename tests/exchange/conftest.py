"""Fixtures for the tests of statistical metadata for other systems."""

from __future__ import annotations

import io
import json
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories

from tests.metadata.conftest import make, people
from tests.metadata.records import survey

#: The plugins that these tests are about, and their partners.
PLUGINS = (
    "tangerang_exchange tangerang_workbook tangerang_metadata tangerang_opd scheming_datasets "
    "scheming_organizations"
)

__all__ = ["make", "people"]


def survey_data(variables: int, **more: Any) -> dict[str, Any]:
    """Return a survey in place of the compilation that ``make.activity`` makes."""
    closed = ("iv_sarana_pengumpulan_lainnya", "iv_unit_pengumpulan_data_lainnya")
    return {**survey(variables), **dict.fromkeys(closed), **more}


@pytest.fixture
def login():
    """Return what gives the headers of a request of a user."""

    def logging_in(user: Any) -> dict[str, str]:
        return {"Authorization": factories.APIToken(user=user["name"])["token"]}

    return logging_in


@pytest.fixture
def editor(login, people):
    """Return the headers of a request of the editor of the OPD."""
    return login(people.editor)


@pytest.fixture
def imports(people):
    """Return what imports a file as the editor of an OPD, with all checks of access."""

    def calling(content: Any, user: Any = None, **data: Any) -> dict[str, Any]:
        if isinstance(content, str):
            content = content.encode()
        if not isinstance(content, bytes):
            content = json.dumps(content, ensure_ascii=False).encode()
        name = (user or people.editor)["name"]
        return tk.get_action("tangerang_indah_import")(
            {"user": name}, {"upload": io.BytesIO(content), "name": "berkas.json", **data}
        )

    return calling


@pytest.fixture
def document(people):
    """Return what gives the document of a record, as the editor of its OPD sees it."""

    def showing(record: Any, user: Any = None) -> dict[str, Any]:
        name = (user or people.editor)["name"]
        return tk.get_action("tangerang_indah_show")({"user": name}, {"id": record["id"]})

    return showing
