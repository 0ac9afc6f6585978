"""Links between records: finding what to link, reading both sides, refusing to break them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.search.query import solr_literal

from ... import link_store, links, listing
from ...fields import ACTIVITY_TYPE
from ...values import as_list
from .. import schema
from ..link_validators import in_use_message

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ckan.types import Action, Context, DataDict

__all__ = [
    "bulk_update_delete",
    "bulk_update_private",
    "dataset_purge",
    "package_delete",
    "resource_delete",
    "tangerang_link_autocomplete",
    "tangerang_link_list",
    "tangerang_link_report",
]

_WORD = re.compile(r"\w+")
#: Words of a search that are read; more narrow nothing down.
_WORDS = 8


def _clause(fields: tuple[str, ...], words: list[str]) -> str:
    """Return a query for records that have each word, or its beginning, in one of the fields."""
    return " AND ".join(
        "({})".format(
            " OR ".join(f"{name}:{solr_literal(word)} OR {name}:{word}*" for name in fields)
        )
        for word in words
    )


def _search(context: Context, record_type: str, q: str, rows: int) -> list[dict[str, Any]]:
    """Return the records of a type that the caller may see and whose text fits."""
    words = _WORD.findall(q.lower())[:_WORDS]
    query = _clause(("title_ngram", "title"), words) or "*:*"
    return tk.get_action("package_search")(
        tk.fresh_context(context),
        {
            "q": query,
            "fq": listing.type_filter(record_type),
            "rows": rows,
            "sort": "score desc, metadata_modified desc",
            "facet": "false",
            "include_private": True,
            "include_drafts": True,
        },
    )["results"]


def _detail(record: dict[str, Any]) -> str:
    """Return what tells a record from others of the same title: OPD, year, state."""
    opd = (record.get("organization") or {}).get("title") or ""
    state = tk._("draft") if record.get("state") == "draft" else ""
    if not state and record.get("private"):
        state = tk._("private")
    return " · ".join(filter(None, [opd, str(record.get("tahun_kegiatan") or ""), state]))


def _fits(row: dict[str, Any], title: str, words: list[str]) -> bool:
    """Tell whether each word begins one of a variable's name, alias or code, or of the title."""
    text = f"{row.get('nama', '')} {row.get('alias', '')} {row.get('kode', '')} {title}"
    known = _WORD.findall(text.lower())
    return all(any(name.startswith(word) for name in known) for word in words)


def _variables(context: Context, q: str, limit: int) -> Iterator[dict[str, str]]:
    """Yield the variables that fit by their own words, else by those of their activity too."""
    words = _WORD.findall(q.lower())[:_WORDS]
    query = _clause(("extras_variabel", "title"), words) or "*:*"
    found = tk.get_action("package_search")(
        tk.fresh_context(context),
        {
            "q": query,
            "fq": listing.type_filter(ACTIVITY_TYPE),
            "rows": limit,
            "sort": "score desc, metadata_modified desc",
            "facet": "false",
            "include_private": True,
            "include_drafts": True,
        },
    )["results"]
    for record in found:
        rows = as_list(record.get("variabel") or [])
        fitting = [row for row in rows if _fits(row, "", words)]
        for row in fitting or [row for row in rows if _fits(row, record["title"], words)]:
            yield {
                "value": f"{record['id']}{links.PART}{row['kode']}",
                "label": f"{row['kode']} {row.get('nama', '')}".strip(),
                "detail": " · ".join(filter(None, [record["title"], _detail(record)])),
            }


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_link_autocomplete)
def tangerang_link_autocomplete(context: Context, data_dict: DataDict) -> list[dict[str, str]]:
    """Return records, or variables of activities, that a link may name.

    Only what the caller may see, drafts of their own among them.

    :param type: ``kegiatan``, ``indikator`` or ``variabel``
    :param q: beginnings of words of the title, or of a variable's name or code (optional)
    :param limit: how many at most, up to 50 (optional, default: 10)
    :returns: ``[{"value", "label", "detail"}]``; ``value`` is what is stored
    """
    tk.check_access("tangerang_link_autocomplete", context, data_dict)
    q, limit = data_dict["q"], data_dict["limit"]
    if data_dict["type"] == "variabel":
        return [
            found for found, _ in zip(_variables(context, q, limit), range(limit), strict=False)
        ]
    return [
        {"value": record["id"], "label": record["title"], "detail": _detail(record)}
        for record in _search(context, data_dict["type"], q, limit)
    ]


