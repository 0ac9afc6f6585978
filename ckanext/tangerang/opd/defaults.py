"""What a registry file in YAML says for all of its OPD, and the packaged file.

A file of one region becomes one of any other by what it says beside its list ``opd``:

``catatan``
    note on verification of each OPD that has none;
``email``
    e-mail address of each OPD that has none; ``{slug}`` stands for its address in the portal;
``peran``
    role of each OPD that has none;
``kecamatan``
    the fields of one more OPD for each kecamatan of the region: ``{kecamatan}`` stands for its
    name, its address is its name without spaces, its ``kode_wilayah`` the code of Kemendagri.

``{region}`` in a name stands for the name of the region that runs the portal, and an OPD with
``wilayah`` is there only where the portal runs for the region of that code.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import config, wilayah
from ..metadata.values import is_empty
from .files import Document, read
from .rows import HEADINGS, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: The packaged registry: a seed list, not the truth.
PACKAGED = Path(__file__).with_name("registry.yaml")


def packaged() -> Document:
    """Return the packaged registry, for the region that runs the portal."""
    return expand(read(PACKAGED.read_bytes(), PACKAGED.name))


def _text(settings: Mapping[str, Any], name: str) -> str:
    """Return a text that a file says for all; "" where it says none."""
    value = settings.get(name)
    return value if isinstance(value, str) else ""


def _districts(settings: Mapping[str, Any], region_code: str) -> Iterator[Row]:
    """Yield an OPD for each kecamatan of the region, where the file asks for them."""
    template = settings.get("kecamatan")
    if not isinstance(template, dict):
        return
    fields = {HEADINGS.get(str(name), str(name)): value for name, value in template.items()}
    for district in wilayah.regency(region_code).districts:
        values = {
            **fields,
            "name": wilayah.normalise_name(district.name),
            "title": _text(fields, "title").replace("{kecamatan}", district.name),
            "kode_wilayah": district.code,
        }
        yield Row(values, f"kecamatan[{district.code}]")


def _with_defaults(row: Row, settings: Mapping[str, Any], region_name: str) -> Row:
    """Return an OPD with what the file says for all."""
    values = dict(row.values)
    title, name = _text(values, "title"), _text(values, "name")
    if "{region}" in title:
        values["title"] = title.replace("{region}", region_name)
    defaults = {
        "catatan_verifikasi": _text(settings, "catatan"),
        "kontak_email": _text(settings, "email").replace("{slug}", name),
        "peran_sdi": _text(settings, "peran"),
    }
    for field, value in defaults.items():
        if value and is_empty(values.get(field)):
            values[field] = value
    return dataclasses.replace(row, values=values)


def expand(
    document: Document, region_code: str | None = None, region_name: str | None = None
) -> Document:
    """Return a document with what it says for all of its OPD.

    :param region_code: Kemendagri code of the regency; default: the one of the configuration
    :param region_name: its name; default: the one of the configuration
    :raises ckanext.tangerang.wilayah.UnknownRegionError: when the file asks for the kecamatan of
        a regency that does not exist
    """
    code = region_code or config.region_code()
    rows = [row for row in document.rows if row.region in ("", code)]
    rows += _districts(document.settings, code)
    name = region_name or config.region_name()
    return dataclasses.replace(
        document, rows=[_with_defaults(row, document.settings, name) for row in rows]
    )
