"""Validators of links between records, and of where an indicator's values are.

All of them look at the whole record. What a link is stands in :mod:`..links`, the table in
:mod:`..link_store`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan import plugins as p

from .. import link_store, links, values
from ..language import localized
from ..navl import RESOURCES, field_value, is_privileged, scheming_validator, stored_record
from ..visibility import will_be_public

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey, Validator

    from ..fields import Field
    from ..link_store import User
    from ..links import Link, Place

#: More titles than this in one message help nobody.
_TITLES = 10
#: Types of DataStore columns that hold figures.
_FIGURES = frozenset(
    {"int", "int2", "int4", "int8", "float", "float4", "float8", "numeric", "double precision"}
)


def in_use_message(users: Iterable[User], context: Context) -> str:
    """Return what to tell somebody who takes away a record that others name.

    Titles of records that the caller may not see are counted, not told.
    """
    sight = link_store.Sight(context)
    packages = {user.package.id: user.package for user in users}.values()
    titles = [found.title or found.name for found in packages if sight.sees(found)]
    hidden = len(packages) - len(titles)
    if len(titles) > _TITLES:
        hidden += len(titles) - _TITLES
        titles = titles[:_TITLES]
    text = "; ".join(titles)
    if hidden:
        more = tk.ungettext("{count} more record", "{count} more records", hidden)
        text = "; ".join(filter(None, [text, more.format(count=hidden)]))
    return tk._("This is in use: {titles}. Take it out there first.").format(titles=text)


@scheming_validator
def tangerang_links_resolve(field: Field, schema: dict[str, Any]) -> Validator:  # noqa: ARG001
    """Return a ``__before`` validator that puts the ids of records in place of their names.

    Only fields of the record are read, not cells of rows. A name that leads to nothing that the
    caller may see stays, and is refused later.
    """
    found_places = [
        place
        for place in links.places(schema["dataset_fields"])
        if place.column is None and place.to != links.RESOURCE
    ]

    def validator(
        key: FlattenKey,  # noqa: ARG001
        data: FlattenDataDict,
        errors: FlattenErrorDict,  # noqa: ARG001
        context: Context,
    ) -> None:
        record = {
            place.name: value
            for place in found_places
            if (value := field_value(data, place.name)) is not None
        }
        named = {
            link.target
            for link in links.extract(found_places, record)
            if links.may_be_name(link.target)
        }
        if not named:
            return
        sight = link_store.Sight(context)
        found = link_store.targets(named, names=True)
        ids = {name: found[name].id for name in named & found.keys() if sight.sees(found[name])}
        for place in found_places:
            if place.name in record:
                data[(place.name,)] = links.replace_targets(place, record[place.name], ids)

    return validator


def _is_kamus(key: FlattenKey) -> bool:
    """Tell whether a key of flattened data is the kamus of a file."""
    return key[::2] == ("resources", "kamus")


def kamus_values(
    data: FlattenDataDict, context: Context, stored: model.Package | None
) -> list[Any]:
    """Return the kamus of each file that the saved dataset will have."""
    given = dict(context).get(RESOURCES)
    if stored is not None and isinstance(given, list):
        return [file.get("kamus") for file in given if isinstance(file, dict)]
    if stored is not None:
        return [(file.extras or {}).get("kamus") for file in stored.resources]
    return [value for key, value in data.items() if _is_kamus(key) and value is not tk.missing]


def _error_key(link: Link, data: FlattenDataDict) -> FlattenKey:
    """Return where the error about a link is reported."""
    if link.field != links.KAMUS:
        return (link.field.split(".")[0],)
    for key, value in data.items():
        if _is_kamus(key) and link.value in str(value):
            return key
    return (links.KAMUS,)


def _type_label(place: Place | None) -> str:
    """Return what a place links to, in words."""
    return {
        "kegiatan": tk._("statistical activity"),
        "indikator": tk._("indicator"),
        links.RESOURCE: tk._("file"),
    }.get(place.to if place else "kegiatan", tk._("record"))


def _problem(
    link: Link,
    place: Place | None,
    target: Any,
    sight: link_store.Sight,
    *,
    public: bool,
    new: bool,
) -> str | None:
    """Return what is wrong with a link in words; None for nothing.

    :param target: the package object that it names, None for none
    :param public: the record will be public
    :param new: the record did not have this link before
    """
    reason = link_store.fault_of(place, link, target, public=public)
    title, seen = link.value, False
    if target is not None and sight.sees(target):
        title, seen = target.title or target.name, True
    if reason == "pending" or (new and not seen):
        return tk._(
            'There is no {what} "{value}", or you may not see it. Choose one from the list.'
        ).format(what=_type_label(place), value=values.shown(link.value))
    if reason == "type":
        return tk._('"{title}" is no {what}. Choose one from the list.').format(
            title=title, what=_type_label(place)
        )
    if reason == "part" and not link.part:
        return tk._('Choose a variable of "{title}", not the whole activity.').format(title=title)
    if reason == "part":
        return tk._('"{title}" has no variable with the code "{code}".').format(
            title=title, code=values.shown(link.part)
        )
    if reason == "hidden":
        return tk._('"{title}" is not public. Publish it first, or save this as private.').format(
            title=title
        )
    return None


def _may_wait(link: Link, place: Place | None, context: Context) -> bool:
    """Tell whether a link may name what is not there yet.

    Only for those who may set ids: when a portal is loaded, a record may come before the one that
    it names. ``ckan tangerang metadata check-links`` lists what is still missing.
    """
    is_file = place is not None and place.to == links.RESOURCE
    return is_privileged(context) and (is_file or links.looks_like_id(link.target))


@scheming_validator
def tangerang_links_check(field: Field, schema: dict[str, Any]) -> Validator:  # noqa: ARG001
    """Return an ``__after`` validator: what a link names exists, has the right type and is visible.

    All new links are checked by one query. A link that the record had before is not checked again,
    so that another office's hidden record does not block an edit; but when a record becomes
    public, everything that it names must be public.
    """
    by_name = {place.name: place for place in links.places(schema["dataset_fields"])}

    def validator(
        key: FlattenKey,  # noqa: ARG001
        data: FlattenDataDict,
        errors: FlattenErrorDict,
        context: Context,
    ) -> None:
        stored = stored_record(context, data, "package")
        names = {place.field["field_name"] for place in by_name.values()}
        # What its own validator has refused is not asked of the database.
        record = {name: field_value(data, name) for name in names if not errors.get((name,))}
        wanted = links.extract(list(by_name.values()), record, kamus_values(data, context, stored))
        before = link_store.of_package(stored) if stored else set()
        public = will_be_public(data, stored)
        becomes_public = public and not (stored and link_store.is_public(stored))
        check = sorted(wanted if becomes_public else wanted - before)
        if not check:
            return
        sight = link_store.Sight(context)
        file_ids = {link.target for link in check if _leads_to_file(link, by_name)}
        found_files = link_store.files(file_ids)
        found = link_store.targets({link.target for link in check} - file_ids)
        for link in check:
            place = by_name.get(link.field)
            file = found_files.get(link.target)
            target = file.package if file is not None else found.get(link.target)
            where = _error_key(link, data)
            if target is None and _may_wait(link, place, context):
                continue
            if target is not None and stored is not None and target.id == stored.id:
                if place is not None and place.to == schema["dataset_type"]:
                    errors[where].append(tk._("A record can not name itself here."))
                continue
            problem = _problem(link, place, target, sight, public=public, new=link not in before)
            if problem:
                errors.setdefault(where, []).append(problem)

    return validator


def _leads_to_file(link: Link, by_name: Mapping[str, Place]) -> bool:
    """Tell whether a link names a file."""
    place = by_name.get(link.field)
    return place is not None and place.to == links.RESOURCE


def _removed_files(context: Context, stored: model.Package) -> Collection[str]:
    """Return the ids of the files that the update leaves out."""
    given = dict(context).get(RESOURCES)
    if not isinstance(given, list):
        return ()
    kept = {file.get("id") for file in given if isinstance(file, dict)}
    return {file.id for file in stored.resources} - kept


def tangerang_links_in_use(
    key: FlattenKey,  # noqa: ARG001
    data: FlattenDataDict,
    errors: FlattenErrorDict,
    context: Context,
) -> None:
    """Refuse, after the fields, to hide or delete what other records name.

    The same for a variable of an activity, and for a file that holds an indicator's values.
    """
    stored = stored_record(context, data, "package")
    if not stored or stored.state == model.State.DELETED:
        return
    if field_value(data, "state") == model.State.DELETED:
        users = link_store.users([stored.id])
        if users:
            errors[("state",)].append(in_use_message(users, context))
        return
    if link_store.is_public(stored) and not will_be_public(data, stored):
        users = link_store.users([stored.id], public=True)
        if users:
            errors[("private",)].append(in_use_message(users, context))
    gone = links.codes(stored.extras.get("variabel")) - links.codes(field_value(data, "variabel"))
    if gone and not errors.get(("variabel",)):
        users = [user for user in link_store.users([stored.id]) if user.link.part in gone]
        for code in sorted({user.link.part for user in users}):
            of_code = [user for user in users if user.link.part == code]
            errors[("variabel",)].append(f"{code}: {in_use_message(of_code, context)}")
    removed = _removed_files(context, stored)
    users = link_store.users([stored.id]) if removed else []
    users = [user for user in users if user.link.target in removed]
    if users:
        errors.setdefault(("files_in_use",), []).append(in_use_message(users, context))


def _columns(found: Mapping[str, Any]) -> dict[str, str]:
    """Return the types of the columns of a DataStore table by name."""
    return {field["id"]: field["type"] for field in found["fields"] if field["id"] != "_id"}


def _check_columns(
    record: Mapping[str, Any], columns: Mapping[str, str], errors: FlattenErrorDict
) -> None:
    """Check that the columns of an indicator's values are there and hold what they should."""
    names = ", ".join(columns)
    for name in ("nilai_kolom", "tahun_kolom"):
        column = record[name]
        if column and column not in columns:
            errors[(name,)].append(
                tk._('The table has no column "{name}". It has: {names}.').format(
                    name=values.shown(column), names=values.shown(names)
                )
            )
    value = record["nilai_kolom"]
    if value in columns and columns[value] not in _FIGURES:
        errors[("nilai_kolom",)].append(
            tk._('The column "{name}" does not hold numbers but {type}.').format(
                name=values.shown(value), type=columns[value]
            )
        )
    for row in _filter_rows(record):
        if row.get("kolom") not in columns:
            errors[("saringan",)].append(
                tk._('The table has no column "{name}". It has: {names}.').format(
                    name=values.shown(row.get("kolom")), names=values.shown(names)
                )
            )


