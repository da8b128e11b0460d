"""The web application: pages for people, feeds for apps,
an API for programs, put together in one place.
"""

import gzip
from types import ModuleType

from flask import Flask, Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from service.characters import is_text
from service.intake import LARGEST_BYTES
from service.newsroom import Newsroom
from service.newsroom.errors import NewsroomError, Unavailable, Withdrawn
from service.newsroom.store.files import FilesError
from service.web import api, auth, health, media, problems, words
from service.web.api import pushed
from service.web.auth import door, watch
from service.web.desk import (
    account,
    auditions,
    board,
    bulk,
    bulletins,
    chimes,
    factor,
    groups,
    hooks,
    lexicon,
    log,
    machines,
    passkeys,
    people,
    recordings,
    sources,
    station_sheets,
    upload,
    versions,
    voices,
)
from service.web.desk import episodes as desk
from service.web.desk import stations as rules
from service.web.desk import warnings as urgent
from service.web.inputs import snapshots
from service.web.inputs.addresses import LateRule, Number
from service.web.inputs.bounds import BoundedJson, BoundedRequest
from service.web.listeners import (
    choices,
    feeds,
    following,
    links,
    memos,
    misreadings,
    pictures,
    player,
    push,
    pwa,
    search,
)
from service.web.media import shelved
from service.web.media.conditional import READS, obeyed
from service.web.media.headers import (
    CSP,
    PROTECTED,
    SECURED,
    ZIPPED,
    with_sound_from,
)
from service.web.media.notebook import Notebook
from service.web.operators import report, slots, speaker
from service.web.site import Site

FORM_BYTES = 64 * 1024  # what a form adds to the article in it
# Recordings, from those who may send them, are larger
LARGEST_BODY = LARGEST_BYTES + FORM_BYTES
A_YEAR_S = 365 * 24 * 3600
SMALLEST_ZIPPED = 512
ZIP_MARK = "-gz"
KNEW_ZIPPED = "loa.knew_zipped"  # in the environ of a request whose sender has the compressed bytes
ERROR_PAGES = {
    400: (
        "Yêu cầu không hợp lệ",
        "Trình duyệt gửi thiếu hoặc sai thông tin. Xin quay lại và thử lần nữa.",
    ),
    403: (
        "Chưa được phép",
        "Tài khoản này chưa có quyền làm việc đó. Xin liên hệ người quản trị.",
    ),
    404: ("Không tìm thấy trang", "Địa chỉ này không có, hoặc đã gõ nhầm."),
    405: ("Không làm được như vậy", "Trang này không nhận cách gửi đó."),
    410: ("Bài đã được gỡ", ""),
    413: (
        "Nội dung quá lớn",
        "Bài viết tối đa 4 MB. Bản thu quá lớn thì xin gửi tệp MP3 hoặc M4A thay cho WAV, hoặc cắt bớt.",
    ),
    429: ("Gửi quá nhanh", "Xin chờ một phút rồi thử lại."),
    500: (
        "Máy chủ gặp lỗi",
        "Lỗi này là của chúng tôi, đã được ghi lại. Xin thử lại sau ít phút.",
    ),
    503: ("Tạm thời chưa phục vụ được", "Xin thử lại sau ít phút."),
}

# Who answers for what, in the order in which they are asked before a request.
PARTS: tuple[ModuleType, ...] = (
    *(
        auth,
        door,
        watch,
        health,
        feeds,
        choices,
        player,
        search,
        misreadings,
        links,
        following,
        memos,
        push,
        pictures,
        pwa,
        report,
    ),
    *(
        desk,
        account,
        factor,
        passkeys,
        people,
        log,
        bulletins,
        lexicon,
        auditions,
        rules,
        station_sheets,
        recordings,
        chimes,
        urgent,
    ),
    *(sources, hooks, pushed, machines, groups, bulk, versions, voices, board),
)
# Who notes which sound was taken.
NOTING: tuple[ModuleType, ...] = (media, slots, speaker)


def create_app(
    newsroom: Newsroom, site: Site, notebook: Notebook | None = None
) -> Flask:
    """The application over a newsroom, for an installation; `notebook` takes down who took what."""
    app = _bare(site)
    shelved.register(app)
    app.before_request(_refuse_no_text)
    if site.trusted_proxies:
        hops = site.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]
    words.register(app, site)
    _tell_errors(app)
    snapshots.register(app, newsroom)
    # Before the protection of forms, which reads the body
    upload.register(app, newsroom, site)
    for part in PARTS:
        part.register(app, newsroom, site)
    notebook = notebook or Notebook(newsroom)
    for part in NOTING:
        part.register(app, newsroom, site, notebook)
    api.register(app, newsroom, site)
    _limit_only_what_is_limited(app)
    app.before_request(_unzip_tags)
    app.config["CONTENT_POLICY"] = with_sound_from(CSP, site.media_url)
    app.after_request(_protect)
    app.after_request(_zip)
    app.after_request(_obey_preconditions)
    return app


def _bare(site: Site) -> api.Application:
    """The application without an address of its own."""
    app = api.Application(
        __name__,
        **api.openapi_of(site),
        template_folder=str(site.templates),
        static_folder="static",
    )
    app.config.update(
        SECRET_KEY=site.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        SEND_FILE_MAX_AGE_DEFAULT=A_YEAR_S,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=site.secure,
        PREFERRED_ADDRESS=site.public_url,
        # Behind TLS flask-wtf compares the Referer with the Host, which proxies rewrite: nobody
        # could log in. The token is bound to the session, whose cookie says SameSite.
        WTF_CSRF_SSL_STRICT=False,
    )
    app.request_class = BoundedRequest
    app.url_rule_class = LateRule
    app.json = BoundedJson(app)
    app.url_map.converters["int"] = Number
    return app


