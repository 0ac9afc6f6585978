"""Typed access to the options of the plugin ``tangerang_search``."""

from __future__ import annotations

from typing import Final

import ckan.plugins.toolkit as tk
from ckan.exceptions import CkanConfigurationException

#: Whose plain words are looked for with their synonyms and stems.
PAGES: Final = "halaman"
ALL: Final = "semua"
NOBODY: Final = "tidak"


def word_files() -> tuple[str, ...]:
    """Return where the files of words are: paths, or ``module:path``, each adding to the others."""
    return tuple(tk.config["ckanext.tangerang.search.words"])


def reach() -> str:
    """Return whose words are expanded: :data:`PAGES`, :data:`ALL` or :data:`NOBODY`.

    :raises CkanConfigurationException: when the option holds anything else
    """
    value = str(tk.config["ckanext.tangerang.search.expand"])
    if value not in (PAGES, ALL, NOBODY):
        raise CkanConfigurationException(
            f"ckanext.tangerang.search.expand must be {PAGES}, {ALL} or {NOBODY}, not {value}."
        )
    return value
