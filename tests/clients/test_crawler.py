"""A crawler reads all datasets, 1,000 at a time, while records change, come and go.

The index is filled beyond what the database holds: ``package_search`` answers from it alone.
"""

from __future__ import annotations

import json
import urllib.request
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from .samples import CHANGING, MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .portals import Site

    #: Called between two pages.
    Between = Callable[[int], object]

pytestmark = [pytest.mark.slow]
ROWS = 1000
#: Fills two pages and some more.
COPIES = 2_300
#: What of a document a search needs; CKAN's schema makes the rest of it.
_STORED = (
    *("site_id", "entity_type", "dataset_type", "state", "capacity"),
    *("metadata_created", "metadata_modified", "validated_data_dict", "data_dict"),
)


class Index:
    """The search index of the portal, with copies of one dataset under ids of their own."""

    def __init__(self, site: Site) -> None:
        self._url = site.portal.solr.urls()["CKAN_SOLR_URL"]
        with urllib.request.urlopen(f"{self._url}/select?q=name:{CHANGING}&wt=json") as answer:
            [found] = json.load(answer)["response"]["docs"]
        self._base: dict[str, Any] = {key: found[key] for key in _STORED} | {
            "permission_labels": ["public"]
        }

    def _post(self, commands: Any) -> None:
        request = urllib.request.Request(
            f"{self._url}/update?commit=true",
            data=json.dumps(commands).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            answer.read()

    def put(self, ids: list[str], modified: str = "2026-01-01T00:00:00") -> None:
        """Add copies, or change when they were modified."""
        shown = json.loads(self._base["validated_data_dict"])
        documents = []
        for id_ in ids:
            name = f"{MARK}perayap-{id_}"
            copy = json.dumps({**shown, "id": id_, "name": name, "metadata_modified": modified})
            own = {"id": id_, "index_id": id_, "name": name, "metadata_modified": f"{modified}Z"}
            documents.append({**self._base, **own, "validated_data_dict": copy, "data_dict": copy})
        self._post(documents)

    def remove(self, ids: list[str]) -> None:
        """Take copies out."""
        self._post({"delete": ids})

    def clear(self) -> None:
        """Take all copies out."""
        self._post({"delete": {"query": f"name:{MARK}perayap-*"}})


@pytest.fixture(scope="module")
def index(portal: Site, records) -> Iterator[Index]:
    """Fill the index with copies; take them out afterwards."""
    filled = Index(portal)
    filled.put([str(uuid.uuid4()) for _ in range(COPIES)])
    yield filled
    filled.clear()


def by_offset(site: Site, between: Between, sort: str | None = "id asc") -> list[str]:
    """Return the ids of all datasets, read with ``start``."""
    seen: list[str] = []
    while True:
        query = {"rows": ROWS, "start": len(seen), **({"sort": sort} if sort else {})}
        page = site.public("package_search", **query)["results"]
        seen += [record["id"] for record in page]
        if len(page) < ROWS:
            return seen
        between(len(seen))


def by_last_id(site: Site, between: Between) -> list[str]:
    """Return the ids of all datasets, each page read from the last id of the one before."""
    seen: list[str] = []
    while True:
        query = {"rows": ROWS, "sort": "id asc"}
        if seen:
            query["fq"] = f'id:{{"{seen[-1]}" TO *]'
        page = site.public("package_search", **query)["results"]
        seen += [record["id"] for record in page]
        if len(page) < ROWS:
            return seen
        between(len(seen))


def stored(site: Site) -> list[str]:
    """Return the ids of all datasets while nothing changes."""
    return by_last_id(site, lambda _: None)


def test_by_id_a_change_neither_repeats_nor_hides(portal: Site, index: Index):
    before = stored(portal)
    assert len(before) == len(set(before)) > 2 * ROWS

    def change(read: int) -> None:
        # One that was read, and one that waits: in the usual order both would move to the front.
        index.put([before[5], before[read + 5]], "2026-02-02T00:00:00")

    assert by_offset(portal, change) == before


def test_in_the_usual_order_a_change_repeats_and_hides(portal: Site, index: Index):
    before = by_offset(portal, lambda _: None, sort=None)
    hidden: list[str] = []

    def change(read: int) -> None:
        # The last of the next page moves to the front: all between move down by one.
        hidden.append(before[read + ROWS - 1] if read + ROWS <= len(before) else before[-1])
        index.put(hidden[-1:], "2026-02-02T00:00:00")

    seen = by_offset(portal, change, sort=None)
    assert len(set(seen)) < len(seen), "nothing was repeated: say so in docs/en/clients.md"
    assert set(hidden) - set(seen), "nothing was hidden: say so in docs/en/clients.md"


def test_from_the_last_id_all_is_read_once_whatever_comes_and_goes(portal: Site, index: Index):
    before = stored(portal)
    come, gone = [], []

    def change(read: int) -> None:
        new = [f"00000000-{uuid.uuid4().hex[:4]}", f"{before[read]}-z"]
        old = [before[read - 10], before[read + 10]]
        index.put([*new, before[read - 20], before[read + 20]], "2026-02-02T00:00:00")
        index.remove(old)
        come.extend(new)
        gone.extend(old)

    seen = by_last_id(portal, change)
    assert len(set(seen)) == len(seen)
    assert set(before) - set(gone) <= set(seen)
    # What came behind the reader is for the next time; what came before it was read.
    assert {id_ for id_ in come if id_.endswith("-z")} <= set(seen)


def test_by_offset_a_withdrawal_hides_another(portal: Site, index: Index):
    before = stored(portal)
    seen = by_offset(portal, lambda read: index.remove([before[read - 10]]))
    assert set(before) - set(seen), "nothing was hidden: say so in docs/en/clients.md"
