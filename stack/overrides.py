"""Which templates of CKAN and of its partners ours stand in front of, and by which blocks.

A template of ours with the name of one of theirs either extends it (``{% ckan_extends %}``) and
fills some of its blocks, or takes its place whole. Both go wrong in silence when the other side
changes: a block that is gone is filled for nobody, and a template that is gone is replaced for
nobody. ``docs/en/theme-overrides.md`` is written from here, and ``tests/theme/test_overrides.py``
fails when a template or a block is no longer there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGE = REPOSITORY / "ckanext" / "tangerang"

#: Whose templates ours may stand in front of, in the order in which they are looked for.
_OTHERS = (
    "ckan",
    "ckanext.activity",
    "ckanext.scheming",
    "ckanext.dcat",
    "ckanext.datastore",
    "ckanext.datatablesview",
    "ckanext.textview",
    "ckanext.imageview",
    "ckanext.xloader",
)
#: Folders of templates inside ``templates``: ckanext-dcat has one for each of its plugins.
_PARTS = ("structured_data",)
_BLOCK = re.compile(r"{%-?\+?\s*block\s+(\w+)")
_EDGE = re.compile(r"{%-?\+?\s*(?:block\s+(?P<name>\w+)|endblock)\b")
_EXTENDS = re.compile(r"{%-?\s*ckan_extends\s*-?%}")
_COMMENT = re.compile(r"{#.*?#}", re.DOTALL)

#: Templates that take the place of one of theirs, and why no block will do.
WHOLE = {
    "home/snippets/about_text.html": "one text, without blocks: CKAN's is about CKAN",
    "home/snippets/search.html": "its box can have neither help nor suggestions by a block",
    "organization/snippets/helper.html": "one text, without blocks: CKAN's is about CKAN",
    "organization/snippets/organization_item.html": "a card with a picture becomes a line; every "
    "block of it is another, and all keep their names",
    "package/read.html": "its blocks stand in another order, with the files first; all keep their "
    "names",
    "package/snippets/search_facets.html": "no blocks",
    "scheming/form_snippets/help_text.html": "no blocks",
    "scheming/organization/about.html": "no blocks",
    "scheming/organization/group_form.html": "no blocks",
    "scheming/package/snippets/additional_info.html": "one block; the metadata stands in groups, "
    "each a table of its own",
    "snippets/language_selector.html": "no blocks: a form that needs JavaScript becomes links",
    "snippets/local_friendly_datetime.html": "no blocks: a script writes its days in the American "
    "order",
    "snippets/social.html": "links by which other hosts would learn who reads what; none here",
}


@dataclass(frozen=True)
class Override:
    """One of our templates in front of one of theirs."""

    template: str
    plugin: str
    owner: str
    extends: bool
    blocks: tuple[str, ...]
    missing: tuple[str, ...]


def _templates(folder: Path) -> dict[str, Path]:
    """Return the templates below every folder ``templates`` of ``folder``, by their names."""
    found: dict[str, Path] = {}
    roots = [*sorted(folder.rglob("templates")), *(folder / "templates" / s for s in _PARTS)]
    for root in roots:
        if root.is_dir():
            for path in sorted(root.rglob("*.html")):
                found.setdefault(path.relative_to(root).as_posix(), path)
    return found


def _folder(package: str) -> Path | None:
    """Return the folder of an installed package, without importing it."""
    found = find_spec(package)
    places = found.submodule_search_locations if found else None
    return Path(next(iter(places))) if places else None


def _blocks(text: str) -> list[str]:
    """Return the names of the blocks of a template, each once, in their order."""
    return list(dict.fromkeys(_BLOCK.findall(_COMMENT.sub("", text))))


_PARENT = re.compile(r"""{%-?\s*extends\s+["']([^"']+)["']""")


def _known_blocks(name: str, others: dict[str, dict[str, Path]]) -> set[str]:
    """Return the blocks of a template of theirs, of all that extend it, and of its parents."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        for templates in others.values():
            if current in templates:
                text = templates[current].read_text(encoding="utf-8")
                found.update(_blocks(text))
                waiting += _PARENT.findall(text)
    return found


def _top_blocks(text: str) -> list[str]:
    """Return the blocks of a template that stand in no other block of it."""
    found: list[str] = []
    depth = 0
    for match in _EDGE.finditer(_COMMENT.sub("", text)):
        if match["name"]:
            if not depth:
                found.append(match["name"])
            depth += 1
        else:
            depth -= 1
    return found


def _ours() -> dict[str, list[tuple[str, str]]]:
    """Return the texts of our templates by name, with the feature each is in."""
    found: dict[str, list[tuple[str, str]]] = {}
    for folder in sorted(path for path in PACKAGE.iterdir() if (path / "templates").is_dir()):
        for name, path in _templates(folder).items():
            found.setdefault(name, []).append((folder.name, path.read_text(encoding="utf-8")))
    return found


def overrides() -> list[Override]:
    """Return all overrides, by template and feature.

    ``missing`` are the blocks that an extending template fills, but that exist in none of theirs
    and are opened inside a block by none of ours.
    """
    others = {
        package: _templates(folder)
        for package in _OTHERS
        if (folder := _folder(package)) is not None
    }
    found = []
    for name, versions in sorted(_ours().items()):
        owner = next((package for package, known in others.items() if name in known), "")
        if not owner:
            continue
        known = _known_blocks(name, others)
        opened = {
            block
            for _, text in versions
            for block in _blocks(text)
            if block not in _top_blocks(text)
        }
        for plugin, text in versions:
            extends = bool(_EXTENDS.search(text))
            filled = tuple(block for block in _blocks(text) if block in known)
            missing = tuple(block for block in _top_blocks(text) if block not in known | opened)
            found.append(Override(name, plugin, owner, extends, filled, missing if extends else ()))
    return found


def table() -> str:
    """Return the overrides as Markdown tables, for the documentation."""
    extending = ["| Template | Of | Feature | Blocks that it fills |", "|---|---|---|---|"]
    whole = ["", "| Template | Of | Feature | Why not by a block |", "|---|---|---|---|"]
    for item in overrides():
        where = f"| `{item.template}` | {item.owner} | `{item.plugin}` |"
        if item.extends:
            blocks = ", ".join(f"`{block}`" for block in item.blocks)
            extending.append(f"{where} {blocks or '(sets variables, or fills blocks of ours)'} |")
        else:
            whole.append(f"{where} {WHOLE.get(item.template, '')} |")
    return "\n".join([*extending, *whole]) + "\n"
