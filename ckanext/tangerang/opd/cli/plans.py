"""Commands that plan and apply changes of the registry."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import click
from ckan import model

from .. import defaults, files, jobs, store, texts
from .group import opd

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ckan.types import Context

_FORMATS = click.Choice(tuple(files.TYPES))
_FILE = click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False))


def _context() -> Context:
    """Return a context of the site user, who is a sysadmin."""
    name = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    context: Any = {"user": name, "auth_user_obj": model.User.get(name)}
    return context


def _call(action: str, **data: Any) -> Any:
    """Call an action; what it refuses ends the command with its message."""
    try:
        return tk.get_action(action)(_context(), data)
    except tk.ValidationError as error:
        found: Any = error.error_dict
        lines = [str(text) for texts_ in found.values() for text in texts_]
        raise click.ClickException("\n".join(lines)) from error


def _plan(file: str | None) -> dict[str, Any]:
    """Return the plan of a file; of the packaged one where none is named."""
    path = Path(file) if file else defaults.PACKAGED
    return _call("tangerang_opd_plan", upload=io.BytesIO(path.read_bytes()), filename=path.name)


def _where(note: Mapping[str, str]) -> str:
    """Return where in the file a note is about."""
    parts = [note["cell"] or note["row"], note["name"], note["field"]]
    found = " ".join(part for part in parts if part)
    return f"{found}: " if found else ""


def _print_entry(operation: Mapping[str, Any]) -> None:
    """Print an operation, and what it changes."""
    click.echo(f"  {operation['name']}: {operation['title']}")
    for row in texts.rows_of(operation):
        old = f"{row['old']} → " if row["old"] else ""
        click.echo(f"      {row['label']}: {old}{row['new'] or '–'}")
    moved = texts.moved(operation.get("moved", {}))
    if moved:
        click.echo(f"      ({moved})")


def _print_operations(operations: list[dict[str, Any]]) -> None:
    """Print operations in groups of their kinds."""
    for kind in texts.KINDS:
        group = [operation for operation in operations if operation["op"] == kind]
        if group:
            click.secho(f"{texts.kind(kind)} ({len(group)})", bold=True)
        for operation in group:
            _print_entry(operation)


def _print_plan(found: Mapping[str, Any]) -> None:
    """Print a plan in words; end with 1 where it has errors."""
    _print_operations(found["operations"])
    for note in found["warnings"]:
        click.secho(f"{tk._('Warning')}: {_where(note)}{note['message']}", fg="yellow")
    for note in found["errors"]:
        click.secho(f"{tk._('Error')}: {_where(note)}{note['message']}", fg="red", err=True)
    if found["errors"]:
        click.echo(tk._("Nothing can be applied before the errors are corrected."), err=True)
        raise click.exceptions.Exit(1)
    if not found["operations"]:
        click.echo(tk._("Nothing to do: the portal holds all of this already."))


def _in_language(work: Callable[[], None]) -> None:
    """Run something in a request, because texts are translated there only."""
    with click.get_current_context().meta["flask_app"].test_request_context():
        work()


@opd.command("plan", short_help="Show what a registry file would change.")
@_FILE
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
def plan_command(file: str | None, *, as_json: bool) -> None:
    """Show what a registry file (YAML, CSV, XLSX, JSON) would change; nothing is changed.

    Without FILE the packaged registry is meant.
    """

    def work() -> None:
        found = _plan(file)
        if not as_json:
            _print_plan(found)
            return
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        if found["errors"]:
            raise click.exceptions.Exit(1)

    _in_language(work)


@opd.command("apply", short_help="Apply a registry file.")
@_FILE
def apply_command(file: str | None) -> None:
    """Apply a registry file: all of it in one transaction, or nothing.

    Without FILE the packaged registry is meant.
    """

    def work() -> None:
        found = _plan(file)
        _print_plan(found)
        if found["token"]:
            made = _call("tangerang_opd_apply", token=found["token"])
            click.echo(tk._("Applied. Number of the change: {id}").format(id=made["id"]))

    _in_language(work)


@opd.command("export", short_help="Write the registry as a file.")
@click.option("--format", "form", type=_FORMATS, default="yaml", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False), help="File; without it: the screen.")
def export_command(form: str, output: str | None) -> None:
    """Write the registry of the portal as a file that `plan` and `apply` read."""
    content = files.write(store.load(), form)
    if output:
        Path(output).write_bytes(content)
    else:
        click.get_binary_stream("stdout").write(content)


@opd.command("journal", short_help="List the changes of the registry.")
@click.option("--limit", default=20, show_default=True)
def journal_command(limit: int) -> None:
    """List the changes of the registry, the newest first, with what they moved."""

    def work() -> None:
        for change in _call("tangerang_opd_journal_list", limit=limit)["results"]:
            marks = [change["kind"]]
            marks += ["undone"] if change["undone_by"] else []
            marks += [] if change["settled"] else ["not settled"]
            click.secho(
                f"{change['id']}  {change['created'][:16]}  {change['user'] or '–'}  "
                f"[{', '.join(marks)}]",
                bold=True,
            )
            _print_operations(change["entries"])

    _in_language(work)


@opd.command("undo", short_help="Take a change of the registry back.")
@click.argument("change_id", metavar="ID")
def undo_command(change_id: str) -> None:
    """Take a change of the registry back, with all that it moved."""

    def work() -> None:
        made = _call("tangerang_opd_undo", id=change_id)
        click.echo(tk._("Taken back. Number of the change: {id}").format(id=made["id"]))
        if made["left"]:
            click.echo(
                tk._(
                    "{count} members or followers were changed since and stay as they are."
                ).format(count=made["left"])
            )

    _in_language(work)


@opd.command("settle", short_help="Let index and activities follow what is not settled.")
def settle_command() -> None:
    """Let search index and activities follow the changes whose job did not end."""
    waiting = jobs.unsettled()
    for journal_id in waiting:
        jobs.settle(journal_id)
        click.echo(journal_id)
    click.echo(f"{len(waiting)} settled")
