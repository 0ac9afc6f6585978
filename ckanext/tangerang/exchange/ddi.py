"""Activities and indicators as DDI Codebook 2.5, and variables back from it.

A plain library without CKAN. DDI describes a study and its variables for archives and statistical
software. :data:`STUDY` and :data:`VARIABLE` say which element holds which item, in the order that
the schema of DDI wants; what stands in neither has no place in DDI. The person in charge and the
telephone numbers are left out on purpose.

Source of the elements: DDI Alliance, DDI Codebook 2.5.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from .. import wilayah
from ..metadata.codelists import label
from ..metadata.values import N_, Problem, as_list, is_empty
from ..workbook.layout import ACTIVITY_SHEET, VARIABLE_SHEET, VARIABLES
from ..workbook.reader import Record, Trouble
from .documents import Incoming
from .indah import ACTIVITY_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ..metadata.fields import Field

NAMESPACE = "ddi:codebook:2_5"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
#: The schema that a validating reader looks for, by the address that the DDI Alliance gave it.
_LOCATION = (
    f"{NAMESPACE} https://ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
)
_SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
#: What XML 1.0 has no way to write.
_ILLEGAL = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: XML names may not begin with a digit or the like; codes of variables may, but not with "_".
_XML_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_CODE = re.compile(r"_?([A-Za-z0-9][A-Za-z0-9_.-]{0,39})")
_DOCTYPE = re.compile(r"<!(DOCTYPE|ENTITY)")
#: Elements of one file, and levels; a full activity with 500 variables has some 20,000.
_MAX_ELEMENTS = 300_000
_MAX_DEPTH = 60
_PIECE = 64 * 1024
#: Types of data that are numbers, as the list ``tipe_data`` and people write them.
_NUMERIC = frozenset(
    {"integer", "number", "numeric", "float", "decimal", "year", "tahun", "bilangan"}
)
_OPEN = {"YA": "public", "TIDAK": "restricted"}


class Place(NamedTuple):
    """Where an item of an activity stands below ``stdyDscr``."""

    field: str
    path: str
    attributes: Mapping[str, str] = {}
    #: The label of the item goes before its answer, which alone would say nothing.
    named: bool = False
    #: The next element of this kind begins a new parent.
    apart: bool = False


#: In the order of the schema of DDI: :func:`study` appends.
STUDY = (
    Place("judul_kegiatan", "citation/titlStmt/titl"),
    Place("kode_kegiatan", "citation/titlStmt/IDNo", {"agency": "BPS"}),
    Place("id_mskeg", "citation/titlStmt/IDNo", {"agency": "INDAH"}),
    Place("identitas_rekomendasi", "citation/titlStmt/IDNo", {"agency": "Romantik"}),
    Place("i_instansi_penyelanggara", "citation/rspStmt/AuthEnty"),
    Place("ii_unit_eselon2", "citation/rspStmt/othId", {"role": "penanggung jawab"}),
    Place("owner_org", "citation/prodStmt/producer"),
    Place("sektor_kegiatan", "stdyInfo/subject/topcClas", {"vocab": "BPS"}),
    Place("iii_latar_belakang_kegiatan", "stdyInfo/abstract", {"contentType": "abstract"}),
    Place("iii_tujuan_kegiatan", "stdyInfo/abstract", {"contentType": "purpose"}),
    Place("tahun_kegiatan", "stdyInfo/sumDscr/timePrd", {"event": "single"}),
    Place("iii_jadwal_pengumpulan_data", "stdyInfo/sumDscr/collDate"),
    Place("iv_wilayah_kegiatan", "stdyInfo/sumDscr/geogCover"),
    Place("iv_cakupan_wilayah_pengumpulan_data", "stdyInfo/sumDscr/geogCover"),
    Place("vii_tingkat_penyajian_hasil_analisis", "stdyInfo/sumDscr/geogUnit"),
    Place("vii_tingkat_penyajian_hasil_analisis_lainnya", "stdyInfo/sumDscr/geogUnit"),
    Place("vii_unit_analisis", "stdyInfo/sumDscr/anlyUnit"),
    Place("vii_unit_analisis_lainnya", "stdyInfo/sumDscr/anlyUnit"),
    Place("v_unit_observasi", "stdyInfo/sumDscr/universe"),
    Place("jenis_statistik", "stdyInfo/sumDscr/dataKind"),
    Place("cara_pengumpulan_data", "stdyInfo/sumDscr/dataKind"),
    Place("iv_tipe_pengumpulan_data", "method/dataColl/timeMeth"),
    Place("vi_petugas_pengumpulan_data", "method/dataColl/dataCollector"),
    Place("vi_jumlah_petugas_supervisor", "method/dataColl/dataCollector", named=True),
    Place("vi_jumlah_petugas_enumerator", "method/dataColl/dataCollector", named=True),
    Place("vi_apakah_melakukan_pelatihan_petugas", "method/dataColl/collectorTraining", named=True),
    Place(
        "vi_persyaratan_pendidikan_terendah_petugas_pengumpulan_data",
        "method/dataColl/collectorTraining",
        named=True,
    ),
    Place("iv_kegiatan_ini_dilakukan", "method/dataColl/frequenc"),
    Place("iv_frekuensi_penyelanggara", "method/dataColl/frequenc"),
    Place("v_jenis_rancangan_sampel", "method/dataColl/sampProc", named=True),
    Place("v_metode_pemilihan_sampel_tahap_terakhir", "method/dataColl/sampProc", named=True),
    Place("v_metode_yang_digunakan", "method/dataColl/sampProc", named=True),
    Place("v_fraksi_sampel_keseluruhan", "method/dataColl/sampProc", named=True),
    Place("v_unit_sampel", "method/dataColl/sampProc", named=True),
    Place("v_kerangka_sampel_tahap_terakhir", "method/dataColl/sampleFrame/sampleFrameName"),
    Place("iv_metode_pengumpulan_data", "method/dataColl/collMode"),
    Place("iv_metode_pengumpulan_lainnya", "method/dataColl/collMode"),
    Place("iv_sarana_pengumpulan_data", "method/dataColl/collMode"),
    Place("iv_sarana_pengumpulan_lainnya", "method/dataColl/collMode"),
    Place("vi_apakah_melakukan_uji_coba", "method/dataColl/instrumentDevelopment", named=True),
    Place("vi_metode_pemeriksaan_kualitas_pengumpulan_data", "method/dataColl/actMin"),
    Place("vi_metode_pemeriksaan_kualitas_pengumpulan_data_lainnya", "method/dataColl/actMin"),
    Place("vi_apakah_melakukan_penyesuaian_nonrespon", "method/dataColl/weight", named=True),
    Place("vii_tahapan_pengolahan_data_editing", "method/dataColl/cleanOps", named=True),
    Place("vii_tahapan_pengolahan_data_coding", "method/dataColl/cleanOps", named=True),
    Place("vii_tahapan_pengolahan_data_data_entry", "method/dataColl/cleanOps", named=True),
    Place("vii_tahapan_pengolahan_data_validasi", "method/dataColl/cleanOps", named=True),
    Place("vii_metode_analisis", "method/notes", {"type": "vii_metode_analisis"}),
    Place("v_nilai_perkiraan_sampling_error_variabel_utama", "method/anlyInfo/EstSmpErr"),
    *(
        place
        for product in ("tercetak", "digital", "mikrodata")
        for place in (
            Place(f"viii_ketersediaan_produk_{product}", "dataAccs/setAvail/avlStatus", apart=True),
            Place(f"viii_rencana_jadwal_rilis_produk_{product}", "dataAccs/setAvail/notes"),
        )
    ),
)

#: Where the columns of a variable stand in ``var``; an ``@`` marks an attribute.
VARIABLE = {
    "kode": "@ID",
    "nama": "@name",
    "satuan": "@measUnit",
    "alias": "labl",
    "apakah_variabel_bisa_diakses_umum": "security",
    "kalimat_pertanyaan": "qstn/qstnLit",
    "definisi": "txt",
    "value_domain": "catgry (catValu, labl)",
    "konsep": "concept",
    "tipe_data": "varFormat",
    "referensi_pemilihan": "notes[@type='referensi_pemilihan']",
    "referensi_waktu": "notes[@type='referensi_waktu']",
    "ukuran": "notes[@type='ukuran']",
    "aturan_validasi": "notes[@type='aturan_validasi']",
    "id_sds": "notes[@type='id_sds']",
    "id_variabel_mms": "notes[@type='id_variabel_mms']",
}
_NOTES = tuple(name for name, place in VARIABLE.items() if place.startswith("notes"))
#: Where an indicator, which is a derived variable, has its items.
INDICATOR = {
    "title": "stdyDscr/citation/titlStmt/titl, var @name",
    "owner_org": "stdyDscr/citation/prodStmt/producer",
    "kegiatan": "stdyDscr/othrStdyMat/relStdy",
    "satuan": "var @measUnit",
    "apakah_indikator_bisa_diakses_umum": "var security",
    "definisi": "var txt",
    "konsep": "var concept",
    "metode_perhitungan": "var derivation/drvdesc",
    "rumus": "var derivation/drvcmd",
    "interpretasi": "var notes[@type='interpretasi']",
    "ukuran": "var notes[@type='ukuran']",
    "level_estimasi": "var notes[@type='level_estimasi']",
    "id_msind": "var notes[@type='id_msind']",
}
_INDICATOR_NOTES = tuple(name for name, place in INDICATOR.items() if "notes" in place)


def _text(value: Any) -> str:
    """Return a text without what XML can not hold."""
    return _ILLEGAL.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n"))


def _add(
    parent: ET.Element, tag: str, text: Any = None, attributes: Mapping[str, Any] | None = None
) -> ET.Element:
    """Append an element."""
    named = {key: _text(value) for key, value in (attributes or {}).items()}
    element = ET.SubElement(parent, tag, named)
    if text is not None:
        element.text = _text(text)
    return element


def _under(root: ET.Element, path: Sequence[str]) -> ET.Element:
    """Return the last element at a path, made where it is not there."""
    place = root
    for tag in path:
        found = place.findall(tag)
        place = found[-1] if found else _add(place, tag)
    return place


# Out


def _answers(f: Field, value: Any, lang: str) -> list[str]:
    """Return the answers of an item in words."""
    if is_empty(value):
        return []
    kind = f.get("kind")
    if kind == "regions":
        return [f"{wilayah.region_name(str(c)) or c} ({c})" for c in as_list(value)]
    if kind == "releases":
        rows = [row for row in as_list(value) if isinstance(row, dict)]
        return [" ".join(filter(None, (r.get("judul"), r.get("tanggal")))) for r in rows]
    if "codelist" in f:
        return [label(f["codelist"], str(key), lang) for key in as_list(value)]
    return [str(value)]


def _periods(parent: ET.Element, tag: str, value: Any) -> None:
    """Append the days of periods."""
    for at, row in enumerate(as_list(value or []), start=1):
        for event, key in (("start", "awal"), ("end", "akhir")):
            if isinstance(row, dict) and row.get(key):
                about = {"event": event, "date": row[key], "cycle": f"P{at}"}
                _add(parent, tag, row[key], about)


def _place(root: ET.Element, place: Place, f: Field, value: Any, lang: str) -> None:
    """Append what an item says at its place."""
    *path, tag = place.path.split("/")
    if f.get("kind") == "periods":
        if not is_empty(value):
            _periods(_under(root, path), tag, value)
        return
    answers = _answers(f, value, lang)
    if not answers:
        return
    if place.apart:
        _add(_under(root, path[:-1]), path[-1], attributes={"label": f["label"][lang]})
    parent = _under(root, path)
    for answer in answers:
        attributes = dict(place.attributes)
        if tag == "timePrd":
            attributes["date"] = answer
        text = f"{f['label'][lang]}: {answer}" if place.named else answer
        _add(parent, tag, text, attributes)


def _codebook() -> ET.Element:
    """Return an empty codebook."""
    root = ET.Element("codeBook", {"version": "2.5", "xmlns": NAMESPACE, _LANGUAGE: "id"})
    root.set(f"{{{_SCHEMA_INSTANCE}}}schemaLocation", _LOCATION)
    return root


def _written(root: ET.Element) -> str:
    """Return the XML of a codebook."""
    ET.register_namespace("xsi", _SCHEMA_INSTANCE)
    ET.indent(root, " ")
    body = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _organization(record: Mapping[str, Any]) -> str | None:
    """Return the title of the OPD of a record."""
    return (record.get("organization") or {}).get("title") or None


def _each(parent: ET.Element, tag: str, value: Any, **attributes: str) -> None:
    """Append an element for each entry of a value; none for an empty one."""
    for text in value if isinstance(value, list) else [value]:
        if not is_empty(text):
            _add(parent, tag, text, attributes)


def _variable(parent: ET.Element, row: Mapping[str, Any]) -> None:
    """Append a variable."""
    code = str(row.get("kode") or "")
    var = _add(parent, "var", attributes={"name": row.get("nama") or code})
    if code:
        var.set("ID", code if _XML_NAME.fullmatch(code) else f"_{code}")
    if row.get("satuan"):
        var.set("measUnit", _text(row["satuan"]))
    _each(var, "labl", row.get("alias"))
    _each(var, "security", _OPEN.get(row.get("apakah_variabel_bisa_diakses_umum", "")))
    if row.get("kalimat_pertanyaan"):
        _add(_add(var, "qstn"), "qstnLit", row["kalimat_pertanyaan"])
    _each(var, "txt", row.get("definisi"))
    for pair in as_list(row.get("value_domain") or []):
        category = _add(var, "catgry")
        _each(category, "catValu", pair.get("kode"))
        _each(category, "labl", pair.get("nilai"))
    _each(var, "concept", row.get("konsep"))
    numeric = str(row.get("tipe_data")).strip().lower() in _NUMERIC
    _each(var, "varFormat", row.get("tipe_data"), type="numeric" if numeric else "character")
    for name in _NOTES:
        _each(var, "notes", row.get(name), type=name)


def study(
    fields: Iterable[Field],
    record: Mapping[str, Any],
    *,
    address: str,
    walidata: str,
    related: Iterable[str] = (),
    lang: str = "id",
) -> str:
    """Return an activity with its variables as a codebook.

    :param fields: of its schema
    :param record: as ``package_show`` returns it
    :param address: of its page
    :param walidata: who distributes it
    :param related: what else to name: title and address of each indicator
    :param lang: of the labels
    """
    named = {f["field_name"]: f for f in fields}
    shown = {**record, "owner_org": _organization(record)}
    if is_empty(shown.get("judul_kegiatan")):
        shown["judul_kegiatan"] = record.get("title") or record["name"]
    root = _codebook()
    description = _add(root, "stdyDscr")
    for place in STUDY:
        _place(description, place, named[place.field], shown.get(place.field), lang)
    citation = _under(description, ["citation"])
    _distribution(citation, walidata, address)
    others = list(related)
    for text in others:
        _add(_under(description, ["othrStdyMat"]), "relMat", text)
    rows = [row for row in as_list(record.get(VARIABLES) or []) if isinstance(row, dict)]
    if rows:
        data = _add(root, "dataDscr")
        for row in rows:
            _variable(data, row)
    return _written(root)


def _distribution(citation: ET.Element, walidata: str, address: str) -> None:
    """Append who distributes a study, and from where."""
    _add(_add(citation, "distStmt"), "distrbtr", walidata)
    _add(citation, "holdings", attributes={"URI": address})


def indicator(
    record: Mapping[str, Any], activity: Mapping[str, Any], *, address: str, walidata: str
) -> str:
    """Return an indicator as a codebook with one derived variable.

    DDI Codebook has no element for indicators; a variable with its derivation is the nearest.

    :param activity: the record of its activity; empty where it has none, or none that is seen
    """
    root = _codebook()
    description = _add(root, "stdyDscr")
    title = record.get("title") or record["name"]
    citation = _add(description, "citation")
    _add(_add(citation, "titlStmt"), "titl", title)
    organization = _organization(record)
    if organization:
        _add(_add(citation, "prodStmt"), "producer", organization)
    _distribution(citation, walidata, address)
    if activity:
        _add(_add(description, "othrStdyMat"), "relStdy", activity.get("title"))
    var = _add(_add(root, "dataDscr"), "var", attributes={"name": title})
    if record.get("satuan"):
        var.set("measUnit", _text(record["satuan"]))
    _each(var, "security", _OPEN.get(record.get("apakah_indikator_bisa_diakses_umum", "")))
    _each(var, "txt", record.get("definisi"))
    _each(var, "concept", record.get("konsep"))
    if record.get("metode_perhitungan") or record.get("rumus"):
        derivation = _add(var, "derivation")
        _each(derivation, "drvdesc", record.get("metode_perhitungan"))
        _each(derivation, "drvcmd", record.get("rumus"))
    for name in _INDICATOR_NOTES:
        _each(var, "notes", record.get(name), type=name)
    return _written(root)


# In


def _bare(root: ET.Element) -> None:
    """Take the namespace out of all names: editions of DDI differ in it, and some have none."""
    for element in root.iter():
        element.tag = str(element.tag).rpartition("}")[2]


def parse(text: str) -> ET.Element:
    """Return the root of a codebook.

    :raises Problem: for what is no codebook, or is built to do harm
    """
    if _DOCTYPE.search(text):
        raise Problem(N_("This XML has a DOCTYPE. Take it out and send the file again."))
    parser = ET.XMLPullParser(("start", "end"))
    root: ET.Element | None = None
    depth, count = 0, 0
    try:
        for start in range(0, len(text), _PIECE):
            parser.feed(text[start : start + _PIECE])
            # Only these two kinds are asked for, whose second part is the element.
            for event, element in cast("Iterator[tuple[str, ET.Element]]", parser.read_events()):
                root = element if root is None else root
                depth += 1 if event == "start" else -1
                count += event == "start"
                if depth > _MAX_DEPTH or count > _MAX_ELEMENTS:
                    raise Problem(N_("This XML is too deep, or has too many elements."))
        parser.close()
    except ET.ParseError as error:
        raise Problem(N_("This is not valid XML.")) from error
    if root is None:
        raise Problem(N_("This is not valid XML."))
    _bare(root)
    if root.tag != "codeBook":
        raise Problem(N_("This XML is no DDI Codebook: its root is not codeBook."))
    return root


def _said(element: ET.Element | None) -> str:
    """Return the text of an element with those inside it; empty where it is not there."""
    return "" if element is None else "".join(element.itertext()).strip()


def _row(var: ET.Element) -> dict[str, Any]:
    """Return a variable with the columns that the file has."""
    row: dict[str, Any] = {
        "nama": var.get("name"),
        "satuan": var.get("measUnit"),
        "alias": _said(var.find("labl")),
        "definisi": _said(var.find("txt")),
        "kalimat_pertanyaan": _said(var.find("qstn/qstnLit")),
        "tipe_data": _said(var.find("varFormat")),
        "konsep": [_said(element) for element in var.findall("concept")],
        "value_domain": [
            {
                key: text
                for key, tag in (("kode", "catValu"), ("nilai", "labl"))
                if (text := _said(category.find(tag)))
            }
            for category in var.findall("catgry")
        ],
    }
    if code := _CODE.fullmatch(var.get("ID") or ""):
        row["kode"] = code[1]
    open_ = {word: key for key, word in _OPEN.items()}
    row["apakah_variabel_bisa_diakses_umum"] = open_.get(_said(var.find("security")).lower())
    for name in _NOTES:
        texts = [_said(e) for e in var.findall("notes") if e.get("type") == name]
        listed = name in ("referensi_pemilihan", "aturan_validasi")
        row[name] = texts if listed else "\n".join(texts)
    return {name: value for name, value in row.items() if not is_empty(value)}


def variables(root: ET.Element) -> list[dict[str, Any]]:
    """Return the variables of a codebook, each with the columns that it has there."""
    return [_row(var) for var in root.findall("dataDscr/var")]


def book(text: str) -> Incoming:
    """Return the activity of a codebook with its variables: title, year, OPD and MS-Var.

    What else DDI says of a study stands there in words, and the portal stores keys.

    :raises Problem: for what is no codebook
    """
    root = parse(text)
    record = Record(ACTIVITY_TYPE, ACTIVITY_SHEET)
    said = {
        "judul_kegiatan": ("stdyDscr/citation/titlStmt/titl", None),
        "tahun_kegiatan": ("stdyDscr/stdyInfo/sumDscr/timePrd", "date"),
        "owner_org": ("stdyDscr/citation/prodStmt/producer", None),
    }
    for name, (path, attribute) in said.items():
        element = root.find(path)
        value = _said(element)
        if attribute and element is not None:
            value = (element.get(attribute) or value)[:4]
        if value:
            record.values[name] = value
            record.cells[name, None, None] = (ACTIVITY_SHEET, path)
    rows = variables(root)
    found = Incoming([record], [])
    if not rows:
        problem = Problem(N_("This codebook has no variables (dataDscr/var)."))
        found.troubles.append(Trouble(VARIABLE_SHEET, "dataDscr", VARIABLES, problem))
        return found
    record.values[VARIABLES] = rows
    for number in range(1, len(rows) + 1):
        where = f"dataDscr/var[{number}]"
        record.cells[VARIABLES, number, None] = (VARIABLE_SHEET, where)
        for column, place in VARIABLE.items():
            record.cells[VARIABLES, number, column] = (VARIABLE_SHEET, f"{where}/{place}")
    return found
