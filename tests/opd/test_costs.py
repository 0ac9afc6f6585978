"""What the registry adds to CKAN's own actions where nobody uses it: at most one query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins as p
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.tangerang.opd import store
from tests.theme.conftest import counted

from .people import PLUGINS

if TYPE_CHECKING:
    from collections.abc import Callable

OURS = ("tangerang_opd", "scheming_organizations")
#: Each action with what it is asked, and how many queries more than in a stock CKAN it takes:
#: the creation of a dataset asks whether its OPD has ended.
ACTIONS = {
    "organization_show": ({"id": "dinkes"}, 0),
    "package_search": ({"fq": "title:x"}, 0),
    "package_search of one organization": ({"fq": "organization:dinkes"}, 1),
    "package_create by id": ({"owner_org": "{id}"}, 1),
    "package_create by name": ({"owner_org": "dinkes"}, 1),
    "package_patch": ({"id": "data", "title": "{new}"}, 0),
}


@pytest.mark.ckan_config("ckan.plugins", " ".join(OURS))
@pytest.mark.usefixtures("clean_index")
class TestStock:
    @pytest.fixture
    def measure(self, with_plugins: None, clean_db: None) -> Callable[[], dict[str, int]]:
        organization = factories.Organization(name="dinkes")
        user = factories.Sysadmin()["name"]
        factories.Dataset(name="data", owner_org=organization["id"])
        number = 0

        def once(case: str) -> int:
            nonlocal number
            number += 1
            action, data = case.split(" ", maxsplit=1)[0], dict(ACTIONS[case][0])
            for key, value in data.items():
                data[key] = value.format(id=organization["id"], new=f"Judul {number}")
            if action == "package_create":
                data["name"] = f"data-{number}"
            model.Session.remove()
            with counted() as queries:
                call_action(action, context={"user": user, "ignore_auth": False}, **data)
            return len(queries.sql)

        def measuring() -> dict[str, int]:
            for case in ACTIONS:
                once(case)
            return {case: once(case) for case in ACTIONS}

        return measuring

    def test_at_most_one_query_more(self, measure: Any) -> None:
        ours = measure()
        p.unload(*OURS)
        stock = measure()
        p.load(*OURS)
        more = {case: ours[case] - stock[case] for case in ACTIONS}
        assert more == {case: expected for case, (_, expected) in ACTIONS.items()}


@pytest.mark.ckan_config("ckan.plugins", PLUGINS)
def test_the_registry_is_read_by_one_query(portal):
    model.Session.remove()
    with counted() as queries:
        assert len(store.load()) == 3
    assert len(queries.sql) == 1
