"""Actions of the plugin ``tangerang_content``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from ...metadata.roles import acts_as_walidata
from .. import store, texts
from ..pages import PLACES
from . import schema

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

    from ..pages import Content
    from ..store import Stored


def _user_id(context: Context) -> str | None:
    """Return the id of the user; None for the portal itself."""
    user: Any = context.get("auth_user_obj") or model.User.get(context.get("user"))
    return str(user.id) if user else None


def _page(name: str) -> Stored:
    """Return a page.

    :raises ObjectNotFound: when there is none of that name
    """
    page = store.get(name)
    if page is None:
        raise tk.ObjectNotFound(tk._("There is no such page."))
    return page


def _summary(page: Stored) -> dict[str, Any]:
    """Return a page as lists show it."""
    content = page.content
    return {
        "name": page.name,
        "title_id": content.title_id,
        "title_en": content.title_en,
        "place": content.place,
        "position": content.position,
        "published": content.published,
        "deleted": content.deleted,
        "version": page.version,
        "modified": page.modified.isoformat() if page.modified else None,
    }


def _open_points(content: Content) -> list[str]:
    """Return what is still to be filled in, in both languages."""
    found = texts.open_points(content.text_id) + texts.open_points(content.text_en)
    return list(dict.fromkeys(found))


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_page_list)
def tangerang_page_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return the public pages, in the order of menus.

    :param place: only those whose link stands there: ``menu``, ``footer`` or empty (optional)
    :param all: true for hidden and deleted pages too, with ``open_points``: what each still asks
        to be filled in (optional; only for the walidata)
    :returns: ``[{"name", "title_id", "title_en", "place", "position", "published", "deleted",
        "version", "modified"}]``; ``version`` is 0 and ``modified`` None for a packaged page that
        nobody has changed
    """
    tk.check_access("tangerang_page_list", context, data_dict)
    everything = bool(data_dict.get("all"))
    places = (data_dict["place"],) if "place" in data_dict else PLACES
    found: list[dict[str, Any]] = []
    for page in store.everything():
        if page.content.place not in places or not (everything or page.is_public):
            continue
        more = {"open_points": _open_points(page.content)} if everything else {}
        found.append(_summary(page) | more)
    return found


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_page_show)
def tangerang_page_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return a page with its texts (Markdown).

    The walidata gets the texts as they are stored, and ``open_points``; everybody else gets them
    without the paragraphs that hold an open point.

    :param id: name of the page, as in its address
    :param version: number of an old version; 0 for what was packaged (optional; only for the
        walidata)
    :returns: as :func:`tangerang_page_list` has it, with ``text_id`` and ``text_en``
    :raises ObjectNotFound: when there is no such page or version, or the user may not see it
    """
    try:
        tk.check_access("tangerang_page_show", context, data_dict)
    except tk.NotAuthorized:
        # What is hidden is not there for others.
        raise tk.ObjectNotFound(tk._("There is no such page.")) from None
    page = _page(data_dict["id"])
    wanted = data_dict.get("version")
    content = page.content if wanted is None else store.at_version(page.name, wanted)
    if content is None:
        raise tk.ObjectNotFound(tk._("There is no such version of this page."))
    shown = store.Stored(
        page.name, page.version if wanted is None else wanted, content, page.modified
    )
    if acts_as_walidata(context):
        whole = {"text_id": content.text_id, "text_en": content.text_en}
        return _summary(shown) | whole | {"open_points": _open_points(content)}
    return _summary(shown) | {
        "text_id": texts.for_visitors(content.text_id),
        "text_en": texts.for_visitors(content.text_en),
    }


@tk.validate_action_data(schema.tangerang_page_create)
def tangerang_page_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Make a page.

    :param name: its address behind ``/halaman/``: small letters, digits, hyphens; it never changes
    :param title_id: title in Indonesian, up to 200 characters
    :param title_en: title in English (optional)
    :param text_id: text in Indonesian (Markdown), up to 100,000 characters (optional)
    :param text_en: text in English (optional)
    :param place: where a link to it stands: ``menu``, ``footer`` or empty for nowhere (optional)
    :param position: its place in the order of links, a whole number (optional, default: 100)
    :param published: whether everybody may read it (optional, default: false)
    :param note: what this is, for the history (optional)
    :returns: the page as :func:`tangerang_page_show` has it
    :raises ValidationError: also when there is, or was, a page of that name
    """
    tk.check_access("tangerang_page_create", context, data_dict)
    name = data_dict["name"]
    store.lock(name)
    taken = store.get(name)
    if taken is not None:
        text = (
            tk._("A deleted page has this address. Bring it back from its history.")
            if taken.content.deleted
            else tk._("There is a page with this address.")
        )
        model.Session.rollback()
        raise tk.ValidationError({"name": [text]})
    values = {**data_dict, "deleted": False}
    return _written(context, name, store.new_content(values), "create", data_dict["note"])


