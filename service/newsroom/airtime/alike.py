"""Bulletins that wait for approval, those together that say the same: heard once, approved once.

Who approves a group heard one of it. So alike is what sounds alike, sentence by sentence, but for
the greeting that each station's own rule gives it. What somebody at the desk put into one bulletin
(another greeting or closing, another spoken form, a recording) is heard by itself.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, case, select, tuple_
from sqlalchemy.orm import Session, aliased

from service.newsroom.airtime.airings import airing_value, all_items_of
from service.newsroom.store.database import Database
from service.newsroom.store.joins import newest_master, newest_version
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import (
    AiringRow,
    BulletinRow,
    EpisodeRow,
    MasterRow,
    PlanItemRow,
    PlanRow,
    RenderingRow,
    SentenceRow,
    StationRow,
)
from service.newsroom.stories.renderings import master_value
from service.newsroom.values import (
    BY_TERM,
    EVERYWHERE,
    Airing,
    MasterKind,
    PlanItem,
    Reach,
    Rung,
    State,
)
from service.newsroom.values.bulletins import AlikeBulletins, WaitingBulletin

MOST_AT_ONCE = 500  # bulletins, those that air first
GREETING = 0  # the passage that a bulletin's greeting is, where it has one

WaitingRow = Row[EpisodeRow, RenderingRow, AiringRow, StationRow, PlanRow, MasterRow]
StandingWords = Callable[[Airing], tuple[str, str]]
InStory = aliased(SentenceRow)  # a sentence of the story that a bulletin took it from


class Content(NamedTuple):
    """What makes bulletins alike: the hour, the stories in their versions, and what is heard.

    `heard` holds of each sentence its words, its clip (which names words, voice and take) and its
    chime; of a standing greeting only what the dictionary has said otherwise. `alone` is the
    bulletin's own number where it is to be heard by itself.
    """

    air_at: datetime
    stories: tuple[tuple[int, int], ...]
    heard: tuple[tuple[str, ...], ...]
    alone: int


class Waiting(NamedTuple):
    """A bulletin that waits, what it says, the titles of its stories, and why it stands alone."""

    content: Content
    bulletin: WaitingBulletin
    titles: tuple[str, ...]
    is_doubtful: bool
    is_changed: bool


class Alike:
    """Bulletins that wait, by what they say."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def waiting(
        self, standing: StandingWords, among: Reach = EVERYWHERE
    ) -> list[AlikeBulletins]:
        """Those of hours to come at these stations, in groups.

        `standing` gives the greeting and the closing that the station's rule has for an airing.
        What airs first comes first, then the largest. A fixed number of questions, however many
        there are.
        """
        query = _waiting_after(self._now())
        if among.stations is not None:
            query = query.where(StationRow.slug.in_(among.stations))
        with self._database.read() as session:
            rows = session.execute(query).all()
            groups = _grouped(_read(session, rows, standing))
        return sorted(groups, key=lambda each: (each.air_at, -len(each.bulletins)))


def _waiting_after(
    now: datetime,
) -> Select[EpisodeRow, RenderingRow, AiringRow, StationRow, PlanRow, MasterRow]:
    """Bulletins that people arranged and nobody approved, of hours after that time.

    With the sound that browsers play; no row (None) where there is none.
    """
    return (
        select(EpisodeRow, RenderingRow, AiringRow, StationRow, PlanRow, MasterRow)
        .join(RenderingRow, newest_version())
        .join(BulletinRow, BulletinRow.episode_id == EpisodeRow.id)
        .join(AiringRow, AiringRow.id == BulletinRow.airing_id)
        .join(StationRow, StationRow.id == AiringRow.station_id)
        .join(
            PlanRow,
            (PlanRow.episode_id == EpisodeRow.id)
            & (PlanRow.revision == RenderingRow.revision),
        )
        .outerjoin(MasterRow, newest_master(MasterKind.APP))
        .where(
            EpisodeRow.state == State.MASTERED,
            BulletinRow.rung == Rung.PLANNED,
            AiringRow.air_at > now,
        )
        .order_by(AiringRow.air_at, StationRow.name, EpisodeRow.id)
        .limit(MOST_AT_ONCE)
    )


def _read(
    session: Session, rows: Sequence[WaitingRow], standing: StandingWords
) -> list[Waiting]:
    plans = {row[0].id: (row[0].id, row[1].revision) for row in rows}
    items = all_items_of(session, list(plans.values()))
    sentences = _sentences_of(session, [(row[0].id, row[0].version) for row in rows])

    def value(row: WaitingRow) -> Waiting:
        stories = items.get(plans[row[0].id], ())
        return _value(row, stories, sentences.get(row[0].id, ()), standing)

    return readable(rows, value, "a bulletin", lambda row: row[0].id)


