"""Names of the lists of the start page, in the order in which they stand: what the API says."""

from __future__ import annotations

from typing import Final

FIRST_CHECK: Final = "pemeriksaan_opd"
TO_CHECK: Final = "menunggu_walidata"
CHECKING: Final = "saya_periksa"
TO_ADVISE: Final = "menunggu_pembina"
RETURNED: Final = "dikembalikan"
DRAFTS: Final = "draf"
HANDED_IN: Final = "diajukan"
OVERDUE: Final = "rilis_terlambat"
DUE: Final = "rilis_dekat"
CHANGED: Final = "tanpa_pemeriksaan"
FOLLOWED: Final = "diikuti"
