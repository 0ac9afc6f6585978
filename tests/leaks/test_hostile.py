"""Hostile values through every output: what comes out is valid, and no script of theirs runs.

What a portal takes over its API is asked first; what could have come into the database before there
was a check, or past it, is then written there as it is.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib import search
from rdflib import Graph

from ckanext.tangerang.interop.catalogue import build
from tests.interop.conftest import BAD_ADDRESSES
from tests.interop.conftest import HOSTILE as TEXTS
from tests.metadata.records import compilation, indicator, variable
from tests.review.conftest import ask

from .conftest import PLUGINS
from .outputs import LISTS, NAMED
from .world import World, upload

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.ckan_config("ckanext.dcat.rdf.profiles", "tangerang_sdi"),
    pytest.mark.ckan_config("ckan.auth.public_activity_stream_detail", True),
    pytest.mark.usefixtures("disk", "staff", "app"),
]

#: All that breaks a format at once, as far as a database can hold it.
ALL = "\n\n".join(text for text in TEXTS if "\x00" not in text and "\ud800" not in text)
CONTROL = "kendali \x01\x08\x0b\x0c\x1b\x7f\x85\ufffe\uffff akhir"
MEGABYTE = (ALL + "\n\n") * (1_000_000 // len(ALL.encode()) + 1)


@pytest.fixture
def post(app, staff):
    """Return what calls an action over HTTP, as a sysadmin, with any bytes of JSON."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = staff.sysadmin["id"], True

    def call(action, **data):
        answer = client.post(
            f"/api/3/action/{action}",
            data=json.dumps(data).encode(),
            headers={"Content-Type": "application/json"},
        )
        return answer.status_code, json.loads(answer.get_data(as_text=True))

    return call


def test_whatever_is_sent_is_stored_or_refused_in_words(post, complete):
    code, made = post("package_create", **complete)
    assert code == 200
    id_ = made["result"]["id"]
    for text in TEXTS:
        for field in ("title", "notes", "definisi", "url", "version", "author", "kategori"):
            code, said = post("package_patch", id=id_, **{field: text})
            assert code in (200, 409), (field, text, code)
            assert code == 200 or any(said["error"].get(field, [])), (field, text, said)
        values = {"name": text, "description": text, "format": text, "mimetype": text, "hash": text}
        for more in ({"url": "https://example.go.id/a.csv"} | values, {"url": text, "size": text}):
            code, said = post("resource_create", package_id=id_, **more)
            assert code in (200, 409), (more, code)
        code, said = post("package_patch", id=id_, tags=[{"name": text}])
        assert code in (200, 409), (text, code)
        code, said = post("package_search", q=text, fq=text, sort=text)
        assert code in (200, 400, 409), (text, code)
        for action in ("tag_autocomplete", "tag_search"):
            code, said = post(action, query=text, limit=text)
            assert code in (200, 409), (action, text, code)
    code, shown = post("package_show", id=id_)
    assert (code, shown["result"]["state"]) == (200, "active")


def test_whatever_address_is_sent_is_stored_or_refused_in_words(post, complete):
    code, made = post("package_create", **complete)
    assert code == 200
    for address in BAD_ADDRESSES:
        for action, data in (
            ("resource_create", {"package_id": made["result"]["id"], "url": address}),
            ("package_patch", {"id": made["result"]["id"], "url": address}),
        ):
            code, said = post(action, **data)
            assert code in (200, 409), (action, address, code)
            assert code == 200 or said["error"].get("url"), (address, said)


