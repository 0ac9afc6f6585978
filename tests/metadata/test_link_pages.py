"""What pages show of links: names, never ids, and only of what the reader may see."""

from __future__ import annotations

import pytest

from .conftest import PLUGINS
from .test_dataset import act
from .test_pages import as_user, soup, text

__all__ = ["as_user"]

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins"),
]


def rows(app, dataset, headers=None):
    """Return the rows of the metadata of a dataset's page by label."""
    page = soup(app.get(f"/dataset/{dataset['name']}", headers=headers or {}))
    return {text(tr.th): tr.td for tr in page.select(".tangerang-info tr")}


def test_names_of_linked_records_lead_to_their_pages(app, make):
    activity, first, second = make.activity(), make.indicator(), make.indicator(title="Kedua")
    dataset = make.dataset(kegiatan=activity["id"], indikator=[first["id"], second["id"]])
    shown = rows(app, dataset)
    link = shown["Statistical activity (MS-Keg)"].a
    assert text(link) == activity["title"]
    assert link["href"].endswith(f"/kegiatan/{activity['name']}")
    names = [text(a) for a in shown["Indicators (MS-Ind)"].select("a")]
    assert names == [first["title"], "Kedua"]
    app.get(link["href"], status=200)


def test_a_record_that_the_reader_may_not_see_has_no_name(app, make, people, as_user):
    activity = make.activity(private=True)
    dataset = make.dataset(private=True, kegiatan=activity["id"])
    own = rows(app, dataset, as_user(people.editor))["Statistical activity (MS-Keg)"]
    assert text(own) == activity["title"]
    package = act("package_show", people.editor, id=activity["id"])
    # The activity moves to another office: the dataset keeps its link, but not the name.
    act(
        "package_owner_org_update",
        people.sysadmin,
        id=package["id"],
        organization_id=people.walidata["id"],
    )
    other = rows(app, dataset, as_user(people.editor))["Statistical activity (MS-Keg)"]
    assert text(other) == "Not available, or not public"
    assert other.a is None


def test_definition_and_unit_of_a_linked_indicator_are_shown_with_their_source(app, make):
    found = make.indicator(definisi="Rata-rata <b>tertimbang</b>.")
    dataset = make.dataset(definisi="", satuan="", indikator=[found["id"]])
    shown = rows(app, dataset)
    assert text(shown["Definition"]) == (
        "Rata-rata <b>tertimbang</b>. (from the indicator Indeks Kepuasan Masyarakat )"
    )
    assert shown["Definition"].b is None
    assert text(shown["Unit"]).startswith("poin")


def test_a_variable_in_the_kamus_leads_to_its_activity(app, make):
    activity = make.activity()
    kamus = [
        {"kolom": "u1", "variabel": f"{activity['id']}#V001"},
        {"kolom": "u2", "variabel": "Kata sendiri"},
    ]
    dataset = make.dataset(resources=[{"url": "http://x.id/a.csv", "kamus": kamus}])
    page = soup(app.get(f"/dataset/{dataset['name']}/resource/{dataset['resources'][0]['id']}"))
    first, second = page.select(".tangerang-kamus tbody tr")
    assert first.a["href"].endswith(f"/kegiatan/{activity['name']}#V001")
    assert "V001 Unsur pelayanan 1" in text(first.a)
    assert "Kata sendiri" in text(second)
