"""Sample content where the walidata publishes: loaded past the review, and brought into it."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.cli.cli import ckan

from ckanext.tangerang.demo import loader
from ckanext.tangerang.demo.accounts import make_accounts
from ckanext.tangerang.demo.loader import REASON, DemoError, load, remove
from ckanext.tangerang.demo.records import build_records
from ckanext.tangerang.demo.reviews import load_reviews
from ckanext.tangerang.demo.tables import read_data
from ckanext.tangerang.review import states, store

from .conftest import PLUGINS

pytestmark = [
    pytest.mark.ckan_config(
        "ckan.plugins", PLUGINS.replace("activity", "activity tangerang_review")
    ),
    pytest.mark.ckan_config("ckanext.tangerang.review.enabled", "true"),
    pytest.mark.ckan_config("ckan.views.default_views", ""),
    pytest.mark.ckan_config("ckanext.xloader.api_token", "never used"),
    pytest.mark.usefixtures("portal", "few", "switched_on"),
]

DISTRICTS = "kode-dan-nama-kecamatan"


def quietly(_line: str) -> None:
    """Take a line of progress and do nothing with it."""


@pytest.fixture
def switched_on(portal):
    """Let the trigger decide, and no longer afterwards."""
    store.follow_switch(enabled=True)
    yield
    model.Session.rollback()
    store.follow_switch(enabled=False)


@pytest.fixture
def accounts(switched_on, few, monkeypatch, tmp_path):
    """Load the content that the records in the review are made after, and the accounts."""
    monkeypatch.setattr(loader, "build_records", build_records)
    from ckanext.tangerang.demo.builders import village_counts  # noqa: PLC0415

    few["village_counts"] = village_counts
    monkeypatch.setattr("ckanext.tangerang.demo.reviews.BUILDERS", few)
    load(quietly)
    return make_accounts(tmp_path / "demo.json", quietly)["accounts"]


def history(name):
    found = tk.get_action("tangerang_review_history")(loader.operator_context(), {"id": name})
    return [(row["verb"], row["user"], row["reason"]) for row in reversed(found["results"])]


def review(name):
    return tk.get_action("tangerang_review_show")(loader.operator_context(), {"id": name})


class TestLoad:
    def test_what_is_loaded_is_public_and_the_history_says_why(self) -> None:
        report = load(quietly)
        assert report.problems == []
        record = tk.get_action("package_show")({"user": ""}, {"id": DISTRICTS})
        assert record["private"] is False
        assert history(DISTRICTS) == [("terbit_langsung", tk.config["ckan.site_id"], REASON)]
        assert load(quietly).made == []
        assert len(history(DISTRICTS)) == 1

    def test_an_update_is_recorded_with_the_reason(self, few, monkeypatch) -> None:
        load(quietly)
        rows = few["districts"]
        monkeypatch.setitem(few, "districts", lambda subject: rows(subject)[1:])
        assert load(quietly).updated == [DISTRICTS]
        assert {verb for verb, _user, _reason in history(DISTRICTS)} == {
            "terbit_langsung",
            "diubah_langsung",
        }
        assert {reason for _verb, _user, reason in history(DISTRICTS)} == {REASON}

    def test_all_of_it_can_be_removed(self) -> None:
        load(quietly)
        assert remove(quietly).problems == []
        assert model.Session.query(model.Package).count() == 0


@pytest.mark.usefixtures("with_extended_cli")
class TestReviews:
    def test_every_state_of_the_review_is_shown(self, accounts, cli) -> None:
        done = cli.invoke(ckan, ["tangerang", "demo", "review"])
        assert done.exit_code == 0, done.output
        assert "11 made" in done.output
        names = [entry["name"] for entry in read_data("reviews")["records"]]
        found = {name: review(name) for name in names}
        # The first check by the Admin OPD is not in use here.
        assert {row["state"] for row in found.values()} == set(states.STATES) - {states.OPD_CHECK}
        assert any(row["publish_at"] for row in found.values())
        queue = tk.get_action("tangerang_review_list")({"user": "walidata"}, {})
        assert queue["count"] == 4
        limited = tk.get_action("package_show")(
            {"user": ""}, {"id": "contoh-desa-sasaran-kunjungan-rumah"}
        )
        assert (limited["accesslevel"], limited["private"]) == ("terbatas", False)
        # People did it, not the operator.
        assert {user for name in names for _verb, user, _reason in history(name)} == {
            "Produsen Data (contoh)",
            "Walidata (contoh)",
            "Pembina Data (contoh)",
        }
        # A note points at the file.
        returned = tk.get_action("package_show")(
            loader.operator_context(), {"id": "contoh-desa-sasaran-sanitasi"}
        )
        notes = review(returned["id"])["notes"]
        assert len(notes) == 3
        [of_file] = [note for note in notes if note["column"]]
        assert of_file["resource_id"] == returned["resources"][0]["id"]
        # The draft lacks what the hand-in asks for.
        with pytest.raises(tk.ValidationError) as refused:
            tk.get_action("tangerang_review_submit")(
                {"user": "produsen"}, {"id": "contoh-desa-sasaran-imunisasi"}
            )
        assert set(refused.value.error_dict) == {"periode_awal"}
        # What people did since is left alone.
        name = "contoh-desa-sasaran-posyandu"
        tk.get_action("tangerang_review_withdraw")({"user": "produsen"}, {"id": name})
        again = load_reviews(quietly)
        assert (again.made, again.problems) == ([], [])
        assert review(name)["state"] == "draf"

    def test_an_interrupted_load_is_finished(self, accounts, monkeypatch) -> None:
        name = "contoh-desa-sasaran-posyandu"
        few_reviews = {"records": read_data("reviews")["records"][:2]}
        monkeypatch.setattr("ckanext.tangerang.demo.reviews.read_data", lambda _: few_reviews)
        with monkeypatch.context() as patch:
            patch.setattr("ckanext.tangerang.demo.reviews._step", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                load_reviews(quietly)
        assert review(name)["state"] == "draf"
        assert load_reviews(quietly).made == [name]
        assert review(name)["state"] == "diajukan"

    def test_accounts_come_first(self) -> None:
        load(quietly)
        with pytest.raises(DemoError, match="ckan tangerang demo accounts"):
            load_reviews(quietly)
