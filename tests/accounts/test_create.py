"""The action ``tangerang_account_create``: names, rows, all or nothing."""

from __future__ import annotations

import io
import json

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories

from ckanext.tangerang.accounts import links
from ckanext.tangerang.accounts.model import AccountEvent, AccountLink
from tests.theme.conftest import counted

from .conftest import PLUGINS, act, events, roles_of
from .test_reader import table

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "app", "people"),
]

SITI = {"fullname": "Siti Aminah, S.Kom.", "organization": "dinkes", "role": "Operator"}


def create(user, *entries, **data):
    return act("tangerang_account_create", user, accounts=list(entries), **data)


def test_a_dry_run_makes_nothing(people):
    before = model.Session.query(model.User).count()
    found = create(people.walidata, SITI)
    assert found["errors"] == found["notes"] == []
    assert found["applied"] is False
    [shown] = found["accounts"]
    assert shown["name"] == "siti-aminah"
    assert shown["role"] == "editor"
    assert shown["organization"]["title"] == "Dinas Kesehatan"
    assert "link" not in shown
    assert model.Session.query(model.User).count() == before
    assert model.Session.query(AccountLink).count() == 0


def test_an_account_waits_for_its_password_and_has_its_role(people):
    found = create(people.admin, {**SITI, "email": "Siti@example.go.id"}, dry_run=False)
    assert found["applied"] is True
    [made] = found["accounts"]
    account = model.User.get(made["id"])
    assert (account.name, account.fullname) == ("siti-aminah", SITI["fullname"])
    assert account.state == "pending"
    assert not account.password
    assert account.email == "Siti@example.go.id"
    assert roles_of(made) == {"dinkes": "editor"}
    assert events(made) == ["create"]
    link = made["link"]
    assert link["url"].endswith("/akun/sandi#" + link["code"])
    assert link["mailed"] is False
    # The code is nowhere in the database.
    rows = [
        [getattr(row, column.name) for column in table.__table__.columns]
        for table in (AccountLink, AccountEvent)
        for row in model.Session.query(table)
    ]
    kept = json.dumps(rows, default=str).upper()
    assert link["code"] not in kept
    assert link["code"].replace("-", "") not in kept
    shown = act("tangerang_account_show", people.admin, id="siti-aminah")
    assert link["code"] not in json.dumps(shown)
    assert shown["open_link_until"]


def test_namesakes_get_names_of_their_own(people):
    factories.User(name="siti-aminah")
    found = create(people.walidata, SITI, SITI, dry_run=False)
    assert [a["name"] for a in found["accounts"]] == ["siti-aminah-2", "siti-aminah-3"]
    assert [note["row"] for note in found["notes"]] == [2]
    assert create(people.walidata, SITI)["notes"][0]["field"] == "fullname"


@pytest.mark.parametrize("opd", ["dinkes", "Dinas Kesehatan", "DINAS  KESEHATAN", "Dinkes", "id"])
def test_the_opd_by_what_people_write(people, opd):
    opd = people.dinkes["id"] if opd == "id" else opd
    found = create(people.walidata, {**SITI, "organization": opd})
    assert found["accounts"][0]["organization"]["name"] == "dinkes"


def test_two_opd_of_one_title_are_not_guessed(people):
    factories.Organization(name="dinkes-2", title="Dinas Kesehatan", kontak_email="a@b.id")
    [error] = create(people.walidata, {**SITI, "organization": "Dinas Kesehatan"})["errors"]
    assert "more than one" in error["message"]


