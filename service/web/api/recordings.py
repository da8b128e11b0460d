"""The API's calls for people's voices and stations' chimes: files as multipart/form-data, checked by a worker."""

from typing import Any

from flask import Response, g, jsonify, url_for
from flask_openapi3 import APIBlueprint, FileStorage, Tag
from pydantic import BaseModel, Field, RootModel

from service.actions.articles import article_of, stations_or_home
from service.intake import Story
from service.newsroom import Newsroom
from service.newsroom.values import Recording, Role, Standing
from service.web.api.paths import EpisodePath, SentencePath, StationPath, allowed
from service.web.api.shown import EpisodeOut, episode_shown
from service.web.site import Site
from service.web.sounds import chime_named, heard, sent


class RecordingIn(BaseModel):
    """A recording: WAV, MP3, M4A, Ogg (Opus or Vorbis), WebM or FLAC."""

    file: FileStorage
    announcer: str = Field("", max_length=80, description="who is heard, as listeners are told")


class AloneIn(RecordingIn):
    """A recording that becomes an episode of its own."""

    title: str = Field(min_length=1, max_length=300)
    body: str = Field(
        "", max_length=50_000, description="its words, paragraph by line; may be empty"
    )
    topic: str = ""
    stations: str = Field(
        "", description="slugs between commas; default: the installation's first station"
    )


class ChimeIn(BaseModel):
    """A chime of a station's own."""

    file: FileStorage


class RecordingOut(BaseModel):
    """How a recording stands: checking, ready, refused (see `reason`), lost (its text was changed) or aside."""

    id: int
    href: str
    use: str
    state: str
    reason: dict[str, str] | None
    announcer: str
    seconds: float
    episode: str | None


class ChimeOut(BaseModel):
    """A chime of a station: whether it is its own, where it is heard, and what was sent to be the next."""

    name: str
    label: str
    own: bool
    sound: str
    sent: RecordingOut | None


class ChimesOut(RootModel[list[ChimeOut]]):
    """A station's chimes."""


WAV: dict[str, Any] = {
    "description": "the sound",
    "content": {"audio/wav": {"schema": {"type": "string", "format": "binary"}}},
}


class RecordingPath(BaseModel):
    """A recording's number."""

    recording_id: int


class ChimePath(StationPath):
    """A chime of a station."""

    name: str


def add(api: APIBlueprint, newsroom: Newsroom, site: Site) -> None:
    """Adds the calls."""
    voices = [Tag(name="recordings", description="people's voices and stations' chimes")]
    room = newsroom.recordings

    def accepted(number: int) -> tuple[Response, int]:
        return jsonify(_out(room.get(number)).model_dump(mode="json")), 202

    @api.put(
        "/episodes/<int:episode_id>/sentences/<int:n>/recording",
        tags=voices,
        responses={202: RecordingOut},
    )
    @allowed(Role.EDITOR)
    def put_sentence_recording(path: SentencePath, form: RecordingIn) -> tuple[Response, int]:
        with sent(form.file, form.announcer, g.who) as it:
            return accepted(room.for_sentence(it, path.episode_id, path.n))

    @api.delete(
        "/episodes/<int:episode_id>/sentences/<int:n>/recording",
        tags=voices,
        responses={200: EpisodeOut},
    )
    @allowed(Role.EDITOR)
    def delete_sentence_recording(path: SentencePath) -> Response:
        room.back_to_voice(path.episode_id, g.who, path.n)
        return episode_shown(newsroom, site, path.episode_id)

    @api.put("/episodes/<int:episode_id>/recording", tags=voices, responses={202: RecordingOut})
    @allowed(Role.EDITOR)
    def put_episode_recording(path: EpisodePath, form: RecordingIn) -> tuple[Response, int]:
        with sent(form.file, form.announcer, g.who) as it:
            return accepted(room.for_episode(it, path.episode_id))

    @api.delete("/episodes/<int:episode_id>/recording", tags=voices, responses={200: EpisodeOut})
    @allowed(Role.EDITOR)
    def delete_episode_recording(path: EpisodePath) -> Response:
        room.back_to_voice(path.episode_id, g.who)
        return episode_shown(newsroom, site, path.episode_id)

    @api.post(
        "/recordings", tags=voices, responses={202: RecordingOut}, summary="An episode of its own"
    )
    @allowed(Role.EDITOR)
    def post_recording(form: AloneIn) -> tuple[Response, int]:
        slugs = [slug.strip() for slug in form.stations.split(",") if slug.strip()]
        words = tuple(line.strip() for line in form.body.splitlines() if line.strip())
        story = Story(" ".join(form.title.split()), words, topic=form.topic.strip())
        article = article_of(story, stations_or_home(newsroom, slugs))
        with sent(form.file, form.announcer, g.who) as it:
            return accepted(room.alone(it, article))

    @api.get(
        "/recordings/<int:recording_id>",
        tags=voices,
        responses={200: RecordingOut},
        summary="How it stands",
    )
    @allowed(Role.OPERATOR)
    def get_recording(path: RecordingPath) -> Response:
        return jsonify(_out(room.get(path.recording_id)).model_dump(mode="json"))

    @api.get(
        "/stations/<slug>/chimes",
        tags=voices,
        responses={200: ChimesOut},
        summary="A station's chimes",
    )
    @allowed(Role.OPERATOR)
    def get_chimes(path: StationPath) -> Response:
        newsroom.stations.get(path.slug)
        own, coming = room.chimes(path.slug), room.chimes_sent(path.slug)
        return jsonify(
            [
                {
                    "name": choice.name,
                    "label": choice.label,
                    "own": choice.name in own,
                    "sound": url_for("api.get_chime", slug=path.slug, name=choice.name),
                    "sent": _out(coming[choice.name]).model_dump(mode="json")
                    if choice.name in coming
                    else None,
                }
                for choice in site.chimes
            ]
        )

    @api.get(
        "/stations/<slug>/chimes/<name>",
        tags=voices,
        responses={200: WAV},
        summary="A chime as WAV",
    )
    @allowed(Role.OPERATOR)
    def get_chime(path: ChimePath) -> Response:
        return heard(newsroom, path.slug, chime_named(site, path.name), house=False)

    @api.put("/stations/<slug>/chimes/<name>", tags=voices, responses={202: RecordingOut})
    @allowed(Role.ADMIN)
    def put_chime(path: ChimePath, form: ChimeIn) -> tuple[Response, int]:
        with sent(form.file, "", g.who) as it:
            return accepted(room.for_chime(it, path.slug, chime_named(site, path.name).name))

    @api.delete(
        "/stations/<slug>/chimes/<name>",
        tags=voices,
        responses={204: None},
        summary="The house's again",
    )
    @allowed(Role.ADMIN)
    def delete_chime(path: ChimePath) -> tuple[str, int]:
        room.house_chime(path.slug, chime_named(site, path.name).name, g.who)
        return "", 204


def _out(found: Recording) -> RecordingOut:
    reason = None
    if found.refused:
        reason = {
            "code": found.refused.value,
            "why": found.refused.why,
            "remedy": found.refused.remedy,
        }
        reason["detail"] = found.detail
    known = found.episode_id and found.state is not Standing.REFUSED
    return RecordingOut(
        id=found.id,
        href=url_for("api.get_recording", recording_id=found.id),
        use=found.use,
        state=found.state,
        reason=reason,
        announcer=found.announcer,
        seconds=round(found.seconds, 2),
        episode=url_for("api.get_episode", episode_id=found.episode_id) if known else None,
    )
