"""Changing the registry by a plan, and taking changes back."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import authz, model

from .... import working_copy
from ....metadata.navl import message
from ....metadata.values import Problem
from ... import apply, defaults, files, jobs, journal, plan, store, texts
from ...clock import today
from ...model import OpdJournal, OpdPlan
from ...registry import PRODUSEN
from ...rows import Note, Row
from .. import schema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ckan.types import Context, DataDict

    from ...registry import Registry

__all__ = [
    "tangerang_opd_apply",
    "tangerang_opd_journal_list",
    "tangerang_opd_plan",
    "tangerang_opd_undo",
]

#: A plan that nobody has applied for this long is forgotten.
_PLAN_LIFE = timedelta(days=7)


def _content(upload: Any) -> bytes:
    """Return the bytes of an upload, one more than allowed at most.

    :raises ValidationError: for what is no file
    """
    if isinstance(upload, bytes):
        return upload
    read = getattr(upload, "read", None)
    if read is None:
        raise tk.ValidationError({"upload": [tk._("Send the registry as a file.")]})
    return bytes(read(files.MAX_BYTES + 1))


def _document(data_dict: DataDict, filename: str) -> files.Document:
    """Return what the caller has sent as registry.

    :raises ValidationError: when nothing was sent
    """
    registry = data_dict.get("registry")
    upload = data_dict.get("upload")
    if isinstance(registry, str) and registry.strip():
        return files.read(registry.encode("utf-8", "replace"), filename)
    if isinstance(registry, (list, dict)):
        return files.read_rows(registry)
    if upload is None:
        raise tk.ValidationError({"upload": [tk._("Send the registry as a file.")]})
    name = filename or str(getattr(upload, "filename", None) or "")
    return files.read(_content(upload), name)


def _refused_by_form(now: Registry, found: plan.Plan, rows: Iterable[Row]) -> list[Note]:
    """Return what CKAN's form would refuse, as errors."""
    places = {str(row.values.get("name")): row.place for row in rows}
    return [
        Note("form", "{text}", {"text": text}, row=places.get(name, ""), name=name)
        for name, found_texts in apply.check(now, found.operations).items()
        for text in found_texts
    ]


