"""Who may come to the desk: logins, sessions, and what each role may do."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, NamedTuple

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    after_this_request,
    current_app,
    flash,
    redirect,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_login import LoginManager, current_user, login_user
from flask_wtf.csrf import CSRFError, CSRFProtect

from service.newsroom import Newsroom
from service.newsroom.staff.guessing import network
from service.newsroom.staff.person_rows import actor_of
from service.newsroom.staff.session_rows import ABSOLUTE
from service.newsroom.values import Admission, DeskSession, Key, Role
from service.newsroom.values.grants import Thing
from service.web.auth import access
from service.web.auth.carried import Carried
from service.web.auth.devices import (
    DEVICE_COOKIE,
    DEVICE_KNOWN_FOR,
    devices_with,
    signer,
)
from service.web.auth.forged import Forgeries
from service.web.auth.insider import Insider
from service.web.auth.login_form import login_form
from service.web.site import COUNTED_HERE, Site

# With the counters; without them each process counts for itself until they are back.
PATIENCE_S = 1
ENDED = (
    "Phiên đăng nhập đã hết. Đăng nhập lại để gửi tiếp; những gì đã gõ vẫn còn nguyên."
)
CHANGE_FIRST = (
    "Đây là mật khẩu dùng một lần. Hãy đặt mật khẩu của riêng anh chị để bắt đầu."
)
PAIR_FIRST = "Người duyệt và quản trị ở đây phải bật xác thực hai lớp. Hãy làm theo hướng dẫn dưới đây."


csrf = CSRFProtect()


def _sender() -> str:
    """Whose requests are counted together: an address, of IPv6 its /64."""
    return network(request.remote_addr or "")


limiter = Limiter(_sender, key_prefix="loa", in_memory_fallback_enabled=True)

View = Callable[..., ResponseReturnValue]


class DeskPage(NamedTuple):
    """An address of the desk: how it is asked, the least role that may, and what answers.

    `sifted`: the view itself keeps to the stations of who asks (access.py).
    """

    method: str
    path: str
    least: Role
    view: View
    sifted: bool = False


class OwnPage(NamedTuple):
    """An address of one's own login: whatever the role."""

    method: str
    path: str
    view: View


def register(app: Flask, newsroom: Newsroom, site: Site) -> None:
    """Adds sessions and the protection of forms; the door itself stands in door.py."""
    app.permanent_session_lifetime = ABSOLUTE
    # A form is good as long as its session: nobody loses a long edit.
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    csrf.init_app(app)
    _count_attempts(app, site)
    _know_who_is_logged_in(app, newsroom, site)
    app.register_error_handler(CSRFError, Forgeries(newsroom.now, _go_on).refuse)


def _count_attempts(app: Flask, site: Site) -> None:
    """Requests are counted in this process, or where all processes of the house count."""
    app.config["RATELIMIT_STORAGE_URI"] = site.counters
    if site.counters != COUNTED_HERE:
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {
            "socket_connect_timeout": PATIENCE_S,
            "socket_timeout": PATIENCE_S,
        }
    limiter.init_app(app)


def _know_who_is_logged_in(app: Flask, newsroom: Newsroom, site: Site) -> None:
    logins = LoginManager()
    # Not init_app: that reads the session at every answer, and shared caches would keep none.
    app.login_manager = logins  # type: ignore[attr-defined]
    logins.user_loader(lambda token: _insider(newsroom, site, token))
    logins.unauthorized_handler(_to_login)
    # Read where a page asks, and only there.
    app.jinja_env.globals.update(current_user=current_user)
    access.register(app, newsroom)


