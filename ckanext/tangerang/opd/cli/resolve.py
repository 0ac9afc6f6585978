"""Commands that ask the resolver."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import click
from ckan import model

from ...metadata.navl import message
from ...metadata.values import Problem
from .. import batch
from .group import opd

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ckan.types import Context

_COLOURS = {batch.MATCHED: "green", batch.SUGGESTED: "yellow", batch.UNKNOWN: "red"}


def _context() -> Context:
    """Return a context of nobody: everybody may ask."""
    context: Any = {"user": "", "model": model, "session": model.Session}
    return context


def _texts(texts: tuple[str, ...], file: str | None, column: str) -> list[str]:
    """Return the names to be asked for."""
    found = list(texts)
    if file:
        path = Path(file)
        try:
            found += batch.read(path.read_bytes(), path.name, column)
        except Problem as problem:
            raise click.ClickException(f"{file}: {message(problem)}") from problem
    if not found:
        raise click.UsageError(tk._("Name an OPD, or a file with names of OPD."))
    return found


def _aliases(lines: Sequence[batch.Line]) -> str:
    """Return the lines of a registry file that make suggestions aliases."""
    units = tk.get_action("tangerang_opd_list")(_context(), {})
    return batch.alias_lines(lines, {unit["name"]: unit["alias"] for unit in units})


def _print_report(lines: Sequence[batch.Line]) -> None:
    """Print what each name means, how many there are, and what would make them match."""
    labels = {
        batch.MATCHED: tk._("matched"),
        batch.SUGGESTED: tk._("suggested"),
        batch.UNKNOWN: tk._("unknown"),
    }
    for line, row in zip(lines, batch.as_rows(lines), strict=True):
        meant = f" → {row['title']} ({row['name']})" if row["name"] else ""
        score = f", {row['score']}" if row["score"] else ""
        click.secho(f"{labels[line.status]}: ", fg=_COLOURS[line.status], nl=False)
        click.echo(f"{line.text}{meant} [{tk._(line.why)}{score}]")
        successors = (line.answer["match"] or {}).get("successors", [])
        if successors:
            names = "; ".join(f"{s['title']} ({s['name']})" for s in successors)
            click.echo(f"    {tk._('now')}: {names}")
    counts = ", ".join(f"{labels[s]} {n}" for s, n in batch.totals(lines).items())
    click.echo(f"{len(lines)}: {counts}")
    aliases = _aliases(lines)
    if aliases:
        click.echo(tk._("Aliases for the registry file, where the suggestions are right:"))
        click.echo(aliases, nl=False)


def _print(form: str, lines: Sequence[batch.Line]) -> None:
    """Print the report in one of its forms."""
    writers: dict[str, Callable[[], str]] = {
        "csv": lambda: batch.as_csv(lines),
        "json": lambda: (
            json.dumps(
                [{"q": line.text, "count": line.count, **line.answer} for line in lines],
                ensure_ascii=False,
                indent=1,
            )
            + "\n"
        ),
        "yaml": lambda: _aliases(lines),
    }
    if form in writers:
        click.echo(writers[form](), nl=False)
    else:
        _print_report(lines)


@opd.command("resolve", short_help="Find the OPD that texts or codes mean.")
@click.argument("texts", metavar="TEXT…", nargs=-1)
@click.option("--year", type=click.IntRange(1945, 2200), help="The year that the texts speak of.")
@click.option(
    "--file",
    "file",
    type=click.Path(exists=True, dir_okay=False),
    help="List (one a line), CSV or XLSX file with names.",
)
@click.option("--column", default="", help="Heading of the column in a CSV or XLSX file.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "csv", "json", "yaml"]),
    default="text",
    help="Form of the report; yaml: only the aliases for the registry file.",
)
def resolve_command(
    texts: tuple[str, ...], *, year: int | None, file: str | None, column: str, form: str
) -> None:
    """Find the OPD that texts or codes mean.

    Only exact forms match. What is similar is suggested, with the lines of the registry file that
    would make it an alias. Ends with 1 where a text is unknown or only suggested.
    """
    # In a request, because texts are translated there only.
    with click.get_current_context().meta["flask_app"].test_request_context():
        lines = batch.ask(_context(), _texts(texts, file, column), year)
        _print(form, lines)
        if any(line.status != batch.MATCHED for line in lines):
            raise click.exceptions.Exit(1)
