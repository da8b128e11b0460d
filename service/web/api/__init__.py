"""The API for portals and programs: bearer keys, JSON,
OpenAPI at /api/v1/openapi.json, problems as errors.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Response
from flask_openapi3 import APIBlueprint, Info, OpenAPI
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
    comments,
    episodes,
    hooks,
    recordings,
    sources,
    stations,
    urgent,
    voices,
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
        "content": {
            MIME: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}
        },
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


class Application(OpenAPI):
    """A Flask application with the API, which describes the API when somebody asks for the
    description.

    To describe it costs more processor time than all else that an application is made of, and few
    ask.
    """

    describe: Callable[[], dict[str, Any]]

    def generate_spec_json(self) -> None:
        """Fills in the OpenAPI document, at its first reader."""
        self.spec_json = self.describe()


def openapi_of(site: Site) -> dict[str, Any]:
    """What flask-openapi3 is told of an installation."""
    return {
        "info": Info(title=f"{site.name} API", version=site.version or "0"),
        "security_schemes": BEARER,
        "doc_prefix": PREFIX,
        "doc_url": "/openapi.json",
        "validation_error_status": 422,
        "validation_error_callback": invalid,
        "validation_error_model": Problem,
    }


def register(app: Application, newsroom: Newsroom, site: Site) -> None:
    """Adds the API to the application."""
    app.register_api(csrf.exempt(_blueprint(newsroom, site, described=False)))
    app.describe = partial(_description, newsroom, site)


def _description(newsroom: Newsroom, site: Site) -> dict[str, Any]:
    """The OpenAPI document, made with an application that answers nobody."""
    whole = OpenAPI(__name__, **openapi_of(site))
    whole.register_api(_blueprint(newsroom, site, described=True))
    return whole.api_doc


def _blueprint(newsroom: Newsroom, site: Site, *, described: bool) -> APIBlueprint:
    api = APIBlueprint(
        "api",
        __name__,
        url_prefix=PREFIX,
        abp_security=[{"bearer": []}],
        abp_responses=PROBLEMS,
        doc_ui=described,
    )
    api.errorhandler(Rejected)(from_rejected)
    api.errorhandler(NewsroomError)(from_newsroom)
    api.errorhandler(HTTPException)(from_http)
    api.errorhandler(ValidationError)(from_validation)
    api.before_request(partial(only_keys, newsroom))
    articles.add(api, newsroom, site)
    episodes.add(api, newsroom, site)
    comments.add(api, newsroom, site)
    approvals.add(api, newsroom, site)
    urgent.add(api, newsroom, site)
    stations.add(api, newsroom, site)
    voices.add(api, newsroom, site)
    recordings.add(api, newsroom, site)
    sources.add(api, newsroom)
    hooks.add(api, newsroom, site)
    bulletins.add(api, newsroom)
    return api


def invalid(error: Any) -> Response:
    """What flask-openapi3 answers when an input does not fit its schema."""
    return from_validation(error)
