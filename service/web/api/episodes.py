"""The API's calls for what is made of an article: looked at, corrected, read again."""

from flask import Response, g
from flask_openapi3 import APIBlueprint, Tag
from pydantic import Field

from service.actions.aloud import announcer_for
from service.actions.corrections import correct
from service.newsroom import Newsroom
from service.newsroom.errors import Invalid
from service.newsroom.values import Role
from service.web.api.articles import ArticleOut, received
from service.web.api.bodies import described, given
from service.web.api.paths import EpisodePath, SentencePath, allowed
from service.web.api.shown import EpisodeOut, episode_shown
from service.web.inputs import Strict
from service.web.site import Site


class SentenceIn(Strict):
    """Another spoken form, or another text, for one sentence: one of the two."""

    spoken: str | None = None
    written: str | None = None


class RegenerateIn(Strict):
    """What to read again; empty: the whole."""

    voice: str | None = Field(None, description="engine:name, as GET /voices lists them")
    sentences: list[int] = Field(default_factory=list)


class CorrectIn(Strict):
    """What was said, and what should have been."""

    wrong: str
    right: str


def add(api: APIBlueprint, newsroom: Newsroom, site: Site) -> None:
    """Adds the calls."""
    episodes = [Tag(name="episodes", description="what is made of it")]

    def shown(episode_id: int) -> Response:
        return episode_shown(newsroom, site, episode_id)

    @api.get(
        "/episodes/<int:episode_id>",
        tags=episodes,
        responses={200: EpisodeOut},
        summary="An episode",
    )
    @allowed(Role.OPERATOR)
    def get_episode(path: EpisodePath) -> Response:
        return shown(path.episode_id)

    @api.patch(
        "/episodes/<int:episode_id>/sentences/<int:n>", tags=episodes, responses={200: EpisodeOut}
    )
    @allowed(Role.EDITOR)
    def patch_sentence(path: SentencePath, body: SentenceIn) -> Response:
        if (body.spoken is None) == (body.written is None):
            raise Invalid(
                "give spoken or written, one of the two",
                "Chọn sửa câu viết hoặc câu đọc.",
                "spoken",
            )
        if body.spoken is not None:
            newsroom.episodes.say_otherwise(path.episode_id, path.n, body.spoken, g.who)
        elif body.written is not None:
            station = newsroom.stations.get(newsroom.episodes.get(path.episode_id).station)
            reading = announcer_for(station, newsroom.terms.of(station.slug)).reread(
                path.n, body.written
            )
            newsroom.episodes.write_otherwise(path.episode_id, path.n, reading, g.who)
        return shown(path.episode_id)

    @api.post(
        "/episodes/<int:episode_id>/regenerate",
        tags=episodes,
        responses={200: EpisodeOut},
        openapi_extensions=described(RegenerateIn, required=False),
    )
    @allowed(Role.EDITOR)
    def regenerate(path: EpisodePath) -> Response:
        body = RegenerateIn.model_validate(given())
        site.check_voice(body.voice)
        newsroom.episodes.regenerate(
            path.episode_id, g.who, voice=body.voice, sentences=body.sentences
        )
        return shown(path.episode_id)

    @api.post("/episodes/<int:episode_id>/corrections", tags=episodes, responses={202: ArticleOut})
    @allowed(Role.EDITOR)
    def post_correction(path: EpisodePath, body: CorrectIn) -> tuple[Response, int]:
        return received(correct(newsroom, path.episode_id, body.wrong, body.right, g.who)), 202
