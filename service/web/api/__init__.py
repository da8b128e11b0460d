"""The API for portals and programs: bearer keys, JSON, OpenAPI at /api/v1/openapi.json, problems as errors."""

from functools import partial
from typing import Any

from flask import Response
from flask_openapi3 import APIBlueprint, OpenAPI
from flask_openapi3.types import ResponseDict
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from service.intake import Rejected
from service.newsroom import Newsroom
from service.newsroom.errors import NewsroomError
from service.web.api import (
    approvals,
    articles,
    bulletins,
    episodes,
    recordings,
    sources,
    stations,
    urgent,
)
from service.web.api.paths import only_keys
from service.web.auth import csrf
from service.web.problems import (
    MIME,
    Problem,
    from_http,
    from_newsroom,
    from_rejected,
    from_validation,
)
from service.web.site import Site

PREFIX = "/api/v1"
BEARER: dict[str, Any] = {"bearer": {"type": "http", "scheme": "bearer"}}
PROBLEMS: ResponseDict = {
    status: {
        "description": meaning,
        "content": {MIME: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}},
    }
    for status, meaning in (
        ("400", "no JSON, or an address that cannot be"),
        ("401", "no valid key"),
        ("403", "the key's role may not do this"),
        ("404", "there is nothing of that name or number"),
        ("405", "this address is not asked so; `Allow` tells how"),
        ("409", "not as things stand: `field` says what has changed, or is not yet"),
        ("413", "larger than what is taken"),
        ("415", "of another kind than this call takes"),
        ("422", "it does not fit: `errors` names each field"),
        ("503", "the database or the store of files does not answer; try again later"),
    )
}


def register(app: OpenAPI, newsroom: Newsroom, site: Site) -> None:
    """Adds the API to the application."""
    api = csrf.exempt(
        APIBlueprint(
            "api",
            __name__,
            url_prefix=PREFIX,
            abp_security=[{"bearer": []}],
            abp_responses=PROBLEMS,
        )
    )
    api.errorhandler(Rejected)(from_rejected)
    api.errorhandler(NewsroomError)(from_newsroom)
    api.errorhandler(HTTPException)(from_http)
    api.errorhandler(ValidationError)(from_validation)
    api.before_request(partial(only_keys, newsroom))
    articles.add(api, newsroom)
    episodes.add(api, newsroom, site)
    approvals.add(api, newsroom, site)
    urgent.add(api, newsroom, site)
    stations.add(api, newsroom, site)
    recordings.add(api, newsroom, site)
    sources.add(api, newsroom)
    bulletins.add(api, newsroom)
    app.register_api(api)


def invalid(error: Any) -> Response:
    """What flask-openapi3 answers when an input does not fit its schema."""
    return from_validation(error)
