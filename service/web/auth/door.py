"""The door of the desk: login in one step or two, and logout."""

from dataclasses import dataclass
from functools import partial

from flask import Blueprint, Flask, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter.errors import RateLimitExceeded
from flask_login import logout_user
from itsdangerous import BadSignature

from service.newsroom import Newsroom
from service.newsroom.errors import NewsroomError
from service.newsroom.staff.factors import WRONG_CODE_VI
from service.newsroom.staff.guessing import TooManyAttempts
from service.newsroom.values import Admission, Halfway
from service.web.auth import here, limiter
from service.web.auth.devices import visitor
from service.web.auth.halfway import (
    ATTEMPTS,
    TOO_LATE,
    TOO_OFTEN,
    is_known_device,
    let_in,
    opened,
    second_step,
    ticket_of,
)
from service.web.auth.login_form import login_form, next_path
from service.web.auth.passkey_door import PasskeyLogin
from service.web.site import Site

WRONG = "Tên đăng nhập hoặc mật khẩu không đúng."


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds /desk/login, its second step, the ways in by a passkey, and /desk/logout."""
    door = Door(newsroom)
    pages = Blueprint("auth", __name__, url_prefix="/desk")
    pages.add_url_rule("/login", view_func=door.login, methods=["GET"])
    pages.add_url_rule("/login", view_func=door.enter, methods=["POST"])
    pages.add_url_rule("/login/code", view_func=door.enter_code, methods=["POST"])
    keys = PasskeyLogin(newsroom, site)
    pages.add_url_rule("/login/passkey.json", view_func=keys.ask, methods=["POST"])
    pages.add_url_rule("/login/passkey", view_func=keys.enter_by_key, methods=["POST"])
    pages.add_url_rule("/logout", view_func=door.logout, methods=["POST"])
    app.register_blueprint(pages)


@dataclass(frozen=True)
class Door:
    """What the addresses of the login answer."""

    newsroom: Newsroom

    def login(self) -> ResponseReturnValue:
        """The form, for who is not in yet."""
        return redirect(next_path(), 303) if here() is not None else login_form()

    def enter(self) -> ResponseReturnValue:
        """In, or the form again with the reason.

        Who is in hears of wrong passwords since the last time.
        """
        name = request.form.get("name", "")
        try:
            admission = attempt(self.newsroom, name, request.form.get("password", ""))
        except RateLimitExceeded:
            return login_form(name, TOO_OFTEN), 429, {"Retry-After": "60"}
        except TooManyAttempts as error:
            return (
                login_form(name, error.message_vi),
                429,
                {"Retry-After": str(error.seconds)},
            )
        except NewsroomError as error:
            return login_form(name, error.message_vi), 401
        if admission is None:
            return login_form(name, WRONG), 401
        if isinstance(admission, Halfway):
            return second_step(self.newsroom, ticket_of(admission))
        return let_in(self.newsroom, admission)

    def enter_code(self) -> ResponseReturnValue:
        """The second step: in with the right code, or its form again with the reason."""
        ticket = request.form.get("ticket", "")
        form = partial(second_step, self.newsroom, ticket)
        try:
            admission = attempt_code(
                self.newsroom, *opened(ticket), request.form.get("code", "")
            )
        except BadSignature:
            return login_form(error=TOO_LATE), 401
        except RateLimitExceeded:
            return form(TOO_OFTEN), 429, {"Retry-After": "60"}
        except TooManyAttempts as error:
            return form(error.message_vi), 429, {"Retry-After": str(error.seconds)}
        if admission is None:
            return form(WRONG_CODE_VI), 401
        return let_in(self.newsroom, admission)

    def logout(self) -> ResponseReturnValue:
        """Out: the session's row goes, so its cookie opens nothing wherever it was copied to."""
        if (place := here()) is not None:
            self.newsroom.sessions.logout(place)
        logout_user()
        session.clear()
        flash("Đã đăng xuất.")
        return redirect(url_for("auth.login"), 303)


@limiter.limit(ATTEMPTS, exempt_when=is_known_device)
def attempt(newsroom: Newsroom, name: str, password: str) -> Admission | Halfway | None:
    """Lets in who comes with this name and password, or None; halfway who has a second factor.

    RateLimitExceeded when this address tries too fast, TooManyAttempts after too many wrong ones;
    NewsroomError when the password is right and too old.
    """
    return newsroom.sessions.enter(name, password, visitor())


@limiter.limit(ATTEMPTS, exempt_when=is_known_device)
def attempt_code(
    newsroom: Newsroom, person_id: int, mark: str, code: str
) -> Admission | None:
    """Lets in who is halfway and shows the right code, or None; errors as of `attempt`."""
    return newsroom.sessions.second(person_id, mark, code, visitor())
