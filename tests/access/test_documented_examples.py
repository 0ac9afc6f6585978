"""What the page on the API shows is what the API takes and answers."""

from __future__ import annotations

import json
import re

import pytest

from ckanext.tangerang.access.logic.action import actions
from stack.layout import REPOSITORY
from tests.accounts.test_documented_examples import matches

from .conftest import PLUGINS, ask
from .test_requests import day

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "app"),
]

PAGE = (REPOSITORY / "docs" / "en" / "access-api.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)


def blocks(**values):
    """Return the examples, with what is not known beforehand filled in."""
    texts = BLOCKS
    for name, value in values.items():
        texts = [text.replace(f"{{{name}}}", value) for text in texts]
    return [json.loads(text) for text in texts]


def test_the_examples_in_their_order(roles, restricted, browse):
    file = {"file": restricted.file["id"]}
    refused, may, may_not, asking, asked, wanted, waiting, *_ = blocks(**file)
    answer = browse().get(restricted.file["url"], headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert matches(refused, answer.get_json())
    assert ask("tangerang_access_read", None, **may) == may_not
    request = ask("tangerang_access_request", None, **asking)
    assert matches(asked, request)
    assert matches(waiting, ask("tangerang_access_list", roles.admin, **wanted))
    *_, grant, granted, revoke, reading, reads = blocks(**file, request=request["id"], day=day(9))
    assert matches(granted, ask("tangerang_access_grant", roles.admin, **grant))
    assert ask("tangerang_access_revoke", roles.admin, **revoke)["state"] == "dicabut"
    browse(roles.editor).api("datastore_search", resource_id=restricted.file["id"])
    assert matches(reads, ask("tangerang_access_read_list", roles.admin, **reading))


def test_every_action_is_on_the_page():
    own = [name for name in actions() if name.startswith("tangerang_")]
    assert own
    assert all(f"`{name}`" in PAGE for name in own)
