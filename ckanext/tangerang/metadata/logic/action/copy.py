"""Copying a record: "Salin ke tahun berikutnya"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from .... import working_copy
from ... import copying, link_store, links
from ...fields import ACTIVITY_TYPE, DATASET_TYPE, INDICATOR_TYPE, RECORD_TYPES, record_schema
from .. import schema
from ..record_validators import free_name

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

    from ...links import Place

__all__ = ["tangerang_record_copy"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a copy will be."""

    #: What ``package_create`` is given.
    values: dict[str, Any]
    #: Title of the new record, as far as it is known before it is saved.
    title: str
    #: Year of the source; None for an indicator, or where it says none.
    source_year: int | None
    #: Year of the copy; None for an indicator.
    year: int | None
    #: The record that is there already.
    existing: model.Package | None
    #: How many links were left out, because what they name is gone or not for the user to see.
    dropped: int


def _year(source: dict[str, Any], wanted: str | None) -> tuple[int | None, int | None]:
    """Return the year of the source and that of its copy.

    :raises ValidationError: when they can not be told, or do not follow each other
    """
    if source["type"] == INDICATOR_TYPE:
        if wanted:
            raise tk.ValidationError({"tahun": [tk._("An indicator has no year. Leave it out.")]})
        return None, None
    known = copying.record_year(source)
    if wanted is None and known is None:
        raise tk.ValidationError(
            {"tahun": [tk._("This record names no year. Say for which year the copy is.")]}
        )
    year = int(wanted) if wanted else cast("int", known) + 1
    if known is not None and year <= known:
        raise tk.ValidationError(
            {"tahun": [tk._("Choose a year after {year}.").format(year=known)]}
        )
    return known, year


def _successors(ids: set[str], owner_org: str | None, year: int | None) -> dict[str, str]:
    """Return the activities of an organization that follow others in a year: new by old id."""
    if not ids or not owner_org:
        return {}
    before = model.Package.extras["kegiatan_sebelumnya"].astext
    found = model.Session.execute(
        sa.select(before, model.Package.id).where(
            model.Package.type == ACTIVITY_TYPE,
            model.Package.state != model.State.DELETED,
            model.Package.owner_org == owner_org,
            working_copy.is_record(model.Package),
            before.in_(ids),
            model.Package.extras["tahun_kegiatan"].astext == str(year),
        )
    )
    return {row[0]: row[1] for row in found}


def _follow_activities(values: dict[str, Any], year: int | None) -> None:
    """Let the copy of a dataset link to the activities of its own year, where there are any.

    The codes of variables are the same there.
    """
    columns = [
        (resource, tk.h.tangerang_kamus_rows(resource["kamus"]) or [])
        for resource in values.get("resources", [])
        if resource.get("kamus")
    ]
    named = [str(row["variabel"]) for _, rows in columns for row in rows if row.get("variabel")]
    named.append(str(values.get(ACTIVITY_TYPE) or ""))
    ids = {links.split(value)[0] for value in named} - {""}
    newer = _successors(ids, values.get("owner_org"), year)
    if not newer:
        return
    if values.get(ACTIVITY_TYPE) in newer:
        values[ACTIVITY_TYPE] = newer[values[ACTIVITY_TYPE]]
    for resource, rows in columns:
        for row in rows:
            activity, code = links.split(str(row.get("variabel") or ""))
            if activity in newer:
                row["variabel"] = links.Link(links.KAMUS, newer[activity], code).value
        resource["kamus"] = rows


def _unseen_links(values: dict[str, Any], places: list[Place], context: Context) -> set[str]:
    """Return the links, as they stand in ``values``, that the user could not set."""
    kamuses = [resource.get("kamus") for resource in values.get("resources", [])]
    wanted = links.extract(places, values, kamuses)
    found = link_store.targets({link.target for link in wanted})
    by_name = {place.name: place for place in places}
    sight = link_store.Sight(context)
    out = set()
    for link in wanted:
        target = found.get(link.target)
        fault = link_store.fault_of(by_name.get(link.field), link, target, public=False)
        if fault or not sight.sees(target):
            out.add(link.value)
    return out


