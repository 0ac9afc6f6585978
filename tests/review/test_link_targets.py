"""Links as files of published records: what they lead to is known by its hash, read with care."""

from __future__ import annotations

import hashlib
import http.server
import threading
import time

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.cli.cli import ckan

from ckanext.tangerang.review.links import fetch, targets
from ckanext.tangerang.review.links.model import LinkTarget

from .conftest import PLUGINS, ask, review

LOCAL = frozenset({"127.0.0.1", "localhost"})


class Host(http.server.BaseHTTPRequestHandler):
    """A host that answers by what the test has put there: path → function of the request."""

    answers: dict = {}  # noqa: RUF012 - of each test

    def do_GET(self):
        """Answer."""
        self.answers[self.path](self)

    def log_message(self, *_):
        """Keep quiet."""


def says(body, kind="text/csv", *, length=None):
    """Return an answer with a body."""

    def answer(request):
        request.send_response(200)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(length or len(body)))
        request.end_headers()
        request.wfile.write(body)

    return answer


def leads_to(place):
    """Return an answer that leads on."""

    def answer(request):
        request.send_response(302)
        request.send_header("Location", place)
        request.end_headers()

    return answer


def drips(request):
    """Answer so slowly that nobody waits for the end."""
    request.send_response(200)
    request.send_header("Content-Type", "text/csv")
    request.end_headers()
    try:
        for _ in range(200):
            request.wfile.write(b"x")
            request.wfile.flush()
            time.sleep(0.1)
    except OSError:
        pass


def drips_headers(request):
    """Send one header after the other."""
    try:
        request.wfile.write(b"HTTP/1.0 200 OK\r\n")
        for number in range(200):
            request.wfile.write(f"X-{number}: 1\r\n".encode())
            request.wfile.flush()
            time.sleep(0.1)
    except OSError:
        pass