def _with_counts(operations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return operations, those that merge with how much they would move; three queries at most."""
    sources = [operation["id"] for operation in operations if operation["op"] == plan.MERGE]
    if not sources:
        return operations
    package, member, follower = model.Package, model.Member, model.UserFollowingGroup
    columns: tuple[tuple[str, Any, tuple[Any, ...]], ...] = (
        ("datasets", package.owner_org, (working_copy.is_record(package),)),
        (
            "members",
            member.group_id,
            (member.table_name == "user", member.state == model.State.ACTIVE),
        ),
        ("followers", follower.object_id, ()),
    )
    counts: dict[str, dict[str, int]] = {}
    for name, column, conditions in columns:
        query = sa.select(column, sa.func.count()).where(column.in_(sources), *conditions)
        for source, count in model.Session.execute(query.group_by(column)):
            counts.setdefault(source, {})[name] = count
    return [
        {**op, "moved": counts.get(op["id"], {})} if op["op"] == plan.MERGE else op
        for op in operations
    ]


def _keep(now: Registry, operations: list[dict[str, Any]], user: model.User) -> str:
    """Store a plan; return what it is asked for with."""
    moment = datetime.now(timezone.utc).replace(tzinfo=None)
    model.Session.execute(sa.delete(OpdPlan).where(OpdPlan.created < moment - _PLAN_LIFE))
    row = OpdPlan(user_id=user.id, digest=now.digest, content={"operations": operations})
    model.Session.add(row)
    model.Session.commit()
    return row.token


def tangerang_opd_plan(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what a registry of OPD would change; nothing is changed.

    The rows of ``registry`` are not flattened by a schema, as other parameters are: they are read
    as those of a file, with the place of each error.

    :param upload: a registry file (YAML, CSV, XLSX or JSON), or
    :param registry: its text, or a list of OPD as dictionaries
    :param filename: name of the file, which tells its format where the content does not (optional)
    :returns: ``{"operations": [{"op", "id", "name", "title", "changes": {field: [old, new]}}],
        "warnings": [{"code", "message", "row", "cell", "field", "name"}], "errors": [the same],
        "token"}``; ``op`` is create, rename, merge, split, close, move, change, history, alias_add
        or alias_remove; a merge has ``moved``: how many datasets, members and followers it would
        move. ``token`` is what ``tangerang_opd_apply`` takes: null where there are
        errors, or nothing to do
    :raises ValidationError: when nothing was sent
    """
    data, errors = tk.navl_validate(
        {"filename": data_dict.get("filename")}, schema.tangerang_opd_plan(), context
    )
    if errors:
        raise tk.ValidationError(errors)
    tk.check_access("tangerang_opd_plan", context, data_dict)
    user = model.User.get(context.get("user"))
    document = defaults.expand(_document(data_dict, data["filename"]))
    now = store.load()
    found = plan.plan(
        now,
        document.rows,
        today=today(),
        may_set_roles=authz.is_sysadmin(context.get("user")),
    )
    wrong = [*document.errors, *found.errors]
    if not wrong:
        wrong = _refused_by_form(now, found, document.rows)
    operations = [texts.operation_dict(operation) for operation in found.operations]
    token = _keep(now, operations, user) if operations and not wrong and user else None
    return {
        "operations": _with_counts(operations),
        "warnings": [texts.note_dict(note) for note in (*document.warnings, *found.warnings)],
        "errors": [texts.note_dict(note) for note in wrong],
        "token": token,
    }


def _may_set_roles(context: Context, token: str) -> bool:
    """Tell whether the caller may give the roles of a plan: new produsen data, or any."""
    row = model.Session.get(OpdPlan, token)
    operations = row.content["operations"] if row else []
    harmless = ("create", PRODUSEN)
    return authz.is_sysadmin(context.get("user")) or not any(
        (op["op"], op["changes"]["peran_sdi"][1]) != harmless
        for op in operations
        if "peran_sdi" in op["changes"]
    )


@tk.validate_action_data(schema.tangerang_opd_apply)
def tangerang_opd_apply(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Apply a plan: all of it, or nothing.

    :param token: of the plan, as ``tangerang_opd_plan`` returned it
    :returns: the change as ``tangerang_opd_journal_list`` has it
    :raises ValidationError: when there is no such plan, it was applied already, another one is
        being applied, or the registry has changed since
    """
    tk.check_access("tangerang_opd_apply", context, data_dict)
    if not _may_set_roles(context, data_dict["token"]):
        raise tk.NotAuthorized(
            tk._("Only a sysadmin changes the role of an organization. Leave it as it was.")
        )
    try:
        made = apply.apply(data_dict["token"], context)
    except Problem as problem:
        raise tk.ValidationError({"token": [message(problem)]}) from problem
    except apply.InvalidError as error:
        raise tk.ValidationError({**error.errors}) from error
    jobs.enqueue(made.id)
    return _change(made, detailed=True)


@tk.validate_action_data(schema.tangerang_opd_undo)
def tangerang_opd_undo(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Take a change of the registry back, with all that it has moved.

    Refused when something that it wrote has been changed since; the message says what.

    :param id: of the change, as ``tangerang_opd_journal_list`` returns it
    :returns: the change that takes it back; ``left`` counts members and followers that people have
        changed since, who stay as they are
    :raises ValidationError: with the reasons
    """
    tk.check_access("tangerang_opd_undo", context, data_dict)
    try:
        made, left = apply.undo(data_dict["id"], context)
    except Problem as problem:
        raise tk.ValidationError({"id": [message(problem)]}) from problem
    except journal.CanNotUndoError as error:
        raise tk.ValidationError({"id": [message(reason) for reason in error.reasons]}) from error
    jobs.enqueue(made.id)
    return {**_change(made, detailed=True), "left": left}


def _change(row: OpdJournal, *, detailed: bool, user: str | None = None) -> dict[str, Any]:
    """Return a change as plain values.

    :param detailed: with the rows that it wrote
    """
    kept = ("op", "id", "name", "title", "changes", "former", "into", "moved")
    names = (*kept, "rows") if detailed else kept
    return {
        "id": row.id,
        "position": row.position,
        "kind": row.kind,
        "user_id": row.user_id,
        "user": user,
        "created": row.created.isoformat(),
        "settled": row.settled.isoformat() if row.settled else None,
        "undoes": row.undoes,
        "undone_by": row.undone_by,
        "entries": [{k: v for k, v in e.items() if k in names} for e in row.entries],
    }


@tk.side_effect_free
@tk.validate_action_data(schema.tangerang_opd_journal_list)
def tangerang_opd_journal_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the changes of the registry, the newest first.

    :param id: only this change, with the rows that it wrote (optional)
    :param limit: at most so many (default: 50, at most 500)
    :param offset: leave out so many of the newest (default: 0)
    :returns: ``{"count", "results": [{"id", "position", "kind": "apply|undo", "user_id", "user",
        "created", "settled", "undoes", "undone_by", "entries": [{"op", "id", "name", "title",
        "changes", "moved"}]}]}``
    """
    tk.check_access("tangerang_opd_journal_list", context, data_dict)
    condition = OpdJournal.id == data_dict["id"] if data_dict.get("id") else sa.true()
    count = sa.select(sa.func.count()).select_from(OpdJournal).where(condition)
    account: Any = model.User
    query = (
        sa.select(OpdJournal, account.name)
        .outerjoin(account, account.id == OpdJournal.user_id)
        .where(condition)
        .order_by(OpdJournal.position.desc())
    )
    rows = model.Session.execute(query.limit(data_dict["limit"]).offset(data_dict["offset"]))
    detailed = bool(data_dict.get("id"))
    return {
        "count": int(model.Session.execute(count).scalar_one()),
        "results": [_change(row, detailed=detailed, user=name) for row, name in rows],
    }
