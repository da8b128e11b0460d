"""Errors of the API, as RFC 9457 problem details that name the field at fault."""

from typing import TYPE_CHECKING, Any

from flask import Response, json, request
from pydantic import BaseModel, Field, ValidationError
from werkzeug.exceptions import HTTPException

from service.intake import Rejected
from service.newsroom.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NewsroomError,
    NotFound,
    Unavailable,
    Withdrawn,
)
from service.web.inputs.bounds import LONGEST_DETAIL, LONGEST_FIELD, MOST_ERRORS
from service.web.inputs.validation import validation_message

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

MIME = "application/problem+json"


class Problem(BaseModel):
    """What went wrong, for a program and for the person who reads its log (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = Field(description="what to do about it, in English")
    errors: list[dict[str, str]] = Field(
        default_factory=list, description="`field` at fault, and its own `detail`"
    )
    message_vi: str = Field("", description="the same for people, in Vietnamese")
    reason: str = Field("", description="why intake turned an article or an alert away")


OF_THE_WHOLE = frozenset(("model_type", "model_attributes_type"))
NO_OBJECT = "send a JSON object"  # pydantic would name a class of ours
STATUS = {
    Withdrawn: 410,
    NotFound: 404,
    Forbidden: 403,
    Conflict: 409,
    Invalid: 422,
    Unavailable: 503,
}
HTTP_VI = {
    400: "Yêu cầu không đọc được: phần gửi lên không phải JSON đúng dạng.",
    404: "Không có địa chỉ này.",
    405: "Địa chỉ này không nhận cách gọi như vậy.",
    413: "Phần gửi lên lớn hơn mức nhận.",
    415: "Kiểu dữ liệu gửi lên không được nhận ở đây.",
}
KEPT_HEADERS = ("allow", "retry-after", "www-authenticate")


def asked_by_program() -> bool:
    """Whether the request is for the API or a slot's address, and its errors are for a program."""
    return request.path.startswith("/api/") or request.blueprint == "slots"


def status_of(error: NewsroomError) -> int:
    """The HTTP status of what the newsroom refused."""
    return next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)


def problem(status: int, title: str, detail: str, **more: Any) -> Response:
    """One problem: `detail` tells the sender, in English, what to do.

    `more` are members of its own.
    """
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return Response(
        json.dumps(body | {name: value for name, value in more.items() if value}),
        status,
        content_type=MIME,
    )


def from_rejected(error: Rejected) -> Response:
    """What intake turned away."""
    status = 413 if error.reason == "too_large" else 422
    return problem(
        status,
        "Rejected",
        str(error),
        reason=error.reason,
        message_vi=error.message_vi,
        errors=_errors((error.field, str(error))),
    )


def from_newsroom(error: NewsroomError) -> Response:
    """What the newsroom refused, and when it may be asked again where that helps."""
    answer = problem(
        status_of(error),
        type(error).__name__,
        str(error),
        message_vi=error.message_vi,
        errors=_errors((error.field, str(error))) if error.field else None,
    )
    if isinstance(error, Unavailable):
        answer.headers["Retry-After"] = str(error.retry_after_s)
    return answer


def from_http(error: HTTPException) -> Response:
    """What Flask refused: an unknown address, a wrong method, too large a body."""
    large = error.code == 413
    vietnamese = HTTP_VI.get(error.code or 500, "")
    answer = problem(
        error.code or 500,
        error.name,
        error.description or error.name,
        errors=_errors(("body", "it is larger than what is taken here"))
        if large
        else None,
        message_vi=vietnamese,
    )
    for name, value in error.get_headers():
        if name.lower() in KEPT_HEADERS:
            answer.headers[name] = value
    return answer


def from_validation(error: ValidationError) -> Response:
    """What does not fit the call's schema:
    the first errors of however many there are, shortened.
    """
    errors = error.errors(include_url=False, include_input=False)
    told = [_told(part) for part in errors[:MOST_ERRORS]]
    detail = "; ".join(f"{each['field']}: {each['detail']}" for each in told)
    vietnamese = " ".join(f"{each['field']}: {each['message_vi']}" for each in told)
    if len(errors) > MOST_ERRORS:
        detail += f"; and {len(errors) - MOST_ERRORS} more"
        vietnamese += f" Và {len(errors) - MOST_ERRORS} lỗi khác."
    return problem(
        422, "Unprocessable Content", detail, errors=told, message_vi=vietnamese
    )


def _told(part: "ErrorDetails") -> dict[str, str]:
    """One error: the field, what is wrong with it in English, and the same in Vietnamese."""
    kind = str(part["type"])
    detail = NO_OBJECT if kind in OF_THE_WHOLE else part["msg"]
    return {
        "field": shorten(".".join(map(str, part["loc"])) or "body", LONGEST_FIELD),
        "detail": shorten(detail, LONGEST_DETAIL),
        "message_vi": shorten(
            validation_message(kind, part.get("ctx")), LONGEST_DETAIL
        ),
    }


def shorten(text: str, most: int) -> str:
    """At most so many characters of it."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _errors(*found: tuple[str, str]) -> list[dict[str, str]]:
    return [{"field": field, "detail": detail} for field, detail in found]
