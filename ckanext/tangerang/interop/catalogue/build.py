"""Makes fragments and documents: for a request, for the job, and for the command."""

from __future__ import annotations

import gc
import gzip
import logging
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.redis import connect_to_redis

from .. import config
from ..dcat import lookup as lookups
from . import forms, store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ckan.types import Context

    from ..dcat.lookup import Lookup
    from .forms import Form
    from .store import Edition

log = logging.getLogger(__name__)

#: Datasets that are asked for, rendered and written together.
_CHUNK: Final = 100
#: One job at a time is enough: it does whatever is to be done when it starts.
_WAITING: Final = "tangerang:catalogue:job"
_WAITING_SECONDS: Final = 20
_PACKING: Final = 6
_BLOCK: Final = 1 << 18


@dataclass(frozen=True)
class Report:
    """What a refresh did."""

    rendered: int
    #: Public datasets that the search index does not show yet.
    missing: int


def _records(ids: Sequence[str]) -> list[dict[str, Any]]:
    """Return some datasets as anybody sees them."""
    names = " OR ".join(f'"{one}"' for one in ids)
    found = tk.get_action("package_search")(
        cast("Context", {"user": "", "auth_user_obj": None}),
        {"fq_list": [f"id:({names})"], "rows": len(ids), "facet": False},
    )
    return found["results"]


def _chunks(ids: Sequence[str]) -> Iterator[list[dict[str, Any]]]:
    """Yield datasets a few at a time."""
    for start in range(0, len(ids), _CHUNK):
        yield _records(ids[start : start + _CHUNK])


def refresh(ids: Sequence[str]) -> Report:
    """Render some datasets again, and write that.

    :param ids: of public datasets
    """
    rendered = 0
    for records in _chunks(ids):
        store.write(store.rows(records, lookups.load(records)))
        rendered += len(records)
    return Report(rendered, len(ids) - rendered)


def _begin() -> None:
    """Begin in another process, which may not use the connections that it was born with."""
    # Making a dataset leaves no circles: the collector need not look after every 700 objects.
    gc.set_threshold(100_000)
    model.Session.remove()
    cast("Any", model.meta.engine).dispose(close=False)


def _pool(processes: int) -> ProcessPoolExecutor:
    """Return processes that know this portal as this one does."""
    # Nothing may be open that both would end.
    model.Session.rollback()
    return ProcessPoolExecutor(processes, mp_context=get_context("fork"), initializer=_begin)


def refresh_by(ids: Sequence[str], processes: int) -> Iterator[Report]:
    """Render datasets on several processors, and yield what was done, a chunk at a time.

    Each process asks the search index, and writes the table, for its own chunks.

    :param ids: of public datasets
    :param processes: how many
    """
    chunks = [ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK)]
    if processes <= 1 or len(chunks) <= 1:
        yield from map(refresh, chunks)
        return
    with _pool(processes) as pool:
        for work in as_completed([pool.submit(refresh, chunk) for chunk in chunks]):
            yield work.result()


def pieces(
    form: Form, lookup: Lookup, modified: str | None, fragments: Iterable[str]
) -> Iterator[str]:
    """Yield a document: its head, the fragments, its foot."""
    yield form.head(lookup, modified)
    first = True
    for one in fragments:
        yield forms.separator(form, first=first) + one
        first = False
    yield form.foot


def folder() -> Path | None:
    """Return the folder of the finished documents; None for a portal without a storage."""
    path = config.storage_path()
    return Path(path) / "tangerang" / "catalogue" if path else None


def finished(edition: Edition, form: Form, *, zipped: bool) -> Path | None:
    """Return the finished document of an edition; None where there is none."""
    place = folder()
    path = place and place / _name(edition, form, zipped=zipped)
    return path if path and path.is_file() else None


def _name(edition: Edition, form: Form, *, zipped: bool) -> str:
    """Return the name of the file of a document."""
    return f"{edition.name}.{form.name}{'.gz' if zipped else ''}"


def dump(form: Form, edition: Edition, *places: Path) -> None:
    """Write a document to files at once: a reader finds the old one or the new.

    :param places: of the same document; packed where the name ends in ``.gz``
    """
    lookup = lookups.load([])
    modified = edition.modified.isoformat() if edition.modified else None
    with ExitStack() as written:
        targets = [written.enter_context(_replacing(place)) for place in places]
        for block in _blocks(pieces(form, lookup, modified, store.stream(form))):
            for target in targets:
                target.write(block)


@contextmanager
def _replacing(place: Path) -> Iterator[IO[bytes]]:
    """Open a file beside ``place`` that takes its place at the end, unless something fails."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=place.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as raw:
            if place.suffix == ".gz":
                with gzip.open(raw, "wb", _PACKING) as packed:
                    yield cast("IO[bytes]", packed)
            else:
                yield raw
        Path(temporary).chmod(0o644)
        Path(temporary).replace(place)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _blocks(texts: Iterable[str]) -> Iterator[bytes]:
    """Yield texts as larger blocks of UTF-8: each write of a packed file costs."""
    waiting: list[str] = []
    size = 0
    for text in texts:
        waiting.append(text)
        size += len(text)
        if size >= _BLOCK:
            yield "".join(waiting).encode("utf-8")
            waiting, size = [], 0
    yield "".join(waiting).encode("utf-8")


def _write_file(name: str, edition: Edition) -> None:
    """Write the document of a form, as it is and packed, where one of them is missing."""
    place, form = folder(), forms.FORMS[name]
    if place is None:
        return
    both = [place / _name(edition, form, zipped=zipped) for zipped in (False, True)]
    missing = [path for path in both if not path.exists()]
    if missing:
        dump(form, edition, *missing)


def _write_files(edition: Edition, processes: int) -> None:
    """Write the documents of an edition, and delete those of earlier ones.

    What changes while they are written makes another edition: then they are not for readers.
    """
    place = folder()
    if place is None:
        return
    if processes <= 1:
        for name in forms.FORMS:
            _write_file(name, edition)
    else:
        with _pool(processes) as pool:
            list(pool.map(_write_file, forms.FORMS, repeat(edition)))
    model.Session.rollback()
    now = store.edition().name
    for path in place.iterdir():
        if not path.name.startswith(now) and path.suffix != ".part":
            with suppress(FileNotFoundError):
                path.unlink()


def run(processes: int = 1) -> None:
    """Bring the whole catalogue up to date: the job, and the end of the command.

    :param processes: how many write documents
    """
    connect_to_redis().delete(_WAITING)
    edition, old = store.edition(), store.outdated()
    if old:
        refresh(old)
        edition, old = store.edition(), store.outdated()
    store.forget()
    if not old:
        _write_files(edition, processes)


def enqueue() -> None:
    """Let the job run soon, once for all that has changed until then."""
    if connect_to_redis().set(_WAITING, "1", nx=True, ex=_WAITING_SECONDS):
        tk.enqueue_job(run, title="Catalogue: render what has changed")
