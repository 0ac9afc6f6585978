"""The forms of activities and indicators.

They stand at the addresses of CKAN's own forms and take their place: one page with all blocks,
which is saved as a draft at any time, and no step for files. A save that fails shows the form
again with everything that was sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.search import SearchIndexError
from flask import Blueprint, request
from flask.views import MethodView

from .. import forms, seen
from ..fields import FORM_TYPES

if TYPE_CHECKING:
    from ckan.types import Context, ErrorDict
    from flask.wrappers import Response

    Answer = Response | str

tangerang_form = Blueprint("tangerang_form", __name__)

#: What the buttons send: stay in the form as a draft, stay as it is, done.
DRAFT, STAY, DONE = "draft", "stay", "done"


def _context() -> Context:
    """Return the context of the user for one action."""
    return {"user": tk.current_user.name, "auth_user_obj": tk.current_user}  # pyright: ignore[reportReturnType]


class _FormView(MethodView):
    """What the forms of new and of stored records share."""

    def __init__(self, record_type: str) -> None:
        self.record_type = record_type

    def page(
        self,
        data: dict[str, Any],
        stored: dict[str, Any] | None,
        errors: ErrorDict | None = None,
        message: str = "",
    ) -> str:
        """Return the page of the form.

        :param data: values by field name, stored or as they were sent
        :param stored: the record; None for a new one
        :param errors: by field name
        :param message: what stopped the save, where no field did
        """
        return tk.render(
            "tangerang/form/page.html",
            {
                "dataset_type": self.record_type,
                "pkg_dict": stored,
                "data": data,
                "errors": errors or {},
                "message": message,
                "block": request.values.get("blok", ""),
            },
        )

    def save(
        self, action: str, data: dict[str, Any], sent: dict[str, Any], stored: dict[str, Any] | None
    ) -> Answer:
        """Save, and go on to the record or back into the form.

        :param action: ``package_create`` or ``package_patch``
        :param data: what the action gets
        :param sent: what the form sent
        """
        try:
            record = tk.get_action(action)(_context(), data)
        except tk.ValidationError as error:
            return self.page(sent, stored, errors=error.error_dict)
        except tk.NotAuthorized:
            model.Session.rollback()
            text = tk._("You may not save this for the chosen OPD. Nothing was saved.")
            return self.page(sent, stored, message=text)
        except SearchIndexError:
            model.Session.rollback()
            text = tk._("The search index does not answer. Save again in a few minutes.")
            return self.page(sent, stored, message=text)
        if request.form.get("save") in (DRAFT, STAY):
            tk.h.flash_success(
                tk._("The draft is saved.") if record["state"] == "draft" else tk._("Saved.")
            )
            block = {"blok": request.form["blok"]} if request.form.get("blok") else {}
            return tk.redirect_to(f"{self.record_type}.edit", id=record["id"], **block)
        tk.h.flash_success(tk._("Saved."))
        return tk.redirect_to(f"{self.record_type}.read", id=record["name"])


class NewView(_FormView):
    """The form of a new record."""

    def _check(self) -> None:
        """Stop who may not create records."""
        try:
            tk.check_access("package_create", _context(), {"type": self.record_type})
        except tk.NotAuthorized:
            tk.abort(403, tk._("Unauthorized to create a package"))

    def get(self) -> Answer:
        """Show the form, with what the portal knows and what the address says already in it."""
        self._check()
        names = {field["field_name"] for field in forms.form_fields(self.record_type)}
        given = {name: value for name, value in request.args.items() if name in names}
        if request.args.get("group"):
            given["owner_org"] = request.args["group"]
        return self.page({**forms.prefilled(self.record_type), **given}, None)

    def post(self) -> Answer:
        """Create the record."""
        self._check()
        sent = forms.read(self.record_type, request.form)
        state = "draft" if request.form.get("save") == DRAFT else "active"
        data = {**sent, "type": self.record_type, "state": state}
        return self.save("package_create", data, sent, None)


class EditView(_FormView):
    """The form of a stored record, found by its id or name.

    The form itself sends to the id, so that a record that is renamed meanwhile is still found.
    """

    def _stored(self, record_id: str) -> dict[str, Any]:
        """Return the record; stop who may not change it."""
        try:
            tk.check_access("package_update", _context(), {"id": record_id})
            stored = tk.get_action("package_show")(_context(), {"id": record_id})
        except tk.ObjectNotFound:
            tk.abort(404, tk._("There is no such record."))
        except tk.NotAuthorized:
            tk.abort(403, tk._("You may not change this record."))
        if stored["type"] != self.record_type:
            tk.abort(404, tk._("There is no such record."))
        return stored

    def get(self, record_id: str) -> Answer:
        """Show the form with the stored values."""
        stored = self._stored(record_id)
        return self.page(stored, stored)

    def post(self, record_id: str) -> Answer:
        """Change the record; what the form does not show stays as it is."""
        stored = self._stored(record_id)
        sent = forms.read(self.record_type, request.form)
        shown = {**{name: stored.get(name) for name in ("owner_org", "private")}, **sent}
        version = request.form.get(seen.SEEN)
        if version and version != stored["metadata_modified"]:
            return self.page(shown, stored, message=seen.record_text())
        data = {**sent, "id": stored["id"]}
        wanted = request.form.get("save")
        if wanted == DRAFT:
            data["state"] = "draft"
        elif wanted == DONE and stored["state"] == "draft":
            data["state"] = "active"
        return self.save("package_patch", data, shown, stored)


for _type in FORM_TYPES:
    tangerang_form.add_url_rule(
        f"/{_type}/new", view_func=NewView.as_view(f"new_{_type}", record_type=_type)
    )
    tangerang_form.add_url_rule(
        f"/{_type}/edit/<record_id>",
        view_func=EditView.as_view(f"edit_{_type}", record_type=_type),
    )
