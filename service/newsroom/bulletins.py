"""Bulletins: airings of a station's slots, what could go into them, what was planned, and what may be broadcast."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from service.newsroom.database import Database, insert
from service.newsroom.episodes import WITHDRAWN, episode_row, log, master_value, reopen, sentences_of
from service.newsroom.errors import Conflict, Held, NotFound
from service.newsroom.jobs import Nudge, enqueue, finish, still_current
from service.newsroom.stations import station_row
from service.newsroom.tables import (
    AiringRow,
    ArticleRow,
    ArticleStationRow,
    BulletinRow,
    EpisodeRow,
    MasterRow,
    PlanItemRow,
    PlanRow,
    RenderingRow,
    RevisionRow,
    SentenceRow,
    StationRow,
    TopicRow,
    UrgentRow,
)
from service.newsroom.text import fold, slugify
from service.newsroom.values import (
    LOUDSPEAKER,
    Aired,
    Airing,
    Bulletin,
    Entry,
    Job,
    Kind,
    Lane,
    LeftOut,
    Offer,
    Plan,
    PlanItem,
    Priority,
    Rung,
    Sentence,
    Serving,
    Slot,
    State,
    Step,
)

Withdrawn = aliased(RenderingRow)
LADDER = tuple(Rung)  # best first
TOO_LONG = "Khi đọc xong, bản tin dài hơn khung giờ."
FILLED_MS = 24  # at most, by which each passage is filled up to whole frames of the file for horns
MOST_OFFERS = 300  # stories looked at for one bulletin, the newest
BY_RULE = "tự động theo quy định của đài"  # who approved what a station lets go on the air without a person
WHY = {
    Rung.PLANNED: "Bản tin đã được duyệt.",
    Rung.AUTOMATIC: "Chưa có bản tin nào được người duyệt; máy tự soạn từ các tin đã duyệt.",
    Rung.EVERGREEN: "Chưa có bản tin nào được duyệt; phát các thông báo đã duyệt chưa từng phát.",
    Rung.PREVIOUS: "Chưa có bản tin nào được duyệt; phát lại các tin của bản tin trước.",
    Rung.BED: "Chưa có bản tin nào được duyệt; phát nhạc nền và báo giờ.",
}
UNATTENDED = (Rung.AUTOMATIC, Rung.EVERGREEN, Rung.PREVIOUS, Rung.BED)  # all they say was approved before


class Bulletins:
    """What is broadcast at a station's hours."""

    def __init__(self, database: Database, now: Callable[[], datetime], nudge: Nudge) -> None:
        self._database = database
        self._now = now
        self._nudge = nudge

    def airing(self, station: str, slot: Slot, day: date, air_at: datetime) -> Airing:
        """The airing of a slot on a day; its row is made when nobody asked before."""
        with self._database.read() as session:
            known = session.scalars(_airing_of(station_row(session, station).id, day, slot.at)).first()
            if known is not None and (known.max_seconds == slot.max_seconds or known.air_at <= self._now()):
                return airing_value(known, station)
        with self._database.write() as session:
            place = station_row(session, station)
            row = insert(session, AiringRow).values(
                station_id=place.id,
                at=slot.at,
                day=day,
                air_at=air_at,
                max_seconds=slot.max_seconds,
                missed=False,
                played_by="",
            )
            session.execute(row.on_conflict_do_nothing())
            found = session.scalars(_airing_of(place.id, day, slot.at)).one()
            if found.air_at > self._now():  # the slot's rules may change until then
                found.max_seconds = slot.max_seconds
            return airing_value(found, station)

    def airings(self, station: str, since: datetime, until: datetime) -> list[Airing]:
        """A station's airings in `[since, until)`, in order."""
        with self._database.read() as session:
            rows = session.scalars(
                select(AiringRow)
                .where(
                    AiringRow.station_id == station_row(session, station).id,
                    AiringRow.air_at >= since,
                    AiringRow.air_at < until,
                )
                .order_by(AiringRow.air_at)
            )
            return [airing_value(row, station) for row in rows]

    def agenda(self, since: datetime, until: datetime) -> dict[tuple[str, str, date], Entry]:
        """All stations' airings in `[since, until)` that somebody asked for, by station, hour and day: in one look."""
        with self._database.read() as session:
            rows = session.execute(
                select(AiringRow, StationRow.slug, BulletinRow.rung, EpisodeRow.state)
                .join(StationRow, StationRow.id == AiringRow.station_id)
                .outerjoin(BulletinRow, BulletinRow.airing_id == AiringRow.id)
                .outerjoin(EpisodeRow, EpisodeRow.id == BulletinRow.episode_id)
                .where(AiringRow.air_at >= since, AiringRow.air_at < until)
            ).all()
        found: dict[tuple[str, str, date], Entry] = {}
        for airing, slug, rung, state in rows:
            key = (slug, airing.at, airing.day)
            entry = found.setdefault(key, Entry(airing_value(airing, slug), {}))
            if rung is not None:
                entry.rungs[Rung(rung)] = State(state)
        return found

    def since(self, station: str, at: str) -> datetime | None:
        """When a slot was first on the air, or will be; None when nobody asked for any of its airings."""
        with self._database.read() as session:
            return session.scalar(
                select(AiringRow.air_at)
                .where(AiringRow.station_id == station_row(session, station).id, AiringRow.at == at)
                .order_by(AiringRow.day)
                .limit(1)
            )

    def get_airing(self, airing_id: int) -> Airing:
        """NotFound when there is none of that number."""
        with self._database.read() as session:
            row = session.get(AiringRow, airing_id)
            if row is None:
                raise NotFound(f"no airing {airing_id}", "Không có buổi phát này.", "airing")
            return airing_value(row, session.get_one(StationRow, row.station_id).slug)

    def stock(self, station: str, slot: Slot, air_at: datetime, *, evergreen: bool = False) -> list[Offer]:
        """Published stories that may go into the slot's bulletin at that time, the newest first.

        The station's own and those of `slot.sources`, of its topics, at most `max_age_days` old; with `evergreen`
        the notices that are never old, and only those.
        """
        own = station_row_slugs(station, slot)
        with self._database.read() as session:
            placed = (
                select(ArticleStationRow.article_id)
                .join(StationRow, StationRow.id == ArticleStationRow.station_id)
                .where(StationRow.slug.in_(own))
            )
            where: list[ColumnElement[bool]] = [
                EpisodeRow.kind != Kind.BULLETIN,
                EpisodeRow.withdrawn_why == "",
                EpisodeRow.first_published_at.is_not(None),
                EpisodeRow.article_id.in_(placed),
                EpisodeRow.id.not_in(select(UrgentRow.episode_id)),
                ArticleRow.evergreen.is_(evergreen),
            ]
            if not evergreen:
                where.append(EpisodeRow.first_published_at >= air_at - timedelta(days=slot.max_age_days))
            if slot.topics:
                where.append(or_(TopicRow.slug.in_(slot.topics), EpisodeRow.kind == Kind.CORRECTION))
            return _offers(session, where, station, air_at, self._now())

    def offers(self, station: str, air_at: datetime, episodes: Sequence[int]) -> list[Offer]:
        """These stories as they are published now, in this order; those that are not are left out."""
        with self._database.read() as session:
            return _as_published(session, episodes, station, air_at, self._now())

    def open(self, airing_id: int, rung: Rung, plan: Plan, who: str) -> int:
        """The episode of a bulletin for an airing, made once: whoever asks again gets the same."""
        with self._database.write() as session:
            airing = session.get_one(AiringRow, airing_id, with_for_update=True)
            known = session.scalar(
                select(BulletinRow.episode_id).where(BulletinRow.airing_id == airing_id, BulletinRow.rung == rung)
            )
            if known is not None:
                return known
            now = self._now()
            article = ArticleRow(
                identity=f"bulletin:{airing_id}:{rung}",
                external_id="",
                url="",
                priority=Priority.NORMAL,
                revision=1,
                created_at=now,
            )
            session.add(article)
            session.flush()
            session.add(ArticleStationRow(article_id=article.id, station_id=airing.station_id, position=0))
            episode = EpisodeRow(
                kind=Kind.BULLETIN,
                guid=str(uuid4()),
                slug=f"{slugify(plan.title)}-{article.id}",
                article_id=article.id,
                station_id=airing.station_id,
                state=State.RECEIVED,
                version=1,
                priority=Priority.PRIORITY,  # its hour comes; a backlog of news does not wait for one
                created_at=now,
                updated_at=now,
            )
            session.add(episode)
            session.flush()
            session.add(BulletinRow(episode_id=episode.id, airing_id=airing_id, rung=rung))
            session.add(
                RenderingRow(
                    episode_id=episode.id,
                    version=1,
                    revision=1,
                    title=plan.title,
                    cause="planned",
                    opened_by=who,
                    opened_at=now,
                )
            )
            session.flush()
            _add_plan(session, episode, article, plan, now, who)
            log(session, now, who, "planned", plan.title, episode)
            nudge = enqueue(session, episode, Step.WRITE, _lane(airing, now), now)
        self._nudge(*nudge)
        return episode.id

    def revise(self, episode_id: int, plan: Plan, who: str, cause: str = "planned anew", *, version: int = 0) -> None:
        """Another plan: a new version that waits for approval again. Unchanged plans change nothing.

        Conflict when `version` is given and the bulletin has moved on, or when its hour has come.
        """
        with self._database.write() as session:
            episode = episode_row(session, episode_id, lock=True)
            bulletin = _bulletin_row(session, episode_id)
            airing = session.get_one(AiringRow, bulletin.airing_id)
            now = self._now()
            if version and version != episode.version:
                raise Conflict(
                    f"version {version} was replaced by version {episode.version}",
                    "Bản tin vừa được người khác sửa. Hãy xem lại rồi sửa tiếp.",
                    "version",
                )
            if airing.air_at + timedelta(seconds=airing.max_seconds) <= now:
                raise Conflict("its hour is over", "Đã qua giờ phát, không sửa bản tin này được nữa.", "state")
            article = session.get_one(ArticleRow, episode.article_id)
            if _same(session, episode, article.revision, plan):
                return
            article.revision += 1
            nudge = reopen(
                session,
                episode,
                State.RECEIVED,
                who,
                cause,
                now,
                lane=_lane(airing, now),
                title=plan.title,
                revision=article.revision,
            )
            _add_plan(session, episode, article, plan, now, who)
        self._nudge(*nudge)

    def shorten(self, job: Job, excess: float) -> bool:
        """A bulletin came out longer than its slot by `excess` seconds: a new version without a story or more.

        The last one that makes room enough goes, else the last of all. False when it has no story to give.
        """
        with self._database.write() as session:
            episode = still_current(session, job, State.SPOKEN)
            bulletin = _bulletin_row(session, job.episode_id)
            found = _bulletin(session, bulletin)
            if episode is not None and not found.items:
                return False
            if not finish(session, job, "dropped", self._now(), f"{excess:.1f} s too long") or episode is None:
                return True
            now = self._now()
            airing = session.get_one(AiringRow, bulletin.airing_id)
            kept = list(found.items)
            while kept and excess > 0:
                gone = next((item for item in reversed(kept) if item.seconds >= excess), kept[-1])
                kept.remove(gone)
                excess -= gone.seconds
            article = session.get_one(ArticleRow, episode.article_id)
            plan = Plan(
                title=found.title,
                greeting=found.greeting,
                closing=found.closing,
                headlines=found.headlines,
                chimes=found.chimes,
                stories=tuple(
                    _as_published(session, [item.episode_id for item in kept], found.airing.station, airing.air_at, now)
                ),
                seconds=sum(item.seconds for item in kept),
                left_out=(
                    *found.left_out,
                    *(LeftOut(item.episode_id, item.title, TOO_LONG) for item in found.items if item not in kept),
                ),
            )
            article.revision += 1
            nudge = reopen(
                session,
                episode,
                State.RECEIVED,
                LOUDSPEAKER,
                "too long",
                now,
                lane=_lane(airing, now),
                revision=article.revision,
            )
            _add_plan(session, episode, article, plan, now, LOUDSPEAKER)
        self._nudge(*nudge)
        return True

    def get(self, episode_id: int) -> Bulletin:
        """A bulletin, whole; NotFound when the episode is none."""
        with self._database.read() as session:
            return _bulletin(session, _bulletin_row(session, episode_id))

    def of(self, airing_id: int) -> list[Bulletin]:
        """All that was made for an airing, the best rung first."""
        with self._database.read() as session:
            rows = session.scalars(select(BulletinRow).where(BulletinRow.airing_id == airing_id)).all()
            return [_bulletin(session, row) for row in sorted(rows, key=lambda row: LADDER.index(Rung(row.rung)))]

    def waiting(self, until: datetime) -> list[Bulletin]:
        """Bulletins people are to approve for airings that are not over and begin before `until`, the next first."""
        now = self._now()
        with self._database.read() as session:
            rows = session.scalars(
                select(BulletinRow)
                .join(AiringRow, AiringRow.id == BulletinRow.airing_id)
                .join(EpisodeRow, EpisodeRow.id == BulletinRow.episode_id)
                .where(
                    AiringRow.air_at > now,
                    AiringRow.air_at < until,
                    BulletinRow.rung == Rung.PLANNED,
                    EpisodeRow.state != State.WITHDRAWN,
                    _approved_version().is_(None),
                )
                .order_by(AiringRow.air_at, AiringRow.id)
            )
            return [_bulletin(session, row) for row in rows]

    def last_aired(self, station: str, before: datetime) -> Bulletin | None:
        """The last bulletin with stories that was approved for an airing before that time, and was not withdrawn."""
        with self._database.read() as session:
            rows = session.scalars(
                select(BulletinRow)
                .join(AiringRow, AiringRow.id == BulletinRow.airing_id)
                .join(EpisodeRow, EpisodeRow.id == BulletinRow.episode_id)
                .where(
                    AiringRow.station_id == station_row(session, station).id,
                    AiringRow.air_at < before,
                    AiringRow.air_at >= before - timedelta(days=7),
                    BulletinRow.rung.in_((Rung.PLANNED, Rung.AUTOMATIC)),
                    EpisodeRow.state != State.WITHDRAWN,
                    _approved_version().is_not(None),
                )
                .order_by(AiringRow.air_at.desc(), BulletinRow.rung.desc())
                .limit(1)
            ).first()
            return _bulletin(session, rows) if rows is not None else None

    def serving(self, station: str, slot: Slot, day: date, air_at: datetime) -> Serving:
        """What stands at a slot's address for its airing on that day: a warning, the best approved, or the bed."""
        with self._database.read() as session:
            place = station_row(session, station)
            row = session.scalars(_airing_of(place.id, day, slot.at)).first()
            if row is None:
                airing = Airing(0, station, slot.at, day, air_at, slot.max_seconds)
            else:
                airing = airing_value(row, station)
            return replace(
                _best(session, place.id, airing, self._now()),
                since=_given_way(session, place.id, airing.id, self._now()),
            )

    def script(self, episode_id: int, version: int) -> tuple[Sentence, ...]:
        """The sentences of one version, which may be older than the one at the desk."""
        with self._database.read() as session:
            return sentences_of(session, episode_id, version)

    def record(self, station: str, since: datetime, until: datetime) -> list[Aired]:
        """A station's log: its airings in `[since, until)` in order, with what was broadcast."""
        with self._database.read() as session:
            rows = session.scalars(
                select(AiringRow)
                .where(
                    AiringRow.station_id == station_row(session, station).id,
                    AiringRow.air_at >= since,
                    AiringRow.air_at < until,
                )
                .order_by(AiringRow.air_at)
            ).all()
            made = _made(session, [row.id for row in rows])
            drafts = {
                airing_id: State(state)
                for rung, airing_id, state in session.execute(
                    select(BulletinRow.rung, BulletinRow.airing_id, EpisodeRow.state)
                    .join(EpisodeRow, EpisodeRow.id == BulletinRow.episode_id)
                    .where(BulletinRow.airing_id.in_([row.id for row in rows]), BulletinRow.rung == Rung.PLANNED)
                )
            }
            return [
                _aired_as(session, airing_value(row, station), made.get(row.id, []), drafts.get(row.id)) for row in rows
            ]

    def played(self, airing_id: int, serving: Serving, who: str) -> None:
        """The operator says that this was broadcast; said twice, the first holds."""
        with self._database.write() as session:
            row = session.get(AiringRow, airing_id, with_for_update=True)
            if row is None:
                raise NotFound(f"no airing {airing_id}", "Không có buổi phát này.", "airing")
            if row.air_at > self._now():
                raise Conflict("its hour has not come", "Chưa đến giờ phát.", "airing")
            if row.played_at is not None:
                return
            row.played_at, row.played_by = self._now(), who
            row.played_episode_id, row.played_version = serving.episode_id or None, serving.version or None
            log(session, self._now(), who, "played", f"{row.at} {row.day:%d/%m/%Y}", None)

    def missed(self, airing_id: int) -> None:
        """Nobody looked at this airing before it was over: the machine was off."""
        with self._database.write() as session:
            session.get_one(AiringRow, airing_id, with_for_update=True).missed = True


