"""What phones are yet to be told: a row for each phone and episode.

What a call did not bring is tried again; what a process that ends had in its hands is not lost.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, Select, delete, literal, or_, select
from sqlalchemy.orm import Session

from service.newsroom.public.subscribers import (
    MAKERS,
    Subscriber,
    forget_phone,
    subscriber_of,
)
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.inserting import insert
from service.newsroom.store.tables import (
    AnnouncedRow,
    ArticleStationRow,
    EpisodeRow,
    StationRow,
    SubscriberRow,
    UntoldRow,
    UrgentRow,
)
from service.newsroom.values import Kind
from service.newsroom.values.calls import Bringer, CallFate

NEWS = (Kind.STORY, Kind.CORRECTION, Kind.RECORDING)
LOOKED_BACK = timedelta(hours=2)  # older news is none when we come to tell it
AT_A_LOOK = 2_000
LEASE = timedelta(minutes=3)  # while one sweep tells, no other does
# Between tries, the last one again and again until there is nothing to tell any more.
WAITS = tuple(timedelta(seconds=seconds) for seconds in (15, 60, 300, 900, 3600))
# A phone is given up when its own service refuses it again and again, for as long as a wrong
# clock or key of ours may take to be mended; or when nothing reached it for a season.
MOST_REFUSALS = 10
REFUSED_FOR = timedelta(days=7)
UNREACHED_FOR = timedelta(days=90)
ANNOUNCED_KEPT = timedelta(days=365)  # no warning is in force for so long

# An episode's number, its article's, when it came out, and until when it warns.
Fresh = Row[int, int | None, datetime | None, datetime]


TRIED_AGAIN = frozenset((CallFate.LATER, CallFate.UNTRIED, CallFate.REFUSED))


@dataclass(frozen=True, slots=True)
class Owed:
    """The episodes that a phone is to be told of now."""

    subscriber: Subscriber
    episodes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CallResult:
    """What became of telling a phone of these episodes."""

    subscriber_id: int
    episodes: tuple[int, ...]
    fate: CallFate


class Untold:
    """What those who tell load and save."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    @transact
    def claim(self) -> int:
        """Notes whom to tell of what was published and not announced yet; how many episodes.

        News of the last `LOOKED_BACK`, and warnings as long as they are in force.
        """
        now = self._now()
        with self._database.read() as session:
            # Two questions: in one, an OR keeps the database from using any index.
            recent = EpisodeRow.first_published_at >= now - LOOKED_BACK
            fresh = {row.id: row for row in session.execute(_unannounced(recent))}
            in_force = UrgentRow.expires_at > now
            fresh |= {row.id: row for row in session.execute(_unannounced(in_force))}
        if not fresh:
            return 0
        with self._database.write() as session:
            return sum(_announce(session, row, now) for row in fresh.values())

    @transact
    def take(self, service: Bringer) -> list[Owed]:
        """What is due by a kind of service, warnings first; the taker's for `LEASE`."""
        now = self._now()
        due = _due(service, now)
        with self._database.read() as session:
            if session.execute(due.limit(1)).first() is None:
                return []
        episodes: dict[int, list[int]] = defaultdict(list)
        subscribers: dict[int, Subscriber] = {}
        with self._database.write() as session:
            locked = due.with_for_update(skip_locked=True, of=UntoldRow)
            for row, subscriber in session.execute(locked):
                row.try_after = now + LEASE
                episodes[subscriber.id].append(row.episode_id)
                subscribers[subscriber.id] = subscriber_of(subscriber)
        return [
            Owed(subscribers[number], tuple(of_it))
            for number, of_it in episodes.items()
        ]

    @transact
    def settle(self, outcomes: Sequence[CallResult]) -> None:
        """Notes what became of calls, in one transaction."""
        with self._database.write() as session:
            for outcome in outcomes:
                _settle(session, outcome, self._now())

    @transact
    def forget(self) -> None:
        """What was announced so long ago that nobody looks for it."""
        with self._database.write() as session:
            old = AnnouncedRow.announced_at < self._now() - ANNOUNCED_KEPT
            session.execute(delete(AnnouncedRow).where(old))


