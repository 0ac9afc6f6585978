"""Benchmarks against a stock CKAN on the same machine in the same run: ``make bench``."""

from __future__ import annotations

import os

# Records are made by the site user, who publishes nothing where the review is on. Its own benchmark
# switches it on.
os.environ.setdefault("TANGERANG_REVIEW", "off")
