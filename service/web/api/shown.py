"""An episode as the API shows it."""

from collections.abc import Sequence
from dataclasses import asdict

from flask import Response, jsonify, url_for
from pydantic import BaseModel, Field

from service.newsroom import Newsroom
from service.newsroom.values import (
    Correction,
    Episode,
    HumanVoice,
    Master,
    MasterKind,
    Placement,
    Rendering,
    Sentence,
    State,
)
from service.web.site import Site


class SentenceOut(BaseModel):
    """A sentence.

    Times in the `app` master, null until it is mastered; `pause_ms` is planned until then.
    """

    n: int
    written: str
    spoken: str
    pause_ms: int
    start_ms: int | None
    end_ms: int | None
    human: bool = Field(description="whether a person's recording is heard")
    voice: str = Field(
        description="engine:name, or human: and the announcer's name; empty until it is spoken"
    )


class VoiceOut(BaseModel):
    """Who speaks; `engine` is "human" when people read all.

    `provisional` when it is not the preferred voice.
    """

    engine: str
    name: str
    provisional: bool
    human: HumanVoice = Field(description="how much of it people read")
    announcers: list[str]


class ProgressOut(BaseModel):
    """How far the voice has come."""

    done: int
    total: int


class MasterOut(BaseModel):
    """A finished file, as measured."""

    url: str
    bytes: int
    sha256: str
    seconds: float
    lufs: float
    true_peak: float


class WorkOut(BaseModel):
    """What the last rendering cost."""

    engine_calls: int
    clips_reused: int


class CorrectionOut(BaseModel):
    """An error that was heard, and the episode that puts it right.

    `published_at` null until that is heard.
    """

    episode: str
    corrected: str
    page: str
    wrong: str
    right: str
    published_at: str | None


class PlacementOut(BaseModel):
    """Where something is heard, and how it counts there."""

    stations: list[str]
    priority: str
    evergreen: bool


class UnplacedOut(BaseModel):
    """A sentence as it was mended; `spoken` when it was its reading that was mended."""

    written: str
    spoken: str


class EpisodeOut(BaseModel):
    """An episode, whole."""

    id: int
    state: str
    version: int
    reason: dict[str, str] | None = Field(
        description="why it is held or withdrawn: code, why and remedy (Vietnamese)"
    )
    progress: ProgressOut
    voice: VoiceOut | None
    guid: str
    title: str
    station: str
    page: str
    sentences: list[SentenceOut]
    masters: dict[str, MasterOut]
    work: WorkOut
    kind: str
    stations: list[str] = Field(
        description="where this version is heard once it is approved, its home first"
    )
    priority: str
    evergreen: bool
    on_air: PlacementOut | None = Field(
        description="the same of what the public has now"
    )
    doubts: list[str] = Field(description="why somebody should look before it is heard")
    unplaced: list[UnplacedOut] = Field(
        description="corrections made by hand that the newest text has no place for"
    )
    approved_by: str = Field(
        description="who approved this version; empty while nobody did"
    )
    returned: str = Field(
        description="the remark with which this version was sent back"
    )
    corrections: list[CorrectionOut] = Field(
        description="what was wrong in this episode"
    )
    corrects: CorrectionOut | None = Field(
        description="what this episode puts right, when it is a correction"
    )


def episode_shown(newsroom: Newsroom, site: Site, episode_id: int) -> Response:
    """The answer that tells an episode whole; NotFound when there is none of that number."""
    episode = newsroom.episodes.get(episode_id)
    corrections, corrects = newsroom.episodes.corrections(episode_id)
    return jsonify(
        episode_out(episode, site, corrections, corrects).model_dump(mode="json")
    )


