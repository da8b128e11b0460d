"""Whether it is still they who sit there: asked again before what weighs most."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from service.newsroom import Newsroom
from service.web.auth import here


def is_proved(newsroom: Newsroom) -> bool:
    """Whether who asks gave their password in the last minutes: at the login, or again."""
    place = here()
    return place is not None and place.is_proved(newsroom.now())


def to_proof(path: str) -> ResponseReturnValue:
    """To the page that asks for the password, and on to `path` from there."""
    return redirect(url_for("factor.again", next=path), 303)
