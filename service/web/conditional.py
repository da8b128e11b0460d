"""Answers that are not sent to whoever has them already."""

from flask import Response, request

ALWAYS_ASK = "no-cache"  # kept by whoever likes, but asked for again before each use
A_DAY = "public, max-age=86400"


def known(answer: Response, kept: str) -> Response:
    """The answer with a tag of its bytes, and how long it may be `kept` unasked; 304 where the sender has them."""
    answer.add_etag()
    answer.headers["Cache-Control"] = kept
    answer.make_conditional(request.environ)
    return answer
