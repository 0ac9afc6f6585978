"""One step for several records at once: each by itself, with a result for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import ckan.plugins.toolkit as tk
from ckan import model

from ...texts import messages
from .. import schema
from .common import find_package, require_enabled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckan.types import Context, DataDict

__all__ = ["tangerang_review_several"]


def _known(context: Context, record_id: str) -> dict[str, Any]:
    """Return name and title of a record to those who may know them; only the id to others."""
    asking = cast("Context", {"user": context.get("user")})
    data = {"id": record_id}
    try:
        package = find_package(data)
        tk.check_access("tangerang_review_show", asking, data)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return {"id": record_id, "name": None, "title": None}
    return {"id": package.id, "name": package.name, "title": package.title or package.name}


def _one(context: Context, verb: str, data: dict[str, Any]) -> dict[str, Any]:
    """Do the step with one record and return what came of it; nothing of it stays if it fails."""
    problems: list[str]
    try:
        done = tk.get_action(f"tangerang_review_{verb}")(
            cast("Context", {"user": context.get("user")}), data
        )
    except tk.ValidationError as error:
        problems = list(messages(error.error_dict))
    except (tk.NotAuthorized, tk.ObjectNotFound) as error:
        problems = [str(error) or tk._("This is the task of others.")]
    else:
        return {
            **{key: done[key] for key in ("id", "name", "title", "state", "publish_at")},
            "done": True,
            "problems": [],
        }
    model.Session.rollback()
    return {
        **_known(context, data["id"]),
        "state": None,
        "publish_at": None,
        "done": False,
        "problems": problems,
    }


@tk.validate_action_data(schema.tangerang_review_several)
def tangerang_review_several(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Claim, return or publish several records, one after the other.

    One that can not be done does not stop the others.

    :param verb: ``claim``, ``return`` or ``publish``
    :param records: up to 100 of ``{"id", "version"}``; ``version`` is ``metadata_modified`` of the
        record that was seen: publishing needs it, the others may name it
    :param reason: of a return: what all of them have to change
    :param at: of a publication: day and time (optional)
    :returns: ``{"done": how many, "results": [{"id", "name", "title", "state", "publish_at",
        "done", "problems"}]}`` in the order given; name and title are null where the user may not
        know them
    :raises ValidationError: when there are no records, or too many
    """
    require_enabled()
    tk.check_access("tangerang_review_several", context, data_dict)
    verb, chosen = data_dict["verb"], data_dict.get("records") or []
    if not 0 < len(chosen) <= schema.MAX_SEVERAL:
        message = tk._("Choose from 1 to {limit} records.").format(limit=schema.MAX_SEVERAL)
        raise tk.ValidationError({"records": [message]})
    common = {"return": {"reason": data_dict.get("reason")}, "publish": {"at": data_dict.get("at")}}
    records: dict[str, Mapping[str, Any]] = {row["id"]: row for row in chosen}
    results = [
        _one(
            context,
            verb,
            {"id": key, "version": row.get("version") or "", **common.get(verb, {})},
        )
        for key, row in records.items()
    ]
    return {"done": sum(row["done"] for row in results), "results": results}
