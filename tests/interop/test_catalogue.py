"""The whole catalogue: one document of fragments, for as long as it is right."""

from __future__ import annotations

import gzip
import json
import re

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckanext.dcat.processors import RDFSerializer
from rdflib import Graph, URIRef
from rdflib.compare import isomorphic, to_isomorphic
from rdflib.namespace import DCAT

from ckanext.tangerang.interop.catalogue import build, forms, store
from ckanext.tangerang.interop.dcat import lookup as lookups

pytestmark = [
    pytest.mark.ckan_config("ckanext.tangerang.metadata.require_complete", False),
    pytest.mark.ckan_config("ckanext.dcat.rdf.profiles", "tangerang_sdi"),
    pytest.mark.usefixtures("with_portal", "clean_db", "clean_index", "storage"),
]
RDF_FORMS = {"ttl": "turtle", "xml": "xml", "jsonld": "json-ld"}
HOSTILE = 'Data "kutip" \\ garis <b>&amp; </script> ]]> \u202ekanan \x07 baris\nbaru\ttab é 数 🙂'


@pytest.fixture
def storage(ckan_config, monkeypatch, tmp_path):
    monkeypatch.setitem(ckan_config, "ckan.storage_path", str(tmp_path))
    return tmp_path / "tangerang" / "catalogue"


@pytest.fixture
def datasets():
    owner = factories.Organization(title="Dinas Kesehatan")
    made = []
    for number in range(3):
        dataset = factories.Dataset(
            title=f"{HOSTILE} {number}",
            notes=HOSTILE * 3,
            owner_org=owner["id"],
            private=False,
            satuan="unit",
            frekuensi="TAHUNAN",
            kategori=["kesehatan"],
            periode_awal="2024",
            kontak_email="data@example.org",
            tags=[{"name": "puskesmas"}],
        )
        factories.Resource(
            package_id=dataset["id"], url=f"https://example.org/{number} a.csv", format="CSV"
        )
        made.append(dataset)
    return made


def change(action, **data):
    """Change something as a sysadmin."""
    context = {"user": factories.Sysadmin()["name"]}
    return tk.get_action(action)(context, data)


