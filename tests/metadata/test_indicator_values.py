"""Where an indicator's values are: a file of a dataset, loaded into the DataStore."""

from __future__ import annotations

import pytest
from ckan import model

from ckanext.tangerang.metadata import link_store, links
from tests.metadata.conftest import PLUGINS
from tests.metadata.records import indicator
from tests.metadata.test_dataset import act, refused

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", f"{PLUGINS} datastore"),
    pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins"),
]

NOT_THERE = "99999999-9999-4999-8999-999999999999"


@pytest.fixture
def file(people, make):
    dataset = make.dataset(resources=[{"url": "http://x.id/a.csv"}])
    records = [{"tahun": 2024, "jumlah": 44, "jenis": "puskesmas"}]
    fields = [{"id": "tahun", "type": "int"}, {"id": "jumlah", "type": "numeric"}]
    table = act(
        "datastore_create",
        people.editor,
        resource_id=dataset["resources"][0]["id"],
        force=True,
        fields=[*fields, {"id": "jenis", "type": "text"}],
        records=records,
    )
    return table["resource_id"]


def values(file, **other):
    return {"nilai_resource": file, "nilai_kolom": "jumlah", "tahun_kolom": "tahun", **other}


def test_columns_and_filter_that_the_table_has(people, make, file):
    rows = [{"kolom": "jenis", "nilai": "puskesmas"}]
    found = make.indicator(**values(file, saringan=rows))
    package = model.Package.get(found["id"])
    assert link_store.of_package(package) == {links.Link("nilai_resource", file)}
    # A table that goes away later does not block an edit.
    act("datastore_delete", people.sysadmin, resource_id=file, force=True)
    act("package_patch", people.editor, id=found["id"], rumus="a + b")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"nilai_kolom": "tidak_ada"}, "nilai_kolom"),
        ({"nilai_kolom": "jenis"}, "nilai_kolom"),
        ({"tahun_kolom": "tidak_ada"}, "tahun_kolom"),
        ({"saringan": [{"kolom": "tidak_ada", "nilai": "x"}]}, "saringan"),
        ({"saringan": [{"kolom": "jenis", "nilai": "rumah sakit"}]}, "saringan"),
        ({"saringan": [{"kolom": "tahun", "nilai": "bukan angka"}]}, "saringan"),
        ({"nilai_resource": ""}, "nilai_resource"),
        ({"nilai_resource": NOT_THERE}, "nilai_resource"),
    ],
)
def test_what_the_table_does_not_have_is_refused(people, make, file, change, field):
    data = {**indicator(), "owner_org": people.opd["id"], "private": True}
    errors = refused("package_create", people.editor, **{**data, **values(file), **change})
    assert list(errors) == [field]


def test_a_file_that_is_no_table_is_refused(people, make):
    dataset = make.dataset(resources=[{"url": "http://x.id/a.pdf"}])
    data = {**indicator(), "owner_org": people.opd["id"], "private": True}
    said = values(dataset["resources"][0]["id"])
    assert list(refused("package_create", people.editor, **data, **said)) == ["nilai_resource"]


def test_the_file_and_its_dataset_stay_while_an_indicator_needs_them(people, make, file):
    found = make.indicator(**values(file))
    errors = refused("resource_delete", people.editor, id=file)
    assert found["title"] in errors["id"][0]
    dataset = model.Resource.get(file).package
    errors = refused("package_patch", people.editor, id=dataset.id, resources=[])
    assert found["title"] in errors["files_in_use"][0]
    errors = refused("package_delete", people.editor, id=dataset.id)
    assert found["title"] in errors["id"][0]
    act("package_patch", people.editor, id=found["id"], **dict.fromkeys(values(""), ""))
    act("resource_delete", people.editor, id=file)
