"""The API's calls for what is made of an article: looked at, corrected, read again."""

from dataclasses import dataclass

from flask import Response, g
from flask_openapi3 import APIBlueprint, Tag
from pydantic import Field

from service.actions.corrections import correct
from service.actions.reading_again import read_again
from service.actions.rewriting import rewrite_sentence
from service.newsroom import Newsroom
from service.newsroom.errors import Invalid
from service.newsroom.values import KeyScope, Role, SentenceSeen
from service.web.api.articles import ArticleOut, received
from service.web.api.bodies import described, given
from service.web.api.calls import add_calls, call
from service.web.api.paths import EpisodePath, SentencePath, allowed
from service.web.api.shown import EpisodeOut, episode_shown
from service.web.inputs import Strict
from service.web.site import Site

AS_SEEN = "the sentence as it was looked at: 409 when it is another one by now"


class SentenceIn(Strict):
    """Another spoken form, or another text, for one sentence: one of the two."""

    spoken: str | None = None
    written: str | None = None
    was_written: str | None = Field(None, description=AS_SEEN)
    was_spoken: str | None = Field(None, description=AS_SEEN)


class RegenerateIn(Strict):
    """What to read again; empty: the whole."""

    voice: str | None = Field(
        None, description="engine:name, as GET /voices lists them"
    )
    sentences: list[int] = Field(default_factory=list)


class CorrectIn(Strict):
    """What was said, and what should have been."""

    wrong: str
    right: str


def add(api: APIBlueprint, newsroom: Newsroom, site: Site) -> None:
    """Adds the calls."""
    add_calls(
        api,
        Tag(name="episodes", description="what is made of it"),
        _EpisodeCalls(newsroom, site),
        KeyScope.EPISODES,
    )


@dataclass(frozen=True)
class _EpisodeCalls:
    """What is made of an article."""

    newsroom: Newsroom
    site: Site

    def _shown(self, episode_id: int) -> Response:
        return episode_shown(self.newsroom, self.site, episode_id)

    @call(
        "GET",
        "/episodes/<int:episode_id>",
        responses={200: EpisodeOut},
        summary="An episode",
    )
    @allowed(Role.OPERATOR)
    def get_episode(self, path: EpisodePath) -> Response:
        return self._shown(path.episode_id)

    @call(
        "PATCH",
        "/episodes/<int:episode_id>/sentences/<int:n>",
        responses={200: EpisodeOut},
    )
    @allowed(Role.EDITOR)
    def patch_sentence(self, path: SentencePath, body: SentenceIn) -> Response:
        if (body.spoken is None) == (body.written is None):
            raise Invalid(
                "give spoken or written, one of the two",
                "Chọn sửa câu viết hoặc câu đọc.",
                "spoken",
            )
        seen = SentenceSeen(body.was_written, body.was_spoken)
        if body.spoken is not None:
            self.newsroom.episodes.say_otherwise(
                path.episode_id, path.n, body.spoken, g.who, seen=seen
            )
        elif body.written is not None:
            rewrite_sentence(
                self.newsroom, path.episode_id, path.n, body.written, g.who, seen
            )
        return self._shown(path.episode_id)

    @call(
        "POST",
        "/episodes/<int:episode_id>/regenerate",
        responses={200: EpisodeOut},
        openapi_extensions=described(RegenerateIn, required=False),
    )
    @allowed(Role.EDITOR)
    def regenerate(self, path: EpisodePath) -> Response:
        body = RegenerateIn.model_validate(given())
        self.site.check_voice(body.voice)
        read_again(
            self.newsroom,
            path.episode_id,
            g.who,
            voice=body.voice,
            sentences=body.sentences,
        )
        return self._shown(path.episode_id)

    @call("POST", "/episodes/<int:episode_id>/corrections", responses={202: ArticleOut})
    @allowed(Role.EDITOR)
    def post_correction(
        self, path: EpisodePath, body: CorrectIn
    ) -> tuple[Response, int]:
        receipt = correct(self.newsroom, path.episode_id, body.wrong, body.right, g.who)
        return received(receipt), 202
