"""Jobs of the review; they take nothing along, and look at everything again."""

from __future__ import annotations

from . import publication
from .links import targets
from .revision import switch


def sweep() -> None:
    """Settle approvals that died, then publish what is due."""
    switch.recover()
    publication.sweep()


def links(limit: int) -> None:
    """Find out which links of published records lead to something else than before."""
    targets.check(limit)
