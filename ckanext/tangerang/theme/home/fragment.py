"""The body of the home page, kept in Redis for every reader.

It is kept by language and by the number of the content, which goes up when a record or an
organization changes: whoever comes then sees the change. Changes past the actions (commands, SQL)
are seen after :data:`_KEPT` seconds at the latest. What was withdrawn is gone at once on every
path: before a body is shown, one statement asks whether all records that it names are still public.

Nothing of a user is ever kept: what is kept was rendered for somebody who is not logged in, by a
template that gets no header, no message and no form with a token; a body that holds a token all
the same, because a site has put a form into a block, is not kept. Without Redis each reader gets a
body of their own.
"""

from __future__ import annotations

import hashlib
import json
import logging
from typing import TYPE_CHECKING, Any, Final, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.lib.webassets_tools import include_asset
from flask import g
from markupsafe import Markup
from redis.exceptions import RedisError

from . import content

if TYPE_CHECKING:
    from collections.abc import Collection

log = logging.getLogger(__name__)

#: Seconds for which a body is kept at most.
_KEPT: Final = 60
_TEMPLATE: Final = "home/body.html"
#: What the names of our settings, and of the portal's title, begin with.
_SETTINGS: Final = ("ckanext.tangerang.", "ckan.site_title", "ckan.site_description")

#: Actions after which the page may be another one. Others end in one of these: a patch in an
#: update, a file in an update of its dataset.
CHANGES: Final = (
    "package_create",
    "package_update",
    "package_delete",
    "package_owner_org_update",
    "dataset_purge",
    "bulk_update_private",
    "bulk_update_public",
    "bulk_update_delete",
    "organization_create",
    "organization_update",
    "organization_delete",
    "organization_purge",
    "config_option_update",
    "tangerang_headline_update",
    "tangerang_opd_apply",
    "tangerang_opd_undo",
)


def _name(*parts: str) -> str:
    """Return the key of something of this portal."""
    return ":".join((tk.config["ckan.site_id"], "tangerang", "home", *parts))


def forget(_sender: Any = None, **_data: Any) -> None:
    """Let the next reader see what has changed."""
    try:
        connect_to_redis().incr(_name("version"))
    except RedisError:
        # Nothing is kept longer than a minute, and nothing is shown that is not public.
        log.warning("Redis does not answer: the home page shows a change up to a minute late")


def _key(redis: Any) -> str:
    """Return the key of the body in the language of the request and of the present content.

    The address stands for the language as it begins the links, and for the place of the portal.
    The settings hold what a portal says of itself: after a restart with others none of the old is
    shown.
    """
    version = redis.get(_name("version")) or b"0"
    place = tk.h.url_for("tangerang_home.index")
    return _name("body", version.decode(), _settings(), tk.h.lang(), place)


def _settings() -> str:
    """Return a fingerprint of the settings of our plugins."""
    ours = sorted((key, str(tk.config[key])) for key in tk.config if key.startswith(_SETTINGS))
    return hashlib.sha256(repr(ours).encode()).hexdigest()[:16]


def _public(ids: Collection[str]) -> set[str]:
    """Return which of these records are public at this moment: one statement."""
    if not ids:
        return set()
    package = cast("Any", model.Package).__table__
    statement = sa.select(package.c.id).where(
        package.c.id.in_(ids),
        package.c.state == model.State.ACTIVE,
        package.c.private.isnot(True),
    )
    return set(cast("Any", model.Session).scalars(statement))


def _assets() -> set[str]:
    """Return the style sheets and scripts that the page in progress has asked for."""
    return set(getattr(g, "_webassets", {}).get("included", ()))


def _has_token(body: str) -> bool:
    """Tell whether a body holds a token against CSRF: a field of that name, or the token itself."""
    name = tk.config["WTF_CSRF_FIELD_NAME"]
    # Flask-WTF keeps there what it has made for this request.
    token = g.get(name)
    return name in body or bool(token and token in body)


def _render() -> tuple[Markup, dict[str, Any] | None]:
    """Return a new body, and what is to be kept of it; None where it is not to be kept."""
    home = content.read()
    # The search index may lag behind a withdrawal by a moment.
    home = content.only(home, _public(set(content.records(home))))
    before = _assets()
    body = Markup(tk.render(_TEMPLATE, {"home": home}))  # noqa: S704 - a template escapes
    if home["broken"] or tk.current_user.is_authenticated or _has_token(body):
        return body, None
    kept = {
        "body": body,
        "records": sorted(set(content.records(home))),
        "assets": sorted(_assets() - before),
    }
    return body, kept


def _kept(redis: Any, key: str) -> Markup | None:
    """Return the kept body, if there is one and all that it names is still public."""
    text = redis.get(key)
    if text is None:
        return None
    kept = json.loads(text)
    if len(_public(kept["records"])) < len(kept["records"]):
        return None
    for name in kept["assets"]:
        include_asset(name)
    return Markup(kept["body"])  # noqa: S704 - as _render made it


def body() -> Markup:
    """Return the body of the home page in the language of the request."""
    try:
        redis = connect_to_redis()
        key = _key(redis)
        found = _kept(redis, key)
    except RedisError:
        return _render()[0]
    if found is not None:
        return found
    made, kept = _render()
    if kept:
        try:
            redis.set(key, json.dumps(kept), ex=_KEPT)
        except RedisError:
            log.warning("Redis does not answer: the home page is rendered for each reader")
    return made
