"""Who may come to the desk: logins, sessions, and what each role may do."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFError, CSRFProtect

from service.newsroom import Newsroom
from service.newsroom.values import Key, Person, Role
from service.web.site import COUNTED_HERE, Site

SESSION = timedelta(hours=12)
ATTEMPTS = "10 per minute"
PATIENCE_S = 1  # with the counters; without them each process counts for itself until they are back
RANK = tuple(Role)
WRONG = "Tên đăng nhập hoặc mật khẩu không đúng."
TOO_OFTEN = "Đăng nhập quá nhiều lần. Vui lòng chờ một phút rồi thử lại."
TOO_OLD = "Trang này đã mở quá lâu hoặc phiên đăng nhập đã hết. Hãy quay lại, tải lại trang rồi gửi lần nữa."

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, key_prefix="loa", in_memory_fallback_enabled=True)

View = Callable[..., ResponseReturnValue]


@dataclass(frozen=True, slots=True)
class Insider:
    """A person whose login was checked, as flask-login wants to see one."""

    person: Person
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """What the session remembers: who it is, and by which password they came in."""
        return f"{self.person.id}.{self.person.mark}"


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds login, logout, sessions and the protection of forms."""
    app.permanent_session_lifetime = SESSION
    app.config["WTF_CSRF_TIME_LIMIT"] = (
        None  # a form is good as long as its session: nobody loses a long edit
    )
    csrf.init_app(app)
    app.config["RATELIMIT_STORAGE_URI"] = site.counters
    if site.counters != COUNTED_HERE:
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {
            "socket_connect_timeout": PATIENCE_S,
            "socket_timeout": PATIENCE_S,
        }
    limiter.init_app(app)
    logins = LoginManager()
    app.login_manager = logins  # type: ignore[attr-defined]  # not init_app: that reads the session at every answer
    logins.user_loader(lambda remembered: _insider(newsroom, remembered))
    logins.unauthorized_handler(_to_login)
    app.jinja_env.globals.update(
        current_user=current_user, may=may
    )  # read where a page asks, and only there
    app.register_error_handler(CSRFError, _forged)
    pages = Blueprint("auth", __name__, url_prefix="/desk")

    @pages.get("/login")
    def login() -> ResponseReturnValue:
        if current_user.is_authenticated:
            return redirect(_next(), 303)
        return _form()

    @pages.post("/login")
    def enter() -> ResponseReturnValue:
        name = request.form.get("name", "")
        try:
            person = attempt(newsroom, name, request.form.get("password", ""))
        except RateLimitExceeded:
            return _form(name, TOO_OFTEN), 429, {"Retry-After": "60"}
        if person is None:
            return _form(name, WRONG), 401
        admit(person)
        return redirect(_next(), 303)

    @pages.post("/logout")
    def logout() -> ResponseReturnValue:
        logout_user()
        session.clear()
        flash("Đã đăng xuất.")
        return redirect(url_for("auth.login"), 303)

    app.register_blueprint(pages)


def admit(person: Person) -> None:
    """Begins a session of somebody whose password was checked or has just been set."""
    session.clear()
    session.permanent = True
    login_user(Insider(person))


def require(role: Role) -> Callable[[View], View]:
    """A view for people who may do what `role` may; others are sent to the login, or refused."""

    def guarded(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            if not current_user.is_authenticated:
                return _to_login()
            if not may(role):
                abort(403)
            return view(*args, **kwargs)

        return checked

    return guarded


def desk_pages(name: str, prefix: str, views: Sequence[tuple[str, str, Role, View]]) -> Blueprint:
    """Pages of the desk (method, path, least role, view): each asks for a login, none is kept by shared caches."""
    pages = Blueprint(name, __name__, url_prefix=prefix)
    for method, path, role, view in views:
        pages.add_url_rule(
            path, view.__name__, require(role)(view), methods=[method], strict_slashes=False
        )
    pages.after_request(_kept_private)
    return pages


def may(role: Role | str) -> bool:
    """Whether who is logged in may do what `role` may."""
    if not current_user.is_authenticated:
        return False
    return RANK.index(current_user.person.role) >= RANK.index(Role(role))


def at_the_desk() -> bool:
    """Whether somebody of the desk asks. Who brings no session is not asked for one: the answer is anybody's."""
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies and bool(
        current_user.is_authenticated
    )


def key_of_request(newsroom: Newsroom) -> Key | None:
    """The valid key that a program sent with this request, or None."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return newsroom.people.key(secret.strip()) if scheme.lower() == "bearer" else None


def who() -> str:
    """The name of who is logged in, as the newsroom's log tells it; "" when nobody is."""
    return str(current_user.person.name) if current_user.is_authenticated else ""


@limiter.limit(ATTEMPTS)
def attempt(newsroom: Newsroom, name: str, password: str) -> Person | None:
    """Who comes with this name and password, or None; RateLimitExceeded when this address tried too often."""
    return newsroom.people.login(name, password)


def _insider(newsroom: Newsroom, remembered: str) -> Insider | None:
    """Who that is, unless their password is another one since."""
    number, _, mark = remembered.partition(".")
    person = newsroom.people.person(int(number))
    return Insider(person) if person and person.mark == mark else None


def _form(name: str = "", error: str = "") -> str:
    return render_template("desk/login.html", name=name, error=error, next=_next())


def _to_login() -> ResponseReturnValue:
    if request.path.endswith(".json"):
        abort(401)
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("auth.login", next=back), 303)


def _next() -> str:
    """Where to after the login: a path of this site, never an address elsewhere."""
    path = request.values.get("next", "")
    return (
        path if re.fullmatch(r"/(?![/\\])[^\\\x00-\x20\x7f]*", path) else url_for("desk.episodes")
    )


def _kept_private(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def _forged(_error: CSRFError) -> ResponseReturnValue:
    return render_template(
        "errors/error.html", title="Chưa gửi được", text=TOO_OLD, status=400
    ), 400
