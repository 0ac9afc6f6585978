"""Building blocks of validators, shared by our plugins; not registered under a name themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import ckan.plugins.toolkit as tk
from ckan import authz

from .values import Problem, is_empty

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey, Validator
    from typing_extensions import Self

#: Where the chained ``package_update`` leaves the whole list of resources: validators see only
#: the changed ones (CKAN 2.12).
RESOURCES = "tangerang_resources"

_F = TypeVar("_F", bound="Callable[..., Any]")


def scheming_validator(function: _F) -> _F:
    """Mark a factory that ckanext-scheming is to call with the field and the schema."""
    function.is_a_scheming_validator = True  # pyright: ignore[reportFunctionMemberAccess]
    return function


class CellMessage(str):
    """A message about one cell of a row; it remembers which, so that a form can show it there.

    :param sentence: names row and item, for those who read it elsewhere
    :param row: number of the row from 1
    :param column: name of the column; None for the whole row
    :param text: what is wrong, without where
    """

    __slots__ = ("column", "row", "text")

    def __new__(
        cls, sentence: str, row: int = 0, column: str | None = None, text: str = ""
    ) -> Self:
        """Make a message; without a place it is only its sentence."""
        made = super().__new__(cls, sentence)
        made.row, made.column, made.text = row, column, text or sentence
        return made

    def after(self, label: str) -> CellMessage:
        """Return the message with ``label`` before its sentence, about the same cell."""
        return CellMessage(f"{label}: {self}", self.row, self.column, self.text)


def message(problem: Problem) -> str:
    """Return the message of ``problem`` in the language of the user."""
    return tk._(problem.msgid).format(**problem.params)


def reading(read: Callable[[Any], str | None]) -> Validator:
    """Return a validator that stores what ``read`` makes of a value.

    Nothing is stored for an empty value, so that an empty field is absent from the record.

    :param read: returns the stored text or None; raises :class:`Problem`
    """

    def validator(
        key: FlattenKey,
        data: FlattenDataDict,
        errors: FlattenErrorDict,
        context: Context,  # noqa: ARG001
    ) -> None:
        value = data.get(key, tk.missing)
        stored = None
        if value is not tk.missing and not is_empty(value):
            try:
                stored = read(value)
            except Problem as problem:
                errors[key].append(message(problem))
                raise tk.StopOnError from problem
        if stored is None:
            data.pop(key, None)
            raise tk.StopOnError
        data[key] = stored

    return validator


def is_privileged(context: Context) -> bool:
    """Tell whether the caller is a sysadmin, or CKAN itself (``ignore_auth``)."""
    return bool(context.get("ignore_auth")) or authz.is_sysadmin(context.get("user"))


def stored_record(context: Context, data: FlattenDataDict, kind: str) -> Any:
    """Return the dataset or organization (model object) that is changed; None for a new one.

    The context of a creation may still hold the object of an earlier call; it is the one being
    changed only if its id is in the data.

    :param kind: ``package`` or ``group``
    """
    stored = context.get(kind)
    given = data.get(("id",))
    return stored if stored is not None and given in (stored.id, stored.name) else None


def field_value(data: FlattenDataDict, name: str) -> Any:
    """Return the value of a field of the record, None for an empty or absent one."""
    value = data.get((name,), tk.missing)
    return None if value is tk.missing or is_empty(value) else value


def fill(data: FlattenDataDict, name: str, value: Any) -> None:
    """Put ``value`` into the field ``name`` if that is empty and there is a value."""
    if value and field_value(data, name) is None:
        data[(name,)] = value
