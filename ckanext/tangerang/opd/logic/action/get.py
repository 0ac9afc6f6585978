"""Reading the registry."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk

from ... import finding, store
from ...clock import today
from ...registry import Unit
from .. import schema

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckan.types import Context, DataDict

    from ...registry import Registry

__all__ = ["tangerang_opd_list", "tangerang_opd_show"]

_FIELDS: Final = tuple(field.name for field in dataclasses.fields(Unit))


def _brief(unit: Unit) -> dict[str, str]:
    """Return what names an OPD."""
    return {"id": unit.id, "name": unit.name, "title": unit.title}


def _shown(unit: Unit, day: str) -> dict[str, Any]:
    """Return all fields of an OPD, and whether it has ended.

    Without ``dataclasses.asdict``, which took most of the time of a list of them.

    :param day: today
    """
    shown = {name: getattr(unit, name) for name in _FIELDS}
    for name in ("urusan", "alias", "pengganti"):
        shown[name] = list(shown[name])
    shown["nama_lama"] = [dataclasses.asdict(name) for name in unit.nama_lama]
    shown["closed"] = unit.is_closed(day)
    return shown


def _matcher(registry: Registry, data_dict: DataDict) -> Callable[[Unit], bool]:
    """Return what tells whether an OPD is among those that the caller asks for."""
    q, period = data_dict.get("q"), data_dict.get("valid_on")
    found = {hit.unit.id for hit in finding.find(registry, q)} if q else None
    jenis, urusan = data_dict.get("jenis"), data_dict.get("urusan")

    def matches(unit: Unit) -> bool:
        return (
            (found is None or unit.id in found)
            and (not jenis or unit.jenis_opd == jenis)
            and (not urusan or urusan in unit.urusan)
            and (not period or unit.valid_in(period))
        )

    return matches


def _branch(
    registry: Registry,
    parent: str,
    matches: Callable[[Unit], bool],
    day: str,
    above: tuple[str, ...] = (),
) -> list[dict[str, Any]]:
    """Return the OPD below one that are asked for, or lead to one that is.

    :param day: today
    :param above: the OPD on the way down, none of which comes again
    """
    out = []
    for unit in registry.children.get(parent, []):
        if unit.name in above:
            continue
        children = _branch(registry, unit.name, matches, day, (*above, unit.name))
        if children or matches(unit):
            out.append({**_shown(unit, day), "found": matches(unit), "children": children})
    return out


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_opd_list)
def tangerang_opd_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return OPD by their titles, those that have ended too.

    :param q: words that one of the names, also former ones and aliases, must have; or the
        beginning of a code (optional)
    :param jenis: key of the code list ``kelompok_opd`` (optional)
    :param urusan: key of the code lists ``urusan`` and ``unsur_penunjang`` (optional)
    :param valid_on: year, month or day; only the OPD that existed in it (optional)
    :param tree: return the topmost OPD with the others as ``children``; those that were not asked
        for but lead to one that was have ``found`` false (optional, default: false)
    :returns: all fields of each OPD, with ``induk`` and ``pengganti`` by name, ``nama_lama`` (the
        oldest first) and ``closed``
    """
    tk.check_access("tangerang_opd_list", context, data_dict)
    registry = store.load()
    matches, day = _matcher(registry, data_dict), today()
    if data_dict["tree"]:
        return _branch(registry, "", matches, day)
    return [_shown(unit, day) for unit in registry if matches(unit)]


def _history(unit: Unit) -> list[dict[str, str]]:
    """Return all names of an OPD with their periods, the oldest first, the present one last."""
    former = [dataclasses.asdict(name) for name in unit.nama_lama]
    since = former[-1]["berlaku_sampai"] if former else unit.berlaku_dari
    now = {
        "name": unit.name,
        "title": unit.title,
        "singkatan": unit.singkatan,
        "berlaku_dari": since,
        "berlaku_sampai": unit.berlaku_sampai,
        "dasar_hukum": unit.dasar_hukum,
    }
    return [*former, now]


def find_unit(registry: Registry, word: str) -> Unit:
    """Return the one OPD that has a name, code or alias.

    :raises ObjectNotFound: when none has
    :raises ValidationError: when several have, naming them
    """
    units = finding.named(registry, word, today())
    if not units:
        raise tk.ObjectNotFound(tk._("There is no such OPD."))
    if len(units) > 1:
        names = "; ".join(f"{unit.title} ({unit.name})" for unit in units)
        text = tk._("This names several OPD: {names}. Use the address of one.")
        raise tk.ValidationError({"id": [text.format(names=names)]})
    return units[0]


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_opd_show)
def tangerang_opd_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return an OPD with its history, what is above and below it, and what stands for it now.

    :param id: id, present or former address or name, abbreviation, code or alias
    :returns: all fields as in ``tangerang_opd_list``, and ``history`` (all names with their
        periods, the present one last), ``parents`` (the topmost first), ``children`` and
        ``successors`` (the OPD that stand for it now), each ``{"id", "name", "title"}``
    :raises ObjectNotFound: when there is none
    :raises ValidationError: when several are named so
    """
    tk.check_access("tangerang_opd_show", context, data_dict)
    registry = store.load()
    unit = find_unit(registry, data_dict["id"])
    return {
        **_shown(unit, today()),
        "history": _history(unit),
        "parents": [_brief(other) for other in registry.above(unit)],
        "children": [_brief(other) for other in registry.children.get(unit.name, [])],
        "successors": [_brief(other) for other in registry.successors(unit)],
    }
