"""A scripted history of OPD with data: before, after, and taken back.

Disbudpar becomes Disporabudpar, Perikanan goes into Pertanian, PUPR is split, Kantor Arsip is
closed. Each has a public and a private dataset, an activity, an indicator, members and followers.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.tangerang.opd import jobs, store

from . import test_apply as steps

pytestmark = [
    pytest.mark.ckan_config("ckanext.tangerang.metadata.require_complete", "false"),
    pytest.mark.ckan_config("ckan.auth.create_unowned_dataset", "false"),
]

LONG_AGO = datetime(2020, 1, 1)  # noqa: DTZ001 - as CKAN stores it

OLD = {
    "disbudpar": "Dinas Kebudayaan dan Pariwisata",
    "perikanan": "Dinas Perikanan",
    "pertanian": "Dinas Pertanian dan Ketahanan Pangan",
    "pupr": "Dinas Pekerjaan Umum dan Penataan Ruang",
    "kantor-arsip": "Kantor Arsip",
}

#: What the walidata writes, as rows of Excel.
HISTORY = b"""name,title,singkatan,nama_lama,berlaku_sampai,cara_berakhir,pengganti,dasar_hukum
disporabudpar,"Dinas Pemuda, Olahraga, Kebudayaan dan Pariwisata",Disporabudpar,disbudpar | \
Dinas Kebudayaan dan Pariwisata | | 2008 | 2016-12-31 | Perda 11/2016,,,,
perikanan,Dinas Perikanan,,,2025-12-31,digabung,pertanian,Perda 9/2025
pertanian,Dinas Pertanian dan Ketahanan Pangan,,,,,,
pupr,Dinas Pekerjaan Umum dan Penataan Ruang,,,2016,dipecah,dbmsda; dtrb,Perda 11/2016
dbmsda,Dinas Bina Marga dan Sumber Daya Air,DBMSDA,,,,,
dtrb,Dinas Tata Ruang dan Bangunan,DTRB,,,,,
kantor-arsip,Kantor Arsip,,,2016,ditutup,disporabudpar,Perda 11/2016
"""


class Portal:
    """A portal with the OPD of the year 2015, and what is in them."""

    def __init__(self) -> None:
        self.boss = factories.Sysadmin()
        self.users = {name: factories.UserWithToken(name=name) for name in ("adi", "budi")}
        self.ids: dict[str, str] = {}
        self.records: dict[str, list[str]] = {}
        for name, title in OLD.items():
            users = [
                {"name": "adi", "capacity": "admin"},
                {"name": "budi", "capacity": "editor" if name == "perikanan" else "member"},
            ]
            made = factories.Organization(name=name, title=title, users=users)
            self.ids[name] = made["id"]
            self.records[name] = self.fill(name, made["id"])
            steps.act("follow_group", self.users["budi"], id=name)
        model.Session.execute(sa.update(model.Package).values(metadata_modified=LONG_AGO))
        model.Session.commit()

    def fill(self, name: str, owner: str) -> list[str]:
        """Make records of an OPD: two datasets, an activity, an indicator; return their ids."""
        activity = steps.act(
            "package_create", self.boss, type="kegiatan", owner_org=owner, state="draft",
            judul_kegiatan=f"Survei {name}", tahun_kegiatan="2025",
        )  # fmt: skip
        indicator = steps.act(
            "package_create", self.boss, type="indikator", owner_org=owner, state="draft",
            title=f"Indikator {name}",
        )  # fmt: skip
        public = factories.Dataset(name=f"data-{name}", owner_org=owner)
        private = factories.Dataset(name=f"draf-{name}", owner_org=owner, private=True)
        return [public["id"], private["id"], activity["id"], indicator["id"]]

    def owned(self, name: str) -> list[str]:
        """Return what a search finds for an OPD, of all types and states."""
        return steps.found(f"organization:{name}")

    def check(self, owners: dict[str, str]) -> None:
        """Check that the records of each OPD of the beginning belong to the OPD of ``owners``."""
        model.Session.expire_all()
        for name, owner in owners.items():
            expected = sorted(id_ for n in OLD if owners[n] == owner for id_ in self.records[n])
            assert self.owned(owner) == expected, (name, owner)
            for id_ in self.records[name]:
                shown = tk.get_action("package_show")({"user": self.boss["name"]}, {"id": id_})
                assert shown["organization"]["name"] == owner
                members = sa.select(model.Member.group_id).where(
                    model.Member.table_id == id_,
                    model.Member.table_name == "package",
                    model.Member.state == "active",
                )
                assert list(model.Session.scalars(members)) == [shown["owner_org"]]


@pytest.fixture
def portal(with_portal, clean_db, clean_index):
    return Portal()


UNCHANGED = {name: name for name in OLD}
AFTER = UNCHANGED | {"disbudpar": "disporabudpar", "perikanan": "pertanian"}


def test_the_history_of_ten_years(portal: Any, app: Any) -> None:
    boss = portal.boss
    portal.check(UNCHANGED)
    before = steps.state()

    # Plan: nothing is changed, and everything is said.
    plan = steps.act("tangerang_opd_plan", boss, upload=HISTORY, filename="opd.csv")
    assert plan["errors"] == []
    assert [(op["op"], op["name"]) for op in plan["operations"]] == [
        ("create", "dbmsda"),
        ("create", "dtrb"),
        ("rename", "disporabudpar"),
        ("merge", "perikanan"),
        ("split", "pupr"),
        ("close", "kantor-arsip"),
    ]
    merge = next(op for op in plan["operations"] if op["op"] == "merge")
    assert merge["moved"] == {"datasets": 4, "members": 3, "followers": 1}
    assert steps.state() == before

    made = steps.act("tangerang_opd_apply", boss, token=plan["token"])
    jobs.settle(made["id"])

    # API and search: under the new names, by old ones too.
    portal.check(AFTER)
    assert portal.owned("disbudpar") == portal.owned("disporabudpar")
    shown = call_action("organization_show", id="disbudpar")
    assert (shown["id"], shown["name"]) == (portal.ids["disbudpar"], "disporabudpar")
    shown = call_action("tangerang_opd_show", id="disbudpar")
    assert shown["name"] == "disporabudpar"
    (result,) = call_action("package_search", fq="organization:disporabudpar")["results"]
    assert result["organization"]["title"].startswith("Dinas Pemuda")

    # Pages: old links lead to the present ones.
    answer = app.get("/organization/disbudpar", follow_redirects=False)
    assert answer.status_code == 301
    assert answer.headers["Location"].endswith("/organization/disporabudpar")
    page = app.get("/dataset/data-perikanan", status=200)
    assert "Dinas Pertanian dan Ketahanan Pangan" in page.body
    app.get("/organization/perikanan", status=200)
    app.get("/organization/kantor-arsip", status=200)

    # Members and followers.
    assert steps.members("pertanian") == {"adi": "admin", "budi": "editor"}
    assert steps.members("perikanan") == {}
    for name in ("disporabudpar", "pupr", "kantor-arsip"):
        assert steps.members(name) == {"adi": "admin", "budi": "member"}
        assert len(steps.followers(name)) == 1
    assert steps.followers("perikanan") == []
    assert len(steps.followers("pertanian")) == 1

    # What has ended keeps its data, names its successor and takes no new data.
    registry = store.load()
    assert registry.by_name["pupr"].pengganti == ("dbmsda", "dtrb")
    assert registry.by_name["kantor-arsip"].pengganti == ("disporabudpar",)
    for name in ("perikanan", "pupr", "kantor-arsip"):
        with pytest.raises(tk.ValidationError):
            steps.act("package_create", boss, name="baru", owner_org=name)

    # Harvesters see what was renamed or merged, and nothing else.
    moved = {name for name, ids in portal.records.items() if steps.modified(ids[0]) > LONG_AGO}
    assert moved == {"disbudpar", "perikanan"}
    assert all(steps.modified(ids[1]) == LONG_AGO for ids in portal.records.values())

    # The same file again.
    again = steps.act("tangerang_opd_plan", boss, upload=HISTORY, filename="opd.csv")
    assert (again["operations"], again["errors"]) == ([], [])

    # All of it taken back.
    steps.take_back(boss, made["id"])
    assert steps.state() == before
    portal.check(UNCHANGED)
    assert app.get("/organization/disbudpar", follow_redirects=False).status_code == 200


def test_rename_and_merge_each_taken_back_by_itself(portal: Any) -> None:
    boss = portal.boss
    before = steps.state()
    merged = steps.change(
        boss,
        {"name": "perikanan", "berlaku_sampai": "2025-12-31", "cara_berakhir": "digabung",
         "pengganti": "pertanian"},
    )  # fmt: skip
    renamed = steps.change(
        boss, {"name": "disporabudpar", "title": "Dispora",
               "nama_lama": "disbudpar | Dinas Kebudayaan dan Pariwisata"},
    )  # fmt: skip
    portal.check(AFTER)
    # The later one stays while the earlier one is taken back.
    steps.take_back(boss, merged["id"])
    portal.check(UNCHANGED | {"disbudpar": "disporabudpar"})
    steps.take_back(boss, renamed["id"])
    portal.check(UNCHANGED)
    assert steps.state() == before
