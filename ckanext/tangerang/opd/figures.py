"""What each OPD has published: numbers of its public records, their last change, their scores.

The figures are of what everybody may see, so that they are the same for every reader.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan import plugins as p

from ..metadata.fields import RECORD_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime


@dataclass(frozen=True)
class Figures:
    """The figures of an OPD, or of several together."""

    #: Public records by type, each type of :data:`RECORD_TYPES`.
    counts: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(RECORD_TYPES, 0))
    #: When the last of them was changed, in UTC.
    updated: datetime | None = None
    #: How many public datasets have a score, and the sum of the scores.
    judged: int = 0
    points: int = 0

    @property
    def score(self) -> int | None:
        """Return the average score, rounded down; None where nothing is judged."""
        return self.points // self.judged if self.judged else None


NONE = Figures()


def together(parts: Iterable[Figures]) -> Figures:
    """Return the figures of several OPD together."""
    parts = list(parts)
    return Figures(
        counts={name: sum(part.counts[name] for part in parts) for name in RECORD_TYPES},
        updated=max((part.updated for part in parts if part.updated), default=None),
        judged=sum(part.judged for part in parts),
        points=sum(part.points for part in parts),
    )


def _averages() -> dict[str, tuple[int, int]] | None:
    """Return the number of judged datasets and their average score by id of the OPD.

    Only of the OPD whose averages the reader may see; None where there are none: without the
    plugin ``tangerang_score``, and for those whom it refuses.
    """
    if not p.plugin_loaded("tangerang_score"):
        return None
    user = tk.current_user
    context: Any = {"user": user.name, "auth_user_obj": user} if user.is_authenticated else {}
    try:
        rows = tk.get_action("tangerang_score_average_list")(context, {})
    except tk.NotAuthorized:
        return None
    return {row["id"]: (row["count"], row["score"]) for row in rows if row["score"] is not None}


def read() -> tuple[dict[str, Figures], bool]:
    """Return the figures by id of the OPD, and whether the reader may see average scores.

    An OPD without public records is absent. One query, and what the action of the scores needs.
    """
    package: Any = model.Package
    rows = model.Session.execute(
        sa.select(
            package.owner_org,
            package.type,
            sa.func.count().label("number"),
            sa.func.max(package.metadata_modified).label("updated"),
        )
        .where(
            package.state == model.State.ACTIVE,
            package.private.is_(False),
            package.owner_org.is_not(None),
            package.type.in_(RECORD_TYPES),
        )
        .group_by(package.owner_org, package.type)
    )
    averages = _averages()
    counts: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(RECORD_TYPES, 0))
    updated: dict[str, datetime] = {}
    for row in rows:
        counts[row.owner_org][row.type] = row.number
        updated[row.owner_org] = max(row.updated, updated.get(row.owner_org, row.updated))
    found = {}
    for owner, of_type in counts.items():
        judged, score = (averages or {}).get(owner, (0, 0))
        found[owner] = Figures(of_type, updated[owner], judged, judged * score)
    return found, averages is not None