def test_everything_that_is_wrong_by_row_and_cell_and_nothing_is_made(people):
    factories.User(email="ada@example.go.id")
    rows = [
        ("Nama", "OPD", "Peran", "E-mail"),
        ("Benar", "dinkes", "Operator", "sama@example.go.id"),
        ("", "dinkes", "Operator", ""),
        ("123", "dinkes", "Operator", ""),
        ("Tanpa OPD", "", "Operator", ""),
        ("Salah OPD", "Dinas Kesehatn", "Operator", ""),
        ("Salah Peran", "dinkes", "sysadmin", ""),
        ("Salah Surel", "dinkes", "Operator", "bukan surel"),
        ("Surel Orang", "dinkes", "Operator", "ADA@example.go.id"),
        ("Surel Sama", "dinkes", "Operator", "SAMA@example.go.id"),
    ]
    before = model.Session.query(model.User).count()
    events_before = model.Session.query(AccountEvent).count()
    found = act(
        "tangerang_account_create",
        people.walidata,
        upload=io.BytesIO(table(rows)),
        dry_run=False,
    )
    assert found["applied"] is False
    assert [(e["row"], e["cell"], e["field"]) for e in found["errors"]] == [
        (3, "A3", "fullname"),
        (4, "A4", "fullname"),
        (5, "B5", "organization"),
        (6, "B6", "organization"),
        (7, "C7", "role"),
        (8, "D8", "email"),
        (9, "D9", "email"),
        (10, "D10", "email"),
    ]
    assert model.Session.query(model.User).count() == before
    assert model.Session.query(AccountEvent).count() == events_before


def test_a_failure_in_the_middle_leaves_nothing(people, monkeypatch):
    made, real = [], links.make

    def failing(user_id, creator_id):
        made.append(user_id)
        if len(made) == 2:
            raise RuntimeError
        return real(user_id, creator_id)

    monkeypatch.setattr(links, "make", failing)
    before = model.Session.query(model.User).count()
    with pytest.raises(RuntimeError):
        create(people.walidata, SITI, {**SITI, "fullname": "Budi"}, dry_run=False)
    model.Session.rollback()
    assert model.Session.query(model.User).count() == before


def test_bad_calls(people, ckan_config):
    for data in ({}, {"upload": "text"}, {"upload": io.BytesIO(b"\0")}):
        with pytest.raises(tk.ValidationError):
            act("tangerang_account_create", people.walidata, **data)
    ckan_config["ckanext.tangerang.accounts.max_rows"] = 1
    with pytest.raises(tk.ValidationError):
        create(people.walidata, SITI, SITI)
    hostile = {"fullname": ["a"], "organization": {"b": 1}, "role": True, "email": 3.5}
    assert len(create(people.walidata, hostile)["errors"]) == 4


def test_the_queries_do_not_grow_with_the_rows(people):
    with counted() as few:
        create(people.walidata, *[SITI] * 2)
    with counted() as many:
        create(people.walidata, *[SITI] * 60)
    assert len(many.sql) == len(few.sql)


@pytest.mark.usefixtures("with_request_context")
@pytest.mark.ckan_config("smtp.server", "mail.example.go.id")
def test_links_go_by_e_mail_where_there_is_a_server(people, mail_server):
    found = create(
        people.walidata,
        {**SITI, "email": "siti@example.go.id"},
        {**SITI, "fullname": "Budi"},
        dry_run=False,
    )
    assert [a["link"]["mailed"] for a in found["accounts"]] == [True, False]
    [message] = mail_server.get_smtp_messages()
    assert message[2] == ["siti@example.go.id"]
    found = create(
        people.walidata, {**SITI, "fullname": "C", "email": "c@c.id"}, dry_run=False, mail=False
    )
    assert found["accounts"][0]["link"]["mailed"] is False
    assert len(mail_server.get_smtp_messages()) == 1


@pytest.mark.usefixtures("with_request_context")
@pytest.mark.ckan_config("smtp.server", "127.0.0.1:1")
def test_a_mail_server_that_is_away_loses_no_link(people):
    found = create(people.walidata, {**SITI, "email": "siti@example.go.id"}, dry_run=False)
    assert found["applied"] is True
    assert found["accounts"][0]["link"]["mailed"] is False