def _shown(package: Any, link: links.Link) -> dict[str, Any]:
    """Return one side of a link for the API."""
    return {
        "id": package.id,
        "name": package.name,
        "title": package.title,
        "type": package.type,
        "field": link.field,
        "part": link.part or None,
    }


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_link_list)
def tangerang_link_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what a record names, and which records name it.

    Records that the caller may not see are left out.

    :param id: id or name of the record
    :returns: ``{"uses": [...], "used_by": [...]}`` of ``{"id", "name", "title", "type", "field",
        "part"}``; ``field`` is where the link stands, ``part`` the code of a variable, or null
    :raises ObjectNotFound: when there is no such record
    """
    tk.check_access("tangerang_link_list", context, data_dict)
    package = model.Package.get(data_dict["id"])
    if package is None:
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    sight = link_store.Sight(context)
    own = sorted(link_store.of_package(package))
    by_file = link_store.files({link.target for link in own})
    found = link_store.targets({link.target for link in own})
    uses = []
    for link in own:
        file = by_file.get(link.target)
        target = file.package if file is not None else found.get(link.target)
        if target is not None and sight.sees(target):
            uses.append(_shown(target, link))
    users = link_store.users([package.id])
    return {
        "uses": uses,
        "used_by": [_shown(u.package, u.link) for u in users if sight.sees(u.package)],
    }


@tk.side_effect_free
def tangerang_link_report(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return the links that lead to nothing that they should lead to (sysadmins).

    :returns: ``[{"id", "name", "title", "type", "field", "target", "part", "reason"}]`` with the
        record that holds the link; ``reason`` is ``pending`` (not there), ``type``, ``part`` (no
        such variable) or ``hidden`` (a public record names one that is not public)
    """
    tk.check_access("tangerang_link_report", context, data_dict)
    return [
        {**_shown(fault.source, fault.link), "target": fault.link.target, "reason": fault.reason}
        for fault in link_store.faults()
    ]


def _refuse_in_use(context: Context, ids: Collection[str], *, public: bool = False) -> None:
    """Refuse to take records away that others name.

    :param public: only public records count, because the records are hidden, not deleted
    :raises ValidationError: naming the records that name them
    """
    users = link_store.users(ids, public=public)
    if users:
        raise tk.ValidationError({"id": [in_use_message(users, context)]})


def _take_away(name: str, original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Call an action that takes one record away, unless others name the record.

    :param name: of the action, and of its check
    :raises ValidationError: naming the records that name it
    """
    package = model.Package.get(data_dict.get("id") or "")
    if package is not None:
        tk.check_access(name, context, data_dict)
        _refuse_in_use(context, [package.id])
    return original_action(context, data_dict)


@tk.chained_action
def package_delete(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Delete a record, unless others name it (a validation error names them)."""
    return _take_away("package_delete", original_action, context, data_dict)


@tk.chained_action
def dataset_purge(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Remove a record for good, unless others name it (a validation error names them)."""
    return _take_away("dataset_purge", original_action, context, data_dict)


@tk.chained_action
def resource_delete(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Delete a file, unless an indicator's values are in it.

    :raises ValidationError: naming the records that name it
    """
    if model.Resource.get(data_dict.get("id") or "") is not None:
        tk.check_access("resource_delete", context, data_dict)
        users = link_store.file_users(data_dict["id"])
        if users:
            raise tk.ValidationError({"id": [in_use_message(users, context)]})
    return original_action(context, data_dict)


def _ids(data_dict: DataDict) -> list[str]:
    """Return the records of a bulk action; what is no list is left to CKAN."""
    datasets = data_dict.get("datasets")
    return [str(entry) for entry in datasets] if isinstance(datasets, list) else []


@tk.chained_action
def bulk_update_private(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Hide records, if no other public record names any of them; else change none.

    :raises ValidationError: naming the records that name them
    """
    tk.check_access("bulk_update_private", context, data_dict)
    _refuse_in_use(context, _ids(data_dict), public=True)
    with link_store.leaving(_ids(data_dict)):
        return original_action(context, data_dict)


@tk.chained_action
def bulk_update_delete(original_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Delete records, if no other record names any of them; else change none.

    :raises ValidationError: naming the records that name them
    """
    tk.check_access("bulk_update_delete", context, data_dict)
    _refuse_in_use(context, _ids(data_dict))
    with link_store.leaving(_ids(data_dict)):
        return original_action(context, data_dict)
