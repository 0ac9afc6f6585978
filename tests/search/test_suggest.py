"""Suggestions: what is suggested for what is typed."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories

from .conftest import PLUGINS


def suggest(q, user=None):
    return tk.get_action("tangerang_search_suggest")(
        {"user": user["name"] if user else "", "ignore_auth": False}, {"q": q}
    )


def names(found, kind):
    return [entry["name"] for entry in found[kind]]


@pytest.mark.ckan_config("ckan.plugins", PLUGINS)
def test_what_is_suggested(app, make, people):
    make.dataset(name="kemiskinan", title="Tingkat Kemiskinan")
    make.dataset(name="adminduk", title="Pelayanan Administrasi Kependudukan")
    make.indicator(
        name="ipm", nama="Indeks Pembangunan Manusia", title="Indeks Pembangunan Manusia"
    )
    factories.Organization(
        name="disdukcapil", title="Dinas Kependudukan dan Pencatatan Sipil", singkatan="Disdukcapil"
    )
    factories.Organization(name="tutup", title="Dinas Kependudukan Lama", berlaku_sampai="2016")
    for q, kind, expected in (
        ("kemis", "datasets", ["kemiskinan"]),
        ("tingkat kemis", "datasets", ["kemiskinan"]),
        ("miskin", "datasets", ["kemiskinan"]),
        ("ktp", "datasets", ["adminduk"]),
        ("ipm", "indicators", ["ipm"]),
        ("pembang", "indicators", ["ipm"]),
        ("disdukcapil", "organizations", ["disdukcapil"]),
        ("kependudukan", "organizations", ["disdukcapil", "tutup"]),
        ("ktp", "organizations", ["disdukcapil", "tutup"]),
        ("keseh", "organizations", ["dinkes"]),
        ("k", "datasets", []),
        ("title:kemiskinan", "datasets", []),
        ("*", "datasets", []),
    ):
        assert names(suggest(q), kind) == expected, q
    with app.flask_app.test_request_context("/"):
        assert names(suggest("keseh"), "topics") == ["kesehatan"]
        assert names(suggest("ktp"), "topics") == ["kependudukan"]
    with pytest.raises(tk.ValidationError, match="at most 200"):
        suggest("x" * 201)
    with pytest.raises(tk.ValidationError):
        suggest(["ktp"])
    answer = app.get("/cari/saran", query_string={"q": "kemis"})
    assert answer.json["groups"][0]["items"] == [
        {"title": "Tingkat Kemiskinan", "url": "/dataset/kemiskinan"}
    ]
    assert answer.json["message"].startswith("2 ")
    assert app.get("/en/cari/saran?q=kemis").json["groups"][0]["label"] == "Datasets"
    assert app.get("/cari/saran").json["groups"] == []
    assert (
        "200" in app.get("/cari/saran", query_string={"q": "x" * 300}, status=400).json["message"]
    )
