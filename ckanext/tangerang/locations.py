"""Files of the package and files that options name: where they are, and what a YAML file says."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

_MODULE = re.compile(r"[A-Za-z_]\w*(\.\w+)+")
#: As safe as ``SafeLoader`` and ten times as quick, where PyYAML was built with libyaml: 60 files
#: are read when a portal starts.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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


def read_yaml(path: Path) -> Any:
    """Return what a YAML file holds.

    :raises OSError: when it can not be read
    :raises UnicodeDecodeError: when it is not UTF-8
    :raises yaml.YAMLError: when it is not YAML
    """
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe one
