"""What is said about a score, in the language of the user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ..metadata.fields import item_label, record_schema
from ..metadata.language import current_language
from . import checks, engine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..metadata.fields import Field


def parts(values: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the parts of a score in their order: name, label, value in per cent."""
    lang = current_language()
    return [
        {"name": p.name, "label": checks.in_language(p.label, lang), "value": values[p.name]}
        for p in checks.load().parts
        if p.name in values
    ]


def _fields(record_type: str, check: checks.Check | None) -> list[Field]:
    """Return the fields among which the one of a check is."""
    of_file = check is not None and check.of == "resource"
    return record_schema(record_type).get("resource_fields" if of_file else "dataset_fields", [])


def _message(task: Mapping[str, Any], check: checks.Check | None, label: str) -> str:
    """Return what a task asks the officer to do."""
    if check is not None:
        return checks.in_language(check.message, current_language())
    if "row" in task:
        return tk._("{item}: fill in what is missing, first in row {row}.").format(
            item=label, row=task["row"]
        )
    return tk._("{item}: fill this in.").format(item=label)


def tasks(record_type: str, todo: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the tasks of a record with their texts.

    A check that is gone since the record was judged is left out.

    :param todo: tasks as stored
    :returns: ``check``, ``part`` (of the score, or None), ``message``, ``field``, ``label``,
        ``points``, ``needed`` (a public record must have it), ``of_file``, ``resource`` and
        ``row`` (where it is about one)
    """
    known = checks.load().by_name
    found = []
    for task in todo:
        check = known.get(task["check"])
        if check is None and task["check"] != engine.NEEDED:
            continue
        fields = _fields(record_type, check)
        field = next((f for f in fields if f["field_name"] == task["field"]), None)
        label = item_label(field) if field else task["field"]
        found.append(
            {
                "check": task["check"],
                "part": check.part if check else None,
                "message": _message(task, check, label),
                "field": task["field"],
                "label": label,
                "points": task["points"],
                "needed": check is None,
                "of_file": check is not None and check.of == "resource",
                **{name: task[name] for name in ("resource", "row") if name in task},
            }
        )
    return found
