"""Reads and writes pages: rows of the table, and the packaged ones that nobody has changed."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from ckan import model
from sqlalchemy.exc import SQLAlchemyError

from .model import Page, PageVersion, now
from .pages import FIELDS, Content, packaged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

log = logging.getLogger(__name__)

#: Number of the version of a packaged page that nobody has changed.
PACKAGED: Final = 0
#: For how many seconds a process remembers the links to pages, which stand on every page.
_KEPT: Final = 30.0

# Made by keyword, which the types of CKAN's base class do not know.
_new_page: Any = Page
_new_version: Any = PageVersion


@dataclass(frozen=True)
class Stored:
    """A page as it is, or one version of it."""

    name: str
    version: int
    content: Content
    #: UTC without a zone; None for what is packaged.
    modified: datetime | None

    @property
    def is_public(self) -> bool:
        """Tell whether everybody may read it."""
        return self.content.published and not self.content.deleted


def _of_row(row: Page) -> Stored:
    """Return a row of the table."""
    return Stored(row.name, row.version, Content.of(row), row.modified)


def get(name: str) -> Stored | None:
    """Return a page; None where there never was one of that name."""
    row = model.Session.get(Page, name)
    if row is not None:
        return _of_row(row)
    content = packaged().get(name)
    return Stored(name, PACKAGED, content, None) if content else None


def everything() -> list[Stored]:
    """Return all pages, deleted ones too, in the order of menus."""
    rows = {row.name: _of_row(row) for row in model.Session.execute(sa.select(Page)).scalars()}
    untouched = {
        name: Stored(name, PACKAGED, content, None)
        for name, content in packaged().items()
        if name not in rows
    }
    found = [*rows.values(), *untouched.values()]
    return sorted(found, key=lambda page: (page.content.position, page.name))


def at_version(name: str, version: int) -> Content | None:
    """Return what a page was after a change; what was packaged for 0; None if there is none."""
    if version == PACKAGED:
        return packaged().get(name)
    row = model.Session.get(PageVersion, (name, version))
    return Content.of(row) if row is not None else None


def history(name: str) -> Sequence[Any]:
    """Return the versions of a page with the full name of who made them, the newest first."""
    user: Any = model.User
    return model.Session.execute(
        sa.select(
            PageVersion.version,
            PageVersion.created,
            PageVersion.verb,
            PageVersion.note,
            PageVersion.published,
            PageVersion.deleted,
            user.name.label("user_name"),
            sa.func.coalesce(sa.func.nullif(user.fullname, ""), user.name).label("user_title"),
        )
        .outerjoin(user, user.id == PageVersion.user_id)
        .where(PageVersion.name == name)
        .order_by(PageVersion.version.desc())
    ).all()


def new_content(values: Mapping[str, Any]) -> Content:
    """Return the content of a new page.

    :param values: with all of :data:`.pages.FIELDS`; others are ignored
    """
    return Content(**{field: values[field] for field in FIELDS})


def lock(name: str) -> None:
    """Let nobody else change a page until this transaction ends, whether or not it has a row."""
    model.Session.execute(
        sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(f"tangerang_page:{name}")))
    )


def write(name: str, content: Content, *, user_id: str | None, verb: str, note: str) -> Stored:
    """Write a page and the version that it becomes; does not commit.

    :param verb: ``create``, ``update``, ``delete`` or ``revert``
    """
    values: dict[str, Any] = {field: getattr(content, field) for field in FIELDS}
    moment = now()
    row = model.Session.get(Page, name)
    if row is None:
        row = _new_page(name=name, version=PACKAGED, modified=moment, **values)
        model.Session.add(row)
    row.version += 1
    row.modified = moment
    for field, value in values.items():
        setattr(row, field, value)
    # Before the version, which names it.
    model.Session.flush()
    model.Session.add(
        _new_version(
            name=name,
            version=row.version,
            created=moment,
            user_id=user_id,
            verb=verb,
            note=note,
            **values,
        )
    )
    model.Session.flush()
    return _of_row(row)


class _Public:
    """The public pages as this process last read them, and until when it believes that."""

    pages: tuple[Stored, ...] = tuple(
        Stored(name, PACKAGED, content, None) for name, content in packaged().items()
    )
    until = 0.0


def public() -> tuple[Stored, ...]:
    """Return the public pages in the order of menus, at most half a minute old.

    Links to them stand on every page: this asks the database twice a minute, not for each page.
    Without a database the pages of before are returned, so that a page can say what is wrong.
    """
    moment = time.monotonic()
    if moment >= _Public.until:
        try:
            _Public.pages = tuple(page for page in everything() if page.is_public)
        except SQLAlchemyError:
            model.Session.rollback()
            log.warning("The pages can not be read: links are those of before.", exc_info=True)
        _Public.until = moment + _KEPT
    return _Public.pages


def forget() -> None:
    """Have this process read the public pages anew."""
    _Public.until = 0.0
