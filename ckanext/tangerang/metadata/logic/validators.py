"""Validators of the dataset schema (``schemas/dataset.yaml``).

Those named ``tangerang_dataset_…`` look at the whole record; they run before or after the
validators of the fields. A value that only some roles may set, or that some records need, is
judged here, because every path (form, API, patch, revise, bulk, harvest) comes through here.
"""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from ckan import model

from ...config import region_code
from .. import completeness, config, kamus, link_store, topics, values
from ..codelists import canonical, codelist
from ..navl import (
    field_value,
    fill,
    is_privileged,
    message,
    reading,
    scheming_validator,
    stored_record,
)
from ..roles import acts_as_walidata
from ..visibility import will_be_public
from .link_validators import (
    kamus_values,
    tangerang_indicator_values,
    tangerang_links_check,
    tangerang_links_in_use,
    tangerang_links_resolve,
)
from .message_validators import labelled, tangerang_messages
from .record_validators import (
    tangerang_date,
    tangerang_known_regions,
    tangerang_lines,
    tangerang_number,
    tangerang_phone_or_nil,
    tangerang_record_complete,
    tangerang_record_fill,
    tangerang_record_guard,
    tangerang_record_name,
    tangerang_record_rules,
    tangerang_rows,
    tangerang_web_address,
    tangerang_year,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey, Validator

    from ..fields import Field

#: What scheming finds by name; some are made by factories, so CKAN can not tell them by itself.
__all__ = [
    "tangerang_choice",
    "tangerang_choices",
    "tangerang_dataset_complete",
    "tangerang_dataset_dates",
    "tangerang_dataset_fill",
    "tangerang_dataset_walidata_only",
    "tangerang_date",
    "tangerang_flag",
    "tangerang_identifier",
    "tangerang_indicator_values",
    "tangerang_kamus",
    "tangerang_known_regions",
    "tangerang_lines",
    "tangerang_link_readable",
    "tangerang_links_check",
    "tangerang_links_in_use",
    "tangerang_links_resolve",
    "tangerang_messages",
    "tangerang_number",
    "tangerang_period",
    "tangerang_period_or_range",
    "tangerang_phone",
    "tangerang_phone_or_nil",
    "tangerang_record_complete",
    "tangerang_record_fill",
    "tangerang_record_guard",
    "tangerang_record_name",
    "tangerang_record_rules",
    "tangerang_release",
    "tangerang_rows",
    "tangerang_sipd_indicators",
    "tangerang_table_schema",
    "tangerang_text",
    "tangerang_web_address",
    "tangerang_words",
    "tangerang_year",
    "tangerang_years",
]

tangerang_words = reading(values.read_words)
tangerang_years = reading(values.read_years)
tangerang_sipd_indicators = reading(values.read_sipd_indicators)
tangerang_period = reading(values.read_period)
tangerang_period_or_range = reading(values.read_period_or_range)
tangerang_release = reading(values.read_release)
tangerang_phone = reading(values.read_phone)
tangerang_flag = reading(values.read_flag)


def tangerang_text(limit: int = values.MAX_TEXT) -> Validator:
    """Return a validator for text of at most ``limit`` characters."""
    return reading(partial(values.read_text, limit=limit))


def tangerang_link_readable(value: Any) -> Any:
    """Return an address; one that Python can not take apart is refused.

    CKAN does so each time it shows a record, and would never show this one again.

    :raises Invalid: for such an address, as https://[::1/x
    """
    try:
        urlsplit(value)
    except ValueError as error:
        raise tk.Invalid(
            tk._("This address can not be read. Open it in a browser and copy it from there.")
        ) from error
    return value


def _allowed(field: Field) -> list[str]:
    """Return the values that may be chosen in ``field``."""
    return [choice["value"] for choice in tk.h.scheming_field_choices(field)]


@scheming_validator
def tangerang_choice(field: Field, schema: dict[str, Any]) -> Validator:  # noqa: ARG001
    """Return a validator for one of the choices of ``field``, in any spelling that is known."""
    lists = field.get("codelist", "")
    return reading(lambda value: values.read_choice(canonical(lists, value), _allowed(field)))


@scheming_validator
def tangerang_choices(field: Field, schema: dict[str, Any]) -> Validator:  # noqa: ARG001
    """Return a validator for several of the choices of ``field``."""
    return reading(lambda value: values.read_choices(value, _allowed(field)))


def _read_kamus(value: Any) -> str | None:
    """Return the stored form of a kamus; None for one without rows."""
    rows = kamus.read(value)
    return kamus.dump(rows) if rows else None


tangerang_kamus = reading(_read_kamus)


def _stored_schema_is_derived(resource_id: Any, schema: dict[str, Any]) -> bool:
    """Tell whether ``schema`` was made from the kamus that the resource had until now."""
    stored = model.Resource.get(resource_id) if isinstance(resource_id, str) else None
    if stored is None:
        return False
    rows = kamus.read(stored.extras.get("kamus"))
    return bool(rows) and kamus.table_schema(rows) == schema


def tangerang_table_schema(
    key: FlattenKey,
    data: FlattenDataDict,
    errors: FlattenErrorDict,
    context: Context,  # noqa: ARG001
) -> None:
    """Make the Table Schema from the kamus; without a kamus accept a valid one.

    Where the kamus has been emptied, the schema that was made from it goes too.
    """
    given = data.get((*key[:-1], "kamus"), tk.missing)
    try:
        rows = [] if given is tk.missing else kamus.read(given)
    except values.Problem:
        rows = []  # reported at the field kamus
    if rows:
        data[key] = kamus.dump(kamus.table_schema(rows))
        return
    value = data.get(key, tk.missing)
    try:
        schema = None if value is tk.missing else kamus.read_table_schema(value)
    except values.Problem as problem:
        errors[key].append(message(problem))
        raise tk.StopOnError from problem
    if schema is None or _stored_schema_is_derived(data.get((*key[:-1], "id")), schema):
        data.pop(key, None)
        raise tk.StopOnError
    data[key] = kamus.dump(schema)


def _identifier_in_use(identifier: str) -> bool:
    """Tell whether a dataset has that identifier."""
    query = model.Session.query(model.Package.id).filter(
        model.Package.extras["identifier"].astext == identifier,
        model.Package.state != model.State.DELETED,
    )
    return query.first() is not None


def tangerang_identifier(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Give a dataset its permanent identifier, and keep it.

    It is made once, ``urn:uuid:…``. A sysadmin may bring one along when a dataset is created
    (moving it here from another portal); from anybody else it is replaced, so that a dataset
    made from the copy of another does not carry that one's identifier.
    """
    stored = stored_record(context, data, "package")
    kept = stored.extras.get("identifier") if stored else None
    value = data.get(key, tk.missing)
    given = None if value is tk.missing or values.is_empty(value) else value
    if kept:
        if given not in (None, kept):
            errors[key].append(
                tk._("The identifier is permanent. Leave it as it is: {value}").format(value=kept)
            )
            raise tk.StopOnError
        data[key] = kept
    elif stored:
        data[key] = f"urn:uuid:{stored.id}"
    elif given and is_privileged(context):
        if not isinstance(given, str) or len(given) > 300 or len(given.split()) != 1:  # noqa: PLR2004
            errors[key].append(tk._("An identifier is one word of at most 300 characters."))
            raise tk.StopOnError
        if _identifier_in_use(given):
            errors[key].append(tk._("Another dataset has this identifier. Leave the field empty."))
            raise tk.StopOnError
        data[key] = given
    else:
        data[key] = f"urn:uuid:{uuid.uuid4()}"


def _fill_from_opd(data: FlattenDataDict, stored: model.Package | None) -> None:
    """Take bidang_urusan and kontak_email from the owning OPD, where they are empty."""
    if field_value(data, "bidang_urusan") and field_value(data, "kontak_email"):
        return
    owner = field_value(data, "owner_org") or (stored.owner_org if stored else None)
    opd: Any = model.Group.get(owner) if isinstance(owner, str) else None
    if opd is None or not opd.is_organization:
        return
    fill(data, "kontak_email", opd.extras.get("kontak_email"))
    known = (*codelist("urusan").keys, *codelist("unsur_penunjang").keys)
    urusan = values.as_list(opd.extras.get("urusan"))
    fill(data, "bidang_urusan", next((code for code in urusan if code in known), None))


@scheming_validator
def tangerang_dataset_fill(field: Field, schema: dict[str, Any]) -> Validator:  # noqa: ARG001
    """Return a ``__before`` validator that fills what the portal knows by itself.

    * fields with ``default`` or ``fill`` in the schema, where a ``needed_when`` holds;
    * bidang_urusan and kontak_email from the OPD, kategori from bidang_urusan;
    * cakupan_wilayah with the region of the portal;
    * walidata-only fields that are missing in what somebody else sent keep their value.

    Only empty fields are filled, and always in the same way, so that saving twice changes nothing.
    """
    names = [f["field_name"] for f in schema["dataset_fields"] if f.get("walidata_only")]
    defaults = [
        (f, f.get("fill", f.get("default")))
        for f in schema["dataset_fields"]
        if "fill" in f or "default" in f
    ]

    def validator(
        key: FlattenKey,  # noqa: ARG001
        data: FlattenDataDict,
        errors: FlattenErrorDict,  # noqa: ARG001
        context: Context,
    ) -> None:
        stored = stored_record(context, data, "package")
        kept = (
            {name: stored.extras[name] for name in names if name in stored.extras} if stored else {}
        )
        absent = [name for name in kept if data.get((name,), tk.missing) is tk.missing]
        if absent and not acts_as_walidata(context):
            data.update({(name,): kept[name] for name in absent})
        for f, default in defaults:
            when = f.get("needed_when", {})
            if all(field_value(data, name) in allowed for name, allowed in when.items()):
                fill(data, f["field_name"], default)
        _fill_from_opd(data, stored)
        topic = topics.by_urusan(config.topics_location()).get(
            str(field_value(data, "bidang_urusan"))
        )
        fill(data, "kategori", [topic] if topic else None)
        fill(data, "cakupan_wilayah", [region_code()])

    return validator


def tangerang_dataset_dates(
    key: FlattenKey,  # noqa: ARG001
    data: FlattenDataDict,
    errors: FlattenErrorDict,
    context: Context,  # noqa: ARG001
) -> None:
    """Check, after the fields, what their dates say together."""
    start, end = field_value(data, "periode_awal"), field_value(data, "periode_akhir")
    if start and end:
        try:
            values.check_order(str(start), str(end))
        except values.Problem as problem:
            errors[("periode_akhir",)].append(message(problem))
    frequency = codelist("frekuensi").get(str(field_value(data, "frekuensi")))
    if frequency and frequency.extra.get("no_schedule") and field_value(data, "jadwal_rilis"):
        errors[("jadwal_rilis",)].append(
            tk._("Data with this publication frequency have no next release. Leave the date empty.")
        )


@scheming_validator
def tangerang_dataset_walidata_only(
    field: Field,  # noqa: ARG001
    schema: dict[str, Any],
) -> Validator:
    """Return an ``__after`` validator: only the walidata changes ``walidata_only`` fields."""
    names = [f["field_name"] for f in schema["dataset_fields"] if f.get("walidata_only")]

    def validator(
        key: FlattenKey,  # noqa: ARG001
        data: FlattenDataDict,
        errors: FlattenErrorDict,
        context: Context,
    ) -> None:
        stored = stored_record(context, data, "package")
        before = stored.extras if stored else {}
        changed = [
            name
            for name in names
            if not errors.get((name,)) and field_value(data, name) != before.get(name)
        ]
        if changed and not acts_as_walidata(context):
            for name in changed:
                errors[(name,)].append(
                    tk._("Only the walidata sets this field. Leave it as it was.")
                )

    return validator


def _kamus_keys(
    data: FlattenDataDict, context: Context, stored: model.Package | None
) -> Collection[str]:
    """Return the keys that the kamus of any resource of the saved dataset will fill."""
    return set().union(*map(kamus.filled, kamus_values(data, context, stored)))


@scheming_validator
def tangerang_dataset_complete(field: Field, schema: dict[str, Any]) -> Validator:  # noqa: ARG001
    """Return an ``__after`` validator: a public dataset has what its schema says it needs."""
    fields = [f for f in schema["dataset_fields"] if f.get("needed_to_publish")]

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
            # The one column that CKAN keeps when an update does not name it.
            record["owner_org"] = record["owner_org"] or stored.owner_org
        lacking = completeness.missing(fields, record)
        if any(f.get("kamus_suffices") for f in lacking):
            elsewhere = {
                *_kamus_keys(data, context, stored),
                *link_store.filled_by_links(lacking, lambda name: field_value(data, name)),
            }
            lacking = completeness.missing(fields, record, elsewhere)
        for f in lacking:
            if not errors.get((f["field_name"],)):
                errors[(f["field_name"],)].extend(labelled(f, [needed_message(f)]))

    return validator


def needed_message(field: Mapping[str, Any]) -> str:
    """Return what to tell somebody whose public dataset lacks ``field``."""
    if field.get("kamus_suffices"):
        return tk._(
            "This is needed for a public dataset: fill it in here, or for a column in the data "
            "dictionary of a file, or link an indicator that has it, or save the dataset as "
            "private."
        )
    return tk._("This is needed for a public dataset: fill it in, or save the dataset as private.")
