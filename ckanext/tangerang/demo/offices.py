"""The sample organizations: perangkat daerah from a YAML file, kecamatan from the region codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from .. import wilayah
from .config import OpdFileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

#: The role of an organization of which the file names none.
DEFAULT_ROLE = "produsen_data"
#: Suppliers of data that are no perangkat daerah (key of the code list ``kelompok_opd``).
NOT_OPD = "non_opd"


@dataclass(frozen=True, slots=True)
class Office:
    """A sample organization; the names of the fields say which field of CKAN they fill."""

    slug: str
    title: str
    jenis_opd: str
    urusan: tuple[str, ...]
    peran_sdi: str
    kontak_email: str
    catatan_verifikasi: str
    singkatan: str = ""
    kode_opd: str = ""
    kode_wilayah: str = ""


@dataclass(frozen=True, slots=True)
class Offices:
    """What an OPD file says for one region.

    ``accounts`` maps the accounts that need an organization to the slug of theirs.
    """

    all: tuple[Office, ...]
    accounts: Mapping[str, str]

    def get(self, slug: str) -> Office | None:
        """Return the office with that slug, if any."""
        return next((office for office in self.all if office.slug == slug), None)


def _entries(data: Mapping[str, Any], region_code: str, region_name: str) -> Iterator[Office]:
    """Yield the offices of a parsed OPD file, then those of the kecamatan."""
    shared = {"catatan_verifikasi": data["catatan"]}
    for row in data["opd"]:
        if row.get("wilayah", region_code) != region_code:
            continue
        yield Office(
            slug=row["slug"],
            title=row["nama"].format(region=region_name),
            jenis_opd=row["jenis"],
            urusan=tuple(row.get("urusan", ())),
            peran_sdi=row.get("peran", DEFAULT_ROLE),
            kontak_email=data["email"].format(slug=row["slug"]),
            singkatan=row.get("singkatan", ""),
            kode_opd=row.get("kode_opd", ""),
            **shared,
        )
    template = data.get("kecamatan")
    if not template:
        return
    for district in wilayah.regency(region_code).districts:
        slug = wilayah.normalise_name(district.name)
        yield Office(
            slug=slug,
            title=template["nama"].format(kecamatan=district.name),
            jenis_opd=template["jenis"],
            urusan=tuple(template.get("urusan", ())),
            peran_sdi=DEFAULT_ROLE,
            kontak_email=data["email"].format(slug=slug),
            kode_wilayah=district.code,
            **shared,
        )


def read_offices(path: Path, region_code: str, region_name: str) -> Offices:
    """Return the sample organizations of a region.

    :param path: OPD file; its form is described in the packaged ``opd.yaml``
    :param region_code: Kemendagri code of the regency, whose kecamatan are added
    :param region_name: stands for ``{region}`` in the names
    :raises OpdFileError: when the file can not be read, lacks something or uses a slug twice
    :raises ckanext.tangerang.wilayah.UnknownRegionError: when there is no such regency
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        found = tuple(_entries(data, region_code, region_name))
        accounts = dict(data["akun"])
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise OpdFileError(f"{path} can not be read: {error}. Correct the file.") from error
    except wilayah.UnknownRegionError:
        raise
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise OpdFileError(
            f"{path} lacks something or has a value of the wrong kind ({error!r}). "
            "Compare it with the packaged opd.yaml."
        ) from error
    slugs = [office.slug for office in found]
    twice = sorted({slug for slug in slugs if slugs.count(slug) > 1})
    if twice:
        raise OpdFileError(f"{path} uses a slug twice: {', '.join(twice)}. Rename one of each.")
    return Offices(all=found, accounts=accounts)
