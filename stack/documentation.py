"""The generated parts of the README and docs: ``python -m stack.documentation update|check``.

The configuration tables come from the ``config_declaration.yaml`` files, the tables of the BPS
forms from the schema files, where their items stand in INDAH and DDI from
``exchange/differences.py``, the table of checks from ``score/checks.yaml``, the list of guarded
actions from ``review/classification.yaml``, and what fields are in DCAT from the mapping that
writes it, so that they cannot disagree with the code. Each stands between ``<!-- name -->`` and
``<!-- /name -->``, with one of the names of :data:`PARTS`.
"""

from __future__ import annotations

import re
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

# pyright sees the folder ckanext of the other wheels only.
from ckanext.tangerang.exchange import differences  # pyright: ignore[reportMissingImports]

from . import forms, inline, overrides
from .dcat_tables import dcat_table
from .form_tables import items_table

if TYPE_CHECKING:
    from collections.abc import Callable

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGE = REPOSITORY / "ckanext" / "tangerang"
PAGES = (
    REPOSITORY / "README.md",
    REPOSITORY / "docs" / "konfigurasi.md",
    REPOSITORY / "docs" / "formulir-bps.md",
    REPOSITORY / "docs" / "skor.md",
    REPOSITORY / "docs" / "pemeriksaan-daftar.md",
    REPOSITORY / "docs" / "en" / "statistical-metadata.md",
    REPOSITORY / "docs" / "en" / "interoperability.md",
    REPOSITORY / "docs" / "en" / "security-headers.md",
    REPOSITORY / "docs" / "en" / "theme-overrides.md",
)
_BLOCK = re.compile(r"(<!-- ([\w-]+) -->\n).*?(<!-- /\2 -->)", re.DOTALL)


def _escaped(text: str) -> str:
    """Return a text for a cell of a Markdown table."""
    return " ".join(text.split()).replace("|", chr(92) + "|")


def configuration_table() -> str:
    """Return all options as one Markdown table, the shared ones first."""
    lines = ["| Option | Default | Meaning |", "|---|---|---|"]
    shared = PACKAGE / "config_declaration.yaml"
    for path in (shared, *sorted(PACKAGE.glob("*/config_declaration.yaml"))):
        declared = yaml.safe_load(path.read_text(encoding="utf-8"))
        for group in declared["groups"]:
            for option in group["options"]:
                default = option.get("default", "")
                shown = str(default).lower() if isinstance(default, bool) else str(default)
                meaning = _escaped(option.get("description", ""))
                lines.append(f"| `{option['key']}` | {f'`{shown}`' if shown else ''} | {meaning} |")
    return "\n".join(lines) + "\n"


def checks_table() -> str:
    """Return the checks of the SDI score as one Markdown table, by part, with their weights."""
    path = PACKAGE / "score" / "checks.yaml"
    declared = yaml.safe_load(path.read_text(encoding="utf-8"))
    lines = ["| Bagian | Pemeriksaan | Isian | Bobot | Yang diminta |", "|---|---|---|---|---|"]
    for part in declared["parts"]:
        whole = sum(check["weight"] for check in part["checks"])
        for check in part["checks"]:
            # Of the whole score, for a dataset to which every check applies.
            points = round(part["weight"] * check["weight"] / whole, 2)
            lines.append(
                f"| {part['label']['id']} | `{check['name']}` | `{check['field']}` | "
                f"{f'{points:g}'.replace('.', ',')} | {_escaped(check['message']['id'])} |"
            )
    return "\n".join(lines) + "\n"


#: Headings of the list of guarded actions.
_GUARDED = {"actions": "Tindakan API", "routes": "Halaman", "commands": "Perintah"}
_KINDS = {
    "harmless": "tidak mengubah rekaman",
    "review": "langkah pemeriksaan",
    "guarded": "terjaga",
    "sysadmin": "sysadmin",
    "closed": "ditutup",
}


def classification_tables() -> str:
    """Return the list of actions, routes and commands with their guards as Markdown tables."""
    path = PACKAGE / "review" / "classification.yaml"
    declared = yaml.safe_load(path.read_text(encoding="utf-8"))
    lines: list[str] = []
    for part, heading in _GUARDED.items():
        lines += ["", f"## {heading}", "", "| Golongan | Penjaga | Nama |", "|---|---|---|"]
        for entry in declared[part]:
            names = entry["names"]
            listed = names if isinstance(names, list) else names.split()
            shown = ", ".join(f"`{name}`" for name in listed)
            lines.append(f"| {_KINDS[entry['kind']]} | {_escaped(entry['by'])} | {shown} |")
    return "\n".join(lines) + "\n\n"


def exchange_tables() -> str:
    """Return where the items of the forms stand in INDAH and DDI as Markdown tables."""
    return differences.tables({name: forms.schema(name) for name in ("kegiatan", "indikator")})


#: What makes each generated part.
PARTS: dict[str, Callable[[], str]] = {
    "configuration": configuration_table,
    "items-kegiatan": partial(items_table, "kegiatan"),
    "items-indikator": partial(items_table, "indikator"),
    "checks": checks_table,
    "classification": classification_tables,
    "exchange": exchange_tables,
    "overrides": overrides.table,
    "inline": inline.table,
    "dcat-dataset": partial(dcat_table, "dataset_fields"),
    "dcat-file": partial(dcat_table, "resource_fields"),
}


def rendered(page: Path) -> str:
    """Return the text of ``page`` with its generated parts renewed."""
    text = page.read_text(encoding="utf-8")
    return _BLOCK.sub(lambda match: match[1] + PARTS[match[2]]() + match[3], text)


def main() -> int:
    """Renew the pages, or check that they are current; return the exit code."""
    if sys.argv[1:] not in (["update"], ["check"]):
        sys.exit(__doc__)
    stale = [page for page in PAGES if rendered(page) != page.read_text(encoding="utf-8")]
    for page in stale:
        if sys.argv[1] == "update":
            page.write_text(rendered(page), encoding="utf-8")
        else:
            sys.stderr.write(f"{page.name} is not up to date: run `make docs`\n")
    return 1 if stale and sys.argv[1] == "check" else 0


if __name__ == "__main__":
    sys.exit(main())
