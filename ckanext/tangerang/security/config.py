"""Typed access to the options of the plugin ``tangerang_security``."""

from __future__ import annotations

import re

import ckan.plugins.toolkit as tk
from ckan.exceptions import CkanConfigurationException

CSP_MODES = ("off", "report", "enforce")
#: A host of a Content-Security-Policy: a scheme and a name, nothing that could end a directive.
_SOURCE = re.compile(r"https?://[A-Za-z0-9.*-]+(?::\d+)?")


def csp() -> str:
    """Return how the Content-Security-Policy is applied to pages that are not ours.

    :returns: ``off``, ``report`` or ``enforce``
    :raises CkanConfigurationException: when it is none of them
    """
    mode = str(tk.config["ckanext.tangerang.security.csp"]).strip().lower()
    if mode not in CSP_MODES:
        raise CkanConfigurationException(
            f"ckanext.tangerang.security.csp = {mode[:40]}: write off, report or enforce. "
            f"/ Tulis off, report, atau enforce."
        )
    return mode


def csp_sources() -> tuple[str, ...]:
    """Return hosts that pages may load from besides the portal itself.

    They become part of a header, so that nothing but addresses of hosts may ever come back.

    :raises CkanConfigurationException: when one is not the address of a host
    """
    found = tuple(str(tk.config["ckanext.tangerang.security.csp_sources"] or "").split())
    for source in found:
        if not _SOURCE.fullmatch(source):
            raise CkanConfigurationException(
                f"ckanext.tangerang.security.csp_sources: {source[:80]} is not the address of a "
                "host. Write addresses such as https://berkas.example.go.id, with blanks between "
                "them. / Bukan alamat host; tulis misalnya https://berkas.example.go.id, dipisah "
                "spasi."
            )
    return found


def csp_reports() -> int:
    """Return how many reports of violations are written to the log in an hour, at most."""
    return max(0, int(tk.config["ckanext.tangerang.security.csp_reports"]))
