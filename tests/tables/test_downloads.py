"""Tables as files: their values, rights and sizes."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from decimal import Decimal

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from openpyxl import load_workbook

from ckanext.tangerang.tables import sheet

from .conftest import PLUGINS, system

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
]

FIELDS = {
    "kode": "text",
    "nama; %kecamatan": "text",
    "jumlah": "numeric",
    "rasio": "float8",
    "tahun": "int4",
    "hari": "date",
    "saat": "timestamp",
    "ada": "bool",
    "lain": "json",
    "daftar": "_text",
}
ROWS = [
    {
        "kode": "36.03.01",
        "nama; %kecamatan": "Balaraja; \"pusat\", 'kota'\nbaris dua",
        "jumlah": "1234567.80",
        "rasio": 0.1,
        "tahun": 2024,
        "hari": "2024-02-29",
        "saat": "2024-02-29T13:45:10",
        "ada": True,
        "lain": {"a": [1, "é"]},
        "daftar": ["x", "y"],
    },
    dict.fromkeys(FIELDS),
    {"kode": "007", "jumlah": "-5", "hari": "1899-12-31", "saat": "0044-03-15T00:00:00"},
]
#: What a spreadsheet would take for a formula, or for something else than text.
HOSTILE = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    '=HYPERLINK("http://x")',
    "#N/A",
    "'=1",
    "\x0b=1",
]


def get(app, table, kind, status=200, **more):
    """Download a table."""
    return app.get(f"/tabel/{table}/{kind}", status=status, **more)


def rows_of(response, **how):
    """Return the rows of a CSV file."""
    return list(csv.reader(io.StringIO(response.data.decode("utf-8"), newline=""), **how))


def sheets(response):
    """Return the sheets of a workbook."""
    return load_workbook(io.BytesIO(response.data)).worksheets


def with_token(user):
    """Return the headers by which a user asks."""
    token = system("api_token_create", user=user["name"], name="t")["token"]
    return {"Authorization": token}


def test_values(app, tabled):
    """Numbers are numbers, codes text, days days, in each format."""
    table = tabled(FIELDS, ROWS)
    texts = ["36.03.01", ROWS[0]["nama; %kecamatan"]]
    nested = ['{"a": [1, "é"]}', '["x", "y"]']

    data, _about = sheets(get(app, table.id, "xlsx"))
    head, first, empty, old = data.iter_rows()
    assert [cell.value for cell in head] == list(FIELDS)
    days = list(map(datetime.fromisoformat, ("2024-02-29", "2024-02-29T13:45:10")))
    numbers = [1234567.8, 0.1, 2024]
    assert [cell.value for cell in first] == [*texts, *numbers, *days, True, *nested]
    assert [cell.data_type for cell in first] == ["s", "s", *"nnn", *"dd", "b", "s", "s"]
    assert first[5].number_format == "yyyy-mm-dd"
    assert {cell.value for cell in empty} == {None}
    # Excel has no days before March 1900: text, not another day.
    assert [old[5].value, old[6].value] == ["1899-12-31", "0044-03-15 00:00:00"]
    assert old[0].value == "007"

    response = get(app, table.id, "csv")
    assert not response.data.startswith(b"\xef\xbb\xbf")
    head, first, _empty, old = rows_of(response)
    moments = ["2024-02-29", "2024-02-29 13:45:10"]
    assert head == list(FIELDS)
    assert first == [*texts, "1234567.80", "0.1", "2024", *moments, "true", *nested]
    assert old[2] == "-5"

    response = get(app, table.id, "csv-excel")
    assert response.data.startswith(b"\xef\xbb\xbf")
    head, first, *_rest = list(
        csv.reader(io.StringIO(response.data.decode("utf-8-sig"), newline=""), delimiter=";")
    )
    assert head == list(FIELDS)
    assert first == [*texts, "1234567,80", "0,1", "2024", *moments, "true", *nested]

    found = json.loads(get(app, table.id, "json").data, parse_float=Decimal)
    assert list(found[0]) == list(FIELDS)
    assert found[0]["jumlah"] == Decimal("1234567.80")
    assert found[0]["lain"] == {"a": [1, "é"]}
    assert found[1] == dict.fromkeys(FIELDS)
    assert found[2]["hari"] == "1899-12-31"


def test_hostile_values(app, tabled):
    fields = {"=a": "text", "saat": "timestamp"}
    rows = [{"=a": text, "saat": "infinity"} for text in [*HOSTILE, "x" * 40_000]]
    table = tabled(fields, rows, title="=1+1")

    data, about = sheets(get(app, table.id, "xlsx"))
    cells = [row[0] for row in data.iter_rows()]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.data_type for row in about.iter_rows() for cell in row} <= {"s", "n"}
    # What XML does not take is gone; all else is as it was.
    assert [cell.value for cell in cells[1:10]] == [*HOSTILE[:-1], "=1"]
    # What a cell does not hold is cut, and that is told.
    assert len(cells[10].value) == 32_767
    assert [row for row in about.iter_rows(values_only=True) if row[0] == "Note"]

    for kind, delimiter in (("csv", ","), ("csv-excel", ";")):
        content = get(app, table.id, kind).data.decode("utf-8-sig")
        found = list(csv.reader(io.StringIO(content, newline=""), delimiter=delimiter))
        assert not [row for row in found if row[0].startswith(("=", "+", "-", "@", "\t", "\r"))]
        assert found[1] == ["'=1+1", "infinity"]
        assert len(found[10][0]) == 40_000


def test_metadata_and_file_names(app, tabled):
    kamus = [{"kolom": "jumlah", "label": "Jumlah", "tipe": "integer", "satuan": "unit"}]
    table = tabled({"jumlah": "int4"}, [{"jumlah": 1}], kamus=kamus, name="Puskesmas")
    rows = list(sheets(get(app, table.id, "xlsx"))[1].iter_rows(values_only=True))
    facts = {row[0]: row[1] for row in rows}

    assert facts["Title"] == "Jumlah Puskesmas: 2020/2024"
    assert facts["Agency (OPD)"] == "Dinas Kesehatan"
    assert facts["Period"] == "2020–2024"
    assert facts["Unit"] == "unit"
    assert facts["License"] == "Creative Commons Attribution"
    assert facts["Rows"] == "1"
    assert f"/dataset/{table.package}/resource/{table.id}" in facts["Source"]
    assert str(datetime.now(tk.h.get_display_timezone()).year) in facts["Downloaded"]
    found = [tuple(cell or None for cell in row[:6]) for row in rows]
    assert ("jumlah", "Jumlah", None, "integer", "unit", None) in found

    def named(kind="csv"):
        return get(app, table.id, kind).headers["Content-Disposition"]

    assert named() == 'attachment; filename="Jumlah Puskesmas 2020 2024.csv"'
    assert named("csv-excel") == 'attachment; filename="Jumlah Puskesmas 2020 2024 (Excel).csv"'
    system("package_patch", id=table.package, title='Data "1/2"\\..\u202e: <x>')
    assert "Data 1 2 .. x.csv" in named()
    system("package_patch", id=table.package, title="Café – 100 %")
    assert "filename*=UTF-8''Caf%C3%A9%20%E2%80%93%20100%20%25.csv" in named()


def test_answers(app, tabled, ckan_config, monkeypatch):
    table = tabled({"a": "text", "b": "int4"}, [{"a": "x", "b": n} for n in range(50)])
    counted = []

    def receive(sender, **_more):
        counted.append(sender)

    tk.signals.resource_download.connect(receive)
    for kind in ("xlsx", "csv", "csv-excel", "json"):
        response = get(app, table.id, kind)
        assert response.content_length == len(response.data)
        assert "no-store" in response.headers["Cache-Control"]
        head = app.test_client().head(f"/tabel/{table.id}/{kind}")
        assert not head.data
        for name in ("Content-Type", "Content-Disposition", "Cache-Control"):
            assert head.headers[name] == response.headers[name]

    # What is no table, by whatever name.
    other = factories.Resource(package_id=table.package, url="http://example.org/b.csv")
    alias = f"nama_lain_{table.id[:8]}"
    system("datastore_create", resource_id=table.id, force=True, aliases=alias)
    assert "csv-excel" in get(app, table.id, "pdf", status=404).body
    for name in ("nothing", other["id"], alias, "Tabel"):
        get(app, name, "csv", status=404)
        assert app.test_client().head(f"/tabel/{name}/csv").status_code == 404

    tk.signals.resource_download.disconnect(receive)
    assert counted == [table.id] * 4

    limit = "ckanext.tangerang.tables.xlsx_max_cells"
    monkeypatch.setitem(ckan_config, limit, 99)
    response = get(app, table.id, "xlsx", status=413, headers={"Accept": "text/plain"})
    assert "50 rows" in response.body
    assert "CSV" in response.body
    monkeypatch.setitem(ckan_config, limit, 100)
    monkeypatch.setattr(sheet, "MAX_ROWS", 50)
    response = get(app, table.id, "xlsx", status=413, headers={"Accept": "text/html"})
    assert "a sheet of Excel holds" in response.body
    monkeypatch.setattr(sheet, "MAX_ROWS", 51)
    get(app, table.id, "xlsx")

    monkeypatch.setitem(ckan_config, "ckanext.tangerang.tables.max_megabytes", 0)
    for kind in ("xlsx", "csv", "csv-excel", "json"):
        response = get(app, table.id, kind, status=413, headers={"Accept": "*/*"})
        assert "datastore_search" in response.body


def test_no_rows_and_no_table(app, tabled):
    table = tabled({"a": "text"}, [])

    assert json.loads(get(app, table.id, "json").data) == []
    assert rows_of(get(app, table.id, "csv")) == [["a"]]
    assert sheets(get(app, table.id, "xlsx"))[0].max_row == 1
    # The record still says that it has a table.
    system("datastore_delete", resource_id=table.id, force=True)
    system("resource_patch", id=table.id, datastore_active=True)
    get(app, table.id, "csv", status=404)


def test_rights(app, tabled):
    table = tabled({"a": "text"}, [{"a": "RAHASIA"}], private=True)
    member, other = factories.User(), factories.User()
    system(
        "organization_member_create", id=table.office["id"], username=member["name"], role="member"
    )

    for kind in ("xlsx", "csv", "csv-excel", "json"):
        assert "RAHASIA" not in get(app, table.id, kind, status=404).body
        get(app, table.id, kind, status=404, headers=with_token(other))
    assert "RAHASIA" in get(app, table.id, "csv", headers=with_token(member)).body

    system("package_patch", id=table.package, private=False)
    assert "RAHASIA" in get(app, table.id, "csv").body
    system("package_delete", id=table.package)
    get(app, table.id, "csv", status=404)


def test_a_long_table_in_parts(app, tabled):
    """More rows than the cursor keeps at once, none lost, none twice, in their order."""
    table = tabled({"n": "int4"}, [{"n": number} for number in range(5_001)])

    found = json.loads(get(app, table.id, "json").data)
    assert [row["n"] for row in found] == list(range(5_001))
    assert len(rows_of(get(app, table.id, "csv"))) == 5_002