_Made = tuple[Rung, EpisodeRow, RenderingRow, MasterRow]


def _made(session: Session, airings: Sequence[int]) -> dict[int, list[_Made]]:
    """The approved versions of all bulletins for these airings: by airing, the best rung's newest first."""
    rows = session.execute(
        select(BulletinRow, EpisodeRow, RenderingRow, MasterRow)
        .join(EpisodeRow, EpisodeRow.id == BulletinRow.episode_id)
        .join(RenderingRow, RenderingRow.episode_id == EpisodeRow.id)
        .join(
            MasterRow,
            (MasterRow.episode_id == RenderingRow.episode_id)
            & (MasterRow.version == RenderingRow.version)
            & (MasterRow.kind == "speaker"),
        )
        .where(BulletinRow.airing_id.in_(airings), RenderingRow.approved_at.is_not(None))
    ).all()
    found: dict[int, list[_Made]] = {}
    for bulletin, episode, rendering, master in rows:
        found.setdefault(bulletin.airing_id, []).append((Rung(bulletin.rung), episode, rendering, master))
    for each in found.values():
        each.sort(key=lambda one: (LADDER.index(one[0]), -one[2].version))
    return found


def _aired_as(session: Session, airing: Airing, made: Sequence[_Made], draft: State | None) -> Aired:
    """What the operator said was broadcast, else the best that stood there when the airing was over."""
    known: _Made | None
    if airing.played_episode_id is not None:
        played = airing.played_episode_id, airing.played_version or 0
        known = next((each for each in made if (each[2].episode_id, each[2].version) == played), None)
        if known is None:  # a warning, which is no bulletin
            master = session.get(MasterRow, (*played, "speaker"))
            rows = session.get_one(EpisodeRow, played[0]), session.get_one(RenderingRow, played)
            known = (Rung.URGENT, *rows, master) if master is not None else None
    elif airing.played_at is not None:
        known = None
    else:
        known = next((each for each in made if _stood(each, airing)), None)
    if known is None:
        return Aired(airing, Rung.BED, draft)
    rung, episode, rendering, master = known
    return Aired(
        airing,
        rung,
        draft,
        episode.id,
        rendering.version,
        rendering.title,
        master.seconds,
        master.sha256,
        rendering.approved_by,
        rendering.approved_at,
    )


