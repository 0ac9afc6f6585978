"""Working copies: packages that hold the next version of a record, no records themselves.

The plugin ``tangerang_review`` makes them ("revisi"). What they are stands in CKAN's
``plugin_data`` of the package, which comes with the row itself, so that every feature can leave
them out of its links, scores and counts without a query, whether that plugin is on or not. Nobody
but a sysadmin who names ``plugin_data`` can write there by the API.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

#: Key of ``plugin_data``; its value is ``{"of": <id of the record>}``.
MARK = "tangerang_working_copy"

#: Type of working copies in the search index, in place of ``dataset``, ``kegiatan`` and so on: so
#: that every search that asks for records of a type leaves them out.
INDEX_TYPE = "revisi"


def plugin_data(original_id: str) -> dict[str, Any]:
    """Return the ``plugin_data`` of the working copy of a record."""
    return {MARK: {"of": original_id}}


def original_of(package: Any) -> str | None:
    """Return the id of the record that a package is a working copy of; None for a record itself.

    :param package: a package object
    """
    mark = (package.plugin_data or {}).get(MARK)
    return mark.get("of") if isinstance(mark, dict) else None


def is_record(package: Any) -> Any:
    """Return the condition that packages are records, not working copies.

    :param package: the class or the table of packages
    """
    data = package.c.plugin_data if isinstance(package, sa.Table) else package.plugin_data
    return sa.not_(sa.func.coalesce(data.has_key(MARK), sa.false()))
