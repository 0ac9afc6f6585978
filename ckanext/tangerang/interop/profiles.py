"""The DCAT profile of SDI datasets, for ``ckanext.dcat.rdf.profiles = tangerang_sdi``.

It is ckanext-dcat's DCAT-AP 3 profile, given the SDI fields under the names that profile reads.
So far: frequency, access rights, period, language, contact. Regions, agents with addresses of
their own, themes and the way back (parsing) belong to the interoperability issue.
"""

from __future__ import annotations

import calendar
from datetime import date
from typing import TYPE_CHECKING, Any

from ckanext.dcat.profiles import EuropeanDCATAP3Profile

from ..metadata import codelists

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdflib import URIRef

_EU = "http://publications.europa.eu/resource/authority"
_INDONESIAN = f"{_EU}/language/IND"
_PARTS_OF_A_DATE = 3


def _first_day(period: str) -> str:
    """Return the first day of a year, year-month or date."""
    return (period + "-01-01"[len(period) - 4 :])[:10] if len(period) in (4, 7) else period


def _last_day(period: str) -> str:
    """Return the last day of a year, year-month or date."""
    parts = [int(part) for part in period.split("-")]
    if len(parts) == _PARTS_OF_A_DATE:
        return period
    year, month = parts if len(parts) > 1 else (parts[0], 12)
    return date(year, month, calendar.monthrange(year, month)[1]).isoformat()


def dcat_values(dataset: Mapping[str, Any]) -> dict[str, Any]:
    """Return what DCAT-AP calls the SDI fields of ``dataset``; empty fields are left out.

    :param dataset: a dataset as ``package_show`` returns it
    :returns: keys as ckanext-dcat's profiles read them; vocabularies are those of the EU, as
        DCAT-AP demands
    """
    values: dict[str, Any] = {"language": _INDONESIAN}
    for source, codelist, column, target, vocabulary in (
        ("frekuensi", "frekuensi", "eu_frequency", "frequency", "frequency"),
        ("accesslevel", "akses", "eu_access_right", "access_rights", "access-right"),
    ):
        item = codelists.codelist(codelist).get(dataset.get(source) or "")
        if item is not None:
            values[target] = f"{_EU}/{vocabulary}/{item.extra[column]}"
    if dataset.get("periode_awal"):
        values["temporal_start"] = _first_day(dataset["periode_awal"])
        values["temporal_end"] = _last_day(dataset.get("periode_akhir") or dataset["periode_awal"])
    if dataset.get("kontak_email"):
        values["contact_email"] = dataset["kontak_email"]
        organization = dataset.get("organization") or {}
        values["contact_name"] = dataset.get("penanggung_jawab") or organization.get("title", "")
    return {key: value for key, value in values.items() if value}


class SdiProfile(EuropeanDCATAP3Profile):
    """DCAT-AP 3 with the fields of Satu Data Indonesia."""

    def graph_from_dataset(self, dataset_dict: dict[str, Any], dataset_ref: URIRef) -> None:
        """Add ``dataset_dict`` to the graph; values that it has under DCAT's names win."""
        present = {key: value for key, value in dataset_dict.items() if value not in ("", None)}
        super().graph_from_dataset(dataset_dict | dcat_values(dataset_dict) | present, dataset_ref)
