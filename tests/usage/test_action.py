"""What is used most, by whom it may be seen, and that nothing is counted twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.cli.cli import ckan
from ckan.lib.redis import connect_to_redis
from ckan.tests import factories
from ckan.tests.helpers import call_action, call_auth
from redis import Redis

from ckanext.tangerang.usage import counter, flush, store
from ckanext.tangerang.usage.model import PortalDay, Usage, UsageBatch, now

from .conftest import PLUGINS, download, read, used

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "app", "with_extended_cli"),
]


def write(dataset: dict[str, Any], *, views: int = 0, downloads: int = 0, ago: int = 0) -> None:
    """Write counts of a day."""
    day = counter.today() - timedelta(days=ago)
    row = Usage(package_id=dataset["id"], day=day, views=views, downloads=downloads)
    model.Session.add(row)
    model.Session.commit()


def act(action: str, user: dict[str, Any] | None = None, /, **data: Any) -> Any:
    """Call an action as somebody, with all checks of access."""
    return tk.get_action(action)({"user": user["name"] if user else ""}, data)


class TestFlush:
    def test_counts_become_rows_of_the_day(self, app, records):
        for _ in range(3):
            read(app, "/dataset/stunting")
        download(app, records.stunting)
        download(app, records.imunisasi)
        assert used() == {}
        assert flush.run() == 2
        assert used() == {"stunting": (3, 1), "imunisasi": (0, 1)}
        read(app, "/dataset/stunting")
        assert flush.run() == 1
        assert flush.run() == 0
        assert used() == {"stunting": (4, 1), "imunisasi": (0, 1)}
        assert model.Session.query(Usage).count() == 2

    def test_a_flush_that_broke_after_it_wrote_counts_once(self, app, records):
        read(app, "/dataset/stunting")
        (batch,) = counter.take()
        store.write(batch, counter.read(batch))
        # Here it broke: the batch is still in Redis.
        assert flush.run() == 0
        assert used() == {"stunting": (1, 0)}
        assert counter.take() == []

    def test_a_flush_that_broke_before_it_wrote_loses_nothing(self, app, records):
        read(app, "/dataset/stunting")
        counter.take()
        read(app, "/dataset/stunting")
        assert flush.run() == 2
        assert used() == {"stunting": (2, 0)}

    def test_redis_that_has_lost_everything_breaks_nothing(self, app, records):
        read(app, "/dataset/stunting")
        flush.run()
        redis: Any = connect_to_redis()
        for key in redis.keys(counter._key("*")):
            redis.delete(key)
        assert flush.run() == 0
        read(app, "/dataset/stunting")
        flush.run()
        assert used() == {"stunting": (2, 0)}

    def test_what_was_purged_meanwhile_is_left_out(self, app, records):
        download(app, records.stunting)
        call_action("dataset_purge", id=records.stunting["id"])
        flush.run()
        assert used() == {}

    def test_the_command(self, cli, app, records):
        read(app, "/dataset/stunting")
        result = cli.invoke(ckan, ["tangerang", "usage", "flush"])
        assert result.exit_code == 0, result.output
        assert "1 rows written" in result.output
        assert used() == {"stunting": (1, 0)}

    def test_the_command_without_redis_says_so(self, cli, records, monkeypatch):
        away = Redis.from_url("redis://127.0.0.1:1/0")
        monkeypatch.setattr(counter, "connect_to_redis", lambda: away)
        result = cli.invoke(ckan, ["tangerang", "usage", "flush"])
        assert result.exit_code == 1
        assert "Nothing is lost" in result.output

    def test_names_of_old_batches_are_forgotten(self, records):
        model.Session.add(UsageBatch(id="old", created=now() - timedelta(days=31)))
        model.Session.commit()
        flush.run()
        assert model.Session.query(UsageBatch).filter_by(id="old").count() == 0

    def test_the_size_of_the_portal_is_noted_each_day(self, records):
        flush.run()
        (row,) = model.Session.query(PortalDay).all()
        assert (row.day, row.datasets, row.organizations) == (counter.today(), 2, 1)
        call_action("package_patch", id=records.stunting["id"], private=True)
        flush.run()
        model.Session.expire_all()
        (row,) = model.Session.query(PortalDay).all()
        assert row.datasets == 1


class TestList:
    def test_the_most_used_come_first(self, records):
        write(records.stunting, views=5, downloads=1)
        write(records.imunisasi, views=4, downloads=3)
        assert list(used()) == ["imunisasi", "stunting"]
        assert list(used(sort="views")) == ["stunting", "imunisasi"]
        assert list(used(sort="downloads")) == ["imunisasi", "stunting"]
        assert list(used(rows=1)) == ["imunisasi"]

    def test_only_the_days_that_are_asked_for(self, records):
        write(records.stunting, views=1)
        write(records.stunting, views=10, ago=6)
        write(records.stunting, views=100, ago=7)
        assert used(days=7) == {"stunting": (11, 0)}
        assert used(days=1) == {"stunting": (1, 0)}
        assert used() == {"stunting": (111, 0)}

    def test_what_is_not_public_now_is_not_there(self, records):
        for dataset in (records.stunting, records.imunisasi, records.draft):
            write(dataset, views=9)
        call_action("package_patch", id=records.stunting["id"], private=True)
        call_action("package_delete", id=records.imunisasi["id"])
        assert used() == {}

    def test_what_nobody_downloaded_is_not_among_the_most_downloaded(self, records):
        write(records.stunting, views=5)
        assert used(sort="downloads") == {}

    def test_one_statement(self, records, statements):
        for dataset in (records.stunting, records.imunisasi):
            write(dataset, views=5)
        with statements() as seen:
            assert len(used()) == 2
        assert len([text for text in seen if "tangerang_usage" in text]) == 1
        assert len(seen) == 1

    @pytest.mark.parametrize(
        "data",
        [{"rows": 0}, {"rows": 101}, {"days": "x"}, {"days": 10**30}, {"sort": "id"}, {"type": []}],
    )
    def test_what_makes_no_sense_is_refused(self, records, data):
        with pytest.raises(tk.ValidationError):
            act("tangerang_usage_list", **data)


class TestShow:
    def test_the_use_of_one_record(self, records):
        write(records.stunting, views=2, downloads=1)
        write(records.stunting, views=3, ago=40)
        found = act("tangerang_usage_show", id="stunting")
        assert (found["views"], found["downloads"], found["days"]) == (2, 1, 30)
        assert len(found["months"]) == 12
        assert found["months"][-1]["month"] == counter.today().strftime("%Y-%m")
        assert sum(month["views"] for month in found["months"]) == 5

    def test_who_may_not_see_the_record_may_not_see_its_use(self, records):
        with pytest.raises(tk.NotAuthorized):
            act("tangerang_usage_show", id="rahasia")
        member = factories.User()
        call_action(
            "organization_member_create",
            id=records.dinkes["id"],
            username=member["name"],
            role="member",
        )
        assert act("tangerang_usage_show", member, id="rahasia")["views"] == 0

    def test_an_unknown_record(self, records):
        with pytest.raises(tk.ObjectNotFound):
            act("tangerang_usage_show", id="no-such")


class TestMonths:
    def test_totals_stay_when_a_record_is_withdrawn_or_purged(self, records):
        write(records.stunting, views=7, downloads=2)
        before = act("tangerang_usage_month_list")
        assert (before[-1]["views"], before[-1]["downloads"]) == (7, 2)
        call_action("package_patch", id=records.stunting["id"], private=True)
        call_action("dataset_purge", id=records.stunting["id"])
        assert act("tangerang_usage_month_list") == before

    def test_the_size_of_a_month_is_that_of_its_last_day(self, records):
        first = counter.today().replace(day=1)
        last = first - timedelta(days=1)
        for day, number in ((last - timedelta(days=1), 3), (last, 4), (counter.today(), 5)):
            model.Session.merge(PortalDay(day=day, datasets=number, organizations=1))
        model.Session.commit()
        found = act("tangerang_usage_month_list", months=3)
        assert [month["datasets"] for month in found] == [None, 4, 5]


class TestOrganization:
    def test_members_see_all_that_was_used_also_what_was_withdrawn(self, records):
        write(records.stunting, views=7)
        call_action("package_patch", id=records.stunting["id"], private=True)
        member = factories.User()
        call_action(
            "organization_member_create",
            id=records.dinkes["id"],
            username=member["name"],
            role="editor",
        )
        found = act("tangerang_usage_organization_show", member, id="dinkes")
        assert [(row["name"], row["public"], row["views"]) for row in found["records"]] == [
            ("stunting", False, 7),
            ("imunisasi", True, 0),
        ]
        assert found["views"] == 7

    def test_others_do_not(self, records):
        other = factories.User()
        for user in (None, other):
            with pytest.raises(tk.NotAuthorized):
                act("tangerang_usage_organization_show", user, id="dinkes")
        with pytest.raises(tk.ObjectNotFound):
            act("tangerang_usage_organization_show", other, id="no-such")


def test_everybody_may_read_the_public_figures(records):
    for name in ("list", "month_list"):
        assert call_auth(f"tangerang_usage_{name}", {"user": "", "model": model})
