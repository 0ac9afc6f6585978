"""Who gets what: each role, each level, each output. The table in the docs is made by this.

``TULIS_MATRIKS=1`` writes it anew.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib import api_token, uploader
from ckan.tests import factories
from ckanext.activity.model import Activity

from stack.layout import REPOSITORY

from .conftest import CONTACT, PLUGINS, SECRET, ask, record, system

PAGE = REPOSITORY / "docs" / "akses-matriks.md"
LEVELS = ("terbuka", "terbatas", "tertutup")

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", f"tangerang_charts tangerang_tables {PLUGINS} dcat"),
    pytest.mark.ckan_config("ckan.datastore.sqlsearch.enabled", True),
    # The widest that a site may set: then these guards are all that there is.
    pytest.mark.ckan_config("ckan.auth.public_activity_stream_detail", True),
    pytest.mark.ckan_config("ckan.files.default_storages.resource", "test"),
    pytest.mark.ckan_config("ckan.files.storage.test.public", True),
    pytest.mark.usefixtures("with_plugins", "app"),
]

#: What everybody may know of a restricted record: its title has to be in the answer.
DESCRIPTION = {
    "Halaman dataset": lambda b, r: b.get(f"/dataset/{r.name}"),
    "Halaman berkas": lambda b, r: b.get(f"/dataset/{r.name}/resource/{r.file['id']}"),
    "Formulir minta akses": lambda b, r: b.get(f"/akses/minta/{r.name}"),
    "`package_show`": lambda b, r: b.api("package_show", id=r.id),
    "`package_search`": lambda b, r: b.api(
        "package_search", fq=f"name:{r.name}", include_private="true"
    ),
    "RDF (`/dataset/….ttl`)": lambda b, r: b.get(f"/dataset/{r.name}.ttl"),
}


def sql(statement):
    """Return an output that runs a statement."""
    return lambda b, r: b.api(
        "datastore_search_sql",
        sql=statement.format(
            tabel=f'"{r.file["id"]}"', terbuka=f'"{r.open}"', alias=f'"{r.alias}"'
        ),
    )


FILTERED = {
    "search": {"value": ""},
    "order": [],
    "visible": [True, True],
    "columns": [{"name": "_id", "search": {"value": ""}}, {"name": "x", "search": {"value": ""}}],
}
AJAX = {"draw": "1", "search[value]": "", "start": "0", "length": "10"}


def own_view(b, r):
    """Ask for a preview that the visitor has made up."""
    view = {"view_type": "datatables_view", "id": r.view["id"], "resource_id": r.file["id"]}
    return b.get(
        f"/dataset/{r.name}/resource/{r.file['id']}/view",
        query_string={"resource_view": json.dumps({**view, "show_fields": ["Nama Orang"]})},
    )


def as_file(kind):
    """Return an output that downloads a table; of a workbook, what is in its zip."""

    def output(b, r):
        answer = b.get(f"/tabel/{r.file['id']}/{kind}")
        if answer.status_code != 200 or kind != "xlsx":
            return answer
        with zipfile.ZipFile(io.BytesIO(answer.get_data())) as book:
            text = "".join(book.read(name).decode() for name in book.namelist())
        return SimpleNamespace(
            status_code=200, headers=answer.headers, get_data=lambda **_how: text
        )

    return output


WITH = "`datastore_search_sql`, WITH"

#: What gives out data, and what of them has to be in the answer, or in where it leads.
DATA = {
    "Unduh berkas yang diunggah": (lambda b, r: b.get(r.file["url"]), SECRET),
    "Unduh lewat alamat dataset lain": (
        lambda b, r: b.get(f"/dataset/data-terbuka/resource/{r.file['id']}/download/x.csv"),
        SECRET,
    ),
    "Unduh tautan (berkas di tempat lain)": (
        lambda b, r: b.get(f"/dataset/{r.name}/resource/{r.link['id']}/download/data.csv"),
        "jalan-rahasia",
    ),
    "`datastore_search`": (
        lambda b, r: b.api("datastore_search", resource_id=r.file["id"]),
        SECRET,
    ),
    "`datastore_search`, nama lain (alias)": (
        lambda b, r: b.api("datastore_search", resource_id=r.alias),
        SECRET,
    ),
    "`datastore_info`": (lambda b, r: b.api("datastore_info", id=r.file["id"]), "Nama Orang"),
    "`datastore_info`, nama lain": (lambda b, r: b.api("datastore_info", id=r.alias), "Nama Orang"),
    "`datastore_search_sql`": (sql("SELECT * FROM {tabel}"), SECRET),
    "`datastore_search_sql`, gabungan dan nama samaran": (
        sql("SELECT s.* FROM {terbuka} AS a JOIN {tabel} s ON s._id = a._id"),
        SECRET,
    ),
    WITH: (
        sql("WITH x AS (SELECT * FROM {tabel}) SELECT * FROM x"),
        SECRET,
    ),
    "`datastore_search_sql`, subkueri": (
        sql('SELECT (SELECT max("Nama Orang") FROM {tabel}) AS m FROM {terbuka}'),
        SECRET,
    ),
    "`datastore_search_sql`, nama berskema": (sql("SELECT * FROM public.{tabel}"), SECRET),
    "Unduh tabel (`/datastore/dump`)": (
        lambda b, r: b.get(f"/datastore/dump/{r.file['id']}"),
        SECRET,
    ),
    "Unduh tabel, nama lain": (lambda b, r: b.get(f"/datastore/dump/{r.alias}"), SECRET),
    "Unduh tabel sebagai XLSX (`/tabel/…/xlsx`)": (as_file("xlsx"), SECRET),
    "Unduh tabel sebagai CSV (`/tabel/…/csv`)": (as_file("csv"), SECRET),
    "Unduh tabel sebagai CSV untuk Excel": (as_file("csv-excel"), SECRET),
    "Unduh tabel sebagai JSON (`/tabel/…/json`)": (as_file("json"), SECRET),
    "Unduh tabel, nama lain (`/tabel/…`)": (
        lambda b, r: b.get(f"/tabel/{r.alias}/csv"),
        SECRET,
    ),
    "Baris pertama pada halaman berkas": (
        lambda b, r: b.get(f"/dataset/{r.name}/resource/{r.file['id']}"),
        SECRET,
    ),
    "Keterangan API tabel": (
        lambda b, r: b.get(f"/datastore/api_info/{r.file['id']}"),
        "datastore_search",
    ),
    "Tabel pada halaman (`/datatables/ajax`)": (
        lambda b, r: b.post(f"/datatables/ajax/{r.view['id']}", AJAX),
        SECRET,
    ),
    "Unduh tabel yang disaring": (
        lambda b, r: b.post(
            f"/datatables/filtered-download/{r.view['id']}",
            {"format": "csv", "params": json.dumps(FILTERED)},
        ),
        "/datastore/dump/",
    ),
    "Pratinjau (`/view`)": (
        lambda b, r: b.get(f"/dataset/{r.name}/resource/{r.file['id']}/view/{r.view['id']}"),
        "Nama Orang",
    ),
    "Pratinjau buatan pengunjung": (own_view, "Nama Orang"),
    "Grafik (`/grafik`, SVG)": (
        lambda b, r: b.get(f"/grafik/{r.file['id']}/garis-nilai.svg"),
        SECRET,
    ),
    "Grafik, angkanya (CSV)": (
        lambda b, r: b.get(f"/grafik/{r.file['id']}/garis-nilai.csv"),
        "tahun,nilai",
    ),
    "Grafik, untuk disematkan": (
        lambda b, r: b.get(f"/grafik/{r.file['id']}/garis-nilai/sematkan"),
        SECRET,
    ),
    "Halaman grafik": (lambda b, r: b.get(f"/grafik/{r.file['id']}"), SECRET),
    "`resource_view_show`": (lambda b, r: b.api("resource_view_show", id=r.view["id"]), SECRET),
    "`resource_view_list`": (lambda b, r: b.api("resource_view_list", id=r.file["id"]), SECRET),
    "Perantara berkas (`resource_proxy`)": (
        lambda b, r: b.get(f"/dataset/{r.name}/resource/{r.link['id']}/proxy"),
        SECRET,
    ),
    "`/file/download` (CKAN 2.12)": (lambda b, r: b.get(f"/file/download/{r.stored}"), SECRET),
    "`/file/trusted-download` dengan token": (
        lambda b, r: b.get(f"/file/trusted-download/{r.token}"),
        SECRET,
    ),
    "`/file/trusted-download`, token menurut tempat": (
        lambda b, r: b.get(f"/file/trusted-download/{r.place_token}"),
        SECRET,
    ),
    "`/file/public-download`": (
        lambda b, r: b.get(f"/file/public-download/test/{r.place}"),
        SECRET,
    ),
    "`file_show`": (lambda b, r: b.api("file_show", id=r.stored), '"location"'),
    "Versi lama: `activity_data_show`": (
        lambda b, r: b.api("activity_data_show", id=r.activity),
        "jalan-rahasia",
    ),
    "Versi lama: `activity_show` dengan isi": (
        lambda b, r: b.api("activity_show", id=r.activity, include_data="true"),
        "jalan-rahasia",
    ),
    "Versi lama: `activity_diff`": (
        lambda b, r: b.api("activity_diff", id=r.later, object_type="package", diff_type="context"),
        "jalan-rahasia",
    ),
    "Versi lama: daftar aktivitas dataset": (
        lambda b, r: b.api("package_activity_list", id=r.id),
        "jalan-rahasia",
    ),
    "Versi lama: halaman dataset": (
        lambda b, r: b.get(f"/dataset/{r.name}/history/{r.activity}"),
        "jalan-rahasia",
    ),
    "Versi lama: halaman berkas": (
        lambda b, r: b.get(f"/dataset/{r.name}/resources/{r.link['id']}/history/{r.activity}"),
        "jalan-rahasia",
    ),
}


@pytest.fixture
def records(roles, complete, secret_file):
    """Make a record of each level with all that can give data out; each was open first."""
    made = {}
    for level in LEVELS:
        values = {"name": f"data-{level}", "title": f"Data {level}", "private": level == "tertutup"}
        found = record(complete, "terbuka", secret_file, **values)
        stored = system("file_register", location=_place(found), storage="test")
        system(
            "file_ownership_transfer",
            id=stored["id"],
            owner_type="resource",
            owner_id=found.file["id"],
        )
        if level != "terbuka":
            reason = "UU 14/2008 Pasal 17 huruf h"
            system("package_patch", id=found.id, accesslevel=level, alasan_pembatasan=reason)
        made[level] = (found, stored)
    opened = made["terbuka"][0].file["id"]
    return {level: _asked(*parts, level, opened) for level, parts in made.items()}


def _place(found):
    """Return where the storage has the uploaded file of a record."""
    upload = uploader.get_resource_uploader({"url": "x"})
    return str(upload.get_path(found.file["id"]))


def _asked(found, stored, level, opened):
    """Return a record as the outputs ask for it."""
    shown = {entry["id"]: entry for entry in system("package_show", id=found.id)["resources"]}
    place = _place(found)
    rows = model.Session.query(Activity).filter_by(object_id=found.id)
    with_link = next(
        row.id for row in rows.order_by(Activity.timestamp) if "jalan-rahasia" in str(row.data)
    )
    return SimpleNamespace(
        level=level,
        name=found.name,
        id=found.id,
        view=found.view,
        alias=found.alias,
        file=shown[found.file["id"]],
        link=shown[found.link["id"]],
        open=opened,
        stored=stored["id"],
        place=place,
        token=api_token.encode_token({"sub": stored["id"], "aud": "trusted_download"}),
        place_token=api_token.encode_token(
            {"location": place, "storage": "test", "aud": "trusted_download"}
        ),
        activity=with_link,
        later=with_link,
    )


def soon():
    """Return a day on which access may end."""
    return (datetime.now(tz=timezone.utc) + timedelta(days=20)).date().isoformat()


@pytest.fixture
def browsers(roles, records, browse):
    """Open a browser for each role; two are let read by a request, with and without an account."""
    holder = factories.User()
    asked = ask("tangerang_access_request", holder, id="data-terbatas", **CONTACT)
    ask("tangerang_access_grant", roles.admin, id=asked["id"], until=soon())
    other = {**CONTACT, "email": "budi@example.org"}
    asked = ask("tangerang_access_request", None, id="data-terbatas", **other)
    link = ask("tangerang_access_grant", roles.admin, id=asked["id"], until=soon())["link"]
    guest = browse()
    opened = guest.post("/akses/buka", {"code": link["code"]})
    assert opened.status_code == 302, opened.get_data(as_text=True)[-3000:]
    return {
        "Pengunjung": browse(),
        "Pembaca (akun lain)": browse(roles.reader),
        "Produsen OPD lain": browse(roles.stranger),
        "Pembina (BPS)": browse(roles.pembina),
        "Produsen (operator)": browse(roles.editor),
        "Admin OPD": browse(roles.admin),
        "Walidata": browse(roles.walidata_editor),
        "Sysadmin": browse(roles.sysadmin),
        "Diberi akses, dengan akun": browse(holder),
        "Diberi akses, dengan kode": guest,
    }


#: What stands in the table where data come out with a refusal, or by another way than was meant.
LEAK = "**BOCOR**"


def cell(answer, mark):
    """Return what an answer is in the table: given, or the status by which it is not."""
    place = answer.headers.get("Location", "")
    if answer.status_code < 400 and (mark in answer.get_data(as_text=True) or mark in place):
        return "✓"
    if any(secret in answer.get_data(as_text=True) + place for secret in (SECRET, "jalan-rahasia")):
        return LEAK
    return "–" if answer.status_code == 200 else str(answer.status_code)


def given(output, browser, found, mark):
    """Return what an output gives; a page of CKAN that fails where an action refuses says 500."""
    try:
        return cell(output(browser, found), mark)
    except tk.NotAuthorized:
        return "500"


def matrix(level, found, browsers):
    """Return the lines of the table of a level."""
    outputs = {name: (output, f"Data {level}") for name, output in DESCRIPTION.items()} | DATA
    lines = [f"## {level}", "", "| Keluaran | " + " | ".join(browsers) + " |"]
    lines.append("|---" * (len(browsers) + 1) + "|")
    for name, (output, mark) in outputs.items():
        cells = [given(output, browser, found, mark) for browser in browsers.values()]
        if name == WITH:
            # CKAN looks at the names of a query in no order: it may refuse the table (403), or
            # first find no file of the name after WITH (404).
            cells = ["403/404" if one in ("403", "404") else one for one in cells]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def test_the_table_in_the_docs(records, browsers):
    lines = []
    for level in LEVELS:
        lines += [*matrix(level, records[level], browsers), ""]
    text = PAGE.read_text(encoding="utf-8")
    head, mark, _old = text.partition("<!-- matriks -->\n")
    made = head + mark + "\n" + "\n".join(lines).rstrip() + "\n"
    assert LEAK not in made
    if os.environ.get("TULIS_MATRIKS"):
        PAGE.write_text(made, encoding="utf-8")
        return
    assert made == text, "Write it anew: TULIS_MATRIKS=1 make test ARGS=tests/access/test_matrix.py"
