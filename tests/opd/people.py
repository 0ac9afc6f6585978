"""People of a small portal, one of each role, with three OPD."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories

#: With the activity stream, as a portal has it.
PLUGINS = "activity tangerang_opd scheming_organizations"

#: Roles in the order in which they may more; None is nobody who is logged in.
ROLES = (
    "anonymous",
    "stranger",
    "member",
    "editor",
    "admin",
    "other_admin",
    "walidata",
    "sysadmin",
)


class Portal:
    """A portal with the OPD ``dinkes``, ``disdik`` and ``diskominfo``, the walidata.

    ``users`` has one user of each role of :data:`ROLES`: member, editor and admin are of dinkes,
    other_admin of disdik, walidata is an editor of diskominfo.
    """

    def __init__(self) -> None:
        self.users: dict[str, dict[str, Any]] = {
            role: factories.Sysadmin() if role == "sysadmin" else factories.User()
            for role in ROLES
            if role != "anonymous"
        }
        people = [
            {"name": self.users[role]["name"], "capacity": role}
            for role in ("member", "editor", "admin")
        ]
        self.dinkes = factories.Organization(
            name="dinkes",
            title="Dinas Kesehatan",
            singkatan="Dinkes",
            kode_opd="1.02.0.00.0.00.01.0000",
            urusan=["1.02"],
            berlaku_dari="2001",
            users=people,
        )
        self.disdik = factories.Organization(
            name="disdik",
            title="Dinas Pendidikan",
            users=[{"name": self.users["other_admin"]["name"], "capacity": "admin"}],
        )
        self.diskominfo = factories.Organization(
            name="diskominfo",
            title="Dinas Komunikasi dan Informatika",
            peran_sdi="walidata",
            users=[{"name": self.users["walidata"]["name"], "capacity": "editor"}],
        )

    def context(self, role: str) -> Any:
        """Return the context of an action called by a role."""
        return {"user": "" if role == "anonymous" else self.users[role]["name"]}

    def act(self, role: str, action: str, **data: Any) -> Any:
        """Call an action as somebody of a role."""
        return tk.get_action(action)(self.context(role), data)

    def refused(self, role: str, action: str, **data: Any) -> dict[str, Any]:
        """Return the errors of an action that refuses the data of a role."""
        with pytest.raises(tk.ValidationError) as caught:
            self.act(role, action, **data)
        return caught.value.error_dict

    def headers(self, role: str) -> dict[str, str]:
        """Return the headers of a request by somebody of a role."""
        token = tk.get_action("api_token_create")(
            {"ignore_auth": True}, {"user": self.users[role]["name"], "name": "t"}
        )
        return {"Authorization": token["token"]}
