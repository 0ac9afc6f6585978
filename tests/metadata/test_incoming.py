"""What callers send, without characters that no database and no XML can hold."""

from __future__ import annotations

import pytest
from ckan.tests.helpers import call_action

from ckanext.tangerang.metadata import incoming

from .conftest import PLUGINS

UNFIT = "\x00\x01\x08\x0b\x0c\x1f\ud800\udfff\ufffe\uffff"


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        (f"a{UNFIT}b", "ab"),
        ("baris\r\n\tlain 数 \U0001f9d1 \x7f\x85", "baris\r\n\tlain 数 \U0001f9d1 \x7f\x85"),
        ({"a": [{"b": f"{UNFIT}c", "d": 1}]}, {"a": [{"b": "c", "d": 1}]}),
        ({f"a{UNFIT}": None, "b": True}, {"a": None, "b": True}),
    ],
    ids=["text", "kept", "nested", "keys"],
)
def test_cleaned(sent, stored):
    assert incoming.cleaned(sent) == stored


def test_what_is_clean_is_the_same_object():
    sent = {"a": ["b", {"c": "d"}], "e": 1, "upload": object()}
    assert incoming.cleaned(sent) is sent


def test_what_is_nested_deeper_than_any_form_is_left_to_the_validators():
    deep = last = {}
    for _ in range(2_000):
        last["a"] = {}
        last = last["a"]
    last["a"] = UNFIT
    assert incoming.cleaned(deep) is deep


@pytest.mark.ckan_config("ckan.plugins", PLUGINS)
@pytest.mark.usefixtures("people")
def test_records_and_files_are_stored_without_them(make):
    made = make.dataset()
    file = call_action(
        "resource_create", package_id=made["id"], url="https://x.test/a.csv", name=f"A{UNFIT}"
    )
    call_action("package_patch", id=made["id"], notes=f"Catatan{UNFIT} baru")
    call_action("resource_patch", id=file["id"], description=f"Isi{UNFIT}")
    now = call_action("package_show", id=made["id"])
    assert now["notes"] == "Catatan baru"
    assert (now["resources"][0]["name"], now["resources"][0]["description"]) == ("A", "Isi")
