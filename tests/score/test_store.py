"""The table of scores: written with the record, and only then."""

from __future__ import annotations

import gc

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib.search import rebuild
from ckan.tests.helpers import call_action

from ckanext.tangerang.score import index, store
from ckanext.tangerang.score.model import Score
from tests.metadata.records import compilation, indicator, survey
from tests.theme.conftest import counted

from .conftest import PLUGINS

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("people"),
]


@pytest.fixture
def dataset(complete):
    return call_action("package_create", **complete)


def score_of(dataset):
    model.Session.expire_all()
    return store.get(dataset["id"])


def rows():
    return model.Session.query(Score).count()


def search(**params):
    return tk.get_action("package_search")({"user": ""}, params)


def test_a_new_dataset_has_a_score(dataset):
    score = score_of(dataset)
    assert score.completeness == 100
    assert 0 < score.score < 100
    assert set(score.parts) == {
        "standar_data", "metadata", "interoperabilitas", "kode_referensi"
    }  # fmt: skip
    assert {"check": "klasifikasi", "field": "klasifikasi", "points": 3.8} in score.todo


@pytest.mark.parametrize("change", ["update", "patch", "revise"])
def test_a_change_is_judged(dataset, change):
    before = score_of(dataset).score
    klasifikasi = "kecamatan, jenis kelamin"
    if change == "update":
        call_action("package_update", **{**dataset, "klasifikasi": klasifikasi})
    elif change == "patch":
        call_action("package_patch", id=dataset["id"], klasifikasi=klasifikasi)
    else:
        call_action(
            "package_revise", match={"id": dataset["id"]}, update={"klasifikasi": klasifikasi}
        )
    assert score_of(dataset).score > before


def test_a_file_is_judged(dataset, make):
    before = score_of(dataset).parts["interoperabilitas"]
    resource = call_action(
        "resource_create",
        package_id=dataset["id"],
        url="https://example.go.id/a.csv",
        format="CSV",
    )
    assert score_of(dataset).parts["interoperabilitas"] == before + 50
    assert {t["resource"] for t in score_of(dataset).todo if "resource" in t} == {resource["id"]}
    call_action(
        "resource_patch",
        id=resource["id"],
        kamus=[{"kolom": "a", "label": "A", "tipe": "integer"}],
    )
    assert score_of(dataset).parts["interoperabilitas"] == 100
    assert "kamus_terhubung" in {task["check"] for task in score_of(dataset).todo}
    activity = make.activity()
    variable = f"{activity['id']}#{activity['variabel'][0]['kode']}"
    call_action(
        "resource_patch",
        id=resource["id"],
        kamus=[{"kolom": "a", "label": "A", "tipe": "integer", "variabel": variable}],
    )
    assert "kamus_terhubung" not in {task["check"] for task in score_of(dataset).todo}
    call_action("resource_delete", id=resource["id"])
    assert score_of(dataset).parts["interoperabilitas"] == before


def test_a_draft_is_judged(complete):
    dataset = call_action("package_create", **{**complete, "definisi": "", "private": True})
    assert score_of(dataset).completeness < 100


def test_a_patch_that_changes_nothing_is_none(dataset):
    before = score_of(dataset)
    call_action("package_patch", id=dataset["id"], title=dataset["title"])
    after = score_of(dataset)
    shown = call_action("package_show", id=dataset["id"])
    assert after.updated == before.updated
    assert shown["metadata_modified"] == dataset["metadata_modified"]
    assert shown == dataset


def test_the_record_does_not_show_it(dataset):
    assert not [name for name in dataset if "score" in name or "kelengkapan" in name]


def test_a_change_of_something_else_leaves_the_row_alone(dataset):
    before = score_of(dataset).updated
    call_action("package_patch", id=dataset["id"], kontak_telepon="(021) 5990000")
    assert score_of(dataset).updated == before


def test_a_refused_save_leaves_no_score(complete):
    with pytest.raises(tk.ValidationError):
        call_action("package_create", **{**complete, "periode_awal": "besok"})
    assert rows() == 0


