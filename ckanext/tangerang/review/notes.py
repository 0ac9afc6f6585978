"""Notes on records: which kinds there are, and how they are read and written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from ckan import model

from .model import ReviewNote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# What a note is.
CHECK: Final = "catatan"
COMMENT: Final = "komentar"
RECOMMENDATION: Final = "rekomendasi"

# How much it matters: a record is not handed in again as long as a required one is open.
REQUIRED: Final = "wajib"
ADVICE: Final = "saran"
SEVERITIES: Final = (REQUIRED, ADVICE)

# What the pembina data says.
VERDICTS: Final = ("layak", "belum_layak")

# What became of it.
OPEN: Final = "open"
ANSWERED: Final = "answered"
SETTLED: Final = "settled"


def add(package_id: str, user_id: str | None, kind: str, values: Mapping[str, Any]) -> ReviewNote:
    """Write a note."""
    note = ReviewNote(
        package_id=package_id,
        user_id=user_id,
        kind=kind,
        field=values.get("field") or "",
        row=values.get("row"),
        resource_id=values.get("resource_id") or "",
        column=values.get("column") or "",
        severity=values.get("severity") or ADVICE,
        text=values["text"],
        verdict=values.get("verdict") or "",
        # Nobody has to answer what is no note of a check.
        status=OPEN if kind == CHECK else SETTLED,
        answers=[],
    )
    model.Session.add(note)
    model.Session.flush()
    return note


def of_record(package_id: str) -> list[ReviewNote]:
    """Return the notes of a record, the newest last."""
    query = model.Session.query(ReviewNote).filter_by(package_id=package_id)
    return query.order_by(cast("Any", ReviewNote).position).all()


def unanswered(package_id: str) -> list[ReviewNote]:
    """Return the required notes of a record that nobody has answered."""
    return [
        note for note in of_record(package_id) if note.status == OPEN and note.severity == REQUIRED
    ]


def settle(found: Iterable[ReviewNote]) -> None:
    """Mark notes as settled."""
    for note in found:
        note.status = SETTLED


def shown(note: ReviewNote, names: Mapping[str, str]) -> dict[str, Any]:
    """Return a note as the actions show it.

    :param names: of users, by id
    """
    return {
        "id": note.id,
        "kind": note.kind,
        "field": note.field,
        "row": note.row,
        "resource_id": note.resource_id,
        "column": note.column,
        "severity": note.severity,
        "text": note.text,
        "verdict": note.verdict or None,
        "status": note.status,
        "user": names.get(note.user_id or ""),
        "created": note.created.isoformat(),
        "revision": note.revision_id,
        "answers": [
            {
                "user": names.get(answer["user_id"] or ""),
                "text": answer["text"],
                "created": answer["created"],
            }
            for answer in note.answers
        ],
    }
