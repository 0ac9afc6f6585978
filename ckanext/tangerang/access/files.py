"""Which record a file of CKAN 2.12's file storages belongs to."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from . import rights


def record_of_owner(owner_type: object, owner_id: object) -> tuple[Any, str | None]:
    """Return the record, and the id of the file in it, that own files; None where none does."""
    if not isinstance(owner_id, str):
        return None, None
    if owner_type == "resource":
        resource, package = rights.resource_and_package(owner_id)
        return package, resource.id if resource is not None else None
    if owner_type == "package":
        return model.Package.get(owner_id), None
    return None, None


def record_of(file: Any) -> tuple[Any, str | None]:
    """Return the record, and the id of the file in it, that a stored file belongs to.

    :param file: a file object of CKAN; None for none
    """
    if file is None:
        return None, None
    owner = file.owner
    found = record_of_owner(owner.owner_type, owner.owner_id) if owner else (None, None)
    return found if found[0] is not None else record_at(file.storage, file.location)


def record_at(storage: object, location: object) -> tuple[Any, str | None]:
    """Return the record, and the id of the file in it, of a place in a storage.

    CKAN keeps the file of a resource where its id says, in folders of three letters.
    """
    if storage != tk.config["ckan.files.default_storages.resource"]:
        return None, None
    resource, package = rights.resource_and_package(str(location).replace("/", ""))
    return package, resource.id if resource is not None else None
