"""The API's calls for people's voices and stations' chimes:
files as multipart/form-data, checked by a worker.
"""

from dataclasses import dataclass
from typing import Any

from flask import Response, g, jsonify, url_for
from flask_openapi3 import APIBlueprint, FileStorage, Tag
from pydantic import BaseModel, Field, RootModel

from service.actions.articles import article_of
from service.intake import Story
from service.newsroom import Newsroom
from service.newsroom.stories.recordings import Recordings
from service.newsroom.values import KeyScope, Recording, Role, Standing
from service.web.api.calls import add_calls, call
from service.web.api.paths import (
    EpisodePath,
    SentencePath,
    StationPath,
    allowed,
    slugs_of,
    stations_for,
)
from service.web.api.shown import EpisodeOut, episode_shown
from service.web.media.sounds import chime_named, heard, sent
from service.web.site import Site


class RecordingIn(BaseModel):
    """A recording: WAV, MP3, M4A, Ogg (Opus or Vorbis), WebM or FLAC."""

    file: FileStorage
    announcer: str = Field(
        "", max_length=80, description="who is heard, as listeners are told"
    )


class AloneIn(RecordingIn):
    """A recording that becomes an episode of its own."""

    title: str = Field(min_length=1, max_length=300)
    body: str = Field(
        "", max_length=50_000, description="its words, paragraph by line; may be empty"
    )
    topic: str = ""
    stations: str = Field(
        "",
        description="slugs between commas; default: the installation's first station",
    )


class ChimeIn(BaseModel):
    """A chime of a station's own."""

    file: FileStorage


class RecordingOut(BaseModel):
    """How a recording stands: checking, ready, refused (see `reason`),
    lost (its text was changed) or aside.
    """

    id: int
    href: str
    use: str
    state: str
    reason: dict[str, str] | None
    announcer: str
    seconds: float
    episode: str | None


class ChimeOut(BaseModel):
    """A chime of a station: whether it is its own, where it is heard,
    and what was sent to be the next.
    """

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
    add_calls(
        api,
        Tag(name="recordings", description="people's voices and stations' chimes"),
        _RecordingCalls(newsroom, site),
        KeyScope.RECORDINGS,
    )


