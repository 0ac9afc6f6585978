"""An activity with sixty variables and long texts, on every path and with each set of plugins.

Order is the officer's, codes identify a variable for good, and the search index takes it all.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories

from . import records
from .conftest import PLUGINS

WITH_DCAT = f"{PLUGINS} dcat structured_data".replace("tangerang_opd", "tangerang_opd activity")

#: Longer in bytes than a term of Lucene may be, with and without places to cut it.
LONG_TEXT = "Penjelasan panjang yang wajar. " * 300
ONE_LONG_WORD = "𝔘" * 9_000


def survey():
    """Return a survey of sixty variables with long texts; each has a word of its own."""
    sent = records.survey(60)
    for number, row in enumerate(sent["variabel"], start=1):
        row["definisi"] = f"{LONG_TEXT} kata{number}unik"
    sent["variabel"][30]["kalimat_pertanyaan"] = ONE_LONG_WORD[:5_000]
    sent["variabel"][31]["definisi"] = ONE_LONG_WORD
    sent["iii_latar_belakang_kegiatan"] = LONG_TEXT * 10
    sent["iii_tujuan_kegiatan"] = ONE_LONG_WORD * 10
    return sent


def aliases(record):
    return [row["alias"] for row in record["variabel"]]


def codes(record):
    return {row["alias"]: row["kode"] for row in record["variabel"]}


def check_all_paths():
    """Create, patch, update, revise and search as the editor of an OPD."""
    editor = factories.User()
    opd = factories.Organization(users=[{"name": editor["name"], "capacity": "editor"}])

    def call(action, **data):
        return tk.get_action(action)({"user": editor["name"]}, data)

    made = call("package_create", **survey(), owner_org=opd["id"], private=True)
    record_id, given = made["id"], codes(made)
    assert aliases(made) == [f"U{number}" for number in range(1, 61)]
    assert [row["definisi"] for row in made["variabel"]] == [
        row["definisi"].strip() for row in survey()["variabel"]
    ]

    # Reordered by a patch.
    rows = made["variabel"][1::2] + made["variabel"][::2]
    call("package_patch", id=record_id, variabel=rows)
    shown = call("package_show", id=record_id)
    assert shown["variabel"] == rows
    assert codes(shown) == given

    # One taken out and one put in the middle by an update; the new one has a new code.
    new = {**records.variable(61), "konsep": ["Baru"]}
    changed = [*rows[:20], new, *rows[21:]]
    call("package_update", **shown | {"variabel": changed})
    shown = call("package_show", id=record_id)
    assert aliases(shown) == [row["alias"] for row in changed]
    assert codes(shown) == {a: c for a, c in given.items() if a != rows[20]["alias"]} | {
        "U61": "V061"
    }

    # The same rows by revise, reversed; then one cell of one row alone. Revise merges lists place
    # by place, so that rows are replaced only where the old ones are filtered out.
    backwards = shown["variabel"][::-1]
    call(
        "package_revise",
        match={"id": record_id},
        filter=["-variabel"],
        update={"variabel": backwards},
    )
    shown = call("package_show", id=record_id)
    assert shown["variabel"] == backwards
    call("package_revise", match={"id": record_id}, update__variabel__9={"satuan": "skor"})
    shown = call("package_show", id=record_id)
    assert shown["variabel"][9] == backwards[9] | {"satuan": "skor"}
    assert shown["variabel"][10:] == backwards[10:]

    # Published without a word on the variables.
    call("package_patch", id=record_id, private=False)
    shown = call("package_show", id=record_id)
    assert aliases(shown) == [row["alias"] for row in backwards]

    # A word of any variable finds the activity, and only when activities are asked for.
    for word in ("kata1unik", "kata60unik"):
        found = call("package_search", q=word, fq="dataset_type:kegiatan")
        assert [row["id"] for row in found["results"]] == [record_id]
        assert found["results"][0]["variabel"] == shown["variabel"]
        assert call("package_search", q=word)["count"] == 0


@pytest.mark.ckan_config("ckan.plugins", PLUGINS)
@pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")
def test_with_our_metadata_alone():
    check_all_paths()


@pytest.mark.ckan_config("ckan.plugins", WITH_DCAT)
@pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")
def test_with_dcat_and_structured_data():
    check_all_paths()


@pytest.mark.usefixtures("with_portal", "clean_db", "clean_index")
def test_with_all_plugins_of_a_portal():
    check_all_paths()
