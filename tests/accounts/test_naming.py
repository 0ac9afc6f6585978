"""User names made from full names; roles by the names that people write."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.tangerang.accounts import roles
from ckanext.tangerang.accounts.naming import base_name, unique_name
from ckanext.tangerang.metadata.values import Problem


@pytest.mark.parametrize(
    ("full_name", "name"),
    [
        ("Siti Nurhaliza", "siti-nurhaliza"),
        ("dr. Hj. Siti Nur'aini, S.Kom., M.Si.", "siti-nuraini"),
        ("Drs. H. Ahmad Fauzi", "ahmad-fauzi"),
        ("Prof. Dr. Ir.", "akun-ir"),
        ("Suharto", "suharto"),
        ("José  Álvarez", "jose-alvarez"),
        ("Al", "akun-al"),
        ("Admin", "akun-admin"),
        ("New", "akun-new"),
        ("王小明", "akun"),
        ("<script>alert(1)</script>", "script-alert-1-script"),
        ("A" * 300, "a" * 60),
    ],
)
def test_names(full_name, name):
    assert base_name(full_name) == name


@given(st.text(max_size=200))
def test_every_name_is_one_that_ckan_takes(full_name):
    assert re.fullmatch(r"[a-z0-9-]{3,66}", base_name(full_name))


def test_nobody_gets_the_name_of_another():
    assert unique_name("budi", set()) == "budi"
    assert unique_name("budi", {"budi", "budi-2"}) == "budi-3"


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Admin OPD", "admin"),
        (" admin  opd ", "admin"),
        ("OPERATOR", "editor"),
        ("Pembaca OPD", "member"),
        ("editor", "editor"),
    ],
)
def test_roles(text, role):
    assert roles.read(text) == role


@pytest.mark.parametrize("text", ["", "sysadmin", "walidata", "admin opd!", 7, "x" * 5000])
def test_what_is_no_role(text):
    with pytest.raises(Problem):
        roles.read(text)
