"""Reading the registry: the list, and one OPD by any of its names."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.tangerang.opd import names
from ckanext.tangerang.opd.registry import FormerName

from .people import PLUGINS

pytestmark = pytest.mark.ckan_config("ckan.plugins", PLUGINS)


@pytest.fixture
def history(portal):
    """Return a portal with a tree, former names, aliases, and an OPD that was merged."""
    sysadmin = portal.users["sysadmin"]["name"]
    factories.Organization(
        name="puskesmas", title="Puskesmas Balaraja", groups=[{"name": "dinkes"}]
    )
    factories.Organization(
        name="dkk",
        title="Dinas Kebersihan",
        singkatan="DKK",
        kode_opd="1.02.0.00.0.00.01.0000",
        urusan=["1.02", "2.11"],
        jenis_opd="dinas",
        berlaku_dari="2001",
        berlaku_sampai="2016",
        cara_berakhir="digabung",
        pengganti=["dinkes"],
    )
    old = FormerName("diskes", "Dinas Kesehatan Rakyat", "DKR", "1990", "2008", "Perda 1/2008")
    names.record_change(portal.dinkes["id"], old)
    tk.get_action("tangerang_opd_alias_create")(
        {"user": sysadmin}, {"id": "dinkes", "alias": "Dinas Sehat"}
    )
    return portal


def listed(**data):
    return {unit["name"] for unit in call_action("tangerang_opd_list", **data)}


class TestList:
    def test_has_all_with_their_fields(self, history):
        rows = call_action("tangerang_opd_list")
        assert [row["title"] for row in rows] == sorted(row["title"] for row in rows)
        dinkes = next(row for row in rows if row["name"] == "dinkes")
        assert dinkes["nama_lama"][0]["title"] == "Dinas Kesehatan Rakyat"
        assert (dinkes["alias"], dinkes["urusan"]) == (["Dinas Sehat"], ["1.02"])
        assert [row["name"] for row in rows if row["closed"]] == ["dkk"]

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            ({"q": "kesehatan rakyat"}, {"dinkes"}),
            ({"q": "SEHAT"}, {"dinkes"}),
            ({"q": "1.02"}, {"dinkes", "dkk"}),
            ({"jenis": "dinas"}, {"dkk"}),
            ({"urusan": "2.11"}, {"dkk"}),
            ({"urusan": "1.02", "valid_on": "2017"}, {"dinkes"}),
            ({"urusan": "1.02", "valid_on": "2016-12"}, {"dinkes", "dkk"}),
            ({"urusan": "1.02", "valid_on": "1990"}, set()),
            ({"q": "tidak ada"}, set()),
        ],
    )
    def test_of_some(self, history, asked, expected):
        assert listed(**asked) == expected

    @pytest.mark.parametrize(
        "wrong",
        [{"jenis": "kantor"}, {"urusan": "9.99"}, {"valid_on": "kemarin"}, {"q": ["a"]}],
    )
    def test_what_can_not_be_asked(self, history, wrong):
        with pytest.raises(tk.ValidationError) as caught:
            call_action("tangerang_opd_list", **wrong)
        assert list(caught.value.error_dict) == list(wrong)

    def test_as_a_tree(self, history):
        rows = call_action("tangerang_opd_list", tree=True)
        assert "puskesmas" not in [row["name"] for row in rows]
        dinkes = next(row for row in rows if row["name"] == "dinkes")
        assert [row["name"] for row in dinkes["children"]] == ["puskesmas"]

    def test_a_tree_of_some_shows_the_way_to_them(self, history):
        (dinkes,) = call_action("tangerang_opd_list", tree="true", q="balaraja")
        (puskesmas,) = dinkes["children"]
        assert (dinkes["found"], puskesmas["found"]) == (False, True)


class TestShow:
    @pytest.mark.parametrize(
        "word",
        [
            "dinkes",
            "diskes",
            "Dinas Kesehatan",
            "DINAS  kesehatan",
            "Dinas Kesehatan Rakyat",
            "DKR",
            "dinas sehat",
            "1.02.0.00.0.00.01.0000",
        ],
    )
    def test_by_any_name(self, history, word):
        assert call_action("tangerang_opd_show", id=word)["name"] == "dinkes"

    def test_by_id(self, history):
        assert call_action("tangerang_opd_show", id=history.dinkes["id"])["name"] == "dinkes"

    def test_with_its_history_and_place(self, history):
        shown = call_action("tangerang_opd_show", id="dinkes")
        assert [(n["title"], n["berlaku_dari"], n["berlaku_sampai"]) for n in shown["history"]] == [
            ("Dinas Kesehatan Rakyat", "1990", "2008"),
            ("Dinas Kesehatan", "2008", ""),
        ]
        assert [unit["name"] for unit in shown["children"]] == ["puskesmas"]
        assert (shown["parents"], shown["successors"], shown["closed"]) == ([], [], False)
        below = call_action("tangerang_opd_show", id="puskesmas")
        assert [unit["name"] for unit in below["parents"]] == ["dinkes"]

    def test_one_that_has_ended_names_what_stands_for_it(self, history):
        shown = call_action("tangerang_opd_show", id="dkk")
        assert shown["closed"]
        assert shown["pengganti"] == ["dinkes"]
        assert [unit["title"] for unit in shown["successors"]] == ["Dinas Kesehatan"]

    def test_nothing_similar_is_shown(self, history):
        for wrong in ("Dinas Kesehatan dan Sosial", "dinke", "---", "1.02"):
            with pytest.raises(tk.ObjectNotFound):
                call_action("tangerang_opd_show", id=wrong)

    def test_nothing_is_guessed_where_several_are_named_so(self, history):
        factories.Organization(name="dinkes2", title="Dinas Kesehatan")
        assert call_action("tangerang_opd_show", id="dinkes2")
        with pytest.raises(tk.ValidationError) as caught:
            call_action("tangerang_opd_show", id="Dinas Kesehatan")
        (text,) = caught.value.error_dict["id"]
        assert "several OPD: Dinas Kesehatan (dinkes); Dinas Kesehatan (dinkes2)." in text

    def test_a_deleted_one_is_not_shown(self, history):
        history.act("sysadmin", "organization_delete", id=history.disdik["id"])
        with pytest.raises(tk.ObjectNotFound):
            call_action("tangerang_opd_show", id="disdik")
        assert "disdik" not in listed()
