"""What a downloaded table says of itself: whose it is, of when, in what units, from where."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Final, cast

import ckan.plugins.toolkit as tk
from ckan import model

from ..metadata import kamus
from ..metadata.codelists import label
from ..metadata.language import current_language, moment_label
from ..metadata.values import Problem

if TYPE_CHECKING:
    from ckan.types import Context

#: What no file system takes in a name, and what is no part of one.
_FORBIDDEN: Final = re.compile(
    r'[\x00-\x1f\x7f-\x9f\\/:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]+'
)
_NAME_LENGTH: Final = 120


@dataclass(frozen=True, slots=True)
class About:
    """A table in words."""

    #: Name of the file without its ending.
    filename: str
    #: Label and text of each thing that is known.
    facts: tuple[tuple[str, str], ...]
    #: The dictionary of the columns: rows as :func:`..metadata.kamus.read` gives them.
    dictionary: tuple[dict[str, str], ...]


def dictionary(resource: dict[str, Any]) -> list[dict[str, str]]:
    """Return the rows of the dictionary of a table; none where it can not be read."""
    try:
        return kamus.read(resource.get("kamus"))
    except Problem:
        return []


def filename(package: dict[str, Any], resource: dict[str, Any]) -> str:
    """Return the name for the file of a table: the title of the record, and which table it is.

    Without what no file system takes, and without signs that turn the direction of writing, which
    hide the ending of a file.
    """
    title = str(package.get("title") or package["name"])
    name = str(resource.get("name") or "")
    tables = [entry for entry in package.get("resources", []) if entry.get("datastore_active")]
    if name and name != title and len(tables) > 1:
        title = f"{title} - {name}"
    cleaned = _FORBIDDEN.sub(" ", unicodedata.normalize("NFC", title))
    return " ".join(cleaned.split())[:_NAME_LENGTH].strip(" .") or "tabel"


def address(package: dict[str, Any], resource: dict[str, Any]) -> str:
    """Return the address of the page of a table, which survives renames."""
    return str(
        tk.h.url_for(
            f"{package['type']}_resource.read",
            id=package["id"],
            resource_id=resource["id"],
            locale="default",
            qualified=True,
        )
    )


def _period(package: dict[str, Any], resource: dict[str, Any]) -> str:
    """Return the period of a table, else that of its record."""
    own = str(resource.get("periode_data") or "").replace("/", "–")
    ends = [str(package.get(key) or "") for key in ("periode_awal", "periode_akhir")]
    return own or "–".join(dict.fromkeys(filter(None, ends)))


def _moment(value: Any) -> str:
    """Return a moment as people read it; empty where it is not known."""
    try:
        return moment_label(str(value)) if value else ""
    except ValueError:
        return str(value)


def about(context: Context, resource_id: str, count: int) -> About:
    """Return a table in words.

    Call it while the table is held: what is written of a record and its tables changes together.

    :param count: of the rows
    :raises NotAuthorized: when the user may not see the record (any more)
    :raises ObjectNotFound: when it is gone
    """
    # What this request has read of the record may be older than the table.
    cast("Any", model.Session).expire_all()
    resource = tk.get_action("resource_show")(tk.fresh_context(context), {"id": resource_id})
    package = tk.get_action("package_show")(
        tk.fresh_context(context), {"id": resource["package_id"]}
    )
    rows = dictionary(resource)
    owner = package.get("organization") or {}
    facts = [
        (tk._("Title"), package.get("title") or package["name"]),
        (tk._("Table"), resource.get("name")),
        (tk._("Agency (OPD)"), owner.get("title") or owner.get("name")),
        (tk._("Period"), _period(package, resource)),
        (tk._("Unit"), package.get("satuan")),
        (tk._("License"), package.get("license_title")),
        (tk._("Access"), label("akses", package.get("accesslevel") or "", current_language())),
        (tk._("Source"), address(package, resource)),
        (tk._("Rows"), str(count)),
        (tk._("Last changed"), _moment(resource.get("last_modified") or resource.get("created"))),
        (tk._("Downloaded"), moment_label(datetime.now(tz=timezone.utc))),
    ]
    return About(
        filename=filename(package, resource),
        facts=tuple((label, str(text)) for label, text in facts if text),
        dictionary=tuple(rows),
    )
