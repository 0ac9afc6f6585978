"""Other CKANs harvest us: with CKAN's harvester, and with ckanext-dcat's of RDF and of JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from stack import forms

from .samples import CHANGING, FIELDS, TITLES, WHOLE

if TYPE_CHECKING:
    from .portals import Site
    from .story import Reader

pytestmark = [pytest.mark.slow]
ALL = ("ckan", "rdf", "json", "twin")
CKAN = ("ckan", "twin")
#: Of a dataset that was harvested into a portal like ours, what is that portal's own.
OWN = {"metadata_created", "metadata_modified", "creator_user_id", "extras", "organization"}
#: Of a file: it is a link there, and no table.
OWN_OF_FILES = {"url_type", "created", "metadata_modified", "datastore_active"} | {
    "datastore_contains_all_records_of_source_file"
}


@pytest.fixture(params=ALL)
def reader(request: pytest.FixtureRequest, story) -> Reader:
    """Return each of the harvest sources."""
    return story[request.param]


def test_a_first_harvest_brings_every_dataset(reader: Reader):
    ours = reader.ours["first"]
    assert len(ours) > 20
    assert reader.did["first"] == {"added": len(ours)}
    assert set(reader.had["first"]) == set(ours)


def test_a_second_harvest_brings_nothing_new(reader: Reader):
    assert set(reader.had["again"]) == set(reader.had["first"])
    assert "added" not in reader.did["again"]
    assert "deleted" not in reader.did["again"]


@pytest.mark.parametrize("name", CKAN)
def test_ckan_s_harvester_sees_that_nothing_has_changed(story, name):
    reader = story[name]
    # It asks for what was modified since an hour before its last visit, if anything was.
    assert set(reader.did["again"]) <= {"not modified"}
    assert reader.had["again"] == reader.had["first"]


def test_a_revision_arrives(reader: Reader):
    title = TITLES[CHANGING]
    assert reader.ours["changed"][title]["satuan"] == reader.satuan
    before, after = reader.had["again"][title], reader.had["changed"][title]
    assert before["id"] == after["id"]
    assert before["metadata_modified"] < after["metadata_modified"]


@pytest.mark.parametrize("name", CKAN)
def test_a_revision_alone_is_written_by_ckan_s_harvester(story, name):
    reader = story[name]
    written = {did: count for did, count in reader.did["changed"].items() if did != "not modified"}
    assert written == {"updated": 1}
    title = TITLES[CHANGING]
    assert extra(reader.had["changed"][title], "satuan") == reader.satuan
    others = [{**chapter} for chapter in (reader.had["again"], reader.had["changed"])]
    for had in others:
        del had[title]
    assert others[0] == others[1]


@pytest.mark.parametrize("name", ["rdf", "json"])
def test_what_is_withdrawn_leaves_with_dcat_s_harvesters(story, name):
    reader = story[name]
    assert reader.left not in reader.ours["withdrawn"]
    assert set(reader.had["withdrawn"]) == set(reader.ours["withdrawn"])
    assert reader.did["withdrawn"]["deleted"] == 1


@pytest.mark.parametrize("name", CKAN)
def test_what_is_withdrawn_stays_with_ckan_s_harvester(story, name):
    # It asks for what has changed, and deletes nothing: docs/en/clients.md says so.
    reader = story[name]
    assert reader.left not in reader.ours["withdrawn"]
    assert reader.left in reader.had["withdrawn"]
    assert "deleted" not in reader.did["withdrawn"]


def test_links_lead_to_our_files(reader: Reader):
    theirs = reader.had["first"][TITLES[WHOLE]]["resources"]
    ours = reader.ours["first"][TITLES[WHOLE]]["resources"]
    assert [file["url"] for file in theirs] == [file["url"] for file in ours]


def test_agencies_come_as_they_are_named(story):
    theirs = story["ckan"].had["first"]
    for title, ours in story["ckan"].ours["first"].items():
        assert theirs[title]["organization"]["title"] == ours["organization"]["title"]
        assert extra(theirs[title], "dcat_publisher_name") == ours["organization"]["title"]


class TestPortalLikeOurs:
    """This extension reads this extension: everything arrives."""

    def test_every_field_of_every_dataset_is_the_same(self, story):
        ours, theirs = story["twin"].ours["first"], story["twin"].had["first"]
        for title, record in ours.items():
            found = different(plain(record), plain(theirs[title]))
            assert found <= OWN, (title, found)
            # Where not everybody has the files, their addresses are hidden there as well.
            hidden = set() if record["accesslevel"] == "terbuka" else {"url"}
            for file, copy in zip(record["resources"], theirs[title]["resources"], strict=True):
                found = different(file, copy)
                assert found <= OWN_OF_FILES | hidden, (title, found)

    def test_every_field_of_the_schema_has_arrived(self, story):
        ours, theirs = (
            one["first"][TITLES[WHOLE]] for one in (story["twin"].ours, story["twin"].had)
        )
        for field in forms.fields("dataset"):
            name = field["field_name"]
            if name != "tag_string":
                assert ours[name] == theirs[name] != "", name
        assert theirs["tags"]
        assert theirs["kategori"] == FIELDS["kategori"]

    def test_no_derived_extra_is_stored(self, story, twin: Site):
        profile = twin.portal.profile
        stored = twin.portal.postgres.sql(
            "SELECT extras FROM package WHERE type = 'dataset' AND state = 'active'",
            profile.database_name("ckan"),
        ).splitlines()
        assert len(stored) >= len(story["twin"].had["withdrawn"])
        for extras in stored:
            keys = set(json.loads(extras))
            assert not keys & {"sdi_manifest", "guid", "dcat_issued", "frequency"}, keys

    def test_it_says_the_same_to_the_next_reader(self, story):
        ours, theirs = (
            one["first"][TITLES[WHOLE]] for one in (story["twin"].ours, story["twin"].had)
        )
        dates = {"dcat_issued", "dcat_modified"}
        derived = {one["key"] for one in ours["extras"]} - dates
        for key in derived:
            assert extra(theirs, key) == extra(ours, key), key


def extra(record: dict[str, Any], key: str) -> str | None:
    """Return the value of an extra."""
    return next((one["value"] for one in record["extras"] if one["key"] == key), None)


def plain(record: dict[str, Any]) -> dict[str, Any]:
    """Return a dataset without its files, with its tags by name."""
    tags = sorted(tag["name"] for tag in record["tags"])
    return {**{key: value for key, value in record.items() if key != "resources"}, "tags": tags}


def different(one: dict[str, Any], other: dict[str, Any]) -> set[str]:
    """Return the keys with different values."""
    return {key for key in {*one, *other} if one.get(key) != other.get(key)}