def _stood(made: _Made, airing: Airing) -> bool:
    """Whether it was approved, and not withdrawn, before the airing was over."""
    _, episode, rendering, _ = made
    gone = episode.state == State.WITHDRAWN and episode.updated_at <= airing.ends_at
    return not gone and rendering.approved_at is not None and rendering.approved_at <= airing.ends_at


def station_row_slugs(station: str, slot: Slot) -> list[str]:
    """The stations whose news a slot broadcasts, its own first."""
    return list(dict.fromkeys([station, *slot.sources]))


def airing_value(row: AiringRow, station: str) -> Airing:
    """A row of `airing` as others see it."""
    return Airing(
        id=row.id,
        station=station,
        at=row.at,
        day=row.day,
        air_at=row.air_at,
        max_seconds=row.max_seconds,
        missed=row.missed,
        played_at=row.played_at,
        played_by=row.played_by,
        played_episode_id=row.played_episode_id,
        played_version=row.played_version,
    )


def _airing_of(station_id: int, day: date, at: str) -> Select[AiringRow]:
    return select(AiringRow).where(AiringRow.station_id == station_id, AiringRow.day == day, AiringRow.at == at)


def _lane(airing: AiringRow, now: datetime) -> Lane:
    """Whatever is needed within the hour does not wait behind long articles."""
    return Lane.FAST if airing.air_at - now < timedelta(hours=1) else Lane.SLOW


