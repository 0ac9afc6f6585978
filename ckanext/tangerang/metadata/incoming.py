"""What callers send, without what no database and no XML can hold.

Text that was copied out of a PDF or an old program has control characters in it, which nobody sees
and nobody meant: stored, they break the documents in which others read the record. PostgreSQL
refuses the NUL character, and Python halves of a pair of UTF-16, with an error of the server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..characters import UNFIT, fit

if TYPE_CHECKING:
    from ckan.types import DataDict

#: No form is nested as deep; what is deeper is left to the validators.
_DEPTH = 12


def _is_fit(value: Any, depth: int) -> bool:
    """Tell whether there is nothing to be taken out of a value."""
    if isinstance(value, str):
        return not UNFIT.search(value)
    if not depth:
        return True
    if isinstance(value, dict):
        return all(_is_fit(key, 0) and _is_fit(one, depth - 1) for key, one in value.items())
    return not isinstance(value, list) or all(_is_fit(one, depth - 1) for one in value)


def _fit(value: Any, depth: int) -> Any:
    """Return a value without what is unfit."""
    if isinstance(value, str):
        return fit(value)
    if not depth:
        return value
    if isinstance(value, dict):
        return {_fit(key, 0): _fit(one, depth - 1) for key, one in value.items()}
    return [_fit(one, depth - 1) for one in value] if isinstance(value, list) else value


def cleaned(data_dict: DataDict) -> DataDict:
    """Return what was sent without control characters; the same object when it has none.

    Tabs and ends of lines stay.

    :param data_dict: of an action
    """
    return data_dict if _is_fit(data_dict, _DEPTH) else _fit(data_dict, _DEPTH)
