"""Which record a table of the DataStore belongs to, whatever name it is asked for by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan import plugins as p

from . import rights

if TYPE_CHECKING:
    from ckan.types import DataDict


def file_of(name: object) -> tuple[Any, Any]:
    """Return the file and the record of a table; None where it belongs to none.

    :param name: id of the file, or another name (alias) of its table
    """
    resource, package = rights.resource_and_package(name)
    if resource is None and isinstance(name, str) and p.plugin_loaded("datastore"):
        from ckanext.datastore.backend import DatastoreBackend  # noqa: PLC0415 - may be missing

        _exists, real = DatastoreBackend.get_active_backend().resource_id_from_alias(name)
        resource, package = rights.resource_and_package(real)
    return resource, package


def named(data_dict: DataDict) -> Any:
    """Return the name of the table that a call is about."""
    return data_dict.get("resource_id") or data_dict.get("id")
