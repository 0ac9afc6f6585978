"""Filters of searches: former addresses, and an OPD with all that is below it."""

from __future__ import annotations

import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.tangerang.opd import names, search
from ckanext.tangerang.opd.registry import FormerName
from tests.theme.conftest import counted

from .people import PLUGINS

pytestmark = pytest.mark.ckan_config("ckan.plugins", PLUGINS)


@pytest.fixture
def tree(portal):
    """Return a portal where a puskesmas and its branch stand below dinkes, each with a dataset."""
    above = [{"name": "dinkes"}]
    portal.puskesmas = factories.Organization(name="puskesmas", groups=above)
    portal.pustu = factories.Organization(name="pustu", groups=[{"name": "puskesmas"}])
    for name in ("dinkes", "puskesmas", "pustu", "disdik"):
        organization = call_action("organization_show", id=name)
        factories.Dataset(name=f"data-{name}", owner_org=organization["id"])
    return portal


def found(**params):
    results = call_action("package_search", **params)["results"]
    return {row["name"].removeprefix("data-") for row in results}


ALL = {"dinkes", "puskesmas", "pustu"}


class TestTree:
    def test_one_filter_finds_what_is_below(self, tree):
        assert found(fq="opd_tree:dinkes") == ALL
        assert found(fq=f'opd_tree:"{tree.dinkes["id"]}"') == ALL
        assert found(fq_list=["+opd_tree:puskesmas"]) == {"puskesmas", "pustu"}
        assert found(fq="opd_tree:pustu") == {"pustu"}

    def test_it_stands_beside_others(self, tree):
        assert found(fq="opd_tree:(pustu OR disdik)") == {"pustu", "disdik"}
        assert found(fq="-opd_tree:puskesmas +opd_tree:dinkes") == {"dinkes"}
        assert found(fq="opd_tree:dinkes AND NOT name:data-pustu") == {"dinkes", "puskesmas"}
        assert not found(fq="opd_tree:tidakada")

    def test_a_former_address_means_the_opd(self, tree):
        tree.act("walidata", "organization_patch", id="dinkes", name="dinkesbaru")
        assert found(fq="opd_tree:dinkes") == found(fq="opd_tree:dinkesbaru") == ALL

    def test_moving_an_opd_needs_no_new_index(self, tree):
        tree.act("walidata", "organization_patch", id="puskesmas", groups=[{"name": "disdik"}])
        assert found(fq="opd_tree:dinkes") == {"dinkes"}
        assert found(fq="opd_tree:disdik") == {"disdik", "puskesmas", "pustu"}

    def test_a_circle_ends(self, tree):
        member = model.Member(
            group=model.Group.get("dinkes"), table_id=tree.pustu["id"], table_name="group"
        )
        model.Session.add(member)
        model.Session.commit()
        assert found(fq="opd_tree:dinkes") == found(fq="opd_tree:pustu") == ALL

    @pytest.mark.parametrize("filter_", ["organization:dinkes", 'owner_org:"{}"'])
    def test_a_parameter_widens_the_filter_of_a_page(self, tree, filter_):
        fq = filter_.format(tree.dinkes["id"])
        assert found(fq=fq) == {"dinkes"}
        assert found(fq=fq, ext_opd_tree="1") == ALL

    def test_the_page_of_an_opd_and_the_search_take_it(self, tree, app):
        for address in (
            "/organization/dinkes?ext_opd_tree=1",
            "/dataset/?opd_tree=dinkes",
            "/dataset/?organization=dinkes&ext_opd_tree=1",
        ):
            body = app.get(address).body
            assert "/dataset/data-pustu" in body, address
            assert "/dataset/data-disdik" not in body, address

    def test_roles_cascade_as_ckan_says(self, tree):
        """CKAN's own setting; the tree is CKAN's own too."""
        tree.act("admin", "package_create", name="baru", owner_org="pustu")
        assert tree.act("admin", "package_patch", id="data-pustu", title="Baru")["title"] == "Baru"
        for role in ("editor", "other_admin"):
            with pytest.raises(Exception, match="not authorized"):
                tree.act(role, "package_patch", id="data-pustu", title="Baru")

    @pytest.mark.ckan_config("ckan.auth.roles_that_cascade_to_sub_groups", "admin editor")
    def test_also_of_editors(self, tree):
        tree.act("editor", "package_patch", id="data-pustu", title="Baru")


class TestRewriting:
    @pytest.fixture
    def known(self, portal):
        names.record_change(portal.dinkes["id"], FormerName("lama", "Dinas Lama"))

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ("organization:lama", 'organization:"dinkes"'),
            ('+organization:"lama"', '+organization:"dinkes"'),
            ("-organization:lama title:x", '-organization:"dinkes" title:x'),
            ("organization:(lama OR disdik)", '(organization:"dinkes" OR organization:disdik)'),
            ("organization:disdik", "organization:disdik"),
            ("organization:tidakada", "organization:tidakada"),
            ("organization:dis*", "organization:dis*"),
            ("organization:[a TO z]", "organization:[a TO z]"),
            ('title:"organization:lama"', 'title:"organization:lama"'),
            ("tags:lama organization:x", "tags:lama organization:x"),
            ('title:"a (b', 'title:"a (b'),
            ("((organization:lama", '((organization:"dinkes"'),
            ("organization:", ""),
        ],
    )
    def test_only_former_addresses_change(self, known, given, expected):
        assert search.rewrite({"fq": given})["fq"] == expected
        assert search.rewrite({"fq_list": [given]})["fq_list"] == [expected]

    def test_only_a_search_that_names_an_organization_asks_the_database(self, portal):
        for params in ({}, {"fq": "title:x"}, {"fq": "owner_org:x", "fq_list": ["+type:y"]}):
            with counted() as queries:
                assert search.rewrite(dict(params)) == params
            assert not queries.sql
        with counted() as queries:
            search.rewrite({"fq": "organization:dinkes", "fq_list": ["organization:x"]})
        assert len(queries.sql) == 1
        with counted() as queries:
            search.rewrite({"fq": "opd_tree:dinkes"})
        assert len(queries.sql) == 2
