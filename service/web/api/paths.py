"""What stands in the API's addresses, and its door: which key may do what."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, g
from pydantic import BaseModel

from service.newsroom import Newsroom
from service.newsroom.values import Role, Source, SourceKind
from service.web.auth import RANK, key_of_request
from service.web.problems import problem

View = Callable[..., Any]


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
    """Turns away who has no key, before anything of what was sent is looked at; notes the key in `g`."""
    g.key = key_of_request(newsroom)
    if g.key is not None:
        return None
    answer = problem(401, "Unauthorized", "send a valid key as Authorization: Bearer …")
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def allowed(role: Role) -> Callable[[View], View]:
    """Lets in keys of that role or a higher one, and notes whose it is in `g`."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            key = g.key
            if RANK.index(key.role) < RANK.index(role):
                return problem(
                    403, "Forbidden", f"this needs a key of role {role}; {key.name} is {key.role}"
                )
            g.who, g.role = f"key {key.name}", key.role
            g.source = Source(SourceKind.KEY, key.name)
            return view(*args, **kwargs)

        return guarded

    return wrap
