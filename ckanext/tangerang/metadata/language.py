"""The language of labels that are not gettext messages: code lists, topics, field labels."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import has_request_context


def current_language() -> str:
    """Return the language of the request; the site's default outside a request."""
    lang = tk.h.lang() if has_request_context() else None
    return str(lang or tk.config["ckan.locale_default"])