def episode_out(
    episode: Episode,
    site: Site,
    corrections: Sequence[Correction] = (),
    corrects: Correction | None = None,
) -> EpisodeOut:
    """An episode as the API shows it."""
    rendering = episode.rendering
    return EpisodeOut(
        id=episode.id,
        state=episode.state,
        version=episode.version,
        reason=_reason(episode),
        progress=ProgressOut(done=rendering.done, total=rendering.total),
        voice=_voice_out(rendering),
        guid=episode.guid,
        title=episode.title,
        station=episode.station,
        page=f"{site.public_url}/articles/{episode.slug}",
        sentences=_sentences_out(episode),
        masters={master.kind: _master_out(master, site) for master in episode.masters},
        work=WorkOut(
            engine_calls=rendering.engine_calls, clips_reused=rendering.clips_reused
        ),
        kind=episode.kind,
        **asdict(rendering.placement),
        on_air=_placement_out(episode.on_air),
        doubts=list(rendering.doubts),
        unplaced=[UnplacedOut(**asdict(sentence)) for sentence in rendering.unplaced],
        approved_by=rendering.approved_by,
        returned=rendering.returned_why,
        corrections=[_correction_out(mark, site) for mark in corrections],
        corrects=_correction_out(corrects, site) if corrects else None,
    )


def _voice_out(rendering: Rendering) -> VoiceOut | None:
    """Who speaks; None until it is spoken."""
    if not rendering.spoken_by:
        return None
    engine, _, name = rendering.spoken_by.partition(":")
    return VoiceOut(
        engine=engine,
        name=name,
        provisional=rendering.provisional,
        human=rendering.human,
        announcers=list(rendering.announcers),
    )


def _placement_out(placement: Placement | None) -> PlacementOut | None:
    return PlacementOut(**asdict(placement)) if placement else None


def _reason(episode: Episode) -> dict[str, str] | None:
    """Why it is held or withdrawn."""
    if episode.held:
        return {
            "code": episode.held.value,
            "why": episode.held.why,
            "remedy": episode.held.remedy,
            "detail": episode.held_detail,
        }
    if episode.state is State.WITHDRAWN:
        return {
            "code": "withdrawn",
            "why": episode.withdrawn_why,
            "remedy": "",
            "detail": "",
        }
    return None


def _correction_out(mark: Correction, site: Site) -> CorrectionOut:
    return CorrectionOut(
        episode=url_for("api.get_episode", episode_id=mark.episode_id),
        corrected=url_for("api.get_episode", episode_id=mark.corrected_id),
        page=f"{site.public_url}/articles/{mark.slug}",
        wrong=mark.wrong,
        right=mark.right,
        published_at=mark.published_at.isoformat() if mark.published_at else None,
    )


def _sentences_out(episode: Episode) -> list[SentenceOut]:
    return [
        SentenceOut(
            n=sentence.n,
            written=sentence.written,
            spoken=sentence.spoken,
            pause_ms=_pause_ms(sentence, next_start),
            start_ms=sentence.start_ms,
            end_ms=sentence.end_ms,
            human=bool(sentence.recording or episode.rendering.recording),
            voice=_voice_of(sentence, episode.rendering),
        )
        for sentence, next_start in zip(
            episode.sentences, _next_starts(episode), strict=False
        )
    ]


def _next_starts(episode: Episode) -> list[int | None]:
    """When what follows each sentence begins, in ms: the next one, or the end of the `app` file."""
    lengths = [
        round(master.seconds * 1000)
        for master in episode.masters
        if master.kind == MasterKind.APP
    ]
    end = lengths[0] if lengths else None
    return [*(sentence.start_ms for sentence in episode.sentences[1:]), end]


def _pause_ms(sentence: Sentence, next_start: int | None) -> int:
    """The pause after a sentence: as it was planned, and once mastered as it is in the file.

    The file is made of whole frames, so that the two differ by some milliseconds.
    """
    if next_start is None or sentence.end_ms is None:
        return sentence.pause_ms
    return next_start - sentence.end_ms


def _voice_of(sentence: Sentence, rendering: Rendering) -> str:
    """Who is heard in a sentence; "" until it is spoken."""
    if not rendering.spoken_by:
        return ""
    # A recording of the whole is the rendering's own voice.
    is_one_of_some = sentence.recording and not rendering.recording
    return f"human:{sentence.announcer}" if is_one_of_some else rendering.spoken_by


def _master_out(master: Master, site: Site) -> MasterOut:
    return MasterOut(
        url=f"{site.public_url}/media/{master.path}",
        bytes=master.bytes,
        sha256=master.sha256,
        seconds=master.seconds,
        lufs=master.lufs,
        true_peak=master.true_peak,
    )
