"""Licences by their canonical addresses.

CKAN gives pages of opendefinition.org, or nothing, as the address of a licence. Harvesters compare
addresses with those of the licence's own keeper.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .terms import part, web_address

if TYPE_CHECKING:
    from collections.abc import Mapping

#: CKAN's id of a licence → the address that its keeper gives it. ``other-pd`` is what is free of
#: copyright, such as laws and statistics of the state.
CANONICAL = {
    "cc-by": "https://creativecommons.org/licenses/by/4.0/",
    "cc-by-sa": "https://creativecommons.org/licenses/by-sa/4.0/",
    "cc-zero": "https://creativecommons.org/publicdomain/zero/1.0/",
    "other-pd": "https://creativecommons.org/publicdomain/mark/1.0/",
    "odc-by": "https://opendatacommons.org/licenses/by/1-0/",
    "odc-odbl": "https://opendatacommons.org/licenses/odbl/1-0/",
    "odc-pddl": "https://opendatacommons.org/licenses/pddl/1-0/",
    "gfdl": "https://www.gnu.org/licenses/fdl-1.3.html",
}
#: What CKAN calls them in English: ckanext-dcat's harvester knows a licence by CKAN's own address
#: of it or by this title, and loses any other.
TITLES = {
    "cc-by": "Creative Commons Attribution",
    "cc-by-sa": "Creative Commons Attribution Share-Alike",
    "cc-zero": "Creative Commons CCZero",
    "other-pd": "Other (Public Domain)",
    "odc-by": "Open Data Commons Attribution License",
    "odc-odbl": "Open Data Commons Open Database License (ODbL)",
    "odc-pddl": "Open Data Commons Public Domain Dedication and License (PDDL)",
    "gfdl": "GNU Free Documentation License",
}
_IDS = {address: licence for licence, address in CANONICAL.items()}

#: The list of CKAN in which a licence without an address of its own stands.
_LIST = "/api/3/action/license_list#"
#: Nothing is said about the licence: then nothing is written either.
_NOT_SAID = "notspecified"


def licence_address(base: str, record: Mapping[str, Any]) -> str | None:
    """Return the address of a dataset's licence; None where it has none.

    :param base: address of the portal, without a slash at its end
    :param record: with ``license_id``, and CKAN's ``license_url``
    """
    licence = str(record.get("license_id") or "")
    if not licence or licence == _NOT_SAID:
        return None
    return (
        CANONICAL.get(licence)
        or web_address(record.get("license_url"))
        or f"{base}{_LIST}{part(licence)}"
    )


def licence_id(address: str, register: Mapping[str, str]) -> str | None:
    """Return CKAN's id of the licence at an address; None where it is not known.

    :param register: address → id, of the licences that CKAN knows
    """
    if address in _IDS:
        return _IDS[address]
    _, mark, listed = address.partition(_LIST)
    return listed if mark and listed in register.values() else register.get(address)