def _approved_version() -> ScalarSelect[int]:
    """The newest version of EpisodeRow's episode that was approved, and not before it was last withdrawn."""
    withdrawn = (
        select(func.coalesce(func.max(Withdrawn.version), 0))
        .where(Withdrawn.episode_id == EpisodeRow.id, Withdrawn.cause == WITHDRAWN)
        .correlate(EpisodeRow)
        .scalar_subquery()
    )
    return (
        select(func.max(RenderingRow.version))
        .where(
            RenderingRow.episode_id == EpisodeRow.id,
            RenderingRow.approved_at.is_not(None),
            RenderingRow.version > withdrawn,
        )
        .correlate(EpisodeRow)
        .scalar_subquery()
    )


def _offers(
    session: Session, where: Sequence[ColumnElement[bool]], station: str, air_at: datetime, now: datetime
) -> list[Offer]:
    rows = session.execute(
        select(EpisodeRow, RenderingRow, StationRow, TopicRow, ArticleRow)
        .join(
            RenderingRow,
            (RenderingRow.episode_id == EpisodeRow.id) & (RenderingRow.version == EpisodeRow.public_version),
        )
        .join(StationRow, StationRow.id == EpisodeRow.station_id)
        .join(ArticleRow, ArticleRow.id == EpisodeRow.article_id)
        .join(
            RevisionRow,
            (RevisionRow.article_id == EpisodeRow.article_id) & (RevisionRow.number == RenderingRow.revision),
        )
        .outerjoin(TopicRow, TopicRow.id == RevisionRow.topic_id)
        .where(*where)
        .order_by(EpisodeRow.first_published_at.desc(), EpisodeRow.id.desc())
        .limit(MOST_OFFERS)
    ).all()
    ids = [row[0].id for row in rows]
    aired = _aired(session, ids, station, air_at, now)
    lengths = _lengths(session, ids, station_row(session, station))
    return [
        Offer(
            episode_id=episode.id,
            version=rendering.version,
            title=rendering.title,
            slug=episode.slug,
            station=place.slug,
            station_name=place.name,
            topic=topic.name if topic else "",
            priority=Priority(episode.priority),
            published_at=episode.first_published_at or rendering.opened_at,
            seconds=lengths[episode.id].seconds,
            title_seconds=lengths[episode.id].title,
            pace=lengths[episode.id].pace,
            last_aired=aired.get(episode.id),
            evergreen=article.evergreen,
        )
        for episode, rendering, place, topic, article in rows
        if episode.id in lengths
    ]


