"""Jobs of the review; they take nothing along, and look at everything again."""

from __future__ import annotations

from . import check, publication
from .links import targets
from .revision import switch


def sweep() -> None:
    """Settle approvals that died, publish what is due, mend the index about what is new."""
    switch.recover()
    publication.sweep()
    check.mend_recent()


def links(limit: int) -> None:
    """Find out which links of published records lead to something else than before."""
    targets.check(limit)
