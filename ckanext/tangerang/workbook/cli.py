"""``ckan tangerang workbook``: import many workbooks at once."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import click
from ckan import model

from ..cli import tangerang
from ..interfaces import PAST_REVIEW
from ..metadata.navl import message
from ..metadata.values import Problem
from . import config, importer, reader
from .cells import form_edition
from .exporter import schemas

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: What CKAN's blanket registers: the shared group, which ``workbook`` hangs on.
__all__ = ["tangerang"]


@tangerang.group("workbook", short_help="Workbooks of activities and indicators.")
def workbook() -> None:
    """Workbooks (XLSX) of the BPS forms."""


def _files(paths: Iterable[str]) -> Iterator[Path]:
    """Yield the files, and those of the folders, that are named."""
    for path in map(Path, paths):
        if path.is_dir():
            yield from sorted(p for p in path.glob("*.xlsx") if not p.name.startswith("~$"))
        else:
            yield path


#: From this number of files on they are read by all processors at once.
_MANY = 20

#: What files are read by, in forked processes too: forms, edition of numbers, the largest size.
_reading: dict[str, Any] = {}


def _read_one(path: Path) -> tuple[reader.Book, Problem | str | None]:
    """Return what a file holds, or what kept it from being read."""
    try:
        with path.open("rb") as file:
            return reader.read(file.read(_reading["limit"] + 1), **_reading), None
    except Problem as problem:
        return reader.Book([], []), problem
    except OSError as error:
        return reader.Book([], []), str(error)


def _found(
    paths: Sequence[Path], form: str | None
) -> Iterator[tuple[reader.Book, Problem | str | None]]:
    """Yield what each file holds, or what kept it from being read; many are read at once."""
    _reading.update(forms=reader.Forms(schemas()), form=form, limit=config.max_size())
    if len(paths) < _MANY:
        yield from map(_read_one, paths)
        return
    # Forked, since a new process would load CKAN again, which takes longer than reading. They
    # touch none of CKAN's connections.
    with ProcessPoolExecutor(mp_context=get_context("fork")) as pool:
        yield from pool.map(_read_one, paths, chunksize=_MANY // 2)


def _read(
    paths: Sequence[Path], form: str | None, refused: list[str | None]
) -> Iterator[reader.Book]:
    """Yield what the files hold.

    :param refused: takes, for each file, what kept it from being read
    """
    for book, problem in _found(paths, form):
        refused.append(message(problem) if isinstance(problem, Problem) else problem)
        yield book


def _report(
    paths: Sequence[Path], outcome: importer.Outcome, refused: Sequence[str | None]
) -> dict[str, int]:
    """Print what is wrong and what changes in each file; return counts of records by action."""
    counts = {"create": 0, "update": 0, "none": 0}
    for path, changes, errors, problem in zip(
        paths, outcome.changes, outcome.errors, refused, strict=True
    ):
        for change in changes:
            counts[change["action"]] += 1
        done = ", ".join(f"{c['action']} {c['type']} {c['name'] or ''}".strip() for c in changes)
        click.echo(f"{path}: {done or 'nothing read'}")
        if problem:
            click.secho(f"  {problem}", fg="red", err=True)
        for error in errors:
            where = f"{error['sheet']}!{error['cell']}" if error["cell"] else error["sheet"]
            click.secho(f"  {where} {error['field']}: {error['message']}", fg="red", err=True)
    return counts


@workbook.command("import", short_help="Import workbooks; a dry run unless --apply.")
@click.argument("paths", metavar="FILE…", nargs=-1, required=True, type=click.Path(exists=True))
@click.option("--apply", "apply_", is_flag=True, help="Store it; without this nothing is changed.")
@click.option("--owner-org", help="OPD of workbooks that name none: id, name or title.")
@click.option("--form-version", help="Edition that numbers come from: 2020 or INDAH.")
@click.option("--user", help="Name of the user who imports (default: the site user).")
@click.option(
    "--direct",
    metavar="REASON",
    help="Publish past the review what the workbooks say is public; kept in its history.",
)
def import_command(
    paths: tuple[str, ...],
    *,
    apply_: bool,
    owner_org: str | None,
    form_version: str | None,
    user: str | None,
    direct: str | None,
) -> None:
    """Import workbooks, or all of a folder, with the rights of one user.

    Where records are published by the walidata, a workbook can not make one public, unless a
    sysadmin imports it (--user), or the operator says why (--direct).

    All are stored in one transaction, or none: with any error nothing is changed and the command
    ends with 1.
    """
    started = time.monotonic()
    if form_version and not form_edition(form_version):
        raise click.BadParameter("use 2020 or INDAH", param_hint="--form-version")
    context: Any = {
        "user": user or tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    }
    account = model.User.get(context["user"])
    if account is None:
        raise click.ClickException(f"There is no user {user}.")
    context |= {"user": account.name, "auth_user_obj": account}
    if direct:
        context[PAST_REVIEW] = direct
    tk.check_access("tangerang_workbook_import", tk.fresh_context(context), {})
    files = list(_files(paths))
    refused: list[str | None] = []
    outcome = importer.run(
        context,
        _read(files, form_version, refused),
        may_apply=lambda: apply_ and not any(refused),
        owner_org=owner_org,
    )
    counts = _report(files, outcome, refused)
    wrong = sum(map(len, outcome.errors)) + sum(map(bool, refused))
    what = "stored" if outcome.applied else "nothing was stored"
    click.echo(
        f"{len(files)} files: {counts['create']} to create, {counts['update']} to update, "
        f"{counts['none']} unchanged, {wrong} errors; {what} ({time.monotonic() - started:.1f} s)"
    )
    if wrong:
        raise click.exceptions.Exit(1)