def admit(newsroom: Newsroom, admission: Admission) -> None:
    """Begins a session in this browser, and knows the browser again for half a year."""
    person = admission.person
    session.clear()
    session.permanent = True
    place = newsroom.sessions.find(admission.token, touch=False)
    # Somebody may have locked the login in this very moment.
    if place is None:
        abort(403)
    login_user(Insider(place, admission.token))
    numbers = devices_with(person)

    @after_this_request
    def remember_device(response: Response) -> Response:
        response.set_cookie(
            DEVICE_COOKIE,
            signer().dumps(numbers),
            max_age=DEVICE_KNOWN_FOR,
            path=url_for("auth.login").rpartition("/")[0],
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return response


def here() -> DeskSession | None:
    """The session this request belongs to, also of somebody who must change the password first."""
    # current_user is a proxy, which is an instance of nothing of ours.
    user = current_user._get_current_object()
    return user.here if isinstance(user, Insider) else None


def require(role: Role, *, sifted: bool = False) -> Callable[[View], View]:
    """A view for people who may do what `role` may where its things lie.

    Others are sent to the login, or refused.
    """

    def guarded(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            if not current_user.is_authenticated:
                return _to_login()
            if not access.admits(role, sifted=sifted):
                abort(403)
            return view(*args, **kwargs)

        return checked

    return guarded


def desk_pages(name: str, prefix: str, pages: Sequence[DeskPage]) -> Blueprint:
    """Pages of the desk: each asks for a login, none is kept by shared caches."""
    room = Blueprint(name, __name__, url_prefix=prefix)
    for page in pages:
        room.add_url_rule(
            page.path,
            page.view.__name__,
            require(page.least, sifted=page.sifted)(page.view),
            methods=[page.method],
            strict_slashes=False,
        )
    room.after_request(_kept_private)
    return room


def own_pages(name: str, prefix: str, pages: Sequence[OwnPage]) -> Blueprint:
    """Pages of one's own login: open as well to who must change the password first."""
    room = Blueprint(name, __name__, url_prefix=prefix)

    def guarded(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            return view(*args, **kwargs) if here() is not None else _to_login()

        return checked

    for page in pages:
        view = page.view
        room.add_url_rule(
            page.path, view.__name__, guarded(view), methods=[page.method]
        )
    room.after_request(_kept_private)
    return room


def at_the_desk() -> bool:
    """Whether somebody of the desk asks.

    Who brings no session is not asked for one: the answer is anybody's.
    """
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies and bool(
        current_user.is_authenticated
    )


def key_of_request(newsroom: Newsroom) -> Key | None:
    """The valid key that a program sent with this request, or None."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return newsroom.people.key(secret.strip()) if scheme.lower() == "bearer" else None


def is_insider(newsroom: Newsroom, thing: Thing, name: str | int) -> bool:
    """Whether a public address may show more of a thing:
    to the desk and to keys of one of its stations.
    """
    if at_the_desk():
        return access.touches(Role.OPERATOR, thing, name)
    key = key_of_request(newsroom)
    own = access.reach_of(key, Role.OPERATOR)
    return own.everywhere or own.touches(newsroom.access.places(thing, name))


def who() -> str:
    """Who is logged in, an Actor for the newsroom's log; "" when nobody is."""
    return actor_of(current_user.person) if current_user.is_authenticated else ""


def _insider(newsroom: Newsroom, site: Site, token: str) -> Insider | None:
    """Whose session that is, while it lasts.

    What a page fetches by itself keeps nobody logged in.
    """
    place = newsroom.sessions.find(token, touch=not request.path.endswith(".json"))
    if place is None:
        return None
    return Insider(place, token, must_pair=_must_pair(newsroom, site, place))


def _must_pair(newsroom: Newsroom, site: Site, place: DeskSession) -> bool:
    """Whether somebody must set up a second factor before anything else is open to them."""
    return not place.has_factor and is_asked_for_factor(newsroom, site, place)


def is_asked_for_factor(newsroom: Newsroom, site: Site, place: DeskSession) -> bool:
    """Whether the installation, or a group of stations, wants a second factor of somebody."""
    if not place.person.role.may(Role.APPROVER):
        return False
    if site.second_factor:
        return True
    return place.groups_ask and newsroom.access.asks_factor(place.person.grants)


def _to_login() -> ResponseReturnValue:
    # A script cannot follow to a form.
    if request.path.endswith(".json"):
        abort(401)
    place = here()
    if place is not None and place.person.must_change:
        flash(CHANGE_FIRST)
        return redirect(url_for("account.password"), 303)
    if place is not None:
        flash(PAIR_FIRST)
        return redirect(url_for("factor.page"), 303)
    if Carried.of_request() is not None:
        return login_form(error=ENDED), 401
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("auth.login", next=back), 303)


def _go_on() -> ResponseReturnValue | None:
    """For a form whose token does not hold: what was typed, to be sent again, or after a login.

    None for no such.
    """
    carried = Carried.of_request()
    if carried is None:
        return None
    if current_user.is_authenticated:
        return carried.page(), 400
    return login_form(error=ENDED), 401


def _kept_private(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response
