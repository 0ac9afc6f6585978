"""What the page on the API shows is what the API takes and answers."""

from __future__ import annotations

import json
import re

import pytest

from stack.layout import REPOSITORY
from tests.review.conftest import ask

from .conftest import PLUGINS

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("staff", "pages"),
]

PAGE = (REPOSITORY / "docs" / "en" / "notifications-api.md").read_text(encoding="utf-8")
BLOCKS = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]


def like(answer, shown):
    """Return an answer with those values shortened that the page shortens."""
    if shown == "…":
        assert isinstance(answer, str)
        assert answer
        return shown
    if isinstance(shown, dict):
        assert answer.keys() == shown.keys()
        return {key: like(value, shown[key]) for key, value in answer.items()}
    if isinstance(shown, list):
        assert len(answer) == len(shown)
        return [like(*pair) for pair in zip(answer, shown, strict=True)]
    return answer


def test_the_examples(staff, complete, handed_in):
    listed, marked, chosen, sent, came, inventory, start = BLOCKS

    def answers(shown, name, user, **data):
        answer = ask(name, user, **data)
        assert like(answer, shown) == shown, name

    answers(listed, "tangerang_notification_list", staff.second, unread=True, limit=1)
    answers(marked, "tangerang_notification_read", staff.second, all=True)
    answers(chosen, "tangerang_notification_setting_update", staff.second, mail="harian")
    answers(came, "tangerang_review_several", staff.second, **sent)
    answers(start, "tangerang_start_show", staff.editor)
    plan = {"name": "terbit", "jadwal_rilis": "2099-11"}
    ask("package_create", staff.sysadmin, **{**complete, **plan})
    answers(inventory, "tangerang_inventory_list", None, release="terjadwal", limit=1)
