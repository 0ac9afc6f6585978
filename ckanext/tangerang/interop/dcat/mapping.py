"""Which field of a dataset is which property of DCAT: the one table for writing and reading.

``docs/en/interoperability.md`` prints it; a test compares the two. What needs more than a row
(title and tags, agents, licence, period, regions, links, files and their columns) stands in
:mod:`.fragment` and :mod:`.reading`, and in :data:`SPECIAL` for the documentation.
"""

from __future__ import annotations

from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

from rdflib import URIRef

from .namespaces import ADMS, DCAT, DCTERMS, SDI, SKOS, VCARD, XSD


class Kind(Enum):
    """How the value of a field is written."""

    #: A text as it is.
    TEXT = "literal"
    #: Each word of a list.
    WORDS = "literals"
    #: A key of one or more code lists as a ``skos:Concept`` with both labels.
    CONCEPT = "concept"
    #: A key of a code list that has a column with names of an authority table of the EU.
    AUTHORITY = "EU authority table"
    #: A text of paragraphs on a node of its own, as its ``rdfs:label``.
    STATEMENT = "statement"


class Place(Enum):
    """The node that has the property."""

    DATASET = ""
    #: The five parts of Standar Data (Perban BPS 4/2020): one ``dct:Standard``.
    STANDARD = "standar-data"
    CONTACT = "kontak"


class Row(NamedTuple):
    """One field and its property."""

    field: str
    predicate: URIRef
    kind: Kind
    #: Code lists, separated by spaces, of a concept or an authority.
    codelist: str = ""
    #: The field holds a list.
    several: bool = False
    place: Place = Place.DATASET
    #: Class of the value besides ``skos:Concept``, as the SHACL shapes of DCAT-AP ask.
    of_class: URIRef | None = None
    #: Authority table of the EU, and the column of the code list with its names.
    table: str = ""
    column: str = ""


DATASET_ROWS = (
    Row("identifier", DCTERMS.identifier, Kind.TEXT),
    # New in DCAT 3, which rdflib does not list.
    Row("version", URIRef(f"{DCAT}version"), Kind.TEXT),
    Row(
        "frekuensi",
        DCTERMS.accrualPeriodicity,
        Kind.AUTHORITY,
        "frekuensi",
        of_class=DCTERMS.Frequency,
        table="frequency",
        column="eu_frequency",
    ),
    Row(
        "accesslevel",
        DCTERMS.accessRights,
        Kind.AUTHORITY,
        "akses",
        of_class=DCTERMS.RightsStatement,
        table="access-right",
        column="eu_access_right",
    ),
    Row("alasan_pembatasan", DCTERMS.rights, Kind.STATEMENT, of_class=DCTERMS.RightsStatement),
    Row("metodologi", DCTERMS.provenance, Kind.STATEMENT, of_class=DCTERMS.ProvenanceStatement),
    Row("sumber_data", DCTERMS.provenance, Kind.STATEMENT, of_class=DCTERMS.ProvenanceStatement),
    Row("bidang_urusan", DCAT.theme, Kind.CONCEPT, "urusan unsur_penunjang"),
    Row("jenis_data", DCTERMS.type, Kind.CONCEPT, "jenis_data"),
    Row("jenis_statistik", DCTERMS.type, Kind.CONCEPT, "jenis_statistik"),
    Row(
        "kodereferensi",
        DCTERMS.conformsTo,
        Kind.CONCEPT,
        "kodereferensi",
        several=True,
        of_class=DCTERMS.Standard,
    ),
    Row(
        "tingkat_penyajian",
        SDI.tingkat_penyajian,
        Kind.CONCEPT,
        "tingkat_penyajian_dataset",
        several=True,
    ),
    Row("dasar_kebutuhan", SDI.dasar_kebutuhan, Kind.CONCEPT, "dasar_kebutuhan", several=True),
    Row("jadwal_rilis", SDI.jadwal_rilis, Kind.TEXT),
    Row("kode_indikator_sipd", SDI.kode_indikator_sipd, Kind.WORDS, several=True),
    Row("prioritas_tahun", SDI.prioritas_tahun, Kind.WORDS, several=True),
    Row("Hasil_Pemeriksaan_SKDN", SDI.Hasil_Pemeriksaan_SKDN, Kind.TEXT),
    Row("konsep", SDI.konsep, Kind.TEXT, place=Place.STANDARD),
    Row("definisi", SKOS.definition, Kind.TEXT, place=Place.STANDARD),
    Row("klasifikasi", SDI.klasifikasi, Kind.TEXT, place=Place.STANDARD),
    Row("ukuran", SDI.ukuran, Kind.TEXT, place=Place.STANDARD),
    Row("satuan", SDI.satuan, Kind.TEXT, place=Place.STANDARD),
    Row("id_sds", DCTERMS.identifier, Kind.WORDS, several=True, place=Place.STANDARD),
    Row("penanggung_jawab", VCARD.role, Kind.TEXT, place=Place.CONTACT),
    Row("kontak_telepon", SDI.kontak_telepon, Kind.TEXT, place=Place.CONTACT),
)

