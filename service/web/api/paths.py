"""What stands in the API's addresses, and its door: which key may do what."""

import inspect
import json
from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, current_app, g, request
from flask_limiter.errors import RateLimitExceeded
from pydantic import BaseModel
from werkzeug.datastructures import ImmutableMultiDict

from service.actions.stations import stations_named
from service.newsroom import Newsroom
from service.newsroom.values import Actor, ActorKind, Key, Role, Source, SourceKind
from service.web.auth import access, key_of_request, limiter
from service.web.problems import problem

View = Callable[..., Any]
LEAST, SIFTED, SCOPE = "least_role", "sifted", "key_scope"  # attributes of a view
JSON, FORM = "application/json", "multipart/form-data"
TAKES_BOTH = "api.post_article"  # an article's text, or its file


class ArticlePath(BaseModel):
    """An article's number."""

    article_id: int


class EpisodePath(BaseModel):
    """An episode's number."""

    episode_id: int


class SentencePath(EpisodePath):
    """A sentence's number in its episode."""

    n: int


class CommentPath(EpisodePath):
    """A comment's number, on an episode."""

    comment_id: int


class StationPath(BaseModel):
    """A station's name in addresses."""

    slug: str


def only_keys(newsroom: Newsroom) -> Response | None:
    """The door: who has no key, or one of too low a role,
    is turned away before what was sent is looked at.

    Notes in `g` the key, `who` acts, as the log tells it, and the `source` that news comes from.
    """
    key = key_of_request(newsroom)
    if key is None:
        answer = problem(
            401, "Unauthorized", "send a valid key as Authorization: Bearer …"
        )
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    # Also of one that may not: the log tells whose it was.
    g.key = key
    if (refusal := _refusal(key)) is not None:
        return refusal
    try:
        _count_call()
    except RateLimitExceeded:
        return _too_many(key)
    g.who = Actor(f"key {key.name}", ActorKind.KEY, key.id)
    g.source = Source(SourceKind.KEY, key.name)
    if (wrong := wrong_type()) is not None:
        return wrong
    if request.is_json:
        # Too deep or too long: BadRequest, whatever the call makes of it.
        request.get_json(silent=True)
    if request.mimetype == "multipart/form-data":
        _keep_text_of_form()
    return None


def _refusal(key: Key) -> Response | None:
    """403 for a key that may not make this call: its role, its scopes, its stations."""
    view = current_app.view_functions.get(request.endpoint or "")
    # A call that nobody marked is for administrators: forgetting the mark opens nothing.
    least = getattr(view, LEAST, Role.ADMIN)
    if not key.role.may(least):
        detail = f"this needs a key of role {least}; {key.name} is {key.role}"
        return problem(403, "Forbidden", detail)
    scope = getattr(view, SCOPE, None)
    if key.scopes and request.method not in access.LOOKING and scope not in key.scopes:
        detail = (
            f"this needs a key of scope {scope}; {key.name} has {', '.join(key.scopes)}"
        )
        return problem(403, "Forbidden", detail)
    if not access.admits(least, sifted=getattr(view, SIFTED, False)):
        detail = f"{key.name} is no {least} at the stations that this is about"
        vietnamese = "Khóa này chưa có quyền ở đài đó."
        return problem(403, "Forbidden", detail, message_vi=vietnamese)
    return None


# Shared: all calls of a key count together, whatever they are.
@limiter.shared_limit(
    lambda: f"{g.key.calls_per_minute} per minute",
    scope="key",
    key_func=lambda: f"key {g.key.id}",
    exempt_when=lambda: not g.key.calls_per_minute,
)
def _count_call() -> None:
    """One more call by this key; RateLimitExceeded when it made too many within the minute."""


def _too_many(key: Key) -> Response:
    detail = f"{key.name} may make {key.calls_per_minute} calls a minute; wait for the next one"
    answer = problem(
        429, "Too Many Requests", detail, message_vi="Gửi quá nhanh, xin chờ một phút."
    )
    answer.headers["Retry-After"] = "60"
    return answer


def wrong_type() -> Response | None:
    """415 for a body of another type than the call takes:
    told before anybody looks for fields in it.
    """
    takes = _takes()
    if takes is None or not request.content_length or request.mimetype in takes:
        return None
    if request.is_json and JSON in takes:  # application/…+json
        return None
    return problem(
        415,
        "Unsupported Media Type",
        f"send {' or '.join(takes)}, not {request.mimetype or 'a body without Content-Type'}",
        errors=[{"field": "Content-Type", "detail": f"it is {' or '.join(takes)}"}],
        message_vi=f"Kiểu dữ liệu gửi lên phải là {' hoặc '.join(takes)}.",
    )


def _takes() -> tuple[str, ...] | None:
    """The types of body that a call takes; None for one that looks at its body itself."""
    if request.endpoint == TAKES_BOTH:
        return (JSON, FORM)
    view = current_app.view_functions.get(request.endpoint or "")
    parameters = inspect.signature(view).parameters if view else {}
    kinds = {"body": JSON, "form": FORM}
    return next(((kind,) for name, kind in kinds.items() if name in parameters), None)


def _keep_text_of_form() -> None:
    """The text of a form's fields is text: flask-openapi3 reads each as JSON,
    so as JSON it gets them.

    Else a title such as "2025" would be a number, and refused; five thousand digits an error of
    ours.
    """
    request.form = ImmutableMultiDict(
        (name, json.dumps(text)) for name, text in request.form.items(multi=True)
    )


def allowed(role: Role, *, sifted: bool = False) -> Callable[[View], View]:
    """Marks a call as one for keys of that role or a higher one; the door looks at it.

    Unmarked is for admins.

    `sifted`: the call itself keeps to the stations of its key (auth/access.py).
    """

    def mark(view: View) -> View:
        setattr(view, LEAST, role)
        setattr(view, SIFTED, sifted)
        return view

    return mark


def stations_for(newsroom: Newsroom, named: Sequence[str]) -> tuple[str, ...]:
    """The stations that news is sent for, by default the key's first.

    Forbidden beyond its own, Invalid for a group without stations.
    """
    home = None if named else access.home_station(newsroom, Role.EDITOR)
    slugs = stations_named(newsroom, named) or ((home.slug,) if home else ())
    access.check(Role.EDITOR, slugs)
    return slugs


def slugs_of(text: str) -> list[str]:
    """Stations as forms name them, between commas."""
    return [slug.strip() for slug in text.split(",") if slug.strip()]
