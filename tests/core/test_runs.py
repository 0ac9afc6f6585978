"""The files that say what runs and what is known to differ."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.runs import (
    RunFileError,
    find_difference,
    load_differences,
    load_run,
    matches,
    without_test,
)

FOLDER = Path(__file__).parent


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("m::T::test_a", "m::T::test_a", True),
        ("m::T::test_a", "m::T::test_ab", False),
        ("m::T::*", "m::T::test_a[x\ny]", True),
        ("*::test_a", "m::T::test_a", True),
        ("m::test_a[ab]", "m::test_a[ab]", True),
        ("m::test_a[ab]", "m::test_aa", False),
        ("m::test.a", "m::test_a", False),
    ],
)
def test_matches(pattern, name, fits):
    assert matches(pattern, name) is fits


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_first_difference_that_covers_a_test_is_found(tmp_path):
    path = write(
        tmp_path / "known.yaml",
        "- {cause: activity, reason: 'It\n  writes.', tests: ['m::A::*', 'm::B::test_x']}\n",
    )
    differences = load_differences(path)

    found = find_difference(differences, "m::A::test_y")
    assert found is not None
    assert found.reason == "It writes."
    assert find_difference(differences, "m::B::test_y") is None
    assert without_test(differences, ["m::A::test_y"]) == ["m::B::test_x"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("- {cause: activity, tests: [a]}", "needs cause, reason and tests"),
        ("- {cause: activity, reason: '', tests: [a]}", "needs cause, reason and tests"),
        ("- {cause: activity, reason: b, tests: []}", "needs cause, reason and tests"),
        ("- {cause: dcat, reason: b, tests: [a], without: [tangerang_opd]}", "stay on"),
        ("- {cause: bad luck, reason: b, tests: [a]}", "unknown cause"),
        (
            "- {cause: dcat, reason: b, tests: [a]}\n- {cause: dcat, reason: c, tests: [a]}",
            "listed twice: a",
        ),
    ],
)
def test_careless_difference_is_refused(tmp_path, text, complaint):
    with pytest.raises(RunFileError, match=complaint):
        load_differences(write(tmp_path / "known.yaml", text))


def test_module_listed_twice_is_refused(tmp_path):
    write(tmp_path / "known.yaml", "[]")
    run = write(
        tmp_path / "x.run.yaml",
        "settings: {}\nknown_differences: known.yaml\ngroups: [{quick: [a]}, {full: [a]}]\n",
    )
    with pytest.raises(RunFileError, match="listed twice: a"):
        load_run(run)


def test_quick_settings_and_plugins_belong_to_their_group(tmp_path):
    write(tmp_path / "known.yaml", "")
    run = load_run(
        write(
            tmp_path / "x.run.yaml",
            "settings: {a: '1'}\nknown_differences: known.yaml\n"
            "groups: [{quick: [m], full: [n]}, {settings: {b: '2'}, plugins: [p], full: [o]}]\n",
        )
    )

    assert run.settings == {"a": "1"}
    assert [module.quick for module in run.modules] == [True, False, False]
    assert [module.plugins for module in run.modules] == [(), (), ("p",)]
    assert run.modules[2].settings == {"b": "2"}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.run.yaml")), ids=lambda path: path.name)
def test_our_files_are_right(path):
    assert load_run(path).modules
