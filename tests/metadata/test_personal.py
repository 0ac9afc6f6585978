"""Who is in charge of an activity: known to those who work on it, and to nobody else."""

from __future__ import annotations

import json

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories

from ckanext.tangerang.metadata import index, personal

from .conftest import PLUGINS
from .records import compilation

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", f"activity {PLUGINS}"),
    # The widest that a site may set.
    pytest.mark.ckan_config("ckan.auth.public_activity_stream_detail", True),
    pytest.mark.ckan_config("ckan.auth.allow_dataset_collaborators", True),
]

PERSON = {
    "ii_pj_nama": "Zamrudin Zainal",
    "ii_pj_telepon": "(021) 77700011",
    "ii_pj_faksimile": "(021) 77700022",
    "ii_pj_email": "zamrudin@example.go.id",
}
OFFICE = "kantor@example.go.id"


def ask(action, user, **data):
    return tk.get_action(action)({"user": user["name"] if user else ""}, data)


@pytest.fixture
def record(people):
    """Make a public activity of the OPD, and change it, so that it has a history."""
    values = {**compilation(), **PERSON, "owner_org": people.opd["id"], "private": False}
    made = ask("package_create", people.editor, **values)
    return ask("package_patch", people.editor, id=made["id"], notes="Diubah.")


@pytest.fixture
def outsiders(people):
    """Return people who do not work on the record: a visitor, and an admin of another OPD."""
    stranger = factories.User()
    factories.Organization(users=[{"name": stranger["name"], "capacity": "admin"}])
    return [None, stranger]


@pytest.fixture
def insiders(people, record):
    """Return people who work on the record, each by another right."""
    member, pembina, helper = (factories.User() for _ in range(3))
    factories.Organization(
        name="bps",
        peran_sdi="pembina_data",
        urusan=["2.20"],
        kontak_email="bps@example.go.id",
        users=[{"name": pembina["name"], "capacity": "member"}],
    )
    joins = {"object": member["id"], "object_type": "user", "capacity": "member"}
    ask("member_create", people.sysadmin, id=people.opd["id"], **joins)
    ask(
        "package_collaborator_create",
        people.sysadmin,
        id=record["id"],
        user_id=helper["id"],
        capacity="member",
    )
    staff = (people.editor, people.admin, people.walidata_editor, people.sysadmin)
    return [*staff, member, pembina, helper]


def hidden_in(answer):
    """Return which contact data an answer has, as text."""
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return {name for name, value in PERSON.items() if value in text}


def activities(record):
    return [
        row["id"]
        for row in tk.get_action("package_activity_list")(
            {"ignore_auth": True, "user": ""}, {"id": record["id"]}
        )
    ]


ANSWERS = {
    "shown": ("package_show", {}),
    "in CKAN's schema": ("package_show", {"use_default_schema": True}),
}
SEARCHES = {
    "found": {},
    "in CKAN's schema": {"use_default_schema": True},
    "stored": {"fl": ["id", "validated_data_dict", "data_dict"]},
    "stored alone": {"fl": ["validated_data_dict"]},
    "by field": {"fl": [f"{part}{name}" for part in ("", "extras_") for name in PERSON]},
    "facets": {"facet.field": [f"{part}{name}" for part in ("", "extras_") for name in PERSON]},
}


class TestOutsiders:
    @pytest.mark.parametrize("case", ANSWERS)
    def test_show(self, case, record, outsiders):
        action, more = ANSWERS[case]
        for user in outsiders:
            answer = ask(action, user, id=record["id"], **more)
            assert hidden_in(answer) == set()
            assert OFFICE in json.dumps(answer)

    @pytest.mark.parametrize("case", SEARCHES)
    def test_search(self, case, record, outsiders):
        for user in outsiders:
            answer = ask("package_search", user, fq="dataset_type:kegiatan", **SEARCHES[case])
            assert answer["count"] == 1
            assert hidden_in(answer) == set()

    @pytest.mark.parametrize("text", ["Zamrudin", '"zamrudin@example.go.id"', "77700011"])
    def test_is_not_found_by(self, text, record, outsiders):
        for user in outsiders:
            fields = [f"+{part}{name}:({text})" for part in ("", "extras_") for name in PERSON]
            for asked in ({"q": text}, *({"fq": each} for each in fields)):
                given = {"fq_list": ["dataset_type:kegiatan"], **asked}
                assert ask("package_search", user, **given)["count"] == 0

    def test_followed(self, record, outsiders):
        _visitor, stranger = outsiders
        ask("follow_dataset", stranger, id=record["id"])
        for action in ("dataset_followee_list", "followee_list"):
            answer = ask(action, stranger, id=stranger["name"])
            assert record["id"] in json.dumps(answer)
            assert hidden_in(answer) == set()

    def test_history(self, people, record, outsiders):
        named = {"id": people.opd["id"]}
        for user in outsiders:
            for action, data in (
                ("package_activity_list", {"id": record["id"]}),
                ("organization_activity_list", named),
                ("recently_changed_packages_activity_list", {}),
                ("user_activity_list", {"id": people.editor["name"]}),
                *(("activity_show", {"id": one}) for one in activities(record)),
                *(("activity_data_show", {"id": one}) for one in activities(record)),
                *(
                    ("activity_data_show", {"id": one, "object_type": "package"})
                    for one in activities(record)
                ),
            ):
                answer = ask(action, user, include_data=True, **data)
                assert record["title"] in json.dumps(answer)
                assert hidden_in(answer) == set()

    def test_history_under_another_opd(self, people, record, outsiders):
        """Who had the record once has no right to what it says of people now, or said then."""
        _visitor, stranger = outsiders
        [theirs] = ask("organization_list_for_user", stranger, id=stranger["name"])
        ask("package_patch", people.sysadmin, id=record["id"], owner_org=theirs["id"])
        assert hidden_in(ask("package_show", stranger, id=record["id"])) == set(PERSON)
        ask("package_patch", people.sysadmin, id=record["id"], owner_org=people.opd["id"])
        for one in activities(record):
            for action in ("activity_show", "activity_data_show"):
                assert hidden_in(ask(action, stranger, id=one, include_data=True)) == set()

    def test_differences_are_refused(self, record, outsiders):
        newest = activities(record)[0]
        for user in outsiders:
            with pytest.raises(tk.NotAuthorized):
                ask("activity_diff", user, id=newest, object_type="package")

    def test_pages(self, app, record):
        newest, first = activities(record)
        assert app.get(f"/dataset/changes/{newest}").status_code == 403
        for page in (
            f"/kegiatan/{record['name']}",
            f"/kegiatan/{record['name']}/indah",
            f"/dataset/activity/{record['id']}",
            f"/dataset/{record['id']}/history/{first}",
        ):
            answer = app.get(page)
            assert answer.status_code == 200, page
            assert hidden_in(answer.get_data(as_text=True)) == set(), page


