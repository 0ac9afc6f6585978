"""What strict clients want of a record where CKAN says nothing, or null.

udata refuses a file without ``format`` or ``hash``, with a ``format`` that is null, or an address
with blanks, and an organization whose description or picture is null.
"""

from __future__ import annotations

from typing import Any

#: Keys of a file, and of an organization, that must be text.
_OF_RESOURCE = ("format", "hash")
_OF_ORGANIZATION = ("description", "image_url")


def make_strict(dataset: dict[str, Any]) -> None:
    """Make text of what strict clients do not take as null, in a shown dataset.

    :param dataset: as ``package_show`` returns it, to be changed
    """
    organization = dataset.get("organization")
    if organization:
        dataset["organization"] = organization | {
            key: organization.get(key) or "" for key in _OF_ORGANIZATION
        }
    for resource in dataset.get("resources") or []:
        resource.update({key: resource.get(key) or "" for key in _OF_RESOURCE})
        if isinstance(resource.get("url"), str):
            resource["url"] = "%20".join(resource["url"].split(" "))
