"""What the pages say of requests and of levels, in the language of the user."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from . import states


def state_label(state: str) -> str:
    """Return the state of a request in words."""
    return {
        states.ASKED: tk._("Waits for a decision"),
        states.GRANTED: tk._("Access granted"),
        states.REFUSED: tk._("Access refused"),
        states.REVOKED: tk._("Access taken back"),
        states.CANCELLED: tk._("Request taken back"),
        states.ENDED: tk._("Access has ended"),
    }.get(state, state)


def way_label(way: str) -> str:
    """Return in words how data were read."""
    last = way.rsplit(".", 1)[-1]
    return {
        "download": tk._("File downloaded"),
        "trusted_download": tk._("File downloaded"),
        "public_download": tk._("File downloaded"),
        "dump": tk._("Table downloaded"),
        "ajax": tk._("Table looked at"),
        "view": tk._("Preview looked at"),
        "proxy_view": tk._("Preview looked at"),
        "read": tk._("Preview looked at"),
        "datastore_search": tk._("Table read by the API"),
        "datastore_search_sql": tk._("Table read by the API"),
        "datastore_info": tk._("Table read by the API"),
    }.get(last, way)


def restricted_text() -> str:
    """Return why data are not shown."""
    return tk._(
        "The data of this record are restricted. Its description is public; the files are for "
        "those whom the agency lets read them."
    )
