"""Files of resources: staged beside their place, and put there by a rename.

CKAN writes an upload to a place that the id of the resource fixes, before it commits, and a
rollback does not bring back what was there. So the next file lies beside it, on the same file
system and written through to the disk, until the record is saved; a reader gets the old file or the
new one.

On a local disk (``ckan.storage_path``, or a storage of the type ``ckan:fs``) that holds to the
letter. Another storage of CKAN (``ckan.files.storage.*``, for example S3) is asked to copy and to
remove: there a put is as whole as the copy of that storage is. One that can not do both, and
uploaders of other extensions (``IUploader``), are refused before anything is changed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from ckan.lib import files, uploader
from file_keeper.default.adapters.fs import FsStorage

if TYPE_CHECKING:
    from collections.abc import Callable


class Unsupported(Exception):  # noqa: N818 - says what it is
    """The storage can not switch files."""


class Files(Protocol):
    """Where the files of resources are. ``mark`` names a staging; each may run twice."""

    def exists(self, resource_id: str) -> bool:
        """Tell whether a resource has a file."""
        ...

    def stage(self, source_id: str, target_id: str, mark: str) -> None:
        """Copy the file of one resource beside the place of another.

        :raises FileNotFoundError: when there is none
        """
        ...

    def put(self, target_id: str, mark: str) -> None:
        """Bring a staged file to its place; nothing to do if it is there already."""
        ...

    def drop(self, target_id: str, mark: str) -> None:
        """Forget a staged file."""
        ...

    def remove(self, resource_id: str) -> None:
        """Remove the file of a resource."""
        ...


def _sync_folder(folder: Path) -> None:
    """Write the names in a folder through to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class LocalFiles:
    """Files on a local disk."""

    def __init__(self, path: Callable[[str], str]) -> None:
        """Keep what finds the place of a resource's file."""
        self._find = path

    def _path(self, resource_id: str) -> Path:
        return Path(self._find(resource_id))

    def _staged(self, resource_id: str, mark: str) -> Path:
        path = self._path(resource_id)
        return path.with_name(f"{path.name}.{mark}.new")

    def exists(self, resource_id: str) -> bool:
        """Tell whether a resource has a file."""
        return self._path(resource_id).is_file()

    def size(self, resource_id: str) -> int | None:
        """Return the bytes of the file of a resource; None where there is none."""
        try:
            return self._path(resource_id).stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            return None

    def stage(self, source_id: str, target_id: str, mark: str) -> None:
        """Copy the file of one resource beside the place of another.

        :raises FileNotFoundError: when there is none
        """
        staged = self._staged(target_id, mark)
        staged.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self._path(source_id), staged)
        with staged.open("rb") as handle:
            os.fsync(handle.fileno())
        # The two folders above it may be new as well.
        for folder in (staged.parent, *staged.parents[1:3]):
            _sync_folder(folder)

    def put(self, target_id: str, mark: str) -> None:
        """Bring a staged file to its place; nothing to do if it is there already."""
        staged = self._staged(target_id, mark)
        with contextlib.suppress(FileNotFoundError):
            os.replace(staged, self._path(target_id))  # noqa: PTH105 - the call that counts
            _sync_folder(staged.parent)

    def drop(self, target_id: str, mark: str) -> None:
        """Forget a staged file."""
        self._staged(target_id, mark).unlink(missing_ok=True)

    def remove(self, resource_id: str) -> None:
        """Remove the file of a resource."""
        self._path(resource_id).unlink(missing_ok=True)


class StorageFiles:
    """Files in a storage of CKAN that is no local disk."""

    def __init__(self, storage: Any, location: Callable[[str], str]) -> None:
        """Keep the storage, and what finds the place of a resource's file.

        :raises Unsupported: when it can not copy and remove
        """
        needed = files.Capability.COPY | files.Capability.REMOVE | files.Capability.EXISTS
        if not storage.supports(needed):
            raise Unsupported
        self._storage, self._find = storage, location

    def _data(self, resource_id: str, mark: str = "") -> Any:
        suffix = f".{mark}.new" if mark else ""
        return files.FileData(files.Location(f"{self._find(resource_id)}{suffix}"))

    def _copy(self, source: Any, target: Any) -> None:
        if not self._storage.settings.overwrite_existing:
            self._discard(target)
        self._storage.copy(target.location, source)

    def _discard(self, data: Any) -> None:
        with contextlib.suppress(files.exc.MissingFileError):
            self._storage.remove(data)

    def exists(self, resource_id: str) -> bool:
        """Tell whether a resource has a file."""
        return bool(self._storage.exists(self._data(resource_id)))

    def stage(self, source_id: str, target_id: str, mark: str) -> None:
        """Copy the file of one resource beside the place of another.

        :raises FileNotFoundError: when there is none
        """
        try:
            self._copy(self._data(source_id), self._data(target_id, mark))
        except files.exc.MissingFileError as error:
            raise FileNotFoundError(source_id) from error

    def put(self, target_id: str, mark: str) -> None:
        """Bring a staged file to its place; nothing to do if it is there already."""
        staged = self._data(target_id, mark)
        if self._storage.exists(staged):
            self._copy(staged, self._data(target_id))
            self._discard(staged)

    def drop(self, target_id: str, mark: str) -> None:
        """Forget a staged file."""
        self._discard(self._data(target_id, mark))

    def remove(self, resource_id: str) -> None:
        """Remove the file of a resource."""
        self._discard(self._data(resource_id))


def stored() -> Files:
    """Return where the files of resources are.

    :raises Unsupported: when they can not be switched there
    """
    found = cast("Any", uploader.get_resource_uploader({}))
    if isinstance(found, uploader.ResourceUpload):
        return LocalFiles(found.get_path)
    if not isinstance(found, uploader.FKResourceUpload):
        raise Unsupported
    storage = cast("Any", found).storage
    if isinstance(storage, FsStorage):
        return LocalFiles(lambda resource_id: storage.full_path(found.get_path(resource_id)))
    return StorageFiles(storage, cast("Any", found).get_path)
