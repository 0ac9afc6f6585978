"""Puts many records into the search index at once.

CKAN sends one request for each record, and waits for it. Here its own function makes the documents,
and threads send them, many in a request, while the next are made.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from types import FunctionType
from typing import TYPE_CHECKING, Any, cast

import pysolr
import requests
from ckan.lib.search import SearchIndexError
from ckan.lib.search import index as ckan_index
from ckan.lib.search.common import make_connection

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Documents in a request.
_SIZE = 20
#: Requests under way at once: Solr works at each with one processor.
_THREADS = 3


class _Collector:
    """Takes what CKAN would send to Solr."""

    def __init__(self) -> None:
        self.docs: list[dict[str, Any]] = []

    def add(self, docs: list[dict[str, Any]], commit: bool) -> None:  # noqa: ARG002 - as pysolr's
        """Keep documents."""
        self.docs += docs


class IndexBatch:
    """Documents on their way to Solr; made by :func:`index_batch`."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._index = ckan_index.PackageSearchIndex()
        self._collector = _Collector()
        self._connection = make_connection()
        self._pool = pool
        self._under_way: list[Future[Any]] = []
        # CKAN has no function that makes a document and does not send it. This is its own one, in
        # which the name of what connects to Solr means the collector: nothing of CKAN is changed
        # for others, as another thread may be indexing.
        original = cast("FunctionType", ckan_index.PackageSearchIndex.index_package)
        self._make = FunctionType(
            original.__code__,
            {**original.__globals__, "make_connection": lambda: self._collector},
            original.__name__,
            original.__defaults__,
            original.__closure__,
        )

    def add(self, default: Mapping[str, Any], custom: Mapping[str, Any]) -> None:
        """Add a record, as shown by the default schema and by its own.

        :raises SearchIndexError: when Solr has refused a record before this one
        """
        record = {**default, "with_custom_schema": custom}
        before = len(self._collector.docs)
        self._make(self._index, record, defer_commit=True)
        if len(self._collector.docs) == before:
            raise SearchIndexError("CKAN's index function did not make a document.")
        if len(self._collector.docs) >= _SIZE:
            self._send()

    def _send(self) -> None:
        """Have what was collected sent."""
        docs, self._collector.docs = self._collector.docs, []
        if docs:
            self._under_way.append(self._pool.submit(self._connection.add, docs, commit=False))
        self._check(wait=False)

    def _check(self, *, wait: bool) -> None:
        """Look at the answers that have come, or wait for all.

        :raises SearchIndexError: when one of them is a refusal
        """
        waiting: list[Future[Any]] = []
        for sent in self._under_way:
            if not wait and not sent.done():
                waiting.append(sent)
                continue
            try:
                sent.result()
            except (pysolr.SolrError, requests.RequestException, OSError) as error:
                raise SearchIndexError(f"Solr returned an error: {str(error)[:1000]}") from error
        self._under_way = waiting

    def finish(self) -> None:
        """Send the rest and wait until Solr has taken all; they are not committed yet.

        :raises SearchIndexError: when Solr refuses a record
        """
        self._send()
        self._check(wait=True)


@contextmanager
def index_batch() -> Iterator[IndexBatch]:
    """Return what takes records for the search index; all are sent when this ends.

    :raises SearchIndexError: when Solr refuses a record
    """
    with ThreadPoolExecutor(_THREADS) as pool:
        batch = IndexBatch(pool)
        yield batch
        batch.finish()