class TestInsiders:
    def test_show(self, record, insiders):
        for user in insiders:
            for action, more in ANSWERS.values():
                assert hidden_in(ask(action, user, id=record["id"], **more)) == set(PERSON)

    def test_search(self, record, insiders):
        for user in insiders:
            for case in ("found", "in CKAN's schema", "stored"):
                more = SEARCHES[case]
                answer = ask("package_search", user, fq="dataset_type:kegiatan", **more)
                assert hidden_in(answer) == set(PERSON)

    def test_history(self, record, insiders):
        newest = activities(record)[0]
        for user in insiders:
            answer = ask("activity_show", user, id=newest, include_data=True)
            assert hidden_in(answer) == set(PERSON)
            assert ask("activity_diff", user, id=newest, object_type="package")["diff"]


def test_more_records_cost_no_more_queries(people, record, outsiders):
    _visitor, stranger = outsiders

    def queries(**more):
        made = []

        def note(_connection, _cursor, statement, *_rest):
            made.append(statement)

        sa.event.listen(model.meta.engine, "before_cursor_execute", note)
        ask("package_search", stranger, fq="dataset_type:kegiatan", **more)
        sa.event.remove(model.meta.engine, "before_cursor_execute", note)
        return len(made)

    few = [queries(**SEARCHES[case]) for case in ("found", "stored")]
    for year in ("2023", "2024"):
        values = {**compilation(), **PERSON, "owner_org": people.opd["id"], "private": False}
        ask("package_create", people.editor, **values | {"tahun_kegiatan": year})
    assert [queries(**SEARCHES[case]) for case in ("found", "stored")] == few


def test_a_change_keeps_it(people, record):
    ask("package_patch", people.editor, id=record["id"], notes="Lain lagi.", private=True)
    shown = ask("package_show", people.editor, id=record["id"])
    ask("package_update", people.admin, **{**shown, "notes": "Lagi."})
    found = tk.get_action("package_search")(
        {"user": people.editor["name"]},
        {"fq": "dataset_type:kegiatan", "include_private": True},
    )
    ask("package_update", people.editor, **{**found["results"][0], "notes": "Dari pencarian."})
    ask("resource_create", people.editor, package_id=record["id"], url="https://example.go.id/a")
    assert hidden_in(ask("package_show", people.editor, id=record["id"])) == set(PERSON)


def test_what_is_read_to_be_written_is_whole(record):
    """Work done in the name of somebody who has lost the right meanwhile loses nothing."""
    for more in ({"for_update": True}, {"use_cache": False}):
        shown = tk.get_action("package_show")({"user": "", **more}, {"id": record["id"]})
        assert hidden_in(shown) == set(PERSON)
    page = {"user": "", "use_cache": False, "for_view": True}
    assert hidden_in(tk.get_action("package_show")(page, {"id": record["id"]})) == set()


@pytest.mark.usefixtures("people")
def test_the_index_has_none():
    document = {"type": "kegiatan", "title": "Kegiatan"}
    for name, value in PERSON.items():
        document |= {name: value, f"extras_{name}": value}
    assert index.prepare(document) == {"type": "kegiatan", "title": "Kegiatan"}


@pytest.mark.usefixtures("people")
def test_which_fields():
    assert personal.fields_of("kegiatan") == set(PERSON)
    for other in ("dataset", "indikator", "harvest", None):
        assert personal.fields_of(other) == set()