@dataclass(frozen=True, slots=True)
class _Length:
    """Of a story: in a station's bulletin, of its title as it was spoken, of a syllable; in seconds."""

    seconds: float
    title: float
    pace: float


def _lengths(session: Session, episodes: Sequence[int], station: StationRow) -> dict[int, _Length]:
    """How long stories take at a station: from the times of their sentences, so that its tempo and pauses count.

    What a story says last, of its voice, is said once in a bulletin: it does not count here.
    """
    said = SentenceRow.end_ms - SentenceRow.start_ms
    rows = session.execute(
        select(
            SentenceRow.episode_id,
            func.sum(said),
            func.sum(SentenceRow.pause_ms),
            func.count(SentenceRow.passage.distinct()),
            func.sum(func.length(SentenceRow.spoken) - func.length(func.replace(SentenceRow.spoken, " ", "")) + 1),
            func.sum(case((SentenceRow.n == 1, said), else_=0)),
        )
        .join(
            EpisodeRow, (EpisodeRow.id == SentenceRow.episode_id) & (EpisodeRow.public_version == SentenceRow.version)
        )
        .where(SentenceRow.episode_id.in_(episodes), SentenceRow.role != "closing", SentenceRow.end_ms.is_not(None))
        .group_by(SentenceRow.episode_id)
    )
    found: dict[int, _Length] = {}
    for episode, spoken, pauses, passages, syllables, title in rows:
        ms = (spoken + pauses * station.speaker_pauses) / station.speaker_tempo + passages * FILLED_MS
        found[episode] = _Length(float(ms) / 1000, title / 1000, spoken / 1000 / syllables)
    return found


