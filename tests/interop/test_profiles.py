"""The profile in a real portal: ckanext-dcat's pages, its parser, and the way back into CKAN."""

from __future__ import annotations

import json

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib.search import rebuild
from ckan.tests import factories, helpers
from ckanext.dcat.processors import RDFParser, RDFSerializer
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, PROV, RDF, Namespace
from sqlalchemy import event

from ckanext.tangerang.interop.dcat import lookup
from tests.interop.conftest import FULL, HOSTILE

EU = "http://publications.europa.eu/resource/authority"
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
PLUGINS = (
    "tangerang_metadata tangerang_opd tangerang_interop scheming_datasets scheming_organizations "
    "dcat"
)

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.ckan_config("ckanext.dcat.rdf.profiles", "tangerang_sdi"),
    pytest.mark.ckan_config("ckanext.tangerang.metadata.require_complete", False),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
]

FILE = {
    "url": "https://example.go.id/puskesmas.csv",
    **{
        key: FULL["resources"][0][key]
        for key in ("name", "description", "format", "periode_data", "tingkat_wilayah", "size")
    },
    "status_angka": "tetap",
    "kamus": [{"kolom": "jumlah", "label": "Jumlah", "tipe": "integer", "satuan": "unit"}],
}
#: Set by CKAN, or by the portal that a dataset comes to.
OWN = ("id", "name", "owner_org", "kegiatan", "indikator", "resources", "tags", "identifier")


def dataset(**values):
    return factories.Dataset(**{"owner_org": factories.Organization()["id"], **values})


def sysadmin():
    return {"user": factories.Sysadmin()["name"], "ignore_auth": False}


def activity(**values):
    return factories.Dataset(
        type="kegiatan", judul_kegiatan="Kompilasi puskesmas", tahun_kegiatan="2024", **values
    )


def graph(app, path, form="turtle"):
    return Graph().parse(data=app.get(path).body, format=form)


def subject_of(found, title):
    return next(found.subjects(DCTERMS.title, Literal(title)))


@pytest.fixture
def queries():
    """Return the SQL statements that have run since."""
    found: list[str] = []
    engine = model.Session.get_bind()

    def note(_connection, _cursor, statement, *_):
        found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def test_the_page_of_a_dataset_carries_them(app):
    record = dataset(
        title="Jumlah puskesmas",
        frekuensi="TAHUNAN",
        accesslevel="terbuka",
        periode_awal="2020",
        kontak_email="data@example.org",
    )
    found = graph(app, f"/dataset/{record['name']}.ttl")
    subject = subject_of(found, "Jumlah puskesmas")
    assert found.value(subject, DCTERMS.accrualPeriodicity) == URIRef(f"{EU}/frequency/ANNUAL")
    assert found.value(subject, DCTERMS.accessRights) == URIRef(f"{EU}/access-right/PUBLIC")
    period = found.value(subject, DCTERMS.temporal)
    assert str(found.value(period, DCAT.startDate)) == "2020-01-01"
    assert str(found.value(period, DCAT.endDate)) == "2020-12-31"
    contact = found.value(subject, DCAT.contactPoint)
    assert str(found.value(contact, VCARD.hasEmail)) == "mailto:data@example.org"


def test_agents_come_from_the_registry(app):
    parent = factories.Organization(title="Sekretariat Daerah")
    opd = factories.Organization(title="Dinas Kesehatan", groups=[{"name": parent["name"]}])
    walidata = helpers.call_action(
        "organization_create",
        sysadmin(),
        name="diskominfo",
        title="Diskominfo",
        peran_sdi="walidata",
    )
    dataset(title="Jumlah puskesmas", owner_org=opd["id"])
    found = graph(app, "/catalog.ttl")
    subject = subject_of(found, "Jumlah puskesmas")
    creator = found.value(subject, DCTERMS.creator)
    publisher = found.value(subject, DCTERMS.publisher)
    assert str(creator).endswith(f"/organization/{opd['id']}")
    assert str(publisher).endswith(f"/organization/{walidata['id']}")
    above = found.value(creator, URIRef("http://www.w3.org/ns/org#subOrganizationOf"))
    assert found.value(above, FOAF.name) == Literal("Sekretariat Daerah")
    catalogue = next(found.subjects(RDF.type, DCAT.Catalog))
    assert found.value(catalogue, DCTERMS.publisher) == publisher


