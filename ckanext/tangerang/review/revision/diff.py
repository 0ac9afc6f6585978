"""The difference that a revisi makes, as people read it: old and new, by field, row and file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan import plugins as p

from ...metadata import link_store, links
from ...metadata.fields import item_label
from ...metadata.presentation import plain_text
from ...metadata.values import as_list, is_empty
from .. import store
from . import content, planning

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ckan.types import Context

    from ...metadata.fields import Field
    from .model import Revision

    Content = Mapping[str, Any]

#: Kinds of fields that name other records.
_LINKS = frozenset({"link", "links", "resource"})
#: The column of a kamus that says which column of the table a row is about.
_KAMUS_CODE = "kolom"


class _Texts:
    """Values of fields as texts, as the caller may read them."""

    def __init__(self, context: Context) -> None:
        self._sight = link_store.Sight(context)

    def _link(self, value: str) -> str:
        """Return what a link names."""
        target, part = links.split(value)
        file = link_store.files({value}).get(value) if links.looks_like_id(value) else None
        package = file.package if file is not None else link_store.targets([target]).get(target)
        if package is None or not self._sight.sees(package):
            return tk._("Not available, or not public")
        name = package.title or package.name
        if file is not None:
            return f"{file.name or file.url} ({name})"
        return f"{part} ({name})" if part else name

    def of(self, field: Field, value: Any) -> str:
        """Return what a field, or a column of rows, says; empty for nothing."""
        if is_empty(value):
            return ""
        if field.get("kind") in _LINKS:
            return "\n".join(self._link(str(entry)) for entry in as_list(value))
        if "row_fields" in field:
            rows = [row for row in as_list(value) if isinstance(row, dict)]
            return "\n".join(self._row(field, row) for row in rows)
        if field.get("choices_helper") and "codelist" not in field:
            return "; ".join(tk.h.tangerang_choice_labels(field, value))
        return plain_text(field, value)

    def _row(self, field: Field, row: Mapping[str, Any]) -> str:
        """Return one row without a code as one line."""
        cells = (self.of(c, row.get(c["field_name"])) for c in field["row_fields"])
        return " · ".join(cell for cell in cells if cell)


def _coded(rows: Any, code: str) -> dict[str, dict[str, Any]]:
    """Return rows by their code."""
    return {str(row.get(code)): row for row in as_list(rows or []) if isinstance(row, dict)}


def _rows(texts: _Texts, field: Mapping[str, Any], old: Any, new: Any) -> list[dict[str, Any]]:
    """Return what becomes of the rows of a field.

    :param field: with ``row_fields``; ``row_code`` and ``row_title`` name the columns that say
        which row one is, and what it is called
    """
    code, title = field["row_code"], field.get("row_title", "")
    columns = [column for column in field["row_fields"] if column["field_name"] != code]
    before, after = _coded(old, code), _coded(new, code)
    out: list[dict[str, Any]] = []
    for key in dict.fromkeys((*after, *before)):
        was, becomes = before.get(key), after.get(key)
        if was == becomes:
            continue
        change = "added" if was is None else "removed" if becomes is None else "changed"
        cells = [
            {
                "column": column["field_name"],
                "label": item_label(column),
                "old": texts.of(column, (was or {}).get(column["field_name"])),
                "new": texts.of(column, (becomes or {}).get(column["field_name"])),
            }
            for column in columns
            if (was or {}).get(column["field_name"]) != (becomes or {}).get(column["field_name"])
        ]
        shown = str((becomes or was or {}).get(title) or "")
        out.append({"code": key, "title": shown, "change": change, "columns": cells})
    return out


def _kamus(field: Field, old: Any, new: Any) -> list[dict[str, Any]] | None:
    """Return what becomes of the rows of a kamus; None for another field, or what is none."""
    if field["field_name"] != links.KAMUS:
        return None
    before, after = (tk.h.tangerang_kamus_rows(value or "") for value in (old, new))
    if before is None or after is None:
        return None
    columns = [
        {"field_name": column["field_name"], "label": column["label"], "kind": "text"}
        for column in tk.h.tangerang_kamus_columns()
    ]
    rows = {"row_fields": columns, "row_code": _KAMUS_CODE, "row_title": "label"}
    return _rows(_PLAIN, rows, before, after)


class _Plain(_Texts):
    """Texts as they are stored."""

    def __init__(self) -> None:
        """Need nothing."""

    def of(self, field: Field, value: Any) -> str:  # noqa: ARG002
        """Return a text as it is."""
        return "" if value is None else str(value)


_PLAIN = _Plain()


def _field(texts: _Texts, field: Field, old: Any, new: Any) -> dict[str, Any]:
    """Return what becomes of one field."""
    out = {
        "field": field["field_name"],
        "label": item_label(field),
        "old": "",
        "new": "",
        "rows": _kamus(field, old, new),
    }
    if field.get("row_code"):
        out["rows"] = _rows(texts, field, old, new)
    if out["rows"] is None:
        out |= {"old": texts.of(field, old), "new": texts.of(field, new)}
    return out


def _fields(
    texts: _Texts, known: Sequence[Field], before: Content, after: Content
) -> list[dict[str, Any]]:
    """Return the fields that become others, in the order of the form."""
    return [
        _field(texts, field, before.get(field["field_name"]), after.get(field["field_name"]))
        for field in known
        if before.get(field["field_name"]) != after.get(field["field_name"])
        # What is made of another field, and shown nowhere, says nothing to a reader.
        and field.get("display_snippet", "") is not None
    ]


def _beside(before: Content, after: Content) -> list[dict[str, Any]]:
    """Return keywords and free extras that become others."""
    out = []
    for name, label in ((content.TAGS, tk._("Keywords")), (content.EXTRAS, tk._("Further fields"))):
        old, new = before.get(name), after.get(name)
        if old != new:
            out.append(
                {
                    "field": name,
                    "label": label,
                    "old": _plain(old),
                    "new": _plain(new),
                    "rows": None,
                }
            )
    return out


def _plain(value: Any) -> str:
    """Return keywords or free extras as text."""
    if isinstance(value, dict):
        return "\n".join(
            f"{key}: {entry if isinstance(entry, str) else json.dumps(entry, ensure_ascii=False)}"
            for key, entry in value.items()
        )
    return ", ".join(value or [])


def _table(context: Context, resource_id: str | None) -> dict[str, Any] | None:
    """Return number of rows and columns of the table of a file; None for no table.

    Counted, not asked of ``datastore_search``, which says what CKAN remembers of the number.
    """
    if not resource_id or not p.plugin_loaded("datastore"):
        return None
    try:
        found = tk.get_action("datastore_info")(
            cast("Context", {"user": context.get("user")}), {"id": resource_id}
        )
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None
    columns = [field["id"] for field in found["fields"] if field["id"] != "_id"]
    return {"rows": found["meta"].get("count"), "columns": columns}


def _facts(file: Mapping[str, Any], table: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what a file is: its name or address, bytes, rows and columns."""
    return {
        "file": file.get("url"),
        "size": file.get("size"),
        "rows": table["rows"] if table else None,
        "columns": len(table["columns"]) if table else None,
    }


