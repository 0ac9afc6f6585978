"""Typed access to the options of the sample portal."""

from __future__ import annotations

from pathlib import Path

import ckan.plugins.toolkit as tk

from ..locations import locate

OPD_FILE = "ckanext.tangerang.demo.opd_file"


class OpdFileError(ValueError):
    """The file of the sample organizations can not be used; the message says what to do."""


def opd_file() -> Path:
    """Return the path of the file of the sample organizations.

    :raises OpdFileError: when the option names no existing file
    """
    value = str(tk.config[OPD_FILE])
    try:
        path = locate(value)
    except LookupError:
        path = Path(value)
    if not path.is_file():
        raise OpdFileError(
            f"{OPD_FILE} = {value}: there is no such file. Write the path of a YAML file, or "
            "module:path for a file inside a Python package."
        )
    return path
