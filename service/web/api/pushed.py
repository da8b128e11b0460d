"""Where portals push their news: POST /hooks/<name>, signed instead of with a key."""

from dataclasses import dataclass

from flask import Blueprint, Flask, jsonify, request
from flask.typing import ResponseReturnValue

from service.actions.hooks import Forged, take_push
from service.intake import Rejected
from service.newsroom import Newsroom
from service.newsroom.errors import NewsroomError
from service.web.auth import csrf
from service.web.problems import from_newsroom, from_rejected, problem
from service.web.site import Site


def register(app: Flask, newsroom: Newsroom, _site: Site) -> None:
    """Adds POST /hooks/…"""
    pages = Blueprint("pushed", __name__)
    view = PushDoor(newsroom).take
    pages.add_url_rule("/hooks/<name>", "take", view, methods=["POST"])
    app.register_blueprint(csrf.exempt(pages))


@dataclass(frozen=True)
class PushDoor:
    """What the address answers."""

    newsroom: Newsroom

    def take(self, name: str) -> ResponseReturnValue:
        """202 for news that was taken, 200 for a test and for what was taken before,
        401 for a wrong signature.
        """
        try:
            receipt = take_push(
                self.newsroom, name, dict(request.headers), request.get_data()
            )
        except Forged:
            return problem(
                401, "Unauthorized", "sign the call as Standard Webhooks has it"
            )
        except Rejected as error:
            return from_rejected(error)
        except NewsroomError as error:
            return from_newsroom(error)
        if receipt is None:
            return jsonify({"news": "unchanged"}), 200
        return jsonify({"news": receipt.news}), 202
