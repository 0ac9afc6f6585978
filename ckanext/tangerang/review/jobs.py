"""Jobs of the review; they take nothing along, and look at everything again."""

from __future__ import annotations

from . import publication
from .revision import switch


def sweep() -> None:
    """Settle approvals that died, then publish what is due."""
    switch.recover()
    publication.sweep()
