"""What stands in the API's addresses, and its door: which key may do what."""

import json
from collections.abc import Callable
from typing import Any

from flask import Response, current_app, g, request
from pydantic import BaseModel
from werkzeug.datastructures import ImmutableMultiDict

from service.newsroom import Newsroom
from service.newsroom.values import Actor, ActorKind, Role, Source, SourceKind
from service.web.auth import key_of_request
from service.web.problems import problem

View = Callable[..., Any]
LEAST = "least_role"  # attribute of a view


class ArticlePath(BaseModel):
    """An article's number."""

    article_id: int


class EpisodePath(BaseModel):
    """An episode's number."""

    episode_id: int


class SentencePath(EpisodePath):
    """A sentence's number in its episode."""

    n: int


class StationPath(BaseModel):
    """A station's name in addresses."""

    slug: str


def only_keys(newsroom: Newsroom) -> Response | None:
    """The door: who has no key, or one of too low a role, is turned away before what was sent is looked at.

    Notes in `g` the key, its `role`, `who` acts, as the log tells it, and the `source` that news comes from.
    """
    key = key_of_request(newsroom)
    if key is None:
        answer = problem(401, "Unauthorized", "send a valid key as Authorization: Bearer …")
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    g.key = key  # also of one that may not: the log tells whose it was
    least = getattr(current_app.view_functions.get(request.endpoint or ""), LEAST, Role.ADMIN)
    if not key.role.may(least):
        detail = f"this needs a key of role {least}; {key.name} is {key.role}"
        return problem(403, "Forbidden", detail)
    g.who, g.role = Actor(f"key {key.name}", ActorKind.KEY, key.id), key.role
    g.source = Source(SourceKind.KEY, key.name)
    if request.is_json:
        request.get_json(
            silent=True
        )  # too deep or too long: BadRequest, whatever the call makes of it
    if request.mimetype == "multipart/form-data":
        _keep_text_of_form()
    return None


def _keep_text_of_form() -> None:
    """The text of a form's fields is text: flask-openapi3 reads each as JSON, so as JSON it gets them.

    Else a title such as "2025" would be a number, and refused; five thousand digits an error of ours.
    """
    request.form = ImmutableMultiDict(
        (name, json.dumps(text)) for name, text in request.form.items(multi=True)
    )


def allowed(role: Role) -> Callable[[View], View]:
    """Marks a call as one for keys of that role or a higher one; the door looks at it. Unmarked is for admins."""

    def mark(view: View) -> View:
        setattr(view, LEAST, role)
        return view

    return mark
