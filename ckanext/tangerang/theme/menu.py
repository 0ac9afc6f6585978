"""The entries of the main menu: those whose pages this portal has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from flask import current_app

if TYPE_CHECKING:
    from collections.abc import Iterator


def _entries() -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Yield text, views (the first that the portal has counts) and blueprints of the pages."""
    yield tk._("Home"), ("home.index",), ("tangerang_home",)
    yield tk._("Datasets"), ("dataset.search",), ("dataset", "dataset_resource")
    yield tk._("Indicators"), ("indikator.search",), ("indikator",)
    yield tk._("Statistical activities"), ("kegiatan.search",), ("kegiatan",)
    yield (
        tk._("Agencies (OPD)"),
        ("tangerang_opd.index", "organization.index"),
        ("organization", "tangerang_opd", "tangerang_organizations"),
    )
    yield (
        tk._("Regions"),
        ("tangerang_wilayah.districts",),
        ("tangerang_wilayah", "tangerang_interop"),
    )
    yield tk._("Topics"), ("tangerang_kategori.index",), ("tangerang_kategori",)
    yield tk._("About"), ("home.about",), ("tangerang_halaman",)


def tangerang_menu() -> list[dict[str, Any]]:
    """Return the entries of the main menu.

    :returns: for each ``label``, ``url`` and whether the current page is ``active`` in it
    """
    endpoint = tk.request.endpoint or ""
    here = endpoint.split(".")[0]
    menu: list[dict[str, Any]] = []
    for label, views, blueprints in _entries():
        view = next((name for name in views if name in current_app.view_functions), None)
        if view:
            active = endpoint == view or here in blueprints
            menu.append({"label": label, "url": tk.h.url_for(view), "active": active})
    return menu