class _Files:
    """What becomes of files."""

    def __init__(self, context: Context, record_type: str, sources: Mapping[str, str]) -> None:
        self._context = context
        self._texts = _Texts(context)
        self._known = content.file_fields(record_type)
        #: Where new files lie: ids of the working copy by those on the record.
        self._sources = sources

    def of(
        self, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
    ) -> list[dict[str, Any]]:
        """Return the files that become others, in their order."""
        old, new = ({file["id"]: file for file in files} for files in (before, after))
        out = []
        for key in dict.fromkeys((*new, *old)):
            was, becomes = old.get(key), new.get(key)
            if was is None and becomes is not None:
                out.append(self._one(key, "added", None, becomes))
            elif becomes is None and was is not None:
                out.append(self._one(key, "removed", was, None))
            elif was and becomes and content.signature(was) != content.signature(becomes):
                out.append(self._one(key, "replaced", was, becomes))
            elif was and becomes and content.description(was) != content.description(becomes):
                out.append(self._one(key, "described", was, becomes))
        return out

    def _one(
        self,
        key: str,
        change: str,
        was: Mapping[str, Any] | None,
        becomes: Mapping[str, Any] | None,
    ) -> dict[str, Any]:
        """Return what becomes of one file."""
        apart = change != "described"
        old = _table(self._context, key) if was and apart else None
        new = _table(self._context, self._sources.get(key)) if becomes and apart else None
        before, after = (set(table["columns"]) if table else set() for table in (old, new))
        both = change == "replaced"
        named = becomes or was or {}
        return {
            "id": key,
            "name": named.get("name") or named.get("url"),
            "change": change,
            "fields": _fields(self._texts, self._known, was or {}, becomes or {}),
            "old": _facts(was, old) if was else None,
            "new": _facts(becomes, new) if becomes else None,
            "columns_added": [c for c in (new or {}).get("columns", []) if c not in before]
            if both
            else [],
            "columns_removed": [c for c in (old or {}).get("columns", []) if c not in after]
            if both
            else [],
        }


def compared(
    context: Context,
    record_type: str,
    before: Content,
    after: Content,
    sources: Mapping[str, str],
) -> dict[str, Any]:
    """Return the difference of two contents (:mod:`.content`): ``{"fields", "files"}``."""
    texts = _Texts(context)
    old, new = before["fields"], after["fields"]
    return {
        "fields": [*_fields(texts, content.fields(record_type), old, new), *_beside(old, new)],
        "files": _Files(context, record_type, sources).of(before["files"], after["files"]),
    }


def shown(context: Context, revision: Revision, plan: planning.Plan) -> dict[str, Any]:
    """Return the difference that a revisi makes, as the action shows it."""
    record_type = plan.record["type"]
    sources = {change.id: change.source for change in plan.merged.changes if change.source}
    earlier = None
    if revision.handed_in_before and revision.handed_in:
        earlier = compared(context, record_type, revision.handed_in_before, revision.handed_in, {})
    copy = model.Package.get(revision.shadow_id)
    return {
        "id": revision.shadow_id,
        "revision_of": {
            "id": plan.record["id"],
            "name": plan.record["name"],
            "title": plan.record.get("title") or plan.record["name"],
        },
        "base_version": revision.base_version,
        "version": store.version(copy),
        **compared(context, record_type, plan.before, plan.after, sources),
        "conflicts": [planning.conflict_text(plan, entry) for entry in plan.merged.conflicts],
        "since_return": earlier,
    }
