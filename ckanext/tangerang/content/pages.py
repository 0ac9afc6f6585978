"""The packaged pages, and what a page is.

A plain library without CKAN. ``pages/index.yaml`` lists the packaged pages; their texts are in
files beside it, one for each language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..locations import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER: Final = Path(__file__).parent / "pages"

#: Where links to a page stand; empty for nowhere.
MENU: Final = "menu"
FOOTER: Final = "footer"
PLACES: Final = (MENU, FOOTER, "")

#: Form of the address of a page, and addresses that are taken by views.
NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MAX_NAME: Final = 60
RESERVED: Final = frozenset({"baru"})

#: What a page says and where it stands: the fields that a version keeps.
FIELDS: Final = (
    *("title_id", "title_en", "text_id", "text_en"),
    *("place", "position", "published", "deleted"),
)


@dataclass(frozen=True)
class Content:
    """What a page says and where it stands."""

    title_id: str
    title_en: str
    text_id: str
    text_en: str
    place: str
    position: int
    published: bool = True
    deleted: bool = False

    @classmethod
    def of(cls, row: Any) -> Content:
        """Return the content of a row of the table of pages, or of versions."""
        return cls(**{name: getattr(row, name) for name in FIELDS})

    def changed(self, values: Mapping[str, Any]) -> Content:
        """Return the content with some values in the place of its own; others are ignored."""
        mine = {name: getattr(self, name) for name in FIELDS}
        return Content(**(mine | {name: values[name] for name in FIELDS if name in values}))


def _text(name: str, language: str) -> str:
    """Return the packaged text of a page."""
    return (_FOLDER / f"{name}.{language}.md").read_text(encoding="utf-8").strip() + "\n"


@cache
def packaged() -> dict[str, Content]:
    """Return the packaged pages by name, in their order."""
    listed = read_yaml(_FOLDER / "index.yaml")
    return {
        row["name"]: Content(
            title_id=row["title"]["id"],
            title_en=row["title"]["en"],
            text_id=_text(row["name"], "id"),
            text_en=_text(row["name"], "en"),
            place=row["place"],
            position=number * 10,
        )
        for number, row in enumerate(listed["pages"], 1)
    }