def read(app, name, **headers):
    answer = app.get(f"/catalog-all.{name}" if name != "json" else "/data.json", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


def graph(text, name):
    found = Graph()
    found.parse(data=text, format=RDF_FORMS[name])
    return found


def names(graph_):
    return {str(one).rsplit("/", 1)[-1] for one in graph_.objects(None, DCAT.dataset)}


def ids(datasets):
    return {dataset["id"] for dataset in datasets}


class TestDocuments:
    def test_each_form_holds_the_graph_that_ckanext_dcat_makes(self, app, datasets):
        records = [
            tk.get_action("package_show")({"user": ""}, {"id": dataset["id"]})
            for dataset in datasets
        ]
        serializer = RDFSerializer(profiles=["tangerang_sdi"])
        serializer.serialize_catalog({}, records, _format="ttl")
        expected = to_isomorphic(serializer.g)
        for name in RDF_FORMS:
            found = graph(read(app, name).text, name)
            assert isomorphic(found, expected), name

    def test_data_json_names_every_dataset(self, app, datasets):
        document = json.loads(read(app, "json").text)
        assert {row["identifier"] for row in document["dataset"]} == {
            dataset["identifier"] for dataset in datasets
        }
        assert document["conformsTo"].startswith("https://project-open-data")

    def test_an_empty_portal_has_a_catalogue_without_datasets(self, app):
        for name in RDF_FORMS:
            found = graph(read(app, name).text, name)
            assert not names(found)
            assert len(found) > 5
        assert json.loads(read(app, "json").text)["dataset"] == []

    def test_they_are_sent_packed_to_whom_reads_that(self, app, datasets):
        packed = read(app, "ttl", **{"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data).decode() == read(app, "ttl").text

    def test_the_finished_file_says_the_same_as_the_database(self, app, datasets, storage):
        streamed = {name: read(app, name).text for name in forms.FORMS}
        build.run()
        assert len(list(storage.iterdir())) == 2 * len(forms.FORMS)
        for name, text in streamed.items():
            assert read(app, name).text == text
            packed = read(app, name, **{"Accept-Encoding": "gzip"})
            assert gzip.decompress(packed.data).decode() == text


class TestFreshness:
    def test_a_reader_who_has_it_gets_it_only_when_it_changed(self, app, datasets):
        build.run()
        first = read(app, "ttl")
        tag = first.headers["ETag"]
        assert first.headers["Last-Modified"]
        again = app.get("/catalog-all.ttl", headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
        change("package_patch", id=datasets[0]["id"], satuan="gedung")
        changed = app.get("/catalog-all.ttl", headers={"If-None-Match": tag})
        assert changed.status_code == 200
        assert "gedung" in changed.text

    @pytest.mark.parametrize("name", sorted(forms.FORMS))
    @pytest.mark.parametrize("way", ["private", "deleted", "purged"])
    def test_what_is_withdrawn_is_gone_at_once(self, app, datasets, storage, name, way):
        build.run()
        gone = datasets[1]
        # Its address by name, or by id.
        traces = (gone["id"], f"/{gone['name']}")
        assert any(trace in read(app, name).text for trace in traces)
        if way == "private":
            change("package_patch", id=gone["id"], private=True)
        else:
            change("package_delete" if way == "deleted" else "dataset_purge", id=gone["id"])
        assert not any(trace in read(app, name).text for trace in traces)
        build.run()
        assert not any(trace in read(app, name).text for trace in traces)
        kept = "".join(path.read_text() for path in storage.glob(f"*.{name}"))
        assert not any(trace in kept for trace in traces)

    def test_a_changed_name_of_the_opd_is_in_its_datasets_and_only_there(self, app, datasets):
        other = factories.Organization(title="Dinas Sosial")
        factories.Dataset(owner_org=other["id"], private=False)
        build.run()
        assert store.outdated() == []
        change("organization_patch", id=datasets[0]["owner_org"], title="Dinas Kesehatan dan Gizi")
        assert set(store.outdated()) == ids(datasets)
        assert "Dinas Kesehatan dan Gizi" in read(app, "ttl").text

    def test_an_activity_is_named_as_it_is_called_now(self, app, datasets):
        activity = factories.Dataset(
            type="kegiatan",
            title="Survei lama",
            owner_org=datasets[0]["owner_org"],
            private=False,
        )
        change("package_patch", id=datasets[0]["id"], kegiatan=activity["id"])
        assert "Survei lama" in read(app, "ttl").text
        build.run()
        change("package_patch", id=activity["id"], judul_kegiatan="Survei baru")
        assert store.outdated() == [datasets[0]["id"]]
        text = read(app, "ttl").text
        assert "Survei baru" in text
        assert "Survei lama" not in text

    def test_too_much_to_render_is_left_to_the_job(self, app, datasets, ckan_config, monkeypatch):
        monkeypatch.setitem(ckan_config, "ckanext.tangerang.interop.inline_limit", 2)
        answer = app.get("/catalog-all.ttl", status=503)
        assert answer.headers["Retry-After"] == "60"
        build.run()
        assert names(graph(read(app, "ttl").text, "ttl")) == ids(datasets)

    def test_nothing_is_rendered_twice(self, datasets):
        assert build.refresh(store.outdated()).rendered == len(datasets)
        assert store.outdated() == []

    def test_a_portal_without_a_storage_has_a_catalogue_too(
        self, app, datasets, ckan_config, monkeypatch
    ):
        monkeypatch.setitem(ckan_config, "ckan.storage_path", "")
        build.run()
        assert names(graph(read(app, "ttl").text, "ttl")) == ids(datasets)

    def test_several_processes_render_what_one_does(self, app, datasets, monkeypatch):
        monkeypatch.setattr(build, "_CHUNK", 1)
        reports = list(build.refresh_by(store.outdated(), 2))
        assert sum(report.rendered for report in reports) == len(datasets)
        several = read(app, "xml").text
        table = store.CatalogueFragment.__table__
        model.Session.execute(table.delete())
        model.Session.commit()
        build.refresh(store.outdated())
        assert read(app, "xml").text == several


class TestPages:
    @pytest.mark.parametrize("name", ["ttl", "xml", "rdf", "jsonld"])
    def test_pages_together_hold_every_dataset_once(
        self, app, datasets, ckan_config, monkeypatch, name
    ):
        monkeypatch.setitem(ckan_config, "ckanext.dcat.datasets_per_page", 2)
        form = {"rdf": "xml"}.get(name, name)
        address, found, count = f"/catalog.{name}", [], 0
        while address:
            answer = app.get(address)
            page = graph(answer.text, form)
            found += sorted(names(page))
            following = set(page.objects(None, URIRef("http://www.w3.org/ns/hydra/core#next")))
            address = re.sub(r"^https?://[^/]+", "", str(following.pop())) if following else ""
            count += 1
        assert count == 2
        assert sorted(found) == sorted(ids(datasets))

    def test_a_page_is_what_ckanext_dcat_makes_of_it(self, app, datasets):
        ours = graph(app.get("/catalog.ttl").text, "ttl")
        # A filter is ckanext-dcat's to answer.
        theirs = graph(app.get("/catalog.ttl?q=*:*").text, "ttl")
        hydra = "http://www.w3.org/ns/hydra/core#"

        def without_paging(found):
            return {
                triple
                for triple in found
                if not str(triple[1]).startswith(hydra) and not str(triple[2]).startswith(hydra)
            }

        assert without_paging(ours) == without_paging(theirs)

    def test_a_filter_is_answered_by_ckanext_dcat(self, app, datasets):
        found = graph(app.get(f"/catalog.ttl?fq=id:{datasets[0]['id']}").text, "ttl")
        assert names(found) == {datasets[0]["id"]}

    @pytest.mark.parametrize("number", ["0", "-1", "x"])
    def test_a_number_that_is_none_is_refused_as_before(self, app, number):
        assert app.get(f"/catalog.ttl?page={number}").status_code in (404, 409)

    @pytest.mark.parametrize("number", ["7", "9" * 40, "9" * 5_000])
    def test_a_page_after_the_last_is_empty(self, app, datasets, number):
        assert not names(graph(app.get(f"/catalog.ttl?page={number}").text, "ttl"))

    def test_a_page_that_is_known_is_not_sent_again(self, app, datasets):
        tag = app.get("/catalog.ttl").headers["ETag"]
        assert app.get("/catalog.ttl", headers={"If-None-Match": tag}).status_code == 304
        assert app.get("/catalog.ttl?page=2", headers={"If-None-Match": tag}).status_code == 200


def test_a_fragment_depends_on_nothing_but_its_record(datasets):
    record = tk.get_action("package_show")({"user": ""}, {"id": datasets[0]["id"]})
    once = forms.render(record, lookups.load([record]))
    assert forms.render(record, lookups.load([record])) == once
