"""What the page on the API shows is what the API takes and answers."""

from __future__ import annotations

import json
import re

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories

from ckanext.tangerang.content.logic import action as pages
from ckanext.tangerang.usage import counter
from ckanext.tangerang.usage.logic import action as figures
from ckanext.tangerang.usage.model import Usage
from stack.layout import REPOSITORY
from tests.accounts.test_documented_examples import matches
from tests.usage.conftest import no_counts, records

from .conftest import PLUGINS, act

pytestmark = pytest.mark.usefixtures("with_plugins", "app")

#: Fixtures of the other plugin.
__all__ = ["no_counts", "records"]

TEXT = (REPOSITORY / "docs" / "en" / "content-api.md").read_text(encoding="utf-8")
PAGES, FIGURES = (
    [json.loads(block) for block in re.findall(r"```json\n(.*?)```", part, re.DOTALL)]
    for part in TEXT.split("## Figures of use")
)


@pytest.mark.ckan_config("ckan.plugins", PLUGINS)
def test_pages_in_their_order(staff):
    def call(name, data, user=staff.walidata):
        return act(name, user, **data)

    listed, found, shown, create, made, update, wanted, history, delete, revert = PAGES
    assert matches(found, call("list", listed, None))
    assert call("show", shown, None)["title_en"] == "Help"
    assert matches(made, call("create", create))
    assert call("show", {"id": "pelatihan"}, None)["text_id"] == "\nPelatihan gratis.\n"
    changed = call("update", update)
    assert (changed["version"], changed["open_points"]) == (2, [])
    assert matches(history, call("history", wanted))
    with pytest.raises(tk.ValidationError) as caught:
        call("update", update)
    assert list(caught.value.error_dict) == ["version"]
    assert call("delete", delete)["deleted"] is True
    back = call("revert", revert)
    assert (back["version"], back["deleted"]) == (4, False)


@pytest.mark.ckan_config("ckan.plugins", "tangerang_usage datastore")
def test_figures_in_their_order(records):
    row = {"package_id": records.stunting["id"], "day": counter.today()}
    model.Session.add(Usage(**row, views=5, downloads=2))
    model.Session.commit()
    reader = factories.Sysadmin()["name"]
    names = ("list", "show", "month_list", "organization_show")
    for name, wanted, shown in zip(names, FIGURES[::2], FIGURES[1::2], strict=True):
        real = tk.get_action(f"tangerang_usage_{name}")({"user": reader}, wanted)
        assert matches(shown, real), name


def test_every_action_is_on_the_page():
    for module in (pages, figures):
        for name in vars(module):
            if name.startswith("tangerang_"):
                assert f"`{name}`" in TEXT
