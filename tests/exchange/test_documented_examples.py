"""What the page on statistical metadata shows is what the portal answers."""

from __future__ import annotations

import io
import json
import re

import ckan.plugins.toolkit as tk
import pytest

from stack.layout import REPOSITORY

from .conftest import PLUGINS

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "app", "clean_db", "clean_index"),
]
PAGE = (REPOSITORY / "docs" / "en" / "statistical-metadata.md").read_text(encoding="utf-8")


def _block(begins):
    """Return the JSON of the page that begins so."""
    found = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    (text,) = [text for text in found if text.startswith(begins)]
    return json.loads(text)


def _agrees(shown, made):
    """Tell whether all that is shown is in what was made; lists may go on."""
    if isinstance(shown, dict):
        return isinstance(made, dict) and all(
            key in made and _agrees(value, made[key]) for key, value in shown.items()
        )
    if isinstance(shown, list) and shown:
        return all(_agrees(value, made[at]) for at, value in enumerate(shown))
    return shown == made


def test_the_document(make, document):
    activity = make.activity()
    (name,) = re.findall(r"tangerang_indah_show\?id=([\w-]+)", PAGE)
    assert activity["name"] == name
    assert _agrees(_block('{"base_id"'), document(activity))


def test_the_import(make, document, people):
    activity = make.activity()
    made = document(activity)
    made["data"]["blok_iii"]["tujuan_kegiatan"] = "Tujuan baru."
    made["data"]["blok_ix"] = {"catatan": "baru"}
    found = tk.get_action("tangerang_indah_import")(
        {"user": people.editor["name"]},
        {"upload": io.BytesIO(json.dumps(made).encode()), "name": "kegiatan.indah.json"},
    )
    shown = _block('{"changes"')
    assert _agrees(shown, found)
    assert found["unplaced"] == shown["unplaced"]


@pytest.mark.parametrize(
    "action", sorted(set(re.findall(r"`(tangerang_\w+_(?:show|list|import))`", PAGE)))
)
def test_the_actions_are_there(action):
    assert tk.get_action(action).__doc__
