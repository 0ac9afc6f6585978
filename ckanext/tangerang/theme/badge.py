"""The number of new activities in the header, kept for a minute.

CKAN counts it anew for every page of a user, by reading up to a hundred activities with all that
belongs to them: two thirds of the statements of a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis
from redis.exceptions import RedisError

if TYPE_CHECKING:
    from collections.abc import Callable

#: Seconds.
_KEPT = 60
#: The action by which a user has seen all.
SEEN = "dashboard_mark_activities_old"


def _key(user_id: str) -> str:
    """Return the key of a user's number."""
    return f"{tk.config['ckan.site_id']}:tangerang:new_activities:{user_id}"


@tk.chained_helper
def new_activities(next_helper: Callable[[], int | None]) -> int | None:
    """Return the number of activities that the user has not seen, at most a minute old."""
    user: Any = tk.g.userobj
    if not user:
        return None
    try:
        redis: Any = connect_to_redis()
        found = redis.get(_key(user.id))
        if found is None:
            found = next_helper() or 0
            redis.set(_key(user.id), found, ex=_KEPT)
        return int(found)
    except RedisError:
        return next_helper()


def forget(_sender: str, **data: Any) -> None:
    """Forget the number of the user who has looked at the activities."""
    user: Any = data["context"].get("auth_user_obj")
    if user is not None:
        connect_to_redis().delete(_key(user.id))
