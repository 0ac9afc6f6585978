"""Links of restricted files never stand in the record, on whatever path it is written."""

from __future__ import annotations

import json

import pytest
from ckan import model

from ckanext.tangerang.access.model import AccessLink

from .conftest import PLUGINS, REASON, SECRET, ask, record, system, uploaded

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "app"),
]

HIDDEN = "https://rahasia.example.org/jalan/data.csv?kunci=abc"


def everything(package_id):
    """Return all that CKAN stores and tells of a record, as text."""
    model.Session.expire_all()
    rows = [
        dict(row._mapping)
        for row in model.Session.execute(model.Resource.__table__.select())
        if row.package_id == package_id
    ]
    shown = [system("package_show", id=package_id, use_default_schema=flag) for flag in (0, 1)]
    found = system("package_search", q="*:*", include_private=True)
    seek = [system("resource_search", query=f"url:{word}") for word in ("rahasia", "kunci")]
    return json.dumps([rows, shown, found, seek], default=str)


@pytest.fixture
def draft(roles, complete):
    return lambda **more: {
        **complete,
        "accesslevel": "terbatas",
        **REASON,
        "resources": [{"name": "Data", "format": "CSV", "url": HIDDEN}],
        **more,
    }


def kept(resource):
    model.Session.expire_all()
    row = model.Session.query(AccessLink).filter_by(resource_id=resource["id"]).first()
    return row.url if row else None


def test_a_new_record(roles, draft):
    made = ask("package_create", roles.editor, **draft())
    [resource] = made["resources"]
    assert resource["url"].startswith(f"http://test.ckan.net/dataset/{made['id']}/resource/")
    assert "/download/" in resource["url"]
    assert kept(resource) == HIDDEN
    text = everything(made["id"])
    assert "rahasia.example.org" not in text
    assert "kunci=abc" not in text


def test_saving_again_changes_nothing(roles, draft):
    made = ask("package_create", roles.editor, **draft())
    again = ask("package_update", roles.editor, **made)
    assert again["resources"][0]["url"] == made["resources"][0]["url"]
    assert again["metadata_modified"] == made["metadata_modified"]
    assert kept(made["resources"][0]) == HIDDEN


@pytest.mark.parametrize("level", ["terbatas", "tertutup"])
def test_a_record_that_becomes_restricted(roles, draft, level):
    made = ask("package_create", roles.editor, **draft(accesslevel="terbuka"))
    assert made["resources"][0]["url"] == HIDDEN
    ask(
        "package_patch", roles.editor, id=made["id"], accesslevel=level, private=level == "tertutup"
    )
    assert kept(made["resources"][0]) == HIDDEN
    assert "rahasia.example.org" not in everything(made["id"])


def test_other_paths(roles, draft):
    made = ask("package_create", roles.editor, **draft(resources=[]))
    other = HIDDEN.replace("data", "lain")
    added = ask("resource_create", roles.editor, package_id=made["id"], url=HIDDEN, name="A")
    assert kept(added) == HIDDEN
    ask("resource_patch", roles.editor, id=added["id"], url=other)
    assert kept(added) == other
    ask("resource_update", roles.editor, id=added["id"], url=HIDDEN, name="B")
    assert kept(added) == HIDDEN
    ask(
        "package_revise",
        roles.editor,
        match={"id": made["id"]},
        update__resources__extend=[{"url": other, "name": "C"}],
    )
    assert "rahasia.example.org" not in everything(made["id"])
    assert model.Session.query(AccessLink).count() == 2


def test_the_walidata_opens_it(roles, draft):
    made = ask("package_create", roles.editor, **draft())
    ask("package_patch", roles.sysadmin, id=made["id"], accesslevel="terbuka")
    assert system("package_show", id=made["id"])["resources"][0]["url"] == HIDDEN
    assert kept(made["resources"][0]) is None


def test_an_upload_takes_the_place_of_a_link(roles, draft):
    made = ask("package_create", roles.editor, **draft())
    [resource] = made["resources"]
    system("resource_delete", id=resource["id"])
    file = uploaded(made["id"])
    assert file["url_type"] == "upload"
    assert kept(file) is None


def test_the_hash_of_a_restricted_file_is_not_told(roles, draft, complete):
    """A guess about the content could be checked by it."""
    made = ask("package_create", roles.editor, **draft(resources=[]))
    file = uploaded(made["id"], hash="d41d8cd98f00")
    assert file["hash"] == ""
    assert system("resource_search", query="hash:d41d8")["count"] == 0


def test_a_file_of_another_portal_with_the_same_shape_is_a_link(roles, draft):
    url = "https://data.example.org/dataset/a/resource/4f4f4f4f-0000-4000-8000-000000000000/download/x"
    made = ask("package_create", roles.editor, **draft(resources=[{"url": url, "name": "x"}]))
    assert kept(made["resources"][0]) == url


def test_a_copy_keeps_the_link_for_those_who_may_read_it(roles, draft):
    """As a version that is prepared aside does: it names the link by our address."""
    made = ask("package_create", roles.editor, **draft())
    address = made["resources"][0]["url"]
    files = [{"url": address, "name": "Salinan"}]
    mine = ask("package_create", roles.editor, **draft(name="salinan", resources=files))
    assert kept(mine["resources"][0]) == HIDDEN
    theirs = draft(name="curi", owner_org=roles.other["id"], resources=files)
    stolen = ask("package_create", roles.stranger, **theirs)
    assert kept(stolen["resources"][0]) == address


def test_no_link_is_kept_of_an_open_record(roles, complete, secret_file):
    made = record(complete, "terbuka", secret_file)
    assert made.link["url"] == secret_file
    assert model.Session.query(AccessLink).count() == 0
    assert SECRET not in json.dumps(made.shown)
