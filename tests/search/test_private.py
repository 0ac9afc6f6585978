"""Nothing that is not public stands in suggestions, filters, counts or offers."""

from __future__ import annotations

import json

import pytest
from ckan.tests.helpers import call_action

from tests.metadata.conftest import complete, people
from tests.review.conftest import PLUGINS, ask, review, review_is_on, staff, with_plugins

from .test_suggest import names, suggest

__all__ = ["complete", "people", "review_is_on", "staff", "with_plugins"]

pytestmark = pytest.mark.ckan_config("ckan.plugins", f"tangerang_search tangerang_theme {PLUGINS}")


def test_nothing_else_is_shown(app, staff, complete):
    """Private records, drafts and the working copy of a revisi: for nobody, in no part."""
    public = ask("package_create", staff.sysadmin, **{**complete, "title": "Puskesmas Terbuka"})
    secret = {**complete, "private": True, "title": "Puskesmas Rahasia"}
    ask("package_create", staff.editor, **{**secret, "name": "rahasia"})
    ask("package_create", staff.editor, **{**secret, "name": "konsep", "state": "draft"})
    copy = review("revise", staff.editor, public)
    ask("package_patch", staff.editor, id=copy["id"], title="Puskesmas Salinan")
    for user in (None, staff.editor, staff.walidata_editor, staff.sysadmin):
        for q in ("puskesmas", "puskesmas rah", "salinan", "rahasia", "konsep"):
            found = suggest(q, user)
            assert names(found, "datasets") in ([public["name"]], []), (q, user)
            for word in ("Rahasia", "Salinan", copy["name"], "konsep"):
                assert word not in json.dumps({**found, "q": ""}), (q, user)
        assert names(suggest("puskesmas", user), "datasets") == [public["name"]]
    page = app.get("/dataset/?q=puskesmas+rahasiaa")
    for word in ("Rahasia", "Salinan", copy["name"]):
        assert word not in page.body
    counts = app.get("/dataset/?q=puskesmas").body
    assert "Rahasia" not in counts
    token = call_action("api_token_create", user=staff.editor["name"], name="t")["token"]
    own = app.get("/dataset/?q=puskesmas", headers={"Authorization": token}).body
    assert "Rahasia" in own
    assert "Salinan" not in own
