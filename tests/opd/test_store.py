"""Reading the registry from the portal."""

from __future__ import annotations

import json

import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.tangerang.opd import store
from ckanext.tangerang.opd.model import OpdAlias, OpdName
from ckanext.tangerang.opd.registry import FormerName
from tests.theme.conftest import counted

from .offices import write

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", "tangerang_opd scheming_organizations"),
    pytest.mark.usefixtures("with_plugins", "clean_db"),
]


def test_a_registry_is_one_query():
    write(60)
    with counted() as queries:
        registry = store.load()
    assert len(queries.sql) == 1, queries.sql
    assert len(registry) == 60
    assert len(registry.above(registry.by_name["opd-059"])) == 3


def test_names_aliases_parent_and_successors():
    above = factories.Organization(name="setda", title="Sekretariat Daerah")
    unit = factories.Organization(name="disporabudpar", groups=[{"name": "setda"}])
    closed = factories.Organization(name="disbudpar-lama", title="")
    for name, end in (("disparbud", "2012"), ("disbudpar", "2017")):
        model.Session.add(
            OpdName(
                organization_id=unit["id"],
                name=name,
                title=name.title(),
                singkatan="",
                berlaku_sampai=end,
                dasar_hukum="Perda 11/2016",
            )
        )
    for alias in ("Dinas Porabudpar", "Dinas Olahraga"):
        model.Session.add(
            OpdAlias(organization_id=unit["id"], alias=alias, folded=alias.casefold())
        )
    group = model.Group.get(closed["id"])
    group.extras = {"pengganti": json.dumps([unit["id"], "gone"]), "singkatan": "Disbudpar"}
    model.Session.commit()

    registry = store.load()
    found = registry.by_name["disporabudpar"]
    assert found.induk == "setda"
    assert found.alias == ("Dinas Olahraga", "Dinas Porabudpar")
    assert found.nama_lama == (
        FormerName("disparbud", "Disparbud", "", "", "2012", "Perda 11/2016"),
        FormerName("disbudpar", "Disbudpar", "", "", "2017", "Perda 11/2016"),
    )
    assert registry.by_id[closed["id"]].pengganti == ("disporabudpar",)
    assert registry.by_id[closed["id"]].title == "disbudpar-lama"
    assert registry.by_id[above["id"]].nama_lama == ()

    call_action("organization_delete", id=closed["id"])
    assert "disbudpar-lama" not in store.load().by_name
