"""The schedule: bulletins are drafted before their hour,
and the ladder is gone down where nothing is approved.

All is found by looking at the clock and at rows: a restart, a clock that jumps or a second clock
change nothing.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta

from service.actions.bulletins import draft_for, planned_for
from service.actions.ladder import Vacancy, plan_of_rung, without_words
from service.actions.planning import plan_of
from service.apart import Result, Row, each_by_itself
from service.bulletin import Hour, Words, hours
from service.newsroom import Newsroom
from service.newsroom.values import (
    LOUDSPEAKER,
    AgendaEntry,
    Airing,
    Bulletin,
    Cause,
    Rung,
    Slot,
    State,
    Station,
)
from service.newsroom.values.rungs import UNATTENDED

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


class Schedule:
    """Looks after the slots of all stations."""

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
        self._looked: datetime | None = None
        self._closed: set[int] = set()  # airings that are history
        # Hours that were over before their slot was there
        self._before: set[tuple[str, str, date]] = set()
        # Airing → what its plan was made from: rules, and serials of news
        self._news: dict[int, object] = {}

    def look(self) -> None:
        """Does what is due now, at most once in a while."""
        now = self._newsroom.now()
        if self._looked is not None and timedelta(0) <= now - self._looked < LOOK_EVERY:
            return
        self._looked = now
        known = self._newsroom.bulletins.agenda(now - LOOK_BACK, now + LOOK_AHEAD)
        serials = self._newsroom.shows.serials()
        slots = [
            (station, slot)
            for station in self._newsroom.stations.all()
            for slot in station.slots
        ]
        attended = self._each(
            slots,
            lambda each: self._attend_slot(*each, known, serials, now),
            "looking after a slot",
            lambda each: f"{each[0].slug} {each[1].at}",
        )
        due = {each[2].id: each for airings in attended for each in airings}
        self._each(
            sorted(self._newsroom.bulletins.silent(due)),
            lambda airing_id: self._go_down(*due[airing_id]),
            "going down the ladder",
            lambda airing_id: f"{due[airing_id][0].slug} {due[airing_id][1].at}",
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

    def _attend_slot(
        self,
        station: Station,
        slot: Slot,
        known: Mapping[tuple[str, str, date], AgendaEntry],
        serials: Mapping[str, int],
        now: datetime,
    ) -> list[tuple[Station, Slot, Airing]]:
        """Keeps a slot's plans up with the news; those of its airings whose hour is near."""
        sources = (f"stations/{slug}" for slug in (station.slug, *slot.sources))
        news = (station.greeting, slot, *(serials.get(path, 0) for path in sources))
        until = now + timedelta(minutes=slot.plan_minutes)

        def attend(hour: Hour) -> Airing | None:
            found = known.get((station.slug, slot.at, hour.day))
            entry = self._entry(station, slot, hour, found, now)
            near = entry is not None and self._attend(station, slot, entry, news, now)
            return entry.airing if entry is not None and near else None

        airings = self._each(
            hours(slot.at, slot.weekdays, now - LOOK_BACK, until),
            attend,
            "looking after an airing",
            lambda hour: f"{station.slug} {slot.at} {hour.day}",
        )
        return [(station, slot, airing) for airing in airings if airing is not None]

    def _entry(
        self,
        station: Station,
        slot: Slot,
        hour: Hour,
        known: AgendaEntry | None,
        now: datetime,
    ) -> AgendaEntry | None:
        """The airing of a slot at an hour, as the slot is now.

        None for one that was over before the slot was there.
        """
        if known is not None and (
            known.airing.air_at <= now or known.airing.max_seconds == slot.max_seconds
        ):
            return known
        room = self._newsroom.bulletins
        if hour.air_at + timedelta(seconds=slot.max_seconds) <= now:
            if (key := (station.slug, slot.at, hour.day)) in self._before:
                return None
            since = room.since(station.slug, slot.at)
            if since is None or since > hour.air_at:
                self._before.add(key)
                return None
        airing = room.airing(station.slug, slot, hour.day, hour.air_at)
        return AgendaEntry(airing, known.rungs if known else {})

    def _attend(
        self,
        station: Station,
        slot: Slot,
        entry: AgendaEntry,
        news: object,
        now: datetime,
    ) -> bool:
        """Keeps an airing's plan up with the news.

        Whether its hour is so near that something must stand there.
        """
        airing = entry.airing
        if airing.id in self._closed:
            return False
        if airing.ends_at <= now:
            self._close(entry)
            return False
        # Something was published, withdrawn or set otherwise
        if self._news.get(airing.id) != news:
            # A plan that fails is tried again at the next look; its hour goes down the ladder all
            # the same.
            planned = self._each(
                [airing],
                lambda airing: self._plan_anew(station, slot, airing, now),
                "planning a bulletin",
                lambda airing: f"{station.slug} {airing.at} {airing.day}",
            )
            if planned:
                self._news[airing.id] = news
        return now >= airing.air_at - timedelta(minutes=slot.ready_minutes)

    def _plan_anew(
        self, station: Station, slot: Slot, airing: Airing, now: datetime
    ) -> None:
        """Drafts the bulletin of an hour, or lets the one that is there follow the news."""
        planned = planned_for(self._newsroom, airing)
        if planned is not None:
            self._refresh(station, slot, airing, planned, now)
            return
        plan = draft_for(self._newsroom, station, slot, airing)
        if plan.stories:
            self._newsroom.bulletins.open(airing.id, Rung.PLANNED, plan, LOUDSPEAKER)

    def _refresh(
        self,
        station: Station,
        slot: Slot,
        airing: Airing,
        planned: Bulletin,
        now: datetime,
    ) -> None:
        """A draft that nobody touched follows the news.

        Any plan loses a story that was withdrawn.
        """
        if planned.state is State.WITHDRAWN:
            return
        room = self._newsroom.bulletins
        untouched = planned.by_house and planned.approved_version is None
        if untouched and now < airing.air_at - STANDS_STILL:
            plan = draft_for(self._newsroom, station, slot, airing)
        elif any(item.newest is None for item in planned.items):
            kept = [
                item.episode_id for item in planned.items if item.newest is not None
            ]
            stories = room.offers(station.slug, airing.air_at, kept)
            words = Words(planned.title, planned.greeting, planned.closing)
            plan = plan_of(station, slot, words, stories, planned.left_out)
        else:
            return
        if plan.stories:
            room.revise(planned.episode_id, plan, LOUDSPEAKER)
        else:
            self._newsroom.episodes.withdraw(
                planned.episode_id, NOTHING_LEFT, LOUDSPEAKER
            )

    def _go_down(self, station: Station, slot: Slot, airing: Airing) -> None:
        """One step down the ladder, where nothing that may be broadcast stands at the slot's
        address.
        """
        room = self._newsroom.bulletins
        vacancy = Vacancy(
            self._newsroom, station, slot, airing, tuple(room.of(airing.id))
        )
        made = {bulletin.rung: bulletin for bulletin in vacancy.made}
        for rung in UNATTENDED:
            bulletin = made.get(rung)
            if bulletin is None:
                if self._make(rung, vacancy):
                    return
            elif bulletin.state not in (State.HELD, State.WITHDRAWN):
                return  # it is being made
            elif _may_go_without_words(bulletin):
                plan = without_words(vacancy, bulletin)
                room.revise(bulletin.episode_id, plan, LOUDSPEAKER, Cause.SILENCED)
                return
        # Nothing could be made: the bed of the package is heard.
        self._newsroom.notices.note(airing, Rung.BED)

    def _make(self, rung: Rung, vacancy: Vacancy) -> bool:
        """Opens a rung's bulletin and tells who is on duty.

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
        self._newsroom.bulletins.open(airing.id, rung, plan, LOUDSPEAKER)
        self._newsroom.notices.note(airing, rung)
        log.warning(
            "%s %s: nothing is approved; %s is made",
            vacancy.station.slug,
            airing.at,
            rung,
        )
        return True

    def _close(self, entry: AgendaEntry) -> None:
        """An airing that is over: drafts that nobody approved are put away,
        and one nobody attended is noted.
        """
        if any(state is not State.WITHDRAWN for state in entry.rungs.values()):
            for bulletin in self._newsroom.bulletins.of(entry.airing.id):
                if (
                    bulletin.approved_version is None
                    and bulletin.state is not State.WITHDRAWN
                ):
                    self._newsroom.episodes.withdraw(
                        bulletin.episode_id, TOO_LATE, LOUDSPEAKER
                    )
        elif not entry.rungs and not entry.airing.missed:
            self._newsroom.airlog.missed(entry.airing.id)
        self._closed.add(entry.airing.id)
        self._news.pop(entry.airing.id, None)


def _may_go_without_words(bulletin: Bulletin) -> bool:
    """Its own words could not be spoken; its stories were, long ago."""
    has_words = bool(bulletin.greeting or bulletin.closing)
    return bulletin.state is State.HELD and bool(bulletin.items) and has_words
