"""Messages that say which item they are about, wherever they are read.

A form shows a message at its item; who reads the answer of the API, a log of an import or a list
of errors sees the name of a field at most. So each message begins with number and label of the
item, as on the form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..fields import DATASET_TYPE, item_label
from ..navl import CellMessage, scheming_validator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey, Validator

    from ..fields import Field

#: Fields of a dataset whose messages are CKAN's own and stay so: clients may compare them.
_OF_CKAN = frozenset(
    {
        "author",
        "author_email",
        "license_id",
        "maintainer",
        "maintainer_email",
        "name",
        "notes",
        "owner_org",
        "tag_string",
        "title",
        "url",
        "version",
    }
)


def labelled(field: Mapping[str, Any], texts: Iterable[str]) -> list[str]:
    """Return messages about an item, each beginning with its number and label.

    :param field: the item
    """
    label = item_label(field)
    return [
        text
        if text.startswith(label)
        else text.after(label)
        if isinstance(text, CellMessage)
        else f"{label}: {text}"
        for text in texts
    ]


@scheming_validator
def tangerang_messages(field: Field, schema: dict[str, Any]) -> Validator:  # noqa: ARG001
    """Return the last ``__after`` validator: it labels what the others have found."""
    of_ckan = _OF_CKAN if schema["dataset_type"] == DATASET_TYPE else frozenset()
    fields = [f for f in schema["dataset_fields"] if f["field_name"] not in of_ckan]

    def validator(
        key: FlattenKey,  # noqa: ARG001
        data: FlattenDataDict,  # noqa: ARG001
        errors: FlattenErrorDict,
        context: Context,  # noqa: ARG001
    ) -> None:
        for f in fields:
            found = errors.get((f["field_name"],))
            if found:
                errors[(f["field_name"],)] = labelled(f, found)

    return validator
