"""The form of the login, wherever it is shown, and where it leads."""

import re

from flask import render_template, request, url_for

from service.web.auth.carried import Carried

# Browsers take "//host" and "/\\host" for another site, and skip tabs and line ends.
OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def login_form(name: str = "", error: str = "") -> str:
    """The form; what was typed when a login ended goes along."""
    carried = Carried.of_request() or Carried.of_login()
    return render_template(
        "desk/login.html", name=name, error=error, next=next_path(), carried=carried
    )


def code_form(
    ticket: str, error: str = "", *, has_phone: bool, has_passkeys: bool
) -> str:
    """The second step: the code or the passkey of who gave the right password, as the signed ticket
    says.
    """
    return render_template(
        "desk/code.html",
        ticket=ticket,
        error=error,
        has_phone=has_phone,
        has_passkeys=has_passkeys,
        next=next_path(),
        carried=Carried.of_login(),
    )


def next_path() -> str:
    """Where to after the login: a path of this site, never an address elsewhere."""
    path = request.values.get("next", "")
    return path if OWN_PATH.fullmatch(path) else url_for("desk.episodes")
