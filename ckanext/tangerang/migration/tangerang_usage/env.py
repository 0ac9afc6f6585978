"""Runs the migrations of the plugin ``tangerang_usage``; called by ``ckan db``."""

from __future__ import annotations

from ckanext.tangerang.migrate import run  # pyright: ignore[reportMissingImports] - a namespace

run(__file__)
