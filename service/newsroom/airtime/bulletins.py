"""Bulletins: airings of a station's slots, what could go into them, what was planned, and what may be broadcast."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, Row, or_, select
from sqlalchemy.orm import Session

from service.newsroom.airtime.airings import (
    airing_of,
    airing_value,
    approved_version,
    bulletin_row,
    bulletin_value,
    bulletins_where,
)
from service.newsroom.airtime.onair import aired_as, made_for, servings, silent
from service.newsroom.airtime.stock import as_published, offers_where
from service.newsroom.errors import Conflict, NotFound
from service.newsroom.jobs import enqueue, finish, still_current
from service.newsroom.stations import station_row
from service.newsroom.store.database import Database, insert
from service.newsroom.store.log import log
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import (
    AiringRow,
    ArticleRow,
    ArticleStationRow,
    BulletinRow,
    EpisodeRow,
    PlanItemRow,
    PlanRow,
    RenderingRow,
    RevisionRow,
    StationRow,
    TopicRow,
    UrgentRow,
)
from service.newsroom.stories.moves import episode_row, first_version, reopen
from service.newsroom.stories.placements import Placed
from service.newsroom.stories.renderings import sentences_of
from service.newsroom.text import fold, slugify
from service.newsroom.values import (
    LOUDSPEAKER,
    Aired,
    Airing,
    Bulletin,
    Cause,
    Draft,
    Entry,
    Event,
    Job,
    Kind,
    Lane,
    LeftOut,
    Offer,
    Plan,
    Priority,
    Rung,
    Sentence,
    Serving,
    Slot,
    SlotHour,
    State,
    Step,
)

TOO_LONG = "Khi đọc xong, bản tin dài hơn khung giờ."
PLAYED_WITHIN = timedelta(days=7)  # later nobody remembers what was heard
UNATTENDED = (
    Rung.AUTOMATIC,
    Rung.EVERGREEN,
    Rung.PREVIOUS,
    Rung.BED,
)  # all they say was approved before


class Bulletins:
    """What is broadcast at a station's hours."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def airing(self, station: str, slot: Slot, day: date, air_at: datetime) -> Airing:
        """The airing of a slot on a day; its row is made when nobody asked before."""
        with self._database.read() as session:
            known = session.scalars(
                airing_of(station_row(session, station).id, day, slot.at)
            ).first()
            if known is not None and (
                known.max_seconds == slot.max_seconds or known.air_at <= self._now()
            ):
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
            found = session.scalars(airing_of(place.id, day, slot.at)).one()
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

        def enter(row: Row[AiringRow, str, str, str]) -> None:
            airing, slug, rung, state = row
            key = (slug, airing.at, airing.day)
            entry = found.setdefault(key, Entry(airing_value(airing, slug), {}))
            if rung is not None:
                entry.rungs[Rung(rung)] = State(state)

        readable(rows, enter, "an airing", lambda row: row[0].id)
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

    def stock(
        self, station: str, slot: Slot, air_at: datetime, *, evergreen: bool = False
    ) -> list[Offer]:
        """Published stories that may go into the slot's bulletin at that time, the newest first.

        The station's own and those of `slot.sources`, of its topics, at most `max_age_days` old; with `evergreen`
        the notices that are never old, and only those.
        """
        own = _broadcast_from(station, slot)
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
                where.append(
                    EpisodeRow.first_published_at >= air_at - timedelta(days=slot.max_age_days)
                )
            if slot.topics:
                where.append(
                    or_(TopicRow.slug.in_(slot.topics), EpisodeRow.kind == Kind.CORRECTION)
                )
            return offers_where(session, where, station, air_at, self._now())

    def offers(self, station: str, air_at: datetime, episodes: Sequence[int]) -> list[Offer]:
        """These stories as they are published now, in this order; those that are not are left out."""
        with self._database.read() as session:
            return as_published(session, episodes, station, air_at, self._now())

    def open(self, airing_id: int, rung: Rung, plan: Plan, who: str) -> int:
        """The episode of a bulletin for an airing, made once: whoever asks again gets the same."""
        with self._database.write() as session:
            airing = session.get_one(AiringRow, airing_id, with_for_update=True)
            known = session.scalar(
                select(BulletinRow.episode_id).where(
                    BulletinRow.airing_id == airing_id, BulletinRow.rung == rung
                )
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
            session.add(
                ArticleStationRow(article_id=article.id, station_id=airing.station_id, position=0)
            )
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
            placement = Placed((airing.station_id,), Priority.PRIORITY, evergreen=False)
            first_version(session, episode, plan.title, Cause.PLANNED, who, placement, now)
            _add_plan(session, episode, article, plan, now, who)
            log(session, now, who, Event.PLANNED, plan.title, episode)
            enqueue(session, episode, Step.WRITE, _lane(airing, now), now)
        return episode.id

    def revise(
        self,
        episode_id: int,
        plan: Plan,
        who: str,
        cause: Cause = Cause.REARRANGED,
        *,
        version: int = 0,
    ) -> None:
        """Another plan: a new version that waits for approval again. Unchanged plans change nothing.

        Conflict when `version` is given and the bulletin has moved on, or when its hour has come.
        """
        with self._database.write() as session:
            episode = episode_row(session, episode_id, lock=True)
            bulletin = bulletin_row(session, episode_id)
            airing = session.get_one(AiringRow, bulletin.airing_id)
            now = self._now()
            if version and version != episode.version:
                raise Conflict(
                    f"version {version} was replaced by version {episode.version}",
                    "Bản tin vừa được người khác sửa. Hãy xem lại rồi sửa tiếp.",
                    "version",
                )
            if airing.air_at + timedelta(seconds=airing.max_seconds) <= now:
                raise Conflict(
                    "its hour is over", "Đã qua giờ phát, không sửa bản tin này được nữa.", "state"
                )
            if _same(
                session, episode, session.get_one(ArticleRow, episode.article_id).revision, plan
            ):
                return
            _replan(session, episode, airing, plan, who, cause, now)

    def shorten(self, job: Job, excess: float) -> bool:
        """A bulletin came out longer than its slot by `excess` seconds: a new version without a story or more.

        The last one that makes room enough goes, else the last of all. False when it has no story to give.
        """
        with self._database.write() as session:
            episode = still_current(session, job, State.SPOKEN)
            bulletin = bulletin_row(session, job.episode_id)
            found = bulletin_value(session, bulletin)
            if episode is not None and not found.items:
                return False
            if (
                not finish(session, job, "dropped", self._now(), f"{excess:.1f} s too long")
                or episode is None
            ):
                return True
            now = self._now()
            airing = session.get_one(AiringRow, bulletin.airing_id)
            kept = list(found.items)
            while kept and excess > 0:
                gone = next((item for item in reversed(kept) if item.seconds >= excess), kept[-1])
                kept.remove(gone)
                excess -= gone.seconds
            plan = Plan(
                title=found.title,
                greeting=found.greeting,
                closing=found.closing,
                headlines=found.headlines,
                chimes=found.chimes,
                stories=tuple(
                    as_published(
                        session,
                        [item.episode_id for item in kept],
                        found.airing.station,
                        airing.air_at,
                        now,
                    )
                ),
                seconds=sum(item.seconds for item in kept),
                left_out=(
                    *found.left_out,
                    *(
                        LeftOut(item.episode_id, item.title, TOO_LONG)
                        for item in found.items
                        if item not in kept
                    ),
                ),
            )
            _replan(session, episode, airing, plan, LOUDSPEAKER, Cause.SHORTENED, now)
        return True

    def get(self, episode_id: int) -> Bulletin:
        """A bulletin, whole; NotFound when the episode is none."""
        with self._database.read() as session:
            return bulletin_value(session, bulletin_row(session, episode_id))

    def of(self, airing_id: int) -> list[Bulletin]:
        """All that was made for an airing, the best rung first."""
        return self.of_airings([airing_id])[airing_id]

    def of_airings(self, airings: Collection[int]) -> dict[int, list[Bulletin]]:
        """By airing, all that was made for it, the best rung first; [] for one that has nothing."""
        with self._database.read() as session:
            bulletins = bulletins_where(session, BulletinRow.airing_id.in_(airings))
        made: dict[int, list[Bulletin]] = {airing: [] for airing in airings}
        for bulletin in bulletins:
            made[bulletin.airing.id].append(bulletin)
        return made

    def waiting(self, until: datetime) -> list[Bulletin]:
        """Bulletins people are to approve for airings that are not over and begin before `until`, the next first."""
        now = self._now()
        with self._database.read() as session:
            return bulletins_where(
                session,
                AiringRow.air_at > now,
                AiringRow.air_at < until,
                BulletinRow.rung == Rung.PLANNED,
                EpisodeRow.state != State.WITHDRAWN,
                approved_version().is_(None),
            )

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
                    approved_version().is_not(None),
                )
                .order_by(AiringRow.air_at.desc(), BulletinRow.rung.desc())
                .limit(1)
            ).first()
            return bulletin_value(session, rows) if rows is not None else None

    def serving(self, station: str, slot: Slot, day: date, air_at: datetime) -> Serving:
        """What stands at a slot's address for its airing on that day: a warning, the best approved, or the bed."""
        return self.servings(station, [SlotHour(slot, day, air_at)])[0]

    def servings(self, station: str, asked: Sequence[SlotHour]) -> list[Serving]:
        """The same for many hours of a station, in their order.

        An hour that nobody asked for before has no row: its airing's number is then 0.
        """
        with self._database.read() as session:
            place = station_row(session, station)
            rows = session.scalars(
                select(AiringRow).where(
                    AiringRow.station_id == place.id,
                    AiringRow.day.in_({hour.day for hour in asked}),
                )
            )
            known = {(row.day, row.at): airing_value(row, station) for row in rows}
            airings = [
                known.get((hour.day, hour.slot.at))
                or Airing(0, station, hour.slot.at, hour.day, hour.air_at, hour.slot.max_seconds)
                for hour in asked
            ]
            return servings(session, place.id, airings, self._now())

    def silent(self, airings: Collection[int]) -> set[int]:
        """Those of the airings at whose address only the bed stands: no warning is in force, nothing is approved."""
        with self._database.read() as session:
            return silent(session, airings, self._now()) if airings else set()

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
            made = made_for(session, [row.id for row in rows])
            drafts = _drafts_for(session, [row.id for row in rows])

            def aired(row: AiringRow) -> Aired:
                airing = airing_value(row, station)
                return aired_as(session, airing, made.get(row.id, []), drafts.get(row.id))

            return readable(rows, aired, "an airing")

    def played(self, airing_id: int, serving: Serving, who: str) -> None:
        """The operator says that this was broadcast; said twice, the first holds."""
        with self._database.write() as session:
            row = session.get(AiringRow, airing_id, with_for_update=True)
            if row is None:
                raise NotFound(f"no airing {airing_id}", "Không có buổi phát này.", "airing")
            if row.air_at > self._now():
                raise Conflict("its hour has not come", "Chưa đến giờ phát.", "airing")
            if self._now() - row.air_at > PLAYED_WITHIN:
                raise Conflict(
                    f"it was on the air more than {PLAYED_WITHIN.days} days ago",
                    f"Buổi phát này đã quá {PLAYED_WITHIN.days} ngày, không ghi “đã phát” được nữa.",
                    "airing",
                )
            if row.played_at is not None:
                return
            row.played_at, row.played_by = self._now(), who
            row.played_episode_id, row.played_version = (
                serving.episode_id or None,
                serving.version or None,
            )
            log(session, self._now(), who, Event.PLAYED, f"{row.at} {row.day:%d/%m/%Y}", None)

    def missed(self, airing_id: int) -> None:
        """Nobody looked at this airing before it was over: the machine was off."""
        with self._database.write() as session:
            session.get_one(AiringRow, airing_id, with_for_update=True).missed = True


