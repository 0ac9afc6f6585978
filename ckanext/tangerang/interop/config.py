"""Typed access to the options of the plugin ``tangerang_interop``."""

from __future__ import annotations

import re

import ckan.plugins.toolkit as tk
from ckan.exceptions import CkanConfigurationException

from ..wilayah import shapes
from .extras import NATIONAL_KEYS

_PREFIX = re.compile(r"([a-z][a-z0-9_]{0,19})?")


def emits_extras() -> bool:
    """Tell whether API callers get the SDI fields as extras too."""
    return tk.config["ckanext.tangerang.interop.extras"] == "api"


def extras_prefix() -> str:
    """Return what stands before the names of SDI fields among the extras; empty for nothing."""
    return str(tk.config["ckanext.tangerang.interop.extras_prefix"] or "")


def polygons_location() -> str:
    """Return where the outlines of regions are: a path, or ``module:path``; empty for none."""
    return str(tk.config["ckanext.tangerang.interop.polygons"] or "")


def bounding_box() -> str:
    """Return west, south, east and north of the region, with commas; empty for none."""
    return str(tk.config["ckanext.tangerang.interop.bounding_box"] or "")


def region_uri() -> str:
    """Return the pattern of the address of a region, with ``{code}``; empty for our own."""
    return str(tk.config["ckanext.tangerang.interop.region_uri"] or "")


def renders_after_saving() -> bool:
    """Tell whether a job renders the catalogue after a save."""
    return bool(tk.config["ckanext.tangerang.interop.render_job"])


def inline_limit() -> int:
    """Return how many datasets a request renders at most that finds them outdated."""
    return int(tk.config["ckanext.tangerang.interop.inline_limit"])


def storage_path() -> str:
    """Return CKAN's folder of files; empty where the portal has none."""
    return str(tk.config.get("ckan.storage_path") or "")


def datasets_per_page() -> int:
    """Return how many datasets a page of the catalogue has: ckanext-dcat's option."""
    return int(tk.config.get("ckanext.dcat.datasets_per_page") or 100)


def check() -> None:
    """Read what the options name, so that a mistake stops the start and not a harvest.

    :raises CkanConfigurationException: with what to change
    """
    prefix = extras_prefix()
    taken = bool(prefix) and any(key.startswith(prefix) for key in NATIONAL_KEYS)
    if taken or not _PREFIX.fullmatch(prefix):
        raise CkanConfigurationException(
            f'ckanext.tangerang.interop.extras_prefix: "{prefix}" is no prefix. Write small '
            "letters, digits and _, such as sdi_, that begin no key which harvesters know."
        )
    try:
        shapes.load(polygons_location())
        shapes.read_box(bounding_box())
    except shapes.ShapesError as error:
        raise CkanConfigurationException(f"ckanext.tangerang.interop: {error}") from error
