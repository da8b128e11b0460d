"""Phones ask to be told of news and warnings, and not to be told any more."""

import hashlib
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, Response, abort, g, jsonify, request
from flask.typing import ResponseReturnValue

from service.actions.telling import public_key
from service.characters import is_text
from service.newsroom import Newsroom
from service.newsroom.errors import NewsroomError
from service.newsroom.staff.guessing import coarse
from service.web.auth import csrf, limiter
from service.web.listeners.choices import commune
from service.web.site import Site

# From one address, and from one network: a village may share one.
ASKED, ASKED_NEARBY = "30 per hour", "300 per day"
RENEWED, RENEWED_ONE = "300 per hour", "30 per hour"  # from one address, of one phone


def register(app: Flask, newsroom: Newsroom, _site: Site) -> None:
    """Adds /push/phones and the global `push_key`."""
    pages = Blueprint("push", __name__)
    phones = Phones(newsroom)
    pages.add_url_rule("/push/phones", "add", phones.add, methods=["POST"])
    pages.add_url_rule("/push/phones", "remove", phones.remove, methods=["DELETE"])
    # Who sends a forged one tells us of a phone that nobody has: pages have no token to be kept.
    csrf.exempt(pages)
    app.jinja_env.globals["push_key"] = lambda: public_key(newsroom)
    app.register_blueprint(pages)


@dataclass(frozen=True)
class Phones:
    """What the address answers."""

    newsroom: Newsroom

    def add(self) -> ResponseReturnValue:
        """Takes what a browser's PushManager gave: `endpoint` and `keys`.

        With `news` the phone is told of news besides warnings. Pages send it again once in a while:
        then it is told of the commune that the reader has now. 409 names our key to whoever agreed
        with the push service on another `key`, which we have no more.
        """
        asked, ours = _asked(), public_key(self.newsroom)
        if asked.get("key", ours) != ours:
            return jsonify(key=ours), 409
        keys, endpoint = asked.get("keys"), str(asked.get("endpoint", ""))
        if not isinstance(keys, dict):
            abort(400)
        self._count(endpoint)
        mine = commune(self.newsroom, self.newsroom.stations.directory())
        try:
            self.newsroom.subscribers.add(
                endpoint,
                str(keys.get("p256dh", "")),
                str(keys.get("auth", "")),
                station=mine.slug if mine else "",
                news=asked.get("news") is True,
            )
        except NewsroomError as error:
            return jsonify(message=error.message_vi, field=error.field), 422
        return Response(status=201)

    def _count(self, endpoint: str) -> None:
        """One more asking; 429 when there were too many."""
        g.phone = hashlib.sha256(endpoint.encode()).hexdigest()
        _count_phone()
        if self.newsroom.subscribers.knows(endpoint):
            _count_renewal()
        else:
            _count_new()
            _count_nearby()

    def remove(self) -> ResponseReturnValue:
        """Forgets the phone of that `endpoint`."""
        self.newsroom.subscribers.remove(str(_asked().get("endpoint", "")))
        return Response(status=204)


def _asked() -> dict[str, Any]:
    """The object that was sent; 400 for what is none, or says what is no text."""
    asked = request.get_json(silent=True)
    return asked if isinstance(asked, dict) and is_text(asked) else abort(400)


@limiter.limit(ASKED)
def _count_new() -> None:
    """One more phone from this address."""


@limiter.limit(ASKED_NEARBY, key_func=lambda: coarse(request.remote_addr or ""))
def _count_nearby() -> None:
    """One more phone from this network (a /24, of IPv6 a /48)."""


@limiter.limit(RENEWED)
def _count_renewal() -> None:
    """One more renewal from this address."""


@limiter.limit(RENEWED_ONE, key_func=lambda: g.phone)
def _count_phone() -> None:
    """This phone asks once more."""
