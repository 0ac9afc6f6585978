"""What four harvest sources do while the portal changes, told once for all tests.

Chapters: ``first``; ``again``, nothing having changed; ``changed``, after a revision of one
dataset; ``withdrawn``, after the walidata took one out of public.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .portals import harvest_source
from .samples import CHANGING, LEAVING, LEAVING_TOO

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .portals import Site, Source
    from .samples import Office

    #: Title → dataset.
    Datasets = dict[str, dict[str, Any]]

CHAPTERS = ("first", "again", "changed", "withdrawn")
#: Both make what they read their own by the same identifier, so one portal can not read us by both
#: at once: the second act begins when the first one's datasets are gone.
_ACTS = ((LEAVING, ("ckan", "rdf", "twin")), (LEAVING_TOO, ("json",)))


@dataclass
class Reader:
    """A harvest source, and what came of each chapter."""

    source: Source
    #: Chapter → what the job did: added, updated, not modified, deleted.
    did: dict[str, dict[str, int]] = field(default_factory=dict)
    #: Chapter → what the harvesting portal showed to everybody then.
    had: dict[str, Datasets] = field(default_factory=dict)
    #: Chapter → what our portal showed to everybody then.
    ours: dict[str, Datasets] = field(default_factory=dict)
    #: What the revision made of the unit of one dataset, and the title of the one that left.
    satuan: str = ""
    left: str = ""

    def read(self, chapter: str, ours: Datasets) -> None:
        """Harvest, and remember what came of it."""
        self.ours[chapter] = ours
        self.did[chapter] = self.source.harvest()
        found = self.source.site.public(
            "package_search", rows=1000, fq=f'harvest_source_id:"{self.source.id}"'
        )
        self.had[chapter] = {record["title"]: record for record in found["results"]}


#: By name: ``ckan``, ``rdf`` and ``json`` in a stock CKAN, ``twin`` in one with this extension.
Story = dict[str, Reader]


def _sources(url: str, stock: Site, twin: Site) -> Story:
    """Make the harvest sources in both portals.

    :param url: of the portal that they read
    """
    owners = {
        site: site.call("organization_create", name="panen", title="Hasil panen")["id"]
        for site in (stock, twin)
    }
    as_here = {"remote_orgs": "create", "remote_groups": "create"}
    made = {
        "ckan": (stock, "ckan", url, as_here),
        "rdf": (stock, "dcat_rdf", f"{url}/catalog.ttl", {}),
        "json": (stock, "dcat_json", f"{url}/data.json", {}),
        "twin": (twin, "ckan", url, as_here),
    }
    return {
        name: Reader(harvest_source(site, kind, address, owners[site], config))
        for name, (site, kind, address, config) in made.items()
    }


def _read(readers: Sequence[Reader], chapter: str, site: Site) -> None:
    """Let all read: portals side by side, but the sources of one by turns.

    Those would take each other's names while they look for free ones.
    """
    ours = {record["title"]: record for record in site.datasets().values()}
    by_site: dict[Site, list[Reader]] = {}
    for reader in readers:
        by_site.setdefault(reader.source.site, []).append(reader)

    def by_turns(some: list[Reader]) -> None:
        for reader in some:
            reader.read(chapter, ours)

    with ThreadPoolExecutor() as pool:
        list(pool.map(by_turns, by_site.values()))


def tell(office: Office, records: Mapping[str, dict[str, Any]], stock: Site, twin: Site) -> Story:
    """Let the portal change, and all read it after each change.

    :param records: as :meth:`.samples.Office.make_all` returns them
    """
    story = _sources(office.site.url, stock, twin)
    for act, (leaving, names) in enumerate(_ACTS):
        readers = [story[name] for name in names]
        satuan = f"gedung, babak {act + 1}"
        for chapter in CHAPTERS:
            if chapter == "changed":
                office.change(CHANGING, satuan=satuan)
            elif chapter == "withdrawn":
                office.retract(records[leaving]["id"])
            _read(readers, chapter, office.site)
        for reader in readers:
            reader.satuan, reader.left = satuan, records[leaving]["title"]
            if reader.source.site is stock:
                stock.call("harvest_source_clear", id=reader.source.id)
    return story