@dataclass(frozen=True)
class _RecordingCalls:
    """People's voices and stations' chimes."""

    newsroom: Newsroom
    site: Site

    @property
    def _recordings(self) -> Recordings:
        return self.newsroom.recordings

    def _accepted(self, number: int) -> tuple[Response, int]:
        return jsonify(_out(self._recordings.get(number)).model_dump(mode="json")), 202

    @call(
        "PUT",
        "/episodes/<int:episode_id>/sentences/<int:n>/recording",
        responses={202: RecordingOut},
    )
    @allowed(Role.EDITOR)
    def put_sentence_recording(
        self, path: SentencePath, form: RecordingIn
    ) -> tuple[Response, int]:
        with sent(form.file, form.announcer, g.who) as upload:
            return self._accepted(
                self._recordings.for_sentence(upload, path.episode_id, path.n)
            )

    @call(
        "DELETE",
        "/episodes/<int:episode_id>/sentences/<int:n>/recording",
        responses={200: EpisodeOut},
    )
    @allowed(Role.EDITOR)
    def delete_sentence_recording(self, path: SentencePath) -> Response:
        self._recordings.back_to_voice(path.episode_id, g.who, path.n)
        return episode_shown(self.newsroom, self.site, path.episode_id)

    @call("PUT", "/episodes/<int:episode_id>/recording", responses={202: RecordingOut})
    @allowed(Role.EDITOR)
    def put_episode_recording(
        self, path: EpisodePath, form: RecordingIn
    ) -> tuple[Response, int]:
        with sent(form.file, form.announcer, g.who) as upload:
            return self._accepted(self._recordings.for_episode(upload, path.episode_id))

    @call("DELETE", "/episodes/<int:episode_id>/recording", responses={200: EpisodeOut})
    @allowed(Role.EDITOR)
    def delete_episode_recording(self, path: EpisodePath) -> Response:
        self._recordings.back_to_voice(path.episode_id, g.who)
        return episode_shown(self.newsroom, self.site, path.episode_id)

    @call(
        "POST",
        "/recordings",
        responses={202: RecordingOut},
        summary="An episode of its own",
    )
    @allowed(Role.EDITOR, sifted=True)
    def post_recording(self, form: AloneIn) -> tuple[Response, int]:
        slugs = slugs_of(form.stations)
        # A person reads them: they go through no noise table, line by line as they were typed.
        words = tuple(line.strip() for line in form.body.splitlines() if line.strip())
        story = Story(" ".join(form.title.split()), words, topic=form.topic.strip())
        article = article_of(story, stations_for(self.newsroom, slugs))
        with sent(form.file, form.announcer, g.who) as upload:
            return self._accepted(self._recordings.alone(upload, article))

    @call(
        "GET",
        "/recordings/<int:recording_id>",
        responses={200: RecordingOut},
        summary="How it stands",
    )
    @allowed(Role.OPERATOR)
    def get_recording(self, path: RecordingPath) -> Response:
        return jsonify(
            _out(self._recordings.get(path.recording_id)).model_dump(mode="json")
        )

    @call(
        "GET",
        "/stations/<slug>/chimes",
        responses={200: ChimesOut},
        summary="A station's chimes",
    )
    @allowed(Role.OPERATOR)
    def get_chimes(self, path: StationPath) -> Response:
        self.newsroom.stations.get(path.slug)  # 404 for a station that is not there
        own = self._recordings.chimes(path.slug)
        sent = self._recordings.chimes_sent(path.slug)
        chimes = [
            ChimeOut(
                name=choice.name,
                label=choice.label,
                own=choice.name in own,
                sound=url_for("api.get_chime", slug=path.slug, name=choice.name),
                sent=_out(sent[choice.name]) if choice.name in sent else None,
            )
            for choice in self.site.chimes
        ]
        return jsonify([chime.model_dump(mode="json") for chime in chimes])

    @call(
        "GET",
        "/stations/<slug>/chimes/<name>",
        responses={200: WAV},
        summary="A chime as WAV",
    )
    @allowed(Role.OPERATOR)
    def get_chime(self, path: ChimePath) -> Response:
        return heard(
            self.newsroom, path.slug, chime_named(self.site, path.name), house=False
        )

    @call("PUT", "/stations/<slug>/chimes/<name>", responses={202: RecordingOut})
    @allowed(Role.ADMIN)
    def put_chime(self, path: ChimePath, form: ChimeIn) -> tuple[Response, int]:
        with sent(form.file, "", g.who) as upload:
            chime = chime_named(self.site, path.name)
            return self._accepted(
                self._recordings.for_chime(upload, path.slug, chime.name)
            )

    @call(
        "DELETE",
        "/stations/<slug>/chimes/<name>",
        responses={204: None},
        summary="The house's again",
    )
    @allowed(Role.ADMIN)
    def delete_chime(self, path: ChimePath) -> tuple[str, int]:
        chime = chime_named(self.site, path.name)
        self._recordings.house_chime(path.slug, chime.name, g.who)
        return "", 204


def _out(recording: Recording) -> RecordingOut:
    # A recording that was refused is in no episode, though it was sent for one.
    in_episode = recording.episode_id and recording.state is not Standing.REFUSED
    return RecordingOut(
        id=recording.id,
        href=url_for("api.get_recording", recording_id=recording.id),
        use=recording.use,
        state=recording.state,
        reason=_reason(recording),
        announcer=recording.announcer,
        seconds=round(recording.seconds, 2),
        episode=url_for("api.get_episode", episode_id=recording.episode_id)
        if in_episode
        else None,
    )


def _reason(recording: Recording) -> dict[str, str] | None:
    """Why it was refused, and what to do about it."""
    refusal = recording.refused
    if not refusal:
        return None
    return {
        "code": refusal.value,
        "why": refusal.why,
        "remedy": refusal.remedy,
        "detail": recording.detail,
    }
