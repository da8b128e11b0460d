"""The door of the desk: login in one step or two, and logout."""

from dataclasses import dataclass

from flask import Blueprint, Flask, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter.errors import RateLimitExceeded
from flask_login import logout_user
from itsdangerous import BadSignature, URLSafeTimedSerializer

from service.newsroom import Newsroom
from service.newsroom.errors import NewsroomError
from service.newsroom.staff.factors import WRONG_CODE_VI
from service.newsroom.staff.guessing import TooManyAttempts
from service.newsroom.values import Admission, Failures, Halfway
from service.web.auth import admit, here, limiter
from service.web.auth.carried import Carried
from service.web.auth.devices import devices, signer, visitor
from service.web.auth.login_form import code_form, login_form, next_path
from service.web.site import Site
from service.web.words import when

ATTEMPTS = "10 per minute"
WRONG = "Tên đăng nhập hoặc mật khẩu không đúng."
TOO_OFTEN = "Đăng nhập quá nhiều lần. Vui lòng chờ một phút rồi thử lại."
TOO_LATE = "Đã quá năm phút từ lúc nhập mật khẩu. Hãy đăng nhập lại từ đầu."
# Seconds from the password to the code.
TICKET_FOR_S = 300
FEW_CODES = 3


def register(app: Flask, newsroom: Newsroom, _site: Site) -> None:
    """Adds /desk/login, its second step, and /desk/logout."""
    door = Door(newsroom)
    pages = Blueprint("auth", __name__, url_prefix="/desk")
    pages.add_url_rule("/login", view_func=door.login, methods=["GET"])
    pages.add_url_rule("/login", view_func=door.enter, methods=["POST"])
    pages.add_url_rule("/login/code", view_func=door.enter_code, methods=["POST"])
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
            return code_form(_ticket(admission))
        return self._let_in(admission)

    def enter_code(self) -> ResponseReturnValue:
        """The second step: in with the right code, or its form again with the reason."""
        ticket = request.form.get("ticket", "")
        try:
            person_id, mark = _opened(ticket)
            admission = attempt_code(
                self.newsroom, person_id, mark, request.form.get("code", "")
            )
        except BadSignature:
            return login_form(error=TOO_LATE), 401
        except RateLimitExceeded:
            return code_form(ticket, TOO_OFTEN), 429, {"Retry-After": "60"}
        except TooManyAttempts as error:
            retry = {"Retry-After": str(error.seconds)}
            return code_form(ticket, error.message_vi), 429, retry
        if admission is None:
            return code_form(ticket, WRONG_CODE_VI), 401
        return self._let_in(admission)

    def _let_in(self, admission: Admission) -> ResponseReturnValue:
        """Begins the session, and tells what its owner should know."""
        admit(self.newsroom, admission)
        if admission.failures.count:
            flash(_failures_vi(admission.failures), "error")
        left = admission.paper_left
        if left is not None and left <= FEW_CODES:
            flash(f"Chỉ còn {left} mã dự phòng. Hãy in mã mới ở “Tài khoản của tôi”.")
        carried = Carried.of_login()
        if carried is not None and not admission.person.must_change:
            return carried.page()
        return redirect(next_path(), 303)

    def logout(self) -> ResponseReturnValue:
        """Out: the session's row goes, so its cookie opens nothing wherever it was copied to."""
        if (place := here()) is not None:
            self.newsroom.sessions.logout(place)
        logout_user()
        session.clear()
        flash("Đã đăng xuất.")
        return redirect(url_for("auth.login"), 303)


def _is_known_device() -> bool:
    return bool(devices())


@limiter.limit(ATTEMPTS, exempt_when=_is_known_device)
def attempt(newsroom: Newsroom, name: str, password: str) -> Admission | Halfway | None:
    """Lets in who comes with this name and password, or None; halfway who has a second factor.

    RateLimitExceeded when this address tries too fast, TooManyAttempts after too many wrong ones;
    NewsroomError when the password is right and too old.
    """
    return newsroom.sessions.enter(name, password, visitor())


@limiter.limit(ATTEMPTS, exempt_when=_is_known_device)
def attempt_code(
    newsroom: Newsroom, person_id: int, mark: str, code: str
) -> Admission | None:
    """Lets in who is halfway and shows the right code, or None; errors as of `attempt`."""
    return newsroom.sessions.second(person_id, mark, code, visitor())


def _ticket(halfway: Halfway) -> str:
    """That the password was right, in this moment: nothing is open to who holds it but the code."""
    return _tickets().dumps([halfway.person.id, halfway.mark])


def _opened(ticket: str) -> tuple[int, str]:
    """Whose password was right, and its mark; BadSignature for what we never signed, or long ago."""
    person_id, mark = _tickets().loads(ticket, TICKET_FOR_S)
    return int(person_id), str(mark)


def _tickets() -> URLSafeTimedSerializer:
    return signer("loa ticket")


def _failures_vi(failures: Failures) -> str:
    """What somebody is told who comes in after wrong passwords: it may have been another."""
    at = f", lần cuối {when(failures.at)}" if failures.at else ""
    return (
        f"Từ lần đăng nhập trước đã có {failures.count} lần thử sai từ {failures.address}{at}."
        " Nếu không phải anh chị thử, hãy đổi mật khẩu và báo người quản trị."
    )
