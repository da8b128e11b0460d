"""The door for passkeys: without a password, and as its second step."""

import secrets
from dataclasses import dataclass

from flask import request, session
from flask.typing import ResponseReturnValue
from flask_limiter.errors import RateLimitExceeded
from itsdangerous import BadSignature

from service.newsroom import Newsroom
from service.newsroom.errors import Conflict, NewsroomError
from service.newsroom.staff.guessing import TooManyAttempts
from service.newsroom.staff.passkey_door import Caller
from service.newsroom.values import Admission
from service.newsroom.values.passkeys import Realm
from service.web.auth import limiter
from service.web.auth.devices import visitor
from service.web.auth.halfway import (
    ATTEMPTS,
    TOO_LATE,
    TOO_OFTEN,
    is_known_device,
    let_in,
    opened,
    second_step,
)
from service.web.auth.login_form import login_form
from service.web.site import Site

# Questions write a row each, so they are bounded for everybody.
QUESTIONS = "30 per minute"
# In the cookie of a browser that is not logged in yet: whose question it was.
HOLDER = "passkey"
WRONG_KEY = (
    "Khóa truy cập này không mở được. Hãy thử lại, hoặc đăng nhập bằng mật khẩu."
)


@dataclass(frozen=True)
class PasskeyLogin:
    """What the addresses of a login by passkey answer."""

    newsroom: Newsroom
    site: Site

    def ask(self) -> ResponseReturnValue:
        """What the browser is to sign; of who gave the password, by one of their passkeys."""
        try:
            return ask(self.newsroom, self._caller(), request.form.get("ticket", ""))
        except RateLimitExceeded:
            return {"error": TOO_OFTEN}, 429, {"Retry-After": "60"}
        except BadSignature:
            return {"error": TOO_LATE}, 401
        except NewsroomError as error:
            return {"error": error.message_vi}, 422

    def enter_by_key(self) -> ResponseReturnValue:
        """In, or the form again with the reason: that of the second step, for who came to it."""
        form = request.form
        ticket, answer = form.get("ticket", ""), form.get("answer", "")
        try:
            admission = attempt(self.newsroom, self._caller(), ticket, answer)
        except BadSignature:
            return login_form(error=TOO_LATE), 401
        except RateLimitExceeded:
            return self._form(ticket, TOO_OFTEN), 429, {"Retry-After": "60"}
        except TooManyAttempts as error:
            retry = {"Retry-After": str(error.seconds)}
            return self._form(ticket, error.message_vi), 429, retry
        except NewsroomError as error:
            return self._form(ticket, error.message_vi), 401
        if admission is None:
            return self._form(ticket, WRONG_KEY), 401
        return let_in(self.newsroom, admission)

    def _form(self, ticket: str, error: str) -> str:
        if not ticket:
            return login_form(error=error)
        return second_step(self.newsroom, ticket, error)

    def _caller(self) -> Caller:
        holder = session.setdefault(HOLDER, secrets.token_urlsafe(16))
        return Caller(realm_of(self.site), f"browser {holder}", visitor())


@limiter.limit(QUESTIONS)
def ask(newsroom: Newsroom, caller: Caller, ticket: str) -> dict[str, object]:
    """What a browser is to sign. RateLimitExceeded, BadSignature for the ticket, NewsroomError."""
    if not ticket:
        return newsroom.passkey_door.ask_anybody(caller)
    person_id, _ = opened(ticket)
    return newsroom.passkey_door.ask_second(caller, person_id)


@limiter.limit(ATTEMPTS, exempt_when=is_known_device)
def attempt(
    newsroom: Newsroom, caller: Caller, ticket: str, answer: str
) -> Admission | None:
    """Lets in whose passkey signed; errors as of `ask`, TooManyAttempts after wrong ones."""
    if not ticket:
        return newsroom.passkey_door.enter(caller, answer)
    return newsroom.passkey_door.second(caller, opened(ticket), answer)


def realm_of(site: Site) -> Realm:
    """Where passkeys are good; Conflict when no browser makes any for this installation."""
    if site.passkeys is None:
        raise Conflict(
            f"browsers make no passkeys for {site.public_url}: set LOA_PUBLIC_URL to a name with"
            " https, or to localhost",
            f"Khóa truy cập cần trang có tên miền và bảo mật (https); địa chỉ {site.public_url} thì"
            " chưa được. Người quản trị đặt LOA_PUBLIC_URL.",
            "passkey",
        )
    return site.passkeys
