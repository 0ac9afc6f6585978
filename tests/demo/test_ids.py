"""Ids of sample records. No services."""

from __future__ import annotations

import uuid

from ckanext.tangerang.demo.ids import demo_id, is_demo_id


def test_ids_are_stable_marked_and_different() -> None:
    first = demo_id("dataset", "a")
    assert first == demo_id("dataset", "a") == "7a9e2d10-5bc4-82b4-b1c5-63020d1def92"
    others = {demo_id("dataset", "b"), demo_id("resource", "a"), demo_id("user", "a")}
    assert len({first, *others}) == 4
    assert all(is_demo_id(id_) for id_ in (first, *others))


def test_ids_are_uuids_of_version_8() -> None:
    parsed = uuid.UUID(demo_id("organization", "dinkes"))
    assert parsed.version == 8
    assert parsed.variant == uuid.RFC_4122


def test_other_ids_are_not_ours() -> None:
    assert not is_demo_id(str(uuid.uuid4()))
    assert not is_demo_id("")
