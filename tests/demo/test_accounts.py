"""The sample accounts and the private file that lists them."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import authz, model
from ckan.tests import factories

from ckanext.tangerang.demo import loader
from ckanext.tangerang.demo.accounts import TOKEN_NAME, make_accounts
from ckanext.tangerang.demo.loader import DemoError, load, remove

from .conftest import PLUGINS

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("portal", "few"),
]

NAMES = ["admin", "walidata", "produsen", "pembina", "pembaca"]


def quietly(_line: str) -> None:
    """Take a line of progress and do nothing with it."""


@pytest.fixture
def output(portal, few, tmp_path) -> Path:
    """Return a file to be written, on a portal with its organizations."""
    load(quietly)
    return tmp_path / "demo.json"


def read(path: Path) -> dict[str, Any]:
    """Return the accounts of the file."""
    return json.loads(path.read_text(encoding="utf-8"))["accounts"]


def tokens(name: str) -> list[str]:
    """Return the names of the tokens of an account."""
    user = model.User.get(name)
    assert user
    context = loader.operator_context()
    return [t["name"] for t in tk.get_action("api_token_list")(context, {"user_id": user.id})]


def test_accounts_have_their_roles(output: Path) -> None:
    content = make_accounts(output, quietly)
    assert content == json.loads(output.read_text(encoding="utf-8"))
    assert content["url"] == "http://test.ckan.net"
    assert list(content["accounts"]) == NAMES
    assert [name for name in NAMES if authz.is_sysadmin(name)] == ["admin"]
    roles = {
        (user, org): authz.users_role_for_group_or_org(org, user)
        for user in ("walidata", "produsen", "pembina")
        for org in ("diskominfo", "dinkes", "bps")
    }
    assert {key: role for key, role in roles.items() if role} == {
        ("walidata", "diskominfo"): "admin",
        ("produsen", "dinkes"): "editor",
        ("pembina", "bps"): "member",
    }


def test_passwords_and_tokens_work(output: Path, app) -> None:
    for name, entry in make_accounts(output, quietly)["accounts"].items():
        user = model.User.get(name)
        assert user
        assert user.validate_password(entry["password"])
        assert user.email == f"{name}@example.org"
        answer = app.get(
            "/api/3/action/user_show",
            query_string={"id": name},
            headers={"Authorization": entry["token"]},
        )
        assert answer.json["result"]["email"] == user.email


def test_file_is_private(output: Path) -> None:
    output.write_text("{}", encoding="utf-8")
    output.chmod(0o644)
    make_accounts(output, quietly)
    assert stat.S_IMODE(output.stat().st_mode) == 0o600
    assert [path.name for path in output.parent.iterdir() if path.name.startswith(".")] == []


def test_passwords_differ_between_accounts_and_portals(output: Path, tmp_path: Path) -> None:
    first = make_accounts(output, quietly)["accounts"]
    second = make_accounts(tmp_path / "other.json", quietly)["accounts"]
    secrets = [entry["password"] for entry in (*first.values(), *second.values())]
    assert len(set(secrets)) == len(secrets)
    assert min(map(len, secrets)) >= 16


def test_what_works_is_kept(output: Path) -> None:
    first = make_accounts(output, quietly)
    lines: list[str] = []
    assert make_accounts(output, lines.append) == first
    assert [line.split()[-1] for line in lines] == ["kept"] * 5
    assert tokens("produsen") == [TOKEN_NAME]


def test_a_changed_password_and_a_revoked_token_are_renewed(output: Path) -> None:
    first = make_accounts(output, quietly)["accounts"]
    context = loader.operator_context()
    tk.get_action("user_patch")(context, {"id": "produsen", "password": "changed by hand"})
    user = model.User.get("pembaca")
    assert user
    tk.get_action("api_token_revoke")(
        loader.operator_context(), {"token": first["pembaca"]["token"]}
    )
    second = make_accounts(output, quietly)["accounts"]
    assert second["produsen"]["password"] != first["produsen"]["password"]
    assert second["produsen"]["token"] == first["produsen"]["token"]
    assert second["pembaca"]["token"] != first["pembaca"]["token"]
    assert second["pembaca"]["password"] == first["pembaca"]["password"]
    assert second["admin"] == first["admin"]


@pytest.mark.parametrize("damage", ["", "[1]", '{"accounts": 3}', '{"accounts": {"admin": 1}}'])
def test_a_damaged_file_is_written_anew_and_old_tokens_end(output: Path, damage: str) -> None:
    first = make_accounts(output, quietly)["accounts"]
    output.write_text(damage, encoding="utf-8")
    second = make_accounts(output, quietly)["accounts"]
    assert read(output) == second
    assert second["admin"]["token"] != first["admin"]["token"]
    assert tokens("admin") == [TOKEN_NAME]


def test_a_deleted_account_comes_back(output: Path) -> None:
    make_accounts(output, quietly)
    tk.get_action("user_delete")(loader.operator_context(), {"id": "produsen"})
    entry = make_accounts(output, quietly)["accounts"]["produsen"]
    user = model.User.get("produsen")
    assert user
    assert user.is_active
    assert user.validate_password(entry["password"])
    assert authz.users_role_for_group_or_org("dinkes", "produsen") == "editor"


def test_a_wrong_role_is_set_right(output: Path) -> None:
    make_accounts(output, quietly)
    tk.get_action("organization_member_create")(
        loader.operator_context(), {"id": "dinkes", "username": "produsen", "role": "admin"}
    )
    make_accounts(output, quietly)
    assert authz.users_role_for_group_or_org("dinkes", "produsen") == "editor"


def test_accounts_of_others_are_not_touched(output: Path) -> None:
    theirs = factories.User(name="walidata", password="their password")
    with pytest.raises(DemoError, match="walidata exists already"):
        make_accounts(output, quietly)
    user = model.User.get(theirs["id"])
    assert user
    assert user.validate_password("their password")
    assert not output.exists()


def test_missing_organizations_say_what_to_run(portal, few, tmp_path: Path) -> None:
    with pytest.raises(DemoError, match="ckan tangerang demo load"):
        make_accounts(tmp_path / "demo.json", quietly)


def test_a_missing_folder_says_what_to_do(output: Path) -> None:
    with pytest.raises(DemoError, match="Make it first"):
        make_accounts(output.parent / "nowhere" / "demo.json", quietly)


def test_removal_does_not_stumble_over_sample_accounts(output: Path) -> None:
    make_accounts(output, quietly)
    report = remove(quietly)
    assert report.problems == []
    assert model.User.get("produsen")
    load(quietly)
    make_accounts(output, quietly)
    assert authz.users_role_for_group_or_org("dinkes", "produsen") == "editor"
