"""Validators of the BPS forms (``schemas/kegiatan.yaml``, ``schemas/indikator.yaml``).

Those named ``tangerang_record_…`` look at the whole record. What they judge is said in the
schema; the rules themselves are in :mod:`..conditions`.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan import plugins as p
from ckan.lib.munge import munge_title_to_name

from ...config import region_code
from ...interfaces import IRecordCheck, IRecordGuard
from .. import conditions, config, regions, rows, values
from ..codelists import label
from ..fields import ACTIVITY_TYPE, item_label
from ..language import current_language, localized
from ..navl import (
    CellMessage,
    field_value,
    fill,
    message,
    reading,
    scheming_validator,
    stored_record,
)
from ..visibility import will_be_public

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey, Validator

    from ..fields import Field

#: Words of addresses below ``/kegiatan`` and ``/indikator``, so that no record may have them.
RESERVED_NAMES = frozenset({"new", "impor", "edit", "formulir", "indah", "salin"})
#: More messages about one item than this help nobody.
_MESSAGES = 50
#: How far the periods of an activity may lie from its year.
_YEARS = 5
#: Longest address that is made of a title; CKAN's own limit is 100.
_NAME = 90

tangerang_year = reading(values.read_year)
tangerang_date = reading(values.read_date)
tangerang_number = reading(values.read_number)
tangerang_lines = reading(values.read_lines)
tangerang_web_address = reading(values.read_web_address)


def _read_phone(value: Any) -> str | None:
    """Return a telephone number, or what says that there is none."""
    return values.read_text(value, 20) if conditions.is_nil(value) else values.read_phone(value)


tangerang_phone_or_nil = reading(_read_phone)


tangerang_known_regions = reading(regions.read_known_regions)


def row_messages(field: Field, found: rows.RowProblems) -> list[str]:
    """Return what is wrong with the rows of an item, one sentence per cell.

    :param field: the item
    """
    columns = {column["field_name"]: column for column in field["row_fields"]}
    what = localized(field.get("row_label", field["label"]))
    texts: list[str] = []
    for number, name, problem in found.problems:
        text = message(problem)
        place = f"{what} {number}" + (f", {item_label(field, columns[name])}" if name else "")
        texts.append(CellMessage(f"{place}: {text}", number, name, text))
    if len(texts) > _MESSAGES:
        more = tk._("… and {count} more.").format(count=len(texts) - _MESSAGES)
        texts = [*texts[:_MESSAGES], more]
    return texts


@scheming_validator
def tangerang_rows(field: Field, schema: dict[str, Any]) -> Validator:  # noqa: ARG001
    """Return a validator for the rows of ``field``; rows with a code each are given theirs."""
    name = field.get("row_code")

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        value = data.get(key, tk.missing)
        try:
            read = [] if value is tk.missing else rows.read(value, field)
        except rows.RowProblems as found:
            errors[key].extend(row_messages(field, found))
            raise tk.StopOnError from found
        except values.Problem as problem:
            errors[key].append(message(problem))
            raise tk.StopOnError from problem
        if not read:
            data.pop(key, None)
            raise tk.StopOnError
        if name and not all(row.get(name) for row in read):
            stored = stored_record(context, data, "package")
            before = values.as_list(stored.extras.get(field["field_name"])) if stored else []
            read = rows.with_codes(read, name, [row for row in before if isinstance(row, dict)])
        data[key] = rows.dump(read)

    return validator


def tangerang_record_name(value: Any) -> Any:
    """Refuse names that are addresses of pages.

    :raises Invalid: for such a name
    """
    if value in RESERVED_NAMES:
        raise tk.Invalid(
            tk._('"{name}" is the address of a page here. Choose another name.').format(name=value)
        )
    return value


def free_names(records: Iterable[tuple[str, str]]) -> list[str]:
    """Return names for new records that no others have, by one query.

    :param records: title and type of each
    """
    wanted: list[str] = []
    for title, record_type in records:
        name = munge_title_to_name(title)[:_NAME].strip("-_")
        if len(name) < 2 or name in RESERVED_NAMES:  # noqa: PLR2004 - CKAN's shortest name
            name = f"{record_type}-{uuid.uuid4().hex[:8]}"
        wanted.append(name)
    package: Any = model.Package
    taken = set(model.Session.scalars(sa.select(package.name).where(package.name.in_(wanted))))
    out: list[str] = []
    for name in wanted:
        out.append(f"{name}-{uuid.uuid4().hex[:8]}" if name in taken else name)
        taken.add(name)
    return out


def free_name(title: str, record_type: str) -> str:
    """Return a name for a new record that no other has."""
    return free_names([(title, record_type)])[0]


def activity_title(title: Any, year: Any) -> str | None:
    """Return CKAN's title of an activity; None where that on the form is none.

    :param title: the title on the form, as it was sent
    :param year: the year of the activity, as it was sent
    """
    title, year = _clean(title), _clean(year)
    return title if not title or not year or year in title else f"{title} {year}"


def _fill_activity_title(data: FlattenDataDict) -> None:
    """Make CKAN's title of the title and the year on the form, or the other way round."""
    fill(data, "judul_kegiatan", field_value(data, "title"))
    title = activity_title(field_value(data, "judul_kegiatan"), field_value(data, "tahun_kegiatan"))
    if title:
        data[("title",)] = title