def _drop_links(values: dict[str, Any], context: Context) -> int:
    """Take out the links that the user could not set, and return how many there were.

    The source may name what another agency has hidden, or removed, since.
    """
    places = link_store.places(values["type"])
    gone = _unseen_links(values, places, context)
    for place in places if gone else ():
        name = place.field["field_name"]
        value = values.get(name)
        if place.column is not None:
            column = place.column["field_name"]
            values[name] = [
                {key: cell for key, cell in row.items() if key != column or cell not in gone}
                for row in value or []
            ]
        elif isinstance(value, list):
            values[name] = [entry for entry in value if entry not in gone]
        elif value in gone:
            del values[name]
    for resource in values.get("resources", []) if gone else ():
        rows = tk.h.tangerang_kamus_rows(resource.get("kamus")) or []
        if any(row.get("variabel") in gone for row in rows):
            resource["kamus"] = [
                {key: text for key, text in row.items() if key != "variabel" or text not in gone}
                for row in rows
            ]
    return len(gone)


def _existing(source: dict[str, Any], title: str, year: int | None) -> model.Package | None:
    """Return the record of the same organization that such a copy would repeat."""
    if not source.get("owner_org"):
        return None
    same = [
        model.Package.type == source["type"],
        model.Package.owner_org == source["owner_org"],
        model.Package.state != model.State.DELETED,
        model.Package.id != source["id"],
        working_copy.is_record(model.Package),
    ]
    if source["type"] == ACTIVITY_TYPE:
        same += [
            model.Package.extras["kegiatan_sebelumnya"].astext == source["id"],
            model.Package.extras["tahun_kegiatan"].astext == str(year),
        ]
    else:
        same.append(model.Package.title == title)
    return model.Session.scalars(sa.select(model.Package).where(*same).limit(1)).first()


def plan(context: Context, source: dict[str, Any], wanted: str | None = None) -> Plan:
    """Return what the copy of a record will be; nothing is stored.

    :param context: of who copies it
    :param source: as ``package_show`` returns it, of a type of ours
    :param wanted: the year of the copy; the next one if None
    :raises ValidationError: when the year can not be told or is no later one
    """
    known, year = _year(source, wanted)
    years = year - known if year is not None and known is not None else 0
    values = copying.next_record(record_schema(source["type"]), source, years=years)
    values |= {"type": source["type"], "state": "draft", "private": True}
    if source["type"] == ACTIVITY_TYPE:
        values |= {"tahun_kegiatan": str(year), "kegiatan_sebelumnya": source["id"]}
        del values["title"]
        title = str(values.get("judul_kegiatan") or source["title"])
        title = title if str(year) in title else f"{title} {year}"
    elif source["type"] == DATASET_TYPE:
        title = str(values["title"])
        title = title if title != source["title"] else f"{title} {year}"
        values |= {"title": title, "name": free_name(title, DATASET_TYPE)}
        _follow_activities(values, year)
    else:
        title = tk._("{title} (copy)").format(title=source["title"])
        values["title"] = title
    dropped = _drop_links(values, context)
    return Plan(values, title, known, year, _existing(source, title, year), dropped)


@tk.validate_action_data(schema.tangerang_record_copy)
def tangerang_record_copy(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Copy a record to a later year, as a private draft of the same organization.

    An activity is copied with its variables, whose codes stay, and names the source as the
    activity before it; a dataset with its description and those of its files, without the files;
    an indicator, which has no year, as another indicator. Years, periods and years in titles move
    along. What INDAH, BPS and the walidata gave the source is not copied.

    :param id: id or name of a dataset, an activity or an indicator
    :param tahun: year of the copy (optional, default: the one after that of the source)
    :param force: copy also when the record of that year is there already (optional, default:
        false)
    :returns: the new record, as ``package_create`` does
    :raises ValidationError: for a year that can not be, or when the record is there already; its
        name is then in ``existing`` of the error
    """
    tk.check_access("tangerang_record_copy", context, data_dict)
    source = tk.get_action("package_show")(tk.fresh_context(context), {"id": data_dict["id"]})
    if (
        source["type"] not in RECORD_TYPES
        or source["state"] == model.State.DELETED
        or working_copy.original_of(model.Package.get(source["id"]))
    ):
        raise tk.ValidationError({"id": [tk._("This record can not be copied.")]})
    planned = plan(context, source, data_dict.get("tahun"))
    if planned.existing and not data_dict["force"]:
        raise tk.ValidationError(
            {
                "id": [
                    tk._('There is such a record already: "{title}".').format(
                        title=planned.existing.title or planned.existing.name
                    )
                ],
                "existing": [planned.existing.name],
            }
        )
    return tk.get_action("package_create")(tk.fresh_context(context), planned.values)
