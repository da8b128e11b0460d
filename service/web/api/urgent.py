"""The API's calls for warnings: read ahead of everything, typed or as CAP 1.2."""

from dataclasses import dataclass
from typing import Any

from flask import Response, g, jsonify, request, url_for
from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field, RootModel

from service.actions.warnings import TIMES, Taken, Typed, take
from service.newsroom import Newsroom
from service.newsroom.errors import Invalid
from service.newsroom.values import KeyScope, Role, Urgent
from service.web.api.approvals import WithdrawIn
from service.web.api.calls import add_calls, call
from service.web.api.paths import EpisodePath, allowed
from service.web.auth.access import may_somewhere, reach, warning_rights
from service.web.inputs import Strict
from service.web.problems import problem
from service.web.site import Site


class UrgentIn(Strict):
    """A warning: words, or the CAP 1.2 alert that holds them."""

    title: str = ""
    body: str = ""
    cap: str = Field("", description="a CAP 1.2 alert (XML), instead of title and body")
    stations: list[str] = Field(default_factory=list, description="slugs, or all")
    expires_at: str = Field(
        "",
        description="ISO 8601; Vietnam's time when it names no zone; default: the alert's",
    )
    minutes: int | None = Field(
        None, description="how long it is in force, instead of expires_at"
    )
    times: int = Field(TIMES, description="how often it is read")
    approve: bool = Field(
        False,
        description="on the air as soon as it is read, in the name of this (approver's) key",
    )


class UrgentOut(BaseModel):
    """A warning and where it stands.

    `waits` when somebody must approve it, or mend what holds it.
    """

    episode: str
    title: str
    stations: list[str]
    state: str
    version: int
    in_force: bool
    waits: bool
    expired: bool
    ended: str = Field(description="why it was ended early")
    approved_by: str
    first_approved_by: str = Field(
        description="the first of two who must approve it, while the second is waited for"
    )
    expires_at: str
    times: int
    severity: str
    cap_id: str


class WarningsOut(RootModel[list[UrgentOut]]):
    """Warnings, the newest first."""


class UrgentsOut(BaseModel):
    """What became of a warning handed in: `news` is created,
    unchanged or (CAP Cancel) cancelled.
    """

    news: str
    urgent: list[UrgentOut]


XML = ("application/xml", "text/xml", "application/cap+xml")
# What the address of an alert as XML says, beside its stations.
BESIDE_XML = ("expires_at", "minutes", "times", "approve")
WARNING_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": UrgentIn.model_json_schema()},
            "application/xml": {
                "schema": {"type": "string"},
                "example": '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">…</alert>',
            },
        },
    },
    "parameters": [
        {
            "name": name,
            "in": "query",
            "schema": {"type": kind},
            "description": f"with XML: {meaning}",
        }
        for name, kind, meaning in (
            ("stations", "string", "slugs between commas, or all"),
            ("expires_at", "string", "as in JSON"),
            ("minutes", "integer", "as in JSON"),
            ("times", "integer", "as in JSON"),
            ("approve", "boolean", "as in JSON"),
        )
    ],
}


def add(api: APIBlueprint, newsroom: Newsroom, site: Site) -> None:
    """Adds the calls."""
    add_calls(
        api,
        Tag(name="urgent", description="warnings, ahead of everything"),
        _WarningCalls(newsroom, site),
        KeyScope.URGENT,
    )


@dataclass(frozen=True)
class _WarningCalls:
    """Warnings, ahead of everything."""

    newsroom: Newsroom
    site: Site

    def _outcome(self, taken: Taken) -> dict[str, Any]:
        return {
            "news": taken.news,
            "urgent": [urgent_out(self.newsroom.urgent.get(n)) for n in taken.episodes],
        }

    @call(
        "POST",
        "/urgent",
        responses={202: UrgentsOut},
        summary="Warn: read at once, on every slot of its stations until it expires",
        openapi_extensions=WARNING_BODY,
    )
    @allowed(Role.EDITOR, sifted=True)
    def post_urgent(self) -> Any:
        typed = typed_urgent()
        # A role that is too low is 403 here as everywhere, not a field that does not fit.
        if typed.approve and not may_somewhere(Role.APPROVER):
            return problem(
                403, "Forbidden", "approving beforehand needs a key of role approver"
            )
        taken = take(
            self.newsroom, self.site.urgent_voice, typed, g.who, warning_rights()
        )
        return jsonify(self._outcome(taken)), 202

    @call(
        "GET",
        "/urgent",
        responses={200: WarningsOut},
        summary="Warnings, the newest first",
    )
    @allowed(Role.OPERATOR, sifted=True)
    def get_urgents(self) -> Response:
        within = reach(Role.OPERATOR)
        return jsonify(
            [urgent_out(each) for each in self.newsroom.urgent.all(among=within)]
        )

    @call(
        "GET",
        "/urgent/<int:episode_id>",
        responses={200: UrgentOut},
        summary="A warning",
    )
    @allowed(Role.OPERATOR)
    def get_urgent(self, path: EpisodePath) -> Response:
        return jsonify(urgent_out(self.newsroom.urgent.get(path.episode_id)))

    @call(
        "POST",
        "/urgent/<int:episode_id>/end",
        responses={200: UrgentOut},
        summary="End a warning early",
    )
    @allowed(Role.APPROVER)
    def end_urgent(self, path: EpisodePath, body: WithdrawIn) -> Response:
        self.newsroom.urgent.end(path.episode_id, body.reason, g.who)
        return jsonify(urgent_out(self.newsroom.urgent.get(path.episode_id)))


def typed_urgent() -> Typed:
    """A warning as JSON; or an alert as XML, with the rest in the address."""
    if request.mimetype in XML:
        given = UrgentIn.model_validate(_in_address())
        cap = request.get_data()
    else:
        given = UrgentIn.model_validate(request.get_json())
        cap = given.cap.encode()
    if not cap.strip() and not given.body.strip():
        raise Invalid("give body, or cap", "Cần có nội dung cảnh báo.", "body")
    return Typed(
        stations=tuple(given.stations),
        title=given.title,
        body=given.body,
        cap=cap,
        expires_at=given.expires_at,
        minutes=given.minutes,
        times=given.times,
        approve=given.approve,
    )


def _in_address() -> dict[str, Any]:
    """What an address says of an alert; stations one by one, or several between commas."""
    arguments = request.args
    members: dict[str, Any] = {
        name: arguments[name] for name in BESIDE_XML if name in arguments
    }
    named = ",".join(arguments.getlist("stations"))
    return members | {"stations": [slug for slug in named.split(",") if slug]}


def urgent_out(urgent: Urgent) -> dict[str, Any]:
    """A warning as the API shows it."""
    return UrgentOut(
        episode=url_for("api.get_episode", episode_id=urgent.episode_id),
        title=urgent.title,
        stations=list(urgent.stations),
        state=urgent.state,
        version=urgent.version,
        in_force=urgent.in_force,
        waits=urgent.waits,
        expired=urgent.expired,
        ended=urgent.ended_why,
        approved_by=urgent.approved_by,
        first_approved_by=urgent.first_by,
        expires_at=urgent.expires_at.isoformat(),
        times=urgent.times,
        severity=urgent.severity,
        cap_id=urgent.cap_id,
    ).model_dump(mode="json")
