"""udata's CKAN back end: its whole harvester and models, with documents in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .samples import FIELDS, TITLES, WHOLE

if TYPE_CHECKING:
    from .portals import Site

pytestmark = [pytest.mark.slow]


def test_every_dataset_with_a_file_is_taken_and_none_refused(portal: Site, udata):
    expected = {id_ for id_, record in portal.datasets().items() if record["resources"]}
    for job in udata["jobs"]:
        assert (job["status"], job["errors"]) == ("done", [])
        assert {item["id"] for item in job["items"] if item["status"] == "done"} == expected
        assert [item for item in job["items"] if item["errors"]] == []


def test_a_second_harvest_adds_nothing(udata):
    first, second = udata["jobs"]
    assert first["datasets"] == second["datasets"] == len(udata["datasets"])
    for dataset in udata["datasets"]:
        ids = [file["harvest"]["remote_id"] for file in dataset["resources"]]
        assert len(set(ids)) == len(ids)


def test_it_knows_rhythm_time_and_place(udata):
    [dataset] = [one for one in udata["datasets"] if one["title"] == TITLES[WHOLE]]
    assert dataset["frequency"] == "semiannual"
    assert dataset["temporal_coverage"] == {"start": "2020-01-01", "end": "2024-06-30"}
    assert dataset["spatial"]["geom"]["type"] == "MultiPolygon"
    assert dataset["tags"] == sorted(tag["name"] for tag in FIELDS["tags"])
    assert dataset["extras"]["satuan"] == FIELDS["satuan"]
