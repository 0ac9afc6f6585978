"""Plans applied to a portal: all or nothing, one at a time, and taken back from the journal."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.jobs import get_queue
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.activity.model import Activity

from ckanext.tangerang.opd import apply, files, jobs, store
from ckanext.tangerang.opd.model import OpdJournal

PLUGINS = "activity tangerang_metadata tangerang_opd scheming_datasets scheming_organizations"

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.ckan_config("ckanext.tangerang.metadata.require_complete", "false"),
    pytest.mark.usefixtures("boss"),
]

LONG_AGO = datetime(2020, 1, 1)  # noqa: DTZ001 - as CKAN stores it


@pytest.fixture
def boss(with_plugins, clean_db, clean_index, clean_queues):
    return factories.Sysadmin()


def act(action: str, user: dict[str, Any], **data: Any) -> Any:
    return tk.get_action(action)({"user": user["name"]}, data)


def refused(action: str, user: dict[str, Any], **data: Any) -> str:
    with pytest.raises(tk.ValidationError) as caught:
        act(action, user, **data)
    return str(caught.value.error_dict)


def plan(user: dict[str, Any], *rows: dict[str, Any]) -> dict[str, Any]:
    found = act("tangerang_opd_plan", user, registry=list(rows))
    assert found["errors"] == []
    return found


def change(user: dict[str, Any], *rows: dict[str, Any]) -> dict[str, Any]:
    """Plan, apply and settle some rows, as the worker does."""
    made = act("tangerang_opd_apply", user, token=plan(user, *rows)["token"])
    jobs.settle(made["id"])
    return made


def take_back(user: dict[str, Any], journal_id: str) -> dict[str, Any]:
    made = act("tangerang_opd_undo", user, id=journal_id)
    jobs.settle(made["id"])
    return made


def opd(name: str, title: str, **data: Any) -> dict[str, Any]:
    return factories.Organization(name=name, title=title, **data)


def record(owner: dict[str, Any], **data: Any) -> str:
    """Make a record that was last modified long ago; return its id."""
    made = factories.Dataset(owner_org=owner["id"], **data)
    table = sa.update(model.Package).where(model.Package.id == made["id"])
    model.Session.execute(table.values(metadata_modified=LONG_AGO))
    model.Session.commit()
    return made["id"]


def modified(package_id: str) -> datetime:
    model.Session.expire_all()
    package = model.Package.get(package_id)
    assert package
    return package.metadata_modified


def owner(package_id: str) -> str:
    return call_action("package_show", id=package_id)["organization"]["name"]


def found(fq: str) -> list[str]:
    shown = call_action(
        "package_search", fq=f"{fq} dataset_type:(dataset OR kegiatan OR indikator)",
        include_private=True, include_drafts=True,
    )  # fmt: skip
    return sorted(result["id"] for result in shown["results"])


def members(name: str) -> dict[str, str]:
    """Return the members of an organization, without the site user, who has made it."""
    shown = call_action("organization_show", id=name, include_users=True)
    site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return {u["name"]: u["capacity"] for u in shown["users"] if u["name"] != site_user}


def followers(name: str) -> list[str]:
    shown = call_action("organization_show", id=name)["id"]
    query = sa.select(model.UserFollowingGroup.follower_id).where(
        model.UserFollowingGroup.object_id == shown
    )
    return sorted(model.Session.scalars(query))


def state() -> tuple[Any, ...]:
    """Return all that an apply writes."""
    model.Session.rollback()
    rows: Any = (
        sa.select(model.Group.id, model.Group.name, model.Group.title, model.Group.extras),
        sa.select(model.Member.id, model.Member.group_id, model.Member.table_id,
                  model.Member.capacity, model.Member.state),
        sa.select(model.Package.id, model.Package.owner_org),
        sa.select(model.UserFollowingGroup.follower_id, model.UserFollowingGroup.object_id),
    )  # fmt: skip
    tables = [sorted(map(str, model.Session.execute(query))) for query in rows]
    return (store.load().digest, *tables)


END = {"berlaku_sampai": "2025", "dasar_hukum": "Perda 1/2025"}

RENAME = {
    "name": "disporabudpar",
    "title": "Dinas Pemuda, Olahraga, Kebudayaan dan Pariwisata",
    "nama_lama": "disbudpar | Dinas Kebudayaan dan Pariwisata | | | 2016-12-31 | Perda 11/2016",
}
MERGE = {"name": "perikanan", "cara_berakhir": "digabung", "pengganti": "pertanian", **END}
NEW = {"name": "dinkes", "title": "Dinas Kesehatan"}


class TestCreate:
    def test_writes_what_organization_create_would(self, boss):
        row = {"name": "dinkes", "title": "Dinas Kesehatan", "singkatan": "Dinkes",
               "urusan": ["1.02"], "kode_opd": "1.02.0.00.0.00.01.0000", "jenis_opd": "dinas",
               "kontak_email": "dinkes@example.org", "alias": ["Din Kes"],
               "nama_lama": [{"name": "kanwil", "title": "Kanwil"}]}  # fmt: skip
        child = {"name": "pkm", "title": "Puskesmas", "induk": "dinkes"}
        change(boss, row, child)
        shown = call_action("organization_show", id="dinkes", include_users=True)
        for name in ("title", "singkatan", "urusan", "kode_opd", "jenis_opd", "kontak_email"):
            assert shown[name] == row[name]
        assert (shown["type"], shown["state"], shown["is_organization"]) == (
            "organization", "active", True,
        )  # fmt: skip
        assert shown["users"] == []
        unit = store.load().by_name["dinkes"]
        assert (unit.alias, unit.nama_lama[0].name) == (("Din Kes",), "kanwil")
        groups = call_action("organization_show", id="pkm", include_groups=True)["groups"]
        assert [group["name"] for group in groups] == ["dinkes"]
        # CKAN's own form accepts what was written.
        act("organization_patch", boss, id="pkm", alamat="Curug")

    def test_again_is_nothing_to_do_in_every_format(self, boss):
        change(boss, {"name": "dinkes", "title": "Dinas Kesehatan", "alias": "=DK; x"})
        for form in files.TYPES:
            content = files.write(store.load(), form)
            again = act("tangerang_opd_plan", boss, upload=io.BytesIO(content))
            assert (again["operations"], again["errors"], again["token"]) == ([], [], None)

    def test_of_five_hundred_asks_the_form_for_each(self, boss):
        wrong = {"name": "dinkes", "title": "Dinas Kesehatan", "situs_web": "dinkes.go.id"}
        found = act("tangerang_opd_plan", boss, registry=[wrong])
        assert [(e["field"], e["row"]) for e in found["errors"]] == [("situs_web", "opd[1]")]
        assert found["token"] is None

    def test_an_address_of_a_deleted_organization_is_taken(self, boss):
        gone = opd("dinkes", "Dinas")
        act("organization_delete", boss, id=gone["id"])
        found = act("tangerang_opd_plan", boss, registry=[{"name": "dinkes", "title": "Dinas"}])
        assert [e["code"] for e in found["errors"]] == ["form"]

    def test_is_taken_back_while_nothing_hangs_on_it(self, boss):
        before = state()
        made = change(
            boss, {"name": "a1", "title": "A"}, {"name": "a2", "title": "B", "induk": "a1"}
        )
        take_back(boss, made["id"])
        assert state() == before

    def test_is_not_taken_back_when_it_has_data(self, boss):
        made = change(boss, {"name": "dinkes", "title": "Dinas Kesehatan"})
        record(call_action("organization_show", id="dinkes"))
        assert "Dinas Kesehatan has records" in refused("tangerang_opd_undo", boss, id=made["id"])
        assert "dinkes" in store.load().by_name


class TestRename:
    @pytest.fixture
    def old(self, boss):
        return opd(
            "disbudpar", "Dinas Kebudayaan dan Pariwisata", description="Ini", alamat="Jl. 1"
        )

    def test_moves_the_name_and_remembers_the_old_one(self, boss, old):
        public, private = record(old), record(old, private=True)
        change(boss, RENAME)
        shown = call_action("organization_show", id="disbudpar")
        assert (shown["id"], shown["name"]) == (old["id"], "disporabudpar")
        assert (shown["description"], shown["alamat"]) == ("Ini", "Jl. 1")
        (former,) = store.load().by_name["disporabudpar"].nama_lama
        assert (former.name, former.berlaku_sampai) == ("disbudpar", "2016-12-31")
        assert former.dasar_hukum == "Perda 11/2016"
        assert found("organization:disporabudpar") == sorted([public, private])
        shown = call_action("package_search", fq="organization:disporabudpar")["results"][0]
        assert shown["organization"]["title"] == RENAME["title"]
        assert modified(public) > LONG_AGO
        assert modified(private) == LONG_AGO
        assert plan(boss, RENAME)["operations"] == []

    def test_is_taken_back(self, boss, old):
        public = record(old)
        before = state()
        made = change(boss, RENAME)
        take_back(boss, made["id"])
        assert state() == before
        assert found("organization:disbudpar") == [public]
        assert "taken back already" in refused("tangerang_opd_undo", boss, id=made["id"])

    @pytest.mark.usefixtures("old")
    def test_is_not_taken_back_when_it_was_renamed_since(self, boss):
        made = change(boss, RENAME)
        change(boss, {"name": "disporabudpar", "title": "Dinas Pariwisata"})
        text = refused("tangerang_opd_undo", boss, id=made["id"])
        assert "has been changed since: title" in text

    @pytest.mark.usefixtures("old")
    def test_of_the_abbreviation_alone_moves_no_record(self, boss):
        act("organization_patch", boss, id="disbudpar", singkatan="Disbud")
        public = record(call_action("organization_show", id="disbudpar"))
        change(boss, {"name": "disbudpar", "singkatan": "Disbudpar"})
        assert modified(public) == LONG_AGO


class TestMerge:
    @pytest.fixture
    def both(self, boss):
        users = {name: factories.User(name=name) for name in ("adi", "budi", "cici", "dodi")}
        source = opd("perikanan", "Dinas Perikanan", users=[
            {"name": "adi", "capacity": "admin"}, {"name": "budi", "capacity": "member"},
            {"name": "cici", "capacity": "editor"},
        ])  # fmt: skip
        target = opd("pertanian", "Dinas Pertanian", users=[
            {"name": "adi", "capacity": "member"}, {"name": "budi", "capacity": "editor"},
        ])  # fmt: skip
        for user, names in (("dodi", ["perikanan", "pertanian"]), ("cici", ["perikanan"])):
            for name in names:
                act("follow_group", users[user], id=name)
        return source, target

    def test_moves_everything_once(self, boss, both):
        source, _target = both
        ids = [record(source), record(source, private=True), record(source, state="draft")]
        gone = record(source)
        act("package_delete", boss, id=gone)
        opd("upt-ikan", "UPT Ikan", groups=[{"name": "perikanan"}])
        made = change(boss, MERGE)
        assert {owner(id_) for id_ in ids[:2]} == {"pertanian"}
        assert found("organization:pertanian") == sorted(ids)
        assert found("organization:perikanan AND owner_org:" + source["id"]) == []
        deleted = model.Package.get(gone)
        assert deleted
        assert deleted.owner_org == _target["id"]
        assert members("perikanan") == {}
        assert members("pertanian") == {"adi": "admin", "budi": "editor", "cici": "editor"}
        assert followers("perikanan") == []
        assert len(followers("pertanian")) == 2
        assert store.load().by_name["upt-ikan"].induk == "pertanian"
        assert modified(ids[0]) > LONG_AGO
        assert modified(ids[1]) == LONG_AGO
        entry = next(e for e in made["entries"] if e["op"] == "merge")
        assert entry["moved"] == {"datasets": 4, "members": 4, "followers": 2}
        assert plan(boss, MERGE)["operations"] == []

    def test_is_taken_back(self, boss, both):
        source, target = both
        mine, theirs = record(source), record(target)
        before = state()
        made = change(boss, MERGE)
        take_back(boss, made["id"])
        assert state() == before
        assert found("organization:perikanan") == [mine]
        assert found("organization:pertanian") == [theirs]

    def test_is_not_taken_back_when_a_record_was_moved_since(self, boss, both):
        id_ = record(both[0], title="Produksi ikan")
        made = change(boss, MERGE)
        other = opd("bappeda", "Bappeda")
        act("package_owner_org_update", boss, id=id_, organization_id=other["id"])
        before = state()
        text = refused("tangerang_opd_undo", boss, id=made["id"])
        assert "The record Produksi ikan has been moved since" in text
        assert state() == before

    def test_purged_records_and_members_who_left_do_not_keep_it(self, boss, both):
        id_ = record(both[0])
        made = change(boss, MERGE)
        act("dataset_purge", boss, id=id_)
        act("organization_member_delete", boss, id="pertanian", username="cici")
        assert take_back(boss, made["id"])["left"] > 0
        assert members("perikanan") == {"adi": "admin", "budi": "member"}

    def test_who_has_come_back_since_is_there_once(self, boss, both):
        record(both[0])
        made = change(boss, MERGE)
        act("organization_member_create", boss, id="perikanan", username="cici", role="member")
        for name in ("cici", "dodi"):
            act("follow_group", {"name": name}, id="perikanan")
        assert take_back(boss, made["id"])["left"] == 3
        assert members("perikanan") == {"adi": "admin", "budi": "member", "cici": "member"}
        assert members("pertanian") == {"adi": "member", "budi": "editor", "cici": "editor"}
        assert len(followers("perikanan")) == 2

    def test_into_an_opd_of_the_same_file(self, boss, both):
        id_ = record(both[0])
        before = state()
        new = {"name": "pangan", "title": "Dinas Pangan"}
        made = change(
            boss, new, {**MERGE, "pengganti": "pangan"},
            {**MERGE, "name": "pertanian", "pengganti": "pangan"},
        )  # fmt: skip
        assert owner(id_) == "pangan"
        assert members("pangan") == {"adi": "admin", "budi": "editor", "cici": "editor"}
        take_back(boss, made["id"])
        assert state() == before

    def test_one_after_the_other(self, boss, both):
        id_ = record(both[0])
        opd("bappeda", "Bappeda")
        before = state()
        made = change(boss, MERGE, {**MERGE, "name": "pertanian", "pengganti": "bappeda"})
        assert owner(id_) == "bappeda"
        take_back(boss, made["id"])
        assert state() == before


class TestEnds:
    def test_close_and_split_keep_the_data(self, boss):
        closed, split = opd("kantor", "Kantor Arsip"), opd("pupr", "Dinas PUPR")
        opd("dbmsda", "Dinas Bina Marga")
        ids = record(closed), record(split)
        change(
            boss,
            {"name": "kantor", "cara_berakhir": "ditutup", **END},
            {"name": "pupr", "cara_berakhir": "dipecah", "pengganti": ["dbmsda", "dtrb"], **END},
            {"name": "dtrb", "title": "Dinas Tata Ruang"},
        )
        assert [owner(id_) for id_ in ids] == ["kantor", "pupr"]
        shown = call_action("organization_show", id="pupr")
        names = [call_action("organization_show", id=id_)["name"] for id_ in shown["pengganti"]]
        assert names == ["dbmsda", "dtrb"]
        assert (shown["berlaku_sampai"], shown["cara_berakhir"]) == ("2025", "dipecah")
        with pytest.raises(tk.ValidationError):
            act("package_create", boss, name="baru", owner_org="kantor")
        act("package_patch", boss, id=ids[0], notes="Tetap dapat diperbaiki")

    def test_are_taken_back(self, boss):
        opd("kantor", "Kantor Arsip")
        before = state()
        made = change(boss, {"name": "kantor", "cara_berakhir": "ditutup", **END})
        take_back(boss, made["id"])
        assert state() == before

    def test_are_not_taken_back_when_another_has_got_the_code(self, boss):
        code = {"kode_opd": "1.02.0.00.0.00.01.0000", "urusan": ["1.02"]}
        opd("kantor", "Kantor Kesehatan", **code)
        made = change(boss, {"name": "kantor", "cara_berakhir": "ditutup", **END})
        opd("dinkes", "Dinas Kesehatan", **code)
        text = refused("tangerang_opd_undo", boss, id=made["id"])
        assert "The code 1.02.0.00.0.00.01.0000 belongs to" in text
        assert store.load().by_name["kantor"].cara_berakhir == "ditutup"


class TestOneAtATime:
    def test_a_plan_is_applied_once(self, boss):
        token = plan(boss, NEW)["token"]
        act("tangerang_opd_apply", boss, token=token)
        assert "applied already" in refused("tangerang_opd_apply", boss, token=token)

    def test_an_unknown_plan(self, boss):
        assert "There is no such plan" in refused("tangerang_opd_apply", boss, token="x")

    @pytest.mark.parametrize("changed", ["form", "plan"])
    def test_a_plan_of_another_registry_is_refused(self, boss, changed):
        token = plan(boss, NEW)["token"]
        if changed == "form":
            opd("bappeda", "Bappeda")
        else:
            change(boss, {"name": "bappeda", "title": "Bappeda"})
        before = state()
        assert "registry has changed" in refused("tangerang_opd_apply", boss, token=token)
        assert state() == before

    def test_of_two_at_once_one_wins(self, boss, monkeypatch):
        tokens = [plan(boss, NEW)["token"] for _ in range(2)]
        inside, go = threading.Event(), threading.Event()
        run = apply._Writer.run

        def slow(self: Any, operations: Any) -> None:
            inside.set()
            assert go.wait(20)
            run(self, operations)

        monkeypatch.setattr(apply._Writer, "run", slow)
        outcome: list[Any] = []

        def first() -> None:
            try:
                outcome.append(act("tangerang_opd_apply", boss, token=tokens[0]))
            finally:
                model.Session.remove()

        thread = threading.Thread(target=first)
        thread.start()
        assert inside.wait(20)
        text = refused("tangerang_opd_apply", boss, token=tokens[1])
        go.set()
        thread.join(20)
        assert "being applied right now" in text
        assert len(outcome) == 1
        model.Session.rollback()
        assert list(store.load().by_name) == ["dinkes"]
        assert "registry has changed" in refused("tangerang_opd_apply", boss, token=tokens[1])


KILLED = """
import os, sys
from ckan.cli import load_config
from ckan.config.middleware import make_app
app = make_app(load_config(sys.argv[1]))
import ckan.plugins.toolkit as tk
from ckanext.tangerang.opd import apply
written = apply._Writer._merge
def killed(self, operation):
    written(self, operation)
    print("half-way", flush=True)
    os.kill(os.getpid(), 9)
