"""The API for portals and programs: bearer keys, JSON, OpenAPI at /api/v1/openapi.json, problems as errors."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import wraps
from typing import Any, Literal

from flask import Response, g, jsonify, request, url_for
from flask_openapi3 import APIBlueprint, OpenAPI, Tag
from pydantic import BaseModel, Field, ValidationError
from werkzeug.exceptions import HTTPException

from service.intake import Given, Rejected, parse
from service.newsroom import Newsroom
from service.newsroom.errors import Invalid, NewsroomError
from service.newsroom.values import (
    Correction,
    Episode,
    Master,
    NewArticle,
    Priority,
    Rendering,
    Role,
    Sentence,
    Slot,
    State,
    Station,
    Urgent,
)
from service.web import api_bulletins, recordings_api
from service.web.auth import RANK, csrf, key_of_request
from service.web.correction import correct
from service.web.draft import announcer
from service.web.inputs import Strict
from service.web.problems import from_http, from_newsroom, from_rejected, from_validation, problem
from service.web.site import Site
from service.web.urgent import TIMES, Taken, Typed, take

PREFIX = "/api/v1"
BEARER: dict[str, Any] = {"bearer": {"type": "http", "scheme": "bearer"}}
View = Callable[..., Any]


class ArticleIn(Strict):
    """News to be read aloud."""

    body: str = Field(description="the text, HTML, or a whole page pasted")
    format: Literal["text", "html", "page"] = "text"
    external_id: str = Field("", max_length=200, description="the sender's name for it; the same again is one article")
    title: str = ""
    lead: str = ""
    topic: str = ""
    byline: str = ""
    url: str = ""
    published_at: str = Field("", description="ISO 8601; Vietnam's time when it names no zone")
    stations: list[str] = Field(default_factory=list, description="slugs; default: the installation's first station")
    priority: Priority = Priority.NORMAL
    evergreen: bool = Field(False, description="a notice that is never old: broadcast when an hour has nothing else")


class ArticleOut(BaseModel):
    """Where the article and its episode are."""

    article: str
    episode: str


class SentenceOut(BaseModel):
    """A sentence; times in the `app` master, null until it is mastered; `pause_ms` is planned until then."""

    n: int
    written: str
    spoken: str
    pause_ms: int
    start_ms: int | None
    end_ms: int | None
    human: bool = Field(description="whether a person's recording is heard")
    voice: str = Field(description="engine:name, or human: and the announcer's name; empty until it is spoken")


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


class EpisodeOut(BaseModel):
    """An episode, whole."""

    id: int
    state: str
    version: int
    reason: dict[str, str] | None = Field(description="why it is held or withdrawn: code, why and remedy (Vietnamese)")
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
    corrections: list[CorrectionOut] = Field(description="what was wrong in this episode")
    corrects: CorrectionOut | None = Field(description="what this episode puts right, when it is a correction")


class SentenceIn(Strict):
    """Another spoken form, or another text, for one sentence: one of the two."""

    spoken: str | None = None
    written: str | None = None


class RegenerateIn(Strict):
    """What to read again; empty: the whole."""

    voice: str | None = Field(None, description="engine:name, as GET /voices lists them")
    sentences: list[int] = Field(default_factory=list)


class ApproveIn(Strict):
    """Which version was listened to; absent: the newest."""

    version: int | None = None


class CorrectIn(Strict):
    """What was said, and what should have been."""

    wrong: str
    right: str


class UrgentIn(Strict):
    """A warning: words, or the CAP 1.2 alert that holds them."""

    title: str = ""
    body: str = ""
    cap: str = Field("", description="a CAP 1.2 alert (XML), instead of title and body")
    stations: list[str] = Field(default_factory=list, description="slugs, or all")
    expires_at: str = Field("", description="ISO 8601; Vietnam's time when it names no zone; default: the alert's")
    minutes: int | None = Field(None, description="how long it is in force, instead of expires_at")
    times: int = Field(TIMES, description="how often it is read")
    approve: bool = Field(False, description="on the air as soon as it is read, in the name of this (approver's) key")


class UrgentOut(BaseModel):
    """A warning and where it stands; `waits` when somebody must approve it, or mend what holds it."""

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
    expires_at: str
    times: int
    severity: str
    cap_id: str


class UrgentsOut(BaseModel):
    """What became of a warning handed in: `news` is created, unchanged or (CAP Cancel) cancelled."""

    news: str
    urgent: list[UrgentOut]


class WithdrawIn(Strict):
    """Why listeners no longer get it."""

    reason: str


class SlotIO(Strict):
    """A fixed hour of a station, and how its bulletin is made."""

    at: str
    max_seconds: int
    weekdays: str = "1234567"
    topics: list[str] = Field(default_factory=list, description="slugs of what goes in; empty: everything")
    sources: list[str] = Field(default_factory=list, description="stations whose news follows its own, in order")
    max_age_days: int = Field(3, description="older stories are no news")
    repeats: int = Field(0, description="how many stories may have been broadcast before")
    greeting: str = Field("", description="empty: the station's")
    headlines: bool = True
    chimes: bool = True
    lunar: bool = Field(False, description="say the lunar date too")
    closing: str = ""
    plan_minutes: int = Field(600, description="before the hour: when the bulletin is drafted")
    ready_minutes: int = Field(15, description="before the hour: when the ladder is gone down if nothing is approved")
    automatic: bool = Field(False, description="may a bulletin of approved stories go on the air without a person?")
    previous: bool = Field(False, description="may the last bulletin's stories be broadcast again?")


class StationIn(Strict):
    """A station's name and rules; `slug`, when given, is the one of the address."""

    slug: str = ""
    name: str
    place: str = ""
    description: str = ""
    voice: str = ""
    fallback: Literal["hold", "provisional"] = "provisional"
    approval: Literal["required", "trusted"] = "required"
    reading: dict[str, str | bool] = Field(default_factory=dict)
    greeting: str = ""
    speaker_tempo: float = Field(1.0, description="0.7 to 1: how fast horns get it, at the same pitch")
    speaker_pauses: float = Field(1.3, description="1 to 2: how much longer pauses are for horns")
    disclosure: str = Field("Giọng đọc máy.", description="written wherever a synthetic voice is heard")
    disclosure_spoken: str = Field("", description="said at the end of each article; empty for nothing")
    duty: list[str] = Field(default_factory=list, description="e-mail and https addresses told of an empty slot")
    slots: list[SlotIO] = Field(default_factory=list)


