"""The access levels of a record, after Satu Data Indonesia and UU 14/2008: no CKAN in here.

``terbuka``: everybody reads all. ``terbatas``: everybody reads the description; the data only the
OPD, the walidata and those who were let. ``tertutup``: approved, never public.
"""

from __future__ import annotations

from typing import Any, Final

OPEN: Final = "terbuka"
RESTRICTED: Final = "terbatas"
CLOSED: Final = "tertutup"
#: From loose to strict.
LEVELS: Final = (OPEN, RESTRICTED, CLOSED)


def of_package(package: Any) -> str:
    """Return the level of a record; one that says none, such as a kegiatan, is open.

    A word that is no level is taken for the strictest: who wrote it did not mean "open".

    :param package: a package object; None for a new record
    """
    level = (package.extras or {}).get("accesslevel") if package is not None else None
    if not level:
        return OPEN
    return level if level in LEVELS else CLOSED


def is_looser(level: str, than: str) -> bool:
    """Tell whether a level lets more people read than another."""
    return LEVELS.index(level) < LEVELS.index(than)
