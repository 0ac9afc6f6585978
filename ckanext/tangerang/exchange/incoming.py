"""Brings files of INDAH and DDI into the portal, by the dry run of the workbooks."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from ckan import model

from ..metadata.fields import ACTIVITY_TYPE, INDICATOR_TYPE
from ..metadata.navl import message
from ..metadata.values import N_, Problem
from ..workbook import importer
from . import completing, ddi, documents, indah, opening, records

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ckan.types import Context

    from ..workbook.reader import Record
    from .documents import Incoming


@dataclass(slots=True)
class _Read:
    """What was read of an upload: the books, each with the name of its file."""

    books: list[Incoming] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    #: ID that INDAH gave the activity of an indicator, by the place of its book.
    parents: dict[int, str] = field(default_factory=dict)


def _read(sources: Iterable[opening.Source]) -> _Read:
    """Return what the files of an upload hold.

    :raises Problem: for a file that can not be read, naming it
    """
    out = _Read()
    found: list[tuple[str, documents.Document]] = []
    for source in sources:
        try:
            if opening.is_xml(source):
                out.books.append(ddi.book(opening.text_of(source.content)))
                out.files.append(source.name)
            else:
                made = documents.found(opening.read_json(source.content))
                found += [(source.name, document) for document in made]
        except Problem as problem:
            raise Problem(
                N_("{file}: {problem}"), file=source.name, problem=message(problem)
            ) from problem
        if len(found) > documents.MAX_DOCUMENTS:
            raise Problem(N_("This upload holds too many documents. Send it in parts."))
    names = {id(document): name for name, document in found}
    reader = documents.Reader(records.schemas(), records.regions())
    for document in documents.together([document for _, document in found]):
        out.parents[len(out.books)] = document.parent_id
        out.books.append(reader.book(document))
        out.files.append(names[id(document)])
    return out


def _stored_ids(record_type: str, ids: Collection[str]) -> dict[str, str]:
    """Return the records that INDAH has given ids, by that id; none where two have the same."""
    if not ids:
        return {}
    package: Any = model.Package
    key = package.extras[indah.ID_FIELDS[record_type]].astext
    found: dict[str, list[str]] = {}
    for own, theirs in (
        model.Session.query(package.id, key)
        .filter(package.type == record_type, package.state != model.State.DELETED)
        .filter(key.in_(sorted(ids)))
    ):
        found.setdefault(theirs, []).append(own)
    return {theirs: own[0] for theirs, own in found.items() if len(own) == 1}


def _prepare(context: Context, read: _Read) -> None:
    """Tell the records of files which stored ones they are, and what completes them."""
    schemas = records.schemas()
    every = [record for book in read.books for record in book.records]
    for record_type in (ACTIVITY_TYPE, INDICATOR_TYPE):
        name = indah.ID_FIELDS[record_type]
        given = {str(r.values[name]) for r in every if r.type == record_type and r.values.get(name)}
        stored = _stored_ids(record_type, given)
        for record in every:
            if record.type == record_type and name not in record.unread:
                record.id = stored.get(str(record.values.get(name)))
    _name_activities(read)
    for record in every:
        fields = schemas[record.type]["dataset_fields"]
        record.complete = partial(_complete, context, record, fields)


def _complete(context: Context, record: Record, fields: Any, stored: Any) -> None:
    """Complete a record by the stored one; links of its rows as the caller may see them."""

    def names(nested: Any, shown: Any) -> Any:
        return records.names_of(context, nested, shown)

    completing.complete(record, fields, stored, names)


def _name_activities(read: _Read) -> None:
    """Link indicators that came without their activity to the stored one that INDAH names."""
    stored = _stored_ids(ACTIVITY_TYPE, {given for given in read.parents.values() if given})
    for at, given in read.parents.items():
        book = read.books[at]
        if given in stored and [record.type for record in book.records] == [INDICATOR_TYPE]:
            book.records[0].values["kegiatan"] = stored[given]


@dataclass(slots=True)
class Result:
    """What importing would do, or has done, with the name of its file in every entry."""

    changes: list[dict[str, Any]]
    errors: list[dict[str, str]]
    #: What the files hold and the portal has no place for.
    unplaced: list[dict[str, str]]
    applied: bool


def run(
    context: Context, content: bytes, name: str, *, limit: int, dry_run: bool, owner_org: str | None
) -> Result:
    """Import an upload with the rights of the caller, all of it or nothing.

    :param name: what the upload is called
    :param limit: largest number of bytes
    :param owner_org: id, name or title of the OPD, where a file names none
    :raises Problem: for an upload that can not be read
    """
    read = _read(opening.sources(content, name, limit))
    _prepare(context, read)
    outcome = importer.run(context, read.books, may_apply=lambda: not dry_run, owner_org=owner_org)

    def with_file(entries: Iterable[list[Any]]) -> list[Any]:
        return [
            {"file": file, **entry}
            for file, found in zip(read.files, entries, strict=True)
            for entry in found
        ]

    return Result(
        changes=with_file(outcome.changes),
        errors=with_file(outcome.errors),
        unplaced=with_file(book.unplaced for book in read.books),
        applied=outcome.applied,
    )
