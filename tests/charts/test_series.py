"""The figures of an indicator by year: what is read, what is refused, who may see it."""

from __future__ import annotations

import json

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.tests import factories

from .conftest import PLUGINS, YEARS, ask, system

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins"),
]


@pytest.fixture
def indicator(make, table, people):
    """Return what makes an indicator whose figures are in a table of some rows."""

    def create(rows, filters=(), **data):
        file = table(rows, **data)
        made = make.indicator(arah="naik_baik", satuan="poin")
        # Past the form, which refuses columns of text: tables come with them all the same.
        package = model.Package.get(made["id"])
        package.extras = {
            **package.extras,
            "nilai_resource": file,
            "nilai_kolom": "nilai",
            "tahun_kolom": "tahun",
            "saringan": json.dumps(list(filters)),
        }
        model.Session.commit()
        return made["name"], file

    return create


def show(name, user=None):
    return ask("tangerang_series_show", user, id=name)


def test_a_figure_for_each_year_in_their_order(indicator):
    name, file = indicator(list(reversed(YEARS)))
    found = show(name)
    assert found["points"] == [{"tahun": 2022, "nilai": 70.5}, {"tahun": 2023, "nilai": 71}]
    assert found["latest"] == {"tahun": 2023, "nilai": 71}
    assert found["change"] == {"nilai": 0.5, "since": 2022, "better": True}
    assert (found["satuan"], found["problem"]) == ("poin", None)
    assert found["source"]["resource"]["id"] == file
    assert found["source"]["organization"]["name"] == "dinkes"
    assert found["source"]["dataset"]["name"] == "tabel"


@pytest.mark.parametrize(
    ("direction", "after", "better"),
    [
        ("naik_baik", "71", True),
        ("naik_baik", "70", False),
        ("turun_baik", "71", False),
        ("turun_baik", "70", True),
        ("turun_baik", "70,5", None),
        ("", "71", None),
    ],
)
def test_the_record_says_which_way_is_good(indicator, direction, after, better):
    name, _file = indicator([YEARS[0], {"tahun": "2023", "nilai": after}])
    package = model.Package.get(name)
    package.extras = {**package.extras, "arah": direction}
    model.Session.commit()
    assert show(name)["change"]["better"] is better


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([*YEARS, {"tahun": "2023", "nilai": "99"}], "several"),
        ([*YEARS, {"tahun": "2024", "nilai": "belum ada"}], "bad_number"),
        (
            [*YEARS, {"tahun": "2024", "nilai": "1.234"}, {"tahun": "2025", "nilai": "1.5"}],
            "ambiguous",
        ),
        ([{"tahun": "2023", "nilai": "1.234"}], "ambiguous"),
        ([*YEARS, {"tahun": "2024/2025", "nilai": "72"}], "bad_year"),
        ([{"tahun": "2023", "nilai": "-"}], "no_rows"),
    ],
)
def test_no_figure_is_shown_that_may_be_wrong(indicator, rows, code):
    found = show(indicator(rows)[0])
    assert (found["points"], found["latest"], found["change"]) == ([], None, None)
    assert found["problem"]["code"] == code


def test_the_filter_chooses_the_rows(indicator):
    rows = [{**row, "jenis": "laki"} for row in YEARS]
    rows += [{"tahun": "2022", "nilai": "1", "jenis": "perempuan"}]
    name, _file = indicator(rows, filters=[{"kolom": "jenis", "nilai": "perempuan"}])
    assert show(name)["points"] == [{"tahun": 2022, "nilai": 1}]


def test_rows_that_say_the_same_are_one(indicator):
    assert len(show(indicator([*YEARS, *YEARS])[0])["points"]) == 2


def test_an_indicator_without_a_table_has_no_points(make):
    found = show(make.indicator()["name"])
    assert (found["points"], found["source"], found["problem"]["code"]) == ([], None, "no_table")


def test_a_change_of_the_table_is_seen_at_once(indicator):
    name, file = indicator(YEARS)
    show(name)
    row = {"tahun": "2024", "nilai": "72"}
    system("datastore_upsert", resource_id=file, method="insert", force=True, records=[row])
    assert show(name)["latest"] == {"tahun": 2024, "nilai": 72}
    system("datastore_delete", resource_id=file, force=True, filters={"tahun": "2024"})
    assert show(name)["latest"]["tahun"] == 2023


def test_it_is_kept_until_then(indicator, monkeypatch):
    name, _file = indicator(YEARS)
    first = show(name)

    def gone(*_args, **_more):
        raise AssertionError

    monkeypatch.setattr("ckanext.tangerang.charts.tables.read", gone)
    assert show(name) == first
    keys = connect_to_redis().keys("*tangerang:charts:series:*")
    assert all(0 < connect_to_redis().ttl(key) <= 600 for key in keys)


def test_a_withdrawal_and_another_level_count_at_once(indicator, people):
    name, file = indicator(YEARS)
    show(name)
    dataset = model.Resource.get(file).package.id
    reason = "UU 14/2008 Pasal 17 huruf h"
    system("package_patch", id=dataset, accesslevel="terbatas", alasan_pembatasan=reason)
    for user in (None, factories.User()):
        with pytest.raises(tk.NotAuthorized):
            show(name, user)
    assert show(name, people.editor)["points"]
    system("package_patch", id=dataset, accesslevel="terbuka")
    assert show(name)["points"]
    model.Package.get(dataset).private = True
    model.Session.commit()
    with pytest.raises(tk.NotAuthorized):
        show(name)


def test_a_private_indicator_and_other_records(indicator, people, make):
    name, _file = indicator(YEARS)
    package = model.Package.get(name)
    package.private = True
    model.Session.commit()
    with pytest.raises(tk.NotAuthorized):
        show(name)
    assert show(name, people.editor)["points"]
    for other in ("tabel", "tidak-ada"):
        with pytest.raises(tk.ObjectNotFound):
            show(other)


def test_the_small_line_has_its_text(app):
    points = [{"tahun": 2022, "nilai": 1234.5}, {"tahun": 2024, "nilai": 1000}]
    with app.flask_app.test_request_context("/id/"):
        tk.request.environ["CKAN_LANG"] = "id"
        line = tk.h.tangerang_sparkline(points, '"><script>')
    assert line.startswith('<svg class="tangerang-sparkline"')
    assert "<script>" not in line
    assert "Turun dari 1.234,5 pada 2022 menjadi 1.000 pada 2024." in line
    assert tk.h.tangerang_sparkline(points[:1], "x") == ""
