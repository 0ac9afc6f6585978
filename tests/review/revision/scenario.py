"""A published record with a prepared next version, and a look at all places where a version is.

Used by the tests and by the script that the tests kill.
"""

from __future__ import annotations

import io
import uuid

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.search import query_for
from ckanext.datastore.backend.postgres import get_write_engine
from werkzeug.datastructures import FileStorage

from ckanext.tangerang.review import grants, store
from ckanext.tangerang.review.revision import staging
from ckanext.tangerang.review.revision.switch import FileChange, Switch

#: What the old and the new version say, in every place.
OLD, NEW = "lama", "baru"


def call(name, user, /, **data):
    """Call an action as a user."""
    return tk.get_action(name)({"user": user}, data)


def upload(text, name="tabel.csv"):
    """Return a file as a form sends it."""
    return FileStorage(io.BytesIO(text.encode()), name, name, "text/csv")


def add_file(user, package_id, word, *, columns=("versi",), rows=3, alias=None):
    """Add a file with its table and a view to a record, all of which say a word."""
    resource = call(
        "resource_create",
        user,
        package_id=package_id,
        name=f"Tabel {word}",
        format="CSV",
        upload=upload(f"versi\n{word}\n"),
        url="tabel.csv",
    )
    tk.get_action("datastore_create")(
        {"user": user, "ignore_auth": True},
        {
            "resource_id": resource["id"],
            "force": True,
            "fields": [{"id": name, "type": "text", "info": {"label": word}} for name in columns],
            "records": [dict.fromkeys(columns, word) for _ in range(rows)],
            "aliases": alias or [],
            "calculate_record_count": True,
        },
    )
    call(
        "resource_view_create", user, resource_id=resource["id"], view_type="text_view", title=word
    )
    return resource["id"]


def make_shadow(user, record, word=NEW):
    """Make what holds the next version: its own dataset, with a replaced and a new file."""
    shadow = call(
        "package_create",
        user,
        name=str(uuid.uuid4()),
        title=f"Puskesmas {word}",
        owner_org=record["owner_org"],
        private=True,
    )
    replaced = add_file(user, shadow["id"], word, columns=("versi", "tambahan"))
    added = add_file(user, shadow["id"], word, alias=f"alias-{uuid.uuid4().hex[:8]}")
    return shadow["id"], replaced, added


def changes_of(record, replaced, added, final):
    """Return the changes: the first file is replaced, the second removed, a new one comes."""
    first, second = (entry["id"] for entry in record["resources"][:2])
    return [
        FileChange(first, replaced, "replaced"),
        FileChange(second, None, "removed"),
        FileChange(final, added, "new"),
    ]


def prepare_next(revised, word=None):
    """Make the next version again, of the record as it is now."""
    revised.round += 1
    revised.word = word or f"versi {revised.round}"
    revised.record = call("package_show", revised.user, id=revised.id)
    revised.first, revised.second = (entry["id"] for entry in revised.record["resources"][:2])
    revised.shadow, revised.replaced, revised.added = make_shadow(
        revised.user, revised.record, revised.word
    )
    revised.final = str(uuid.uuid4())
    revised.all = (revised.first, revised.second, revised.final)
    revised.changes = changes_of(revised.record, revised.replaced, revised.added, revised.final)


def saver(user, record_id, changes, word=NEW):
    """Return what saves the record with the next version's words, without a commit."""

    def save():
        current = tk.get_action("package_show")(
            {"ignore_auth": True, "use_cache": False}, {"id": record_id}
        )
        gone = {one.resource_id for one in changes if one.kind == "removed"}
        kept = [entry for entry in current["resources"] if entry["id"] not in gone]
        for entry in kept:
            entry["name"] = f"Tabel {word}"
        kept += [
            {
                "id": one.resource_id,
                "name": f"Tabel {word}",
                "url": "tabel.csv",
                "url_type": "upload",
                "format": "CSV",
            }
            for one in changes
            if one.kind == "new"
        ]
        with grants.publishing(record_id):
            tk.get_action("package_update")(
                {"user": user, "defer_commit": True, "return_id_only": True},
                {**current, "title": f"Puskesmas {word}", "resources": kept},
            )

    return save


def approve(user, record_id, shadow_id, changes, word=NEW):
    """Switch a record, as the action that approves does."""
    made = Switch.prepare(record_id, shadow_id, changes, None)
    store.lock(record_id)
    made.commit(saver(user, record_id, changes, word))


def table(name):
    """Return columns, values and labels of a table; None if there is none."""
    with get_write_engine().connect() as connection:
        if not connection.scalar(
            sa.text("SELECT to_regclass(:name)"), {"name": f'public."{name}"'}
        ):
            return None
        found = sa.select(sa.text("*")).select_from(sa.table(name)).order_by(sa.text("_id"))
        rows = connection.execute(found).mappings()
        return [{key: value for key, value in row.items() if key[0] != "_"} for row in rows]


def content(resource_id):
    """Return the text of a stored file; None if there is none."""
    found = staging.stored()
    if not found.exists(resource_id):
        return None
    return found._path(resource_id).read_text(encoding="utf-8")


def look(record_id, resource_ids):
    """Return what every place says about a record and its files."""
    model.Session.rollback()
    model.Session.expire_all()
    shown = tk.get_action("package_show")(
        {"ignore_auth": True, "use_cache": False}, {"id": record_id}
    )
    [indexed] = query_for("package").run({"q": f"id:{record_id}", "fl": "title,res_name"})[
        "results"
    ]
    views = model.Session.query(model.ResourceView).filter(
        model.ResourceView.resource_id.in_(resource_ids)
    )
    return {
        "title": shown["title"],
        "files": [(entry["id"], entry["name"]) for entry in shown["resources"]],
        "active": [entry.get("datastore_active") for entry in shown["resources"]],
        "index": (indexed["title"], indexed["res_name"]),
        "content": {key: content(key) for key in resource_ids},
        "tables": {key: table(key) for key in resource_ids},
        "views": sorted((view.id, view.resource_id, view.title) for view in views),
    }


def remains():
    """Return what is left of stagings in the DataStore."""
    with get_write_engine().connect() as connection:
        return list(
            connection.scalars(
                sa.text("SELECT relname FROM pg_class WHERE relname LIKE '\\_tgr\\_%'")
            )
        )


def empty_datastore():
    """Drop all tables, and with them aliases, of the DataStore."""
    with get_write_engine().begin() as connection:
        names = connection.scalars(
            sa.text(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                " AND tablename <> '_table_stats'"
            )
        )
        for name in list(names):
            connection.execute(sa.text(f'DROP TABLE "{name}" CASCADE'))