def test_the_score_belongs_to_the_transaction(complete):
    call_action("package_create", context={"defer_commit": True}, **complete)
    assert rows() == 1
    model.Session.rollback()
    assert rows() == 0


def test_what_a_transaction_has_written_is_read_without_a_query(dataset):
    """As the search index reads it, though nobody holds it."""
    store.remove(dataset["id"])
    model.Session.expunge_all()
    store.refresh([dataset["id"]])
    gc.collect()
    with counted() as queries:
        score = store.get(dataset["id"])
    assert score is not None
    assert queries.sql == []


@pytest.mark.parametrize("key", ["id", "name"])
def test_a_deleted_dataset_has_none(dataset, key):
    call_action("package_delete", id=dataset[key])
    assert rows() == 0
    call_action("package_patch", id=dataset["id"], state="active")
    assert rows() == 1


def test_a_dataset_deleted_by_its_state_has_none(dataset):
    call_action("package_patch", id=dataset["id"], state="deleted")
    assert rows() == 0


def test_a_purged_dataset_has_none(dataset):
    call_action("dataset_purge", id=dataset["id"])
    assert rows() == 0


class TestEveryPath:
    """Each way to change a record writes its score; nothing has to be rebuilt afterwards."""

    @pytest.fixture(autouse=True)
    def up_to_date(self, people):
        yield
        model.Session.rollback()
        model.Session.expunge_all()
        ids = [row.id for row in model.Session.query(model.Package.id)]
        assert store.refresh(ids) == []

    def test_bulk_private_and_public(self, dataset, people):
        org = people.opd["id"]
        call_action("bulk_update_private", datasets=[dataset["id"]], org_id=org)
        assert score_of(dataset) is not None
        call_action("bulk_update_public", datasets=[dataset["id"]], org_id=org)
        assert score_of(dataset) is not None

    def test_bulk_delete(self, dataset, people):
        call_action("bulk_update_delete", datasets=[dataset["id"]], org_id=people.opd["id"])
        assert rows() == 0

    def test_keywords(self, dataset):
        before = score_of(dataset).parts["metadata"]
        call_action(
            "package_patch", id=dataset["id"], tags=[{"name": "puskesmas"}, {"name": "kecamatan"}]
        )
        with_tags = score_of(dataset).parts["metadata"]
        assert with_tags > before
        tag = model.Tag.get("puskesmas")
        call_action("tag_delete", id=tag.id)
        assert before < score_of(dataset).parts["metadata"] < with_tags
        score = f"{score_of(dataset).score:03}"
        assert search(fq=f"tangerang_score:{score}")["count"] == 1

    @pytest.mark.ckan_config("ckanext.tangerang.metadata.require_complete", False)
    def test_organization(self, dataset, people):
        change = {"id": dataset["id"]}
        call_action("package_owner_org_update", **change, organization_id="")
        assert score_of(dataset).completeness < 100
        call_action("package_owner_org_update", **change, organization_id=people.walidata["id"])
        assert score_of(dataset).completeness == 100

    @pytest.mark.ckan_config("ckanext.tangerang.metadata.require_complete", False)
    def test_purged_organization(self, dataset, people):
        call_action("organization_purge", id=people.opd["id"])
        assert score_of(dataset).completeness < 100

    def test_files_in_a_new_order(self, dataset):
        ids = [
            call_action(
                "resource_create", package_id=dataset["id"], url="https://example.go.id/a.csv",
                format="CSV", name=name,
            )["id"]
            for name in "ab"
        ]  # fmt: skip
        assert {t["resource"] for t in score_of(dataset).todo if "resource" in t} == {ids[0]}
        call_action("package_resource_reorder", id=dataset["id"], order=ids[::-1])
        assert {t["resource"] for t in score_of(dataset).todo if "resource" in t} == {ids[1]}

    def test_a_harvester_saves_as_the_site_user(self, complete):
        """ckanext-harvest saves by package_create and package_update, with ``ignore_auth``."""
        user = call_action("get_site_user")["name"]
        context = {"user": user, "ignore_auth": True}
        made = tk.get_action("package_create")(dict(context), {**complete, "klasifikasi": ""})
        before = score_of(made).score
        changed = {**complete, "id": made["id"], "klasifikasi": "kecamatan"}
        tk.get_action("package_update")(dict(context), changed)
        assert score_of(made).score > before

    def test_a_draft_that_is_published(self, complete):
        made = call_action("package_create", **{**complete, "state": "draft", "definisi": ""})
        assert score_of(made).completeness < 100
        call_action("package_patch", id=made["id"], state="active", definisi="Puskesmas terdaftar.")
        assert score_of(made).completeness == 100


