"""No path makes an incomplete record public, or keeps an answer to what is not asked.

Each path is tried with a dataset, an activity and an indicator. What they lack is named by number
and label, and what was stored before stays.
"""

from __future__ import annotations

from types import SimpleNamespace

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests.helpers import call_action

from . import records
from .conftest import PLUGINS

pytestmark = pytest.mark.ckan_config("ckan.plugins", PLUGINS)

#: Of each type: the item that is left out, and how a message begins that asks for it.
LACKING = {
    "dataset": ("satuan", "Unit: "),
    "kegiatan": ("iii_tujuan_kegiatan", "3.2 Purpose of the activity: "),
    "indikator": ("definisi", "4 Definition: "),
}


@pytest.fixture
def portal(people, complete):
    """Return callers of actions by who calls, and full records by type."""

    def call(action, user=None, **data):
        return tk.get_action(action)({"user": (user or people.editor)["name"]}, data)

    def inside(action, **data):
        # As jobs, harvesters and commands call: by the name of the site, past all checks of access.
        context = {"ignore_auth": True, "user": people.sysadmin["name"], "model": model}
        return tk.get_action(action)(context, data)

    full = {
        "dataset": complete | {"type": "dataset"},
        "kegiatan": records.compilation(),
        "indikator": records.indicator(),
    }
    return SimpleNamespace(
        call=call,
        inside=inside,
        people=people,
        full={kind: {**data, "owner_org": people.opd["id"]} for kind, data in full.items()},
    )


def incomplete(portal, kind, **more):
    """Make a record that lacks one item, and return its id."""
    return portal.call("package_create", **without(portal, kind, **more))["id"]


def without(portal, kind, **more):
    """Return a full record without the one item."""
    name, _ = LACKING[kind]
    data = {key: value for key, value in portal.full[kind].items() if key != name}
    data.pop("private", None)
    return data | {"name": f"x-{kind}"} | more


def assert_asks(error, kind):
    """Check that an error asks for the one item, and for nothing else, by number and label."""
    name, label = LACKING[kind]
    assert list(error.value.error_dict) == [name]
    assert error.value.error_dict[name][0].startswith(label)


def state_of(record_id):
    """Return state and visibility of a record as they are stored."""
    model.Session.expire_all()
    package = model.Package.get(record_id)
    return package.state, package.private


