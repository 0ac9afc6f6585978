"""A switch of a published record to its next version: all of it, or nothing."""

from __future__ import annotations

import pytest

from ..conftest import PLUGINS
from . import scenario

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("staff"),
]


def test_everything_is_new_and_ids_stay(revised):
    before = scenario.look(revised.id, revised.all)
    scenario.approve(revised.user, revised.id, revised.shadow, revised.changes)
    after = scenario.look(revised.id, revised.all)
    assert before["title"] == "Puskesmas lama"
    assert after["title"] == "Puskesmas baru"
    assert after["index"] == ("Puskesmas baru", ["Tabel baru", "Tabel baru"])
    assert [key for key, _ in after["files"]] == [revised.first, revised.final]
    assert after["active"] == [True, True]
    assert after["content"] == {
        revised.first: "versi\nbaru\n",
        revised.second: None,
        revised.final: "versi\nbaru\n",
    }
    assert after["tables"] == {
        revised.first: [{"versi": "baru", "tambahan": "baru"}] * 3,
        revised.second: None,
        revised.final: [{"versi": "baru"}] * 3,
    }
    assert scenario.remains() == []
