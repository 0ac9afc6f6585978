"""Bundles of assets are looked after once a process."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from webassets.bundle import Bundle
from webassets.env import Environment

from ckanext.tangerang.theme.asset_updates import OncePerProcess

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def env(tmp_path: Path) -> Environment:
    (tmp_path / "a.css").write_text("a {}", encoding="utf-8")
    (tmp_path / "b.css").write_text("b {}", encoding="utf-8")
    env = Environment(str(tmp_path), "/")
    env.updater = OncePerProcess()
    return env


def test_what_is_missing_or_older_is_made_and_then_left_alone(env: Environment, tmp_path: Path):
    bundle = Bundle("a.css", "b.css", output="one.css")
    env.register("one", bundle)
    made = tmp_path / "one.css"
    bundle.urls()
    assert made.read_text(encoding="utf-8") == "a {}\nb {}"

    (tmp_path / "a.css").write_text("c {}", encoding="utf-8")
    os.utime(tmp_path / "a.css", (4_000_000_000, 4_000_000_000))
    bundle.urls()
    assert made.read_text(encoding="utf-8") == "c {}\nb {}"

    # Made now, which is before the date of its file: found out of date until it is not.
    os.utime(made, (4_000_000_001, 4_000_000_001))
    bundle.urls()
    os.utime(tmp_path / "a.css", (4_000_000_002, 4_000_000_002))
    (tmp_path / "b.css").write_text("d {}", encoding="utf-8")
    bundle.urls()
    assert made.read_text(encoding="utf-8") == "c {}\nb {}"

    env.updater = OncePerProcess()
    bundle.urls()
    assert made.read_text(encoding="utf-8") == "c {}\nd {}"


def test_each_bundle_is_looked_at_by_itself(env: Environment, tmp_path: Path):
    for name in ("one", "two"):
        bundle = Bundle("a.css", output=f"{name}.css")
        env.register(name, bundle)
        bundle.urls()
    assert (tmp_path / "two.css").read_text(encoding="utf-8") == "a {}"
