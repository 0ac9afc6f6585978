"""The snippets of docs/en/clients.md, run as they stand there, with the address of a portal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from .arrivals import PAGE
from .samples import FIELDS, TITLES, WHOLE

if TYPE_CHECKING:
    from .portals import Site

pytestmark = [pytest.mark.slow]
_SNIPPET = re.compile(r"<!-- test: (\w+) -->\n```python\n(.*?)```", re.DOTALL)
SNIPPETS = dict(_SNIPPET.findall(PAGE.read_text(encoding="utf-8")))


def run(name: str, portal: Site) -> dict[str, Any]:
    """Run a snippet against the portal and return its variables."""
    text = SNIPPETS[name].replace("https://data.example.go.id", portal.url)
    found: dict[str, Any] = {}
    exec(compile(text.replace('"puskesmas"', f'"{WHOLE}"'), name, "exec"), found)  # noqa: S102
    return found


def test_every_snippet_of_python_is_run():
    assert set(SNIPPETS) == {"frictionless", "tables", "rdf", "crawler"}
    assert PAGE.read_text(encoding="utf-8").count("```python") == len(SNIPPETS)


def test_frictionless(portal: Site, records):
    found = run("frictionless", portal)
    assert found["report"].valid
    assert found["package"].title == TITLES[WHOLE]


def test_tables(portal: Site, records):
    found = run("tables", portal)
    assert found["table"]["kode_kecamatan"].tolist() == ["36.03.01", "36.03.02", "36.03.03"]
    assert found["same"]["puskesmas"].to_list() == [3, 4, 5]


def test_rdf(portal: Site, records, capsys):
    run("rdf", portal)
    assert f"{TITLES[WHOLE]} {FIELDS['satuan']}" in capsys.readouterr().out


def test_crawler(portal: Site, records):
    found = run("crawler", portal)
    assert [record["id"] for record in found["found"]] == sorted(portal.datasets())
