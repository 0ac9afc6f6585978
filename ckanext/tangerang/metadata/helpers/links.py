"""Template helpers for links between records: names are resolved when shown, never stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from .. import link_store, links
from ..fields import record_fields
from ..logic.link_validators import link_place_label
from ..values import as_list, is_empty
from .general import given

if TYPE_CHECKING:
    from ckan.types import Context


def _reader() -> Context:
    """Return the context of who reads the page."""
    user = tk.current_user
    return {"user": user.name, "auth_user_obj": user}  # pyright: ignore[reportReturnType]


def _variable_name(package: Any, code: str) -> str:
    """Return code and name of a variable of an activity."""
    rows = as_list(package.extras.get("variabel") or [])
    found = next((r for r in rows if isinstance(r, dict) and r.get("kode") == code), {})
    return f"{code} {found.get('nama', '')}".strip()


def tangerang_link_items(value: Any) -> list[dict[str, Any]]:
    """Return the records that the value of a link field names, by one query.

    :param value: one link or several, as stored or as shown; also the id of a file
    :returns: ``[{"value", "label", "url", "known"}]``; what is not there, or what the reader may
        not see, has a neutral label, no ``url``, and is not ``known``
    """
    value = given(value)
    entries = [] if is_empty(value) else [str(entry) for entry in as_list(value)]
    found = link_store.targets({links.split(entry)[0] for entry in entries})
    missing = {entry for entry in entries if links.split(entry)[0] not in found}
    found_files = link_store.files({entry for entry in missing if links.looks_like_id(entry)})
    sight = link_store.Sight(_reader())
    out: list[dict[str, Any]] = []
    for entry in entries:
        target, part = links.split(entry)
        file = found_files.get(entry)
        package = file.package if file is not None else found.get(target)
        if package is None or not sight.sees(package):
            label = tk._("Not available, or not public")
            out.append({"value": entry, "label": label, "url": "", "known": False})
            continue
        title = package.title or package.name
        if file is not None:
            label = f"{file.name or file.url or entry} ({title})"
            url = tk.h.url_for(f"{package.type}_resource.read", id=package.name, resource_id=entry)
        else:
            label = f"{_variable_name(package, part)} ({title})" if part else title
            url = tk.h.url_for(f"{package.type}.read", id=package.name)
        anchor = f"#{part}" if part else ""
        out.append({"value": entry, "label": label, "url": f"{url}{anchor}", "known": True})
    return out


def tangerang_link_users(record_id: str) -> list[dict[str, Any]]:
    """Return the records that name a record, or a file of it, and that the reader may see.

    :returns: ``[{"id", "name", "title", "type", "field_label", "url"}]``, by title; a record that
        names it at several places comes once, with the first
    """
    sight = link_store.Sight(_reader())
    labels = {
        record_type: {place.name: place for place in link_store.places(record_type)}
        for record_type in link_store.RECORD_TYPES
    }
    out: dict[str, dict[str, Any]] = {}
    for user in link_store.users([record_id]):
        package = user.package
        if package.id in out or not sight.sees(package):
            continue
        out[package.id] = {
            "id": package.id,
            "name": package.name,
            "title": package.title or package.name,
            "type": package.type,
            "field_label": link_place_label(labels.get(package.type, {}), user.link.field),
            "url": tk.h.url_for(f"{package.type}.read", id=package.name),
        }
    return list(out.values())


def tangerang_kamus_links(rows: list[dict[str, str]]) -> dict[str, dict[str, Any]]:
    """Return the links to variables that stand in a kamus, by the text that stands there.

    :param rows: as :func:`.general.tangerang_kamus_rows` returns them
    """
    texts = {row.get("variabel", "") for row in rows}
    items = tangerang_link_items(sorted(filter(links.is_variable, texts)))
    return {item["value"]: item for item in items}


def tangerang_inherited(record: dict[str, Any]) -> dict[str, list[dict[str, str]]]:
    """Return what a record leaves to the records that it links to, by field.

    :param record: as shown
    :returns: for each empty field with ``link_suffices`` a list of ``{"text", "label", "url"}``:
        what the linked record says, its title and address
    """
    fields = [
        field
        for field in record_fields(record["type"])
        if "link_suffices" in field and is_empty(record.get(field["field_name"]))
    ]
    values = {f["link_suffices"]: as_list(record.get(f["link_suffices"]) or []) for f in fields}
    found = link_store.targets({str(value) for entries in values.values() for value in entries})
    sight = link_store.Sight(_reader())
    out: dict[str, list[dict[str, str]]] = {}
    for field in fields:
        for value in values[field["link_suffices"]]:
            package = found.get(value)
            text = package.extras.get(field["field_name"]) if package is not None else None
            if package is None or is_empty(text) or not sight.sees(package):
                continue
            out.setdefault(field["field_name"], []).append(
                {
                    "text": str(text),
                    "label": package.title or package.name,
                    "url": tk.h.url_for(f"{package.type}.read", id=package.name),
                }
            )
    return out
