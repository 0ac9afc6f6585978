"""Typed access to the options of the sample portal."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import ckan.plugins.toolkit as tk

OPD_FILE = "ckanext.tangerang.demo.opd_file"


class OpdFileError(ValueError):
    """The file of the sample organizations can not be used; the message says what to do."""


def opd_file() -> Path:
    """Return the path of the file of the sample organizations.

    :raises OpdFileError: when the option names no existing file
    """
    value = str(tk.config[OPD_FILE])
    module, colon, inside = value.partition(":")
    path = Path(value)
    if colon and not path.exists():
        try:
            spec = importlib.util.find_spec(module)
        except (ImportError, ValueError):
            spec = None
        if spec and spec.origin:
            path = Path(spec.origin).parent / inside
    if not path.is_file():
        raise OpdFileError(
            f"{OPD_FILE} = {value}: there is no such file. Write the path of a YAML file, or "
            "module:path for a file inside a Python package."
        )
    return path
