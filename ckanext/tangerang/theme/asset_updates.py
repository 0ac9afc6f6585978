"""Looks after changed files of stylesheets and scripts once a process, not at each page.

CKAN's bundles are made by webassets, which asks the disk for each file of each bundle of a page
whether it is newer: on a page of search results a twentieth of the time. On a running portal these
files change only by an update, after which it is started anew.
"""

from __future__ import annotations

from typing import Any

from webassets.updater import TimestampUpdater


class OncePerProcess(TimestampUpdater):
    """Finds a bundle out of date as webassets does, but asks no more once it was not."""

    id = "tangerang-once"

    def __init__(self) -> None:
        # With the bundle itself, so that no other gets its identity.
        self._current: dict[int, Any] = {}

    def needs_rebuild(self, bundle: Any, ctx: Any) -> Any:
        """Tell whether a bundle must be made anew; false for one that was found up to date."""
        if id(bundle) in self._current:
            return False
        needed = super().needs_rebuild(bundle, ctx)
        if not needed:
            self._current[id(bundle)] = bundle
        return needed