def _clean(value: Any) -> str | None:
    """Return a value that was sent as the text that will be stored; None for what is wrong."""
    try:
        return None if value is None else values.read_text(value)
    except values.Problem:
        return None  # reported at the field


def _automatic(source: str, opd: Any) -> Any:
    """Return the value that ``auto`` of a field names; None where it is not known."""
    if source == "region":
        return [region_code()]
    name = source.removeprefix("opd:")
    if opd is None:
        return None
    return opd.title if name == "title" else opd.extras.get(name)


@scheming_validator
def tangerang_record_fill(field: Field, schema: dict[str, Any]) -> Validator:  # noqa: ARG001
    """Return a ``__before`` validator that fills what the portal knows by itself.

    ``default`` and ``fill`` of the schema; ``auto`` from the OPD or the configured region; title
    and name. Only empty items that are asked are filled, in form order, because one may open the
    next, and always in the same way, so that saving twice changes nothing.
    """
    fields = schema["dataset_fields"]
    record_type = schema["dataset_type"]

    def validator(
        key: FlattenKey,  # noqa: ARG001
        data: FlattenDataDict,
        errors: FlattenErrorDict,  # noqa: ARG001
        context: Context,
    ) -> None:
        stored = stored_record(context, data, "package")
        owner = field_value(data, "owner_org") or (stored.owner_org if stored else None)
        opd: Any = model.Group.get(owner) if isinstance(owner, str) else None
        opd = opd if opd is not None and opd.is_organization else None
        for f in fields:
            value = f.get("fill", f.get("default"))
            if value is None and "auto" in f:
                value = _automatic(f["auto"], opd)
            if value and field_value(data, f["field_name"]) is None:
                record = {g["field_name"]: field_value(data, g["field_name"]) for g in fields}
                if f["field_name"] in conditions.open_names(fields, record):
                    fill(data, f["field_name"], value)
        if record_type == ACTIVITY_TYPE:
            _fill_activity_title(data)
        if not stored:
            title = field_value(data, "title")
            if field_value(data, "name") is None:
                data[("name",)] = free_name(title if isinstance(title, str) else "", record_type)

    return validator


def _condition_text(f: Mapping[str, Any], fields: Mapping[str, Field]) -> str:
    """Return the condition of an item in words: other items and their values."""
    lang = current_language()
    parts = []
    for name, allowed in f["open_when"].items():
        parent = fields[name]
        choices = " / ".join(label(parent["codelist"], value, lang) for value in allowed)
        parts.append(f"{item_label(parent)} = {choices}")
    return "; ".join(parts)


def _check_years(record: Mapping[str, Any], fields: list[Field], errors: FlattenErrorDict) -> None:
    """Check that the periods of an activity lie near its year, where both can be read."""
    if errors.get(("tahun_kegiatan",)) or not record.get("tahun_kegiatan"):
        return
    year = int(record["tahun_kegiatan"])
    for f in fields:
        if f.get("kind") not in ("periods", "releases") or errors.get((f["field_name"],)):
            continue
        for row in values.as_list(record.get(f["field_name"]) or []):
            for text in row.values() if isinstance(row, dict) else []:
                bounds = values.period_bounds(text)
                if bounds and abs(bounds[0].year - year) > _YEARS:
                    errors[(f["field_name"],)].append(
                        tk._(
                            "{day} is more than {count} years from the year of the activity."
                        ).format(day=date.isoformat(bounds[0]), count=_YEARS)
                    )


