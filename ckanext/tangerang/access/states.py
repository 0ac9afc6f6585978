"""The states of a request for access: no CKAN in here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

# The words are stored, and what the API says.
ASKED: Final = "diajukan"
GRANTED: Final = "disetujui"
REFUSED: Final = "ditolak"
REVOKED: Final = "dicabut"
#: Taken back by who asked.
CANCELLED: Final = "dibatalkan"
STATES: Final = (ASKED, GRANTED, REFUSED, REVOKED, CANCELLED)
#: What a granted request is once its day is over. Nothing stores it: it is so at each request.
ENDED: Final = "berakhir"
SHOWN: Final = (*STATES, ENDED)


def shown(state: str, until: datetime | None, moment: datetime) -> str:
    """Return the state of a request as it is at a moment."""
    return ENDED if state == GRANTED and until is not None and until <= moment else state
