"""Forms whose token does not hold: what their senders are told, and the house."""

import logging
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from threading import Lock

from cachetools import TTLCache
from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

NOT_SECURE = (
    "Địa chỉ này không có bảo mật (https) nên không đăng nhập được. Hãy mở {address}. Nếu đã mở đúng địa chỉ ấy, "
    "người quản trị cần đặt LOA_TRUSTED_PROXIES và để proxy gửi X-Forwarded-Proto."
)
NO_COOKIE = "Trình duyệt không gửi lại cookie của trang này. Hãy cho phép cookie, tải lại trang rồi gửi lần nữa."
TOO_OLD = "Trang này đã mở quá lâu hoặc phiên đăng nhập đã hết. Hãy quay lại, tải lại trang rồi gửi lần nữa."
REFUSED = (
    "a form was refused: %s (%s); it came over %s, X-Forwarded-Proto %r; further ones for this"
    " reason are not told for a minute (docs/operations.md)"
)
A_MINUTE_S = 60.0
LONGEST_SCHEME = 20  # characters of a header that anybody writes


class _Cause(StrEnum):
    """Why the token of a form does not hold."""

    NOT_SECURE = "the address has no TLS, or the proxy does not say that it has"
    NO_COOKIE = "the browser sent no cookie"
    TOO_OLD = "the page or its session is too old"


TOLD = {
    _Cause.NOT_SECURE: NOT_SECURE,
    _Cause.NO_COOKIE: NO_COOKIE,
    _Cause.TOO_OLD: TOO_OLD,
}

_log = logging.getLogger("loa.web")


class Forgeries:
    """Forms whose token does not hold: their senders are told why,
    and so is the house, once a minute each cause.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        go_on: Callable[[], ResponseReturnValue | None],
    ) -> None:
        """`go_on` gives the way on for what somebody typed at the desk, or None."""
        self._go_on = go_on
        self._lately: TTLCache[_Cause, bool] = TTLCache(
            len(_Cause), A_MINUTE_S, lambda: now().timestamp()
        )
        self._lock = Lock()

    def refuse(self, error: CSRFError) -> ResponseReturnValue:
        """Says which of the three it is: an address without TLS,
        a browser without cookies, or an old page.
        """
        cause = _cause()
        if self._is_new(cause):
            scheme = request.headers.get("X-Forwarded-Proto", "")[:LONGEST_SCHEME]
            _log.warning(REFUSED, cause, error.description, request.scheme, scheme)
        if cause is _Cause.TOO_OLD and (way_on := self._go_on()) is not None:
            return way_on
        text = TOLD[cause].format(address=current_app.config["PREFERRED_ADDRESS"])
        page = render_template(
            "errors/error.html", title="Chưa gửi được", text=text, status=400
        )
        return page, 400

    def _is_new(self, cause: _Cause) -> bool:
        with self._lock:
            if cause in self._lately:
                return False
            self._lately[cause] = True
        return True


def _cause() -> _Cause:
    if current_app.config["SESSION_COOKIE_SECURE"] and not request.is_secure:
        return _Cause.NOT_SECURE
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        return _Cause.NO_COOKIE
    return _Cause.TOO_OLD