class StationOut(StationIn):
    """A station."""


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
        {"name": name, "in": "query", "schema": {"type": kind}, "description": f"with XML: {told}"}
        for name, kind, told in (
            ("stations", "string", "slugs between commas, or all"),
            ("expires_at", "string", "as in JSON"),
            ("minutes", "integer", "as in JSON"),
            ("times", "integer", "as in JSON"),
            ("approve", "boolean", "as in JSON"),
        )
    ],
}


class ArticlePath(BaseModel):
    """An article's number."""

    article_id: int


class EpisodePath(BaseModel):
    """An episode's number."""

    episode_id: int


class SentencePath(EpisodePath):
    """A sentence's number in its episode."""

    n: int


class StationPath(BaseModel):
    """A station's name in addresses."""

    slug: str


def register(app: OpenAPI, newsroom: Newsroom, site: Site) -> None:
    """Adds the API to the application."""
    api = csrf.exempt(APIBlueprint("api", __name__, url_prefix=PREFIX, abp_security=[{"bearer": []}]))
    api.errorhandler(Rejected)(from_rejected)
    api.errorhandler(NewsroomError)(from_newsroom)
    api.errorhandler(HTTPException)(from_http)
    api.errorhandler(ValidationError)(from_validation)

    def allowed(role: Role) -> Callable[[View], View]:
        """Lets in keys of that role or a higher one, and notes whose it is."""

        def wrap(view: View) -> View:
            @wraps(view)
            def guarded(*args: Any, **kwargs: Any) -> Any:
                key = key_of_request(newsroom)
                if key is None:
                    answer = problem(401, "Unauthorized", "send a valid key as Authorization: Bearer …")
                    answer.headers["WWW-Authenticate"] = "Bearer"
                    return answer
                if RANK.index(key.role) < RANK.index(role):
                    return problem(403, "Forbidden", f"this needs a key of role {role}; {key.name} is {key.role}")
                g.who, g.role = f"key {key.name}", key.role
                return view(*args, **kwargs)

            return guarded

        return wrap

    def shown(episode_id: int) -> Response:
        marks = newsroom.episodes.corrections(episode_id), newsroom.episodes.corrects(episode_id)
        return jsonify(episode_out(newsroom.episodes.get(episode_id), site, *marks).model_dump(mode="json"))

    articles = [Tag(name="articles", description="news in")]
    episodes = [Tag(name="episodes", description="what is made of it")]
    urgents = [Tag(name="urgent", description="warnings, ahead of everything")]
    stations = [Tag(name="stations", description="who broadcasts")]

    @api.post("/articles", tags=articles, responses={202: ArticleOut}, summary="Hand in an article")
    @allowed(Role.EDITOR)
    def post_article(body: ArticleIn) -> tuple[Response, int]:
        story = parse(
            body.body,
            body.format,
            Given(body.title, body.lead, body.topic, body.byline, body.url, body.published_at),
        )
        home = newsroom.stations.home()
        article = NewArticle(
            title=story.title,
            paragraphs=story.paragraphs,
            digest=story.digest,
            stations=tuple(body.stations) or ((home.slug,) if home else ()),
            lead=story.lead,
            byline=story.byline,
            topic=story.topic,
            published_at=story.published_at,
            url=story.url,
            external_id=body.external_id,
            priority=body.priority,
            evergreen=body.evergreen,
        )
        receipt = newsroom.articles.receive(article, g.who)
        found = {
            "article": url_for("api.get_article", article_id=receipt.article_id),
            "episode": url_for("api.get_episode", episode_id=receipt.episode_id),
        }
        return jsonify(found), 202

    @api.get("/articles/<int:article_id>", tags=articles, summary="An article's newest revision")
    @allowed(Role.OPERATOR)
    def get_article(path: ArticlePath) -> Response:
        article = newsroom.articles.get(path.article_id)
        found = asdict(article)
        found["published_at"] = article.published_at.isoformat() if article.published_at else None
        found["received_at"] = article.received_at.isoformat()
        found["episode"] = url_for("api.get_episode", episode_id=found.pop("episode_id"))
        return jsonify(found)

    @api.get("/episodes/<int:episode_id>", tags=episodes, responses={200: EpisodeOut}, summary="An episode")
    @allowed(Role.OPERATOR)
    def get_episode(path: EpisodePath) -> Response:
        return shown(path.episode_id)

    @api.patch("/episodes/<int:episode_id>/sentences/<int:n>", tags=episodes, responses={200: EpisodeOut})
    @allowed(Role.EDITOR)
    def patch_sentence(path: SentencePath, body: SentenceIn) -> Response:
        if (body.spoken is None) == (body.written is None):
            raise Invalid("give spoken or written, one of the two", "Chọn sửa câu viết hoặc câu đọc.", "spoken")
        if body.spoken is not None:
            newsroom.episodes.say_otherwise(path.episode_id, path.n, body.spoken, g.who)
        elif body.written is not None:
            station = newsroom.stations.get(newsroom.episodes.get(path.episode_id).station)
            reading = announcer(station, newsroom.terms.of(station.slug)).reread(path.n, body.written)
            newsroom.episodes.write_otherwise(path.episode_id, path.n, reading, g.who)
        return shown(path.episode_id)

    @api.post("/episodes/<int:episode_id>/approve", tags=episodes, responses={200: EpisodeOut})
    @allowed(Role.APPROVER)
    def approve(path: EpisodePath) -> Response:
        body = ApproveIn.model_validate(request.get_json(silent=True) or {})
        newsroom.episodes.approve(path.episode_id, g.who, body.version)
        return shown(path.episode_id)

    @api.post("/episodes/<int:episode_id>/regenerate", tags=episodes, responses={200: EpisodeOut})
    @allowed(Role.EDITOR)
    def regenerate(path: EpisodePath) -> Response:
        body = RegenerateIn.model_validate(request.get_json(silent=True) or {})
        site.check_voice(body.voice)
        newsroom.episodes.regenerate(path.episode_id, g.who, voice=body.voice, sentences=body.sentences)
        return shown(path.episode_id)

    @api.post("/episodes/<int:episode_id>/withdraw", tags=episodes, responses={200: EpisodeOut})
    @allowed(Role.APPROVER)
    def withdraw(path: EpisodePath, body: WithdrawIn) -> Response:
        newsroom.episodes.withdraw(path.episode_id, body.reason, g.who)
        return shown(path.episode_id)

    @api.post("/episodes/<int:episode_id>/corrections", tags=episodes, responses={202: ArticleOut})
    @allowed(Role.EDITOR)
    def post_correction(path: EpisodePath, body: CorrectIn) -> tuple[Response, int]:
        receipt = correct(newsroom, path.episode_id, body.wrong, body.right, g.who)
        found = {
            "article": url_for("api.get_article", article_id=receipt.article_id),
            "episode": url_for("api.get_episode", episode_id=receipt.episode_id),
        }
        return jsonify(found), 202

    def told(taken: Taken) -> dict[str, Any]:
        return {"news": taken.news, "urgent": [urgent_out(newsroom.urgent.get(n)) for n in taken.episodes]}

    @api.post(
        "/urgent",
        tags=urgents,
        responses={202: UrgentsOut},
        summary="Warn: read at once, on every slot of its stations until it expires",
        openapi_extensions=WARNING_BODY,
    )
    @allowed(Role.EDITOR)
    def post_urgent() -> Any:
        typed = typed_urgent()
        approver = RANK.index(g.role) >= RANK.index(Role.APPROVER)
        if typed.approve and not approver:
            return problem(403, "Forbidden", "approving beforehand needs a key of role approver")
        return jsonify(told(take(newsroom, site, typed, g.who, approver=approver))), 202

    @api.get("/urgent", tags=urgents, summary="Warnings, the newest first")
    @allowed(Role.OPERATOR)
    def get_urgents() -> Response:
        return jsonify([urgent_out(urgent) for urgent in newsroom.urgent.all()])

    @api.get("/urgent/<int:episode_id>", tags=urgents, responses={200: UrgentOut}, summary="A warning")
    @allowed(Role.OPERATOR)
    def get_urgent(path: EpisodePath) -> Response:
        return jsonify(urgent_out(newsroom.urgent.get(path.episode_id)))

    @api.post("/urgent/<int:episode_id>/end", tags=urgents, responses={200: UrgentOut}, summary="End a warning early")
    @allowed(Role.APPROVER)
    def end_urgent(path: EpisodePath, body: WithdrawIn) -> Response:
        newsroom.urgent.end(path.episode_id, body.reason, g.who)
        return jsonify(urgent_out(newsroom.urgent.get(path.episode_id)))

    @api.get("/stations", tags=stations, summary="All stations")
    @allowed(Role.OPERATOR)
    def get_stations() -> Response:
        return jsonify([asdict(station) for station in newsroom.stations.all()])

    @api.get("/stations/<slug>", tags=stations, responses={200: StationOut}, summary="A station")
    @allowed(Role.OPERATOR)
    def get_station(path: StationPath) -> Response:
        return jsonify(asdict(newsroom.stations.get(path.slug)))

    @api.put("/stations/<slug>", tags=stations, responses={200: StationOut}, summary="Make or replace a station")
    @allowed(Role.ADMIN)
    def put_station(path: StationPath, body: StationIn) -> Response:
        site.check_voice(body.voice)
        if body.slug not in ("", path.slug):
            raise Invalid("a station's slug never changes", "Không đổi được tên trong địa chỉ.", "slug")
        slots = tuple(
            Slot(**(slot.model_dump() | {"topics": tuple(slot.topics), "sources": tuple(slot.sources)}))
            for slot in body.slots
        )
        station = Station(**(body.model_dump() | {"slug": path.slug, "slots": slots, "duty": tuple(body.duty)}))
        return jsonify(asdict(newsroom.stations.put(station)))

    @api.get("/voices", tags=stations, summary="The voices of this installation")
    @allowed(Role.OPERATOR)
    def get_voices() -> Response:
        return jsonify({"voices": [asdict(choice) for choice in site.voices], "preferred": list(site.preferred)})

    recordings_api.add(api, allowed, shown, newsroom, site)
    api_bulletins.add(api, newsroom, allowed)
    app.register_api(api)


