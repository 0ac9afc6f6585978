"""Records follow their organization: index and ``metadata_modified``."""

from __future__ import annotations

from datetime import datetime, timedelta

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib import search
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.tangerang.opd import reindex

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", "tangerang_opd scheming_organizations"),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
]

LONG_AGO = datetime(2020, 1, 1)  # noqa: DTZ001 - as CKAN stores it


@pytest.fixture
def opd():
    return factories.Organization(name="disbudpar", title="Dinas Kebudayaan")


def dataset(opd, **data):
    """Make a record that was last modified long ago."""
    made = factories.Dataset(owner_org=opd["id"], **data)
    model.Session.query(model.Package).filter_by(id=made["id"]).update(
        {"metadata_modified": LONG_AGO}
    )
    model.Session.commit()
    return made["id"]


def modified(package_id):
    model.Session.expire_all()
    return model.Package.get(package_id).metadata_modified


def rename_by_hand(opd):
    """Rename as core does, which leaves index and records alone."""
    group = model.Group.get(opd["id"])
    group.name, group.title = "disporabudpar", "Dinas Pemuda"
    model.Session.commit()


def found(fq):
    return [row["id"] for row in call_action("package_search", fq=fq)["results"]]


def test_the_new_name_finds_all_records(opd, monkeypatch):
    monkeypatch.setattr(reindex, "BATCH", 2)
    ids = {dataset(opd) for _ in range(5)}
    rename_by_hand(opd)
    assert not found("organization:disporabudpar")
    reindex.touch_and_reindex([opd["id"]])
    assert set(found("organization:disporabudpar")) == ids
    shown = call_action("package_search", fq=f"id:{min(ids)}")["results"][0]
    assert shown["organization"]["title"] == "Dinas Pemuda"


def test_only_public_records_move(opd):
    public, other = dataset(opd), dataset(factories.Organization())
    private, draft = dataset(opd, private=True), dataset(opd, state="draft")
    before = reindex.now()
    reindex.touch_and_reindex([opd["id"]])
    assert modified(public) >= datetime.fromisoformat(before)
    assert {modified(package_id) for package_id in (other, private, draft)} == {LONG_AGO}
    assert call_action("package_show", id=public)["metadata_modified"] >= before


def test_a_second_run_moves_nothing(opd):
    package_id = dataset(opd)
    moment = reindex.now()
    reindex.touch_and_reindex([opd["id"]], moment)
    first = modified(package_id)
    reindex.touch_and_reindex([opd["id"]], moment)
    assert modified(package_id) == first
    later = (datetime.fromisoformat(moment) + timedelta(days=1)).isoformat()
    reindex.touch_and_reindex_packages([package_id], later)
    assert modified(package_id) > first


def test_reindexing_alone_moves_nothing(opd):
    package_id = dataset(opd)
    rename_by_hand(opd)
    reindex.reindex([opd["id"]])
    assert modified(package_id) == LONG_AGO
    assert found("organization:disporabudpar") == [package_id]


def test_it_goes_on_and_fails_at_the_end_when_the_index_refuses(opd, monkeypatch):
    ids = sorted(dataset(opd) for _ in range(2))
    rename_by_hand(opd)
    index = reindex.index_update_package

    def refusing(context, package_id, defer_commit=False):
        if package_id == ids[0]:
            raise search.SearchIndexError("no")
        index(context, package_id, defer_commit)

    monkeypatch.setattr(reindex, "index_update_package", refusing)
    with pytest.raises(reindex.IncompleteError):
        reindex.touch_and_reindex([opd["id"]])
    assert found("organization:disporabudpar") == [ids[1]]
    assert tk.get_action("package_show")({"ignore_auth": True}, {"id": ids[0]})
