"""The schedule: bulletins are drafted before their hour, and the ladder is gone down where nothing is approved.

All is found by looking at the clock and at rows: a restart, a clock that jumps or a second clock change nothing.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from service.actions.planning import draft, plan_of, words_of
from service.apart import Result, Row, each_by_itself
from service.bulletin import Hour, Words, bed_words, hours
from service.newsroom import Newsroom
from service.newsroom.airtime.bulletins import UNATTENDED
from service.newsroom.values import (
    LOUDSPEAKER,
    Airing,
    Bulletin,
    Entry,
    Offer,
    Plan,
    Rung,
    Slot,
    State,
    Station,
)

log = logging.getLogger("loa.schedule")

LOOK_EVERY = timedelta(seconds=10)
LOOK_BACK = timedelta(days=2)  # airings older than that are history, missed or not
LOOK_AHEAD = timedelta(days=2)  # no slot is planned earlier
STANDS_STILL = timedelta(
    hours=1
)  # before its hour a draft does not follow the news any more: somebody listens to it
NOTHING_LEFT = "Các tin trong bản tin đã được gỡ."
TOO_LATE = "Đã qua giờ phát mà chưa được duyệt."


class Schedule:
    """Looks after the slots of all stations."""

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
        self._looked: datetime | None = None
        self._closed: set[int] = set()  # airings that are history
        self._before: set[tuple[str, str, date]] = (
            set()
        )  # hours that were over before their slot was there
        self._news: dict[
            int, object
        ] = {}  # airing → what its plan was made from: rules, and serials of news

    def look(self) -> None:
        """Does what is due now, at most once in a while."""
        now = self._newsroom.now()
        if self._looked is not None and timedelta(0) <= now - self._looked < LOOK_EVERY:
            return
        self._looked = now
        known = self._newsroom.bulletins.agenda(now - LOOK_BACK, now + LOOK_AHEAD)
        serials = self._newsroom.shows.serials()
        slots = [
            (station, slot) for station in self._newsroom.stations.all() for slot in station.slots
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
        known: Mapping[tuple[str, str, date], Entry],
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
        self, station: Station, slot: Slot, hour: Hour, known: Entry | None, now: datetime
    ) -> Entry | None:
        """The airing of a slot at an hour, as the slot is now; None for one that was over before the slot was there."""
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
        return Entry(airing, known.rungs if known else {})

    def _attend(
        self, station: Station, slot: Slot, entry: Entry, news: object, now: datetime
    ) -> bool:
        """Keeps an airing's plan up with the news; whether its hour is so near that something must stand there."""
        airing = entry.airing
        if airing.id in self._closed:
            return False
        if airing.ends_at <= now:
            self._close(entry)
            return False
        if self._news.get(airing.id) != news:  # something was published, withdrawn or set otherwise
            # A plan that fails is tried again at the next look; its hour goes down the ladder all the same.
            planned = self._each(
                [airing],
                lambda airing: self._plan_anew(station, slot, airing, now),
                "planning a bulletin",
                lambda airing: f"{station.slug} {airing.at} {airing.day}",
            )
            if planned:
                self._news[airing.id] = news
        return now >= airing.air_at - timedelta(minutes=slot.ready_minutes)

    def _plan_anew(self, station: Station, slot: Slot, airing: Airing, now: datetime) -> None:
        made = self._made(airing)
        if Rung.PLANNED in made:
            return self._refresh(station, slot, airing, made[Rung.PLANNED], now)
        plan = draft(
            station,
            slot,
            airing.day,
            self._newsroom.bulletins.stock(station.slug, slot, airing.air_at),
        )
        if plan.stories:
            self._newsroom.bulletins.open(airing.id, Rung.PLANNED, plan, LOUDSPEAKER)
        return None

    def _made(self, airing: Airing) -> dict[Rung, Bulletin]:
        return {bulletin.rung: bulletin for bulletin in self._newsroom.bulletins.of(airing.id)}

    def _refresh(
        self, station: Station, slot: Slot, airing: Airing, planned: Bulletin, now: datetime
    ) -> None:
        """A draft that nobody touched follows the news; any plan loses a story that was withdrawn."""
        if planned.state is State.WITHDRAWN:
            return
        room = self._newsroom.bulletins
        untouched = planned.planned_by == LOUDSPEAKER and planned.approved_version is None
        if untouched and now < airing.air_at - STANDS_STILL:
            plan = draft(station, slot, airing.day, room.stock(station.slug, slot, airing.air_at))
        elif any(item.newest is None for item in planned.items):
            kept = [item.episode_id for item in planned.items if item.newest is not None]
            stories = room.offers(station.slug, airing.air_at, kept)
            words = Words(planned.title, planned.greeting, planned.closing)
            plan = plan_of(station, slot, words, stories, planned.left_out)
        else:
            return
        if plan.stories:
            room.revise(planned.episode_id, plan, LOUDSPEAKER)
        else:
            self._newsroom.episodes.withdraw(planned.episode_id, NOTHING_LEFT, LOUDSPEAKER)

    def _go_down(self, station: Station, slot: Slot, airing: Airing) -> None:
        """One step down the ladder, where nothing that may be broadcast stands at the slot's address."""
        room, made = self._newsroom.bulletins, self._made(airing)
        for rung in UNATTENDED:
            bulletin = made.get(rung)
            if bulletin is None:
                if (plan := self._plan_of(rung, station, slot, airing, made)) is not None:
                    room.open(airing.id, rung, plan, LOUDSPEAKER)
                    self._newsroom.notices.note(airing, rung)
                    log.warning(
                        "%s %s: nothing is approved; %s is made", station.slug, airing.at, rung
                    )
                    return
            elif bulletin.state not in (State.HELD, State.WITHDRAWN):
                return  # it is being made
            elif (
                bulletin.state is State.HELD
                and bulletin.items
                and (bulletin.greeting or bulletin.closing)
            ):
                self._silence_words(station, slot, airing, bulletin)
                return
        # Nothing could be made: the bed of the package is heard.
        self._newsroom.notices.note(airing, Rung.BED)

    def _silence_words(
        self, station: Station, slot: Slot, airing: Airing, bulletin: Bulletin
    ) -> None:
        """A bulletin whose own words could not be spoken goes without; its stories were, long ago."""
        room = self._newsroom.bulletins
        stories = room.offers(
            station.slug, airing.air_at, [item.episode_id for item in bulletin.items]
        )
        silent = plan_of(station, slot, Words(bulletin.title, "", ""), stories, bulletin.left_out)
        room.revise(
            bulletin.episode_id, replace(silent, headlines=False), LOUDSPEAKER, "without words"
        )

    def _plan_of(
        self,
        rung: Rung,
        station: Station,
        slot: Slot,
        airing: Airing,
        made: Mapping[Rung, Bulletin],
    ) -> Plan | None:
        """As `_plan`; None also when that fails, for there are rungs below."""
        plans = self._each(
            [rung],
            lambda rung: self._plan(rung, station, slot, airing, made),
            f"planning a rung of {station.slug} {airing.at} {airing.day}",
        )
        return plans[0] if plans else None

    def _plan(
        self,
        rung: Rung,
        station: Station,
        slot: Slot,
        airing: Airing,
        made: Mapping[Rung, Bulletin],
    ) -> Plan | None:
        """What a rung would broadcast; None when the station does not allow it or there is nothing."""
        room = self._newsroom.bulletins
        words = words_of(station, slot, airing.day)
        stories: list[Offer] = []
        match rung:
            case Rung.AUTOMATIC if slot.automatic:
                planned = made.get(Rung.PLANNED)
                if planned is not None and planned.items:  # as the desk arranged it
                    stories = room.offers(
                        station.slug, airing.air_at, [item.episode_id for item in planned.items]
                    )
                    return (
                        plan_of(station, slot, words, stories, planned.left_out)
                        if stories
                        else None
                    )
                stories = room.stock(station.slug, slot, airing.air_at)
            case Rung.EVERGREEN:
                notices = room.stock(station.slug, slot, airing.air_at, evergreen=True)
                stories = [notice for notice in notices if notice.last_aired is None]
            case Rung.PREVIOUS if slot.previous:
                last = room.last_aired(station.slug, airing.air_at)
                again = [item.episode_id for item in last.items] if last else []
                stories = room.offers(station.slug, airing.air_at, again)
                slot = replace(slot, repeats=len(stories))
            case Rung.BED:
                bed = bed_words(airing.day, slot.at, slot.greeting or station.greeting)
                return replace(plan_of(station, slot, bed, ()), headlines=False)
        if not stories:
            return None
        plan = draft(station, slot, airing.day, stories, words)
        return plan if plan.stories else None

    def _close(self, entry: Entry) -> None:
        """An airing that is over: drafts that nobody approved are put away, and one nobody attended is noted."""
        if any(state is not State.WITHDRAWN for state in entry.rungs.values()):
            for bulletin in self._newsroom.bulletins.of(entry.airing.id):
                if bulletin.approved_version is None and bulletin.state is not State.WITHDRAWN:
                    self._newsroom.episodes.withdraw(bulletin.episode_id, TOO_LATE, LOUDSPEAKER)
        elif not entry.rungs and not entry.airing.missed:
            self._newsroom.bulletins.missed(entry.airing.id)
        self._closed.add(entry.airing.id)
        self._news.pop(entry.airing.id, None)
