"""Who may see records that are not public: CKAN's own labels, and two of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan.lib.plugins import DefaultPermissionLabels

from ..metadata.fields import RECORD_TYPES
from . import config, query, roles, states, store

if TYPE_CHECKING:
    from ckan import model
    from ckan.types import Context

WALIDATA = "tangerang-walidata"
PEMBINA = "tangerang-pembina"
_PUBLIC = "public"
#: CKAN's label of the members of an organization.
_MEMBER = "member-"


class ReviewLabels(DefaultPermissionLabels):
    """CKAN's labels; the walidata sees all records, the pembina data what it advises on."""

    def get_dataset_labels(self, dataset_obj: model.Package) -> list[str]:
        """Return the labels of a record; nothing is looked up for a public one."""
        labels = super().get_dataset_labels(dataset_obj)
        package: Any = dataset_obj
        if _PUBLIC in labels or package.type not in RECORD_TYPES or not config.enabled():
            return labels
        row = store.get(package.id)
        labels.append(WALIDATA)
        if row is not None and query.is_advised(package, row.state):
            labels.append(PEMBINA)
        return labels

    def get_user_dataset_labels(self, user_obj: model.User) -> list[str]:
        """Return the labels of a user; only who is in an organization can have a role."""
        labels = super().get_user_dataset_labels(user_obj)
        if config.enabled() and any(label.startswith(_MEMBER) for label in labels):
            context: Context = {"user": user_obj.name}
            labels += [
                label
                for role, label in ((states.WALIDATA, WALIDATA), (states.PEMBINA, PEMBINA))
                if roles.acts_as(context, role)
            ]
        return labels
