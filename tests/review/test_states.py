"""The state machine: every state, verb and role, with every rule of the portal."""

from __future__ import annotations

import itertools

import pytest

from ckanext.tangerang.review import states as s
from ckanext.tangerang.review.states import Rules

OPD = {s.PRODUCER, s.OPD_ADMIN}
RULES = [Rules(a, b) for a in (False, True) for b in (False, True)]


def expected(verb, state, role, rules):  # noqa: C901, PLR0911, PLR0912 - a table
    """Return where a role alone gets to, None for nowhere: the table of docs/pemeriksaan.md."""
    if verb == s.SUBMIT and role in OPD:
        if state in {s.DRAFT, s.RETURNED, s.RETRACTED}:
            return s.OPD_CHECK if rules.opd_check and role == s.PRODUCER else s.HANDED_IN
        if state == s.OPD_CHECK and (role == s.OPD_ADMIN or not rules.opd_check):
            return s.HANDED_IN
    if verb == s.WITHDRAW and role in OPD and state in {s.OPD_CHECK, s.HANDED_IN, s.IN_REVIEW}:
        return s.DRAFT
    waits = state in {s.HANDED_IN, s.IN_REVIEW}
    if verb == s.CLAIM and role == s.WALIDATA and waits:
        return s.IN_REVIEW
    if verb == s.RETURN:
        if state == s.OPD_CHECK and role in {s.OPD_ADMIN, s.WALIDATA}:
            return s.RETURNED
        if waits and role == s.WALIDATA:
            return s.RETURNED
    if verb == s.PUBLISH:
        if waits and role == s.WALIDATA:
            return s.PUBLISHED
        if rules.opd_publishes and role in OPD and state in {s.DRAFT, s.RETURNED, s.RETRACTED}:
            return s.PUBLISHED
    if verb in {s.RETRACT, s.HIDE} and state in {s.PUBLISHED, s.CLOSED}:
        return s.RETRACTED if role == s.WALIDATA or (rules.opd_publishes and role in OPD) else None
    if verb == s.DIRECT and rules.opd_publishes and role in OPD:
        return s.PUBLISHED if state in {s.DRAFT, s.RETURNED, s.RETRACTED} else None
    if verb == s.REVISE and role in OPD and state in {s.PUBLISHED, s.CLOSED}:
        return state
    return None


def expected_of_revision(verb, state, role, rules):
    """Return the same of a revisi."""
    if verb in {s.RETRACT, s.HIDE, s.DIRECT, s.REVISE}:
        return None
    if verb == s.DISCARD and role in OPD and state in {s.DRAFT, s.RETURNED, s.RETRACTED}:
        return state
    return expected(verb, state, role, rules)


@pytest.mark.parametrize("revision", [False, True])
@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("role", [s.PRODUCER, s.OPD_ADMIN, s.WALIDATA, s.PEMBINA])
def test_every_way_of_every_role(role, rules, revision):
    table = expected_of_revision if revision else expected
    for verb, state in itertools.product(s.VERBS, s.STATES):
        target = table(verb, state, role, rules)
        if target is None:
            with pytest.raises((s.NotInState, s.NotForRole)):
                s.find(verb, state, {role}, rules, revision=revision)
        else:
            found = s.find(verb, state, {role}, rules, revision=revision)
            assert found.target == target, (verb, state)


@pytest.mark.parametrize("rules", RULES)
def test_a_sysadmin_may_what_anybody_may(rules):
    for verb, state in itertools.product(s.VERBS, s.STATES):
        ways = [w for w in s.transitions(rules) if (w.verb, w.source) == (verb, state)]
        for revision in (False, True):
            apart = s.OF_RECORDS if revision else s.OF_REVISIONS
            if ways and verb not in apart:
                assert s.find(verb, state, {s.SYSADMIN}, rules, revision=revision) in ways
            else:
                with pytest.raises(s.NotInState):
                    s.find(verb, state, {s.SYSADMIN}, rules, revision=revision)


@pytest.mark.parametrize("rules", RULES)
def test_nobody_without_a_role_may_anything(rules):
    assert [s.allowed(state, set(), rules) for state in s.STATES] == [[]] * len(s.STATES)


def test_who_is_refused_learns_whether_others_may():
    with pytest.raises(s.NotForRole):
        s.find(s.PUBLISH, s.HANDED_IN, OPD, Rules())
    with pytest.raises(s.NotInState):
        s.find(s.PUBLISH, s.DRAFT, {s.WALIDATA}, Rules())


@pytest.mark.parametrize("rules", RULES)
def test_no_state_is_a_trap(rules):
    """From each state a record can be published, without a sysadmin."""
    ways = [w for w in s.transitions(rules) if w.roles - {s.SYSADMIN}]
    for state in s.STATES:
        reached = {state}
        for _ in s.STATES:
            reached |= {w.target for w in ways if w.source in reached}
        assert s.PUBLISHED in reached, state


def test_only_approval_and_direct_publication_lead_to_public():
    for rules in RULES:
        ways = [w for w in s.transitions(rules) if w.target == s.PUBLISHED != w.source]
        verbs = {w.verb for w in ways}
        assert verbs == {s.PUBLISH, s.DIRECT}


def test_every_state_is_editable_waiting_or_approved():
    assert sorted(s.EDITABLE | s.WAITING | s.APPROVED) == sorted(s.STATES)
    assert not s.EDITABLE & s.WAITING
    assert not s.APPROVED & (s.EDITABLE | s.WAITING)
