"""What was public and is no more answers 410, with the day and the reason.

Only an answer that is "not found" or "forbidden" already is looked at again, so that what is public
costs nothing, and who may see the record goes on seeing it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from flask import make_response, request

from ..metadata.fields import RECORD_TYPES
from . import config, guards, states, store
from .model import ReviewTransition

if TYPE_CHECKING:
    from datetime import datetime

    from ckan.types import Response

_FORBIDDEN, _NOT_FOUND, _GONE = 403, 404, 410
#: Pages that show a record, a file of it, its table, or a chart of that, by the last part of their
#: endpoint.
_READS: Final = frozenset(
    {"read", "download", "view", "dump", "read_dataset", "read_dataset_croissant"}
    | {"picture", "embed", "series"}
)
_BLUEPRINTS: Final = frozenset(
    {*RECORD_TYPES, *(f"{name}_resource" for name in RECORD_TYPES), "datastore", "dcat"}
    | {"croissant", "structured_data", "tangerang_tables", "tangerang_grafik"}
)


@dataclass(frozen=True)
class Withdrawal:
    """When and why a record stopped being public."""

    created: datetime
    #: Empty where nobody gave one: the record was hidden or deleted by a save.
    reason: str


def withdrawal(package: Any) -> Withdrawal | None:
    """Return when and why a record stopped being public; None if it is public, or never was.

    :param package: a package object
    """
    if package.type not in RECORD_TYPES or store.is_public(package):
        return None
    step: Any = ReviewTransition.__table__
    moved = sa.and_(
        step.c.from_state != step.c.to_state,
        sa.or_(step.c.from_state == states.PUBLISHED, step.c.to_state == states.PUBLISHED),
    )
    last = (
        cast("Any", model.Session)
        .execute(
            sa.select(step.c.to_state, step.c.created, step.c.reason)
            .where(step.c.package_id == package.id, moved)
            .order_by(step.c.position.desc())
            .limit(1)
        )
        .first()
    )
    if last is None or last.to_state == states.PUBLISHED:
        return None
    return Withdrawal(last.created, last.reason)


def _asked_for() -> Any:
    """Return the record that an address is about; None for none."""
    blueprint, _, view = (request.endpoint or "").rpartition(".")
    arguments = request.view_args or {}
    if blueprint not in _BLUEPRINTS or view not in _READS:
        return None
    file = arguments.get("resource_id")
    # A dataset page of a file names both; a chart has a name besides its file.
    name = arguments.get("id") or arguments.get("_id") or (not file and arguments.get("name"))
    return model.Package.get(name) if name else guards.of_resource(file)


def answer(response: Response) -> Response:
    """Return the answer to a request: 410 in place of a record that was withdrawn."""
    if response.status_code not in (_FORBIDDEN, _NOT_FOUND) or not config.enabled():
        return response
    package = _asked_for()
    found = withdrawal(package) if package is not None else None
    if found is None:
        return response
    # CKAN writes each style once a request; those of the page that is thrown away are needed again.
    tk.g.pop("_webassets", None)
    page = tk.render("tangerang/pemeriksaan/gone.html", {"withdrawal": found})
    return make_response(page, _GONE)