def _as_published(
    session: Session, episodes: Sequence[int], station: str, air_at: datetime, now: datetime
) -> list[Offer]:
    """See Bulletins.offers."""
    where = [EpisodeRow.id.in_(episodes), EpisodeRow.withdrawn_why == "", EpisodeRow.kind != Kind.BULLETIN]
    found = {offer.episode_id: offer for offer in _offers(session, where, station, air_at, now)}
    return [found[number] for number in episodes if number in found]


def _aired(session: Session, ids: Sequence[int], station: str, air_at: datetime, now: datetime) -> dict[int, date]:
    """When stories were last heard at a station before `air_at`, or will be by what is planned; by episode."""
    stands = EpisodeRow.state != State.WITHDRAWN  # what was withdrawn after its hour had been heard all the same
    approved = (
        select(RenderingRow.version)
        .where(
            RenderingRow.episode_id == PlanItemRow.episode_id,
            RenderingRow.revision == PlanItemRow.revision,
            RenderingRow.approved_at.is_not(None),
            or_(stands, RenderingRow.published_at.is_not(None)),
        )
        .correlate(PlanItemRow, EpisodeRow)
        .exists()
    )
    planned = and_(
        stands,
        AiringRow.air_at > now,
        ArticleRow.revision == PlanItemRow.revision,
        BulletinRow.rung == Rung.PLANNED,
    )
    rows = session.execute(
        select(PlanItemRow.story_id, func.max(AiringRow.day))
        .join(BulletinRow, BulletinRow.episode_id == PlanItemRow.episode_id)
        .join(AiringRow, AiringRow.id == BulletinRow.airing_id)
        .join(EpisodeRow, EpisodeRow.id == BulletinRow.episode_id)
        .join(ArticleRow, ArticleRow.id == EpisodeRow.article_id)
        .where(
            AiringRow.station_id == station_row(session, station).id,
            AiringRow.air_at < air_at,
            PlanItemRow.story_id.in_(ids),
            or_(approved, planned),
        )
        .group_by(PlanItemRow.story_id)
    )
    return {row[0]: row[1] for row in rows}


def _add_plan(session: Session, episode: EpisodeRow, article: ArticleRow, plan: Plan, now: datetime, who: str) -> None:
    titles = [offer.title for offer in plan.stories]
    paragraphs = [text for text in (plan.greeting, *titles, plan.closing) if text]
    session.add(
        RevisionRow(
            article_id=article.id,
            number=article.revision,
            digest="",
            title=plan.title,
            lead="",
            paragraphs=paragraphs,
            byline="",
            topic_id=None,
            published_at=None,
            received_at=now,
            received_from=who,
            folded=fold(" ".join([plan.title, *paragraphs])),
        )
    )
    session.add(
        PlanRow(
            episode_id=episode.id,
            revision=article.revision,
            greeting=plan.greeting,
            closing=plan.closing,
            headlines=plan.headlines,
            chimes=plan.chimes,
            seconds=plan.seconds,
            left_out=[asdict(left) for left in plan.left_out],
        )
    )
    session.flush()
    for position, offer in enumerate(plan.stories, start=1):
        session.add(
            PlanItemRow(
                episode_id=episode.id,
                revision=article.revision,
                position=position,
                story_id=offer.episode_id,
                story_version=offer.version,
                seconds=offer.seconds,
                repeat=offer.last_aired is not None,
            )
        )
    session.flush()


