"""Preconditions of requests, in the order of RFC 9110, 13.2.2:
what is known already is not sent again.
"""

from datetime import datetime
from http import HTTPStatus

from flask import Response, request
from werkzeug.http import parse_date, unquote_etag

ALWAYS_ASK = "no-cache"  # kept by whoever likes, but asked for again before each use
A_DAY = "public, max-age=86400"
READS = ("GET", "HEAD")


def with_etag(answer: Response, kept: str) -> Response:
    """The answer with a tag of its bytes, and how long it may be `kept` unasked.

    304 where the sender has them.
    """
    answer.add_etag()
    answer.headers["Cache-Control"] = kept
    return obeyed(answer)


def obeyed(answer: Response) -> Response:
    """The answer, or 304 or 412 in its place,
    as the sender's preconditions and the answer's own tag and time say.
    """
    tag, weak = answer.get_etag()
    status = precondition(tag, answer.last_modified, weak=bool(weak))
    if status is not None:
        answer.close()
        answer.direct_passthrough = False  # of a file, which is closed
        answer.set_data(b"")
        answer.status_code = status
        for name in (
            "Content-Type",
            "Content-Length",
            "Content-Disposition",
            "Content-Range",
        ):
            answer.headers.pop(name, None)
    return answer


def precondition(
    tag: str | None, modified: datetime | None, *, weak: bool = False
) -> HTTPStatus | None:
    """What the sender's preconditions make of a resource: 304,
    412, or None when it is to be sent.
    """
    if not _still_the_same(tag, modified, weak):
        return HTTPStatus.PRECONDITION_FAILED
    known_tags = request.if_none_match
    if known_tags:
        if not (
            known_tags.star_tag or (tag is not None and known_tags.contains_weak(tag))
        ):
            return None
        reads = request.method in READS
        return HTTPStatus.NOT_MODIFIED if reads else HTTPStatus.PRECONDITION_FAILED
    since = _date("If-Modified-Since")
    if request.method in READS and since and modified and _second(modified) <= since:
        return HTTPStatus.NOT_MODIFIED
    return None


def same_for_range(tag: str | None, modified: datetime | None) -> bool:
    """Whether a part of this resource fits to what the sender has (If-Range,
    13.1.5): the very same, not alike.
    """
    condition = request.headers.get("If-Range", "").strip()
    if not condition:
        return True
    if condition.startswith(('"', "W/")):
        given, weak = unquote_etag(condition)
        return not weak and given == tag
    date = parse_date(condition)
    return date is not None and modified is not None and date == _second(modified)


def _still_the_same(tag: str | None, modified: datetime | None, weak: bool) -> bool:
    """If-Match; where there is none, If-Unmodified-Since."""
    if "If-Match" in request.headers:
        given = request.if_match
        return given.star_tag or (tag is not None and not weak and given.is_strong(tag))
    since = _date("If-Unmodified-Since")
    return since is None or modified is None or _second(modified) <= since


def _date(header: str) -> datetime | None:
    """A date of a header; None when it is none: then it is ignored (13.1.3, 13.1.4)."""
    return parse_date(request.headers.get(header))


def _second(time: datetime) -> datetime:
    return time.replace(microsecond=0)
