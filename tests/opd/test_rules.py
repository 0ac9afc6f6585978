"""The rules of the registry about codes, periods and successors, on the way through the actions."""

from __future__ import annotations

import pytest
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.tangerang.metadata.values import Problem
from ckanext.tangerang.opd import rules, store

from .people import PLUGINS

pytestmark = pytest.mark.ckan_config("ckan.plugins", PLUGINS)

CODE = "2.16.2.20.2.21.01.0000"


class TestCode:
    @pytest.mark.parametrize(
        ("code", "affairs"),
        [
            (CODE, ["2.16", "2.20", "2.21"]),
            ("1.02.0.00.0.00.01.0000", ["1.02"]),
            ("1.02.0.00.2.14.01.0000", ["1.02", "2.14"]),
            ("0.00.0.00.0.00.01.0000", []),
        ],
    )
    def test_affairs_of_a_code(self, code, affairs):
        assert rules.affairs_of(code) == affairs

    def test_they_are_affairs_of_the_opd(self):
        rules.check_code(CODE, ["2.21", "2.16", "2.20", "1.01"])
        rules.check_code("", [])
        for urusan in (["2.16"], [], ["2.1", "2.2"]):
            with pytest.raises(Problem):
                rules.check_code(CODE, urusan)
        with pytest.raises(Problem):
            rules.check_code("0.00.0.00.0.00.01.0000", ["1.02"])

    @pytest.mark.parametrize(
        "data",
        [
            {"kode_opd": CODE},
            {"kode_opd": CODE, "urusan": ["2.16", "2.20"]},
            {"urusan": ["1.01"]},
            {"urusan": []},
        ],
    )
    def test_the_actions_ask_it(self, portal, data):
        errors = portal.refused("walidata", "organization_patch", id="dinkes", **data)
        assert list(errors) == ["kode_opd"]
        assert "is not among the affairs of this OPD" in errors["kode_opd"][0]

    def test_the_message_names_what_is_foreign(self, portal):
        data = {"kode_opd": CODE, "urusan": ["2.16", "2.20"]}
        (text,) = portal.refused("walidata", "organization_create", name="baru", **data)["kode_opd"]
        assert f'The code "{CODE}" names the affair 2.21, which' in text

    def test_a_right_one_is_taken(self, portal):
        data = {"kode_opd": CODE, "urusan": ["2.16", "2.20", "2.21"]}
        portal.act("walidata", "organization_patch", id="diskominfo", **data)
        portal.act("walidata", "organization_create", name="baru", urusan=["2.16"])


class TestUnique:
    def test_two_do_not_share_a_code(self, portal):
        data = {"kode_opd": "1.02.0.00.0.00.01.0000", "urusan": ["1.02"]}
        errors = portal.refused("walidata", "organization_create", name="baru", **data)
        assert errors["kode_opd"] == [
            '"1.02.0.00.0.00.01.0000" is the code of another OPD: Dinas Kesehatan.'
        ]

    def test_nor_a_region(self, portal):
        portal.act("walidata", "organization_patch", id="disdik", kode_wilayah="36.03.01")
        errors = portal.refused(
            "walidata", "organization_patch", id="dinkes", kode_wilayah="36.03.01"
        )
        assert list(errors) == ["kode_wilayah"]

    def test_the_code_of_one_that_has_ended_is_free(self, portal):
        code = {"kode_opd": "1.02.0.00.0.00.01.0000", "urusan": ["1.02"]}
        portal.act("walidata", "organization_patch", id="dinkes", berlaku_sampai="2020")
        portal.act("walidata", "organization_create", name="baru", **code)
        errors = portal.refused("walidata", "organization_patch", id="dinkes", berlaku_sampai="")
        assert list(errors) == ["kode_opd"], "it can not come back with that code"
        portal.act("walidata", "organization_patch", id="dinkes", berlaku_sampai="2021")

    def test_one_that_is_deleted_does_not_count(self, portal):
        portal.act("sysadmin", "organization_delete", id=portal.dinkes["id"])
        code = {"kode_opd": "1.02.0.00.0.00.01.0000", "urusan": ["1.02"]}
        portal.act("walidata", "organization_create", name="baru", **code)


