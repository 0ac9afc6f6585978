"""The core run notices what it is there for: a break in one of our plugins, and their absence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from ckan import model

from tests.core import plugin

pytest_plugins = ["pytester"]

REPOSITORY = Path(__file__).parents[2]
MODULE = "ckan.tests.logic.action.test_patch"
BROKEN = "test_package_patch_updating_single_field"


@pytest.fixture
def run_sample(pytester, monkeypatch):
    """Return a function that runs a made-up "core" module of two tests, without CKAN."""

    def runner(differences, *arguments, forced=()):
        monkeypatch.setitem(plugin.PLUGIN_SETS, "all", forced)
        pytester.makepyfile(sample="def test_good(): pass\ndef test_bad(): assert False\n")
        pytester.syspathinsert()
        pytester.path.joinpath("known.yaml").write_text(differences, encoding="utf-8")
        pytester.path.joinpath("sample.run.yaml").write_text(
            "settings: {}\nknown_differences: known.yaml\ngroups: [{quick: [sample]}]\n",
            encoding="utf-8",
        )
        disabled = ["no:ckan", "no:ckan_fixtures", "no:cacheprovider"]
        return pytester.runpytest_inprocess(
            *(part for name in disabled for part in ("-p", name)),
            *("-p", "tests.core.plugin", "-rA", "sample.run.yaml"),
            *arguments,
        )

    return runner


def test_new_failure_fails(run_sample):
    result = run_sample("[]")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["FAILED sample.run.yaml::sample::test_bad*"])


def test_known_difference_is_expected(run_sample):
    result = run_sample("- {cause: dcat, reason: It counts., tests: ['sample::test_bad']}")
    result.assert_outcomes(passed=1, xfailed=1)
    result.stdout.fnmatch_lines(["*known difference (dcat): It counts.*"])


def test_known_difference_that_no_longer_differs_fails(run_sample):
    result = run_sample("- {cause: dcat, reason: It counts., tests: ['sample::*']}")
    result.assert_outcomes(failed=1, xfailed=1)
    result.stdout.fnmatch_lines(["*XPASS(strict)*It counts.*"])


def test_test_that_needs_the_internet_may_pass(run_sample):
    result = run_sample("- {cause: network, reason: It reads., tests: ['sample::*']}")
    result.assert_outcomes(xpassed=1, xfailed=1)


def test_known_difference_without_a_test_stops_the_run(run_sample):
    result = run_sample("- {cause: dcat, reason: It counts., tests: ['sample::test_renamed']}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*no such test*sample::test_renamed*"])


def test_partner_is_left_out_where_it_breaks_a_test(run_sample):
    entry = "- {cause: dcat, reason: It counts., tests: ['sample::*'], without: [dcat]}"
    result = run_sample(entry, forced=("dcat",))
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*2 without a partner*"])


def test_known_differences_do_not_apply_to_other_plugins(run_sample):
    entry = "- {cause: dcat, reason: It counts., tests: ['sample::test_bad']}"
    run_sample(entry, "--core-plugins=none").assert_outcomes(passed=1, failed=1)


def test_test_without_our_plugins_is_refused(run_sample):
    result = run_sample("[]", forced=("tangerang_metadata",))
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*PluginsNotLoaded: not loaded: tangerang_metadata*"])


def test_what_is_not_quick_is_left_out_and_counted(pytester, run_sample):
    pytester.makeconftest(
        "import pytest\n"
        "def pytest_configure(config):\n"
        "    config.addinivalue_line('markers', 'core_full: all')\n"
        "@pytest.hookimpl(tryfirst=True)\n"
        "def pytest_collection_modifyitems(items):\n"
        "    items[0].add_marker('core_full')\n"
    )
    run_sample("[]", "-k", "good").assert_outcomes(deselected=2)
    run_sample("[]", "-k", "good", "--core-full").assert_outcomes(passed=1, deselected=1)
    run_sample("[]", "-k", "good", "-m", "core_full").assert_outcomes(passed=1, deselected=1)


#: Breaks a plugin of ours, as a careless change would: descriptions get lost on the way out.
SABOTAGE = """
from ckanext.tangerang.metadata.plugin import MetadataPlugin

_show = MetadataPlugin.after_dataset_show


def _lose_notes(self, context, pkg_dict):
    _show(self, context, pkg_dict)
    pkg_dict.pop("notes", None)


MetadataPlugin.after_dataset_show = _lose_notes
"""


@pytest.mark.slow
class TestSabotage:
    """CKAN's own tests meet our code: proof that our plugins are on in them."""

    @pytest.fixture
    def run_core(self, tmp_path):
        """Return a function that runs some core tests in a process of their own."""
        # An open transaction of this process would keep that one from emptying the tables.
        model.Session.remove()
        model.ensure_engine().dispose()
        (tmp_path / "sabotage.py").write_text(SABOTAGE, encoding="utf-8")
        environment = os.environ | {"PYTHONPATH": str(tmp_path)}

        def runner(*arguments):
            run = subprocess.run(
                [
                    *(sys.executable, "-m", "pytest", "--ckan-ini=test.ini"),
                    *("-p", "no:cacheprovider", "--tb=no", *arguments),
                    f"tests/core/incomplete.run.yaml::{MODULE}::TestPatch",
                ],
                cwd=REPOSITORY,
                env=environment,
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
            return run.returncode, run.stdout + run.stderr

        return runner

    def test_break_in_our_plugin_is_reported(self, run_core):
        code, output = run_core("-p", "sabotage")
        assert code == pytest.ExitCode.TESTS_FAILED, output
        assert f"FAILED tests/core/incomplete.run.yaml::{MODULE}::TestPatch::{BROKEN}" in output

    def test_without_it_there_is_none(self, run_core):
        code, output = run_core()
        assert code == pytest.ExitCode.OK, output
