"""Gives pytest the addresses of the test services.

Loaded before CKAN's own pytest plugin reads the configuration. An address that the environment
names already is used as it is.
"""

from __future__ import annotations

import os

from stack.bootstrap import program_environment
from stack.layout import TEST

#: Collects CKAN's own tests; adds the options --core-full and --core-plugins.
pytest_plugins = ["tests.core.plugin"]

if TEST.environment_file.exists():
    for line in TEST.environment_file.read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition("=")
        os.environ.setdefault(name, value)
for name in ("LD_LIBRARY_PATH", "MAGIC"):
    if name in program_environment():
        os.environ.setdefault(name, program_environment()[name])