@pytest.mark.parametrize(
    ("path", "form"), [("ttl", "turtle"), ("xml", "xml"), ("jsonld", "json-ld")]
)
def test_the_catalogue_is_valid_with_hostile_values(app, violations, path, form):
    for number, text in enumerate(HOSTILE):
        # What the database does not take never comes so far.
        safe = text.replace("\x00", "").encode("utf-8", "ignore").decode()
        dataset(
            name=f"dataset-{number}",
            title=safe or "kosong",
            notes=safe,
            resources=[{"url": safe or "x", "name": safe, "description": safe, "format": "CSV"}],
            extras=[{"key": "uri", "value": f"{safe}<>"}],
        )
    found = graph(app, f"/catalog.{path}", form)
    assert len(set(found.subjects(RDF.type, DCAT.Dataset))) == len(HOSTILE)
    assert violations(found) == []


# A page with a filter is ckanext-dcat's own, made for each request; one without is kept.
@pytest.mark.parametrize(("path", "named"), [("/catalog.ttl?q=*:*", 2), ("/catalog.ttl", None)])
def test_a_page_of_the_catalogue_asks_once_for_all_its_datasets(app, queries, path, named):
    counts = []
    for _ in range(2):
        for _ in range(4):
            kegiatan = activity(owner_org=factories.Organization()["id"])
            dataset(kegiatan=kegiatan["id"])
        app.get(path)
        queries.clear()
        body = app.get(path).body
        asked = [one for one in queries if '"group"' in one or "FROM package" in one]
        counts.append((len(queries), len(asked)))
    assert body.count("prov:wasGeneratedBy") == 8
    assert counts[0] == counts[1], "more datasets cost more queries"
    assert named is None or counts[0][1] == named, asked


def test_private_and_draft_records_are_not_in_the_catalogue(app):
    opd = factories.Organization()["id"]
    hidden = activity(owner_org=opd, private=True)
    dataset(title="Rahasia", private=True, owner_org=opd)
    dataset(title="Konsep", state="draft", owner_org=opd)
    public = dataset(title="Umum", owner_org=opd)
    # A public record can not name a hidden one by itself; an older portal may have left one.
    package = model.Package.get(public["id"])
    package.extras["kegiatan"] = hidden["id"]
    model.repo.commit()
    rebuild(public["id"])
    for path in ("/catalog.ttl", "/catalog.ttl?fq=capacity:private", "/catalog.ttl?q=*:*"):
        body = app.get(path).body
        assert "Rahasia" not in body
        assert "Konsep" not in body
        assert hidden["id"] not in body
    body = app.get(f"/dataset/{public['name']}.ttl").body
    assert "Umum" in body
    assert hidden["id"] not in body


def test_activities_are_no_datasets_of_the_catalogue(app):
    activity(owner_org=factories.Organization()["id"])
    found = graph(app, "/catalog.ttl?fq=dataset_type:kegiatan")
    assert set(found.subjects(RDF.type, DCAT.Dataset)) == set()


@pytest.mark.ckan_config("ckanext.dcat.datasets_per_page", 2)
def test_pages_of_the_catalogue_are_those_of_ckanext_dcat(app):
    for number in range(3):
        dataset(name=f"dataset-{number}")
    first, second = graph(app, "/catalog.ttl"), graph(app, "/catalog.ttl?page=2")
    counts = [len(set(one.subjects(RDF.type, DCAT.Dataset))) for one in (first, second)]
    assert counts == [2, 1]
    paging = next(first.subjects(RDF.type, HYDRA.PagedCollection))
    assert str(first.value(paging, HYDRA.next)).endswith("page=2")


