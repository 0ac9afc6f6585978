"""What the page on the API shows is what the API takes and answers."""

from __future__ import annotations

import json
import re

import ckan.plugins.toolkit as tk
import pytest

from stack.layout import REPOSITORY

from . import records
from .conftest import PLUGINS

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
]

PAGE = (REPOSITORY / "docs" / "en" / "metadata-api.md").read_text(encoding="utf-8")


def block(begins):
    """Return the JSON block of the page that begins so."""
    (found,) = [
        text
        for text in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
        if text.startswith(begins)
    ]
    return json.loads(found)


@pytest.fixture
def call(people):
    def calling(action, **data):
        return tk.get_action(action)({"user": people.editor["name"]}, data)

    return calling


def test_the_activity_is_taken_as_a_draft_and_comes_back(call):
    sent = block('{"type": "kegiatan"')
    made = call("package_create", **sent)
    assert made["state"] == "draft"
    assert made["variabel"][0].pop("kode") == "V001"
    assert {name: made[name] for name in sent if name != "owner_org"} == {
        name: value for name, value in sent.items() if name != "owner_org"
    }


def test_the_messages_are_those_of_the_page(call, people):
    expected = block('{"iv_frekuensi_penyelanggara"')
    wrong = records.compilation() | {"owner_org": people.opd["id"], "v_unit_sampel": "Orang"}
    wrong["iv_wilayah_kegiatan"] = ["3603130"]
    del wrong["iv_frekuensi_penyelanggara"], wrong["variabel"][1]["definisi"]
    with pytest.raises(tk.ValidationError) as error:
        call("package_create", **wrong)
    assert error.value.error_dict == expected


def test_the_conditions_are_those_of_the_page(call):
    (sent,) = re.findall(r"-d '(\{\"type\": \"indikator\".*?\})'", PAGE, re.DOTALL)
    shown = call("tangerang_condition_show", **json.loads(sent))
    for entry in re.findall(r'  (\{"field": .*?\})[,\]]', PAGE):
        assert json.loads(entry) in shown["missing"]
    assert shown["closed_but_filled"] == []


@pytest.mark.parametrize("name", re.findall(r"codelist_show\?name=(\w+)", PAGE))
def test_the_code_list_is_that_of_the_page(call, name):
    shown = call("tangerang_codelist_show", name=name)
    for entry in re.findall(r'  (\{"key": .*?\}),', PAGE):
        assert json.loads(entry) in shown["items"]
