"""Programs that people read a catalogue with: what they get is what the portal holds."""

from __future__ import annotations

import io
import json
import subprocess
from typing import TYPE_CHECKING, Any

import extruct
import pandas as pd
import polars as pl
import pytest
from frictionless import Package
from frictionless.portals import CkanControl
from rdflib import DCAT, DCTERMS, RDF, Graph, Literal
from rdflib.plugins.sparql import prepareQuery

from stack import bootstrap
from stack.layout import VENV

from .samples import FIELDS, TABLE, TITLES, WHOLE

if TYPE_CHECKING:
    from pathlib import Path

    from .portals import Site

pytestmark = [pytest.mark.slow]


def ckanapi(*arguments: str | Path) -> str:
    """Run the program ``ckanapi`` and return what it printed."""
    done = subprocess.run(
        [str(VENV / "bin" / "ckanapi"), *map(str, arguments)],
        env=bootstrap.program_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def lines(path: Path) -> list[dict[str, Any]]:
    """Return the records of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


class TestCkanapi:
    def test_a_dump_has_what_package_show_says(self, portal: Site, records, tmp_path):
        dump = tmp_path / "datasets.jsonl"
        ckanapi("dump", "datasets", "--all", "-r", portal.url, "-O", dump)
        assert {one["id"]: one for one in lines(dump)} == portal.datasets()

    def test_loaded_where_it_came_from_it_changes_nothing(self, portal: Site, records, tmp_path):
        before = portal.public("package_show", id=WHOLE)
        dump = tmp_path / "one.jsonl"
        ckanapi("dump", "datasets", WHOLE, "-r", portal.url, "-O", dump)
        ckanapi("load", "datasets", "-r", portal.url, "-a", portal.token, "-I", dump)
        assert portal.public("package_show", id=WHOLE) == before

    def test_a_dump_loads_into_a_stock_ckan(self, portal: Site, stock: Site, story, tmp_path):
        organizations, datasets = tmp_path / "organizations.jsonl", tmp_path / "datasets.jsonl"
        ckanapi("dump", "organizations", "--all", "-r", portal.url, "-O", organizations)
        ckanapi("dump", "datasets", "--all", "-r", portal.url, "-O", datasets)
        for kind, file in (("organizations", organizations), ("datasets", datasets)):
            ckanapi("load", kind, "-r", stock.url, "-a", stock.token, "-I", file)
        theirs, ours = stock.datasets(), portal.datasets()
        assert set(ours) <= set(theirs)
        for id_, record in ours.items():
            assert theirs[id_]["title"] == record["title"]
            assert theirs[id_]["organization"]["title"] == record["organization"]["title"]
            assert as_pairs(theirs[id_]["extras"]) == as_pairs(record["extras"])


def as_pairs(extras: list[dict[str, str]]) -> dict[str, str]:
    """Return extras by key."""
    return {extra["key"]: extra["value"] for extra in extras}


class TestFrictionless:
    def test_a_package_has_the_table_with_its_schema(self, portal: Site, records):
        control = CkanControl(baseurl=portal.url, dataset=WHOLE)
        package = Package(control=control)
        [table] = package.resources
        assert package.title == TITLES[WHOLE]
        assert [(field.name, field.type) for field in table.schema.fields] == [
            *(("kode_kecamatan", "string"), ("kecamatan", "string")),
            *(("puskesmas", "integer"), ("rasio", "number")),
        ]
        report = package.validate()
        assert report.valid, report.flatten(["type", "message"])
        rows = [row.to_dict(json=True) for row in table.read_rows()]
        assert rows[1] == {
            "kode_kecamatan": "36.03.02",
            "kecamatan": "Jayanti, Barat",
            "puskesmas": 4,
            "rasio": None,
        }

    def test_every_dataset_makes_a_package(self, portal: Site, records):
        for name in (record["name"] for record in portal.datasets().values()):
            control = CkanControl(baseurl=portal.url, dataset=name)
            assert Package(control=control).resources, name


class TestTables:
    """Files by their address, without an account."""

    def test_pandas(self, portal: Site, records):
        url = records[WHOLE]["resources"][0]["url"]
        read = pd.read_csv(url, dtype={"kode_kecamatan": str})
        assert list(read.columns) == ["kode_kecamatan", "kecamatan", "puskesmas", "rasio"]
        assert read["puskesmas"].sum() == 12
        assert read["kecamatan"][1] == "Jayanti, Barat"
        assert read["rasio"].isna().tolist() == [False, True, False]

    def test_polars(self, portal: Site, records):
        url = records[WHOLE]["resources"][0]["url"]
        read = pl.read_csv(url)
        assert read.schema == {
            "kode_kecamatan": pl.String,
            "kecamatan": pl.String,
            "puskesmas": pl.Int64,
            "rasio": pl.Float64,
        }
        assert read["puskesmas"].sum() == 12

    def test_every_csv_reads_with_both(self, portal: Site, records):
        urls = [
            file["url"]
            for record in portal.datasets().values()
            for file in record["resources"]
            if file["format"] == "CSV" and open_to_all(record)
        ]
        assert len(urls) > 15
        for url in urls:
            text = pd.read_csv(url, dtype=str)
            other = pl.read_csv(url, infer_schema=False)
            assert text.columns.tolist() == other.columns, url
            assert text.shape == other.shape, url

    def test_the_file_is_what_was_uploaded(self, portal: Site, records):
        path = records[WHOLE]["resources"][0]["url"].removeprefix(portal.url)
        assert portal.get(path) == TABLE.encode()


def open_to_all(record: dict[str, Any]) -> bool:
    """Tell whether everybody may have the files of a dataset."""
    return record["accesslevel"] == "terbuka"


class TestRdf:
    @pytest.fixture(scope="class")
    def catalogue(self, portal: Site, records) -> Graph:
        """Return the whole catalogue, fetched."""
        return Graph().parse(io.BytesIO(portal.get("/catalog-all.ttl")), format="turtle")

    def test_it_has_every_public_dataset(self, catalogue, portal: Site, records):
        named = {str(title) for title in catalogue.objects(None, DCTERMS.title)}
        assert {record["title"] for record in portal.datasets().values()} <= named
        found = list(catalogue.subjects(RDF.type, DCAT.Dataset))
        assert len(found) == len(portal.datasets())

    def test_it_keeps_the_shapes_of_dcat_ap(self, catalogue, violations):
        assert violations(catalogue) == []

    def test_all_forms_say_the_same(self, catalogue, portal: Site, records):
        for ending, form in (("xml", "xml"), ("jsonld", "json-ld")):
            other = Graph().parse(io.BytesIO(portal.get(f"/catalog-all.{ending}")), format=form)
            assert len(other) == len(catalogue), ending

    def test_sparql_finds_what_one_looks_for(self, catalogue, records):
        query = prepareQuery(
            """SELECT ?title ?unit WHERE {
                 ?dataset a dcat:Dataset ; dct:title ?title ; dct:creator/foaf:name ?opd ;
                   dct:conformsTo/sdi:satuan ?unit .
               }""",
            initNs=dict(catalogue.namespaces()),
        )
        opd = Literal(records[WHOLE]["organization"]["title"], lang="id")
        rows = {(str(row.title), str(row.unit)) for row in catalogue.query(query)}
        assert (TITLES[WHOLE], FIELDS["satuan"]) in rows, opd


def test_extruct_reads_the_dataset_of_a_page(portal: Site, records):
    page = portal.get(f"/dataset/{WHOLE}").decode()
    found = extruct.extract(page, base_url=portal.url, syntaxes=["json-ld"])["json-ld"]
    [dataset] = [one for one in found if one.get("@type") == "Dataset"]
    assert dataset["name"] == TITLES[WHOLE]
    assert dataset["creator"]["name"] == records[WHOLE]["organization"]["title"]
    assert dataset["temporalCoverage"] == "2020-01-01/2024-06-30"
    [file] = dataset["distribution"]
    assert file["contentUrl"] == records[WHOLE]["resources"][0]["url"]
    assert file["encodingFormat"] == "text/csv"
    assert {one["name"] for one in dataset["variableMeasured"]} >= {"Banyaknya puskesmas"}
