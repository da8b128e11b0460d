"""The desk's list: a card for each episode, as the newest version stands."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session

from service.newsroom.errors import Held
from service.newsroom.store.joins import (
    episodes_within,
    newest_master,
    newest_sentences,
    newest_version,
    text_of_version,
)
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import (
    EpisodeRow,
    MasterRow,
    RenderingRow,
    RevisionRow,
    SentenceRow,
    StationRow,
)
from service.newsroom.text import search_words
from service.newsroom.values import (
    CHOSEN,
    Card,
    Change,
    HumanVoice,
    Kind,
    MasterKind,
    Priority,
    Reach,
    State,
)

CardRow = (
    Row[EpisodeRow, RenderingRow, StationRow]
    | tuple[EpisodeRow, RenderingRow, StationRow]
)


class CardFilter(TypedDict, total=False):
    """What cards are wanted of: all conditions hold together, an empty one is none.

    `words` stand in the text, with or without diacritics; `since` and `until` bound the moment when
    it came in; `who` opened or approved a version of it.
    """

    states: Sequence[State]
    station: str
    words: str
    ids: Sequence[int]
    kind: Kind | None
    since: datetime | None
    until: datetime | None
    who: str


def cards_query(wanted: CardFilter) -> Select[EpisodeRow, RenderingRow, StationRow]:
    """Episodes that meet all conditions."""
    words = wanted.get("words", "")
    query = (
        select(EpisodeRow, RenderingRow, StationRow)
        .join(RenderingRow, newest_version())
        .join(StationRow, StationRow.id == EpisodeRow.station_id)
        .where(*_where(wanted))
    )
    if words.strip():
        query = query.join(RevisionRow, text_of_version())
        for word in search_words(words):
            query = query.where(RevisionRow.folded.contains(word, autoescape=True))
    return query


def total_query(wanted: CardFilter, among: Reach) -> Select[int]:
    """How many episodes meet them.

    Each has a newest version and a station, which are looked up for words only.
    """
    if wanted.get("words", "").strip():
        rows = cards_query(wanted).where(episodes_within(among))
        return select(func.count()).select_from(
            rows.with_only_columns(EpisodeRow.id).subquery()
        )
    query = select(func.count()).select_from(EpisodeRow)
    if wanted.get("station"):
        query = query.join(StationRow, StationRow.id == EpisodeRow.station_id)
    return query.where(*_where(wanted), episodes_within(among))


# The conditions on columns, by their names in CardFilter.
CONDITIONS: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "states": EpisodeRow.state.in_,
    "station": lambda slug: StationRow.slug == slug,
    "ids": EpisodeRow.id.in_,
    "kind": lambda kind: EpisodeRow.kind == kind,
    "since": lambda moment: EpisodeRow.created_at >= moment,
    "until": lambda moment: EpisodeRow.created_at < moment,
    "who": lambda name: _touched_by(name),
}


def _where(wanted: CardFilter) -> list[ColumnElement[bool]]:
    return [
        CONDITIONS[name](value)
        for name, value in wanted.items()
        if name in CONDITIONS and value
    ]


def _touched_by(name: str) -> ColumnElement[bool]:
    """EpisodeRow has a version that somebody of that name opened or approved."""
    by_them = (RenderingRow.opened_by == name) | (RenderingRow.approved_by == name)
    return EpisodeRow.id.in_(select(RenderingRow.episode_id).where(by_them))


def cards_of(
    session: Session, page: Select[EpisodeRow, RenderingRow, StationRow]
) -> list[Card]:
    """The cards that a query asks for, in its order: in three questions, however many there are."""
    rows = session.execute(page).all()
    ids = [row[0].id for row in rows]
    doubts = _doubts(session, ids)
    seconds = _seconds(session, ids)

    def card(row: CardRow) -> Card:
        number = row[0].id
        return card_value(row, doubts.get(number, 0), seconds.get(number))

    return readable(rows, card, "an episode", lambda row: row[0].id)


def is_doubtful(changes: Sequence[Change], edited: bool) -> bool:
    """Whether a sentence holds something that an editor should look at and did not decide yet."""
    # A form that an editor typed is decided; one that was chosen among readings keeps its doubts.
    is_typed = edited and all(change.rule != CHOSEN for change in changes)
    return not is_typed and any(change.doubt for change in changes)


def card_value(row: CardRow, doubts: int, seconds: float | None) -> Card:
    """An episode's card.

    `doubts` are its doubtful sentences, `seconds` its length once it is mastered.
    """
    episode, rendering, station = row
    return Card(
        id=episode.id,
        kind=Kind(episode.kind),
        title=rendering.title,
        state=State(episode.state),
        version=episode.version,
        public_version=episode.public_version,
        station=station.slug,
        station_name=station.name,
        priority=Priority(episode.priority),
        created_at=episode.created_at,
        updated_at=episode.updated_at,
        done=rendering.done,
        total=rendering.total,
        seconds=seconds,
        voice=rendering.spoken_by,
        human=HumanVoice(rendering.human),
        provisional=rendering.provisional,
        held=Held(episode.held) if episode.held else None,
        doubts=doubts,
        returned_why=rendering.returned_why,
    )


def _doubts(session: Session, ids: list[int]) -> dict[int, int]:
    """How many sentences of each episode hold something an editor should look at and did not edit
    yet.
    """
    rows = session.execute(
        select(SentenceRow.episode_id, SentenceRow.changes, SentenceRow.edited)
        .join(EpisodeRow, newest_sentences())
        .where(SentenceRow.episode_id.in_(ids))
    )
    return Counter(
        filter(None, readable(rows, _doubtful, "a sentence", lambda row: row[0]))
    )


def _doubtful(row: Row[int, list[dict[str, Any]], bool]) -> int:
    """The sentence's episode when an editor should look at it; else 0."""
    episode_id, changes, edited = row
    return (
        episode_id
        if is_doubtful([Change(**change) for change in changes], edited)
        else 0
    )


def _seconds(session: Session, ids: list[int]) -> dict[int, float]:
    """How long the episodes are that are mastered."""
    rows = session.execute(
        select(MasterRow.episode_id, MasterRow.seconds)
        .join(EpisodeRow, newest_master(MasterKind.APP))
        .where(MasterRow.episode_id.in_(ids))
    )
    return {row.episode_id: row.seconds for row in rows}
