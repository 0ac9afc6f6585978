"""Typed access to the options of the plugin ``tangerang_review``."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from .states import Rules


def enabled() -> bool:
    """Tell whether nothing becomes public without an approval."""
    return bool(tk.config["ckanext.tangerang.review.enabled"])


def four_eyes() -> bool:
    """Tell whether nobody may publish what they handed in themselves."""
    return bool(tk.config["ckanext.tangerang.review.four_eyes"])


def direct() -> str:
    """Return what an OPD may change of published records: none, resource_update or all."""
    return str(tk.config["ckanext.tangerang.review.direct"])


def rules() -> Rules:
    """Return what the configuration says about the ways of a record."""
    return Rules(
        opd_check=bool(tk.config["ckanext.tangerang.review.opd_check"]),
        opd_publishes=tk.config["ckanext.tangerang.review.publish_by"] == "opd",
    )
