"""Interfaces by which the features of this distribution meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckan import plugins as p

if TYPE_CHECKING:
    from collections.abc import Sequence


class IRecordBatch(p.Interface):
    """For plugins that can do what they do after the creation of a record for many at once."""

    def after_records_create(self, ids: Sequence[str]) -> None:
        """React to the creation of records, in place of one ``after_dataset_create`` for each.

        Called in the transaction that creates them, when all are in the session. Must not commit.

        :param ids: ids of the new records, of any type
        """
