"""The API's calls for what people at the desk say about sentences."""

from dataclasses import dataclass
from typing import Any

from flask import Response, g, jsonify
from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field, RootModel

from service.newsroom import Newsroom
from service.newsroom.stories.comments import LONGEST_COMMENT
from service.newsroom.values import Comment, KeyScope, Role
from service.web.api.calls import add_calls, call
from service.web.api.paths import CommentPath, EpisodePath, SentencePath, allowed
from service.web.inputs import Strict
from service.web.site import Site


class CommentIn(Strict):
    """What is to be said of a sentence; `was` is the sentence as it was looked at."""

    text: str = Field(max_length=LONGEST_COMMENT)
    was: str | None = None


class CommentOut(BaseModel):
    """A comment, and whether it is done with."""

    id: int
    sentence: int | None = Field(description="where it stands now; null: nowhere")
    written: str = Field(description="the sentence as it was then")
    version: int = Field(description="of the episode, then")
    text: str
    by: str
    at: str
    solved_by: str
    solved_at: str | None


class CommentsOut(RootModel[list[CommentOut]]):
    """Comments, the oldest first."""


def add(api: APIBlueprint, newsroom: Newsroom, site: Site) -> None:
    """Adds the calls."""
    add_calls(
        api,
        Tag(name="episodes", description="what is made of it"),
        _CommentCalls(newsroom, site),
        KeyScope.EPISODES,
    )


@dataclass(frozen=True)
class _CommentCalls:
    """Comments on sentences."""

    newsroom: Newsroom
    site: Site

    @call(
        "GET",
        "/episodes/<int:episode_id>/comments",
        responses={200: CommentsOut},
        summary="What the desk says of its sentences",
    )
    @allowed(Role.OPERATOR)
    def get_comments(self, path: EpisodePath) -> Response:
        self.newsroom.episodes.get(path.episode_id)  # or 404
        comments = self.newsroom.comments.of(path.episode_id)
        return jsonify([_shown(each) for each in comments])

    @call(
        "POST",
        "/episodes/<int:episode_id>/sentences/<int:n>/comments",
        responses={201: CommentOut},
        summary="Say something of a sentence, to the desk",
    )
    @allowed(Role.EDITOR)
    def post_comment(self, path: SentencePath, body: CommentIn) -> Any:
        comment = self.newsroom.comments.add(
            path.episode_id, path.n, body.text, g.who, body.was
        )
        return jsonify(_shown(comment)), 201

    @call(
        "POST",
        "/episodes/<int:episode_id>/comments/<int:comment_id>/solve",
        responses={200: CommentOut},
        summary="It is done with",
    )
    @allowed(Role.EDITOR)
    def solve_comment(self, path: CommentPath) -> Response:
        solved = self.newsroom.comments.solve(path.episode_id, path.comment_id, g.who)
        return jsonify(_shown(solved))


def _shown(comment: Comment) -> dict[str, object]:
    return CommentOut(
        id=comment.id,
        sentence=comment.n,
        written=comment.written,
        version=comment.version,
        text=comment.text,
        by=comment.by,
        at=comment.at.isoformat(),
        solved_by=comment.solved_by,
        solved_at=comment.solved_at.isoformat() if comment.solved_at else None,
    ).model_dump(mode="json")
