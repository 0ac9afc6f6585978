"""The language of labels that are not gettext messages: code lists, topics, field labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from flask import has_request_context

from .codelists import DEFAULT_LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Mapping


def current_language() -> str:
    """Return the language of the request; the site's default outside a request."""
    lang = tk.h.lang() if has_request_context() else None
    return str(lang or tk.config["ckan.locale_default"])


def localized(text: Mapping[str, Any] | str) -> str:
    """Return a text of a schema in the language of the request, else in Indonesian.

    Unlike scheming's helper it also works outside a request, where jobs and commands run.

    :param text: one text, or texts by language (``{id: …, en: …}``)
    """
    if isinstance(text, str):
        return text
    lang = current_language().split("_")[0]
    return str(text.get(lang) or text.get(DEFAULT_LANGUAGE) or next(iter(text.values()), ""))
