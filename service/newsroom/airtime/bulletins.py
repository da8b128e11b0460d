"""Bulletins: airings of a station's slots, what could go into them,
what was planned, and what may be broadcast.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Row, select

from service.newsroom.airtime.airings import (
    airing_of,
    airing_value,
    airings_of,
    approved_version,
    bulletin_row,
    bulletin_value,
    bulletins_where,
)
from service.newsroom.airtime.in_force import warnings_end
from service.newsroom.airtime.onair import servings, silent
from service.newsroom.airtime.plans import is_planned, open_bulletin, replan, shortened
from service.newsroom.airtime.stock import as_published, in_stock, offers_where
from service.newsroom.errors import Conflict
from service.newsroom.jobs import finish, still_current
from service.newsroom.stations import station_numbers, station_row
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.inserting import insert
from service.newsroom.store.joins import episodes_within
from service.newsroom.store.rows import readable
from service.newsroom.store.tables import (
    AiringRow,
    ArticleRow,
    BulletinRow,
    EpisodeRow,
    StationRow,
)
from service.newsroom.stories.moves import episode_row
from service.newsroom.stories.renderings import sentences_of
from service.newsroom.values import (
    EVERYWHERE,
    LOUDSPEAKER,
    AgendaEntry,
    Airing,
    Bulletin,
    Cause,
    Job,
    JobState,
    Offer,
    Plan,
    Reach,
    Rung,
    Sentence,
    Serving,
    Slot,
    SlotHour,
    State,
)


class Bulletins:
    """What is broadcast at a station's hours."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    @transact
    def airing(self, station: str, slot: Slot, day: date, air_at: datetime) -> Airing:
        """The airing of a slot on a day; its row is made when nobody asked before."""
        with self._database.read() as session:
            place = station_row(session, station)
            row = session.scalars(airing_of(place.id, day, slot.at)).first()
            # Most of those who ask change nothing, and take no turn at writing.
            if row is not None and self._is_settled(row, slot):
                return airing_value(row, station)
        with self._database.write() as session:
            place = station_row(session, station)
            new = insert(session, AiringRow).values(
                station_id=place.id,
                at=slot.at,
                day=day,
                air_at=air_at,
                max_seconds=slot.max_seconds,
                missed=False,
                played_by="",
            )
            session.execute(new.on_conflict_do_nothing())
            row = session.scalars(airing_of(place.id, day, slot.at)).one()
            # Until its hour comes, the slot's rules may still change.
            if row.air_at > self._now():
                row.max_seconds = slot.max_seconds
            return airing_value(row, station)

    def _is_settled(self, row: AiringRow, slot: Slot) -> bool:
        """Whether an airing is as its slot's rules say, or its hour has come:
        then they change it no more.
        """
        return row.air_at <= self._now() or row.max_seconds == slot.max_seconds

    def airings(self, station: str, since: datetime, until: datetime) -> list[Airing]:
        """A station's airings in `[since, until)`, in order."""
        with self._database.read() as session:
            rows = session.scalars(airings_of(session, station, since, until))
            return [airing_value(row, station) for row in rows]

    def agenda(
        self, since: datetime, until: datetime
    ) -> dict[tuple[str, str, date], AgendaEntry]:
        """All stations' airings in `[since, until)` that somebody asked for,
        by station, hour and day: in one look.
        """
        with self._database.read() as session:
            rows = session.execute(
                select(AiringRow, StationRow.slug, BulletinRow.rung, EpisodeRow.state)
                .join(StationRow, StationRow.id == AiringRow.station_id)
                .outerjoin(BulletinRow, BulletinRow.airing_id == AiringRow.id)
                .outerjoin(EpisodeRow, EpisodeRow.id == BulletinRow.episode_id)
                .where(AiringRow.air_at >= since, AiringRow.air_at < until)
            ).all()
        entries: dict[tuple[str, str, date], AgendaEntry] = {}

        def enter(row: Row[AiringRow, str, str, str]) -> None:
            airing, slug, rung, state = row
            key = (slug, airing.at, airing.day)
            entry = entries.setdefault(key, AgendaEntry(airing_value(airing, slug), {}))
            if rung is not None:
                entry.rungs[Rung(rung)] = State(state)

        readable(rows, enter, "an airing", lambda row: row[0].id)
        return entries

    def since(self, station: str, at: str) -> datetime | None:
        """When a slot was first on the air, or will be.

        None when nobody asked for any of its airings.
        """
        with self._database.read() as session:
            return session.scalar(
                select(AiringRow.air_at)
                .where(
                    AiringRow.station_id == station_row(session, station).id,
                    AiringRow.at == at,
                )
                .order_by(AiringRow.day)
                .limit(1)
            )

    def stock(
        self, station: str, slot: Slot, air_at: datetime, *, evergreen: bool = False
    ) -> list[Offer]:
        """Published stories that may go into the slot's bulletin at that time, the newest first.

        The station's own and those of `slot.sources`, of its topics, at most `max_age_days` old;
        with `evergreen` the notices that are never old, and only those.
        """
        with self._database.read() as session:
            where = in_stock(station, slot, air_at, evergreen=evergreen)
            return offers_where(session, where, station, air_at, self._now())

    def offers(
        self, station: str, air_at: datetime, episodes: Sequence[int]
    ) -> list[Offer]:
        """These stories as they are published now, in this order.

        Those that are not are left out.
        """
        with self._database.read() as session:
            return as_published(session, episodes, station, air_at, self._now())

    @transact
    def open(self, airing_id: int, rung: Rung, plan: Plan, who: str) -> int:
        """The episode of a bulletin for an airing, made once: whoever asks again gets the same."""
        with self._database.write() as session:
            airing = session.get_one(AiringRow, airing_id, with_for_update=True)
            # The airing's row is locked: two clocks, or a clock and an editor, make one bulletin.
            of_that_rung = select(BulletinRow.episode_id).where(
                BulletinRow.airing_id == airing_id,
                BulletinRow.rung == rung,
            )
            there_already = session.scalar(of_that_rung)
            if there_already is not None:
                return there_already
            episode = open_bulletin(session, airing, rung, plan, who, self._now())
        return episode.id

    @transact
    def revise(
        self,
        episode_id: int,
        plan: Plan,
        who: str,
        cause: Cause = Cause.REARRANGED,
        *,
        version: int = 0,
    ) -> None:
        """Another plan: a new version that waits for approval again.

        Unchanged plans change nothing.

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
            hour_ends = airing.air_at + timedelta(seconds=airing.max_seconds)
            if hour_ends <= now:
                raise Conflict(
                    "its hour is over",
                    "Đã qua giờ phát, không sửa bản tin này được nữa.",
                    "state",
                )
            article = session.get_one(ArticleRow, episode.article_id)
            if is_planned(session, episode, article.revision, plan):
                return
            replan(session, episode, airing, plan, who, cause, now)

    @transact
    def shorten(self, job: Job, excess: float) -> bool:
        """A bulletin came out longer than its slot by `excess` seconds:
        a new version without a story or more.

        The last one that makes room enough goes, else the last of all. False when it has no story
        to give.
        """
        with self._database.write() as session:
            episode = still_current(session, job, State.SPOKEN)
            bulletin = bulletin_row(session, job.episode_id)
            long_one = bulletin_value(session, bulletin)
            if episode is not None and not long_one.items:
                return False
            now = self._now()
            ended = finish(
                session, job, JobState.DROPPED, now, f"{excess:.1f} s too long"
            )
            if not ended or episode is None:
                return True
            airing = session.get_one(AiringRow, bulletin.airing_id)
            plan = shortened(session, long_one, airing, excess, now)
            replan(session, episode, airing, plan, LOUDSPEAKER, Cause.SHORTENED, now)
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
        by_airing: dict[int, list[Bulletin]] = {airing: [] for airing in airings}
        for bulletin in bulletins:
            by_airing[bulletin.airing.id].append(bulletin)
        return by_airing

    def waiting(self, until: datetime, among: Reach = EVERYWHERE) -> list[Bulletin]:
        """Bulletins people are to approve for airings that are not over and begin before `until`,
        the next first.
        """
        now = self._now()
        with self._database.read() as session:
            return bulletins_where(
                session,
                AiringRow.air_at > now,
                AiringRow.air_at < until,
                BulletinRow.rung == Rung.PLANNED,
                EpisodeRow.state != State.WITHDRAWN,
                approved_version().is_(None),
                episodes_within(among),
            )

    def last_aired(self, station: str, before: datetime) -> Bulletin | None:
        """The last bulletin with stories that was approved for an airing before that time,
        and was not withdrawn.
        """
        with self._database.read() as session:
            row = session.scalars(
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
            return bulletin_value(session, row) if row is not None else None

    def serving(self, station: str, slot: Slot, day: date, air_at: datetime) -> Serving:
        """What stands at a slot's address for its airing on that day:
        a warning, the best approved, or the bed.
        """
        return self.servings(station, [SlotHour(slot, day, air_at)])[0]

    def servings(self, station: str, hours: Sequence[SlotHour]) -> list[Serving]:
        """The same for many hours of a station, in their order.

        An hour that nobody asked for before has no row: its airing's number is then 0.
        """
        return self.servings_at([(station, hour) for hour in hours], self._now())

    def servings_at(
        self, asked: Sequence[tuple[str, SlotHour]], now: datetime
    ) -> list[Serving]:
        """The same for hours of many stations, as it is at a time.

        In a fixed number of questions.
        """
        with self._database.read() as session:
            slugs = {slug for slug, _ in asked}
            numbers = station_numbers(session, slugs)
            rows = session.scalars(
                select(AiringRow).where(
                    AiringRow.station_id.in_(numbers.values()),
                    AiringRow.day.in_({hour.day for _, hour in asked}),
                )
            )
            kept = {(row.station_id, row.day, row.at): row for row in rows}
            airings: list[tuple[int, Airing]] = []
            for slug, hour in asked:
                row = kept.get((numbers[slug], hour.day, hour.slot.at))
                airings.append((numbers[slug], _airing_at(row, slug, hour)))
            return servings(session, airings, now)

    def warnings_end(
        self, stations: Collection[str], now: datetime
    ) -> dict[str, datetime]:
        """By station, when the first of its warnings in force ends.

        Those without any are not there.
        """
        with self._database.read() as session:
            numbers = station_numbers(session, stations)
            ends = warnings_end(session, numbers.values(), now)
            return {
                slug: ends[number] for slug, number in numbers.items() if number in ends
            }

    def silent(self, airings: Collection[int]) -> set[int]:
        """Those of the airings at whose address only the bed stands:
        no warning is in force, nothing is approved.
        """
        with self._database.read() as session:
            return silent(session, airings, self._now()) if airings else set()

    def script(self, episode_id: int, version: int) -> tuple[Sentence, ...]:
        """The sentences of one version, which may be older than the one at the desk."""
        with self._database.read() as session:
            return sentences_of(session, episode_id, version)


def _airing_at(row: AiringRow | None, slug: str, hour: SlotHour) -> Airing:
    if row is not None:
        return airing_value(row, slug)
    return Airing(0, slug, hour.slot.at, hour.day, hour.air_at, hour.slot.max_seconds)
