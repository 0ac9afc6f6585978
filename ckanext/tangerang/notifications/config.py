"""Typed access to the options of the plugin ``tangerang_notifications``."""

from __future__ import annotations

from datetime import timedelta

import ckan.plugins.toolkit as tk
from ckan import plugins as p


def default_mail() -> str:
    """Return when people who have not chosen get e-mail: one of :data:`events.MAIL`."""
    return str(tk.config["ckanext.tangerang.notifications.mail"])


def mail_is_set() -> bool:
    """Tell whether messages go anywhere: to a mail server, or to a plugin that sends them.

    CKAN's own default is a mail server that does not answer.
    """
    server = tk.config.get("smtp.server")
    return bool(server and server != "localhost") or any(p.PluginImplementations(p.INotifier))


def waiting_days() -> int:
    """Return after how many days without a decision the walidata is told; 0 for never."""
    return max(int(tk.config["ckanext.tangerang.notifications.waiting_days"]), 0)


def kept() -> timedelta:
    """Return how long notifications are kept."""
    return timedelta(days=max(int(tk.config["ckanext.tangerang.notifications.keep_days"]), 1))
