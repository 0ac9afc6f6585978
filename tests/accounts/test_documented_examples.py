"""What the page on the API shows is what the API takes and answers."""

from __future__ import annotations

import json
import re

import pytest

from ckanext.tangerang.accounts.logic.action import actions
from stack.layout import REPOSITORY

from .conftest import PLUGINS, act

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "app", "people"),
]

PAGE = (REPOSITORY / "docs" / "en" / "accounts-api.md").read_text(encoding="utf-8")
BLOCKS = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]


def matches(shown, real):
    """Tell whether an answer is as the page shows it; "…" stands for what differs each time."""
    if shown == "…":
        return True
    if isinstance(shown, dict) and "…" in shown:
        return list(shown.values()) == list(real.values())
    if isinstance(shown, dict):
        return set(shown) == set(real) and all(matches(shown[key], real[key]) for key in shown)
    if isinstance(shown, list):
        return len(shown) == len(real) and all(map(matches, shown, real))
    return shown == real


def test_the_examples_in_their_order(people):
    def call(action, data, /):
        return act(f"tangerang_account_{action}", people.walidata, **data)

    accounts, checked, link, linked, listed, found, move, hand, handed, disable, *rest = BLOCKS
    assert matches(checked, call("create", accounts))
    first = {"accounts": accounts["accounts"][:1], "dry_run": False}
    assert call("create", first)["applied"] is True
    colleague = {"fullname": "Budi Santoso", "organization": "dinkes", "role": "editor"}
    call("create", {"accounts": [colleague], "dry_run": False})
    assert matches(linked, call("link", link))
    call("disable", {"id": "budi-santoso"})
    assert matches(found, call("list", listed))
    assert matches(found["results"][0], call("show", link))
    call("enable", {"id": "budi-santoso"})
    assert call("move", move)["roles"][0]["role"] == "member"
    assert matches(handed, call("handover", hand))
    assert call("disable", disable)["state"] == "disabled"
    assert call("enable", disable)["state"] == "pending"
    wanted, answer = rest
    real = call("audit_list", wanted)
    for row in (*answer["results"], *real["results"]):
        del row["position"]
    answer["results"][0]["actor"] = people.walidata["name"]
    assert matches(answer, real)


def test_every_action_is_on_the_page():
    assert all(f"`{name}`" in PAGE for name in actions())
