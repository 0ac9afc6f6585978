"""What the actions of the plugin ``tangerang_workbook`` take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ..cells import FORM_2020, FORM_INDAH, form_edition

if TYPE_CHECKING:
    from ckan.types import Schema


def _edition(value: Any) -> Any:
    """Refuse what names no edition of the BPS form.

    :raises Invalid: naming the editions
    """
    found = form_edition(str(value))
    if found is None:
        names = f"{FORM_2020}, {FORM_INDAH}"
        raise tk.Invalid(tk._("Use one of {names}.").format(names=names))
    return found


def tangerang_workbook_import() -> Schema:
    """Return the schema of the action of that name."""
    v: Any = tk.get_validator
    return {
        "upload": [v("not_missing")],
        "dry_run": [v("default")(True), v("boolean_validator")],
        "owner_org": [v("ignore_empty"), v("unicode_safe")],
        "form_version": [v("ignore_empty"), v("unicode_safe"), _edition],
    }
