"""The states of a record between draft and publication, and who may move it: no CKAN in here.

After Perpres 39/2019: the produsen data prepares and hands in, the walidata checks and publishes,
the pembina data advises and decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# States. The words are stored, and what the API says.
DRAFT: Final = "draf"
HANDED_IN: Final = "diajukan"
OPD_CHECK: Final = "diperiksa_opd"
IN_REVIEW: Final = "diperiksa"
RETURNED: Final = "revisi_diminta"
PUBLISHED: Final = "terbit"
RETRACTED: Final = "ditarik"
CLOSED: Final = "disetujui_tertutup"

STATES: Final = (
    *(DRAFT, OPD_CHECK, HANDED_IN, IN_REVIEW),
    *(RETURNED, PUBLISHED, RETRACTED, CLOSED),
)

#: The OPD may change the record.
EDITABLE: Final = frozenset({DRAFT, RETURNED, RETRACTED})
#: Somebody has to decide; the content is frozen.
WAITING: Final = frozenset({OPD_CHECK, HANDED_IN, IN_REVIEW})
#: The walidata has to decide.
WALIDATA_WAITING: Final = frozenset({HANDED_IN, IN_REVIEW})
#: Approved: only by a revisi, or the walidata, does the content change.
APPROVED: Final = frozenset({PUBLISHED, CLOSED})
#: What the pembina data sees of records that are not public.
HANDED_OVER: Final = frozenset({HANDED_IN, IN_REVIEW, RETURNED})

# Roles.
PRODUCER: Final = "produsen"
OPD_ADMIN: Final = "admin_opd"
WALIDATA: Final = "walidata"
PEMBINA: Final = "pembina"
SYSADMIN: Final = "sysadmin"
ROLES: Final = (PRODUCER, OPD_ADMIN, WALIDATA, PEMBINA, SYSADMIN)

# What moves a record.
SUBMIT: Final = "ajukan"
WITHDRAW: Final = "batal_ajukan"
CLAIM: Final = "ambil"
RETURN: Final = "kembalikan"
PUBLISH: Final = "terbitkan"
RETRACT: Final = "tarik"
#: Made public past the review, by who may: recorded as that.
DIRECT: Final = "terbit_langsung"
#: Hidden or deleted by an ordinary save, by who may: recorded as that.
HIDE: Final = "disembunyikan"
#: Opens the revisi of a record.
REVISE: Final = "buka_revisi"
#: Gives a revisi up.
DISCARD: Final = "batal_revisi"
VERBS: Final = (
    *(SUBMIT, WITHDRAW, CLAIM, RETURN, PUBLISH, RETRACT, DIRECT, HIDE),
    *(REVISE, DISCARD),
)
#: What is done with records alone, and with their working copies alone.
OF_RECORDS: Final = frozenset({RETRACT, DIRECT, HIDE, REVISE})
OF_REVISIONS: Final = frozenset({DISCARD})

# What is recorded without moving a record.
#: The plugin found it public when its tables were made, or it was switched on.
ADOPT: Final = "sudah_terbit"
#: The walidata approved a revisi: it is what the record says now.
REVISED: Final = "revisi_terbit"
#: The content of a public record changed past the review.
CHANGE: Final = "diubah_langsung"
#: What a link of a public record leads to has changed.
TARGET_CHANGED: Final = "target_changed"
SCHEDULE: Final = "jadwalkan"
UNSCHEDULE: Final = "batal_jadwal"
UNSCHEDULE_FAILED: Final = "jadwal_gagal"
#: Somebody said something: a remark, the advice of the pembina data, the answer to a note.
COMMENT: Final = "komentar"
ADVISE: Final = "rekomendasi"
ANSWER: Final = "jawab_catatan"
#: What changed in public without a check.
UNCHECKED: Final = (CHANGE, TARGET_CHANGED, DIRECT)
RECORDED: Final = (
    *(ADOPT, REVISED, CHANGE, TARGET_CHANGED, SCHEDULE, UNSCHEDULE, UNSCHEDULE_FAILED),
    *(COMMENT, ADVISE, ANSWER),
)


class NotInState(Exception):  # noqa: N818 - says what it is
    """Nobody may do this in the state that the record has."""


class NotForRole(Exception):  # noqa: N818
    """Others may do this; the user may not."""


@dataclass(frozen=True)
class Rules:
    """What a portal decides by configuration."""

    #: The Admin OPD looks first.
    opd_check: bool = False
    #: The OPD publishes by itself.
    opd_publishes: bool = False


@dataclass(frozen=True)
class Transition:
    """One way from a state to another."""

    verb: str
    source: str
    target: str
    roles: frozenset[str]


_OPD = frozenset({PRODUCER, OPD_ADMIN})


def transitions(rules: Rules) -> Iterator[Transition]:
    """Yield all ways that a portal allows; a sysadmin has every role."""
    for source in sorted(EDITABLE):
        if rules.opd_check:
            # The more specific first: an Admin OPD who hands in has checked.
            yield Transition(SUBMIT, source, HANDED_IN, frozenset({OPD_ADMIN}))
            yield Transition(SUBMIT, source, OPD_CHECK, frozenset({PRODUCER}))
        else:
            yield Transition(SUBMIT, source, HANDED_IN, _OPD)
        if rules.opd_publishes:
            yield Transition(PUBLISH, source, PUBLISHED, _OPD)
        yield Transition(DISCARD, source, source, _OPD)
    # Where the first check was switched off meanwhile, nothing must be stuck in it.
    yield Transition(
        SUBMIT, OPD_CHECK, HANDED_IN, frozenset({OPD_ADMIN}) if rules.opd_check else _OPD
    )
    for source in sorted(WAITING):
        yield Transition(WITHDRAW, source, DRAFT, _OPD)
    yield Transition(RETURN, OPD_CHECK, RETURNED, frozenset({OPD_ADMIN, WALIDATA}))
    for source in sorted(WALIDATA_WAITING):
        # One who takes over claims what another has claimed.
        yield Transition(CLAIM, source, IN_REVIEW, frozenset({WALIDATA}))
        yield Transition(RETURN, source, RETURNED, frozenset({WALIDATA}))
        yield Transition(PUBLISH, source, PUBLISHED, frozenset({WALIDATA}))
    retracting = frozenset({WALIDATA}) | (_OPD if rules.opd_publishes else frozenset())
    for source in sorted(APPROVED):
        yield Transition(RETRACT, source, RETRACTED, retracting)
        yield Transition(HIDE, source, RETRACTED, retracting)
        # The record itself stays where it is.
        yield Transition(REVISE, source, source, _OPD)
    for source in STATES:
        if source != PUBLISHED:
            roles = frozenset({SYSADMIN}) | (
                _OPD if rules.opd_publishes and source in EDITABLE else frozenset()
            )
            yield Transition(DIRECT, source, PUBLISHED, roles)


def find(
    verb: str, state: str, roles: Collection[str], rules: Rules, *, revision: bool = False
) -> Transition:
    """Return the way that a user may go.

    :param verb: what the user wants
    :param state: of the record
    :param roles: of the user, about this record
    :param revision: the record is the working copy of another
    :raises NotInState: when nobody may do that in this state
    :raises NotForRole: when others may
    """
    possible = [way for way in transitions(rules) if (way.verb, way.source) == (verb, state)]
    if not possible or verb in (OF_RECORDS if revision else OF_REVISIONS):
        raise NotInState(verb, state)
    for way in possible:
        if SYSADMIN in roles or way.roles & set(roles):
            return way
    raise NotForRole(verb, state)


def allowed(
    state: str, roles: Collection[str], rules: Rules, *, revision: bool = False
) -> list[str]:
    """Return what a user may do with a record, in the order of the work.

    :param revision: the record is the working copy of another
    """
    out: list[str] = []
    for verb in VERBS:
        try:
            find(verb, state, roles, rules, revision=revision)
        except (NotInState, NotForRole):
            continue
        out.append(verb)
    return out
