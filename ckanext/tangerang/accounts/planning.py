"""Checks a list of new accounts, and says row by row what would be made and what is wrong."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ..metadata.navl import message
from ..metadata.values import N_, Problem, read_text, shown
from ..workbook.cells import fold
from . import access, naming, roles, store
from .reader import EMAIL, FULLNAME, ORGANIZATION, ROLE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from .reader import Row

_LONGEST_NAME, _LONGEST_EMAIL = 100, 254


@dataclass(slots=True)
class Planned:
    """An account that would be made."""

    row: int
    name: str
    fullname: str
    organization: Any
    role: str
    email: str | None

    def as_dict(self) -> dict[str, Any]:
        """Return it as the action returns it."""
        return {
            "row": self.row,
            "name": self.name,
            "fullname": self.fullname,
            "organization": {
                "id": self.organization.id,
                "name": self.organization.name,
                "title": self.organization.title,
            },
            "role": self.role,
            "email": self.email or "",
        }


def _read_name(value: Any) -> str:
    """Return a full name on one line.

    :raises Problem: when it is none
    """
    text = " ".join((read_text("" if value is None else value, _LONGEST_NAME) or "").split())
    if not any(c.isalpha() for c in text):
        raise Problem(N_("Write the full name of the person."))
    return text


def _email_validator() -> Any:
    """Return CKAN's validator of addresses."""
    return tk.get_validator("email_validator")


def _read_email(value: Any) -> str | None:
    """Return an address; None for none.

    :raises Problem: when it is not one
    """
    text = read_text("" if value is None else value, _LONGEST_EMAIL)
    if text is None or text == "-":
        return None
    try:
        _email_validator()(text, {})
    except tk.Invalid as error:
        raise Problem(
            N_('"{value}" is not an e-mail address. Correct it, or leave it empty.'),
            value=shown(text),
        ) from error
    return text


class _Organizations:
    """Finds organizations by id, name (slug), title or abbreviation; never by a similar name."""

    def __init__(self) -> None:
        self._exact: dict[str, Any] = {}
        self._folded: dict[str, set[Any]] = defaultdict(set)
        for row in store.organizations():
            self._exact[row.id] = self._exact[row.name] = row
            for text in (row.name, row.title, row.short):
                if text and fold(text):
                    self._folded[fold(text)].add(row)

    def find(self, value: Any) -> Any:
        """Return the organization that a text names.

        :raises Problem: when it names none, or several
        """
        text = read_text("" if value is None else value, 300)
        if text is None:
            raise Problem(N_("Write the OPD."))
        found = self._exact.get(text)
        several = self._folded.get(fold(text), set())
        if found is None and len(several) == 1:
            (found,) = several
        if found is None and several:
            raise Problem(
                N_('"{value}" names more than one OPD. Write its address (slug) instead.'),
                value=shown(text),
            )
        if found is None:
            raise Problem(
                N_('There is no OPD "{value}". Write its full name as in the list of OPD.'),
                value=shown(text),
            )
        return found