def _written(context: Context, name: str, content: Content, verb: str, note: str) -> dict[str, Any]:
    """Write a page, commit and return it."""
    store.write(name, content, user_id=_user_id(context), verb=verb, note=note)
    model.Session.commit()
    store.forget()
    return tk.get_action("tangerang_page_show")(tk.fresh_context(context), {"id": name})


def _for_change(data_dict: DataDict) -> Stored:
    """Return a page that is to be changed, and keep others from changing it meanwhile.

    :raises ObjectNotFound: when there is none
    :raises ValidationError: when somebody has changed it since the version that the caller knows
    """
    store.lock(data_dict["id"])
    page = _page(data_dict["id"])
    if data_dict["version"] == page.version:
        return page
    newest = next(iter(store.history(page.name)), None)
    model.Session.rollback()
    who = newest.user_title if newest is not None and newest.user_title else tk._("Somebody")
    raise tk.ValidationError(
        {
            "version": [
                tk._(
                    "{who} has changed this page meanwhile: it is at version {now}, and you know "
                    "version {known}. Nothing was saved; compare both."
                ).format(who=who, now=page.version, known=data_dict["version"])
            ]
        }
    )


@tk.validate_action_data(schema.tangerang_page_update)
def tangerang_page_update(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Change a page. What is not given stays as it is; the version before is kept.

    :param id: name of the page
    :param version: number of the version that the caller has read
    :param title_id: and ``title_en``, ``text_id``, ``text_en``, ``place``, ``position``,
        ``published``: as in :func:`tangerang_page_create` (optional)
    :param note: what was changed and why, for the history (optional)
    :returns: the page as :func:`tangerang_page_show` has it
    :raises ValidationError: also, with the key ``version``, when the page was changed since
    """
    tk.check_access("tangerang_page_update", context, data_dict)
    page = _for_change(data_dict)
    content = page.content.changed(data_dict)
    if content == page.content:
        model.Session.rollback()
        return tk.get_action("tangerang_page_show")(tk.fresh_context(context), {"id": page.name})
    return _written(context, page.name, content, "update", data_dict["note"])


@tk.validate_action_data(schema.tangerang_page_delete)
def tangerang_page_delete(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Delete a page: nobody but the walidata sees it any more. Its versions are kept.

    :param id: name of the page
    :param version: number of the version that the caller has read
    :param note: why, for the history (optional)
    :returns: the page as :func:`tangerang_page_show` has it
    :raises ValidationError: also, with the key ``version``, when the page was changed since
    """
    tk.check_access("tangerang_page_delete", context, data_dict)
    page = _for_change(data_dict)
    content = page.content.changed({"deleted": True})
    return _written(context, page.name, content, "delete", data_dict["note"])


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_page_history)
def tangerang_page_history(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return the versions of a page, the newest first, down to what was packaged (0).

    :param id: name of the page
    :returns: ``[{"version", "created", "verb": "create", "update", "delete", "revert" or
        "package", "note", "published", "deleted", "user": {"name", "title"} or None}]``
    :raises ObjectNotFound: when there is no such page
    """
    tk.check_access("tangerang_page_history", context, data_dict)
    page = _page(data_dict["id"])
    found = [
        {
            "version": row.version,
            "created": row.created.isoformat(),
            "verb": row.verb,
            "note": row.note,
            "published": row.published,
            "deleted": row.deleted,
            "user": ({"name": row.user_name, "title": row.user_title} if row.user_name else None),
        }
        for row in store.history(page.name)
    ]
    if store.at_version(page.name, store.PACKAGED) is None:
        return found
    first = {"version": store.PACKAGED, "created": None, "verb": "package", "note": ""}
    return [*found, first | {"published": True, "deleted": False, "user": None}]


@tk.validate_action_data(schema.tangerang_page_revert)
def tangerang_page_revert(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Bring an old version of a page back, as a new version; also one that was deleted.

    :param id: name of the page
    :param version: number of the version that the caller has read
    :param to: number of the version to bring back; 0 for what was packaged
    :param note: why, for the history (optional)
    :returns: the page as :func:`tangerang_page_show` has it
    :raises ObjectNotFound: when there is no such page or version
    :raises ValidationError: also, with the key ``version``, when the page was changed since
    """
    tk.check_access("tangerang_page_revert", context, data_dict)
    page = _for_change(data_dict)
    content = store.at_version(page.name, data_dict["to"])
    if content is None:
        model.Session.rollback()
        raise tk.ObjectNotFound(tk._("There is no such version of this page."))
    note = data_dict["note"] or tk._("Version {number} brought back").format(number=data_dict["to"])
    return _written(context, page.name, content, "revert", note)
