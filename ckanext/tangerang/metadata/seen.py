"""What a form was loaded with, so that it does not overwrite what has been saved since.

A form of CKAN sends the whole record, or the whole file: who sends one that was opened before an
approval would take the approved version back without knowing it.

Jobs change records too: the loader of tables notes at a file that it has a table, which moves
``metadata_modified`` of the file and of its dataset while somebody who has just uploaded it is
typing. That is nothing that a form sends, so forms say with a fingerprint what they send; they are
refused only when that has changed.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

if TYPE_CHECKING:
    from ckan.types import DataDict

#: The key that forms send: ``metadata_modified`` of the record, or the file, when they were opened;
#: after a space, the fingerprint of what was in the form.
SEEN: Final = "seen"

#: Columns of a record that no form of it sends, and that change without anybody's decision.
_NOT_OF_RECORD: Final = frozenset({"metadata_modified", "plugin_data"})
#: Columns of a file that its form sends, or that change with the file itself.
_OF_FILE: Final = ("name", "description", "format", "url", "url_type", "state", "last_modified")

_PACKAGE: Any = model.Package
_RESOURCE: Any = model.Resource


def _fingerprint(content: Any) -> str:
    """Return a short text that is another for other content."""
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _rows(kind: Any, *columns: str, **equal: str) -> list[list[Any]]:
    """Return columns of the active rows of a table, in an order of their own."""
    query = sa.select(*(getattr(kind, name) for name in columns))
    query = query.filter_by(state=model.State.ACTIVE, **equal)
    return sorted([list(row) for row in model.Session.execute(query)], key=str)


def _of_record(key: str, *, lock: bool) -> tuple[str, str] | None:
    """Return when a record last changed, and the fingerprint of what its form sends.

    :param key: id or name
    :param lock: keep it as it is until the end of the transaction
    :returns: None for one that is not there
    """
    query = sa.select(_PACKAGE.__table__).where(sa.or_(_PACKAGE.id == key, _PACKAGE.name == key))
    row = model.Session.execute(query.with_for_update() if lock else query).mappings().first()
    if row is None:
        return None
    content = (
        {name: value for name, value in row.items() if name not in _NOT_OF_RECORD},
        _rows(model.PackageTag, "tag_id", package_id=row["id"]),
        _rows(model.Member, "group_id", table_name="package", table_id=row["id"]),
    )
    return row["metadata_modified"].isoformat(), _fingerprint(content)


def _of_file(key: str, *, lock: bool) -> tuple[str, str] | None:
    """Return when a file last changed, and the fingerprint of what its form sends.

    :param key: id
    :param lock: keep its record as it is until the end of the transaction
    :returns: None for one that is not there
    """
    query = (
        sa.select(_RESOURCE.__table__, _PACKAGE.type.label("of"))
        .join(_PACKAGE, _PACKAGE.id == _RESOURCE.package_id)
        .where(_RESOURCE.id == key)
    )
    row = (
        model.Session.execute(query.with_for_update(of=_PACKAGE) if lock else query)
        .mappings()
        .first()
    )
    if row is None:
        return None
    schema = tk.h.scheming_get_dataset_schema(row["of"]) or {}
    names = {field["field_name"] for field in schema.get("resource_fields", ())}
    extras = {name: value for name, value in (row["extras"] or {}).items() if name in names}
    content = ({name: row[name] for name in _OF_FILE}, extras)
    return row["metadata_modified"].isoformat(), _fingerprint(content)


def of_form(shown: dict[str, Any], *, file: bool = False) -> str:
    """Return what a form sends as :data:`SEEN`.

    :param shown: the record, or the file, that the form was filled with
    :param file: it is a file
    :returns: empty for a new one
    """
    modified = shown.get("metadata_modified")
    if not modified or not shown.get("id"):
        return ""
    now = (_of_file if file else _of_record)(shown["id"], lock=False)
    # What was read before another change must not be taken for what is there now.
    return " ".join(now) if now and now[0] == modified else modified


def without(data_dict: DataDict, *, file: bool = False) -> DataDict:
    """Return what a save says without what its form has seen; refuse one that has seen another.

    The form gets the new version back with its message, so that sending it once more replaces what
    the other change did.

    :param data_dict: of ``package_update``, or of ``resource_update``
    :param file: it is about a file
    :raises ValidationError: when it was changed since
    """
    seen = data_dict.get(SEEN)
    if seen is None:
        return data_dict
    key = data_dict.get("id") or data_dict.get("name")
    now = (_of_file if file else _of_record)(key, lock=True) if isinstance(key, str) else None
    modified, _, fingerprint = seen.partition(" ") if isinstance(seen, str) else ("?", "", "")
    if now is None or not modified or modified == now[0] or fingerprint == now[1]:
        return {name: value for name, value in data_dict.items() if name != SEEN}
    model.Session.rollback()
    data_dict[SEEN] = " ".join(now)
    raise tk.ValidationError({SEEN: [file_text() if file else record_text()]})


def record_text() -> str:
    """Return that a record is another than the form was opened with."""
    return tk._(
        "This record was changed since you opened the form, perhaps in another window. "
        "What you typed stands below. To replace the other change by it, save again."
    )


def file_text() -> str:
    """Return that a file is another than the form was opened with."""
    return tk._(
        "This file was changed since you opened the form, perhaps in another window. "
        "What you typed stands below; choose the file to upload again. "
        "To replace the other change, save again."
    )
