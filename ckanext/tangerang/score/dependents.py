"""Datasets follow the indicators that they link to: what those define, the datasets need not."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import index_update_package

from ..metadata.fields import DATASET_TYPE, INDICATOR_TYPE
from . import engine, store


def follow(package_id: str) -> None:
    """Judge the datasets that link to a record that is being saved, if it is an indicator.

    Those whose score in the search index is another now are put there within the transaction, as
    CKAN does with the record itself. They are locked: one that somebody else is saving just now
    is judged after that.
    """
    package = model.Package.get(package_id)
    if package is None or package.type != INDICATOR_TYPE:
        return
    # All of them count, whatever the person who saves may see; nothing of them is shown.
    found = tk.get_action("tangerang_link_list")({"ignore_auth": True}, {"id": package_id})
    ids = {
        user["id"]
        for user in found["used_by"]
        if user["type"] == DATASET_TYPE and user["field"] == engine.INDICATORS
    }
    for changed in store.refresh_indexed(sorted(ids), lock=True):
        index_update_package({"ignore_auth": True}, changed)
