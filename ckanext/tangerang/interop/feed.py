"""CKAN's Atom feeds, also of records with characters that XML can not hold.

CKAN takes control characters out of descriptions only; one in a title made the feed of the whole
portal an error of the server.
"""

from __future__ import annotations

from typing import Any

from ckan.views.feed import CKANFeed

from ..characters import fit


def _fit(value: Any) -> Any:
    """Return a text, or the texts of a list, without such characters."""
    if isinstance(value, str):
        return fit(value)
    return [_fit(one) for one in value] if isinstance(value, list) else value


class Feed(CKANFeed):
    """A feed that any reader of XML takes."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*map(_fit, arguments), **{key: _fit(one) for key, one in named.items()})

    def add_item(self, **kwargs: Any) -> None:
        """Add a dataset."""
        super().add_item(**{key: _fit(value) for key, value in kwargs.items()})
