"""Fixtures for the tests of access: people of every role, records of every level, browsers."""

from __future__ import annotations

import io
import json
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from werkzeug.datastructures import FileStorage

from ckanext.tangerang.access.model import AccessRead
from tests.metadata.conftest import complete, people
from tests.review.conftest import ask, staff

#: The plugins that these tests are about, and their partners.
PLUGINS = (
    "activity tangerang_access tangerang_metadata tangerang_opd datastore datatables_view "
    "text_view resource_proxy scheming_datasets scheming_organizations"
)
#: What is in the data, and nowhere else.
SECRET = "RAHASIA-7731"
REASON = {"alasan_pembatasan": "UU 14/2008 Pasal 17 huruf h, sampai 2030."}

__all__ = ["ask", "complete", "people", "staff"]


def system(name, /, **data):
    """Call an action as the portal itself."""
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return tk.get_action(name)({"user": user, "ignore_auth": True}, data)


@pytest.fixture
def roles(staff):
    """Return people by role; empties what is written of reads, which outlives everything."""
    model.Session.query(AccessRead).delete()
    model.Session.commit()
    member = factories.User()
    system("organization_member_create", id="dinkes", username=member["name"], role="member")
    return SimpleNamespace(**vars(staff), member=member)


@pytest.fixture
def secret_file():
    """Serve a file with the secret from somewhere else; return its address and what was asked."""

    class Handler(BaseHTTPRequestHandler):
        def _head(self):
            body = f"nama\n{SECRET}\n".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/csv")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            return body

        def do_HEAD(self):
            self._head()

        def do_GET(self):
            self.wfile.write(self._head())

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/jalan-rahasia/data.csv"
    server.shutdown()


def uploaded(package_id, **data):
    """Add a file with the secret to a record."""
    upload = FileStorage(io.BytesIO(f"nama\n{SECRET}\n".encode()), "data.csv", name="upload")
    return system(
        "resource_create", package_id=package_id, name="Berkas", format="CSV", upload=upload, **data
    )


def tabled(resource_id, alias=None):
    """Load a table with the secret: one of which a chart can be made, too."""
    return system(
        "datastore_create",
        resource_id=resource_id,
        force=True,
        fields=[
            {"id": "Nama Orang", "type": "text"},
            {"id": "tahun", "type": "int4"},
            {"id": "nilai", "type": "int4"},
        ],
        records=[
            {"Nama Orang": name, "tahun": year, "nilai": 1}
            for name in (SECRET, "Lain")
            for year in (2023, 2024)
        ],
        **({"aliases": alias} if alias else {}),
    )


@pytest.fixture
def restricted(roles, complete, secret_file):
    """Make a restricted public dataset with an uploaded file, a link and a table."""
    return record(complete, "terbatas", secret_file)


def record(complete, level, link, **more):
    """Make a dataset of a level, with an uploaded file (and its table) and a link."""
    values = {**complete, "name": f"data-{level}", "title": f"Data {level}", "accesslevel": level}
    if level != "terbuka":
        values |= REASON
    values["private"] = level == "tertutup"
    made = system("package_create", **{**values, **more})
    file = uploaded(made["id"])
    linked = system("resource_create", package_id=made["id"], name="Tautan", format="CSV", url=link)
    alias = f"nama_lain_{uuid.uuid4().hex}"
    tabled(file["id"], alias)
    view = system(
        "resource_view_create",
        resource_id=file["id"],
        view_type="datatables_view",
        title="Tabel",
        show_fields=["_id", "Nama Orang"],
        description=f"Hanya {SECRET}",
    )
    shown = tk.get_action("package_show")(
        {"ignore_auth": True, "use_cache": False}, {"id": made["id"]}
    )
    by_id = {entry["id"]: entry for entry in shown["resources"]}
    return SimpleNamespace(
        level=level,
        id=made["id"],
        name=made["name"],
        shown=shown,
        file=by_id[file["id"]],
        link=by_id[linked["id"]],
        view=view,
        alias=alias,
    )


class Browser:
    """A browser of somebody, which follows no redirect."""

    def __init__(self, app, user=None):
        self.client = app.test_client()
        if user:
            with self.client.session_transaction() as session:
                session["_user_id"], session["_fresh"] = user["id"], True

    def get(self, path, **more):
        more.setdefault("headers", {"Accept": "text/html"})
        path = path.replace("http://test.ckan.net", "")
        return self.client.get(path, follow_redirects=False, **more)

    def post(self, path, data, **more):
        return self.client.post(path, data=data, follow_redirects=False, **more)

    def api(self, action, **data):
        return self.client.get(f"/api/3/action/{action}", query_string=plain(data))


def plain(data):
    """Return values as an address has them."""
    return {
        key: value if isinstance(value, str) else json.dumps(value) for key, value in data.items()
    }


@pytest.fixture
def browse(app):
    """Return what opens the browser of somebody."""
    return lambda user=None: Browser(app, user)


CONTACT = {
    "name": "Siti Nurhaliza",
    "institution": "Universitas Contoh",
    "email": "siti@example.org",
    "purpose": "Penelitian skripsi tentang puskesmas.",
}