class TestLinkedIndicators:
    @pytest.fixture
    def linked(self, make):
        of = make.indicator(definisi="Rata-rata nilai unsur pelayanan.", satuan="")
        return of, make.dataset(definisi="", indikator=[of["id"]])

    def test_what_an_indicator_says_counts_for_its_datasets(self, linked):
        _, made = linked
        score = score_of(made)
        assert score.completeness == 100
        assert {"definisi", "ukuran"}.isdisjoint(t["check"] for t in score.todo)

    def test_datasets_follow_a_change_of_their_indicator(self, linked, people):
        of, made = linked
        before = score_of(made).score
        user = {"user": people.editor["name"]}
        tk.get_action("package_patch")(user, {"id": of["id"], "definisi": "Nilai"})
        assert score_of(made).score < before
        value = f"{score_of(made).score:03}"
        assert search(fq=f"tangerang_score:{value}")["count"] == 1
        tk.get_action("package_patch")(user, {"id": of["id"], "definisi": "Nilai unsur layanan."})
        assert score_of(made).score == before

    def test_other_fields_of_the_indicator_change_nothing(self, linked, people):
        of, made = linked
        before = score_of(made).updated
        user = {"user": people.editor["name"]}
        tk.get_action("package_patch")(user, {"id": of["id"], "interpretasi": "Makin tinggi."})
        assert score_of(made).updated == before


class TestForms:
    @pytest.mark.parametrize("make", [survey, compilation, indicator])
    def test_completeness_and_no_score(self, people, make):
        record = call_action("package_create", **make(), owner_org=people.opd["id"], private=True)
        score = score_of(record)
        # The OPD of the tests has neither address nor telephone.
        assert score.completeness >= 98
        assert (score.score, score.parts) == (None, {})

    def test_a_change_is_judged(self, people):
        record = call_action(
            "package_create", **indicator(), owner_org=people.opd["id"], private=True
        )
        assert score_of(record).completeness == 100
        call_action("package_patch", id=record["id"], definisi="")
        assert score_of(record).completeness == 90
        assert score_of(record).todo == [{"check": "needed", "field": "definisi", "points": 10.0}]
        call_action("package_delete", id=record["id"])
        assert rows() == 0

    def test_a_patch_that_changes_nothing_is_none(self, people):
        record = call_action(
            "package_create", **survey(3), owner_org=people.opd["id"], private=True
        )
        before = score_of(record).updated
        call_action("package_patch", id=record["id"], judul_kegiatan=record["judul_kegiatan"])
        assert score_of(record).updated == before
        shown = call_action("package_show", id=record["id"])
        assert shown["metadata_modified"] == record["metadata_modified"]

    def test_facet_and_order(self, people):
        more = {"owner_org": people.opd["id"], "private": True}
        full = call_action("package_create", **indicator(), **more, name="lengkap")
        call_action("package_create", **{**indicator(), "konsep": []}, **more, name="kurang")
        found = tk.get_action("package_search")(
            {"user": people.sysadmin["name"]},
            {
                "fq": "dataset_type:indikator",
                "include_private": True,
                "facet.field": ["kelengkapan"],
                "sort": index.BEST_FIRST,
            },
        )
        assert found["facets"]["kelengkapan"] == {"lengkap": 1, "belum_lengkap": 1}
        assert [row["name"] for row in found["results"]] == ["lengkap", "kurang"]
        assert found["results"][0]["id"] == full["id"]


