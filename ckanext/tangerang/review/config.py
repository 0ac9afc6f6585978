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


def link_hours() -> int:
    """Return after how many hours a link of a published record is read again."""
    return int(tk.config["ckanext.tangerang.review.link_hours"])


def link_bytes() -> int:
    """Return how much of what a link leads to is read at most, in bytes."""
    return int(tk.config["ckanext.tangerang.review.link_max_size"]) * 1_000_000


def link_hosts() -> frozenset[str]:
    """Return the hosts that may be read although they are inside a private network."""
    return frozenset(tk.config["ckanext.tangerang.review.link_hosts"])


def download_proxy() -> str:
    """Return CKAN's proxy for what it downloads; empty for none."""
    return str(tk.config["ckan.download_proxy"] or "")


def rules() -> Rules:
    """Return what the configuration says about the ways of a record."""
    return Rules(
        opd_check=bool(tk.config["ckanext.tangerang.review.opd_check"]),
        opd_publishes=tk.config["ckanext.tangerang.review.publish_by"] == "opd",
    )
