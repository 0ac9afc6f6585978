"""Brings what workbooks hold into the portal: first as a dry run, then all of it or nothing.

The dry run asks CKAN's own validation of the record's type what it would say, so that nothing is
accepted here that the form or the API refuses, and stores nothing. Applying writes all new records
together (:mod:`.bulk`) and the others by ``package_update``, in one transaction of the database,
and has Solr commit once.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import plugins as lib_plugins
from ckan.lib.search import SearchIndexError
from ckan.plugins import plugin_loaded

from .. import working_copy
from ..interfaces import PAST_REVIEW
from ..lookups import remembered
from ..metadata import conditions, links, rows
from ..metadata.fields import (
    ACTIVITY_TYPE,
    INDICATOR_TYPE,
    Field,
    item_label,
    record_fields,
)
from ..metadata.logic.record_validators import activity_title, free_names
from ..metadata.navl import message
from ..metadata.values import Problem, as_list, is_empty
from . import bulk, layout
from .cells import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from ckan.types import Context

    from .reader import Book, Record, Trouble

#: Fields whose messages are CKAN's, about what the schema makes of other fields.
_MADE_OF = {"title": "judul_kegiatan", "name": "title"}
#: What an update never takes from the stored record: it is made anew.
_NOT_KEPT = ("metadata_modified", "organization", "num_resources", "num_tags")

#: Names of OPD that the resolver takes at once.
_MAX_ASKED = 5_000


@dataclass(slots=True)
class _Step:
    """A record of a workbook on its way into the portal."""

    book: int
    record: Record
    #: The activity of the same workbook, for an indicator.
    parent: _Step | None = None
    package: Any = None
    #: What ``package_create`` or ``package_update`` gets.
    data: dict[str, Any] = field(default_factory=dict)
    action: str = "none"
    changes: dict[str, list[Any]] = field(default_factory=dict)
    id: str | None = None
    name: str | None = None
    #: The record as validated, for a new one.
    stored: dict[str, Any] = field(default_factory=dict)
    #: The new record, in the session.
    made: Any = None


@dataclass(slots=True)
class Outcome:
    """What importing would do, or has done."""

    #: ``{"type", "id", "name", "action", "fields"}`` of each record, by workbook.
    changes: list[list[dict[str, Any]]]
    #: ``{"sheet", "cell", "field", "message"}``, by workbook.
    errors: list[list[dict[str, str]]]
    applied: bool = False

    @property
    def has_errors(self) -> bool:
        """Tell whether anything is wrong."""
        return any(self.errors)


def trouble_errors(troubles: Iterable[Trouble]) -> list[dict[str, str]]:
    """Return what the reader found as errors, in the language of the user."""
    return [
        {"sheet": t.sheet, "cell": t.cell, "field": t.field, "message": message(t.problem)}
        for t in troubles
    ]


def _stored(package: Any, name: str) -> Any:
    """Return the stored value of a field."""
    return getattr(package, name) if name in _COLUMNS else package.extras.get(name)


_COLUMNS = frozenset(
    {"title", "name", "owner_org", "private", "notes", "url", "version", "license_id"}
)


class _Importer:
    """Works through the records of some workbooks."""

    def __init__(self, context: Context, owner_org: str | None) -> None:
        self._user = context.get("user", "")
        self._account = model.User.get(self._user)
        self._auth_user = context.get("auth_user_obj") or self._account
        self._past_review = context.get(PAST_REVIEW)
        self._fields = {name: record_fields(name) for name in (ACTIVITY_TYPE, INDICATOR_TYPE)}
        self._by_name = {
            name: {f["field_name"]: f for f in fields} for name, fields in self._fields.items()
        }
        self._owner_org = owner_org
        self._organizations: list[dict[str, Any]] | None = None
        #: What the registry of OPD answered, by text.
        self._answers: dict[str, dict[str, Any]] = {}
        self._places = {name: links.places(fields) for name, fields in self._fields.items()}
        self._names: set[str] = set()
        #: Schemas with all validators, by type and action.
        self._schemas: dict[tuple[str, str], dict[str, Any]] = {}
        self._may_create: dict[tuple[str, str | None], bool] = {}
        self._identities: set[tuple[str, ...]] = set()
        self.outcome = Outcome([], [])
        self.steps: list[_Step] = []

    def _steps_of(self, books: Sequence[Book]) -> list[_Step]:
        """Return the records of more workbooks, which are on their way from now on."""
        made: list[_Step] = []
        for number, book in enumerate(books, start=len(self.outcome.changes)):
            parent = None
            for record in book.records:
                step = _Step(number, record)
                if record.type == ACTIVITY_TYPE:
                    parent = step
                else:
                    step.parent = parent
                made.append(step)
        self.outcome.changes += [[] for _ in books]
        self.outcome.errors += [trouble_errors(book.troubles) for book in books]
        self.steps += made
        return made

    def _context(self, **more: Any) -> Context:
        """Return a context of the caller for one call."""
        made: dict[str, Any] = {"user": self._user, "model": model, "session": model.Session}
        if self._auth_user is not None:
            made["auth_user_obj"] = self._auth_user
        if self._past_review:
            made[PAST_REVIEW] = self._past_review
        made |= more
        return cast("Context", made)

    def _error(
        self, step: _Step, name: str, text: str, cell: tuple[str, str] | None = None
    ) -> None:
        """Note an error of a record; the cell is that of the field unless given."""
        sheet, where = cell or step.record.cell_of(name)
        error = {"sheet": sheet, "cell": where, "field": name, "message": text}
        if error not in self.outcome.errors[step.book]:
            self.outcome.errors[step.book].append(error)

    # Which record is meant

    def _known_organizations(self) -> list[dict[str, Any]]:
        """Return the organizations in which the caller may create records."""
        if self._organizations is None:
            found: list[dict[str, Any]] = tk.get_action("organization_list_for_user")(
                self._context(), {"permission": "create_dataset"}
            )
            self._organizations = found
        return self._organizations

    def _organization(self, text: str | None) -> str | None:
        """Return the id of the caller's organization that ``text`` names.

        By id, name or title, or by whatever else matches it in the registry of OPD.
        """
        known = self._known_organizations()
        wanted = text or self._owner_org
        if wanted is None:
            return known[0]["id"] if len(known) == 1 else None
        named = [
            o["id"]
            for o in known
            if wanted in (o["id"], o["name"]) or fold(wanted) == fold(o["title"] or o["name"])
        ]
        if len(named) == 1:
            return named[0]
        match = self._resolved(wanted)["match"]
        return match["id"] if match and match["id"] in {o["id"] for o in known} else None

    def _resolved(self, text: str) -> dict[str, Any]:
        """Return what the registry of OPD, where there is one, says that ``text`` means.

        All texts of the workbooks that are looked at together are asked for at the first one that
        is no plain name.
        """
        if text not in self._answers and plugin_loaded("tangerang_opd"):
            texts = {str(step.record.values.get("owner_org") or text) for step in self.steps}
            asked = [text, *sorted(texts - {text, *self._answers})][:_MAX_ASKED]
            ask = tk.get_action("tangerang_opd_resolve_many")
            answers = ask(self._context(), {"q": asked})
            self._answers |= dict(zip(asked, answers, strict=True))
        return self._answers.get(text, {"match": None, "candidates": []})

    def _refusal(self, text: str | None) -> str:
        """Return why a text names no organization of the caller, with what it may mean."""
        if not text:
            return tk._("Name the OPD that this belongs to.")
        candidates = self._resolved(text)["candidates"]
        if candidates:
            names = "; ".join(c["title"] for c in candidates)
            return tk._('No OPD is called "{name}". Perhaps you mean: {names}.').format(
                name=text, names=names
            )
        said = tk._('You may not describe anything for the OPD "{name}", or there is none.')
        return said.format(name=text)

    def _set_organizations(self, steps: Sequence[_Step]) -> None:
        """Put the ids of organizations where the workbooks name them."""
        for step in steps:
            values = step.record.values
            text = values.get("owner_org")
            if text is None and step.package is not None:
                values.pop("owner_org", None)
                continue
            found = None
            if text is None and step.parent:
                parent = step.parent
                found = parent.record.values.get("owner_org") or getattr(
                    parent.package, "owner_org", None
                )
            found = found or self._organization(text)
            if found is None and step.package is not None and text is not None:
                stored = model.Group.get(step.package.owner_org)
                if stored is not None and fold(text) in {
                    fold(stored.title or ""),
                    fold(stored.name),
                }:
                    found = stored.id
            if found is None:
                self._error(step, "owner_org", self._refusal(text))
                step.record.unread.add("owner_org")
            values["owner_org"] = found

    def _find_by_id(self, steps: Sequence[_Step]) -> None:
        """Find the stored records that the workbooks name by their ids."""
        wanted = {step.record.id for step in steps if step.record.id}
        if not wanted:
            return
        package: Any = model.Package
        found = {
            p.id: p
            for p in model.Session.query(package).filter(
                package.id.in_(wanted), package.state != model.State.DELETED
            )
        }
        for step in steps:
            if not step.record.id:
                continue
            step.package = found.get(step.record.id)
            if step.package is None or step.package.type != step.record.type:
                step.package = None
                self._error(
                    step,
                    layout.ID_KEY,
                    tk._(
                        "No record has this ID. Empty the cell to make a new one, or download the "
                        "form of the record again."
                    ),
                )

    @staticmethod
    def _identity(record_type: str, values: Mapping[str, Any]) -> tuple[str, ...] | None:
        """Return what identifies a record of an organization besides its id."""
        names = ("judul_kegiatan", "tahun_kegiatan") if record_type == ACTIVITY_TYPE else ("title",)
        found = tuple(str(values.get(name) or "").strip() for name in names)
        return (record_type, str(values.get("owner_org")), *found) if found[0] else None

    def _matches(self, wanted: Collection[tuple[str, ...]]) -> dict[tuple[str, ...], list[Any]]:
        """Return the stored records that have one of some identities, by one query."""
        matches: dict[tuple[str, ...], list[Any]] = defaultdict(list)
        if not wanted:
            return matches
        package: Any = model.Package
        stored = model.Session.query(package).filter(
            package.type.in_({identity[0] for identity in wanted}),
            package.owner_org.in_({identity[1] for identity in wanted}),
            package.state != model.State.DELETED,
            working_copy.is_record(package),
            _title(package).in_({identity[2] for identity in wanted}),
        )
        for found in stored:
            values = {**found.extras, "title": found.title, "owner_org": found.owner_org}
            identity = self._identity(found.type, values)
            if identity:
                matches[identity].append(found)
        return matches

    def _find_by_title(self, steps: Sequence[_Step]) -> None:
        """Find records that a workbook without ids has made before, by OPD, title and year."""
        wanted: dict[tuple[str, ...], _Step] = {}
        for step in steps:
            if step.record.id or step.package is not None:
                continue
            identity = self._identity(step.record.type, step.record.values)
            if identity in self._identities:
                name = "judul_kegiatan" if step.record.type == ACTIVITY_TYPE else "title"
                self._error(step, name, tk._("The workbooks hold this record a second time."))
            elif identity:
                self._identities.add(identity)
                wanted[identity] = step
        matches = self._matches(wanted)
        for identity, step in wanted.items():
            found = matches.get(identity, [])
            if len(found) == 1:
                step.package = found[0]
            elif found:
                name = "judul_kegiatan" if identity[0] == ACTIVITY_TYPE else "title"
                self._error(
                    step,
                    name,
                    tk._(
                        "Several records of this OPD have this title. Download the form of the "
                        "one you mean, so that the workbook holds its ID."
                    ),
                )

    # What it would be

    @staticmethod
    def _give_names(steps: Sequence[_Step]) -> None:
        """Give new records names that no others have, as a form does, but for all at once."""
        new = [step for step in steps if step.package is None]
        names = free_names((_shown_title(step.record) or "", step.record.type) for step in new)
        for step, name in zip(new, names, strict=True):
            step.name = name

    def _keep_codes(self, step: _Step) -> None:
        """Give variables without a code the one that the stored variable of that name has."""
        sent = step.record.values.get(layout.VARIABLES)
        if not sent or step.package is None or step.record.complete is not None:
            return
        stored = [
            row
            for row in as_list(step.package.extras.get(layout.VARIABLES) or [])
            if isinstance(row, dict)
        ]
        used = {row.get("kode") for row in sent}
        by_name: dict[str, list[str]] = defaultdict(list)
        for row in stored:
            if row.get("kode") not in used:
                by_name[fold(row.get("nama", ""))].append(row["kode"])
        for row in sent:
            codes = by_name.get(fold(str(row.get("nama", ""))), [])
            if not row.get("kode") and codes:
                row["kode"] = codes.pop(0)

    def _data(self, step: _Step) -> dict[str, Any]:
        """Return what the action gets: the stored record with the workbook's values."""
        record = step.record
        known = self._by_name[record.type]
        if step.package is None:
            data: dict[str, Any] = {"type": record.type, "private": True}
        else:
            data = tk.get_action("package_show")(self._context(), {"id": step.package.id})
            data = {name: value for name, value in data.items() if name not in _NOT_KEPT}
            if record.complete is not None:
                record.complete(data)
        values = {
            name: value
            for name, value in record.values.items()
            if name in known and name not in record.unread
        }
        if record.private is not None:
            data["private"] = record.private
        for name, value in values.items():
            if is_empty(value):
                data.pop(name, None)
            else:
                data[name] = value
        if step.parent and not data.get("kegiatan"):
            activity = step.parent.package or step.parent.made
            if activity is not None:
                data["kegiatan"] = activity.id
        return data

    def _may(self, step: _Step) -> bool:
        """Tell whether the caller may create or change the record."""
        if step.package is not None:
            try:
                tk.check_access("package_update", self._context(), {"id": step.package.id})
            except tk.NotAuthorized:
                return False
            return True
        key = (step.record.type, step.record.values.get("owner_org"))
        if key not in self._may_create:
            try:
                tk.check_access(
                    "package_create", self._context(), {"type": key[0], "owner_org": key[1]}
                )
                self._may_create[key] = True
            except tk.NotAuthorized:
                self._may_create[key] = False
        return self._may_create[key]

    def _cascaded(self, record: Record) -> set[str]:
        """Return the fields that can not be judged, because others could not be read."""
        fields = self._fields[record.type]
        out = set(record.unread)
        changed = True
        while changed:
            more = {
                f["field_name"]
                for f in fields
                if out & {*f.get("open_when", {}), f.get("choices_by", {}).get("field")}
            } - out
            out |= more
            changed = bool(more)
        return out

    def _row_errors(self, step: _Step, spec: Field, data: Mapping[str, Any]) -> bool:
        """Note what is wrong with the cells of rows; tell whether that explains the messages."""
        name = spec["field_name"]
        try:
            rows.read(data.get(name), spec)
        except rows.RowProblems as found:
            for number, column, problem in found.problems:
                self._error(step, name, message(problem), step.record.cell_of(name, number, column))
            return True
        except Problem:
            return False
        lacking = [
            item
            for item in conditions.missing(self._fields[step.record.type], data)
            if item.field == name and item.row is not None
        ]
        for item in lacking:
            column = next(c for c in spec["row_fields"] if c["field_name"] == item.subfield)
            cell = step.record.cell_of(name, item.row, item.subfield)
            if (name, item.row, item.subfield) not in step.record.cells:
                cell = self._beside(step.record, name, item.row, item.subfield)
            self._error(
                step,
                name,
                tk._("{item}: this must be filled in.").format(item=item_label(spec, column)),
                cell,
            )
        return bool(lacking)

    def _beside(
        self, record: Record, name: str, row: int | None, column: str | None
    ) -> tuple[str, str]:
        """Return the empty cell of a row, told by the column of another row that fills it."""
        near = record.cell_of(name, row)
        for place, cell in record.cells.items():
            if place[0] == name and place[2] == column and place[1] is not None:
                letters = cell[1].rstrip("0123456789")
                return cell[0], letters + near[1].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        return near

    def _note(self, step: _Step, errors: Mapping[str, Any], data: Mapping[str, Any]) -> None:
        """Note the messages of CKAN's validation at their cells."""
        ignored = self._cascaded(step.record)
        by_name = self._by_name[step.record.type]
        for name, found in errors.items():
            if name in ignored or (name.startswith("__") and not found):
                continue
            shown_name = name if name in step.record.values else _MADE_OF.get(name, name)
            spec = by_name.get(name)
            if spec and spec.get("row_fields") and self._row_errors(step, spec, data):
                continue
            for text in _messages(found):
                self._error(step, shown_name, text)

    def _validate_first(
        self, record_type: str, action: str, context: Context, sent: dict[str, Any]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Validate a record as CKAN does, and keep the schema for the others of its type.

        Scheming fills the schema that it is given with the validators of its fields, for each
        record anew, though they depend on the type and the action alone.
        """
        plugin: Any = lib_plugins.lookup_package_plugin(record_type)
        create = action == "package_create"
        schema = plugin.create_package_schema() if create else plugin.update_package_schema()
        fields = self._by_name[record_type]
        for name in fields:
            # A field that the schema has already is validated by scheming in the same way, but
            # left where it is: looking for the next free place among the extras, for each of a
            # hundred fields, takes as long as everything else.
            schema.setdefault(name, [])
        data, errors = lib_plugins.plugin_validate(plugin, context, sent, schema, action)
        filled = all(schema[name] for name in fields)
        if filled and not any("repeating_subfields" in f for f in fields.values()):
            self._schemas[record_type, action] = schema
        return data, errors

    def _validate(self, step: _Step) -> dict[str, Any] | None:
        """Return the record as it would be stored; None, and errors, for what is refused."""
        create = step.package is None
        context = self._context() if create else self._context(package=step.package)
        sent = {**step.data, "name": step.name} if create else {**step.data, "id": step.package.id}
        action = "package_create" if create else "package_update"
        schema = self._schemas.get((step.record.type, action))
        if schema is not None:
            data, errors = tk.navl_validate(sent, schema, context)
        else:
            data, errors = self._validate_first(step.record.type, action, context, sent)
        if errors:
            self._note(step, errors, step.data)
            return None
        return data

    def _compare(self, step: _Step, data: Mapping[str, Any]) -> None:
        """Tell which fields the record changes."""
        by_name = {**self._by_name[step.record.type], "private": {"field_name": "private"}}
        old_private = None if step.package is None else bool(step.package.private)
        for name, spec in by_name.items():
            if name == "private":
                old, new = old_private, bool(data.get("private", old_private))
            else:
                before = None if step.package is None else _stored(step.package, name)
                after = data.get(name)
                if name == "owner_org" and after is None:
                    after = before
                old, new = bulk.shown_value(spec, before), bulk.shown_value(spec, after)
            if old != new:
                step.changes[name] = [old, new]
        if step.parent and step.parent.made is not None and "kegiatan" in step.changes:
            # The activity is new as well: its title says more than an id that nobody knows yet.
            title = step.parent.record.values.get("judul_kegiatan")
            step.changes["kegiatan"][1] = title
        step.action = "create" if step.package is None else "update" if step.changes else "none"
        step.id = step.package.id if step.package is not None else None
        step.name = data.get("name") or getattr(step.package, "name", None)

    def dry_run(self, books: Sequence[Book]) -> None:
        """Find what each record of more workbooks would change, and everything that is wrong."""
        steps = self._steps_of(books)
        self._find_by_id(steps)
        self._set_organizations(steps)
        self._find_by_title(steps)
        self._give_names(steps)
        for step in steps:
            if step.record.id and step.package is None:
                continue
            if "owner_org" in step.record.unread:
                continue
            if not self._may(step):
                self._error(
                    step, "owner_org", tk._("You may not change this record, or create it.")
                )
                continue
            self._keep_codes(step)
            step.data = self._data(step)
            self._check_unread(step)
            if links.extract(self._places[step.record.type], step.data):
                model.Session.flush()  # it may name new records of the same workbooks
            # Queries of the validators need not see the other new records, whose names are known
            # here; writing each before the next is looked at would take a third of the time.
            with model.Session.no_autoflush:
                stored = self._validate(step)
            # What is refused is shown as it was sent, beside what is wrong with it.
            self._compare(step, step.data if stored is None else stored)
            if stored is not None and step.package is None:
                self._stage(step, stored)

    def _check_unread(self, step: _Step) -> None:
        """Note what is wrong with the other cells of rows of which some could not be read."""
        for name in step.record.unread:
            spec = self._by_name[step.record.type].get(name, {})
            if not spec.get("row_fields"):
                continue
            try:
                rows.read(step.record.values.get(name), spec)
            except rows.RowProblems as found:
                for number, column, problem in found.problems:
                    cell = step.record.cell_of(name, number, column)
                    self._error(step, name, message(problem), cell)
            except Problem as problem:
                self._error(step, name, message(problem))

    def _stage(self, step: _Step, stored: dict[str, Any]) -> None:
        """Put a new record into the session, so that the records after it can link to it."""
        if stored["name"] in self._names:
            stored["name"] = f"{stored['name']}-{uuid.uuid4().hex[:8]}"
        self._names.add(stored["name"])
        step.stored, step.name = stored, stored["name"]
        step.made = bulk.new_package(stored, self._by_name[step.record.type], self._account)

    # Making it so

    def forget(self) -> None:
        """Give up what the dry run has put into the session."""
        model.Session.rollback()

    def apply(self) -> None:
        """Save all records, or none.

        Each save writes into one transaction, which is given up as soon as one is refused.
        """
        created = [step for step in self.steps if step.made is not None]
        updated = [step for step in self.steps if step.action == "update"]
        at = None
        try:
            bulk.write([step.made for step in created])
            bulk.tell_plugins([(step.made, step.stored) for step in created], self._context())
            for at in updated:
                tk.get_action("package_update")(
                    self._context(defer_commit=True, return_id_only=True),
                    {**at.data, "id": at.package.id},
                )
            ids = [step.made.id for step in created]
            bulk.publish(
                [step.made for step in created],
                [step.package for step in updated],
                self._context(),
                self._account,
            )
        except tk.ValidationError as error:
            model.Session.rollback()
            if at is not None:
                self._note(at, error.error_dict, at.data)
            return
        except SearchIndexError as error:
            raise tk.ValidationError(
                {"upload": [tk._("The search engine refused this: {reason}").format(reason=error)]}
            ) from error
        except BaseException:
            model.Session.rollback()
            raise
        self.outcome.applied = True
        for step, record_id in zip(created, ids, strict=True):
            step.id = record_id

    def finish(self) -> Outcome:
        """Return the outcome with the changes of each workbook."""
        for step in self.steps:
            if not step.data:
                continue
            self.outcome.changes[step.book].append(
                {
                    "type": step.record.type,
                    "id": step.id,
                    "name": step.name,
                    "action": step.action,
                    "fields": step.changes,
                }
            )
        return self.outcome


def _title(package: Any) -> Any:
    """Return the SQL expression of the title on the form: of an activity without its year."""
    return sa.func.coalesce(package.extras["judul_kegiatan"].astext, package.title)


def _shown_title(record: Record) -> str | None:
    """Return the title that CKAN will show of a new record."""
    values = record.values
    if record.type == ACTIVITY_TYPE:
        return activity_title(values.get("judul_kegiatan"), values.get("tahun_kegiatan"))
    return values.get("title")


def _messages(found: Any) -> list[str]:
    """Return the messages of one field, however CKAN nests them."""
    if isinstance(found, str):
        return [found]
    if isinstance(found, dict):
        return [text for part in found.values() for text in _messages(part)]
    return [text for part in found or [] for text in _messages(part)]


#: Workbooks that are looked at together.
_CHUNK = 50


def run(
    context: Context,
    books: Iterable[Book],
    *,
    may_apply: Callable[[], bool],
    owner_org: str | None = None,
) -> Outcome:
    """Import workbooks with the rights of the caller.

    :param books: what was read of them; they are looked at while more are being read
    :param may_apply: tells, once all are read, whether they may be stored if nothing is wrong
    :param owner_org: id, name or title of the OPD, where a workbook names none
    """
    importer = _Importer(context, owner_org)
    rest = iter(books)
    with bulk.accompanied(context):
        # Each validation of a record looks its user and its organization up several times.
        with remembered(model.User, model.Group):
            while chunk := list(islice(rest, _CHUNK)):
                importer.dry_run(chunk)
        if may_apply() and not importer.outcome.has_errors:
            importer.apply()
        else:
            importer.forget()
    return importer.finish()
