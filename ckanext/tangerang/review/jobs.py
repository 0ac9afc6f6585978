"""Jobs of the review; they take nothing along, and look at everything again."""

from __future__ import annotations

from . import publication


def sweep() -> None:
    """Publish what is due."""
    publication.sweep()
