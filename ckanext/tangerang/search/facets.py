"""Filters of the lists of records: as lists, OPD as a tree, years from one to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk
from ckan import model
from ckan import plugins as p
from flask import request

from ..metadata.fields import DATASET_TYPE
from . import address, years

if TYPE_CHECKING:
    from collections.abc import Iterable

#: How many items of a filter are seen without opening the rest.
_SHOWN: Final = 8
#: The filter that is shown as a tree, and the parameter that widens it to all that is below.
ORGANIZATION: Final = "organization"
WIDEN: Final = "ext_opd_tree"
_YEARS = (years.FIRST, years.LAST)
#: The filter after which the years stand.
_LEVEL: Final = "vocab_tingkat_penyajian"

Item = dict[str, Any]
Facets = dict[str, dict[str, Any]]


def facet_titles(facets: dict[str, str], package_type: str) -> dict[str, str]:
    """Return the facets of a list of datasets with the first and last years at the end.

    They are shown as one filter, from a year to a year.
    """
    if package_type != DATASET_TYPE:
        return facets
    return {**facets, years.FIRST: tk._("First year"), years.LAST: tk._("Last year")}


def keep_chosen(found: dict[str, Any]) -> dict[str, Any]:
    """Give the filters of a page the chosen items that nothing was found for, with a count of 0.

    CKAN leaves them out, and nobody could see by their names what to drop. The plugins that label
    items come after this.

    :param found: what ``package_search`` returns
    """
    facets: Facets = found.get("search_facets", {})
    absent: list[tuple[str, str]] = []
    for name, value in dict.fromkeys(request.args.items(multi=True)):
        known = {item["name"] for item in facets[name]["items"]} if name in facets else {value}
        if value and value not in known:
            facets[name]["items"].append({"name": value, "display_name": value, "count": 0})
            absent.append((name, value))
    names = [value for name, value in absent if name == ORGANIZATION]
    if names:
        titles = _titles(names)
        for item in facets[ORGANIZATION]["items"]:
            item["display_name"] = titles.get(item["name"], item["display_name"])
    return found


def _titles(names: list[str]) -> dict[str, str]:
    """Return the titles of organizations by their names."""
    group: Any = model.Group
    rows = model.Session.query(group.name, group.title).filter(group.name.in_(names))
    return {name: title for name, title in rows if title}


def _item(facet: str, found: Item) -> Item:
    """Return an item as it is shown."""
    pair = (facet, found["name"])
    active = pair in address.params()
    label = str(found["display_name"])
    url = address.changed(without=[pair]) if active else address.changed(and_with=[pair])
    return {
        "name": found["name"],
        "label": label,
        "count": found["count"],
        "active": active,
        "url": url,
        "children": [],
    }


def _order(item: Item) -> Any:
    """Return by what items are sorted: chosen ones, then the most, then by label."""
    return (not item["active"], -item["count"], item["label"].lower())


def _split(items: Iterable[Item]) -> dict[str, list[Item]]:
    """Return items in those that are seen at once and those that can be opened."""
    ordered = sorted(items, key=_order)
    shown = max(_SHOWN, sum(item["active"] for item in ordered))
    return {"items": ordered[:shown], "more": ordered[shown:]}


def _parents() -> dict[str, tuple[str, str]]:
    """Return title and parent of each OPD by name; nothing without the registry."""
    if not p.plugin_loaded("tangerang_opd"):
        return {}
    context: Any = {"user": tk.current_user.name}
    units = tk.get_action("tangerang_opd_list")(context, {})
    return {unit["name"]: (unit["title"], unit["induk"]) for unit in units}


def _tree(items: list[Item]) -> list[Item]:
    """Return the OPD of a filter below those that they belong to.

    One that has others below it counts with them, and so does its filter; its own records stand
    below it as "only this OPD". A circle in the registry ends where it begins.
    """
    parents = _parents()
    nodes = {item["name"]: item for item in items}
    for name in list(nodes):
        for above in _above(name, parents):
            if above in parents and above not in nodes:
                found = {"name": above, "display_name": parents[above][0], "count": 0}
                nodes[above] = _item(ORGANIZATION, found)
    roots = []
    for name, node in nodes.items():
        above = _above(name, parents)
        if above and above[0] in nodes and name not in above:
            nodes[above[0]]["children"].append(node)
        else:
            roots.append(node)
    for root in roots:
        _widen(root)
    return roots


def _above(name: str, parents: dict[str, tuple[str, str]]) -> list[str]:
    """Return the OPD above one, the next first."""
    found: list[str] = []
    parent = parents.get(name, ("", ""))[1]
    while parent and parent not in found:
        found.append(parent)
        parent = parents.get(parent, ("", ""))[1]
    return found


def _widen(node: Item) -> None:
    """Let an OPD count and filter with all that is below it."""
    for child in node["children"]:
        _widen(child)
    if not node["children"]:
        return
    own = {**node, "children": [], "label": tk._("Only this OPD")}
    widened = (WIDEN, "1") in address.params()
    own["active"] = node["active"] and not widened
    pair = (ORGANIZATION, node["name"])
    if not own["active"]:
        own["url"] = address.changed(without=[WIDEN, ORGANIZATION], and_with=[pair])
    node["active"] = node["active"] and widened
    node["url"] = (
        address.changed(without=[WIDEN, pair])
        if node["active"]
        else address.changed(without=[ORGANIZATION], and_with=[pair, (WIDEN, "1")])
    )
    children = sorted(node["children"], key=_order)
    node["count"] += sum(child["count"] for child in children)
    node["children"] = [own, *children] if own["count"] else children


def _years(found: Facets) -> dict[str, Any]:
    """Return the filter by years: what was asked for, the years that there are, what to keep."""
    known = [item["name"] for name in _YEARS for item in found.get(name, {}).get("items", [])]
    first, last = years.asked(request.args)
    kept = [pair for pair in address.params() if pair[0] not in (years.FROM, years.TO)]
    return {
        "kind": "years",
        "name": "tahun",
        "title": tk._("Year"),
        "from": first,
        "to": last,
        "first": min(known, default=""),
        "last": max(known, default=""),
        "kept": kept,
        "reset": address.changed(without=[years.FROM, years.TO]) if first or last else "",
    }


def shown(titles: dict[str, str], found: Facets) -> list[dict[str, Any]]:
    """Return the filters beside a list of records, in the order of their titles.

    :param titles: titles by name of facet
    :param found: facets as ``package_search`` returns them
    :returns: ``kind`` (list, tree, years), ``name``, ``title``; lists and trees with ``items`` and
        ``more``, each with label, count, active, url and children. What has nothing to offer is
        left out.
    """
    out = []
    for name, title in titles.items():
        items = [_item(name, item) for item in found.get(name, {}).get("items", []) if item["name"]]
        if name in _YEARS or not items:
            continue
        tree = name == ORGANIZATION
        out.append(
            {
                "kind": "tree" if tree else "list",
                "name": name,
                "title": title,
                **_split(_tree(items) if tree else items),
            }
        )
    entry = _years(found) if years.FIRST in titles else None
    if entry and (entry["first"] or entry["reset"]):
        before = [number for number, facet in enumerate(out) if facet["name"] == _LEVEL]
        out.insert(before[0] + 1 if before else len(out), entry)
    return out


def _span(first: str, last: str) -> str:
    """Return years as people write them; one of the two may be empty."""
    if first and last:
        return first if first == last else f"{first}–{last}"
    text = tk._("from {year}") if first else tk._("up to {year}")
    return text.format(year=first or last)


def _widened(chip: dict[str, Any], pair: tuple[str, str]) -> dict[str, Any]:
    """Return the chip of an OPD, which says whether the units below it count, and changes that."""
    if not p.plugin_loaded("tangerang_opd"):
        return chip
    if (WIDEN, "1") not in address.params():
        toggle = address.changed(and_with=[(WIDEN, "1")])
        return {**chip, "also": tk._("With the units below"), "also_url": toggle}
    return {
        "title": chip["title"],
        "label": tk._("{agency} with the units below").format(agency=chip["label"]),
        "url": address.changed(without=[WIDEN, pair]),
        "pairs": [pair, (WIDEN, "1")],
        "also": tk._("Only of this OPD"),
        "also_url": address.changed(without=[WIDEN]),
    }


def chips(titles: dict[str, str], found: Facets) -> list[dict[str, Any]]:
    """Return the filters that are in force, each with the address of the page without it.

    :returns: ``title`` of the filter, ``label``, ``url``, and ``pairs``, the parameters that it
        is; for an OPD also ``also`` and ``also_url``, which count the units below it, or no longer
    """
    out = []
    for name, value in address.params():
        if not value or name in ("q", "sort") or name.startswith(("_", "ext_")):
            continue
        items = found.get(name, {}).get("items", [])
        label = next((i["display_name"] for i in items if i["name"] == value), value)
        title = titles.get(name) or (tk._("Tags") if name == "tags" else name)
        url = address.changed(without=[(name, value)])
        chip = {"title": title, "label": str(label), "url": url, "pairs": [(name, value)]}
        out.append(_widened(chip, (name, value)) if name == ORGANIZATION else chip)
    first, last = years.asked(request.args)
    if first or last:
        url = address.changed(without=[years.FROM, years.TO])
        pairs = [pair for pair in address.params() if pair[0] in (years.FROM, years.TO)]
        title = tk._("Year")
        out.append({"title": title, "label": _span(first, last), "url": url, "pairs": pairs})
    return out
