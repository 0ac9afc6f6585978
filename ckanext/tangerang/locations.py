"""Files that options name: a path, or ``module:path`` inside a Python package."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

_MODULE = re.compile(r"[A-Za-z_]\w*(\.\w+)+")


def locate(location: str) -> Path:
    """Return the file that ``location`` names; whether it exists is for the reader to see.

    :param location: a path, or ``module:path`` such as ``ckanext.tangerang.metadata:topics.yaml``
    :raises LookupError: when there is no such Python module
    """
    module, separator, inside = location.partition(":")
    if not (separator and _MODULE.fullmatch(module)):
        return Path(location)
    try:
        spec = find_spec(module)
    except ImportError:
        spec = None
    if spec is None or spec.origin is None:
        raise LookupError(f"{location}: there is no Python module {module}.")
    return Path(spec.origin).parent / inside