def _limit_only_what_is_limited(app: Flask) -> None:
    """flask-limiter looks for limits at every request, 7 % of a small one's time.

    All of ours are set on functions, which ask for themselves.
    """
    hooks = app.before_request_funcs[None]
    hooks[:] = [
        hook for hook in hooks if getattr(hook, "__self__", None) is not auth.limiter
    ]


def _refuse_no_text() -> None:
    """No name holds what is no character of a text; PostgreSQL refuses to be asked for NUL."""
    if not is_text(request.path):
        abort(404)
    if not is_text(request.args.to_dict(flat=False)):
        abort(400, "an address holds no NUL, nor half a surrogate pair")


def _tell_errors(app: Flask) -> None:
    """People get a page that says what happened; programs get a problem."""
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(NewsroomError, _from_newsroom)
    app.register_error_handler(FilesError, _from_files)
    app.register_error_handler(Exception, _from_bug)


def _from_http(error: HTTPException) -> ResponseReturnValue:
    is_answer = error.response is not None or (error.code or 500) < 400
    if is_answer:
        return error
    if problems.asked_by_program():
        return problems.from_http(error)
    kept = [
        (name, value)
        for name, value in error.get_headers()
        if name.lower() in problems.KEPT_HEADERS
    ]
    return *page(error.code or 500), kept


def _from_newsroom(error: NewsroomError) -> ResponseReturnValue:
    if problems.asked_by_program():
        return problems.from_newsroom(error)
    status = problems.status_of(error)
    if isinstance(error, Withdrawn):
        return page(status, f"“{error.title}” không còn được phát. Lý do: {error.why}")
    if isinstance(error, Unavailable):
        return *page(status, error.message_vi), {
            "Retry-After": str(error.retry_after_s)
        }
    return page(status, error.message_vi)


def _from_files(error: FilesError) -> ResponseReturnValue:
    """Portals and players try again at 503 with Retry-After, and give up at 500."""
    current_app.logger.error("the object store: %s", error)
    detail = "the store of files does not answer; try again later"
    if problems.asked_by_program():
        answer = problems.problem(503, "Service Unavailable", detail)
        answer.headers.update(RETRY)
        return answer
    return *page(503), RETRY


def _from_bug(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("%s %s", request.method, request.path, exc_info=error)
    if problems.asked_by_program():
        return problems.problem(
            500, "Internal Server Error", "this is our fault, and is logged"
        )
    return page(500)


RETRY = {"Retry-After": "10"}


def page(status: int, text: str = "") -> tuple[str, int]:
    """An error as a page."""
    title, usual = ERROR_PAGES.get(status, ERROR_PAGES[400 if status < 500 else 500])
    return render_template(
        "errors/error.html", title=title, text=text or usual, status=status
    ), status


def _protect(response: Response) -> Response:
    headers = response.headers
    # No document: a policy on a style or a font says nothing, sixteen times a page. Nor does a
    # name to save it by, or what Cache-Control says in other words.
    if _static():
        headers.remove("Content-Disposition")
        headers.remove("Expires")
    else:
        policy = current_app.config["CONTENT_POLICY"]
        headers.setdefault("Content-Security-Policy", policy)
    for name, value in (PROTECTED | (SECURED if request.is_secure else {})).items():
        headers.setdefault(name, value)
    return response


def _zip(response: Response) -> Response:
    """Text is sent compressed to whoever takes it; sound never is."""
    if response.status_code == 304 and KNEW_ZIPPED in request.environ:
        response.vary.add("Accept-Encoding")
        _tag_zipped(response)
        return response
    if not (response.mimetype or "").startswith(ZIPPED) or (
        response.direct_passthrough and not _static()
    ):
        return response
    response.vary.add("Accept-Encoding")
    takes = (
        request.accept_encodings["gzip"] > 0 and "Content-Range" not in response.headers
    )
    # HEAD too: it tells what GET would send
    if not takes or response.status_code != 200:
        return response
    response.direct_passthrough = False
    data = response.get_data()
    if len(data) >= SMALLEST_ZIPPED:
        response.close()  # a file behind a static page has been read
        response.set_data(gzip.compress(data, 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        _tag_zipped(response)
    return response


def _tag_zipped(response: Response) -> None:
    """Other bytes need another tag (RFC 9110); `_unzip_tags` knows both for one."""
    tag, weak = response.get_etag()
    if tag and not weak:
        response.set_etag(tag + ZIP_MARK)


def _unzip_tags() -> None:
    """Views compare the tag of what is known, compressed or not.

    If-Range keeps its own: parts are of plain bytes.
    """
    headers = ["HTTP_IF_NONE_MATCH"]
    if "HTTP_RANGE" not in request.environ:
        headers.append("HTTP_IF_MATCH")
    for header in headers:
        tags = request.environ.get(header, "")
        if f'{ZIP_MARK}"' in tags:
            request.environ[header] = tags.replace(f'{ZIP_MARK}"', '"')
            request.environ[KNEW_ZIPPED] = True


def _obey_preconditions(response: Response) -> Response:
    """If-Match and If-Unmodified-Since where no view looked at them:
    files of the app, pages, packages.
    """
    asked = "If-Match" in request.headers or "If-Unmodified-Since" in request.headers
    if not asked or request.method not in READS:
        return response
    if response.status_code == 412:
        response.status_code = (
            200  # Werkzeug's word on a file: it does not know "*", and sends the file
        )
    return obeyed(response) if response.status_code in (200, 206, 304) else response


def _static() -> bool:
    return request.endpoint in ("static", "pwa.one_module")
