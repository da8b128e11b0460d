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
    Rendering,
    Sentence,
    State,
)
from service.web.site import Site


class SentenceOut(BaseModel):
    """A sentence; times in the `app` master, null until it is mastered; `pause_ms` is planned until then."""

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
    """Who speaks; `engine` is "human" when people read all. `provisional` when it is not the preferred voice."""

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
    """An error that was heard, and the episode that puts it right; `published_at` null until that is heard."""

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
    on_air: PlacementOut | None = Field(description="the same of what the public has now")
    doubts: list[str] = Field(description="why somebody should look before it is heard")
    unplaced: list[UnplacedOut] = Field(
        description="corrections made by hand that the newest text has no place for"
    )
    approved_by: str = Field(description="who approved this version; empty while nobody did")
    corrections: list[CorrectionOut] = Field(description="what was wrong in this episode")
    corrects: CorrectionOut | None = Field(
        description="what this episode puts right, when it is a correction"
    )


def episode_shown(newsroom: Newsroom, site: Site, episode_id: int) -> Response:
    """The answer that tells an episode whole; NotFound when there is none of that number."""
    marks = newsroom.episodes.corrections(episode_id), newsroom.episodes.corrects(episode_id)
    return jsonify(
        episode_out(newsroom.episodes.get(episode_id), site, *marks).model_dump(mode="json")
    )


def episode_out(
    episode: Episode,
    site: Site,
    corrections: Sequence[Correction] = (),
    corrects: Correction | None = None,
) -> EpisodeOut:
    """An episode as the API shows it."""
    rendering = episode.rendering
    engine, _, name = rendering.spoken_by.partition(":")
    return EpisodeOut(
        id=episode.id,
        state=episode.state,
        version=episode.version,
        reason=_reason(episode),
        progress=ProgressOut(done=rendering.done, total=rendering.total),
        voice=VoiceOut(
            engine=engine,
            name=name,
            provisional=rendering.provisional,
            human=rendering.human,
            announcers=list(rendering.announcers),
        )
        if engine
        else None,
        guid=episode.guid,
        title=episode.title,
        station=episode.station,
        page=f"{site.public_url}/articles/{episode.slug}",
        sentences=_sentences_out(episode),
        masters={master.kind: _master_out(master, site) for master in episode.masters},
        work=WorkOut(engine_calls=rendering.engine_calls, clips_reused=rendering.clips_reused),
        kind=episode.kind,
        **asdict(rendering.placement),
        on_air=PlacementOut(**asdict(episode.on_air)) if episode.on_air else None,
        doubts=list(rendering.doubts),
        unplaced=[UnplacedOut(**asdict(each)) for each in rendering.unplaced],
        approved_by=rendering.approved_by,
        corrections=[_correction_out(mark, site) for mark in corrections],
        corrects=_correction_out(corrects, site) if corrects else None,
    )


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
        return {"code": "withdrawn", "why": episode.withdrawn_why, "remedy": "", "detail": ""}
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
    """Its sentences; once mastered, each pause as it is in the `app` file, which is made of whole frames."""
    ends = [sentence.start_ms for sentence in episode.sentences[1:]]
    ends += [
        round(master.seconds * 1000) for master in episode.masters if master.kind == "app"
    ] or [None]
    return [
        SentenceOut(
            n=sentence.n,
            written=sentence.written,
            spoken=sentence.spoken,
            pause_ms=sentence.pause_ms
            if end is None or sentence.end_ms is None
            else end - sentence.end_ms,
            start_ms=sentence.start_ms,
            end_ms=sentence.end_ms,
            human=bool(sentence.recording or episode.rendering.recording),
            voice=_heard(sentence, episode.rendering),
        )
        for sentence, end in zip(episode.sentences, ends, strict=False)
    ]


def _heard(sentence: Sentence, rendering: Rendering) -> str:
    if not rendering.spoken_by:
        return ""
    return (
        f"human:{sentence.announcer}"
        if sentence.recording and not rendering.recording
        else rendering.spoken_by
    )


def _master_out(master: Master, site: Site) -> MasterOut:
    return MasterOut(
        url=f"{site.public_url}/media/{master.path}",
        bytes=master.bytes,
        sha256=master.sha256,
        seconds=master.seconds,
        lufs=master.lufs,
        true_peak=master.true_peak,
    )
