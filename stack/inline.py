"""What templates have inline that a strict Content-Security-Policy forbids, with its place."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGE = REPOSITORY / "ckanext" / "tangerang"

#: Whose pages the portal shows, besides ours.
_PARTNERS = (
    "ckan",
    "ckanext.activity",
    "ckanext.datastore",
    "ckanext.datatablesview",
    "ckanext.imageview",
    "ckanext.scheming",
    "ckanext.textview",
    "ckanext.xloader",
)
#: Comments, and what Jinja does: an argument ``style='secondary'`` is no attribute.
_NOT_HTML = re.compile(r"{#.*?#}|<!--.*?-->|{%.*?%}|{{.*?}}", re.DOTALL)
_FORBIDDEN = {
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=[\"']application/)[^>]*>"),
    "inline style sheet": re.compile(r"<style\b"),
    "`on…=` attribute": re.compile(r"<[a-z][^<>]*?\s(?:on[a-z]+|hx-on[:\w-]*)=|\n\s*on[a-z]+=\""),
    "`javascript:` link": re.compile(r"=\s*[\"']javascript:"),
    "`style` attribute": re.compile(r"\sstyle=[\"']"),
}


def _folder(package: str) -> Path:
    """Return the folder of an installed package, without importing it."""
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(package)
    return Path(next(iter(found.submodule_search_locations)))


def _templates(folder: Path) -> list[tuple[str, str]]:
    """Return names and texts of the templates below every folder ``templates``."""
    return [
        (str(path).rsplit("/templates/", 1)[1], path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("templates/**/*.html"))
    ]


def inline(folder: Path) -> dict[tuple[str, str], int]:
    """Return what templates below ``folder`` have inline: how often, by template and kind."""
    found: dict[tuple[str, str], int] = {}
    for name, text in _templates(folder):
        if name.startswith("tests/"):
            continue
        for kind, pattern in _FORBIDDEN.items():
            count = len(pattern.findall(_NOT_HTML.sub("", text)))
            if count:
                found[name, kind] = count
    return found


def ours() -> dict[tuple[str, str], int]:
    """Return what our own templates have inline."""
    return inline(PACKAGE)


def table() -> str:
    """Return what the templates of CKAN and its partners have inline, as a Markdown table."""
    lines = ["| Of | Template | What | Times |", "|---|---|---|---|"]
    for package in _PARTNERS:
        for (name, kind), count in sorted(inline(_folder(package)).items()):
            lines.append(f"| {package} | `{name}` | {kind} | {count} |")
    return "\n".join(lines) + "\n"
