"""The SDI fields of a dataset as ``extras``: all that a stock CKAN keeps of them.

CKAN's schema drops every top-level key that it does not know, so a portal that harvests us keeps
what stands in ``extras`` and nothing else. Here they are derived from a record, by a function
without input or output; nothing of it is stored.

The manifest, one more extra, names the keys that were derived. What comes back to us with it
(a patch, a form of another program, a dump, our own records harvested back) loses exactly these
keys: extras that somebody really stored stay.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ..metadata import codelists
from ..metadata.values import as_list, is_empty, period_bounds
from ..wilayah import shapes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: The extra that names the derived ones, as a JSON list.
MANIFEST: Final = "sdi_manifest"

#: Keys that the national catalogue and udata read; a prefix is not for them.
NATIONAL_KEYS: Final = (
    *("identifier", "guid", "language", "frequency", "temporal_start", "temporal_end", "spatial"),
    *("dcat_issued", "dcat_modified", "dcat_publisher_name", "dcat_publisher_email"),
)

#: Fields that are CKAN's own, whose name has another meaning there, or that a stock CKAN keeps.
_NOT_SDI: Final = frozenset(
    {
        *("title", "name", "notes", "owner_org", "tag_string", "license_id", "url", "version"),
        *("author", "author_email", "maintainer", "maintainer_email", "identifier"),
    }
)
#: Shown nationally as text in one facet each: labels and years, not a list of keys.
_AS_TEXT: Final = frozenset({"kategori", "prioritas_tahun"})
_FREQUENCY: Final = "http://publications.europa.eu/resource/authority/frequency/"
#: National words for the access levels; there is none for what is not published.
_ACCESS: Final = {"terbuka": "public", "terbatas": "Terbatas"}


@dataclass(frozen=True)
class Exporter:
    """Derives extras; what it needs of a portal's configuration is given to it."""

    #: Names of the dataset fields of the schema.
    fields: tuple[str, ...]
    prefix: str = ""
    #: Indonesian labels of topics by key.
    topics: Mapping[str, str] = field(default_factory=dict)
    #: Polygons of regions by Kemendagri code, for ``spatial``.
    outlines: Mapping[str, list[Any]] = field(default_factory=dict)
    #: Of one answer: most datasets of a search are about the same region.
    _spatial_texts: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    def derive(self, dataset: Mapping[str, Any]) -> dict[str, str]:
        """Return the extras of a dataset that are not stored with it.

        :param dataset: as ``package_show`` returns it
        :returns: text by key, empty ones left out, without the manifest
        """
        stored = {extra["key"] for extra in dataset.get("extras") or []}
        pairs = (*self._national(dataset), *self._fields(dataset))
        return {key: text for key, text in pairs if text and key not in stored}

    def append(self, dataset: dict[str, Any]) -> None:
        """Append the derived extras of a dataset, and their manifest, to its ``extras``."""
        derived = self.derive(dataset)
        if not derived:
            return
        rows = {**derived, MANIFEST: json.dumps(sorted(derived))}
        dataset["extras"] = [
            *(dataset.get("extras") or []),
            *({"key": key, "value": text} for key, text in rows.items()),
        ]

    def _fields(self, dataset: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield the SDI fields under their own names."""
        for name in self.fields:
            value = dataset.get(name)
            if name in _NOT_SDI or is_empty(value):
                continue
            yield self.prefix + name, self._text(name, value)

    def _text(self, name: str, value: Any) -> str:
        """Return a value as text; a list as JSON, so that nothing of it is lost."""
        if name == "accesslevel":
            return _ACCESS.get(str(value), str(value))
        if name in _AS_TEXT:
            return "; ".join(self.topics.get(str(part), str(part)) for part in as_list(value))
        if isinstance(value, bool):
            return "1" if value else "0"
        if isinstance(value, (list, dict)):
            return json.dumps(value, ensure_ascii=False)
        return str(value)

    def _national(self, dataset: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield what national harvesters and udata read, under the keys that they know."""
        organization = dataset.get("organization") or {}
        identifier = dataset.get("identifier") or dataset.get("id") or ""
        yield "identifier", identifier
        yield "guid", identifier
        yield "language", "id"
        yield "dcat_issued", dataset.get("metadata_created") or ""
        yield "dcat_modified", dataset.get("metadata_modified") or ""
        yield "dcat_publisher_name", organization.get("title") or ""
        yield "dcat_publisher_email", dataset.get("kontak_email") or ""
        frequency = codelists.codelist("frekuensi").get(str(dataset.get("frekuensi") or ""))
        if frequency is not None:
            yield "frequency", _FREQUENCY + frequency.extra["eu_frequency"]
        begin = str(dataset.get("periode_awal") or "")
        first, last = (
            period_bounds(begin),
            period_bounds(str(dataset.get("periode_akhir") or begin)),
        )
        if first and last:
            yield "temporal_start", first[0].isoformat()
            yield "temporal_end", last[1].isoformat()
        yield "spatial", self._spatial(as_list(dataset.get("cakupan_wilayah")))

    def _spatial(self, codes: list[Any]) -> str:
        """Return the outline of some regions as GeoJSON; empty where one is not known."""
        key = ",".join(str(code) for code in codes)
        if key not in self._spatial_texts:
            outline = shapes.geometry(key.split(","), self.outlines)
            text = json.dumps(outline, separators=(",", ":")) if outline else ""
            self._spatial_texts[key] = text
        return self._spatial_texts[key]


def strip(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was sent without the extras that were derived, as their manifest names them.

    :param data: data of ``package_create`` or ``package_update``; what is no list of extras is
        left for CKAN to refuse
    """
    rows = data.get("extras")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return dict(data)
    derived = {MANIFEST}
    for row in rows:
        if row.get("key") == MANIFEST:
            derived.update(_names(row.get("value")))
    if not any(row.get("key") in derived for row in rows if isinstance(row.get("key"), str)):
        return dict(data)
    kept = [row for row in rows if not (isinstance(row.get("key"), str) and row["key"] in derived)]
    return {**data, "extras": kept}


def _names(text: Any) -> list[str]:
    """Return the keys that a manifest names; none where it is no manifest."""
    try:
        names = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return []
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