def _filter_rows(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of the filter of an indicator's values."""
    value = record["saringan"]
    rows = [] if value is None else values.as_list(value)
    return [row for row in rows if isinstance(row, dict)]


#: Where an indicator says where its values are.
_VALUE_FIELDS = ("nilai_resource", "nilai_kolom", "tahun_kolom", "saringan")


def tangerang_indicator_values(
    key: FlattenKey,  # noqa: ARG001
    data: FlattenDataDict,
    errors: FlattenErrorDict,
    context: Context,
) -> None:
    """Check, after the fields, that the table of an indicator's values has what is said of it.

    Asked of the DataStore only when one of the answers has changed: a table that was removed later
    must not block an edit.
    """
    record = {name: field_value(data, name) for name in _VALUE_FIELDS}
    stored = stored_record(context, data, "package")
    before = {name: stored.extras.get(name) for name in _VALUE_FIELDS} if stored else {}
    if not any(record.values()) or record == before or not p.plugin_loaded("datastore"):
        return
    if any(errors.get((name,)) for name in _VALUE_FIELDS):
        return
    if not record["nilai_resource"]:
        errors[("nilai_resource",)].append(tk._("Say first which table holds the values."))
        return
    search = {"resource_id": record["nilai_resource"], "limit": 0}
    try:
        columns = _columns(tk.get_action("datastore_search")(tk.fresh_context(context), search))
    except (tk.ObjectNotFound, tk.NotAuthorized):
        if not is_privileged(context):
            errors[("nilai_resource",)].append(
                tk._(
                    "This file is not a table on this portal (yet). Choose a CSV or XLSX file that "
                    "has been loaded, or wait a few minutes after uploading it."
                )
            )
        return
    _check_columns(record, columns, errors)
    rows = _filter_rows(record)
    if not rows or errors.get(("saringan",)):
        return
    search["filters"] = {row["kolom"]: row.get("nilai", "") for row in rows}
    try:
        count = tk.get_action("datastore_search")(tk.fresh_context(context), search)["total"]
    except tk.ValidationError:
        count = 0
    if not count:
        errors[("saringan",)].append(
            tk._("No row of the table fits this filter. Write the values as they stand there.")
        )


def link_place_label(record_type_places: Mapping[str, Place], name: str) -> str:
    """Return the label of the field that a link stands in, in the user's language.

    :param record_type_places: the places of the record's type by name
    :param name: ``field`` of a :class:`..links.Link`
    """
    place = record_type_places.get(name)
    return localized(place.field["label"]) if place else tk._("Data dictionary")
