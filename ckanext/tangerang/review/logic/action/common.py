"""What the actions share: finding the record, asking for the way, telling the index."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Final

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import search
from sqlalchemy.exc import OperationalError

from .... import working_copy
from ....metadata.fields import RECORD_TYPES
from ... import config, grants, roles, states, store
from ...revision import shadow
from ...texts import state_label

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckan.types import Context, DataDict

    from ...model import Review

#: What PostgreSQL says when it ended one of two transactions that waited for each other.
_DEADLOCK: Final = "40P01"


def find_package(data_dict: DataDict) -> Any:
    """Return the record that a call is about.

    :raises ObjectNotFound: when there is none that is reviewed
    """
    package: Any = model.Package.get(data_dict["id"])
    if package is None or package.type not in RECORD_TYPES:
        raise tk.ObjectNotFound(tk._("There is no such record."))
    return package


def require_enabled() -> None:
    """Refuse to review while the review is off.

    :raises ValidationError: then
    """
    if not config.enabled():
        raise tk.ValidationError(
            {"id": [tk._("The review is switched off. Records are published without it.")]}
        )


def _changed_error() -> dict[str, Any]:
    """Return the error of a record that is not what the user saw."""
    return {
        "version": [
            tk._(
                "The record has changed since you looked at it. "
                "Load the page again and look at what is different."
            )
        ]
    }


def one_wins(action: Callable[[Context, DataDict], Any]) -> Callable[[Context, DataDict], Any]:
    """Tell whoever lost against another step in words, also when PostgreSQL chose who loses.

    Two that approve at once wait for each other's locks in rare cases; PostgreSQL ends one of them.

    :raises ValidationError: then; nothing of the step is stored
    """

    @wraps(action)
    def step(context: Context, data_dict: DataDict) -> Any:
        try:
            return action(context, data_dict)
        except OperationalError as error:
            model.Session.rollback()
            if getattr(error.orig, "pgcode", "") != _DEADLOCK:
                raise
            raise tk.ValidationError(_changed_error()) from error

    return step


class Step:
    """One step of a record: the record and its row, locked, and the way that the user goes."""

    package: Any
    row: Review
    way: states.Transition
    user_id: str | None

    def __init__(self, action: str, verb: str, context: Context, data_dict: DataDict) -> None:
        """Lock the record and ask for the way.

        :param action: name of the action, and of its check
        :param verb: what the user wants
        :raises NotAuthorized: when others may, but not the user
        :raises ValidationError: when nobody may in the state that the record has
        """
        require_enabled()
        found = find_package(data_dict)
        tk.check_access(action, context, data_dict)
        self.user_id = grants.user_id(context)
        self.package, self.row = shadow.lock(found.id)
        if self.package.state == model.State.DELETED:
            self.refuse({"id": [tk._("This record is deleted. Restore it first.")]})
        try:
            self.way = states.find(
                verb,
                self.row.state,
                roles.of_record(context, self.package),
                config.rules(),
                revision=working_copy.original_of(self.package) is not None,
            )
        except states.NotInState:
            self.refuse(
                {
                    "state": [
                        tk._(
                            'This can not be done now: the record is in the state "{state}".'
                        ).format(state=state_label(self.row.state))
                    ]
                }
            )
        except states.NotForRole as error:
            model.Session.rollback()
            raise tk.NotAuthorized(
                tk._('In the state "{state}" this is the task of others.').format(
                    state=state_label(store.state(found))
                )
            ) from error

    def refuse(self, problems: dict[str, Any]) -> None:
        """Give the locks back and say what stands in the way.

        :raises ValidationError: always
        """
        model.Session.rollback()
        raise tk.ValidationError(problems)

    def require_version(self, seen: str | None) -> None:
        """Refuse when the record is not what the user saw.

        :raises ValidationError: then
        """
        if seen and seen != store.version(self.package):
            self.refuse(_changed_error())

    def move(self, target: str | None = None, *, reason: str = "", seen: str | None = None) -> None:
        """Bring the record into its new state."""
        store.move(
            self.row,
            self.way.verb,
            target or self.way.target,
            user_id=self.user_id,
            reason=reason,
            seen=seen,
        )

    def commit(self) -> None:
        """Commit, and let the search index know who may see the record now."""
        model.Session.commit()
        search.rebuild(self.package.id)
