"""The API's calls by which people decide what is heard: approvals,
one or many, and taking off the air.
"""

from dataclasses import dataclass
from typing import Annotated

from flask import Response, g, jsonify
from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field

from service.newsroom import Newsroom
from service.newsroom.errors import NewsroomError
from service.newsroom.stories.hearings import LONGEST_REMARK
from service.newsroom.values import KeyScope, Role
from service.newsroom.values.grants import Thing
from service.web.api.bodies import described, given
from service.web.api.calls import add_calls, call
from service.web.api.paths import EpisodePath, allowed
from service.web.api.shown import EpisodeOut, episode_shown
from service.web.auth.access import check_thing
from service.web.inputs import LARGEST, Number, Strict
from service.web.problems import status_of
from service.web.site import Site

MOST_AT_ONCE = 100  # episodes approved by one call
Version = Annotated[
    int, Field(strict=True, ge=1, le=LARGEST, description="as it was heard")
]


class ApproveIn(Strict):
    """Which version was listened to.

    Only that one is approved, for the stations that it is placed at.
    """

    version: Version


class EpisodeApproveIn(ApproveIn):
    """One of several."""

    id: Number


class ApproveManyIn(Strict):
    """Episodes that were listened to, each in a version."""

    episodes: list[EpisodeApproveIn] = Field(min_length=1, max_length=MOST_AT_ONCE)


class ApprovedOut(BaseModel):
    """What became of one: its state, or why it was not approved."""

    id: int
    version: int
    approved: bool
    state: str = Field(description="empty when it was not approved")
    status: int = Field(description="as the call for this one alone would answer")
    field: str = ""
    detail: str = ""
    message_vi: str = ""


class ApprovedManyOut(BaseModel):
    """What became of each, in the order in which they were named."""

    episodes: list[ApprovedOut]


class ReturnIn(ApproveIn):
    """Which version was listened to, and what should be otherwise."""

    remark: str = Field(max_length=LONGEST_REMARK)


class WithdrawIn(Strict):
    """Why listeners no longer get it."""

    reason: str


def add(api: APIBlueprint, newsroom: Newsroom, site: Site) -> None:
    """Adds the calls."""
    add_calls(
        api,
        Tag(name="episodes", description="what is made of it"),
        _ApprovalCalls(newsroom, site),
        KeyScope.APPROVE,
    )


@dataclass(frozen=True)
class _ApprovalCalls:
    """Episodes, in the version that somebody listened to: approved, or taken back."""

    newsroom: Newsroom
    site: Site

    # The body is read by the call itself, so that a missing version is a 422 that names it.
    @call(
        "POST",
        "/episodes/<int:episode_id>/approve",
        responses={200: EpisodeOut},
        openapi_extensions=described(ApproveIn, required=True),
    )
    @allowed(Role.APPROVER)
    def approve(self, path: EpisodePath) -> Response:
        body = ApproveIn.model_validate(given())
        self.newsroom.episodes.approve(path.episode_id, g.who, body.version)
        return episode_shown(self.newsroom, self.site, path.episode_id)

    @call(
        "POST",
        "/episodes/approve",
        responses={200: ApprovedManyOut},
        summary="Approve several; each is answered by itself",
    )
    @allowed(Role.APPROVER, sifted=True)
    def approve_many(self, body: ApproveManyIn) -> Response:
        return jsonify(_approved_each(self.newsroom, body).model_dump(mode="json"))

    @call(
        "POST",
        "/episodes/<int:episode_id>/return",
        responses={200: EpisodeOut},
        summary="Send it back to who wrote it, with a remark",
    )
    @allowed(Role.APPROVER)
    def send_back(self, path: EpisodePath, body: ReturnIn) -> Response:
        self.newsroom.episodes.send_back(
            path.episode_id, g.who, body.version, body.remark
        )
        return episode_shown(self.newsroom, self.site, path.episode_id)

    @call("POST", "/episodes/<int:episode_id>/withdraw", responses={200: EpisodeOut})
    @allowed(Role.APPROVER)
    def withdraw(self, path: EpisodePath, body: WithdrawIn) -> Response:
        self.newsroom.episodes.withdraw(path.episode_id, body.reason, g.who)
        return episode_shown(self.newsroom, self.site, path.episode_id)


def _approved_each(newsroom: Newsroom, body: ApproveManyIn) -> ApprovedManyOut:
    answers = [
        _approved(newsroom, episode.id, episode.version) for episode in body.episodes
    ]
    return ApprovedManyOut(episodes=answers)


def _approved(newsroom: Newsroom, episode_id: int, version: int) -> ApprovedOut:
    """One of several approvals: that it is refused keeps none of the others."""
    try:
        check_thing(Role.APPROVER, Thing.EPISODE, episode_id)
        newsroom.episodes.approve(episode_id, g.who, version)
    except NewsroomError as error:
        return ApprovedOut(
            id=episode_id,
            version=version,
            approved=False,
            state="",
            status=status_of(error),
            field=error.field,
            detail=str(error),
            message_vi=error.message_vi,
        )
    state = newsroom.episodes.get(episode_id).state
    return ApprovedOut(
        id=episode_id, version=version, approved=True, state=state, status=200
    )
