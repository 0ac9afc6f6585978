"""Everything that the portal says has its Indonesian words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from ckan.cli.cli import ckan

from stack import translations

if TYPE_CHECKING:
    from pathlib import Path

    from ckan.tests.helpers import CKANCliRunner

#: What our scripts, and CKAN's, say on pages of this portal.
TEXTS = {
    "Please Confirm": "Mohon konfirmasi",
    "Are you sure you want to perform this action?": "Anda yakin akan melakukan ini?",
    "Edit": "Ubah",
    "Cancel": "Batal",
}


def test_nothing_is_untranslated_and_the_files_are_up_to_date() -> None:
    assert translations.check() == 0


def test_texts_of_scripts_are_ours_to_translate() -> None:
    known = {str(message.id) for message in translations.merged()}

    assert set(TEXTS) - {"Cancel"} <= known


def test_a_plural_is_compared_with_its_one_form() -> None:
    catalog = translations._empty()
    catalog.add(("one letter", "%(num)d letters"), ("%(num)d huruf",))
    catalog.add(("%(num)d letter", "%(num)d letters"), ("huruf",))

    assert len(translations.broken_placeholders(catalog)) == 1


@pytest.mark.ckan_config("ckan.plugins", "tangerang_theme")
@pytest.mark.usefixtures("with_extended_cli", "with_plugins")
def test_ckan_makes_the_texts_of_scripts(
    cli: CKANCliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ckan.lib.i18n.get_js_translations_dir", lambda: str(tmp_path))
    result = cli.invoke(ckan, ["translation", "js"])

    assert result.exit_code == 0, result.output
    made = json.loads((tmp_path / "id.js").read_text(encoding="utf-8"))
    assert {text: made[text][1] for text in TEXTS} == TEXTS
