"""Jobs of the review; they take nothing along, and look at everything again."""

from __future__ import annotations

from . import check, publication


def sweep() -> None:
    """Publish what is due, and mend the search index about what was written lately."""
    publication.sweep()
    check.mend_recent()
