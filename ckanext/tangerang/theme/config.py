"""Typed access to the options of the plugin ``tangerang_theme``."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.exceptions import CkanConfigurationException

from .colours import is_colour

_PREFIX = "ckanext.tangerang.theme."


def _colour(name: str) -> str:
    """Return the colour of the option ``name``.

    It is written into a style sheet, so that nothing but a colour may ever come back.

    :raises CkanConfigurationException: when it is none
    """
    key = f"{_PREFIX}{name}"
    value = str(tk.config[key])
    if not is_colour(value):
        raise CkanConfigurationException(
            f"{key} = {value[:40]}: this is not a colour. "
            "Write # and six digits or letters A to F, such as #006DB8."
        )
    return value.upper()


def primary_colour() -> str:
    """Return the main colour as #RRGGBB."""
    return _colour("primary_colour")


def danger_colour() -> str:
    """Return the colour of errors as #RRGGBB."""
    return _colour("danger_colour")


def success_colour() -> str:
    """Return the colour of success as #RRGGBB."""
    return _colour("success_colour")


def accent_colour() -> str:
    """Return the colour of decorations as #RRGGBB."""
    return _colour("accent_colour")
