"""The actions: who sees which scores, and what is in them."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action, call_auth

from tests.metadata.records import indicator, survey, variable
from tests.theme.conftest import counted

from .conftest import PLUGINS

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("people"),
]


@pytest.fixture
def records(complete, people):
    """Make a public dataset, a private dataset and a private indicator of the OPD."""
    public = call_action("package_create", **complete)
    private = call_action(
        "package_create", **{**complete, "name": "rahasia", "definisi": "", "private": True}
    )
    owner = {"owner_org": people.opd["id"], "private": True}
    made = call_action("package_create", **{**indicator(), "definisi": ""}, **owner)
    return [public, private, made]


def ask(name, user="", **data):
    """Call an action as a user, with authorization."""
    return tk.get_action(name)({"user": user and user["name"]}, data)


def names(found):
    return [row["name"] for row in found["results"]]


class TestShow:
    def test_everything_about_a_dataset(self, records):
        shown = ask("tangerang_score_show", id="puskesmas")
        assert (shown["type"], shown["completeness"]) == ("dataset", 100)
        assert 0 < shown["score"] < 100
        assert set(shown["parts"]) == {
            "standar_data", "metadata", "interoperabilitas", "kode_referensi"
        }  # fmt: skip
        [task] = [task for task in shown["todo"] if task["check"] == "klasifikasi"]
        assert task == {
            "check": "klasifikasi",
            "part": "standar_data",
            "message": "Say by what the data are broken down, for example by district and sex.",
            "field": "klasifikasi",
            "label": "Classification (broken down by)",
            "points": 3.8,
            "needed": False,
            "of_file": False,
        }

    def test_a_form_has_completeness_alone(self, records, people):
        shown = ask("tangerang_score_show", people.editor, id=records[2]["id"])
        assert (shown["score"], shown["parts"]) == (None, {})
        assert shown["completeness"] == 90
        assert [task["message"] for task in shown["todo"]] == ["4 Definition: fill this in."]

    def test_the_first_row_that_lacks_something_is_named(self, people):
        rows = [variable(1), {**variable(2), "definisi": "-"}]
        owner = {"owner_org": people.opd["id"], "private": True}
        made = call_action("package_create", **{**survey(2), "variabel": rows}, **owner)
        [task] = ask("tangerang_score_show", people.editor, id=made["id"])["todo"]
        assert (task["field"], task["row"], task["needed"]) == ("variabel", 2, True)
        assert task["message"] == (
            "3.4 Variables (characteristics) collected: fill in what is missing, first in row 2."
        )

    def test_it_reads_and_judges_nothing(self, records):
        with counted() as queries:
            ask("tangerang_score_show", id="puskesmas")
        assert not [sql for sql in queries.sql if not sql.startswith("SELECT")]

    def test_whoever_may_see_the_record_may_see_its_score(self, records, people):
        for user in (people.editor, people.sysadmin):
            assert ask("tangerang_score_show", user, id="rahasia")["completeness"] < 100
        for user in ("", factories.User()):
            with pytest.raises(tk.NotAuthorized):
                ask("tangerang_score_show", user, id="rahasia")

    def test_what_does_not_exist(self, people):
        with pytest.raises(tk.ObjectNotFound):
            ask("tangerang_score_show", id="tidak-ada")
        with pytest.raises(tk.ValidationError):
            ask("tangerang_score_show")

    def test_a_record_that_was_never_judged(self, people):
        model.Session.add(model.Package(id="lama", name="lama", type="dataset"))
        model.Session.commit()
        with pytest.raises(tk.ObjectNotFound):
            ask("tangerang_score_show", people.sysadmin, id="lama")


class TestList:
    def test_what_lacks_most_comes_first(self, records, people):
        found = ask("tangerang_score_list", people.sysadmin)
        assert found["count"] == 3
        assert names(found) == [records[2]["name"], "rahasia", "puskesmas"]
        row = found["results"][1]
        assert row["organization"]["name"] == "dinkes"
        assert (row["state"], row["private"]) == ("active", True)
        assert row["tasks"] > 1
        assert row["next"]["check"] == "needed" or row["next"]["points"] > 0

    def test_orders_and_filters(self, records, people):
        def of(**data):
            return names(ask("tangerang_score_list", people.sysadmin, **data))

        assert of(sort="complete")[0] == "puskesmas"
        assert of(type="indikator") == [records[2]["name"]]
        assert of(organization="diskominfo") == []
        assert of(limit=1, offset=1) == ["rahasia"]
        for wrong in (
            *({"sort": "name"}, {"sort": ["title"]}, {"type": "harvest"}, {"type": {}}),
            *({"limit": -1}, {"limit": [1]}, {"offset": "x"}, {"offset": float("inf")}),
        ):
            with pytest.raises(tk.ValidationError):
                of(**wrong)
        with pytest.raises(tk.ObjectNotFound):
            of(organization="tidak-ada")

    def test_who_sees_it(self, records, people):
        for user in (people.sysadmin, people.walidata_editor, people.editor):
            assert ask("tangerang_score_list", user, organization="dinkes")["count"] == 3
        for user in (people.sysadmin, people.walidata_editor):
            assert ask("tangerang_score_list", user)["count"] == 3
        for user, data in (
            (people.editor, {}),
            (people.editor, {"organization": "diskominfo"}),
            (factories.User(), {"organization": "dinkes"}),
            ("", {"organization": "dinkes"}),
            ("", {}),
        ):
            with pytest.raises(tk.NotAuthorized):
                ask("tangerang_score_list", user, **data)

    @pytest.mark.ckan_config("ckanext.tangerang.score.public_averages", True)
    def test_others_see_what_is_public_where_the_averages_are(self, records, people):
        for user in ("", factories.User()):
            assert names(ask("tangerang_score_list", user)) == ["puskesmas"]
            assert names(ask("tangerang_score_list", user, organization="dinkes")) == ["puskesmas"]
        assert ask("tangerang_score_list", people.editor, organization="dinkes")["count"] == 3

    def test_the_number_of_queries_does_not_grow(self, records, people):
        def asked(limit):
            with counted() as queries:
                ask("tangerang_score_list", people.sysadmin, limit=limit)
            return len(queries.sql)

        assert asked(3) == asked(1) <= 5


class TestAverages:
    def test_counts_and_averages_of_what_is_public(self, records, people, complete):
        call_action("package_create", **{**complete, "name": "kaya", "klasifikasi": "kecamatan"})
        scores = [ask("tangerang_score_show", id=n)["score"] for n in ("puskesmas", "kaya")]
        rows = ask("tangerang_score_average_list", people.walidata_editor)
        by_name = {row["name"]: row for row in rows}
        assert by_name["dinkes"] == {
            "id": people.opd["id"],
            "name": "dinkes",
            "title": "Dinas Kesehatan",
            "count": 2,
            "incomplete": 0,
            "completeness": 100,
            "score": sum(scores) // 2,
            "unpublished": 1,
        }
        empty = by_name["diskominfo"]
        assert (empty["count"], empty["score"], empty["completeness"]) == (0, None, None)
        [row] = ask("tangerang_score_average_list", people.editor, type="indikator")
        assert (row["count"], row["unpublished"], row["score"]) == (0, 1, None)

    def test_who_sees_which(self, records, people):
        assert len(ask("tangerang_score_average_list", people.sysadmin)) == 2
        assert [r["name"] for r in ask("tangerang_score_average_list", people.editor)] == ["dinkes"]
        assert ask("tangerang_score_average_list", factories.User()) == []
        with pytest.raises(tk.NotAuthorized):
            ask("tangerang_score_average_list")

    def test_of_one_organization(self, records, people):
        def names(user, organization):
            rows = ask("tangerang_score_average_list", user, organization=organization)
            return [row["name"] for row in rows]

        assert names(people.sysadmin, "dinkes") == ["dinkes"]
        assert names(people.editor, people.opd["id"]) == ["dinkes"]
        assert names(people.editor, "diskominfo") == []
        with pytest.raises(tk.ObjectNotFound):
            names(people.sysadmin, "tidak-ada")

    @pytest.mark.ckan_config("ckanext.tangerang.score.public_averages", True)
    def test_everybody_sees_all_by_configuration_but_not_what_is_private(self, records, people):
        rows = ask("tangerang_score_average_list")
        assert {(r["name"], r["count"], r["unpublished"]) for r in rows} == {
            ("dinkes", 1, None),
            ("diskominfo", 0, None),
        }
        [own] = [
            r for r in ask("tangerang_score_average_list", people.editor) if r["name"] == "dinkes"
        ]
        assert own["unpublished"] == 1

    def test_one_query_for_all(self, records, people):
        with counted() as queries:
            ask("tangerang_score_average_list", people.sysadmin)
        assert len([sql for sql in queries.sql if "tangerang_score" in sql]) == 1


def test_what_is_chained_keeps_its_authorization(records, people):
    """Our steps before CKAN's own actions must not open or close anything."""
    for action, data in (
        ("tag_delete", {"id": "tidak-ada"}),
        ("package_owner_org_update", {"id": "tidak-ada", "organization_id": ""}),
    ):
        with pytest.raises(tk.ObjectNotFound):
            call_action(action, **data)
    with pytest.raises(tk.NotAuthorized):
        call_auth("package_owner_org_update", {"user": "", "model": model}, id="puskesmas")
    with pytest.raises(tk.NotAuthorized):
        ask("package_owner_org_update", id="puskesmas", organization_id="")