@scheming_validator
def tangerang_record_rules(field: Field, schema: dict[str, Any]) -> Validator:  # noqa: ARG001
    """Return an ``__after`` validator for what items say together.

    A value in an item that is not asked, and a choice that another answer rules out, are refused:
    they would be kept unseen. Nothing is dropped silently.
    """
    fields = schema["dataset_fields"]
    by_name = {f["field_name"]: f for f in fields}

    def validator(
        key: FlattenKey,  # noqa: ARG001
        data: FlattenDataDict,
        errors: FlattenErrorDict,
        context: Context,  # noqa: ARG001
    ) -> None:
        record = {name: field_value(data, name) for name in by_name}
        for f in conditions.closed_values(fields, record):
            errors[(f["field_name"],)].append(
                tk._("This is asked only when {condition}. Leave it empty.").format(
                    condition=_condition_text(f, by_name)
                )
            )
        for f in fields:
            name = f["field_name"]
            if "choices_by" in f and record[name] and not errors.get((name,)):
                allowed = conditions.allowed_choices(f, record)
                if record[name] not in allowed:
                    lang = current_language()
                    errors[(name,)].append(
                        tk._("{parent} allows only: {choices}.").format(
                            parent=item_label(by_name[f["choices_by"]["field"]]),
                            choices="; ".join(label(f["codelist"], k, lang) for k in allowed),
                        )
                    )
        _check_years(record, fields, errors)

    return validator


def missing_messages(fields: list[Field], record: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what ``record`` lacks, by field: number and label of the item, and for rows the row.

    :param fields: fields of a schema
    :param record: values by field name, as stored or as shown
    """
    by_name = {f["field_name"]: f for f in fields}
    out: dict[str, list[str]] = {}
    for item in conditions.missing(fields, record):
        f = by_name[item.field]
        if item.subfield is None:
            text = tk._("{item}: this must be filled in.").format(item=item_label(f))
        else:
            column = next(c for c in f["row_fields"] if c["field_name"] == item.subfield)
            text = CellMessage(
                tk._("{what} {number}, {item}: this must be filled in.").format(
                    what=localized(f.get("row_label", f["label"])),
                    number=item.row,
                    item=item_label(f, column),
                ),
                item.row or 0,
                item.subfield,
                tk._("This must be filled in."),
            )
        found = out.setdefault(item.field, [])
        if len(found) < _MESSAGES:
            found.append(text)
    return out


@scheming_validator
def tangerang_record_complete(field: Field, schema: dict[str, Any]) -> Validator:  # noqa: ARG001
    """Return an ``__after`` validator: what is active and public has every needed item."""
    fields = schema["dataset_fields"]

    def validator(
        key: FlattenKey,  # noqa: ARG001
        data: FlattenDataDict,
        errors: FlattenErrorDict,
        context: Context,
    ) -> None:
        stored = stored_record(context, data, "package")
        if not config.require_complete() or not will_be_public(data, stored):
            return
        record = {f["field_name"]: field_value(data, f["field_name"]) for f in fields}
        if stored:
            record["owner_org"] = record["owner_org"] or stored.owner_org
        for name, texts in missing_messages(fields, record).items():
            if not errors.get((name,)):
                errors[(name,)].extend(texts)

    return validator


@scheming_validator
def tangerang_record_guard(field: Field, schema: dict[str, Any]) -> Validator:  # noqa: ARG001
    """Return an ``__after`` validator that asks the plugins which guard records."""

    def validator(
        key: FlattenKey,  # noqa: ARG001
        data: FlattenDataDict,
        errors: FlattenErrorDict,
        context: Context,
    ) -> None:
        stored = stored_record(context, data, "package")
        public = will_be_public(data, stored)
        for plugin in p.PluginImplementations(IRecordGuard):
            reason = plugin.refuse_record(context, stored, public=public)
            if reason:
                errors[("private",)].append(reason)
        fields = {
            key[0]: value
            for key, value in data.items()
            if len(key) == 1 and value is not tk.missing
        }
        for plugin in p.PluginImplementations(IRecordCheck):
            for name, texts in plugin.check_record(context, stored, fields, public=public).items():
                errors[(name,)].extend(texts)

    return validator