def _same(session: Session, episode: EpisodeRow, revision: int, plan: Plan) -> bool:
    """Whether a plan says what the bulletin's newest revision says already."""
    row = session.get_one(PlanRow, (episode.id, revision))
    items = session.execute(
        select(PlanItemRow.story_id, PlanItemRow.story_version)
        .where(PlanItemRow.episode_id == episode.id, PlanItemRow.revision == revision)
        .order_by(PlanItemRow.position)
    ).all()
    return (row.greeting, row.closing, row.headlines, row.chimes, [tuple(item) for item in items]) == (
        plan.greeting,
        plan.closing,
        plan.headlines,
        plan.chimes,
        [(offer.episode_id, offer.version) for offer in plan.stories],
    )


def _bulletin_row(session: Session, episode_id: int) -> BulletinRow:
    row = session.get(BulletinRow, episode_id)
    if row is None:
        raise NotFound(f"no bulletin {episode_id}", "Không có bản tin này.", "bulletin")
    return row


def _items(session: Session, episode_id: int, revision: int) -> tuple[PlanItem, ...]:
    rows = session.execute(
        select(PlanItemRow, EpisodeRow, RenderingRow.title, StationRow.name)
        .join(EpisodeRow, EpisodeRow.id == PlanItemRow.story_id)
        .join(
            RenderingRow,
            (RenderingRow.episode_id == PlanItemRow.story_id) & (RenderingRow.version == PlanItemRow.story_version),
        )
        .join(StationRow, StationRow.id == EpisodeRow.station_id)
        .where(PlanItemRow.episode_id == episode_id, PlanItemRow.revision == revision)
        .order_by(PlanItemRow.position)
    )
    return tuple(
        PlanItem(
            position=item.position,
            episode_id=item.story_id,
            version=item.story_version,
            title=title,
            slug=story.slug,
            station_name=name,
            priority=Priority(story.priority),
            seconds=item.seconds,
            repeat=item.repeat,
            newest=None if story.withdrawn_why else story.public_version,
        )
        for item, story, title, name in rows
    )


def _bulletin(session: Session, row: BulletinRow) -> Bulletin:
    episode = session.get_one(EpisodeRow, row.episode_id)
    airing = session.get_one(AiringRow, row.airing_id)
    station = session.get_one(StationRow, airing.station_id)
    rendering = session.get_one(RenderingRow, (episode.id, episode.version))
    plan = session.get_one(PlanRow, (episode.id, rendering.revision))
    approved = session.scalars(
        select(RenderingRow)
        .where(RenderingRow.episode_id == episode.id, RenderingRow.approved_at.is_not(None))
        .order_by(RenderingRow.version.desc())
        .limit(1)
    ).first()
    measured = session.scalar(
        select(MasterRow.seconds).where(
            MasterRow.episode_id == episode.id, MasterRow.version == episode.version, MasterRow.kind == "speaker"
        )
    )
    return Bulletin(
        episode_id=episode.id,
        airing=airing_value(airing, station.slug),
        rung=Rung(row.rung),
        title=rendering.title,
        slug=episode.slug,
        state=State(episode.state),
        version=episode.version,
        revision=rendering.revision,
        greeting=plan.greeting,
        closing=plan.closing,
        headlines=plan.headlines,
        chimes=plan.chimes,
        seconds=measured or plan.seconds,
        measured=measured is not None,
        items=_items(session, episode.id, rendering.revision),
        left_out=tuple(LeftOut(**left) for left in plan.left_out),
        planned_by=session.get_one(RevisionRow, (episode.article_id, rendering.revision)).received_from,
        approved_version=approved.version if approved else None,
        approved_by=approved.approved_by if approved else "",
        approved_at=approved.approved_at if approved else None,
        held=Held(episode.held) if episode.held else None,
    )


def _best(session: Session, station_id: int, airing: Airing, now: datetime) -> Serving:
    """See Bulletins.serving."""
    if (urgent := _urgent(session, station_id, airing, now)) is not None:
        return urgent
    rungs = select(BulletinRow).where(BulletinRow.airing_id == airing.id)
    for found in sorted(session.scalars(rungs), key=lambda row: LADDER.index(Rung(row.rung))):
        if (serving := _servable(session, found, airing)) is not None:
            return serving
    return Serving(airing, Rung.BED, _why_bed(session, airing))


