"""The API's calls for sources: lists of news elsewhere that are polled."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, g, jsonify
from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field, RootModel

from service.actions.sources import TrialEntry, check_source, try_now
from service.newsroom import Newsroom
from service.newsroom.values import (
    ArticleDoubt,
    ItemState,
    JournalLine,
    KeyScope,
    NewSource,
    PolledSource,
    Role,
    SourceEvent,
    SourceState,
)
from service.web.api.calls import add_calls, call
from service.web.api.paths import allowed
from service.web.auth.access import check, reach
from service.web.inputs import Number, Strict
from service.zone import VIETNAM


class SourcePath(BaseModel):
    """A source's number."""

    source_id: Number


class SourceIn(Strict):
    """A list of news elsewhere, and what becomes of what is in it."""

    name: str
    kind: str = Field(description="feed, wordpress, page, sitemap or mailbox")
    url: str = Field(description="of a mailbox: imaps://user%40host@server/INBOX")
    stations: list[str] = Field(description="slugs, the home first")
    selector: str = Field(
        "",
        description="of a page: the CSS selector of its links; of a mailbox: its senders",
    )
    topics: dict[str, str] = Field(
        default_factory=dict, description="the portal's sections and our topics"
    )
    topic: str = Field(
        "", description="for what `topics` does not name; empty: the article's own"
    )
    trusted: bool = Field(
        False,
        description="may its news go on the air by a station's rule, when nothing is doubted?",
    )
    minutes: int = Field(30, description="between two looks")
    since: datetime | None = Field(
        None, description="only news from then on; empty: from now on"
    )


class SourceWithSecret(SourceIn):
    """The same with what is never told again."""

    secret: str = Field(
        "",
        description="password of a mailbox; empty keeps the one there is for this address",
    )


class SourceOut(SourceIn):
    """A source as it stands."""

    id: int
    since: datetime
    state: SourceState
    trouble: str = Field(
        description="why its list could not be had, in Vietnamese; empty when it could"
    )
    failures: int
    looked_at: datetime | None = None
    next_at: datetime
    items: dict[ItemState, int] = Field(description="how many pieces of news stand how")


class SourcesOut(RootModel[list[SourceOut]]):
    """All sources, by name."""


class EventOut(BaseModel):
    """A line of a source's journal."""

    at: datetime
    event: SourceEvent
    title: str
    url: str
    detail: str
    episode_id: int | None


class JournalOut(RootModel[list[EventOut]]):
    """What happened at a source, the newest first."""


class SampleOut(BaseModel):
    """What would be read of an article."""

    title: str
    lead: str
    paragraphs: list[str]
    byline: str
    topic: str
    picture: str
    left_out: int = Field(description="how many lines are not read")
    doubts: list[ArticleDoubt]


class TrialOut(BaseModel):
    """An entry of a list, and why it would not be taken; "" for one that would."""

    title: str
    url: str
    published_at: datetime | None
    why_not: str
    story: SampleOut | None = Field(
        None, description="what it reads like: of one that would be taken"
    )


class TrialsOut(RootModel[list[TrialOut]]):
    """What would be taken now."""


def add(api: APIBlueprint, newsroom: Newsroom) -> None:
    """Adds the calls."""
    add_calls(
        api,
        Tag(name="sources", description="news that is fetched"),
        _SourceCalls(newsroom),
        KeyScope.SOURCES,
    )


