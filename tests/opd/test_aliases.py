"""Aliases: each means one OPD, and none is a name of another."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.tangerang.opd import names
from ckanext.tangerang.opd.model import OpdAlias
from ckanext.tangerang.opd.registry import FormerName

from .people import PLUGINS

pytestmark = pytest.mark.ckan_config("ckan.plugins", PLUGINS)


def create(portal, id_, alias, role="walidata"):
    return portal.act(role, "tangerang_opd_alias_create", id=id_, alias=alias)["alias"]


def test_comes_and_goes(portal):
    assert create(portal, "dinkes", "Dinas Sehat") == ["Dinas Sehat"]
    assert create(portal, "Dinas Kesehatan", " Kantor Sehat ") == ["Dinas Sehat", "Kantor Sehat"]
    row = model.Session.query(OpdAlias).filter_by(alias="Dinas Sehat").one()
    assert (row.folded, row.user_id) == ("dinassehat", portal.users["walidata"]["id"])
    assert portal.act("anonymous", "tangerang_opd_show", id="dinas sehat")["name"] == "dinkes"
    left = portal.act("walidata", "tangerang_opd_alias_delete", id="dinkes", alias="DINAS SEHAT")
    assert left["alias"] == ["Kantor Sehat"]
    with pytest.raises(tk.ObjectNotFound):
        portal.act("walidata", "tangerang_opd_alias_delete", id="dinkes", alias="Dinas Sehat")


def test_what_the_opd_is_called_already_changes_nothing(portal):
    create(portal, "dinkes", "Dinas Sehat")
    for known in ("DINAS SEHAT", "Dinas Kesehatan", "Dinkes", "1.02.0.00.0.00.01.0000"):
        assert create(portal, "dinkes", known) == ["Dinas Sehat"]


@pytest.mark.parametrize(
    ("alias", "known"),
    [
        ("DINKES", "Dinkes"),
        ("dinas   kesehatan", "Dinas Kesehatan"),
        ("Dinas Kesehatan Rakyat", "Dinas Kesehatan Rakyat"),
        ("diskes", "diskes"),
        ("dkr", "DKR"),
        ("Dinas Sehat", "Dinas Sehat"),
        ("1.02.0.00.0.00.01.0000", "1.02.0.00.0.00.01.0000"),
    ],
)
def test_what_another_is_called_is_refused(portal, alias, known):
    old = FormerName("diskes", "Dinas Kesehatan Rakyat", "DKR")
    names.record_change(portal.dinkes["id"], old)
    create(portal, "dinkes", "Dinas Sehat")
    errors = portal.refused("walidata", "tangerang_opd_alias_create", id="disdik", alias=alias)
    assert errors == {
        "alias": [f'"{alias}" is already "{known}" of another OPD: Dinas Kesehatan (dinkes).']
    }


def test_the_alias_of_a_deleted_one_stays_its_own(portal):
    create(portal, "disdik", "Dinas Didik")
    portal.act("sysadmin", "organization_delete", id=portal.disdik["id"])
    errors = portal.refused(
        "walidata", "tangerang_opd_alias_create", id="dinkes", alias="dinas didik"
    )
    assert "alias of a deleted OPD: Dinas Pendidikan (disdik)" in errors["alias"][0]


@pytest.mark.parametrize("alias", ["", "   ", "---", "x" * 301, ["a"]])
def test_what_is_no_alias(portal, alias):
    errors = portal.refused("walidata", "tangerang_opd_alias_create", id="dinkes", alias=alias)
    assert list(errors) == ["alias"]


def test_of_no_opd(portal):
    with pytest.raises(tk.ObjectNotFound):
        create(portal, "tidakada", "x")


def test_a_caller_may_keep_it_in_a_transaction(portal):
    context = {**portal.context("walidata"), "defer_commit": True}
    tk.get_action("tangerang_opd_alias_create")(context, {"id": "dinkes", "alias": "Sehat"})
    model.Session.rollback()
    assert portal.act("anonymous", "tangerang_opd_show", id="dinkes")["alias"] == []