class TestApi:
    def test_create(self, portal):
        for kind in LACKING:
            for data in ({}, {"private": False}, {"state": "active", "private": "False"}):
                with pytest.raises(tk.ValidationError) as error:
                    portal.call("package_create", **without(portal, kind, **data))
                assert_asks(error, kind)
            assert model.Package.get(f"x-{kind}") is None

    def test_update(self, portal):
        for kind in LACKING:
            record_id = incomplete(portal, kind, private=True)
            shown = portal.call("package_show", id=record_id)
            with pytest.raises(tk.ValidationError) as error:
                portal.call("package_update", **shown | {"private": False})
            assert_asks(error, kind)
            # Left out, visibility stays what it was.
            for name in ("private", "state"):
                del shown[name]
            portal.call("package_update", **shown | {"title": "Judul lain 2025"})
            assert state_of(record_id) == ("active", True)

    def test_update_of_a_public_record_that_says_nothing_of_its_state(self, portal):
        for kind, (name, _) in LACKING.items():
            made = portal.call("package_create", **portal.full[kind])
            for left_out in (name, "private", "state"):
                del made[left_out]
            with pytest.raises(tk.ValidationError) as error:
                portal.call("package_update", **made)
            assert_asks(error, kind)
            assert not portal.call("package_show", id=made["id"])["private"]

    def test_patch(self, portal):
        for kind in LACKING:
            record_id = incomplete(portal, kind, state="draft")
            with pytest.raises(tk.ValidationError) as error:
                portal.call("package_patch", id=record_id, state="active")
            assert_asks(error, kind)
            portal.call("package_patch", id=record_id, state="active", private=True)
            with pytest.raises(tk.ValidationError) as error:
                portal.call("package_patch", id=record_id, private=False)
            assert_asks(error, kind)
            assert state_of(record_id) == ("active", True)

    def test_patch_that_empties_an_item(self, portal):
        for kind, (name, _) in LACKING.items():
            made = portal.call("package_create", **portal.full[kind])
            for empty in ("", None, "  ", []):
                with pytest.raises(tk.ValidationError) as error:
                    portal.call("package_patch", id=made["id"], **{name: empty})
                assert_asks(error, kind)
            assert portal.call("package_show", id=made["id"])[name] == made[name]

    def test_revise(self, portal):
        for kind, (name, _) in LACKING.items():
            record_id = incomplete(portal, kind, private=True)
            with pytest.raises(tk.ValidationError) as error:
                portal.call("package_revise", match={"id": record_id}, update={"private": False})
            assert_asks(error, kind)
            assert state_of(record_id) == ("active", True)
            value = portal.full[kind][name]
            portal.call(
                "package_revise",
                match={"id": record_id},
                update={"private": False, name: value},
            )
            with pytest.raises(tk.ValidationError) as error:
                portal.call("package_revise", match={"id": record_id}, filter=[f"-{name}"])
            assert_asks(error, kind)

    def test_bulk(self, portal):
        ids = [incomplete(portal, kind, private=True, title=f"Judul {kind}") for kind in LACKING]
        full = portal.call("package_create", **portal.full["indikator"] | {"private": True})["id"]
        with pytest.raises(tk.ValidationError) as error:
            portal.call(
                "bulk_update_public",
                portal.people.admin,
                datasets=[*ids, full],
                org_id=portal.people.opd["id"],
            )
        (text,) = error.value.error_dict["datasets"]
        for title in ("Judul dataset", "Kompilasi Data Puskesmas 2025", "Judul indikator"):
            assert title in text
        assert {state_of(record_id) for record_id in [*ids, full]} == {("active", True)}
        portal.call(
            "bulk_update_public",
            portal.people.admin,
            datasets=[full],
            org_id=portal.people.opd["id"],
        )
        assert state_of(full) == ("active", False)

    def test_taking_away_the_opd(self, portal):
        for kind in LACKING:
            made = portal.call("package_create", **portal.full[kind] | {"private": False})
            data = {"id": made["id"], "organization_id": None}
            with pytest.raises(tk.ValidationError) as error:
                portal.inside("package_owner_org_update", **data)
            (text,) = error.value.error_dict["owner_org"]
            assert text.startswith("Regional agency (OPD): ")
            assert portal.call("package_show", id=made["id"])["owner_org"]
            other = portal.people.walidata["id"]
            portal.inside("package_owner_org_update", id=made["id"], organization_id=other)
            portal.inside("package_patch", id=made["id"], private=True)
            portal.inside("package_owner_org_update", **data)
            assert model.Package.get(made["id"]).owner_org is None

    def test_harvesters_and_jobs(self, portal):
        for kind, (name, _) in LACKING.items():
            with pytest.raises(tk.ValidationError) as error:
                portal.inside("package_create", **without(portal, kind))
            assert_asks(error, kind)
            record_id = portal.inside("package_create", **without(portal, kind, private=True))["id"]
            shown = portal.inside("package_show", id=record_id)
            with pytest.raises(tk.ValidationError) as error:
                portal.inside("package_update", **shown | {"private": False})
            assert_asks(error, kind)
            value = portal.full[kind][name]
            portal.inside("package_update", **shown | {"private": False, name: value})
            assert state_of(record_id) == ("active", False)

    def test_a_complete_record_passes_everywhere(self, portal):
        for kind in LACKING:
            made = portal.call("package_create", **portal.full[kind] | {"state": "draft"})
            assert made["state"] == "draft"
            portal.call("package_patch", id=made["id"], state="active", private=True)
            portal.call("package_revise", match={"id": made["id"]}, update={"private": False})
            shown = portal.call("package_show", id=made["id"])
            assert portal.call("package_update", **shown) == shown