def typed_urgent() -> Typed:
    """A warning as JSON; or an alert as XML, with the rest in the address."""
    if request.mimetype in ("application/xml", "text/xml", "application/cap+xml"):
        asked = request.args
        rest: dict[str, Any] = {
            name: asked[name] for name in ("expires_at", "minutes", "times", "approve") if name in asked
        }
        rest["stations"] = [slug for part in asked.getlist("stations") for slug in part.split(",") if slug]
        given = UrgentIn.model_validate(rest)
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
        expires_at=urgent.expires_at.isoformat(),
        times=urgent.times,
        severity=urgent.severity,
        cap_id=urgent.cap_id,
    ).model_dump(mode="json")


def invalid(error: Any) -> Response:
    """What flask-openapi3 answers when an input does not fit its schema."""
    return from_validation(error)


def episode_out(
    episode: Episode, site: Site, corrections: Sequence[Correction] = (), corrects: Correction | None = None
) -> EpisodeOut:
    """An episode as the API shows it."""
    rendering = episode.rendering
    engine, _, name = rendering.spoken_by.partition(":")
    reason = None
    if episode.held:
        reason = {"code": episode.held.value, "why": episode.held.why, "remedy": episode.held.remedy}
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
        corrections=[_correction_out(mark, site) for mark in corrections],
        corrects=_correction_out(corrects, site) if corrects else None,
    )