def _drafts_for(session: Session, airings: Sequence[int]) -> dict[int, Draft]:
    """By airing, how the bulletin stands that people approve."""
    ever_approved = (
        select(RenderingRow.episode_id)
        .where(RenderingRow.episode_id == EpisodeRow.id, RenderingRow.approved_at.is_not(None))
        .exists()
    )
    rows = session.execute(
        select(BulletinRow.airing_id, EpisodeRow.state, EpisodeRow.version, ever_approved)
        .join(EpisodeRow, EpisodeRow.id == BulletinRow.episode_id)
        .where(BulletinRow.airing_id.in_(airings), BulletinRow.rung == Rung.PLANNED)
    )
    return {
        airing: Draft(State(state), version, approved) for airing, state, version, approved in rows
    }


def _broadcast_from(station: str, slot: Slot) -> list[str]:
    """The stations whose news a slot broadcasts, its own first."""
    return list(dict.fromkeys([station, *slot.sources]))


def _lane(airing: AiringRow, now: datetime) -> Lane:
    """Whatever is needed within the hour does not wait behind long articles."""
    return Lane.FAST if airing.air_at - now < timedelta(hours=1) else Lane.SLOW


def _replan(
    session: Session,
    episode: EpisodeRow,
    airing: AiringRow,
    plan: Plan,
    who: str,
    cause: Cause,
    now: datetime,
) -> None:
    """The bulletin's next revision, and the version that begins with it."""
    article = session.get_one(ArticleRow, episode.article_id)
    article.revision += 1
    reopen(
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


def _add_plan(
    session: Session, episode: EpisodeRow, article: ArticleRow, plan: Plan, now: datetime, who: str
) -> None:
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
    return (
        row.greeting,
        row.closing,
        row.headlines,
        row.chimes,
        [tuple(item) for item in items],
    ) == (
        plan.greeting,
        plan.closing,
        plan.headlines,
        plan.chimes,
        [(offer.episode_id, offer.version) for offer in plan.stories],
    )


def _episode(row: BulletinRow) -> int:
    return row.episode_id
