"""Bulletins: airings of a station's slots, what could go into them,
what was planned, and what may be broadcast.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from service.newsroom.airtime.agenda import AgendaKey, agenda
from service.newsroom.airtime.airings import (
    airing_of,
    airing_row,
    airing_value,
    airings_at,
    airings_of,
    bulletin_row,
    bulletin_value,
    bulletins_where,
    version_to_air,
)
from service.newsroom.airtime.in_force import TimeOnAir, warnings_end
from service.newsroom.airtime.onair import Asked, servings, spoilt, without_bulletin
from service.newsroom.airtime.plans import (
    is_planned,
    open_bulletin,
    remaining,
    replan,
    shortened,
)
from service.newsroom.airtime.stock import (
    as_published,
    in_stock,
    last_heard,
    offers_where,
)
from service.newsroom.errors import Conflict
from service.newsroom.jobs import finish, still_current
from service.newsroom.stations import station_numbers, station_row
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.joins import episodes_within
from service.newsroom.store.tables import (
    AiringRow,
    ArticleRow,
    BulletinRow,
    EpisodeRow,
)
from service.newsroom.stories.moves import episode_row, take_off
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

# What a person, or a rule, let go out.
ON_AIR = (State.APPROVED, State.PUBLISHED)


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
            row = airing_row(session, place.id, slot, day, air_at)
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
            place = station_row(session, station)
            rows = session.scalars(airings_of(place.id, since, until))
            return [airing_value(row, station) for row in rows]

    def agenda(self, since: datetime, until: datetime) -> dict[AgendaKey, AgendaEntry]:
        """All stations' airings in `[since, until)` that somebody asked for,
        by station, hour and day: in one look.
        """
        with self._database.read() as session:
            return agenda(session, since, until)

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

        Unchanged plans change nothing, but bring back what was withdrawn.

        Conflict when `version` is given and the bulletin has moved on, or when its hour has come.
        """
        with self._database.write() as session:
            episode = episode_row(session, episode_id, lock=True)
            bulletin = bulletin_row(session, episode_id)
            airing = session.get_one(AiringRow, bulletin.airing_id)
            now = self._now()
            if version:
                _refuse_moved(episode, version)
            hour_ends = airing.air_at + timedelta(seconds=airing.max_seconds)
            if hour_ends <= now:
                raise Conflict(
                    "its hour is over",
                    "Đã qua giờ phát, không sửa bản tin này được nữa.",
                    "state",
                )
            article = session.get_one(ArticleRow, episode.article_id)
            is_off = episode.state == State.WITHDRAWN
            if not is_off and is_planned(session, episode, article.revision, plan):
                return
            replan(session, episode, airing, plan, who, cause, now)

    @transact
    def put_away(self, bulletin: Bulletin, why: str) -> None:
        """The house takes off what it finds that nobody needs.

        Conflict when somebody revised or approved it meanwhile.
        """
        with self._database.write() as session:
            episode = episode_row(session, bulletin.episode_id, lock=True)
            _refuse_moved(episode, bulletin.version)
            if episode.state in ON_AIR and bulletin.state not in ON_AIR:
                raise Conflict(
                    "somebody approved it", "Bản tin vừa được duyệt.", "state"
                )
            take_off(session, episode, why, LOUDSPEAKER, self._now())

    @transact
    def bring_back(self, episode_id: int, who: str) -> bool:
        """A bulletin that reads a story which was withdrawn is made anew without it,
        also after its hour; it waits for approval again.

        False for what is no such bulletin. Conflict when none of its stories can be heard any more.
        """
        with self._database.write() as session:
            episode = episode_row(session, episode_id, lock=True)
            row = session.get(BulletinRow, episode_id)
            bulletin = bulletin_value(session, row) if row is not None else None
            if bulletin is None or not bulletin.is_spoilt:
                return False
            if not bulletin.kept:
                raise Conflict(
                    "all its stories were withdrawn",
                    "Các tin trong bản tin đều đã gỡ, không còn gì để đọc lại.",
                    "stories",
                )
            now = self._now()
            airing = session.get_one(AiringRow, bulletin.airing.id)
            plan = remaining(session, bulletin, bulletin.kept, now)
            replan(session, episode, airing, plan, who, Cause.REARRANGED, now)
        return True

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
            plan = shortened(session, long_one, excess, now)
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
                version_to_air().is_(None),
                episodes_within(among),
            )

    def last_aired(self, station: str, before: datetime) -> Bulletin | None:
        """The last bulletin that was approved for an airing before that time,
        of which stories can still be heard.

        None that somebody withdrew.
        """
        with self._database.read() as session:
            place = station_row(session, station)
            row = session.scalars(last_heard(place.id, before).limit(1)).first()
            return bulletin_value(session, row) if row is not None else None

    def serving(self, station: str, slot: Slot, day: date, air_at: datetime) -> Serving:
        """What stands at a slot's address now, while that is about its airing on that day:
        a warning, the best approved, or the bed.
        """
        hour = SlotHour(slot, day, air_at)
        return self.servings_at([(station, hour)], self._now())[0]

    def servings_at(
        self, asked: Sequence[tuple[str, SlotHour]], now: datetime
    ) -> list[Serving]:
        """The same for hours of many stations, as it is at a time.

        In a fixed number of questions. An hour that nobody asked for before has no row: its
        airing's number is then 0.
        """
        with self._database.read() as session:
            airings = airings_at(session, asked)
            questions = [Asked(*each, TimeOnAir(now)) for each in airings]
            return servings(session, questions, now)

    def servings_for(self, station: str, hours: Sequence[SlotHour]) -> list[Serving]:
        """What is broadcast, or was to be, at hours of a station, in their order:
        a warning only in those that it is in force in, whatever the time is now.
        """
        with self._database.read() as session:
            airings = airings_at(session, [(station, hour) for hour in hours])
            questions = [
                Asked(number, airing, TimeOnAir.of(airing))
                for number, airing in airings
            ]
            return servings(session, questions, self._now())

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

    def without_bulletin(self, airings: Collection[int]) -> set[int]:
        """Those of the airings for which no bulletin may be broadcast,
        whether or not a warning is heard instead.
        """
        with self._database.read() as session:
            return without_bulletin(session, airings) if airings else set()

    def spoilt(self, airings: Collection[int]) -> set[int]:
        """Those of the airings for which a bulletin was made that reads a withdrawn story."""
        with self._database.read() as session:
            return spoilt(session, airings)

    def script(self, episode_id: int, version: int) -> tuple[Sentence, ...]:
        """The sentences of one version, which may be older than the one at the desk."""
        with self._database.read() as session:
            return sentences_of(session, episode_id, version)


def _refuse_moved(episode: EpisodeRow, version: int) -> None:
    """Conflict when there is a newer version of a bulletin than that."""
    if version != episode.version:
        raise Conflict(
            f"version {version} was replaced by version {episode.version}",
            "Bản tin vừa được người khác sửa. Hãy xem lại rồi sửa tiếp.",
            "version",
        )