class Hostile(World):
    """Records that are public and full of hostile values."""

    def make(self):
        """Make them, by the sysadmin; then write into the database what no check lets through."""
        admin, owner = self.staff.sysadmin, {"owner_org": self.staff.opd["id"], "private": False}
        texts = dict.fromkeys(("title", "definisi", "konsep", "metodologi", "sumber_data"), ALL)
        made = ask(
            "package_create",
            admin,
            **{**self.complete, **owner, **texts, "notes": ALL, "satuan": ALL[:200]},
        )
        self.records["dataset"] = made["id"]
        named = [variable(1) | {"nama": ALL[:150], "definisi": ALL}]
        self.records["kegiatan"] = ask(
            "package_create",
            admin,
            **{**compilation(), **owner, "judul_kegiatan": ALL[:150], "variabel": named},
        )["id"]
        self.records["indikator"] = ask(
            "package_create", admin, **{**indicator(), **owner, "title": ALL, "rumus": ALL}
        )["id"]
        file = ask(
            "resource_create",
            admin,
            package_id=made["id"],
            name=ALL,
            description=ALL,
            format="CSV",
            upload=upload(f"a\n{ALL}\n"),
            url="a.csv",
        )
        links = [
            ask(
                "resource_create",
                admin,
                package_id=made["id"],
                name=ALL,
                url="https://example.go.id/a.csv",
            )
            for _ in BAD_ADDRESSES
        ]
        view = ask(
            "resource_view_create", admin, resource_id=file["id"], view_type="text_view", title=ALL
        )
        # CKAN has no answer for the download of a link without an address, with us or without.
        self.files = {"file": file["id"], "link": links[1]["id"]}
        self.views = {"table": view["id"]}
        self.spoil([link["id"] for link in links])

    def spoil(self, links):
        """Write past every check."""
        for id_ in self.records.values():
            package = model.Package.get(id_)
            package.title = f"{CONTROL} {ALL}"
            package.notes = MEGABYTE
            package.extras = {**package.extras, "definisi": CONTROL + ALL, "interpretasi": CONTROL}
        for id_, address in zip(links, BAD_ADDRESSES, strict=True):
            resource = model.Resource.get(id_)
            # CKAN itself can not show a record with an address that can not be taken apart.
            resource.url = address.replace("\ud800", "").replace("\x00", "").replace("[", "")
            resource.name, resource.format = CONTROL, CONTROL
        model.Session.commit()
        for id_ in self.records.values():
            search.rebuild(id_)


def _is_page(text):
    """Fail for a page in which something of the values is more than text."""
    page = BeautifulSoup(text, "html.parser")
    # An image alone is what CKAN's Markdown allows.
    assert not page.select("[onerror], [onload]")
    for script in page.select("script:not([src])"):
        if script.get("type") == "application/ld+json":
            json.loads(script.string)
        else:
            # In the text of a variable it may stand; a script of its own it may not be.
            assert not (script.string or "").strip().startswith("alert(1)")
    for attribute in ("href", "src", "action", "data-src"):
        for element in page.select(f"[{attribute}]"):
            address = element[attribute].strip().lower()
            assert not address.startswith(("javascript:", "vbscript:")), address
            assert not address.startswith("data:text"), address


def _is_graph(form):
    """Return what fails for a text that is no RDF."""
    return lambda text: Graph().parse(data=text, format=form)


def _is_table(text):
    """Fail for a text that is no table."""
    rows = list(csv.reader(io.StringIO(text)))
    assert len({len(row) for row in rows if row}) == 1


def _is_json(text):
    """Fail for a text that is no JSON."""

    def refuse(value):
        raise AssertionError(value)

    json.loads(text, parse_constant=refuse)


def _is_archive(body):
    """Fail for an archive with a broken member."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            end = name.rsplit(".", 1)[-1]
            check = {
                "json": _is_json,
                "xml": ET.fromstring,
                "rels": ET.fromstring,
                "csv": _is_table,
            }
            if end in check:
                check[end](archive.read(name).decode("utf-8"))


CHECKS = {
    "text/html": _is_page,
    "application/json": _is_json,
    "application/ld+json": lambda text: (_is_json(text), _is_graph("json-ld")(text)),
    "text/turtle": _is_graph("turtle"),
    "application/rdf+xml": _is_graph("xml"),
    "application/xml": ET.fromstring,
    "application/atom+xml": ET.fromstring,
    "text/csv": _is_table,
    "text/plain": str,
}
ARCHIVES = (
    "application/zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)


def test_every_output_is_valid(app, staff, complete):
    world = Hostile(staff, complete)
    world.make()
    build.run()
    client, wrong, kinds = app.test_client(), [], set()
    for name, output in (LISTS | NAMED).items():
        for asked in output(world):
            answer = client.get(
                asked.path, headers={"Accept": "text/html,*/*"}, follow_redirects=False
            )
            kind = answer.mimetype
            kinds.add(kind)
            try:
                assert answer.status_code < 500, answer.status_code
                if kind in ARCHIVES:
                    _is_archive(answer.get_data())
                elif answer.status_code < 300 and "/download/" not in asked.path:
                    # What was uploaded is given back as it is.
                    CHECKS[kind](answer.get_data().decode("utf-8"))
            except Exception as error:  # noqa: BLE001 - each is told with what was asked
                wrong.append(f"{name}: {asked.path}: {kind}: {error!r:.300}")
    assert not wrong, "\n".join(wrong)
    assert kinds >= {*CHECKS, *ARCHIVES}