def test_without_a_page_a_dataset_looks_up_by_itself():
    record = dataset(title="Umum")
    text = RDFSerializer().serialize_dataset(record, _format="ttl")
    assert "Umum" in text
    assert lookup.for_dataset(record).agencies[record["owner_org"]].title


def parsed(text, form):
    parser = RDFParser()
    parser.parse(text, _format=form)
    [found] = parser.datasets()
    return found


@pytest.mark.parametrize("form", ["xml", "ttl", "jsonld"])
def test_a_dataset_comes_back_as_it_was(app, form):
    opd = factories.Organization()
    kegiatan = activity(owner_org=opd["id"])
    values = {key: value for key, value in FULL.items() if key not in OWN}
    values |= {"kegiatan": kegiatan["id"], "tags": FULL["tags"], "resources": [FILE]}
    record = helpers.call_action(
        "package_create", sysadmin(), name="asli", owner_org=opd["id"], **without_meta(values)
    )
    found = parsed(app.get(f"/dataset/asli.{form}").body, form)
    # Two datasets can not have one identifier.
    helpers.call_action("dataset_purge", sysadmin(), id=record["id"])

    copy = helpers.call_action(
        "package_create", sysadmin(), **found | {"name": "salinan", "owner_org": opd["id"]}
    )
    for field in tk.h.scheming_get_dataset_schema("dataset")["dataset_fields"]:
        name = field["field_name"]
        if name not in ("name", "owner_org", *PRIVATE):
            assert copy.get(name) == record.get(name), name
    [old], [new] = record["resources"], copy["resources"]
    for name in (*FILE, "schema"):
        assert new.get(name) == old.get(name), name
    assert {tag["name"] for tag in copy["tags"]} == {tag["name"] for tag in record["tags"]}
    extras = {extra["key"]: extra["value"] for extra in copy["extras"]}
    assert extras["creator_name"] == opd["title"]
    assert extras["uri"].endswith(record["id"])
    assert not {"frequency", "access_rights", "provenance_activity"} & set(extras)


PRIVATE = ("author", "author_email", "maintainer", "maintainer_email")


def without_meta(values):
    return {
        key: value
        for key, value in values.items()
        if key not in ("metadata_created", "metadata_modified", "license_url", "type", "state")
    }


def test_reading_again_changes_nothing(app):
    record = dataset(**without_meta({k: v for k, v in FULL.items() if k not in OWN}))
    once = parsed(app.get(f"/dataset/{record['name']}.xml").body, "xml")
    again = parsed(app.get(f"/dataset/{record['name']}.xml").body, "xml")
    assert json.dumps(once, sort_keys=True) == json.dumps(again, sort_keys=True)


def test_what_a_foreign_catalogue_says_more_is_kept(app):
    found = parsed(
        r"""
        @prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
        @prefix eu: <http://publications.europa.eu/resource/authority/> .
        <https://example.org/d> a dcat:Dataset ; dct:title "Sekolah" ;
          dct:accrualPeriodicity eu:frequency\/ANNUAL ;
          dcat:theme eu:data-theme\/EDUC ;
          dct:conformsTo <https://example.org/standard> .
        """,
        "ttl",
    )
    extras = {extra["key"]: extra["value"] for extra in found["extras"]}
    assert found["frekuensi"] == "TAHUNAN"
    assert "frequency" not in extras
    assert "data-theme/EDUC" in extras["theme"]
    assert "example.org/standard" in extras["conforms_to"]
    copy = helpers.call_action(
        "package_create", sysadmin(), **found | {"name": "sekolah", "private": False}
    )
    assert copy["title"] == "Sekolah"


def test_the_activity_is_linked_by_its_address(app):
    opd = factories.Organization()["id"]
    kegiatan = activity(owner_org=opd)
    record = dataset(owner_org=opd, kegiatan=kegiatan["id"])
    found = graph(app, f"/dataset/{record['name']}.ttl")
    node = next(found.objects(None, PROV.wasGeneratedBy))
    assert str(node).endswith(f"/kegiatan/{kegiatan['id']}")
    assert (node, RDF.type, PROV.Activity) in found