@dataclass(frozen=True)
class _SourceCalls:
    """Sources, and what they listed."""

    newsroom: Newsroom

    @call("GET", "/sources", responses={200: SourcesOut}, summary="All sources")
    @allowed(Role.EDITOR, sifted=True)
    def get_sources(self) -> Response:
        sources = self.newsroom.sources.all(reach(Role.EDITOR))
        return jsonify([self._shown(source) for source in sources])

    @call("POST", "/sources", responses={201: SourceOut}, summary="Add a source")
    @allowed(Role.ADMIN, sifted=True)
    def post_source(self, body: SourceWithSecret) -> tuple[Response, int]:
        check(Role.ADMIN, body.stations)
        settings = _settings(body)
        check_source(settings)
        return jsonify(self._shown(self.newsroom.sources.add(settings, g.who))), 201

    @call(
        "POST",
        "/sources/try",
        responses={200: TrialsOut},
        summary="Try a source, keep nothing",
    )
    @allowed(Role.ADMIN, sifted=True)
    def post_trial(self, body: SourceWithSecret) -> Response:
        check(Role.ADMIN, body.stations)
        trials = try_now(self.newsroom, _settings(body))
        return jsonify([_trial(each) for each in trials])

    @call(
        "GET",
        "/sources/<int:source_id>",
        responses={200: SourceOut},
        summary="A source",
    )
    @allowed(Role.EDITOR)
    def get_source(self, path: SourcePath) -> Response:
        return jsonify(self._shown(self.newsroom.sources.get(path.source_id)))

    @call(
        "PUT",
        "/sources/<int:source_id>",
        responses={200: SourceOut},
        summary="Describe a source anew",
    )
    @allowed(Role.ADMIN)
    def put_source(self, path: SourcePath, body: SourceWithSecret) -> Response:
        check(Role.ADMIN, body.stations)
        settings = _settings(body)
        check_source(settings)
        return jsonify(
            self._shown(self.newsroom.sources.change(path.source_id, settings, g.who))
        )

    @call(
        "DELETE",
        "/sources/<int:source_id>",
        responses={200: SourceOut},
        summary="Forget a source; its articles stay",
    )
    @allowed(Role.ADMIN)
    def delete_source(self, path: SourcePath) -> Response:
        """It answers with the source as it was."""
        return jsonify(self._shown(self.newsroom.sources.remove(path.source_id, g.who)))

    @call(
        "POST",
        "/sources/<int:source_id>/pause",
        responses={200: SourceOut},
        summary="Look at it no more, for now",
    )
    @allowed(Role.ADMIN)
    def pause_source(self, path: SourcePath) -> Response:
        self.newsroom.sources.pause(path.source_id, g.who)
        return jsonify(self._shown(self.newsroom.sources.get(path.source_id)))

    @call(
        "POST",
        "/sources/<int:source_id>/resume",
        responses={200: SourceOut},
        summary="Look at it again, from now on",
    )
    @allowed(Role.ADMIN)
    def resume_source(self, path: SourcePath) -> Response:
        self.newsroom.sources.resume(path.source_id, g.who)
        return jsonify(self._shown(self.newsroom.sources.get(path.source_id)))

    @call(
        "GET",
        "/sources/<int:source_id>/journal",
        responses={200: JournalOut},
        summary="What came, what was refused, and why",
    )
    @allowed(Role.EDITOR)
    def get_journal(self, path: SourcePath) -> Response:
        self.newsroom.sources.get(path.source_id)
        lines = self.newsroom.sources.journal(path.source_id)
        return jsonify([_line(line) for line in lines])

    def _shown(self, source: PolledSource) -> dict[str, object]:
        settings = source.settings
        shown = SourceOut(
            id=source.id,
            name=settings.name,
            kind=settings.kind,
            url=settings.url,
            stations=list(settings.stations),
            selector=settings.selector,
            topics=dict(settings.topics),
            topic=settings.topic,
            trusted=settings.trusted,
            minutes=settings.minutes,
            since=source.since,
            state=source.state,
            trouble=source.trouble,
            failures=source.failures,
            looked_at=source.looked_at,
            next_at=source.list_at,
            items=self.newsroom.sources.items.counts(source.id),
        )
        return shown.model_dump(mode="json")


def _settings(body: SourceWithSecret) -> NewSource:
    values = body.model_dump() | {"stations": tuple(body.stations)}
    since = (
        body.since
        if body.since is None or body.since.tzinfo
        else body.since.replace(tzinfo=VIETNAM)
    )
    return NewSource(**values | {"since": since})


def _line(line: JournalLine) -> dict[str, object]:
    return EventOut.model_validate(line, from_attributes=True).model_dump(mode="json")


def _trial(trial: TrialEntry) -> dict[str, object]:
    story = trial.story
    shown = (
        SampleOut(
            title=story.title,
            lead=story.lead,
            paragraphs=list(story.paragraphs),
            byline=story.byline,
            topic=story.topic,
            picture=story.picture,
            left_out=len(story.left_out),
            doubts=[ArticleDoubt(doubt) for doubt in story.doubts],
        )
        if story is not None
        else None
    )
    values = {"title": trial.title, "url": trial.url, "why_not": trial.why_not}
    time = trial.published_at
    return TrialOut(**values, published_at=time, story=shown).model_dump(mode="json")
