"""The schedule: bulletins are drafted before their hour,
and the ladder is gone down where nothing is approved.

All is found by looking at the clock and at rows: a restart, a clock that jumps or a second clock
change nothing.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.actions.bulletins import draft_for, planned_for, replanned
from service.actions.ladder import Vacancy, plan_of_rung, without_words
from service.apart import Result, Row, each_by_itself
from service.bulletin import Hour, hours
from service.newsroom import Newsroom
from service.newsroom.errors import Conflict
from service.newsroom.shows import EVERYTHING
from service.newsroom.values import (
    LOUDSPEAKER,
    AgendaEntry,
    Airing,
    Bulletin,
    Cause,
    Plan,
    Rung,
    Slot,
    State,
    Station,
)
from service.newsroom.values.rungs import UNATTENDED
from workers.rungs import Verdict, verdict_on

log = logging.getLogger("loa.schedule")

LOOK_EVERY = timedelta(seconds=10)
# Airings older than that are history, missed or not.
LOOK_BACK = timedelta(days=2)
# No slot is planned earlier.
LOOK_AHEAD = timedelta(days=2)
# Before its hour a draft does not follow the news any more: somebody listens to it
STANDS_STILL = timedelta(hours=1)
NOTHING_LEFT = "Các tin trong bản tin đã được gỡ."
TOO_LATE = "Đã qua giờ phát mà chưa được duyệt."
# What becomes of what is heard: the states between, in which the line has it, are all one.
HEARD_THERE = {
    State.APPROVED: "approved",
    State.PUBLISHED: "approved",
    State.WITHDRAWN: "withdrawn",
}
Agenda = Mapping[tuple[str, str, date], AgendaEntry]


@dataclass(frozen=True, slots=True)
class Attended:
    """An hour of a slot that is looked after, and what was made for it."""

    station: Station
    slot: Slot
    entry: AgendaEntry

    @property
    def airing(self) -> Airing:
        """The hour's airing."""
        return self.entry.airing

    @property
    def name(self) -> str:
        """As the log names it."""
        return f"{self.station.slug} {self.airing.at} {self.airing.day}"

    def is_near(self, now: datetime) -> bool:
        """Whether something must stand at its address."""
        ready = timedelta(minutes=self.slot.ready_minutes)
        return now >= self.airing.air_at - ready


