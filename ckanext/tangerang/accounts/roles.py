"""The roles that an account may have in an OPD, and what people call them."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ..metadata.values import N_, Problem, read_text, shown

ADMIN, EDITOR, MEMBER = "admin", "editor", "member"
#: From most to least.
ROLES = (ADMIN, EDITOR, MEMBER)
#: What an Admin OPD may give and take.
OPERATOR_ROLES = (EDITOR, MEMBER)

#: Names of a role in files, in Indonesian and English, without capitals.
_NAMES = {
    "admin opd": ADMIN,
    "opd admin": ADMIN,
    "admin": ADMIN,
    "walidata pendukung": ADMIN,
    "operator": EDITOR,
    "operator opd": EDITOR,
    "produsen": EDITOR,
    "editor": EDITOR,
    "pembaca opd": MEMBER,
    "opd reader": MEMBER,
    "pembaca": MEMBER,
    "reader": MEMBER,
    "anggota": MEMBER,
    "member": MEMBER,
}


def label(role: str) -> str:
    """Return what people call a role, in the language of the user."""
    labels = {
        ADMIN: tk._("OPD admin"),
        EDITOR: tk._("OPD operator"),
        MEMBER: tk._("OPD reader"),
    }
    return labels.get(role, role)


def read(value: object) -> str:
    """Return the role that a text names.

    :raises Problem: when it names none
    """
    text = read_text(value, 100) or ""
    role = _NAMES.get(" ".join(text.lower().replace("_", " ").split()))
    if role is None:
        raise Problem(
            N_('"{value}" is not a role. Write Admin OPD, Operator or Pembaca OPD.'),
            value=shown(text),
        )
    return role