class TestPeriods:
    @pytest.mark.parametrize(("start", "end"), [("2020", "2019"), ("2020-05", "2020-04")])
    def test_an_end_is_not_before_the_beginning(self, portal, start, end):
        data = {"berlaku_dari": start, "berlaku_sampai": end}
        errors = portal.refused("walidata", "organization_patch", id="dinkes", **data)
        assert list(errors) == ["berlaku_sampai"]

    def test_it_may_be_in_the_same_period(self, portal):
        data = {"berlaku_dari": "2020-05", "berlaku_sampai": "2020"}
        portal.act("walidata", "organization_patch", id="dinkes", **data)


class TestSuccessors:
    @pytest.mark.parametrize("how", ["digabung", "dipecah"])
    def test_a_merged_or_split_one_needs_some(self, portal, how):
        data = {"berlaku_sampai": "2020", "cara_berakhir": how}
        errors = portal.refused("walidata", "organization_patch", id="dinkes", **data)
        assert list(errors) == ["pengganti"]
        portal.act("walidata", "organization_patch", id="dinkes", pengganti="disdik", **data)
        shown = call_action("organization_show", id="dinkes")
        assert shown["pengganti"] == [portal.disdik["id"]]

    def test_none_replaces_itself(self, portal):
        errors = portal.refused("walidata", "organization_patch", id="dinkes", pengganti="dinkes")
        assert list(errors) == ["pengganti"]

    def test_a_former_name_means_the_opd(self, portal):
        portal.act("walidata", "organization_patch", id="disdik", name="dindik")
        portal.act("walidata", "organization_patch", id="dinkes", pengganti="disdik")
        shown = call_action("organization_show", id="dinkes")
        assert shown["pengganti"] == [portal.disdik["id"]]

    def test_only_a_sysadmin_names_one_that_is_not_there_yet(self, portal):
        """A dump is loaded in the order of names."""
        missing = "5f6b2a52-9f0e-4d58-8f35-3c0a4d6b7e10"
        errors = portal.refused("walidata", "organization_patch", id="dinkes", pengganti=missing)
        assert list(errors) == ["pengganti"]
        portal.refused("sysadmin", "organization_patch", id="dinkes", pengganti="tidakada")
        portal.act("sysadmin", "organization_patch", id="dinkes", pengganti=missing)


class TestTree:
    def test_no_circle(self, portal):
        portal.act("walidata", "organization_patch", id="disdik", groups=[{"name": "dinkes"}])
        errors = portal.refused(
            "walidata", "organization_patch", id="dinkes", groups=[{"name": "disdik"}]
        )
        assert list(errors) == ["groups"]
        errors = portal.refused(
            "walidata", "organization_patch", id="dinkes", groups=[{"name": "dinkes"}]
        )
        assert list(errors) == ["groups"]

    def test_a_new_one_may_bring_its_id_and_parent(self, portal):
        """As those of a dump do; CKAN alone breaks on it."""
        new = {"id": "5f6b2a52-9f0e-4d58-8f35-3c0a4d6b7e10", "name": "puskesmas"}
        portal.act("sysadmin", "organization_create", groups=[{"name": "dinkes"}], **new)
        assert store.load().by_name["puskesmas"].induk == "dinkes"

    def test_nor_by_the_action_for_members(self, portal):
        link = {"object_type": "group", "capacity": "public"}
        portal.act("walidata", "member_create", id="disdik", object="dinkes", **link)
        assert store.load().by_name["disdik"].induk == "dinkes"
        for above in ("disdik", "dinkes"):
            errors = portal.refused("walidata", "member_create", id="dinkes", object=above, **link)
            assert errors == {"object": ["An OPD can not stand below itself."]}


def test_old_mistakes_do_not_block_other_changes(portal):
    """A portal may hold what was right before the rules were."""
    group = model.Group.get("disdik")
    group.extras = {"kode_opd": CODE, "berlaku_dari": "2020", "berlaku_sampai": "2019"}
    model.Session.commit()
    portal.act("other_admin", "organization_patch", id="disdik", alamat="Jalan Baru")
    portal.act("walidata", "organization_patch", id="disdik", singkatan="Disdik")
