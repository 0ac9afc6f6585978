"""Nothing private comes out: every output, at every moment of the way of three records.

At each moment the walidata reads first, so that whatever is kept for the next reader is full of
what only they may see; then a visitor reads everything, and at some moments an OPD of others. The
table in the docs is made by this; ``TULIS_MATRIKS=1`` writes it anew.
"""

from __future__ import annotations

import os
import re
from urllib.parse import unquote_plus

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.tangerang.interop.catalogue import build
from ckanext.tangerang.interop.catalogue.forms import FORMS
from ckanext.tangerang.interop.model import CatalogueFragment
from stack.layout import REPOSITORY

from .conftest import PLUGINS, Answer, unpacked
from .outputs import LISTS, NAMED
from .world import STEM, World, close

PAGE = REPOSITORY / "docs" / "kebocoran-matriks.md"
#: What stands in the table where something came out that may not.
LEAK = "**BOCOR**"
OUTPUTS = LISTS | NAMED
KEPT = "Berkas katalog dan potongannya di server"
#: The moments at which an OPD of others looks too.
FOR_OTHERS = ("diajukan, dijadwalkan", "terbit, revisi diajukan", "ditarik")
#: What the walidata reads first: whatever is kept for the next reader.
PRIMED = (
    *("Beranda", "Daftar dataset", "Halaman OPD", "Daftar data (`/daftar-data`, `.xlsx`)"),
    *("`/catalog.…`", "`/catalog-all.…`, `/data.json`", "`sitemap.xml`, `robots.txt`"),
    *("`package_search`", "`package_search`, hitungan (facets)", "Saran (`…_autocomplete`)"),
    *("`organization_list`, `organization_show`", "Aktivitas (`…_activity_list`)"),
)
WHOLE = "`/catalog-all.…`, `/data.json`"
FROM_FILE = f"{WHOLE}, dari berkas jadi"
#: What comes as the database happens to give it: CKAN sorts neither members nor suggestions.
UNORDERED = (
    "/organization/members/",
    "/api/3/action/member_list?",
    "/api/3/action/organization_autocomplete?",
    "/api/2/util/organization/autocomplete?",
)
#: Where such an answer, a page or JSON, goes on to the next part.
_BETWEEN = re.compile(r"[\n\[\]{}]")

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    # The widest that a site may set: then our guards are all that there is.
    pytest.mark.ckan_config("ckan.auth.public_activity_stream_detail", True),
    pytest.mark.ckan_config("ckan.auth.public_user_details", True),
    pytest.mark.ckan_config("ckan.datastore.sqlsearch.enabled", True),
    pytest.mark.usefixtures("disk", "staff", "app"),
]

#: What differs from one answer to the next although nothing has changed.
_VOLATILE = (
    re.compile(r'<meta name="_?csrf_token"[^>]*>'),
    re.compile(r'name="_csrf_token"[^>]*value="[^"]*"'),
    re.compile(r"nonce[-=][\"']?[\w+/=-]+"),
    # When it was asked, or made.
    re.compile(r"\d+ (second|minute)s? ago"),
    re.compile(r"(?<=</title><updated>)[^<]+"),
    re.compile(r"(?<=W3CDTF\">)[^<]+"),
    # When the walidata last looked at something.
    re.compile(r'"last_active": (null|"[^"]*")'),
)


def steady(answer: Answer) -> tuple[object, ...]:
    """Return what of an answer is the same as long as nothing has changed."""
    text = answer.text
    for pattern in _VOLATILE:
        text = pattern.sub("", text)
    kept = ("ETag", "Last-Modified", "Location")
    return answer.status, text, *(answer.headers.get(name) for name in kept)


def found_in(answer: Answer, marks: frozenset[str], path: str) -> set[str]:
    """Return the marks that an answer shows, without those that the reader has typed."""
    text = "\n".join((answer.text, *map(str, answer.headers.values()))).lower()
    asked = unquote_plus(path).lower()
    if answer.status in (403, 404):
        # A refusal may name the id of the file whose view was asked.
        marks = frozenset(mark for mark in marks if mark.startswith(STEM))
    return {mark for mark in marks if mark.lower() in text and mark.lower() not in asked}


class Table:
    """The cells of a reader, and what is wrong with them."""

    def __init__(self):
        self.cells: dict[str, dict[str, str]] = {}
        self.wrong: list[str] = []

    def put(self, output, moment, answers):
        """Write a cell: of the answers to all that an output asks.

        :param answers: pairs of a path and its answer
        """
        hidden, seen, codes = set(), False, set()
        for path, answer in answers:
            leaked = found_in(answer, moment.hidden, path)
            if leaked:
                self.wrong.append(f"{moment.name}: {path}: {sorted(leaked)}")
            if answer.status >= 500 and answer.text:
                self.wrong.append(f"{moment.name}: {path}: {answer.status}")
            hidden |= leaked
            seen = seen or bool(found_in(answer, moment.shown, path))
            codes.add(answer.status)
        refused = "/".join(str(code) for code in sorted(codes) if code >= 400)
        empty = "–" if codes - {404, 403, 401, 410, 409} else ""
        cell = LEAK if hidden else "✓" if seen else empty or refused
        self.cells.setdefault(output, {})[moment.name] = cell


