"""Interfaces by which the features of this distribution meet."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Final

from ckan import plugins as p

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from ckan.types import Context


#: Key of a context by which validators run dry and judge a record as if it were public, to say what
#: is missing. No caller of the API can set it.
AS_IF_PUBLIC: Final = "tangerang_as_if_public"

#: Key of a context by which code of this portal, such as a loader of sample content, makes records
#: public or changes public ones without a review; its value says in the history why. No caller of
#: the API can set it. Without the plugin ``tangerang_review`` it means nothing.
PAST_REVIEW: Final = "tangerang_review_direct"


class IRecordWriting(p.Interface):
    """For plugins that take part when records are written past the actions of CKAN."""

    def writing_records(self, context: Context) -> AbstractContextManager[None]:  # noqa: ARG002
        """Return what goes round it: the records come into session and database inside.

        :param context: of the user who writes them
        """
        return nullcontext()


class IRecordBatch(p.Interface):
    """For plugins that can do what they do after the creation of a record for many at once."""

    def after_records_create(self, ids: Sequence[str]) -> None:
        """React to the creation of records, in place of one ``after_dataset_create`` for each.

        Called in the transaction that creates them, when all are in the session. Must not commit.

        :param ids: ids of the new records, of any type
        """


class IRecordGuard(p.Interface):
    """For plugins that decide whether a record may be saved as it is."""

    def refuse_record(self, context: Context, stored: Any, *, public: bool) -> str:  # noqa: ARG002
        """Return why a record may not be saved, in the language of the user; empty if it may.

        Called by the validators of datasets, kegiatan and indikator, so on every path that has
        validators. Must write nothing: they also run dry.

        :param stored: the package object as it is stored; None for a new record
        :param public: the record is active and public once it is saved
        """
        return ""


class IRecordCheck(p.Interface):
    """For plugins that judge the fields of a record when it is saved."""

    def check_record(
        self,
        context: Context,  # noqa: ARG002
        stored: Any,  # noqa: ARG002
        values: Mapping[str, Any],  # noqa: ARG002
        *,
        public: bool,  # noqa: ARG002
    ) -> dict[str, list[str]]:
        """Return what is wrong with a record, by field, in the language of the user.

        Called by the validators of datasets, kegiatan and indikator, when the fields have been
        read. Must write nothing: they also run dry.

        :param stored: the package object as it is stored; None for a new record
        :param values: the fields of the record, without its files, as they will be stored
        :param public: the record is active and public once it is saved
        """
        return {}


class ISitemap(p.Interface):
    """For plugins whose pages search engines are to find, besides the datasets."""

    def sitemap_pages(self) -> Sequence[tuple[str, datetime | None]]:
        """Return the paths of public pages, and when each last changed (UTC, without a zone).

        The same for every reader. A path is without language, such as ``/halaman/bantuan``.
        """
        return ()
