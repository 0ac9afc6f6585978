"""What a revisi said when it was handed in: to show what changed after it was returned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import content, shadow

if TYPE_CHECKING:
    from ckan.types import Context


def keep(context: Context, package: Any) -> None:
    """Keep what a working copy says, which is being handed in; nothing for a record.

    :param package: the locked package
    """
    revision = shadow.of_shadow(package)
    if revision is None:
        return
    said = content.of(shadow.shown(context, package.id))
    if revision.handed_in != said:
        revision.handed_in_before, revision.handed_in = revision.handed_in, said