RESOURCE_ROWS = (
    Row("name", DCTERMS.title, Kind.TEXT),
    Row("description", DCTERMS.description, Kind.TEXT),
    Row("tingkat_wilayah", SDI.tingkat_wilayah, Kind.CONCEPT, "tingkat_penyajian_dataset"),
    Row("status_angka", SDI.status_angka, Kind.CONCEPT, "status_angka"),
)

#: Columns of the kamus that are texts, on a ``csvw:Column``.
COLUMN_ROWS = (
    Row("definisi", DCTERMS.description, Kind.TEXT),
    Row("satuan", SDI.satuan, Kind.TEXT),
    Row("variabel", SDI.variabel, Kind.TEXT),
)

#: Types of a column (``tipe_kolom``) as datatypes of XML Schema, which CSVW uses.
COLUMN_TYPES = MappingProxyType(
    {
        "string": XSD.string,
        "integer": XSD.integer,
        "number": XSD.decimal,
        "boolean": XSD.boolean,
        "date": XSD.date,
        "year": XSD.gYear,
        "yearmonth": XSD.gYearMonth,
        "datetime": XSD.dateTime,
        "time": XSD.time,
    }
)

#: Fields that are written by code of their own, with what is made of them.
SPECIAL = MappingProxyType(
    {
        "title": "`dct:title`",
        "name": "`dcat:landingPage` (the page of the dataset)",
        "notes": "`dct:description`; the title where there is none, which DCAT-AP does not allow",
        "tag_string": "`dcat:keyword`",
        "owner_org": "`dct:creator`: `foaf:Agent`, `org:Organization`; `org:subOrganizationOf`",
        "kategori": "`dcat:theme`: `skos:Concept` at `/kategori/<key>`",
        "kegiatan": "`prov:wasGeneratedBy`: `prov:Activity` at `/kegiatan/<id>`, if public",
        "indikator": "`dct:subject`: `skos:Concept` at `/indikator/<id>`, if public",
        "periode_awal": "`dct:temporal` / `dcat:startDate` (first day) and `sdi:periode_awal`",
        "periode_akhir": "`dct:temporal` / `dcat:endDate` (last day) and `sdi:periode_akhir`",
        "cakupan_wilayah": "`dct:spatial`: `dct:Location` with `skos:notation` (Kemendagri code)",
        "license_id": "`dct:license` of the dataset and of each distribution",
        "kontak_email": "`dcat:contactPoint` / `vcard:hasEmail`",
        "id_dds": "`adms:identifier` / `skos:notation`",
        "url": "`foaf:page`",
    }
)
SPECIAL_RESOURCE = MappingProxyType(
    {
        "url": "`dcat:accessURL`, and `dcat:downloadURL` where the file can be downloaded; the "
        "page of the file where access is restricted or the address is none",
        "format": "`dct:format` (EU file type) and `dcat:mediaType` (IANA)",
        "periode_data": "`dct:temporal` / `dcat:startDate`, `dcat:endDate` and `sdi:periode_data`",
        "kamus": "`csvw:tableSchema` / `csvw:column`: `csvw:name`, `csvw:title`, "
        "`csvw:datatype`, `dct:description`, `sdi:satuan`, `sdi:variabel`, `sdi:urutan`",
        "schema": "made again from `kamus`",
    }
)
#: Fields that are never written: they may name a person.
PRIVATE = ("author", "author_email", "maintainer", "maintainer_email")

#: Where the identifiers of Daftar Data stand.
OTHER_IDENTIFIER = ADMS.identifier
