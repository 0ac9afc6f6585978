"""Template helpers of the plugin ``tangerang_score``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from flask import g

from ..metadata.fields import DATASET_TYPE
from . import config, index, store, texts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .model import Score

#: Fields of datasets whose input has another id than ``field-<name>``: that of CKAN's own form.
_INPUT_IDS = {"owner_org": "field-organizations"}
#: Where on flask.g the scores of the cards of a page are.
_CARDS = "tangerang_scores"


def _summary(score: Score) -> dict[str, Any]:
    """Return what other pages need of a score."""
    return {
        "completeness": score.completeness,
        "score": score.score,
        "parts": texts.parts(score.parts),
        "tasks": len(score.todo),
    }


def tangerang_score_summary(ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the scores of many records by id, by one query; those without one are absent.

    :param ids: ids of records that the user may see
    :returns: ``completeness``, ``score`` (None for what is no dataset), ``parts`` (name, label,
        value) and the number of ``tasks``
    """
    return {key: _summary(score) for key, score in store.get_many(list(ids)).items()}


def tangerang_score_prepare(packages: Iterable[dict[str, Any]]) -> str:
    """Read the scores of the cards that follow on this page, by one query.

    :returns: an empty text, so that a template may print it
    """
    ids = [package["id"] for package in packages if "id" in package]
    vars(g).setdefault(_CARDS, {}).update(store.get_many(ids))
    return ""


def tangerang_score_text(package: dict[str, Any]) -> str:
    """Return the line of a card, such as "Completeness 83 %"; empty where nothing was prepared."""
    score: Score | None = vars(g).get(_CARDS, {}).get(package.get("id"))
    if score is None:
        return ""
    value = score.completeness if score.score is None else score.score
    return tk._("Completeness {value} %").format(value=value)


def _task_url(package: dict[str, Any], task: dict[str, Any]) -> str:
    """Return the address of the form field that a task is about."""
    own = _INPUT_IDS if package["type"] == DATASET_TYPE else {}
    anchor = own.get(task["field"], f"field-{task['field']}")
    if not task["of_file"]:
        return tk.h.url_for(f"{package['type']}.edit", id=package["name"], _anchor=anchor)
    if "resource" not in task:
        return tk.h.url_for(f"{package['type']}_resource.new", id=package["name"], _anchor=anchor)
    return tk.h.url_for(
        f"{package['type']}_resource.edit",
        id=package["name"],
        resource_id=task["resource"],
        _anchor=anchor,
    )


def tangerang_score_panel(package: dict[str, Any]) -> dict[str, Any] | None:
    """Return what the page of a record shows of its score; None where it has none.

    :returns: as :func:`tangerang_score_summary`, and ``todo``: tasks with their ``url``
    """
    score = store.get(package["id"])
    if score is None:
        return None
    todo = texts.tasks(package["type"], score.todo)
    return {
        **_summary(score),
        "todo": [{**task, "url": _task_url(package, task)} for task in todo],
    }


def tangerang_score_list_is_open(organization_id: str) -> bool:
    """Tell whether the user may see the list of scores of an organization."""
    if not tk.current_user.is_authenticated and not config.public_averages():
        return False
    return bool(tk.h.check_access("tangerang_score_list", {"organization": organization_id}))


def tangerang_score_types() -> tuple[str, ...]:
    """Return the types of records that are judged, and so can be sorted by completeness."""
    return store.TYPES


def tangerang_score_sort() -> str:
    """Return the order of a search that puts the most complete records first."""
    return index.BEST_FIRST
