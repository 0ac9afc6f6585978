"""Texts that mean something to HTML, templates or a spreadsheet are only text on every page."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import call_action

from . import records
from .conftest import PLUGINS
from .items import ITEMS

pytestmark = pytest.mark.ckan_config("ckan.plugins", PLUGINS)

EVIL = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>{{ 7*7*191 }}=1+1"


def evil(kind):
    """Return a hostile value for an item of a kind; None where none can be stored."""
    return {
        "text": EVIL,
        "longtext": EVIL,
        "list": [EVIL],
        "pairs": [{"kode": EVIL, "nilai": EVIL}],
        "releases": [{"judul": EVIL, "tanggal": "2025-12-15"}],
    }.get(kind)


def hostile(form):
    """Return a record of all of whose texts are hostile."""
    full = {"kegiatan": records.survey(1), "indikator": records.indicator()}[form]
    for item in ITEMS:
        if item.form != form or evil(item.kind) is None:
            continue
        if item.of:
            for row in full.get(item.of, ()):
                row[item.name] = evil(item.kind)
        elif not item.when or item.name in full:
            full[item.name] = evil(item.kind)
    if form == "indikator":
        full["variabel_disaggregasi"] = [{"nama": EVIL, "sumber": EVIL}]
        full["saringan"] = [{"kolom": EVIL, "nilai": EVIL}]
    return full


def test_on_the_pages_of_activities_and_indicators(app, people):
    token = call_action("api_token_create", user=people.editor["name"], name="t")["token"]
    for form in ("kegiatan", "indikator"):
        made = tk.get_action("package_create")(
            {"user": people.editor["name"]},
            {**hostile(form), "name": f"x-{form}", "owner_org": people.opd["id"]},
        )
        assert made["private"] is False
        pages = [f"/{form}/", f"/{form}/x-{form}", f"/{form}/edit/x-{form}", "/organization/dinkes"]
        pages += [
            f"/{form}/?q=script",
            f"/{form}/x-{form}/salin",
            "/dataset/?q=script",
            "/dashboard/datasets",
        ]
        pages += [f"/{form}/x-{form}/indah", "/kegiatan/indah"]
        for page in pages:
            body = app.get(page, headers={"Authorization": token}).body
            assert "<img src=x" not in body, page
            assert "<script>alert" not in body, page
            assert str(7 * 7 * 191) not in body, page