def _due(service: Bringer, now: datetime) -> Select[UntoldRow, SubscriberRow]:
    # Later than any wait: it was set before the clock went back.
    never = UntoldRow.try_after > now + 2 * WAITS[-1]
    by_maker = SubscriberRow.host.in_(MAKERS)
    return (
        select(UntoldRow, SubscriberRow)
        .join(SubscriberRow, SubscriberRow.id == UntoldRow.subscriber_id)
        .where(
            (UntoldRow.try_after <= now) | never,
            by_maker if service is Bringer.MAKERS else ~by_maker,
        )
        .order_by(
            UntoldRow.warns.desc(),
            UntoldRow.tries,
            UntoldRow.subscriber_id,
            UntoldRow.episode_id,
        )
        .limit(AT_A_LOOK)
    )


def _unannounced(
    narrowed: ColumnElement[bool],
) -> Select[int, int | None, datetime | None, datetime]:
    return (
        select(
            EpisodeRow.id,
            EpisodeRow.article_id,
            EpisodeRow.first_published_at,
            UrgentRow.expires_at,
        )
        .outerjoin(UrgentRow, UrgentRow.episode_id == EpisodeRow.id)
        .outerjoin(AnnouncedRow, AnnouncedRow.episode_id == EpisodeRow.id)
        .where(
            EpisodeRow.public_version.is_not(None),
            EpisodeRow.withdrawn_why == "",
            EpisodeRow.kind.in_(NEWS),
            AnnouncedRow.episode_id.is_(None),
            narrowed,
        )
    )


def _announce(session: Session, episode: Fresh, now: datetime) -> int:
    """A row for each phone that wants to know; 0 when another process was quicker."""
    claimed = session.execute(
        insert(session, AnnouncedRow)
        .values(episode_id=episode.id, announced_at=now)
        .on_conflict_do_nothing()
    )
    if not claimed.rowcount:  # type: ignore[attr-defined]
        return 0
    is_warning = episode.expires_at is not None
    stations = (
        select(StationRow.slug)
        .join(ArticleStationRow, ArticleStationRow.station_id == StationRow.id)
        .where(ArticleStationRow.article_id == episode.article_id)
    )
    columns = ["subscriber_id", "episode_id", "warns", "tries", "try_after"]
    wanting = select(
        SubscriberRow.id,
        literal(episode.id),
        literal(is_warning),
        literal(0),
        literal(now, UntoldRow.try_after.type),
    ).where(
        SubscriberRow.created_at < episode.first_published_at,
        or_(SubscriberRow.station == "", SubscriberRow.station.in_(stations)),
    )
    if not is_warning:
        wanting = wanting.where(SubscriberRow.news)
    session.execute(insert(session, UntoldRow).from_select(columns, wanting))
    return 1


def _settle(session: Session, outcome: CallResult, now: datetime) -> None:
    tellings = (UntoldRow.subscriber_id == outcome.subscriber_id) & (
        UntoldRow.episode_id.in_(outcome.episodes)
    )
    if outcome.fate in TRIED_AGAIN:
        for row in session.scalars(select(UntoldRow).where(tellings)):
            _put_off(row, outcome.fate, now)
    else:
        session.execute(delete(UntoldRow).where(tellings))
    phone = session.get(SubscriberRow, outcome.subscriber_id)
    if phone is not None:
        _note(phone, outcome.fate, now)
        if outcome.fate is CallFate.GONE or _is_given_up(phone, now):
            forget_phone(session, phone.id)


def _put_off(row: UntoldRow, fate: CallFate, now: datetime) -> None:
    if fate is CallFate.UNTRIED:
        row.try_after = now
        return
    row.try_after = now + WAITS[min(row.tries, len(WAITS) - 1)]
    row.tries += 1


def _note(phone: SubscriberRow, fate: CallFate, now: datetime) -> None:
    if fate is CallFate.TAKEN:
        phone.failures, phone.failing_since = 0, None
    elif fate in (CallFate.REFUSED, CallFate.LATER):
        phone.failing_since = phone.failing_since or now
        phone.failures += fate is CallFate.REFUSED


def _is_given_up(phone: SubscriberRow, now: datetime) -> bool:
    if phone.failing_since is None:
        return False
    failing_for = now - phone.failing_since
    is_refused = phone.failures >= MOST_REFUSALS and failing_for >= REFUSED_FOR
    return is_refused or failing_for >= UNREACHED_FOR
