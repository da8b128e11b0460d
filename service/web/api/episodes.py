"""The API's calls for what is made of an article: how it is heard, and what people decide about it."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any, Literal

from flask import Response, g, jsonify, request, url_for
from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field

from service.actions.aloud import announcer_for
from service.actions.corrections import correct
from service.newsroom import Newsroom
from service.newsroom.errors import Invalid, NewsroomError
from service.newsroom.values import Correction, Episode, Master, Rendering, Role, Sentence, State
from service.web.api.articles import ArticleOut, received
from service.web.api.paths import EpisodePath, SentencePath, allowed
from service.web.inputs import LARGEST, Number, Strict
from service.web.problems import status_of
from service.web.site import Site

MOST_AT_ONCE = 100  # episodes approved by one call


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
    human: Literal["", "some", "all"] = Field(description="how much of it people read")
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


Version = Annotated[int, Field(strict=True, ge=1, le=LARGEST, description="as it was heard")]


class SentenceIn(Strict):
    """Another spoken form, or another text, for one sentence: one of the two."""

    spoken: str | None = None
    written: str | None = None


class RegenerateIn(Strict):
    """What to read again; empty: the whole."""

    voice: str | None = Field(None, description="engine:name, as GET /voices lists them")
    sentences: list[int] = Field(default_factory=list)


class ApproveIn(Strict):
    """Which version was listened to; only that one is approved, for the stations that it is placed at."""

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


class CorrectIn(Strict):
    """What was said, and what should have been."""

    wrong: str
    right: str


class WithdrawIn(Strict):
    """Why listeners no longer get it."""

    reason: str


def described(body: type[BaseModel], *, required: bool) -> dict[str, Any]:
    """How the description tells of a body that the call reads itself: one that is left out is told by its fields."""
    return {
        "requestBody": {
            "required": required,
            "content": {"application/json": {"schema": body.model_json_schema()}},
        }
    }


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
        "/episodes/<int:episode_id>/approve",
        tags=episodes,
        responses={200: EpisodeOut},
        openapi_extensions=described(ApproveIn, required=True),
    )
    @allowed(Role.APPROVER)
    def approve(path: EpisodePath) -> Response:
        body = ApproveIn.model_validate(_given())
        newsroom.episodes.approve(path.episode_id, g.who, body.version)
        return shown(path.episode_id)

    @api.post(
        "/episodes/approve",
        tags=episodes,
        responses={200: ApprovedManyOut},
        summary="Approve several; each is answered by itself",
    )
    @allowed(Role.APPROVER)
    def approve_many(body: ApproveManyIn) -> Response:
        answers = [_approved(newsroom, each.id, each.version) for each in body.episodes]
        return jsonify(ApprovedManyOut(episodes=answers).model_dump(mode="json"))

    @api.post(
        "/episodes/<int:episode_id>/regenerate",
        tags=episodes,
        responses={200: EpisodeOut},
        openapi_extensions=described(RegenerateIn, required=False),
    )
    @allowed(Role.EDITOR)
    def regenerate(path: EpisodePath) -> Response:
        body = RegenerateIn.model_validate(_given())
        site.check_voice(body.voice)
        newsroom.episodes.regenerate(
            path.episode_id, g.who, voice=body.voice, sentences=body.sentences
        )
        return shown(path.episode_id)

    @api.post("/episodes/<int:episode_id>/withdraw", tags=episodes, responses={200: EpisodeOut})
    @allowed(Role.APPROVER)
    def withdraw(path: EpisodePath, body: WithdrawIn) -> Response:
        newsroom.episodes.withdraw(path.episode_id, body.reason, g.who)
        return shown(path.episode_id)

    @api.post("/episodes/<int:episode_id>/corrections", tags=episodes, responses={202: ArticleOut})
    @allowed(Role.EDITOR)
    def post_correction(path: EpisodePath, body: CorrectIn) -> tuple[Response, int]:
        return received(correct(newsroom, path.episode_id, body.wrong, body.right, g.who)), 202


def _approved(newsroom: Newsroom, episode_id: int, version: int) -> ApprovedOut:
    """One of several approvals: that it is refused keeps none of the others."""
    try:
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
    return ApprovedOut(id=episode_id, version=version, approved=True, state=state, status=200)


def _given() -> Any:
    """The body, {} when there is none; one that is no JSON is an error, not none: 400 or 415."""
    return request.get_json() if request.get_data().strip() else {}


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
    reason = None
    if episode.held:
        reason = {
            "code": episode.held.value,
            "why": episode.held.why,
            "remedy": episode.held.remedy,
        }
        reason["detail"] = episode.held_detail
    elif episode.state is State.WITHDRAWN:
        reason = {"code": "withdrawn", "why": episode.withdrawn_why, "remedy": "", "detail": ""}
    return EpisodeOut(
        id=episode.id,
        state=episode.state,
        version=episode.version,
        reason=reason,
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
        stations=list(rendering.placement.stations),
        priority=rendering.placement.priority,
        evergreen=rendering.placement.evergreen,
        on_air=PlacementOut(**asdict(episode.on_air)) if episode.on_air else None,
        doubts=list(rendering.doubts),
        unplaced=[UnplacedOut(**asdict(each)) for each in rendering.unplaced],
        approved_by=rendering.approved_by,
        corrections=[_correction_out(mark, site) for mark in corrections],
        corrects=_correction_out(corrects, site) if corrects else None,
    )


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
