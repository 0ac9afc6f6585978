"""Records whose every value is a word that stands nowhere else, and their way through the portal.

A dataset with an uploaded file, its table and views, and a link; an activity; an indicator. All
begin as drafts and end purged; between two moments one thing happens to all three.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import ckan.plugins.toolkit as tk
from ckan import model

from tests.access.conftest import CONTACT
from tests.metadata.records import compilation, indicator, variable
from tests.review.conftest import ask, fresh, review
from tests.review.revision.scenario import empty_datastore, upload

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Words of the first version and of the next one begin so; what a reader typed himself is no leak.
STEM = "zamrud"
#: Where a version of the dataset says a word of its own.
_TEXTS = ("title", "notes", "definisi", "satuan", "konsep", "metodologi", "sumber_data")


class Moment(NamedTuple):
    """What is so, and who may know what of it, until the next step."""

    name: str
    #: Nobody outside may find any of these.
    hidden: frozenset[str]
    #: Everybody may find these.
    shown: frozenset[str]
    #: No list may differ from what it was before the records were made.
    silent: bool


def word(place: str, version: int) -> str:
    """Return the word that a version says in a place."""
    return f"{STEM}{place.replace('_', '')}{version}"


def _columns(version: int) -> list[dict[str, str]]:
    """Return the dictionary of the file."""
    return [
        {
            "kolom": word("kolom", version),
            "label": word("label", version),
            "definisi": word("kamus", version),
            "tipe": "string",
        },
        {"kolom": "tahun", "label": "Tahun", "definisi": "Tahun data", "tipe": "integer"},
        {
            "kolom": word("angka", version),
            "label": word("labelangka", version),
            "definisi": word("kamusangka", version),
            "tipe": "integer",
        },
    ]


def _rows(version: int) -> list[dict[str, object]]:
    """Return the rows of the table of the file, of which a chart can be drawn."""
    columns = [column["kolom"] for column in _columns(version)]
    return [
        dict(zip(columns, (word("isi", version), year, year - 2000), strict=True))
        for year in (2023, 2024)
    ]


def _csv(version: int) -> str:
    """Return the table as the file that is uploaded."""
    rows = _rows(version)
    lines = [list(rows[0]), *(map(str, row.values()) for row in rows)]
    return "".join(",".join(line) + "\n" for line in lines)


def dataset_values(version: int) -> dict[str, object]:
    """Return what a version of the dataset says."""
    texts = {field: word(field, version) for field in _TEXTS}
    return {**texts, "tags": [{"name": word("kunci", version)}]}


def activity_values(version: int) -> dict[str, object]:
    """Return what a version of the activity says."""
    named = variable(1) | {"nama": word("variabel", version), "definisi": word("arti", version)}
    return {
        "judul_kegiatan": word("kegiatan", version),
        "iii_tujuan_kegiatan": word("tujuan", version),
        "iii_latar_belakang_kegiatan": word("latar", version),
        "variabel": [named],
    }


def person_values(version: int) -> dict[str, object]:
    """Return who is in charge of the activity, which is never for the public."""
    return {
        "ii_pj_nama": word("penanggung", version),
        "ii_pj_email": f"{word('surel', version)}@example.go.id",
    }


def indicator_values(version: int) -> dict[str, object]:
    """Return what a version of the indicator says."""
    return {
        "title": word("indikator", version),
        "definisi": word("takrif", version),
        "interpretasi": word("tafsir", version),
        "rumus": word("rumus", version),
    }


class World:
    """The portal with some public records, and the three that it is about.

    :param staff: people of every role (``tests.review.conftest.staff``)
    :param complete: values of a complete dataset
    """

    def __init__(self, staff, complete):
        self.staff, self.complete = staff, complete
        empty_datastore()
        self.background()
        #: Ids of records, files and views, by what they are; filled when they are made.
        self.records: dict[str, str] = {}
        self.files: dict[str, str] = {}
        self.views: dict[str, str] = {}
        self.revisions: dict[str, str] = {}

    def background(self):
        """Publish a dataset, an activity and an indicator of the OPD, so that no list is empty."""
        owner = {"owner_org": self.staff.opd["id"], "private": False}
        for values in (
            {**self.complete, "name": "terbuka", "title": "Data terbuka"},
            {**compilation(), "judul_kegiatan": "Kegiatan terbuka"},
            {**indicator(), "title": "Indikator terbuka"},
        ):
            made = ask("package_create", self.staff.sysadmin, **{**values, **owner})
            if values.get("name") == "terbuka":
                ask(
                    "resource_create",
                    self.staff.sysadmin,
                    package_id=made["id"],
                    name="Terbuka",
                    url="https://example.go.id/terbuka.csv",
                    format="CSV",
                )

    # What happens

    def make(self):
        """Make the records, as the form does: the dataset is no more than a draft of it."""
        editor, owner = self.staff.editor, {"owner_org": self.staff.opd["id"], "private": True}
        first = {**self.complete, **dataset_values(1), **owner}
        made = ask("package_create", editor, **{**first, "name": word("nama", 1), "state": "draft"})
        self.records["dataset"] = made["id"]
        self.fill(made["id"], 1)
        for kind, values in (
            ("kegiatan", {**compilation(), **activity_values(1), **person_values(1)}),
            ("indikator", {**indicator(), **indicator_values(1)}),
        ):
            named = {"name": word(f"nama{kind}", 1)}
            self.records[kind] = ask("package_create", editor, **{**values, **owner, **named})["id"]

    def fill(self, package_id, version):
        """Add a file with its table and views, and a link."""
        editor = self.staff.editor
        column, name = word("kolom", version), f"{word('unggah', version)}.csv"
        file = ask(
            "resource_create",
            editor,
            package_id=package_id,
            name=word("berkas", version),
            description=word("keterangan", version),
            format="CSV",
            kamus=_columns(version),
            upload=upload(_csv(version), name),
            url=name,
        )
        link = ask(
            "resource_create",
            editor,
            package_id=package_id,
            name=word("tautan", version),
            url=f"https://example.go.id/{word('alamat', version)}.csv",
            format=word("fmt", version).upper(),
        )
        self.load(file["id"], version)
        view = ask(
            "resource_view_create",
            editor,
            resource_id=file["id"],
            view_type="datatables_view",
            title=word("tampilan", version),
            show_fields=["_id", column],
        )
        self.files |= {"file": file["id"], "link": link["id"]}
        self.views["table"] = view["id"]

    def load(self, resource_id, version):
        """Load the table of the file."""
        tk.get_action("datastore_create")(
            {"user": self.staff.sysadmin["name"], "ignore_auth": True},
            {
                "resource_id": resource_id,
                "force": True,
                "fields": [
                    {"id": word("kolom", version), "type": "text"},
                    {"id": "tahun", "type": "int"},
                    {"id": word("angka", version), "type": "numeric"},
                ],
                "records": _rows(version),
                "aliases": [],
                "calculate_record_count": True,
            },
        )

    def each(self, verb, user, **data):
        """Let somebody do a step of the review with each record."""
        for id_ in self.records.values():
            review(verb, user, {"id": id_}, **data)

    def publish(self, ids=None, **data):
        """Let the walidata publish, what is named before what names it."""
        for id_ in reversed(list((ids or self.records).values())):
            version = fresh({"id": id_})["metadata_modified"]
            review("publish", self.staff.walidata_editor, {"id": id_}, version=version, **data)

    def patch(self, user, **values):
        """Let somebody patch each record."""
        for id_ in self.records.values():
            ask("package_patch", user, id=id_, **values)

    def revise(self):
        """Open the revisi of each record, and let it say other words."""
        editor = self.staff.editor
        for kind, values in (
            ("dataset", dataset_values(2)),
            ("kegiatan", activity_values(2) | person_values(2)),
            ("indikator", indicator_values(2)),
        ):
            opened = review("revise", editor, {"id": self.records[kind]})
            self.revisions[kind] = opened["id"]
            ask("package_patch", editor, id=opened["id"], **values)
        copy = fresh({"id": self.revisions["dataset"]})
        file, link = copy["resources"]
        name = f"{word('unggah', 2)}.csv"
        changed = {
            "name": word("berkas", 2),
            "description": word("keterangan", 2),
            "kamus": _columns(2),
            "upload": upload(_csv(2), name),
        }
        ask("resource_update", editor, **{**file, **changed, "url": name})
        self.load(file["id"], 2)
        other = {"name": word("tautan", 2), "format": word("fmt", 2).upper()}
        address = f"https://example.go.id/{word('alamat', 2)}.csv"
        ask("resource_update", editor, **{**link, **other, "url": address})
        self.files |= {"next file": file["id"], "next link": link["id"]}

    def restrict(self):
        """Let the dataset become restricted, which a sysadmin may at once."""
        reason = "UU 14/2008 Pasal 17 huruf h"
        id_ = self.records["dataset"]
        ask(
            "package_patch",
            self.staff.sysadmin,
            id=id_,
            accesslevel="terbatas",
            alasan_pembatasan=reason,
        )

    def close_dataset(self):
        """Let the OPD say that the dataset is never to be public."""
        ask("package_patch", self.staff.editor, id=self.records["dataset"], accesslevel="tertutup")

    def move(self, organization):
        """Let a sysadmin move each record to another OPD."""
        self.patch(self.staff.sysadmin, owner_org=organization["id"])

    # Who may know what

    def words(self, version):
        """Return all words of a version."""
        texts = set()
        for values in (activity_values(version), indicator_values(version)):
            texts |= {value for value in values.values() if isinstance(value, str)}
        places = ("variabel", "arti", "namakegiatan", "namaindikator")
        texts |= {word(place, version) for place in places}
        return self.words_of_dataset(version) | texts

    def words_of_dataset(self, version):
        """Return the words that a version of the dataset says, its files and table too."""
        places = ("nama", "kunci", "kolom", "label", "kamus", "berkas", "keterangan", "unggah")
        more = ("tautan", "alamat", "fmt", "isi", "tampilan")
        more += ("angka", "labelangka", "kamusangka")
        return frozenset(word(place, version) for place in (*_TEXTS, *places, *more))

    def ids(self):
        """Return the ids of the records, their files and views."""
        named = (self.records, {k: v for k, v in self.files.items() if " " not in k}, self.views)
        return frozenset(value for found in named for value in found.values())

    def revision_ids(self):
        """Return the ids of the revisi and their files."""
        return frozenset(
            {*self.revisions.values(), self.files.get("next file"), self.files.get("next link")}
            - {None}
        )

    def nothing(self, name, version=1):
        """Return a moment at which nobody outside may know of the records."""
        hidden = self.ids() | self.revision_ids()
        hidden |= self.words(1) | (self.words(2) if version > 1 else frozenset())
        return Moment(name, hidden, frozenset(), silent=True)

    def all_of(self, name, version=1, hidden=frozenset()):
        """Return a moment at which everybody may know of the records."""
        return Moment(name, frozenset(hidden), self.words(version) | self.ids(), silent=False)

    def contacts(self):
        """Return what nobody is told of people: accounts, who asked, who is in charge."""
        # One who reads here sees the own address.
        readers = (self.staff.stranger,)
        people = (w for w in vars(self.staff).values() if "email" in w and w not in readers)
        return frozenset(
            {
                *(who["email"] for who in people),
                *(word(f"pemohon{key}", 1) for key in CONTACT),
                *(word(place, version) for place in ("penanggung", "surel") for version in (1, 2)),
            }
        )

    def moments(self) -> Iterator[Moment]:
        """Yield the moments, in their order; the step to the next one is done when it is asked."""
        for moment in self._moments():
            yield moment._replace(hidden=moment.hidden | self.contacts())

    def _moments(self) -> Iterator[Moment]:
        """Yield the moments with what is hidden of the records."""
        staff = self.staff
        self.make()
        yield self.nothing("draf pada formulir")
        ask("package_patch", staff.editor, id=self.records["dataset"], state="active")
        yield self.nothing("draf")
        self.move(staff.other)
        yield self.nothing("draf, pindah OPD")
        self.move(staff.opd)
        self.each("submit", staff.editor)
        self.each("claim", staff.walidata_editor)
        self.publish(at="2099-01-01T08:00")
        yield self.nothing("diajukan, dijadwalkan")
        self.each("schedule_cancel", staff.walidata_editor)
        self.publish()
        yield self.all_of("terbit")
        self.revise()
        for id_ in self.revisions.values():
            review("submit", staff.editor, {"id": id_})
        yield self.all_of("terbit, revisi diajukan", 1, self.words(2) | self.revision_ids())
        self.publish(self.revisions)
        yield self.all_of("revisi terbit", 2, self.revision_ids() - self.ids())
        self.move(staff.other)
        yield self.all_of("terbit, pindah OPD", 2)
        self.move(staff.opd)
        self.restrict()
        contact = {key: word(f"pemohon{key}", 1) for key in CONTACT}
        contact["email"] += "@example.org"
        ask("tangerang_access_request", None, id=self.records["dataset"], **contact)
        secrets = {word("isi", 2), word("alamat", 2)}
        yield self.all_of("terbatas", 2, secrets)
        self.each("retract", staff.walidata_editor, reason="Angkanya salah.")
        yield self.nothing("ditarik", 2)
        self.close_dataset()
        self.each("submit", staff.editor)
        self.publish()
        hidden = self.words_of_dataset(2) | (self.ids() - {*self.records.values()})
        yield Moment(
            "dataset disetujui tertutup",
            hidden | {self.records["dataset"]} | self.revision_ids(),
            self.words(2) - hidden,
            silent=False,
        )
        for id_ in self.records.values():
            ask("package_delete", staff.sysadmin, id=id_)
        yield self.nothing("dihapus", 2)
        for id_ in self.records.values():
            ask("dataset_purge", staff.sysadmin, id=id_)
        yield self.nothing("dihapus selamanya", 2)


def close():
    """End the transaction of the test, so that what others wrote is seen."""
    model.Session.rollback()
    model.Session.expire_all()
