"""The sample organizations: perangkat daerah from a registry file, for one region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..opd import defaults, files
from ..opd.plan import plan
from ..opd.registry import Registry, Unit
from .config import OpdFileError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ..opd.rows import Note

#: The role of an organization of which the file names none.
DEFAULT_ROLE = "produsen_data"
#: Suppliers of data that are no perangkat daerah (key of the code list ``kelompok_opd``).
NOT_OPD = "non_opd"


@dataclass(frozen=True, slots=True)
class Offices:
    """What a registry file says for one region.

    ``accounts`` maps the accounts that need an organization to the address of theirs.
    """

    all: tuple[Unit, ...]
    accounts: Mapping[str, str]

    def get(self, name: str) -> Unit | None:
        """Return the office with that address, if any."""
        return next((office for office in self.all if office.name == name), None)


def _explained(path: Path, note: Note) -> OpdFileError:
    """Return what is wrong with a file as the operator reads it."""
    where = " ".join(part for part in (note.row, note.field) if part)
    text = note.msgid.format(**note.params)
    return OpdFileError(
        f"{path}: {where + ': ' if where else ''}{text} Correct the file; compare it with the "
        "packaged registry.yaml."
    )


def read_offices(path: Path, region_code: str, region_name: str) -> Offices:
    """Return the sample organizations of a region.

    :param path: registry file; what it may say is described in :mod:`..opd.defaults`
    :param region_code: Kemendagri code of the regency, whose kecamatan are added
    :param region_name: stands for ``{region}`` in the names
    :raises OpdFileError: when the file can not be read, or something in it is wrong
    :raises ckanext.tangerang.wilayah.UnknownRegionError: when there is no such regency
    """
    try:
        document = files.read(path.read_bytes(), path.name)
    except OSError as error:
        raise OpdFileError(f"{path} can not be read: {error}. Correct the file.") from error
    document.settings.setdefault("peran", DEFAULT_ROLE)
    accounts = document.settings.get("akun")
    document = defaults.expand(document, region_code, region_name)
    found = plan(Registry(), document.rows, today="")
    for note in (*document.errors, *found.errors):
        raise _explained(path, note)
    if not isinstance(accounts, dict):
        raise OpdFileError(
            f"{path} names no organizations for the accounts (akun). Compare it with the packaged "
            "registry.yaml."
        )
    return Offices(all=found.outcome.units, accounts=accounts)
