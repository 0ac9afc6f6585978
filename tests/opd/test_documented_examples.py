"""What the page on the API of the registry shows is what the API takes and answers."""

from __future__ import annotations

import json
import re
import shlex
from urllib.parse import parse_qsl, urlsplit

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.tangerang.opd import names
from ckanext.tangerang.opd.registry import FormerName
from stack.layout import REPOSITORY

from .people import PLUGINS

pytestmark = pytest.mark.ckan_config("ckan.plugins", PLUGINS)

PAGE = (REPOSITORY / "docs" / "en" / "opd-api.md").read_text(encoding="utf-8")
#: The parts of the page that are tried here, in their order: each builds on the ones before.
PARTS = (
    "Reading",
    "Aliases",
    "Resolving names",
    "Naming the OPD of a dataset",
    "Renamed OPD",
    "OPD that have ended",
    "An OPD with all units below it",
)


def examples(part):
    """Return the calls of a part of the page with their answers."""
    (text,) = re.findall(rf"^## {part}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    return re.findall(r"```console\n(curl .*?)```\s+```json\n(.*?)```", text, re.DOTALL)


def answer(portal, command):
    """Return what the API answers to a ``curl`` command: the result, or the errors."""
    words = shlex.split(command.replace("\\\n", " "))
    address = urlsplit(next(word for word in words if word.startswith("https://")))
    sent = dict(parse_qsl(address.query))
    if "-d" in words:
        sent = json.loads(words[words.index("-d") + 1])
    role = "walidata" if any("$TOKEN" in word for word in words) else "anonymous"
    try:
        return portal.act(role, address.path.rsplit("/", 1)[1], **sent)
    except tk.ValidationError as error:
        return error.error_dict


def as_shown(actual, expected):
    """Return an answer with what the page leaves out taken out."""
    if expected == "…":
        return "…"
    if isinstance(expected, dict):
        return {key: as_shown(actual[key], value) for key, value in expected.items()}
    if isinstance(expected, list) and len(actual) == len(expected):
        return [as_shown(one, other) for one, other in zip(actual, expected, strict=True)]
    return actual


@pytest.fixture
def registry(portal):
    """Return a portal with the registry that the page speaks of."""
    more = {"jenis_opd": "dinas", "peran_sdi": "produsen_data", "berlaku_dari": "1990"}
    portal.act("sysadmin", "organization_patch", id="dinkes", **more)
    old = FormerName("diskes", "Dinas Kesehatan Rakyat", "DKR", "1990", "2008", "Perda 1/2008")
    names.record_change(portal.dinkes["id"], old)
    below = factories.Organization(name="puskesmas", groups=[{"name": "dinkes"}])
    portal.act("walidata", "tangerang_opd_alias_create", id="dinkes", alias="Dinas Sehat")
    factories.Organization(
        name="dkk",
        title="Dinas Kebersihan",
        singkatan="DKK",
        berlaku_dari="2001",
        berlaku_sampai="2016",
        cara_berakhir="digabung",
        pengganti=["dinkes"],
        users=[{"name": portal.users["walidata"]["name"], "capacity": "editor"}],
    )
    factories.Dataset(name="data-dinkes", owner_org=portal.dinkes["id"])
    factories.Dataset(name="data-puskesmas", owner_org=below["id"])
    return portal


@pytest.mark.parametrize("part", PARTS)
def test_each_call_is_answered_as_shown(registry, part):
    found = examples(part)
    assert found
    for command, text in found:
        expected = json.loads(text)
        assert as_shown(answer(registry, command), expected) == expected, command


def test_a_list_shows_all_fields(registry):
    command, text = examples("Reading")[0]
    assert list(answer(registry, command)[0]) == list(json.loads(text)[0])
    assert call_action("tangerang_opd_show", id="dkk").keys() > json.loads(text)[0].keys()
