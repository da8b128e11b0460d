"""How the API's calls are written: methods of a class, each under the address that it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask_openapi3 import APIBlueprint, Tag

from service.newsroom.values import KeyScope
from service.web.api.paths import SCOPE, View

CALL = "api_call"  # attribute of a view


@dataclass(frozen=True, slots=True)
class Call:
    """A call's method and address, and the rest of what its description tells."""

    method: str
    path: str
    description: dict[str, Any]


def call(method: str, path: str, **description: Any) -> Callable[[View], View]:
    """Marks a method as the answer to `method path`.

    `description` is that of flask-openapi3's decorators.
    """

    def mark(view: View) -> View:
        setattr(view, CALL, Call(method, path, description))
        return view

    return mark


def add_calls(api: APIBlueprint, tag: Tag, calls: object, scope: KeyScope) -> None:
    """Adds every marked method of `calls`, in the order in which they are written, under one tag.

    Keys that have scopes change something by these calls only with this one.
    """
    # In the order of the class, which is that of the description people read.
    for name, view in vars(type(calls)).items():
        marked: Call | None = getattr(view, CALL, None)
        if marked is None:
            continue
        add_call = getattr(api, marked.method.lower())
        answer = _function(getattr(calls, name))
        setattr(answer, SCOPE, scope)
        add_call(marked.path, tags=[tag], **marked.description)(answer)


def _function(method: View) -> View:
    """The bound method as a function: flask-openapi3 notes things on a view,
    which methods do not allow.
    """

    @wraps(method)
    def answer(**parts_of_request: Any) -> Any:
        return method(**parts_of_request)

    return answer
