"""``ckan tangerang exchange``: all public metadata as a zip; files of INDAH and DDI in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import click
from ckan import model

from ..cli import tangerang
from ..metadata.navl import message
from ..metadata.values import Problem
from . import bundle, config, incoming, records

#: What CKAN's blanket registers: the shared group, which ``exchange`` hangs on.
__all__ = ["tangerang"]


@tangerang.group("exchange", short_help="Statistical metadata for other systems.")
def exchange() -> None:
    """Files of INDAH (JSON) and DDI (XML)."""


@exchange.command("dump", short_help="Write the public metadata as a zip.")
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--organization", help="Of this OPD only: id or name.")
def dump_command(path: Path, organization: str | None) -> None:
    """Write the public metadata of one OPD, or of all, as a zip, with no limit on its records."""
    owner = None
    if organization:
        try:
            found = tk.get_action("organization_show")(records.anonymous(), {"id": organization})
        except tk.ObjectNotFound as error:
            raise click.ClickException(f"There is no organization {organization}.") from error
        owner = found["id"]
    part = path.with_name(path.name + ".part")
    size = 0
    with part.open("wb") as file:
        for piece in bundle.stream(owner):
            size += file.write(piece)
    part.replace(path)
    click.echo(f"{path}: {bundle.count(owner)} records, {size} bytes")


def _report(path: Path, result: incoming.Result) -> None:
    """Print what is wrong and what changes in a file."""
    for change in result.changes:
        click.echo(f"{path}: {change['action']} {change['type']} {change['name'] or ''}".rstrip())
    for error in result.errors:
        where = f"{error['file']} {error['cell']}".strip()
        click.secho(f"  {where} {error['field']}: {error['message']}", fg="red", err=True)
    for entry in result.unplaced:
        click.secho(f"  {entry['file']} {entry['path']}: not taken over", fg="yellow", err=True)


@exchange.command("import", short_help="Import a file of INDAH or DDI; a dry run unless --apply.")
@click.argument(
    "path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--apply", "apply_", is_flag=True, help="Store it; without this nothing is changed.")
@click.option("--owner-org", help="OPD of files that name none: id, name or title.")
@click.option("--user", help="Name of the user who imports (default: the site user).")
def import_command(path: Path, *, apply_: bool, owner_org: str | None, user: str | None) -> None:
    """Import a file, or a zip of files, with the rights of one user; all of it or nothing."""
    name = user or tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    account = model.User.get(name)
    if account is None:
        raise click.ClickException(f"There is no user {user}.")
    context: Any = {"user": account.name, "auth_user_obj": account}
    tk.check_access("tangerang_indah_import", tk.fresh_context(context), {})
    limit = config.max_size()
    with path.open("rb") as file:
        content = file.read(limit + 1)
    try:
        result = incoming.run(
            context, content, path.name, limit=limit, dry_run=not apply_, owner_org=owner_org
        )
    except Problem as problem:
        raise click.ClickException(message(problem)) from problem
    _report(path, result)
    what = "stored" if result.applied else "nothing was stored"
    click.echo(f"{len(result.changes)} records, {len(result.errors)} errors; {what}")
    if result.errors:
        raise click.exceptions.Exit(1)