def kept_by_the_portal(folder) -> Answer:
    """Return all that the portal keeps of the catalogue, as one text."""
    close()
    texts = [
        unpacked(path.read_bytes())
        for path in sorted((folder / "tangerang" / "catalogue").glob("*"))
    ]
    for row in model.Session.query(CatalogueFragment):
        texts += [row.package_id, *row.named, *(getattr(row, form) for form in FORMS)]
    return Answer(200, "\n".join(texts), {})


class Watch:
    """Compares the answers of a reader with those before there were any records."""

    def __init__(self, reader, world):
        self.reader, self.world = reader, world
        self.before = {}
        self.last = {}
        self.wrong: list[str] = []
        for output in LISTS:
            for asked, answer in self.read(output):
                self.before[asked] = answer

    def read(self, output):
        """Yield what an output asks, with the answers."""
        for asked in OUTPUTS[output](self.world):
            yield asked, self.reader.read(asked)

    def look(self, moment, output):
        """Return the answers of an output as pairs of path and answer; note what differs."""
        answers = list(self.read(output))
        for asked, answer in answers:
            if output in LISTS and moment.silent:
                self.compare(moment, asked, answer)
            self.ask_again(moment, asked, answer)
        return [(asked.path, answer) for asked, answer in answers]

    def compare(self, moment, asked, answer):
        """Note an answer that is not what it was before."""
        old, new = steady(self.before[asked]), steady(answer)
        if asked.path.startswith(UNORDERED):
            old, new = (
                (status, "\n".join(sorted(_BETWEEN.split(text))), *kept)
                for status, text, *kept in (old, new)
            )
        if old != new:
            where = len(os.path.commonprefix([old[1], new[1]]))  # noqa: RUF071 - of characters
            part = slice(max(0, where - 80), where + 80)
            self.wrong.append(
                f"{moment.name}: {asked.path}: {old[0]}, {old[2:]}, {old[1][part]!r}"
                f" -> {new[0]}, {new[2:]}, {new[1][part]!r}"
            )

    def ask_again(self, moment, asked, answer):
        """Note a "not modified" about something that is no longer what the reader has."""
        tag, old = answer.headers.get("ETag"), self.last.get(asked.path)
        if old and old.headers.get("ETag"):
            again = self.reader.read(asked, **{"If-None-Match": old.headers["ETag"]})
            if again.status == 304 and steady(old) != steady(answer):
                self.wrong.append(f"{moment.name}: {asked.path}: 304 for an answer that changed")
        if tag:
            self.last[asked.path] = answer


def lines_of(tables):
    """Return the tables as the docs have them."""
    lines = []
    for name, table in tables.items():
        moments = list(next(iter(table.cells.values())))
        lines += [f"## {name}", "", "| Keluaran | " + " | ".join(moments) + " |"]
        lines += ["|---" * (len(moments) + 1) + "|"]
        lines += [
            f"| {output} | " + " | ".join(cells[one] for one in moments) + " |"
            for output, cells in table.cells.items()
        ]
        lines.append("")
    return lines


def shuffle() -> None:
    """Write half of all rows again, as they are: a query without an order gives another one."""
    close()
    with model.meta.engine.begin() as connection:
        found = sa.inspect(connection)
        for name in found.get_table_names():
            table = sa.table(name, sa.column(found.get_columns(name)[0]["name"]))
            [column] = table.columns
            connection.execute(
                sa.update(table).values({column: column}).where(sa.func.random() < 0.5)
            )


def read_all(world, reader, staff, folder):
    """Read everything at every moment; return the tables, and what is wrong."""
    walidata = reader(staff.walidata_editor)
    watches = {
        "Pengunjung": Watch(reader(), world),
        "Produsen OPD lain": Watch(reader(staff.stranger), world),
    }
    tables = {name: Table() for name in watches}
    for moment in world.moments():
        shuffle()
        for output in OUTPUTS:
            for asked in OUTPUTS[output](world) if output in PRIMED else ():
                walidata.read(asked)
            for name, watch in watches.items():
                if name == "Pengunjung" or moment.name in FOR_OTHERS:
                    tables[name].put(output, moment, watch.look(moment, output))
        build.run()
        tables["Pengunjung"].put(KEPT, moment, [("", kept_by_the_portal(folder))])
        tables["Pengunjung"].put(FROM_FILE, moment, watches["Pengunjung"].look(moment, WHOLE))
    found = (*tables.values(), *watches.values())
    return tables, [line for part in found for line in part.wrong]


def test_the_table_in_the_docs(reader, staff, complete, disk):
    assert set(PRIMED) <= set(OUTPUTS)
    world = World(staff, complete)
    build.run()
    tables, wrong = read_all(world, reader, staff, disk)
    assert not wrong, "\n".join(wrong)
    head, mark, _old = PAGE.read_text(encoding="utf-8").partition("<!-- matriks -->\n")
    lines = "\n".join(lines_of(tables)).rstrip()
    # Of the tables alone: the head of the page explains the word.
    assert LEAK not in lines
    made = f"{head}{mark}\n{lines}\n"
    if os.environ.get("TULIS_MATRIKS"):
        PAGE.write_text(made, encoding="utf-8")
        return
    assert made == PAGE.read_text(encoding="utf-8"), (
        "Write it anew: TULIS_MATRIKS=1 make test ARGS=tests/leaks/test_matrix.py"
    )
