"""Typed access to the shared options; nothing else reads ``tk.config`` for them.

The options are declared in ``config_declaration.yaml`` beside this file. A plugin's own options
are declared, and read, in its feature folder.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def region_code() -> str:
    """Return the Kemendagri code of the region, such as ``36.03``."""
    return str(tk.config["ckanext.tangerang.region.code"])


def region_bps_domain() -> str:
    """Return the BPS domain code of the region, such as ``3603``."""
    return str(tk.config["ckanext.tangerang.region.bps_domain"])


def region_name() -> str:
    """Return the official name of the region, such as ``Kabupaten Tangerang``."""
    return str(tk.config["ckanext.tangerang.region.name"])


def government_name() -> str:
    """Return the name of the government that publishes the portal."""
    return str(tk.config["ckanext.tangerang.government.name"])


def government_url() -> str:
    """Return the address of the government's own site; empty for none."""
    return str(tk.config["ckanext.tangerang.government.url"] or "")


def portal_name() -> str:
    """Return the name of the portal."""
    return str(tk.config["ckanext.tangerang.portal.name"])


def portal_walidata() -> str:
    """Return the name of the office that answers for the portal (walidata)."""
    return str(tk.config["ckanext.tangerang.portal.walidata"])


def mail_is_set() -> bool:
    """Tell whether the site has named a mail server; CKAN's own default is none that answers."""
    server = tk.config.get("smtp.server")
    return bool(server) and server != "localhost"