class TestPages:
    """What the buttons of CKAN 2.12 do; the forms of activities and indicators have own tests."""

    @pytest.fixture
    def post(self, app, portal):
        token = call_action("api_token_create", user=portal.people.editor["name"], name="t")

        def posting(address, **data):
            answer = app.post(
                address,
                data=data,
                headers={"Authorization": token["token"]},
                follow_redirects=False,
            )
            page = BeautifulSoup(answer.body, "html.parser")
            found = page.select(".error-explanation li")
            return answer.status_code, [" ".join(node.get_text().split()) for node in found]

        return posting

    def test_publish_after_the_last_file(self, portal, post):
        for kind, (_, label) in LACKING.items():
            record_id = incomplete(portal, kind, state="draft")
            for file in ({}, {"url": "https://example.go.id/a.csv", "name": "Tabel"}):
                status, texts = post(
                    f"/{kind}/{record_id}/resource/new", id="", save="go-metadata", **file
                )
                assert state_of(record_id) == ("draft", False)
                if kind == "dataset":
                    assert (status, len(texts)) == (200, 1)
                    assert texts[0].startswith(label)

    def test_the_form_of_a_private_dataset(self, portal, post):
        record_id = incomplete(portal, "dataset", private=True)
        form = without(portal, "dataset", private="False", save="", type="dataset")
        status, texts = post(f"/dataset/edit/{record_id}", **form)
        assert status == 200
        assert [text.partition(": ")[0] for text in texts] == ["Unit"]
        assert state_of(record_id) == ("active", True)

    def test_unpublish_makes_a_draft_that_may_lack_something(self, portal, post):
        made = portal.call("package_create", **portal.full["dataset"])
        form = without(portal, "dataset", private="False", name=made["name"])
        status, _ = post(
            f"/dataset/edit/{made['id']}", **form, save="go-metadata-unpublish", _ckan_phase=""
        )
        assert status == 302
        assert state_of(made["id"]) == ("draft", False)
        status, texts = post(f"/dataset/{made['id']}/resource/new", id="", save="go-metadata")
        assert status == 200
        assert texts[0].startswith("Unit: ")
        assert state_of(made["id"]) == ("draft", False)


#: A record, an answer to what it is not asked, and how the message begins.
CLOSED = [
    ("kegiatan", {"v_unit_sampel": "Rumah tangga"}, "5.7 Sampling unit: "),
    ("kegiatan", {"vi_jumlah_petugas_enumerator": "0"}, "6.6 Enumerator Jumlah"),
    (
        "indikator",
        {"indikator_pembangun": [{"nama": "Angka Harapan Hidup", "publikasi": ["BPS"]}]},
        "11-12 Indicators it is made of: ",
    ),
]


class TestClosed:
    def test_an_answer_to_what_is_not_asked_is_kept_on_no_path(self, portal):
        made = {}
        for kind, answer, label in CLOSED:
            (name,) = answer
            record = made.setdefault(
                kind, portal.call("package_create", **portal.full[kind], private=True)
            )
            shown = portal.call("package_show", id=record["id"])
            new = {**portal.full[kind], "name": "lain-lagi"}
            attempts = [
                ("package_create", {**new, **answer, "state": "draft"}),
                ("package_create", {**new, **answer, "private": True}),
                ("package_update", {**shown, **answer}),
                ("package_patch", {"id": record["id"], **answer}),
                ("package_revise", {"match": {"id": record["id"]}, "update": answer}),
            ]
            for call in (portal.call, portal.inside):
                for action, data in attempts:
                    with pytest.raises(tk.ValidationError) as error:
                        call(action, **data)
                    (text,) = error.value.error_dict[name]
                    assert text.startswith(label.partition(" Jumlah")[0]), text
                    assert "asked only when" in text
            assert portal.call("package_show", id=record["id"]) == shown
