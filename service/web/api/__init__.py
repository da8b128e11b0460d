"""The API for portals and programs: bearer keys, JSON, OpenAPI at /api/v1/openapi.json, problems as errors."""

from typing import Any

from flask import Response
from flask_openapi3 import APIBlueprint, OpenAPI
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from service.intake import Rejected
from service.newsroom import Newsroom
from service.newsroom.errors import NewsroomError
from service.web.api import articles, bulletins, episodes, recordings, stations, urgent
from service.web.api.paths import guard
from service.web.auth import csrf
from service.web.problems import from_http, from_newsroom, from_rejected, from_validation
from service.web.site import Site

PREFIX = "/api/v1"
BEARER: dict[str, Any] = {"bearer": {"type": "http", "scheme": "bearer"}}


def register(app: OpenAPI, newsroom: Newsroom, site: Site) -> None:
    """Adds the API to the application."""
    api = csrf.exempt(APIBlueprint("api", __name__, url_prefix=PREFIX, abp_security=[{"bearer": []}]))
    api.errorhandler(Rejected)(from_rejected)
    api.errorhandler(NewsroomError)(from_newsroom)
    api.errorhandler(HTTPException)(from_http)
    api.errorhandler(ValidationError)(from_validation)
    allowed = guard(newsroom)
    articles.add(api, allowed, newsroom)
    episodes.add(api, allowed, newsroom, site)
    urgent.add(api, allowed, newsroom, site)
    stations.add(api, allowed, newsroom, site)
    recordings.add(api, allowed, newsroom, site)
    bulletins.add(api, allowed, newsroom)
    app.register_api(api)


def invalid(error: Any) -> Response:
    """What flask-openapi3 answers when an input does not fit its schema."""
    return from_validation(error)