apply._Writer._merge = killed
with app._wsgi_app.app_context():
    tk.get_action("tangerang_opd_apply")({"user": sys.argv[3]}, {"token": sys.argv[2]})
"""


class TestAllOrNothing:
    @pytest.fixture
    def token(self, boss):
        source = opd("perikanan", "Dinas Perikanan")
        opd("pertanian", "Dinas Pertanian")
        record(source)
        return plan(boss, MERGE, {"name": "baru", "title": "Baru"})["token"]

    def test_an_error_half_way_leaves_nothing(self, boss, token, monkeypatch):
        before = state()

        def broken(*_: Any) -> None:
            raise RuntimeError("half-way")

        monkeypatch.setattr(apply._Writer, "_move_followers", broken)
        with pytest.raises(RuntimeError):
            act("tangerang_opd_apply", boss, token=token)
        assert state() == before
        assert get_queue().jobs == []
        monkeypatch.undo()
        act("tangerang_opd_apply", boss, token=token)

    def test_a_process_killed_half_way_leaves_nothing(self, boss, token, tmp_path, ckan_config):
        before = state()
        model.Session.remove()
        ini = tmp_path / "killed.ini"
        ini.write_text(
            f"[DEFAULT]\n[app:main]\nuse = config:{Path('test.ini').absolute()}\n"
            f"ckan.plugins = {PLUGINS}\n",
            encoding="utf-8",
        )
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(ini), token, boss["name"]],
            capture_output=True, text=True, timeout=120, check=False,
            env={**os.environ, "CKAN_SQLALCHEMY_URL": ckan_config["sqlalchemy.url"]},
        )  # fmt: skip
        assert done.stdout.endswith("half-way\n"), done.stderr
        assert done.returncode == -9
        assert state() == before
        # The lock went with it.
        act("tangerang_opd_apply", boss, token=token)

    def test_what_the_form_refuses_stops_all(self, boss, token, monkeypatch):
        before = state()
        monkeypatch.setattr(apply, "_form_errors", lambda *_, **__: ({}, ["kontak_email: refused"]))
        assert "refused" in refused("tangerang_opd_apply", boss, token=token)
        assert state() == before


class TestSettling:
    def test_is_a_job(self, boss):
        act("tangerang_opd_apply", boss, token=plan(boss, {"name": "a1", "title": "A"})["token"])
        (job,) = get_queue().jobs
        assert job.func_name == "ckanext.tangerang.opd.jobs.settle"

    def test_writes_activities_once(self, boss):
        source = opd("perikanan", "Dinas Perikanan")
        opd("pertanian", "Dinas Pertanian")
        id_ = record(source)
        made = change(boss, MERGE, {"name": "baru", "title": "Baru"})
        jobs.settle(made["id"])
        query = sa.select(Activity.activity_type, Activity.object_id).where(
            Activity.user_id == boss["id"], Activity.timestamp >= made["created"]
        )
        new = call_action("organization_show", id="baru")["id"]
        assert sorted(map(tuple, model.Session.execute(query))) == sorted(
            [("changed organization", source["id"]), ("changed package", id_),
             ("new organization", new)]
        )  # fmt: skip

    def test_is_repeated_after_a_failure(self, boss, monkeypatch):
        old = opd("disbudpar", "Disbudpar")
        id_ = record(old)
        token = plan(boss, RENAME)["token"]
        made = act("tangerang_opd_apply", boss, token=token)

        def broken(*_: Any, **__: Any) -> None:
            raise RuntimeError("no index")

        with monkeypatch.context() as patch:
            patch.setattr(jobs.reindex, "_follow", broken)
            with pytest.raises(RuntimeError):
                jobs.settle(made["id"])
        model.Session.rollback()
        assert jobs.unsettled() == [made["id"]]
        jobs.settle(made["id"])
        assert jobs.unsettled() == []
        assert found("organization:disporabudpar") == [id_]


class TestJournal:
    def test_lists_the_newest_first_with_what_moved(self, boss):
        first = change(boss, {"name": "dinkes", "title": "Dinas Kesehatan"})
        second = change(boss, {"name": "dinkes", "title": "Dinas Sehat"})
        undone = take_back(boss, second["id"])
        shown = act("tangerang_opd_journal_list", boss)
        assert shown["count"] == 3
        assert [c["id"] for c in shown["results"]] == [undone["id"], second["id"], first["id"]]
        assert [c["kind"] for c in shown["results"]] == ["undo", "apply", "apply"]
        assert shown["results"][1]["undone_by"] == undone["id"]
        assert shown["results"][0]["undoes"] == second["id"]
        assert {c["user"] for c in shown["results"]} == {boss["name"]}
        entry = shown["results"][1]["entries"][0]
        assert entry["changes"]["title"] == ["Dinas Kesehatan", "Dinas Sehat"]
        assert "rows" not in entry
        one = act("tangerang_opd_journal_list", boss, id=second["id"])["results"][0]
        assert one["entries"][0]["rows"]
        assert len(act("tangerang_opd_journal_list", boss, limit=1)["results"]) == 1

    def test_an_unknown_change(self, boss):
        assert "no such change" in refused("tangerang_opd_undo", boss, id="x")
        assert model.Session.query(OpdJournal).count() == 0


class TestWalidata:
    @pytest.fixture
    def walidata(self):
        user = factories.User()
        opd("diskominfo", "Diskominfo", peran_sdi="walidata",
            users=[{"name": user["name"], "capacity": "editor"}])  # fmt: skip
        return user

    def test_plans_applies_and_takes_back(self, walidata):
        made = change(walidata, {"name": "dinkes", "title": "Dinas Kesehatan"})
        take_back(walidata, made["id"])

    def test_changes_no_role(self, boss, walidata):
        row = {"name": "dinkes", "title": "Dinas", "peran_sdi": "walidata"}
        found = act("tangerang_opd_plan", walidata, registry=[row])
        assert [e["code"] for e in found["errors"]] == ["role"]
        token = plan(boss, row)["token"]
        with pytest.raises(tk.NotAuthorized):
            act("tangerang_opd_apply", walidata, token=token)
        change(walidata, {**row, "peran_sdi": "produsen_data"})

    @pytest.mark.parametrize(
        "action",
        ["tangerang_opd_plan", "tangerang_opd_apply", "tangerang_opd_undo",
         "tangerang_opd_journal_list"],
    )  # fmt: skip
    def test_nobody_else_does(self, action):
        data = {"registry": [], "token": "x", "id": "x"}
        names = {"tangerang_opd_plan": ["registry"], "tangerang_opd_apply": ["token"],
                 "tangerang_opd_undo": ["id"], "tangerang_opd_journal_list": []}  # fmt: skip
        for user in (factories.User(), {"name": ""}):
            with pytest.raises(tk.NotAuthorized):
                act(action, user, **{name: data[name] for name in names[action]})


class TestCost:
    """What a plan and an apply ask the database, which does not vary as times do."""

    @staticmethod
    def rows(count: int) -> list[dict[str, Any]]:
        return [
            {"name": f"opd-{n}", "title": f"Dinas {n}", "induk": f"opd-{n // 4}" if n else "",
             "alias": [f"alias {n}"], "kontak_email": f"opd{n}@example.org"}
            for n in range(count)
        ]  # fmt: skip

    @pytest.fixture
    def statements(self):
        seen: list[str] = []

        def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            seen.append(statement)

        sa.event.listen(model.meta.engine, "before_cursor_execute", count)
        yield seen
        sa.event.remove(model.meta.engine, "before_cursor_execute", count)

    def test_a_plan_does_not_ask_for_each_opd(self, boss, statements):
        asked = []
        for count in (5, 50):
            statements.clear()
            plan(boss, *self.rows(count))
            asked.append(len(statements))
        assert asked[0] == asked[1] <= 15

    def test_an_apply_writes_each_opd_with_few_statements(self, boss, statements):
        asked = []
        for count in (5, 25):
            token = plan(boss, *self.rows(count))["token"]
            statements.clear()
            act("tangerang_opd_apply", boss, token=token)
            asked.append(len(statements))
        assert (asked[1] - asked[0]) / (25 - 5 - 5) <= 12


@pytest.mark.parametrize(
    ("data", "says"),
    [({}, "as a file"), ({"upload": 5}, "as a file"), ({"registry": 5}, "as a file")],
)
def test_a_plan_of_nothing(boss, data, says):
    assert says in refused("tangerang_opd_plan", boss, **data)
