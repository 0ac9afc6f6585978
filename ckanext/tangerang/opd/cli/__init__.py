"""``ckan tangerang opd``: the registry of OPD on the command line."""

from __future__ import annotations

from ...cli import tangerang
from .group import opd

from . import plans, resolve  # isort: skip - they hang their commands on the group

#: What CKAN's blanket registers: the shared group, which ``opd`` hangs on.
__all__ = ["opd", "plans", "resolve", "tangerang"]