class Schedule:
    """Looks after the slots of all stations."""

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
        self._looked: datetime | None = None
        self._closed: set[int] = set()  # airings that are history
        # Hours that were over before their slot was there
        self._before: set[tuple[str, str, date]] = set()
        # Airing → what its plan was made from: see `_news_of`
        self._news: dict[int, object] = {}
        # How often anything public had changed when withdrawn stories were looked for last
        self._changes: int | None = None

    def look(self) -> None:
        """Does what is due now, at most once in a while."""
        now = self._newsroom.now()
        if self._looked is not None and timedelta(0) <= now - self._looked < LOOK_EVERY:
            return
        self._looked = now
        agenda = self._newsroom.bulletins.agenda(now - LOOK_BACK, now + LOOK_AHEAD)
        attended = self._attended(agenda, now)
        self._close_over([hour for hour in attended if hour.airing.ends_at <= now])
        coming = [hour for hour in attended if hour.airing.ends_at > now]
        self._keep_up(coming, agenda, now)
        self._fill([hour for hour in coming if hour.is_near(now)])

    def _close_over(self, over: Iterable[Attended]) -> None:
        """What is over becomes history."""
        self._each(
            over,
            lambda hour: self._close(hour.entry),
            "closing an airing",
            lambda hour: hour.name,
        )

    def _keep_up(
        self, coming: Sequence[Attended], agenda: Agenda, now: datetime
    ) -> None:
        """Plans follow the news.

        One that fails is tried again at the next look; its hour goes down the ladder all the same.
        """
        serials = self._newsroom.shows.serials()
        self._plan_spoilt_anew(coming, serials)
        news = _news_of(coming, agenda.values(), serials, now)
        self._each(
            coming,
            lambda hour: self._follow(hour, news[hour.airing.id], now),
            "planning a bulletin",
            lambda hour: hour.name,
        )

    def _fill(self, near: Iterable[Attended]) -> None:
        """Goes down the ladder for the hours that have no bulletin that may be broadcast."""
        hours_by_airing = {hour.airing.id: hour for hour in near}
        silent = self._newsroom.bulletins.without_bulletin(hours_by_airing)
        self._each(
            [hours_by_airing[airing_id] for airing_id in sorted(silent)],
            self._go_down,
            "going down the ladder",
            lambda hour: hour.name,
        )

    def _each(
        self,
        rows: Iterable[Row],
        act: Callable[[Row], Result],
        doing: str,
        name: Callable[[Row], object] = str,
    ) -> list[Result]:
        """Each for itself: one station's rules must not keep the others from being heard."""
        house = self._newsroom.database.ping
        return each_by_itself(rows, act, log=log, doing=doing, name=name, house=house)

    def _attended(self, agenda: Agenda, now: datetime) -> list[Attended]:
        """The hours of all slots, from two days ago until they are planned."""
        slots = [
            (station, slot)
            for station in self._newsroom.stations.all()
            for slot in station.slots
        ]
        found = self._each(
            slots,
            lambda each: self._hours_of(*each, agenda, now),
            "looking after a slot",
            lambda each: f"{each[0].slug} {each[1].at}",
        )
        return [hour for of_slot in found for hour in of_slot]

    def _hours_of(
        self, station: Station, slot: Slot, agenda: Agenda, now: datetime
    ) -> list[Attended]:
        """The hours of a slot that are looked after."""
        until = now + timedelta(minutes=slot.plan_minutes)
        entries = self._each(
            hours(slot.at, slot.weekdays, now - LOOK_BACK, until),
            lambda hour: self._entry(station, slot, hour, agenda, now),
            "looking after an airing",
            lambda hour: f"{station.slug} {slot.at} {hour.day}",
        )
        return [
            Attended(station, slot, entry)
            for entry in entries
            if entry is not None and entry.airing.id not in self._closed
        ]

    def _entry(
        self,
        station: Station,
        slot: Slot,
        hour: Hour,
        agenda: Agenda,
        now: datetime,
    ) -> AgendaEntry | None:
        """The airing of a slot at an hour, as the slot is now.

        None for one that was over before the slot was there.
        """
        key = (station.slug, slot.at, hour.day)
        known = agenda.get(key)
        if known is not None and (
            known.airing.air_at <= now or known.airing.max_seconds == slot.max_seconds
        ):
            return known
        if self._was_before(station, slot, hour, now):
            return None
        room = self._newsroom.bulletins
        airing = room.airing(station.slug, slot, hour.day, hour.air_at)
        return AgendaEntry(airing, known.rungs if known else {})

    def _was_before(
        self, station: Station, slot: Slot, hour: Hour, now: datetime
    ) -> bool:
        """Whether an hour of which there is no row was over before its slot was there."""
        if hour.air_at + timedelta(seconds=slot.max_seconds) > now:
            return False
        key = (station.slug, slot.at, hour.day)
        if key not in self._before:
            since = self._newsroom.bulletins.since(station.slug, slot.at)
            if since is None or since > hour.air_at:
                self._before.add(key)
        return key in self._before

    def _plan_spoilt_anew(
        self, coming: Iterable[Attended], serials: Mapping[str, int]
    ) -> None:
        """Forgets what the plans were made from that read a withdrawn story.

        A story may come from anywhere: no feed that the slot goes by need have changed.
        """
        changes = serials.get(EVERYTHING, 0)
        if changes == self._changes:
            return
        planned = [hour.airing.id for hour in coming if hour.entry.rungs]
        for airing_id in self._newsroom.bulletins.spoilt(planned):
            self._news.pop(airing_id, None)
        self._changes = changes

    def _follow(self, hour: Attended, news: object, now: datetime) -> None:
        """Keeps an hour's plan up with the news, when there is any."""
        airing = hour.airing
        if self._news.get(airing.id) == news:
            return
        try:
            self._plan_anew(hour, now)
        except Conflict as conflict:
            # Somebody saved meanwhile: what they made of it is looked at next time.
            log.info("%s: %s", hour.name, conflict)
            return
        self._news[airing.id] = news

    def _plan_anew(self, hour: Attended, now: datetime) -> None:
        """Drafts the bulletin of an hour, or lets the one that is there follow the news."""
        room = self._newsroom.bulletins
        planned = planned_for(self._newsroom, hour.airing)
        if planned is None:
            plan = draft_for(self._newsroom, hour.station, hour.slot, hour.airing)
            if plan.stories:
                room.open(hour.airing.id, Rung.PLANNED, plan, LOUDSPEAKER)
            return
        following = self._following(hour, planned, now)
        if following is None:
            return
        if following.stories:
            room.revise(
                planned.episode_id, following, LOUDSPEAKER, version=planned.version
            )
        elif planned.state is not State.WITHDRAWN:
            room.put_away(planned, NOTHING_LEFT)

    def _following(
        self, hour: Attended, planned: Bulletin, now: datetime
    ) -> Plan | None:
        """The plan that follows a planned one, None when that stays.

        A draft that nobody touched follows the news. Any plan loses a story that was withdrawn.
        """
        if planned.state is State.WITHDRAWN and not planned.put_away:
            return None
        untouched = planned.by_house and planned.approved_version is None
        if untouched and now < hour.airing.air_at - STANDS_STILL:
            return draft_for(self._newsroom, hour.station, hour.slot, hour.airing)
        return replanned(self._newsroom, hour.station, hour.slot, planned)

    def _go_down(self, hour: Attended) -> None:
        """One step down the ladder, for an hour of which no bulletin may be broadcast."""
        room = self._newsroom.bulletins
        vacancy = Vacancy(
            self._newsroom,
            hour.station,
            hour.slot,
            hour.airing,
            tuple(room.of(hour.airing.id)),
        )
        made = {bulletin.rung: bulletin for bulletin in vacancy.made}
        if not any(self._provide(rung, made.get(rung), vacancy) for rung in UNATTENDED):
            # Nothing could be made: the bed of the package is heard.
            self._newsroom.notices.note(hour.airing, Rung.BED)

    def _provide(self, rung: Rung, bulletin: Bulletin | None, vacancy: Vacancy) -> bool:
        """Has a rung made, where it is not; False where it has nothing to say."""
        verdict = verdict_on(bulletin)
        if bulletin is None or verdict is Verdict.ANEW:
            return self._make(rung, bulletin, vacancy)
        if verdict is Verdict.WITHOUT_WORDS:
            plan = without_words(vacancy, bulletin)
            self._revise(bulletin, plan, Cause.SILENCED)
        return verdict is not Verdict.PASSED_OVER

    def _make(self, rung: Rung, spoilt: Bulletin | None, vacancy: Vacancy) -> bool:
        """Opens a rung's bulletin and tells who is on duty; or plans one anew that is `spoilt`.

        False when the rung has nothing to say.
        """
        # A rung that fails has nothing to say either, for there are rungs below.
        plans = self._each(
            [rung],
            lambda rung: plan_of_rung(rung, vacancy),
            f"planning a rung of {vacancy.station.slug} {vacancy.airing.at}",
        )
        plan = plans[0] if plans else None
        if plan is None:
            return False
        airing = vacancy.airing
        if spoilt is not None:
            self._revise(spoilt, plan, Cause.REARRANGED)
        else:
            self._newsroom.bulletins.open(airing.id, rung, plan, LOUDSPEAKER)
        self._newsroom.notices.note(airing, rung)
        log.warning(
            "%s %s: nothing is approved; %s is made",
            vacancy.station.slug,
            airing.at,
            rung,
        )
        return True

    def _revise(self, bulletin: Bulletin, plan: Plan, cause: Cause) -> None:
        self._newsroom.bulletins.revise(
            bulletin.episode_id, plan, LOUDSPEAKER, cause, version=bulletin.version
        )

    def _close(self, entry: AgendaEntry) -> None:
        """An airing that is over: drafts that nobody approved are put away,
        and one nobody attended is noted.
        """
        states = {each.state for each in entry.rungs.values()}
        if states - {State.WITHDRAWN}:
            for bulletin in self._newsroom.bulletins.of(entry.airing.id):
                if (
                    bulletin.approved_version is None
                    and bulletin.state is not State.WITHDRAWN
                ):
                    self._newsroom.bulletins.put_away(bulletin, TOO_LATE)
        elif not states and not entry.airing.missed:
            self._newsroom.airlog.missed(entry.airing.id)
        self._closed.add(entry.airing.id)
        self._news.pop(entry.airing.id, None)


def _news_of(
    coming: Iterable[Attended],
    agenda: Iterable[AgendaEntry],
    serials: Mapping[str, int],
    now: datetime,
) -> dict[int, object]:
    """By airing, all that its draft is made from: its station's rules, how often the feeds changed
    that it takes from, and what is heard, or will be, in the hours before it.
    """
    heard: dict[str, list[tuple[datetime, object]]] = {}
    for entry in sorted(agenda, key=lambda entry: entry.airing.air_at):
        airing = entry.airing
        there = [
            (rung, each.version, HEARD_THERE.get(each.state))
            for rung, each in entry.rungs.items()
        ]
        hours_before = heard.setdefault(airing.station, [])
        hours_before.append((airing.air_at, (airing.id, airing.air_at > now, there)))
    return {
        hour.airing.id: (
            hour.station.greeting,
            hour.slot,
            [serials.get(path, 0) for path in _feeds_of(hour)],
            [
                there
                for air_at, there in heard.get(hour.station.slug, ())
                if air_at < hour.airing.air_at
            ],
        )
        for hour in coming
    }


def _feeds_of(hour: Attended) -> list[str]:
    """The feeds that a slot takes from."""
    return [f"stations/{slug}" for slug in (hour.station.slug, *hour.slot.sources)]
