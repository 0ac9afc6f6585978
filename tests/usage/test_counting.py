"""What is read is counted: once, for people only, without a trace of who they are."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.lib.redis import connect_to_redis
from ckan.tests import factories
from ckan.tests.helpers import call_action
from redis import Redis

from ckanext.tangerang.usage import counter, flush
from ckanext.tangerang.usage.model import Usage

from .conftest import BROWSER, PLUGINS, counted, download, read, used

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins"),
]


def test_a_page_that_is_read_is_counted(app, records):
    assert read(app, "/dataset/stunting").status_code == 200
    assert read(app, "/en/dataset/stunting").status_code == 200
    assert counted() == {("v", records.stunting["id"]): 2}


def test_lists_and_other_pages_of_a_record_are_not(app, records):
    for path in ("/", "/dataset/", "/dataset/stunting/followers", "/organization/dinkes"):
        read(app, path)
    assert counted() == {}


def test_the_way_by_the_id_is_counted_once(app, records):
    address = f"/dataset/{records.stunting['id']}"
    answer = read(app, address)
    assert answer.status_code == 302
    read(app, answer.headers["Location"])
    assert counted() == {("v", records.stunting["id"]): 1}


def test_a_file_is_counted_when_it_is_given_out(app, records):
    assert download(app, records.stunting).status_code == 302
    assert counted() == {("d", records.stunting["resources"][0]["id"]): 1}


def test_an_uploaded_file_is_counted_once(app, records, create_with_upload):
    made = create_with_upload("a,b\n1,2\n", "t.csv", package_id=records.imunisasi["id"])
    path = f"/dataset/{records.imunisasi['id']}/resource/{made['id']}/download/t.csv"
    assert read(app, path).status_code == 200
    assert counted() == {("d", made["id"]): 1}
    assert read(app, path, Range="bytes=2-").status_code in (200, 206)
    assert counted() == {("d", made["id"]): 1}
    assert read(app, path, Range="bytes=0-").status_code in (200, 206)
    assert counted() == {("d", made["id"]): 2}


def test_a_table_of_the_datastore_is_counted(app, records):
    resource = records.stunting["resources"][0]["id"]
    call_action("datastore_create", resource_id=resource, force=True, records=[{"a": 1}])
    assert read(app, f"/datastore/dump/{resource}").status_code == 200
    assert counted() == {("d", resource): 1}


def test_whoever_gives_out_a_table_says_so_by_the_signal_of_ckan(app, records):
    resource = records.stunting["resources"][0]["id"]
    with app.flask_app.test_request_context("/", headers={"User-Agent": BROWSER}):
        app.flask_app.preprocess_request()
        tk.signals.resource_download.send(resource)
        app.flask_app.process_response(app.flask_app.make_response("table"))
    assert counted() == {("d", resource): 1}


def test_what_is_not_there_or_not_for_everybody_is_not_counted(app, records):
    assert read(app, "/dataset/no-such").status_code == 404
    assert read(app, "/dataset/rahasia").status_code != 200
    assert download(app, records.draft).status_code != 200
    missing = f"/dataset/{records.stunting['id']}/resource/no-such/download"
    assert read(app, missing).status_code == 404
    assert counted() == {}


def test_people_with_an_account_are_not_counted(app, records):
    user = factories.User()
    token = str(call_action("api_token_create", user=user["name"], name="t")["token"])
    read(app, "/dataset/stunting", Authorization=token)
    download(app, records.stunting, Authorization=token)
    assert counted() == {}


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "WhatsApp/2.23.20.0",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/130.0 Safari/537.36",
        "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
        "Mozilla/5.0 AppleWebKit/537.36; compatible; GPTBot/1.2; +https://openai.com/gptbot",
    ],
)
def test_robots_are_not_counted(app, records, agent):
    read(app, "/dataset/stunting", agent)
    download(app, records.stunting, agent)
    assert counted() == {}


@pytest.mark.parametrize("agent", ["curl/8.5.0", "python-requests/2.32", "R (4.4.1)", "Excel/16"])
def test_a_program_that_reads_data_downloads_but_looks_at_nothing(app, records, agent):
    read(app, "/dataset/stunting", agent)
    assert counted() == {}
    download(app, records.stunting, agent)
    assert counted() == {("d", records.stunting["resources"][0]["id"]): 1}


@pytest.mark.parametrize(
    "headers", [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}]
)
def test_a_page_that_a_browser_fetches_ahead_is_not_counted(app, records, headers):
    read(app, "/dataset/stunting", **headers)
    assert counted() == {}


def test_head_is_not_counted(app, records):
    client = app.flask_app.test_client()
    assert client.head("/dataset/stunting", headers={"User-Agent": BROWSER}).status_code == 200
    assert counted() == {}


def test_a_view_costs_one_call_of_redis_and_nothing_of_the_database(
    app, records, monkeypatch, statements
):
    read(app, "/dataset/stunting")
    calls: list[str] = []
    client: Any = type(connect_to_redis())
    real = client.execute_command

    def note(self: Any, *args: Any, **options: Any) -> Any:
        calls.append(str(args[0]))
        return real(self, *args, **options)

    monkeypatch.setattr(client, "execute_command", note)

    def cost(agent: str) -> tuple[list[str], int]:
        calls.clear()
        with statements() as seen:
            read(app, "/dataset/stunting", agent)
        return list(calls), len(seen)

    robot_calls, robot_statements = cost("Googlebot/2.1")
    calls_of_people, statements_of_people = cost(BROWSER)
    assert calls_of_people == [*robot_calls, "HINCRBY"]
    assert statements_of_people == robot_statements


def test_pages_are_shown_without_redis(app, records, ckan_config, monkeypatch):
    # Nobody listens at this port.
    away = Redis.from_url("redis://127.0.0.1:1/0")
    monkeypatch.setattr(counter, "connect_to_redis", lambda: away)
    assert read(app, "/dataset/stunting").status_code == 200
    assert download(app, records.stunting).status_code == 302
    assert counter._Pause.until > 0
    monkeypatch.undo()
    assert counted() == {}


def test_nothing_about_the_reader_is_kept(app, records):
    read(app, "/dataset/stunting", **{"X-Forwarded-For": "203.0.113.9", "Cookie": "a=secret"})
    redis: Any = connect_to_redis()
    kept = b" ".join(
        key + b" " + b" ".join(redis.hgetall(key)) for key in redis.keys(counter._key("now"))
    )
    assert records.stunting["id"].encode() in kept
    for trace in (b"203.0.113.9", b"127.0.0.1", b"secret", b"Mozilla"):
        assert trace not in kept
    assert {column.name for column in Usage.__table__.columns} == {
        "package_id",
        "day",
        "views",
        "downloads",
    }


def test_the_first_reader_after_ten_minutes_asks_for_a_job(app, records, monkeypatch):
    asked: list[Any] = []
    monkeypatch.setattr(tk, "enqueue_job", lambda job, **_: asked.append(job))
    for _ in range(3):
        read(app, "/dataset/stunting")
    assert asked == [flush.job]
    # Another process, which has asked for none itself.
    monkeypatch.setattr(flush._Asked, "at", 0.0)
    read(app, "/dataset/stunting")
    assert asked == [flush.job]
    flush.job()
    assert used() == {"stunting": (4, 0)}
