"""The page where somebody sets a password by a one-time link.

Looking uses nothing up, so that neither a mail scanner nor a preview spends a link: the code comes
by POST, first to see whose account it opens, then with the password.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Blueprint, Response, request
from sqlalchemy.exc import IntegrityError

from ...pages import forbid_keeping, is_our_form
from .. import audit, links

tangerang_accounts_password = Blueprint("tangerang_accounts_password", __name__, url_prefix="/akun")


@tangerang_accounts_password.after_request
def keep_secret(response: Response) -> Response:
    """Let nothing keep a page, and no address learn of it."""
    forbid_keeping(response)
    response.headers["X-Robots-Tag"] = "noindex"
    if tk.current_user.is_anonymous:
        # Those who are logged in see no code, and their forms need the referrer (CSRF).
        response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _page(**data: Any) -> str:
    """Return the page."""
    return tk.render(
        "tangerang/akun/password.html", {"account": None, "code": "", "problems": [], **data}
    )


def _dead() -> str:
    """Return the page for a code that opens nothing; it does not say why."""
    return _page(
        problems=[
            tk._(
                "This code can not be used: it was used already, it is too old, a newer one was "
                "made, or it was not copied completely. Ask your Admin OPD or the walidata for a "
                "new one."
            )
        ]
    )


def _password_problems(form: dict[str, str]) -> list[str]:
    """Return what is wrong with a new password, by the rules of CKAN."""
    v = tk.get_validator
    checks: Any = {
        "password1": [
            v("user_both_passwords_entered"),
            v("user_password_validator"),
            v("user_passwords_match"),
        ],
        "password2": [v("user_password_validator")],
        # Where CKAN's validators leave their messages.
        "password": [v("ignore_missing")],
    }
    _data, errors = tk.navl_validate(form, checks, tk.fresh_context({}))
    found = [str(text) for texts in errors.values() for text in texts]
    return list(dict.fromkeys(found))


def _set(code: str) -> Any:
    """Set the password of the account that a code opens."""
    account = links.account_of(code)
    if account is None:
        return _dead()
    form = {name: request.form.get(name, "") for name in ("password1", "password2")}
    problems = _password_problems(form)
    if problems:
        return _page(account=account, code=code, problems=problems)
    account = links.use(code, form["password1"])
    if account is None:
        model.Session.rollback()
        return _dead()
    name = account.name
    audit.note({"user": name}, account, audit.PASSWORD)
    try:
        model.Session.commit()
    except IntegrityError:
        # Addresses are unique among accounts in use, and this one was not in use.
        model.Session.rollback()
        return _page(
            problems=[
                tk._("Another account has your e-mail address. Ask the walidata to change it.")
            ]
        )
    tk.h.flash_success(
        tk._("Your password is set. Log in with the user name {name}.").format(name=name)
    )
    return tk.redirect_to("user.login")


@tangerang_accounts_password.route("/sandi", methods=["GET", "POST"])
def password() -> Any:
    """Ask for the code, then for the password; set it."""
    if request.method == "GET" or tk.current_user.is_authenticated:
        return _page()
    code = request.form.get("code", "")[:200]
    if not is_our_form():
        return _page(
            code=code, problems=[tk._("This page was open for too long. Send it once more.")]
        )
    if request.form.get("step") == "password":
        return _set(code)
    account = links.account_of(code)
    return _page(account=account, code=code) if account else _dead()
