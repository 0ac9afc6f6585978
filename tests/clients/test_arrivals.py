"""The tables of docs/en/clients.md: which field arrives at which client, and where.

They are written by ``make clients``; a difference between them and what arrives is a failure.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import pytest
from frictionless import Package
from frictionless.portals import CkanControl

from . import arrivals
from .samples import TITLES, WHOLE

if TYPE_CHECKING:
    from .portals import Site

pytestmark = [pytest.mark.slow]

#: Reader of the story → heading.
_READERS = {
    "ckan": "CKAN harvester",
    "rdf": "DCAT RDF harvester",
    "json": "DCAT JSON harvester",
    "twin": "CKAN with this extension",
}


@pytest.fixture(scope="module")
def kept(portal: Site, story, udata) -> dict[str, dict[str, Any]]:
    """Return what each client keeps of the whole record, by heading."""
    found = {heading: story[name].had["first"][TITLES[WHOLE]] for name, heading in _READERS.items()}
    # What a portal like ours derives for others says nothing of what it keeps.
    found[_READERS["twin"]] = {**found[_READERS["twin"]], "extras": []}
    [found["udata"]] = [one for one in udata["datasets"] if one["title"] == TITLES[WHOLE]]
    control = CkanControl(baseurl=portal.url, dataset=WHOLE)
    found["Frictionless"] = Package(control=control).to_descriptor()
    return found


def test_the_tables_say_what_arrives(kept, records):
    clients = {name: without(record, "resources") for name, record in kept.items()}
    files = {name: record["resources"] for name, record in kept.items()}
    columns = list(kept)
    made = {
        "clients-dataset": arrivals.table(arrivals.dataset_rows(records[WHOLE], clients), columns),
        "clients-file": arrivals.table(arrivals.file_rows(records[WHOLE], files), columns),
    }
    text = arrivals.PAGE.read_text(encoding="utf-8")
    for name, table in made.items():
        block = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        assert block.search(text), name
        text = block.sub(lambda match, table=table: match[1] + table + match[2], text)
    if "TANGERANG_UPDATE_CLIENTS" in os.environ:
        arrivals.PAGE.write_text(text, encoding="utf-8")
    assert arrivals.PAGE.read_text(encoding="utf-8") == text, "run `make clients`, and read them"


def without(record: dict[str, Any], *keys: str) -> dict[str, Any]:
    """Return a record without some keys."""
    return {key: value for key, value in record.items() if key not in keys}