def test_other_types_have_none(people):
    model.Session.add(model.Package(id="lain", name="lain", type="lain"))
    model.Session.commit()
    assert store.refresh(["lain"]) == []
    assert rows() == 0


def test_many_are_judged_by_as_many_queries_as_one(complete):
    ids = [
        call_action(
            "package_create",
            **{**complete, "name": f"data-{n}", "tags": [{"name": f"kata {n}"}],
               "resources": [{"url": "https://example.go.id/a.csv", "format": "CSV"}]},
        )["id"]
        for n in range(4)
    ]  # fmt: skip

    def asked(some):
        model.Session.query(Score).delete()
        model.Session.commit()
        model.Session.expunge_all()
        with counted() as queries:
            assert store.refresh(some) == sorted(some)
        model.Session.commit()
        return len(queries.sql)

    assert asked(ids) == asked(ids[:1]) <= 6


def test_stored_and_written_are_judged_alike(dataset):
    """A rebuild must not find a difference where nothing has changed."""
    call_action(
        "resource_create",
        package_id=dataset["id"],
        url="https://example.go.id/a.csv",
        format="CSV",
        kamus=[{"kolom": "a", "label": "A", "tipe": "integer"}],
    )
    call_action("package_patch", id=dataset["id"], tags=[{"name": "puskesmas"}])
    model.Session.expunge_all()
    assert store.refresh([dataset["id"]], lock=True) == []


class TestIndex:
    def test_sorting(self, complete):
        poor = call_action("package_create", **{**complete, "name": "kurang"})
        full = {**complete, "name": "lebih", "klasifikasi": "kecamatan", "konsep": "Satu dua tiga."}
        rich = call_action("package_create", **full)
        names = [row["name"] for row in search(sort="tangerang_score desc")["results"]]
        assert names == [rich["name"], poor["name"]]
        names = [row["name"] for row in search(sort="tangerang_score asc")["results"]]
        assert names == [poor["name"], rich["name"]]

    def test_facet(self, dataset, complete):
        found = search(**{"facet.field": ["kelengkapan"]})
        assert found["facets"] == {"kelengkapan": {"lengkap": 1}}
        [item] = found["search_facets"]["kelengkapan"]["items"]
        assert item["display_name"] == "Complete: all needed items"
        assert search(fq="kelengkapan:lengkap")["count"] == 1
        assert search(fq="kelengkapan:belum_lengkap")["count"] == 0

    @pytest.mark.ckan_config("ckanext.tangerang.metadata.require_complete", False)
    def test_incomplete(self, complete):
        call_action("package_create", **{**complete, "definisi": "-"})
        assert search(fq="kelengkapan:belum_lengkap")["count"] == 1

    def test_reindexing_keeps_it(self, dataset):
        rebuild(dataset["id"])
        assert search(fq="kelengkapan:lengkap")["count"] == 1

    def test_a_change_is_indexed_with_the_record(self, dataset):
        value = f"{score_of(dataset).score:03}"
        assert search(fq=f"tangerang_score:{value}")["count"] == 1
        call_action("package_patch", id=dataset["id"], klasifikasi="kecamatan")
        assert search(fq=f"tangerang_score:{value}")["count"] == 0

    def test_words_of_the_score_are_not_searched(self, dataset):
        assert search(q="lengkap")["count"] == 0

    def test_facet_of_the_list(self, app, dataset):
        page = app.get("/dataset/").body
        assert "Complete: all needed items" in page
        assert "/dataset/?kelengkapan=lengkap" in page
        page = app.get(f"/organization/{dataset['organization']['name']}").body
        assert "kelengkapan=lengkap" in page


def test_saving_asks_the_database_little(dataset):
    """The score adds a few queries of one row each to a save."""
    with counted() as queries:
        call_action("package_patch", id=dataset["id"], klasifikasi="kecamatan")
    assert len([sql for sql in queries.sql if "tangerang_score" in sql]) <= 3