def _given_way(session: Session, station_id: int, airing_id: int, now: datetime) -> datetime | None:
    """When something that could be broadcast for an airing was last withdrawn, or a warning at its station expired.

    Then what stands at the slot's address is older than what stood there before.
    """
    bulletins = select(BulletinRow.episode_id).where(BulletinRow.airing_id == airing_id)
    stories = select(PlanItemRow.story_id).where(PlanItemRow.episode_id.in_(bulletins))
    warnings = (
        select(UrgentRow.episode_id)
        .join(EpisodeRow, EpisodeRow.id == UrgentRow.episode_id)
        .join(ArticleStationRow, ArticleStationRow.article_id == EpisodeRow.article_id)
        .where(ArticleStationRow.station_id == station_id)
    )
    withdrawn = session.scalar(
        select(func.max(RenderingRow.opened_at)).where(
            RenderingRow.cause == "withdrawn",
            or_(
                RenderingRow.episode_id.in_(bulletins),
                RenderingRow.episode_id.in_(stories),
                RenderingRow.episode_id.in_(warnings),
            ),
        )
    )
    expired = session.scalar(
        select(func.max(UrgentRow.expires_at)).where(UrgentRow.episode_id.in_(warnings), UrgentRow.expires_at <= now)
    )
    return max((time for time in (withdrawn, expired) if time is not None), default=None)


def _urgent(session: Session, station_id: int, airing: Airing, now: datetime) -> Serving | None:
    """The gravest, then newest warning in force at a station; `items` lists all that are, in this order."""
    found = session.execute(
        select(EpisodeRow, RenderingRow, MasterRow.seconds, StationRow.name)
        .join(UrgentRow, UrgentRow.episode_id == EpisodeRow.id)
        .join(StationRow, StationRow.id == EpisodeRow.station_id)
        .join(ArticleStationRow, ArticleStationRow.article_id == EpisodeRow.article_id)
        .join(RenderingRow, (RenderingRow.episode_id == EpisodeRow.id) & (RenderingRow.version == _approved_version()))
        .join(
            MasterRow,
            (MasterRow.episode_id == EpisodeRow.id)
            & (MasterRow.version == RenderingRow.version)
            & (MasterRow.kind == "speaker"),
        )
        .where(
            ArticleStationRow.station_id == station_id,
            UrgentRow.expires_at > now,
            EpisodeRow.withdrawn_why == "",
        )
        .order_by(_gravity(), RenderingRow.approved_at.desc())
    ).all()
    if not found:
        return None
    items = tuple(
        PlanItem(
            n, each.id, spoken.version, spoken.title, each.slug, name, Priority.URGENT, seconds, False, spoken.version
        )
        for n, (each, spoken, seconds, name) in enumerate(found, start=1)
    )
    serving = _serving(session, airing, Rung.URGENT, *found[0][:2], why="Cảnh báo khẩn cấp đang có hiệu lực.")
    return replace(serving, items=items) if serving else None


def _gravity() -> ColumnElement[int]:
    """Grave warnings first; what was typed, or does not say how grave it is, counts as severe."""
    ranks = {"Extreme": 0, "Severe": 1, "Moderate": 2, "Minor": 3}
    return case(ranks, value=UrgentRow.severity, else_=1)


def _servable(session: Session, row: BulletinRow, airing: Airing) -> Serving | None:
    """The newest approved version of a bulletin, unless it or a story in it was withdrawn."""
    found = session.execute(
        select(EpisodeRow, RenderingRow)
        .join(RenderingRow, (RenderingRow.episode_id == EpisodeRow.id) & (RenderingRow.version == _approved_version()))
        .where(EpisodeRow.id == row.episode_id, EpisodeRow.state != State.WITHDRAWN)
    ).first()
    if found is None:
        return None
    serving = _serving(session, airing, Rung(row.rung), *found, why=WHY[Rung(row.rung)])
    return None if serving is None or any(item.newest is None for item in serving.items) else serving


def _serving(
    session: Session, airing: Airing, rung: Rung, episode: EpisodeRow, rendering: RenderingRow, why: str
) -> Serving | None:
    master = session.get(MasterRow, (episode.id, rendering.version, "speaker"))
    if master is None:
        return None
    return Serving(
        airing=airing,
        rung=rung,
        why=why,
        episode_id=episode.id,
        version=rendering.version,
        title=rendering.title,
        slug=episode.slug,
        approved_by=rendering.approved_by,
        approved_at=rendering.approved_at,
        provisional=rendering.provisional,
        master=master_value(master),
        made_at=master.created_at,
        items=_items(session, episode.id, rendering.revision),
    )


def _why_bed(session: Session, airing: Airing) -> str:
    made = session.scalar(select(func.count()).where(BulletinRow.airing_id == airing.id))
    if not made:
        return "Bản tin cho buổi phát này chưa được soạn."
    return "Bản tin cho buổi phát này chưa được duyệt."