def _correction_out(mark: Correction, site: Site) -> CorrectionOut:
    return CorrectionOut(
        episode=f"{PREFIX}/episodes/{mark.episode_id}",
        corrected=f"{PREFIX}/episodes/{mark.corrected_id}",
        page=f"{site.public_url}/articles/{mark.slug}",
        wrong=mark.wrong,
        right=mark.right,
        published_at=mark.published_at.isoformat() if mark.published_at else None,
    )


def _sentences_out(episode: Episode) -> list[SentenceOut]:
    """Its sentences; once mastered, each pause as it is in the `app` file, which is made of whole frames."""
    ends = [sentence.start_ms for sentence in episode.sentences[1:]]
    ends += [round(master.seconds * 1000) for master in episode.masters if master.kind == "app"] or [None]
    return [
        SentenceOut(
            n=sentence.n,
            written=sentence.written,
            spoken=sentence.spoken,
            pause_ms=sentence.pause_ms if end is None or sentence.end_ms is None else end - sentence.end_ms,
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
    return f"human:{sentence.announcer}" if sentence.recording and not rendering.recording else rendering.spoken_by


def _master_out(master: Master, site: Site) -> MasterOut:
    return MasterOut(
        url=f"{site.public_url}/media/{master.path}",
        bytes=master.bytes,
        sha256=master.sha256,
        seconds=master.seconds,
        lufs=master.lufs,
        true_peak=master.true_peak,
    )
