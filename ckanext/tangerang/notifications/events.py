"""What people are told, and who is told what: no CKAN in here.

The words are stored, and what the API says. The verbs and states are those of the history of the
review (``review/states.py``), as the signal ``record_moved`` brings them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from ..signals import Moved

HANDED_IN: Final = "diajukan"
RETURNED: Final = "dikembalikan"
PUBLISHED: Final = "terbit"
WITHDRAWN: Final = "ditarik"
SCHEDULED: Final = "dijadwalkan"
SCHEDULE_FAILED: Final = "jadwal_gagal"
ANSWERED: Final = "catatan_dijawab"
REMARK: Final = "komentar"
ADVISED: Final = "rekomendasi"
REVISION: Final = "revisi"
WAITING: Final = "menunggu"
RELEASE_DUE: Final = "rilis_dekat"
RELEASE_OVERDUE: Final = "rilis_terlambat"
EVENTS: Final = (
    *(HANDED_IN, RETURNED, PUBLISHED, WITHDRAWN, SCHEDULED, SCHEDULE_FAILED),
    *(ANSWERED, REMARK, ADVISED, REVISION, WAITING, RELEASE_DUE, RELEASE_OVERDUE),
)

# As what somebody is told: the walidata, or one of the OPD whose record it is.
WALIDATA: Final = "walidata"
OPD: Final = "opd"

# Who is told.
#: All of the walidata.
TO_WALIDATA: Final = "walidata"
#: The Admin OPD.
TO_ADMINS: Final = "admin_opd"
#: Those of the OPD who had to do with the record; the Admin OPD where nobody did.
TO_OPD: Final = "opd"
#: Those alone.
TO_TAKERS: Final = "terlibat"
#: The OPD where the walidata or the pembina data spoke, the walidata where the OPD did.
TO_OTHERS: Final = "pihak_lain"

# When somebody wants e-mail.
AT_ONCE: Final = "langsung"
DAILY: Final = "harian"
NEVER: Final = "tidak"
MAIL: Final = (AT_ONCE, DAILY, NEVER)

_OF_VERB: Final = {
    "ajukan": (HANDED_IN, TO_WALIDATA),
    "kembalikan": (RETURNED, TO_OPD),
    "terbitkan": (PUBLISHED, TO_OPD),
    # A loader may publish thousands at once: nobody who had nothing to do with them is told.
    "terbit_langsung": (PUBLISHED, TO_TAKERS),
    "tarik": (WITHDRAWN, TO_OPD),
    "disembunyikan": (WITHDRAWN, TO_TAKERS),
    "jadwalkan": (SCHEDULED, TO_OPD),
    "jadwal_gagal": (SCHEDULE_FAILED, TO_WALIDATA),
    "jawab_catatan": (ANSWERED, TO_OTHERS),
    "komentar": (REMARK, TO_OTHERS),
    "rekomendasi": (ADVISED, TO_WALIDATA),
    "buka_revisi": (REVISION, TO_OPD),
    "revisi_terbit": (PUBLISHED, TO_OPD),
}
#: The Admin OPD has to look first.
_FIRST_CHECK: Final = "diperiksa_opd"


def of_move(move: Moved) -> tuple[str, str] | None:
    """Return what is told of a step of the review, and to whom; None for nothing."""
    event = _OF_VERB.get(move.verb)
    if event and event[0] == HANDED_IN and move.to_state == _FIRST_CHECK:
        return HANDED_IN, TO_ADMINS
    return event


def detail_of(move: Moved, event: str) -> dict[str, Any]:
    """Return what is kept of a step beside the event."""
    if event == SCHEDULED:
        return {"at": move.reason}
    detail = {"reason": move.reason} if move.reason else {}
    return {**detail, "state": move.to_state} if event == PUBLISHED else detail
