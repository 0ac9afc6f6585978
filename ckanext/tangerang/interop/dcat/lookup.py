"""What a dataset names and does not hold: agencies, activities, indicators, the portal itself.

Plain values. :func:`load` reads them for any number of datasets with one query for the agencies
and one for the records; whoever writes many datasets asks once.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan import plugins as p
from ckanext.dcat.utils import catalog_uri

from ... import config as shared
from ...metadata import config as metadata_config
from ...metadata import links, topics
from ...metadata.fields import ACTIVITY_TYPE, FORM_TYPES, INDICATOR_TYPE, dataset_fields
from ...metadata.values import as_list, is_empty
from .. import config

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ...metadata.topics import Topic

#: ``peran_sdi`` of the organization that publishes.
_WALIDATA = "walidata"


@dataclass(frozen=True, slots=True)
class Agency:
    """An organization of the portal, as far as it is public."""

    id: str
    name: str
    title: str
    #: Its short name, its code in SIPD, its own site; empty where there is none.
    abbreviation: str = ""
    code: str = ""
    site: str = ""
    #: Id of the organization that it is part of; empty for none.
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Linked:
    """A public activity or indicator."""

    id: str
    name: str
    title: str
    #: ``kegiatan`` or ``indikator``.
    type: str
    #: Definition and unit of an indicator, which its datasets share.
    definition: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Portal:
    """The portal: what is the same for all its datasets."""

    #: Address without a slash at its end; all our addresses begin with it.
    base: str
    government: str = ""
    government_url: str = ""
    title: str = ""
    description: str = ""
    #: Name of the walidata where no organization has that role.
    walidata: str = ""
    #: Pattern of the address of a region, with ``{code}``.
    region_uri: str = ""
    topics: Mapping[str, Topic] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lookup:
    """Everything that the datasets of a batch name."""

    portal: Portal
    agencies: Mapping[str, Agency] = field(default_factory=dict)
    #: Id of the organization that is walidata; empty where none is.
    walidata: str = ""
    records: Mapping[str, Linked] = field(default_factory=dict)
    #: What has been made of the agencies, by their id: the same for all datasets of a batch.
    described: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    #: The ids that each dataset of the batch names, by its own: found when the batch was loaded.
    named: dict[str, set[str]] = field(default_factory=dict, compare=False, repr=False)

    def linked(self, record_id: Any, record_type: str) -> Linked | None:
        """Return a public record of a type; None for one that is not public or not there."""
        found = self.records.get(record_id) if isinstance(record_id, str) else None
        return found if found is not None and found.type == record_type else None


def _has_schema() -> bool:
    """Tell whether the plugin is on that has the fields of Satu Data Indonesia."""
    return p.plugin_loaded("tangerang_metadata")


def portal() -> Portal:
    """Return the portal as it is configured."""
    # ckanext-dcat's option is there only with its plugin.
    base = catalog_uri() if p.plugin_loaded("dcat") else str(tk.config["ckan.site_url"])
    base = base.rstrip("/")
    return Portal(
        base=base,
        government=shared.government_name(),
        government_url=shared.government_url(),
        title=str(tk.config.get("ckan.site_title") or shared.portal_name()),
        description=str(tk.config.get("ckan.site_description") or ""),
        walidata=shared.portal_walidata(),
        region_uri=config.region_uri() or f"{base}/wilayah/{{code}}",
        topics=topics.by_key(metadata_config.topics_location()) if _has_schema() else {},
    )


def _agencies() -> tuple[dict[str, Agency], str]:
    """Return all organizations by id, and the id of the walidata, by one query."""
    group: Any = model.Group
    parent: Any = model.Member
    extra = group.extras
    rows = model.Session.execute(
        sa.select(
            group.id,
            group.name,
            group.title,
            extra["singkatan"].astext,
            extra["kode_opd"].astext,
            extra["situs_web"].astext,
            extra["peran_sdi"].astext,
            parent.table_id,
        )
        .outerjoin(
            parent,
            sa.and_(
                parent.group_id == group.id,
                parent.table_name == "group",
                parent.state == model.State.ACTIVE,
            ),
        )
        .where(group.is_organization.is_(True), group.state == model.State.ACTIVE)
        .order_by(group.id)
    ).all()
    found: dict[str, Agency] = {}
    walidata = ""
    for id_, name, title, abbreviation, code, site, role, above in rows:
        found[id_] = Agency(
            id=id_,
            name=name,
            title=title or name,
            abbreviation=abbreviation or "",
            code=code or "",
            site=site or "",
            parent=above or "",
        )
        if role == _WALIDATA:
            walidata = walidata or id_
    return found, walidata


def named_records(dataset: Mapping[str, Any]) -> set[str]:
    """Return the ids of the activities and indicators that a dataset, or its kamus, names."""
    if not _has_schema():
        return set()
    kamuses = [resource.get("kamus") for resource in dataset.get("resources") or []]
    return {
        link.target
        for link in links.extract(links.places(dataset_fields()), dataset, kamuses)
        if links.looks_like_id(link.target)
    }


def _records(ids: set[str]) -> dict[str, Linked]:
    """Return those of some records that everybody may see, by one query; none for no ids."""
    if not ids:
        return {}
    package: Any = model.Package
    rows = model.Session.execute(
        sa.select(
            package.id,
            package.name,
            package.title,
            package.type,
            package.extras["definisi"].astext,
            package.extras["satuan"].astext,
        ).where(
            package.id.in_(ids),
            package.type.in_(FORM_TYPES),
            package.state == model.State.ACTIVE,
            package.private.is_(False),
        )
    )
    return {
        id_: Linked(id_, name, title or name, type_, definition or "", unit or "")
        for id_, name, title, type_, definition, unit in rows
    }


def load(datasets: Iterable[Mapping[str, Any]]) -> Lookup:
    """Return what ``datasets`` name, by two queries however many they are.

    :param datasets: as ``package_show`` or ``package_search`` returns them
    """
    named = {str(dataset.get("id")): named_records(dataset) for dataset in datasets}
    lookup = load_named(set().union(*named.values()))
    lookup.named.update(named)
    return lookup


def load_named(ids: set[str]) -> Lookup:
    """Return what datasets name that name these activities and indicators, by two queries."""
    agencies, walidata = _agencies()
    return Lookup(portal(), agencies, walidata, _records(ids))


class _Page:
    """The datasets that were found while a page is made, and what they name, once asked."""

    def __init__(self) -> None:
        self.datasets: dict[str, Mapping[str, Any]] = {}
        self._loaded: Lookup | None = None
        self._known: frozenset[str] = frozenset()

    def lookup(self, dataset: Mapping[str, Any]) -> Lookup:
        """Return what the datasets of the page name; ``dataset`` is one of them from now on."""
        self.datasets.setdefault(str(dataset.get("id")), dataset)
        return self.all()

    def all(self) -> Lookup:
        """Return what the datasets of the page name, asked again only for more datasets."""
        if self._loaded is None or not self._known >= self.datasets.keys():
            self._loaded = load(self.datasets.values())
            self._known = frozenset(self.datasets)
        return self._loaded


_page: ContextVar[_Page | None] = ContextVar("tangerang_dcat_page", default=None)


@contextmanager
def page() -> Iterator[None]:
    """Let the datasets that are found inside share one lookup."""
    token = _page.set(_Page())
    try:
        yield
    finally:
        _page.reset(token)


def found(datasets: Iterable[Mapping[str, Any]]) -> None:
    """Tell the page that is being made, if any, which datasets a search has found."""
    current = _page.get()
    if current is not None:
        for dataset in datasets:
            if isinstance(dataset, dict) and dataset.get("id"):
                current.datasets.setdefault(dataset["id"], dataset)


def for_dataset(dataset: Mapping[str, Any]) -> Lookup:
    """Return what a dataset names: that of the page it belongs to, else its own."""
    current = _page.get()
    return current.lookup(dataset) if current is not None else load([dataset])


def for_catalogue() -> Lookup:
    """Return what the catalogue names: that of the page that is being made, else its own."""
    current = _page.get()
    return current.all() if current is not None else load([])


def activity_of(dataset: Mapping[str, Any], lookup: Lookup) -> Linked | None:
    """Return the public activity that a dataset comes from, if any."""
    return lookup.linked(dataset.get("kegiatan"), ACTIVITY_TYPE)


def indicators_of(dataset: Mapping[str, Any], lookup: Lookup) -> list[Linked]:
    """Return the public indicators whose values are in a dataset, in its order."""
    value = dataset.get("indikator")
    ids = [] if is_empty(value) else as_list(value)
    return [one for one in (lookup.linked(id_, INDICATOR_TYPE) for id_ in ids) if one]
