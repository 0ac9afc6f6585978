"""What an OPD may not do to a record because of where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import authz, model

from .. import working_copy
from ..metadata.fields import RECORD_TYPES
from . import config, grants, roles, states, store, texts

if TYPE_CHECKING:
    from ckan.types import Context, DataDict

#: The access level of what everybody may download.
OPEN = "terbuka"


def frozen(context: Context, package: Any) -> str:
    """Return why the user, who may edit the record by CKAN's rights, may not now.

    Empty if they may. A public record is published: its state is not looked up.

    :param package: a package object
    """
    if not config.enabled() or package.type not in RECORD_TYPES:
        return ""
    if context.get(roles.RIGHTS_ALONE) or grants.is_publishing(package.id):
        return ""
    state = store.state(package)
    if state in states.EDITABLE or (
        state == states.PUBLISHED and _changes_published(context, package)
    ):
        return ""
    return texts.frozen_text(state)


def _changes_published(context: Context, package: Any) -> bool:
    """Tell whether the user, who may edit the published record, may do so past the review."""
    direct = config.direct()
    if config.rules().opd_publishes or direct == "all":
        return True
    if direct == "resource_update" and grants.is_changing_file(package.id):
        return True
    return roles.acts_as(context, states.WALIDATA)


def of_resource(resource_id: Any) -> Any:
    """Return the record of a file; None where there is none."""
    resource = model.Resource.get(resource_id) if isinstance(resource_id, str) else None
    return model.Package.get(resource.package_id) if resource else None


def explain(context: Context, package: Any) -> str:
    """Return why a change was refused, if that is because of where the record stands."""
    if package is None or authz.is_sysadmin(context.get("user")):
        return ""
    reason = frozen(context, package)
    return reason if reason and roles.of_record(context, package) & {states.PRODUCER} else ""


def not_public(context: Context, package: Any, *, public: bool) -> str:
    """Return why a record may not be saved as it is; empty if it may.

    :param package: as it is stored; None for a new one
    :param public: it is active and public once it is saved
    """
    if package is not None and public and working_copy.original_of(package):
        # Also while the review is off: it is no record.
        return texts.no_record_text()
    if not config.enabled() or not public or (package is not None and store.is_public(package)):
        return ""
    if package is not None and grants.is_publishing(package.id):
        return ""
    if grants.may_publish_directly(context):
        return ""
    return texts.not_public_text()


def loosened(context: Context, package: Any, data_dict: DataDict) -> str:
    """Return why the access level of a public record may not be changed as a save wants to.

    What was restricted is opened only by a revisi that the walidata approves, whoever saves; where
    an OPD publishes by itself there is none who approves.

    :param data_dict: of ``package_update``; without an access level, the record is open
    """
    if config.rules().opd_publishes or grants.is_publishing(package.id):
        return ""
    if grants.direct_reason(context) or not store.is_public(package):
        return ""
    before = (package.extras or {}).get("accesslevel") or OPEN
    after = data_dict.get("accesslevel") or OPEN
    return texts.loosened_text() if before != OPEN and after == OPEN else ""


def refuse_copies(ids: list[str]) -> None:
    """Refuse a bulk action on working copies: they are no records.

    :raises ValidationError: then
    """
    package: Any = model.Package
    found = model.Session.query(package.id).filter(
        package.id.in_(ids), sa.not_(working_copy.is_record(package))
    )
    if ids and found.first() is not None:
        raise tk.ValidationError({"datasets": [texts.no_record_text()]})


def refuse_hidden_change(context: Context, ids: list[str]) -> None:
    """Refuse a bulk action on records that the user may not change now.

    :raises ValidationError: naming them
    """
    if not config.enabled() or authz.is_sysadmin(context.get("user")) or not ids:
        return
    package: Any = model.Package
    found = model.Session.query(package).filter(package.id.in_(ids), package.type.in_(RECORD_TYPES))
    names = [entry.title or entry.name for entry in found if frozen(context, entry)]
    if names:
        raise tk.ValidationError(
            {
                "datasets": [
                    tk._(
                        "Nothing was changed. These records are published or wait for a decision: "
                        "{titles}"
                    ).format(titles="; ".join(names))
                ]
            }
        )