@pytest.fixture
def host():
    """Run a host on this machine; yield its answers and its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Host.answers = {}
    Host.address = f"http://127.0.0.1:{server.server_port}"
    yield Host
    server.shutdown()
    server.server_close()


def refusal(url, **limits):
    """Return why a link is not read."""
    with pytest.raises(fetch.Unreachable) as refused:
        fetch.digest(url, fetch.Limits(**{"seconds": 5, **limits}))
    return str(refused.value)


class TestFetch:
    def test_the_hash_of_what_is_there(self, host):
        host.answers["/a%20b.csv?x=1"] = says(b"satu\n")
        found = fetch.digest(f"{host.address}/a b.csv?x=1#bagian", fetch.Limits(hosts=LOCAL))
        assert found == fetch.Digest(hashlib.sha256(b"satu\n").hexdigest(), 5)

    def test_it_follows_where_it_leads(self, host):
        host.answers = {"/a": leads_to("/b"), "/b": leads_to("c"), "/c": says(b"satu")}
        Host.answers = host.answers
        assert fetch.digest(f"{host.address}/a", fetch.Limits(hosts=LOCAL)).size == 4

    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.1/",
            "http://localhost:5000/",
            "http://0.0.0.0/",
            "http://10.1.2.3/",
            "http://192.168.1.1/",
            "http://169.254.169.254/latest/meta-data/",
            "http://[::1]/",
            "http://[::ffff:10.0.0.1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[fd00::1]/",
            "http://2130706433/",
            "http://0x7f.1/",
        ],
    )
    def test_nothing_inside_our_own_network(self, url):
        assert refusal(url) == "the host is inside a private network"

    def test_nor_where_it_leads(self, host):
        host.answers["/a"] = leads_to("http://localhost:1/")
        found = refusal(f"{host.address}/a", hosts={"127.0.0.1"})
        assert found == "the host is inside a private network"

    def test_the_address_that_was_looked_at_is_the_one_that_is_asked(self, monkeypatch):
        # A name that says something else the second time (DNS rebinding).
        answers = iter([("93.184.215.14", 80), ("127.0.0.1", 80)])
        asked = []
        monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", next(answers))])
        monkeypatch.setattr(
            "socket.create_connection", lambda address, **_: asked.append(address) or 1 / 0
        )
        with pytest.raises(ZeroDivisionError):
            fetch.digest("http://berganti.example/", fetch.Limits())
        assert asked == [("93.184.215.14", 80)]

    @pytest.mark.parametrize(
        "url",
        [
            "ftp://example.go.id/a",
            "file:///etc/passwd",
            "http://",
            "http://[x",
            "http://example.go.id:99999/",
            "http://example.go.id/\r\nX: 1",
            "http://" + "a" * 300 + "/",
        ],
    )
    def test_nothing_else_is_read(self, url):
        assert refusal(url) in {
            "only http and https are read",
            "this is no address",
            "the host is not known",
        }

    def test_not_too_much(self, host):
        host.answers["/a"] = says(b"x" * 2_000_000)
        assert refusal(f"{host.address}/a", hosts=LOCAL, size=1_000_000) == "it is too large"

    @pytest.mark.parametrize("slow", [drips, drips_headers])
    def test_not_too_long(self, slow, host):
        host.answers["/a"] = slow
        begin = time.monotonic()
        assert refusal(f"{host.address}/a", hosts=LOCAL, seconds=1) == "it takes too long"
        assert time.monotonic() - begin < 5

    def test_not_in_circles(self, host):
        host.answers["/a"] = leads_to("/a")
        assert refusal(f"{host.address}/a", hosts=LOCAL) == "it leads on too often"

    def test_not_half(self, host):
        host.answers["/a"] = says(b"setengah", length=100)
        assert refusal(f"{host.address}/a", hosts=LOCAL) == "the answer ended early"

    def test_pages_of_the_web_are_all_the_same(self, host):
        host.answers = {
            "/a": says(b"<p>1</p>", "text/html; charset=utf-8"),
            "/b": says(b"<p>2</p>", "text/html"),
        }
        Host.answers = host.answers
        one, two = (fetch.digest(f"{host.address}/{p}", fetch.Limits(hosts=LOCAL)) for p in "ab")
        assert one == two

    def test_a_proxy_is_asked_for_everything(self, host):
        host.answers["http://data.example/a"] = says(b"lewat proksi")
        found = fetch.digest("http://data.example/a", fetch.Limits(proxy=host.address))
        assert found.size == len(b"lewat proksi")


@pytest.mark.ckan_config("ckan.plugins", PLUGINS)
@pytest.mark.ckan_config("ckanext.tangerang.review.link_hosts", "127.0.0.1")
@pytest.mark.ckan_config("ckanext.tangerang.review.link_hours", 0)
@pytest.mark.usefixtures("with_extended_cli")
class TestHistory:
    @pytest.fixture
    def linked(self, staff, complete, host):
        """Publish a record with a link; return it."""
        host.answers["/a.csv"] = says(b"satu")
        link = {"name": "Tabel", "url": f"{host.address}/a.csv", "format": "CSV"}
        return ask("package_create", staff.sysadmin, **complete, resources=[link])

    def verbs(self, staff, record):
        found = review("history", staff.sysadmin, record)["results"]
        return [row["verb"] for row in found]

    def test_a_changed_target_is_written_down_once(self, staff, linked, host, cli):
        assert targets.check(10) == targets.Report(checked=1)
        assert targets.check(10) == targets.Report(checked=1)
        assert self.verbs(staff, linked) == ["terbit_langsung"]
        host.answers["/a.csv"] = says(b"dua")
        result = cli.invoke(ckan, ["tangerang", "review", "links"])
        assert "0 as before, 1 changed, 0 could not be read" in result.output
        assert targets.check(10) == targets.Report(checked=1)
        [newest, _] = review("history", staff.sysadmin, linked)["results"]
        assert newest["verb"] == "target_changed"
        assert newest["user"] is None
        assert newest["reason"].startswith("Tabel: SHA-256 ")
        assert hashlib.sha256(b"dua").hexdigest()[:12] in newest["reason"]

    def test_what_can_not_be_read_is_not_a_change(self, staff, linked, host):
        targets.check(10)
        host.answers["/a.csv"] = lambda request: request.send_error(503)
        assert targets.check(10) == targets.Report(unreachable=1)
        problem = model.Session.scalar(sa.select(LinkTarget.problem))
        assert problem == "the host answers 503"
        host.answers["/a.csv"] = says(b"satu")
        assert targets.check(10) == targets.Report(checked=1)
        host.answers["/a.csv"] = lambda request: request.send_error(503)
        targets.check(10)
        host.answers["/a.csv"] = says(b"dua")
        assert targets.check(10) == targets.Report(changed=1)
        assert self.verbs(staff, linked) == ["target_changed", "terbit_langsung"]

    def test_another_link_is_not_a_change_of_its_target(self, staff, linked, host):
        targets.check(10)
        host.answers["/b.csv"] = says(b"dua")
        ask(
            "resource_patch",
            staff.sysadmin,
            id=linked["resources"][0]["id"],
            url=f"{host.address}/b.csv",
        )
        assert targets.check(10) == targets.Report(checked=1)
        assert "target_changed" not in self.verbs(staff, linked)

    def test_only_links_of_published_records_are_read(self, staff, linked, host):
        ask("package_patch", staff.sysadmin, id=linked["id"], private=True)
        assert targets.check(10) == targets.Report()

    def test_each_is_read_once_in_some_hours(self, staff, linked, host, ckan_config, monkeypatch):
        targets.check(10)
        monkeypatch.setitem(ckan_config, "ckanext.tangerang.review.link_hours", 24)
        assert targets.check(10) == targets.Report()

    def test_it_is_in_the_list_of_unchecked_changes(self, staff, linked, host):
        targets.check(10)
        host.answers["/a.csv"] = says(b"dua")
        targets.check(10)
        rows = ask("tangerang_review_change_list", staff.walidata_editor)["results"]
        assert (rows[0]["id"], rows[0]["verb"]) == (linked["id"], "target_changed")
        assert [row["verb"] for row in rows].count("target_changed") == 1