def _sentences_of(
    session: Session, versions: Sequence[tuple[int, int]]
) -> dict[int, list[Any]]:
    """By bulletin, what is to be known of the sentences of its version, in order; in one question.

    Their changes only where a greeting can be: thousands of others need not be unpacked.
    """
    if not versions:
        return {}
    rows = session.execute(
        select(
            SentenceRow.episode_id,
            SentenceRow.passage,
            SentenceRow.story_id,
            SentenceRow.spoken,
            SentenceRow.clip,
            SentenceRow.chime,
            case((SentenceRow.passage == GREETING, SentenceRow.changes)).label(
                "changes"
            ),
            _is_by_hand().label("is_by_hand"),
        )
        .join(
            RenderingRow,
            (RenderingRow.episode_id == SentenceRow.episode_id)
            & (RenderingRow.version == SentenceRow.version),
        )
        .where(tuple_(SentenceRow.episode_id, SentenceRow.version).in_(versions))
        .order_by(SentenceRow.episode_id, SentenceRow.n)
    )
    sentences: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        sentences[row.episode_id].append(row)
    return sentences


def _is_by_hand() -> ColumnElement[bool]:
    """Somebody has the sentence said otherwise, or reads it, in this bulletin.

    What was edited or recorded in the story itself was heard with the story.
    """
    as_in_story = (
        select(PlanItemRow.story_id)
        .join(
            InStory,
            (InStory.episode_id == PlanItemRow.story_id)
            & (InStory.version == PlanItemRow.story_version),
        )
        .where(
            PlanItemRow.episode_id == SentenceRow.episode_id,
            PlanItemRow.revision == RenderingRow.revision,
            PlanItemRow.story_id == SentenceRow.story_id,
            InStory.written == SentenceRow.written,
            InStory.spoken == SentenceRow.spoken,
            InStory.recording_id.is_not_distinct_from(SentenceRow.recording_id),
        )
        .exists()
    )
    is_touched = SentenceRow.edited | SentenceRow.recording_id.is_not(None)
    return is_touched & ~as_in_story


def _value(
    row: WaitingRow,
    stories: tuple[PlanItem, ...],
    sentences: Sequence[Any],
    standing: StandingWords,
) -> Waiting:
    episode, rendering, airing, station, plan, master = row
    is_doubtful = bool(rendering.doubts or rendering.unplaced)
    own_words = _tidy(plan.greeting), _tidy(plan.closing)
    greeting, closing = standing(airing_value(airing, station.slug))
    is_changed = own_words != (_tidy(greeting), _tidy(closing)) or any(
        sentence.is_by_hand for sentence in sentences
    )
    content = Content(
        airing.air_at,
        tuple((story.episode_id, story.version) for story in stories),
        _heard(sentences, has_greeting=bool(plan.greeting)),
        episode.id if is_doubtful or is_changed else 0,
    )
    sound = master_value(master).path if master is not None else None
    bulletin = WaitingBulletin(episode.id, episode.version, station.name, sound)
    titles = tuple(story.title for story in stories)
    return Waiting(content, bulletin, titles, is_doubtful, is_changed)


def _tidy(words: str) -> str:
    """As the desk's form keeps them: a line's end or a second space says nothing."""
    return " ".join(words.split())


def _heard(
    sentences: Sequence[Any], *, has_greeting: bool
) -> tuple[tuple[str, ...], ...]:
    heard: list[tuple[str, ...]] = []
    for sentence in sentences:
        is_own = sentence.story_id is None
        if has_greeting and is_own and sentence.passage == GREETING:
            heard += _by_dictionary(sentence)
        else:
            heard.append((sentence.spoken, sentence.clip, sentence.chime))
    return tuple(heard)


def _by_dictionary(sentence: Any) -> list[tuple[str, ...]]:
    """Parts that an entry of the dictionary has said otherwise: no rule of the station's."""
    return [
        (change["written"], change["spoken"])
        for change in sentence.changes
        if change["rule"] == BY_TERM
    ]


def _grouped(waiting: Iterable[Waiting]) -> list[AlikeBulletins]:
    groups: dict[Content, list[Waiting]] = defaultdict(list)
    for each in waiting:
        groups[each.content].append(each)
    return [
        AlikeBulletins(
            content.air_at,
            same[0].titles,
            tuple(each.bulletin for each in same),
            same[0].is_doubtful,
            same[0].is_changed,
        )
        for content, same in groups.items()
    ]