class Plan:
    """The accounts of a list, and what is wrong with it."""

    def __init__(self, own: access.Scope, rows: Sequence[Row]) -> None:
        self.accounts: list[Planned] = []
        self.errors: list[dict[str, Any]] = []
        self.notes: list[dict[str, Any]] = []
        self._own = own
        self._rows = {row.number: row for row in rows}
        organizations = _Organizations()
        for row in rows:
            self._read(row, organizations)
        self._name()
        self._check_emails()
        self._note_namesakes()

    def _say(self, where: list[dict[str, Any]], number: int, field: str, problem: Problem) -> None:
        """Remember a message about a cell."""
        where.append(
            {
                "row": number,
                "cell": self._rows[number].cell(field),
                "field": field,
                "message": message(problem),
            }
        )

    def _try(self, row: Row, field: str, read: Callable[[Any], Any]) -> Any:
        """Return what a field of a row says; None where it is wrong."""
        try:
            return read(row.values.get(field))
        except Problem as problem:
            self._say(self.errors, row.number, field, problem)
            return None

    def _read(self, row: Row, organizations: _Organizations) -> None:
        """Plan the account of a row."""
        before = len(self.errors)
        fullname = self._try(row, FULLNAME, _read_name)
        organization = self._try(row, ORGANIZATION, organizations.find)
        role = self._try(row, ROLE, lambda value: roles.read("" if value is None else value))
        email = self._try(row, EMAIL, _read_email)
        if organization is not None and role is not None:
            self._check_right(row.number, organization, role)
        if len(self.errors) == before:
            self.accounts.append(Planned(row.number, "", fullname, organization, str(role), email))

    def _check_right(self, number: int, organization: Any, role: str) -> None:
        """Check that the user may give the role."""
        if access.may_give(self._own, organization.id, role):
            return
        if organization.id in self._own.organizations:
            self._say(
                self.errors,
                number,
                ROLE,
                Problem(N_("Only the walidata makes Admin OPD. Choose Operator or Pembaca OPD.")),
            )
        else:
            self._say(
                self.errors,
                number,
                ORGANIZATION,
                Problem(N_("You may make accounts only in your own OPD.")),
            )

    def _name(self) -> None:
        """Give each account a user name that nobody has."""
        bases = {a.row: naming.base_name(a.fullname) for a in self.accounts}
        taken = _names_like(set(bases.values()))
        for account in self.accounts:
            account.name = naming.unique_name(bases[account.row], taken)
            taken.add(account.name)

    def _check_emails(self) -> None:
        """Check that no two accounts have one address."""
        seen: dict[str, int] = {}
        stored = _emails({a.email.lower() for a in self.accounts if a.email})
        for account in self.accounts:
            if not account.email:
                continue
            email = account.email.lower()
            if email in stored:
                problem = Problem(N_("Another account has this e-mail address."))
                self._say(self.errors, account.row, EMAIL, problem)
            elif email in seen:
                problem = Problem(N_("Row {row} has the same e-mail address."), row=seen[email])
                self._say(self.errors, account.row, EMAIL, problem)
            seen.setdefault(email, account.row)

    def _note_namesakes(self) -> None:
        """Say where somebody of that name has an account in the OPD already."""
        stored = _namesakes(self.accounts)
        seen: set[tuple[str, str]] = set()
        for account in self.accounts:
            key = (account.organization.id, account.fullname.lower())
            if key in stored or key in seen:
                problem = Problem(
                    N_("Somebody of this name has an account in this OPD. Is it another person?")
                )
                self._say(self.notes, account.row, FULLNAME, problem)
            seen.add(key)


def _names_like(bases: Collection[str]) -> set[str]:
    """Return the user names that begin so, with or without a number, by one query."""
    user: Any = model.User
    stem = sa.func.regexp_replace(user.name, r"-[0-9]+$", "")
    query = sa.select(user.name).where(sa.or_(stem.in_(bases), user.name.in_(bases)))
    return set(model.Session.execute(query).scalars()) if bases else set()


def _emails(wanted: Collection[str]) -> set[str]:
    """Return those of some addresses that an account in use has, by one query."""
    user: Any = model.User
    lower = sa.func.lower(user.email)
    query = sa.select(lower).where(lower.in_(wanted), user.state != model.State.DELETED)
    return set(model.Session.execute(query).scalars()) if wanted else set()


def _namesakes(accounts: Sequence[Planned]) -> set[tuple[str, str]]:
    """Return organizations and full names, in lower case, that stored accounts have."""
    user, member = model.User, model.Member
    lower: Any = sa.func.lower(user.fullname)
    query = (
        sa.select(member.group_id, lower)
        .join(user, user.id == member.table_id)
        .where(
            member.table_name == "user",
            member.state == model.State.ACTIVE,
            member.group_id.in_({a.organization.id for a in accounts}),
            lower.in_({a.fullname.lower() for a in accounts}),
        )
    )
    return {(row[0], row[1]) for row in model.Session.execute(query)} if accounts else set()


def by_row(entries: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return messages in the order of their rows and cells."""
    return sorted(entries, key=lambda entry: (entry["row"], entry["cell"]))
