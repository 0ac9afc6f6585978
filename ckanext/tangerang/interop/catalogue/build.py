"""Makes fragments and documents: for a request, for the job, and for the command."""

from __future__ import annotations

import gzip
import logging
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

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


def _render(work: tuple[list[dict[str, Any]], Lookup]) -> list[dict[str, Any]]:
    """Render in another process; what it needs is given to it."""
    return store.rows(*work)


def refresh_by(ids: Sequence[str], processes: int) -> Iterator[Report]:
    """Render datasets on several processors, and yield what was done, a chunk at a time.

    The search index is asked, and the table written, by this process alone.

    :param ids: of public datasets
    :param processes: how many
    """
    if processes <= 1 or len(ids) <= _CHUNK:
        for start in range(0, len(ids), _CHUNK):
            yield refresh(ids[start : start + _CHUNK])
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        waiting: list[tuple[int, Any]] = []
        for start in range(0, len(ids), _CHUNK):
            asked = ids[start : start + _CHUNK]
            records = _records(asked)
            work = pool.submit(_render, (records, lookups.load(records)))
            waiting.append((len(asked), work))
            if len(waiting) > 2 * processes:
                yield _written(*waiting.pop(0))
        for one in waiting:
            yield _written(*one)


def _written(asked: int, work: Any) -> Report:
    """Write what another process has rendered."""
    rows = work.result()
    store.write(rows)
    return Report(len(rows), asked - len(rows))


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


def dump(form: Form, edition: Edition, place: Path) -> None:
    """Write a document to a file at once: a reader finds the old one or the new."""
    lookup = lookups.load([])
    modified = edition.modified.isoformat() if edition.modified else None
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=place.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as raw:
            target: Any = gzip.open(raw, "wb", 6) if place.suffix == ".gz" else raw  # noqa: SIM115
            for piece in pieces(form, lookup, modified, store.stream(form)):
                target.write(piece.encode("utf-8"))
            if target is not raw:
                target.close()
        Path(temporary).chmod(0o644)
        Path(temporary).replace(place)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _write_files() -> None:
    """Write the documents of this moment, and delete those of earlier ones.

    What changes while they are written makes another edition: then they are not for readers.
    """
    place = folder()
    edition = store.edition()
    if place is None or store.outdated():
        return
    for form in forms.FORMS.values():
        for zipped in (False, True):
            path = place / _name(edition, form, zipped=zipped)
            if not path.exists():
                dump(form, edition, path)
    model.Session.rollback()
    now = store.edition().name
    for path in place.iterdir():
        if not path.name.startswith(now) and path.suffix != ".part":
            with suppress(FileNotFoundError):
                path.unlink()


def run() -> None:
    """Bring the whole catalogue up to date: the job, and the end of the command."""
    connect_to_redis().delete(_WAITING)
    refresh(store.outdated())
    store.forget()
    _write_files()


def enqueue() -> None:
    """Let the job run soon, once for all that has changed until then."""
    if connect_to_redis().set(_WAITING, "1", nx=True, ex=_WAITING_SECONDS):
        tk.enqueue_job(run, title="Catalogue: render what has changed")
