"""A form that was opened before somebody else's save does not take that save back unasked."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan.tests.helpers import call_action

from .conftest import PLUGINS

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("people"),
]


@pytest.fixture
def record(make, people):
    """Make a dataset with a file."""
    made = make.dataset()
    call_action(
        "resource_create",
        context={"user": people.editor["name"], "ignore_auth": False},
        package_id=made["id"],
        url="https://example.go.id/a.csv",
        name="Lama",
    )
    return call_action("package_show", id=made["id"])


@pytest.fixture
def client(app, people):
    """Return the browser of the editor."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = people.editor["id"], True
    return client


def form_of(page):
    """Return what the form of a page would send."""
    form = BeautifulSoup(page.get_data(as_text=True), "html.parser").select_one(
        "form#dataset-edit, form#resource-edit"
    )
    values = {
        field["name"]: field.get("value", "") if field.name == "input" else field.text.strip("\r\n")
        for field in form.select(
            "input[name]:not([type=checkbox],[type=radio],[type=file]), textarea"
        )
    }
    for chosen in form.select("select[name]"):
        option = chosen.select_one("option[selected]") or chosen.select_one("option")
        values[chosen["name"]] = option.get("value", "") if option else ""
    for ticked in form.select("input[checked]"):
        values[ticked["name"]] = ticked.get("value", "on")
    return values


def change(people, action, **values):
    """Let somebody else save."""
    tk.get_action(action)({"user": people.admin["name"]}, values)


def test_the_form_of_a_dataset(client, people, record):
    place = f"/dataset/edit/{record['id']}"
    form = form_of(client.get(place)) | {"save": "save", "title": "Yang diketik"}
    assert form["seen"].startswith(record["metadata_modified"] + " ")
    change(people, "package_patch", id=record["id"], notes="Disimpan orang lain.")
    page = client.post(place, data=form)
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert "was changed since you opened the form" in text
    assert "seen:" not in text.lower()
    again = form_of(page) | {"save": "save"}
    assert again["title"] == "Yang diketik"
    now = call_action("package_show", id=record["id"])
    assert (now["title"], now["notes"]) == (record["title"], "Disimpan orang lain.")
    assert again["seen"].startswith(now["metadata_modified"] + " ")
    assert client.post(place, data=again, follow_redirects=False).status_code == 302
    assert call_action("package_show", id=record["id"])["title"] == "Yang diketik"


def test_the_form_of_a_file(client, people, record):
    [file] = record["resources"]
    place = f"/dataset/{record['id']}/resource/{file['id']}/edit"
    form = form_of(client.get(place)) | {"save": "save", "name": "Yang diketik"}
    change(people, "resource_patch", id=file["id"], description="Disimpan orang lain.")
    page = client.post(place, data=form)
    assert "was changed since you opened the form" in page.get_data(as_text=True)
    again = form_of(page) | {"save": "save"}
    assert again["name"] == "Yang diketik"
    assert call_action("resource_show", id=file["id"])["name"] == "Lama"
    assert client.post(place, data=again, follow_redirects=False).status_code == 302
    assert call_action("resource_show", id=file["id"])["name"] == "Yang diketik"


def test_what_the_loader_notes_at_a_file_is_no_other_version(client, people, record):
    [file] = record["resources"]
    places = [
        f"/dataset/edit/{record['id']}",
        f"/dataset/{record['id']}/resource/{file['id']}/edit",
    ]
    forms = [form_of(client.get(place)) | {"save": "save"} for place in places]
    change(people, "resource_patch", id=file["id"], datastore_active=True, hash="sha256:1")
    now = call_action("package_show", id=record["id"])
    assert now["metadata_modified"] != record["metadata_modified"]
    assert now["resources"][0]["metadata_modified"] != file["metadata_modified"]
    for place, form in zip(places, forms, strict=True):
        assert client.post(place, data=form, follow_redirects=False).status_code == 302


@pytest.mark.parametrize(
    "changed",
    [
        {"tags": [{"name": "posyandu"}]},
        {"definisi": "Lain."},
        {"title": "Lain"},
        {"private": True},
    ],
    ids=str,
)
def test_each_kind_of_content_is_another_version(client, people, record, changed):
    place = f"/dataset/edit/{record['id']}"
    opened = form_of(client.get(place))["seen"]
    change(people, "package_patch", id=record["id"], **changed)
    assert form_of(client.get(place))["seen"].split()[1] != opened.split()[1]


def test_a_form_filled_before_a_change_does_not_take_it_for_seen(people, record):
    assert tk.h.tangerang_seen(record).startswith(record["metadata_modified"] + " ")
    change(people, "package_patch", id=record["id"], notes="Disimpan orang lain.")
    assert tk.h.tangerang_seen(record) == record["metadata_modified"]
    assert tk.h.tangerang_seen({}) == ""


def test_nothing_is_kept_of_it(people, record):
    [file] = record["resources"]
    seen = {"seen": record["metadata_modified"]}
    change(people, "package_update", **{**record, **seen, "title": "Baru"})
    change(people, "resource_update", **{**file, "seen": file["metadata_modified"], "name": "B"})
    now = call_action("package_show", id=record["id"])
    assert (now["title"], now["resources"][0]["name"]) == ("Baru", "B")
    assert "seen" not in now
    assert "seen" not in now["resources"][0]


@pytest.mark.parametrize("seen", ["2020-01-01T00:00:00", "entah", 7, {}])
def test_another_version_is_refused(seen, people, record):
    [file] = record["resources"]
    for action, data in (("package_update", record), ("resource_update", file)):
        with pytest.raises(tk.ValidationError, match="was changed since"):
            change(people, action, **{**data, "seen": seen, "name": "baru"})


def test_who_may_not_save_learns_nothing(record):
    with pytest.raises(tk.NotAuthorized):
        tk.get_action("package_update")({"user": ""}, {**record, "seen": "2020"})
