"""Open records cost nothing more: not one SQL statement, on any path that reads."""

from __future__ import annotations

import ckan.plugins as p
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from tests.theme.conftest import COMPLETE, counted

OURS = "tangerang_access"
STOCK = (
    "tangerang_metadata tangerang_opd datastore datatables_view scheming_datasets "
    "scheming_organizations"
)


@pytest.mark.ckan_config("ckan.plugins", f"{OURS} {STOCK}")
@pytest.mark.usefixtures("with_plugins", "app", "clean_db", "clean_index")
class TestOpen:
    @pytest.fixture
    def made(self):
        office = factories.Organization(name="dinkes")
        made = factories.Dataset(
            name="data", owner_org=office["id"], accesslevel="terbuka", **COMPLETE
        )
        file = factories.Resource(
            package_id=made["id"], format="CSV", url="http://example.org/a.csv"
        )
        call_action(
            "resource_view_create", resource_id=file["id"], view_type="datatables_view", title="x"
        )
        return file

    def calls(self, app, file):
        """Return what is measured: actions as a visitor, and pages."""
        visitor = {"user": "", "ignore_auth": False}
        pages = ["/dataset/data", "/dataset/", f"/dataset/data/resource/{file['id']}"]
        return {
            "package_show": lambda: call_action("package_show", visitor.copy(), id="data"),
            "package_search": lambda: call_action("package_search", visitor.copy(), q="*:*"),
            "resource_show": lambda: call_action("resource_show", visitor.copy(), id=file["id"]),
            "resource_view_list": lambda: call_action(
                "resource_view_list", visitor.copy(), id=file["id"]
            ),
            **{page: lambda page=page: app.get(page, status=200) for page in pages},
        }

    def measure(self, calls):
        found = {}
        for name, call in calls.items():
            call()
            model.Session.remove()
            with counted() as queries:
                call()
            found[name] = len(queries.sql)
        return found

    def test_not_one_statement_more(self, app, made):
        calls = self.calls(app, made)
        ours = self.measure(calls)
        p.unload(OURS)
        try:
            stock = self.measure(calls)
        finally:
            p.load(OURS)
        assert ours == stock

    def test_nothing_of_ours_is_asked(self, app, made):
        with counted() as queries:
            for call in self.calls(app, made).values():
                call()
            call_action("package_patch", id="data", title="Judul lain")
        assert not [sql for sql in queries.sql if "tangerang_access" in sql]
