"""Phones ask to be told of news and warnings, and not to be told any more."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue

from service.actions.telling import public_key
from service.characters import is_text
from service.newsroom import Newsroom
from service.newsroom.errors import NewsroomError
from service.web.auth import csrf, limiter
from service.web.listeners.choices import commune
from service.web.site import Site

ASKED = "30 per hour"  # from one address: a village may share one


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

        With `news` the phone is told of news besides warnings.
        """
        _count()
        asked = _asked()
        keys = asked.get("keys")
        if not isinstance(keys, dict):
            abort(400)
        mine = commune(self.newsroom, self.newsroom.stations.directory())
        try:
            self.newsroom.subscribers.add(
                str(asked.get("endpoint", "")),
                str(keys.get("p256dh", "")),
                str(keys.get("auth", "")),
                station=mine.slug if mine else "",
                news=asked.get("news") is True,
            )
        except NewsroomError as error:
            return jsonify(message=error.message_vi, field=error.field), 422
        return Response(status=201)

    def remove(self) -> ResponseReturnValue:
        """Forgets the phone of that `endpoint`."""
        self.newsroom.subscribers.remove(str(_asked().get("endpoint", "")))
        return Response(status=204)


def _asked() -> dict[str, Any]:
    """The object that was sent; 400 for what is none, or says what is no text."""
    asked = request.get_json(silent=True)
    return asked if isinstance(asked, dict) and is_text(asked) else abort(400)


@limiter.limit(ASKED)
def _count() -> None:
    """One more phone from this address; 429 when there were too many."""
