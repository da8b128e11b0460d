"""Stations, their slots and rules, and the topics of the news."""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.guard import Guard
from service.newsroom.errors import Invalid, NotFound
from service.newsroom.shows import change_all
from service.newsroom.stations.duty import duty_addresses
from service.newsroom.stations.rules import (
    HOUR,
    READING,
    SHORTEST_SLOT_S,
    WEEKDAYS,
    check,
)
from service.newsroom.store.again import transact
from service.newsroom.store.database import Database
from service.newsroom.store.inserting import insert
from service.newsroom.store.log import log
from service.newsroom.store.rows import readable
from service.newsroom.store.serials import Scope, numbers
from service.newsroom.store.tables import SlotRow, StationRow, TopicRow
from service.newsroom.text import alphabetical, fold, search_words, slugify
from service.newsroom.values import (
    LOUDSPEAKER,
    ApprovalRule,
    Directory,
    Event,
    Fallback,
    Named,
    Reach,
    Slot,
    Station,
    Topic,
)
from service.newsroom.values.grants import EVERYWHERE

_logger = logging.getLogger("loa.stations")

RULES = tuple(
    rule.name
    for rule in fields(Slot)
    if rule.name not in ("at", "max_seconds", "weekdays")
)
# More are not listed but searched: nobody reads such a page to its end, and listeners pay by the
# megabyte.
MOST_LISTED = 60
PLAIN_SLOT = Slot("05:00", SHORTEST_SLOT_S)


class Stations:
    """Who broadcasts, when, and by which rules."""

    def __init__(
        self, database: Database, now: Callable[[], datetime], guard: Guard
    ) -> None:
        self._database = database
        self._now = now
        self._guard = guard
        self._kept: tuple[int, tuple[Station, ...]] | None = None

    def all(self) -> list[Station]:
        """Every station, by name, in the order of the Vietnamese alphabet.

        Kept in memory until one changes, in whatever process: a thousand take 50 ms to read.
        """
        with self._database.read() as session:
            # Asked before the rows: what changes meanwhile is read again the next time.
            serial = numbers(session).get(Scope.STATIONS, 0)
            kept = self._kept
            if kept is None or kept[0] != serial:
                kept = serial, tuple(self._read(session))
                self._kept = kept
        return list(kept[1])

    def _read(self, session: Session) -> list[Station]:
        # All slots in one question: a province has hundreds of stations.
        slots: defaultdict[int, list[SlotRow]] = defaultdict(list)
        for slot in session.scalars(select(SlotRow).order_by(SlotRow.at)):
            slots[slot.station_id].append(slot)
        stations = readable(
            session.scalars(select(StationRow)),
            lambda row: _station(row, slots[row.id]),
            "a station",
            lambda row: row.slug,
        )
        return sorted(stations, key=lambda station: alphabetical(station.name))

    def directory(self, words: str = "", among: Reach = EVERYWHERE) -> Directory:
        """Names of stations, by name: those that have all the words, with or without diacritics.

        At most MOST_LISTED.

        Without words all, or none where they are more than that: nobody looks through a thousand
        names.
        """
        wanted = search_words(words)
        named = [
            Named(station.slug, station.name)
            for station in self.all()
            if among.touches([station.slug])
            and all(word in fold(station.name) for word in wanted)
        ]
        if not words and len(named) > MOST_LISTED:
            return Directory((), len(named))
        return Directory(tuple(named[:MOST_LISTED]), len(named))

    def named(self, slug: str) -> Named | None:
        """The station of that name in addresses, None when there is none."""
        with self._database.read() as session:
            name = session.scalar(
                select(StationRow.name).where(StationRow.slug == slug)
            )
        return Named(slug, name) if name is not None else None

    def get(self, slug: str) -> Station:
        """NotFound when there is none of that name."""
        with self._database.read() as session:
            row = station_row(session, slug)
            return _station(row, _slots(session, row))

    def home(self) -> Station | None:
        """The installation's first station: where news goes that names none.

        None before there is any.
        """
        with self._database.read() as session:
            row = session.scalar(select(StationRow).order_by(StationRow.id).limit(1))
            return _station(row, _slots(session, row)) if row is not None else None

    @transact
    def put(self, station: Station, by: str = LOUDSPEAKER) -> Station:
        """Makes or replaces a station; Invalid names the field at fault and nothing changes.

        `by` is who does it, for the log.
        """
        station = self._fit(station)
        with self._database.write() as session:
            kept = self._put(session, station, by)
            change_all(session, self._now())
            return kept

    @transact
    def put_all(self, stations: Iterable[Station], by: str = LOUDSPEAKER) -> None:
        """The same of several: all of them or none; every feed changes once."""
        fit = list(map(self._fit, stations))
        with self._database.write() as session:
            for station in sorted(fit, key=lambda station: station.slug):
                self._put(session, station, by)
            change_all(session, self._now())

    def checked(self, station: Station) -> Station:
        """The station as `put` would keep it; Invalid where that would refuse it."""
        station = self._fit(station)
        with self._database.read() as session:
            _check_sources(session, station)
        return station

    def _fit(self, station: Station) -> Station:
        check(station)
        return replace(station, duty=duty_addresses(station.duty, self._guard))

    def _put(self, session: Session, station: Station, by: str) -> Station:
        _check_sources(session, station)
        of_slug = select(StationRow).where(StationRow.slug == station.slug)
        row = session.scalar(of_slug.with_for_update())
        before = _station(row, _slots(session, row)) if row is not None else None
        if row is None:
            row = StationRow(slug=station.slug, created_at=self._now())
            session.add(row)
        _keep(row, station)
        session.flush()
        _keep_slots(session, row, station.slots)
        kept = _station(row, _slots(session, row))
        _log_changes(session, self._now(), by, before, kept)
        return kept

    def topics(self) -> list[Topic]:
        """Every topic that an article ever named, by name."""
        with self._database.read() as session:
            topics = [
                Topic(row.slug, row.name) for row in session.scalars(select(TopicRow))
            ]
        return sorted(topics, key=lambda topic: alphabetical(topic.name))

    def topic(self, slug: str) -> Topic:
        """NotFound when there is none of that name."""
        with self._database.read() as session:
            row = session.scalar(select(TopicRow).where(TopicRow.slug == slug))
            if row is None:
                raise NotFound(
                    f"no topic {slug!r}", "Không có chuyên mục này.", "topic"
                )
            return Topic(row.slug, row.name)


def station_row(session: Session, slug: str) -> StationRow:
    """The row, or NotFound; a session asks for it once."""
    rows: dict[str, StationRow] = session.info.setdefault("stations", {})
    if slug not in rows:
        row = session.scalar(select(StationRow).where(StationRow.slug == slug))
        if row is None:
            raise NotFound(f"no station {slug!r}", f"Không có đài “{slug}”.", "station")
        rows[slug] = row
    return rows[slug]


def station_numbers(session: Session, slugs: Collection[str]) -> dict[str, int]:
    """The stations' numbers, by slug; NotFound for one that there is not.

    Those a session met are not asked for.
    """
    met: dict[str, StationRow] = session.info.get("stations", {})
    numbers = {slug: met[slug].id for slug in slugs if slug in met}
    missing = set(slugs) - numbers.keys()
    if missing:
        rows = select(StationRow.slug, StationRow.id).where(
            StationRow.slug.in_(missing)
        )
        numbers |= dict(session.execute(rows).all())
    for slug in slugs:
        if slug not in numbers:
            raise NotFound(f"no station {slug!r}", f"Không có đài “{slug}”.", "station")
    return numbers


def topic_row(session: Session, name: str) -> TopicRow | None:
    """The topic's row, made when it is new; None for a name without a letter."""
    slug = slugify(name)
    if not slug:
        return None
    of_slug = select(TopicRow).where(TopicRow.slug == slug)
    row = session.scalar(of_slug)
    if row is None:
        # Twenty articles of one new topic may come at once.
        new = insert(session, TopicRow).values(slug=slug, name=name.strip())
        session.execute(new.on_conflict_do_nothing())
        row = session.scalars(of_slug).one()
    return row


def _slots(session: Session, row: StationRow) -> Iterable[SlotRow]:
    return session.scalars(
        select(SlotRow).where(SlotRow.station_id == row.id).order_by(SlotRow.at)
    )


def _station(row: StationRow, slots: Iterable[SlotRow]) -> Station:
    station = Station(
        slug=row.slug,
        name=row.name,
        place=row.place,
        description=row.description,
        voice=row.voice,
        second_voice=row.second_voice,
        announcements_twice=row.announcements_twice,
        fallback=Fallback(row.fallback),
        approval=ApprovalRule(row.approval),
        reading=reading_of(row),
        greeting=row.greeting,
        speaker_tempo=row.speaker_tempo,
        speaker_pauses=row.speaker_pauses,
        speaker_lead_in=row.speaker_lead_in,
        disclosure=row.disclosure,
        disclosure_spoken=row.disclosure_spoken,
        duty=tuple(row.duty),
    )
    kept = readable(slots, _slot, f"a slot of {row.slug}", lambda slot: slot.at)
    return replace(station, slots=tuple(kept))


def reading_of(row: StationRow) -> dict[str, str | bool]:
    """How the station wants it read.

    An option that no reading has, or a value it cannot have, is told.
    """
    reading: dict[str, str | bool] = {}
    for option, value in row.reading.items():
        if value in READING.get(option, ()):
            reading[option] = value
        else:
            _logger.error(
                "station %s: reading.%s cannot be %r", row.slug, option, value
            )
    return reading


def _keep(row: StationRow, station: Station) -> None:
    """All of a station but its slots."""
    row.name = station.name.strip()
    row.place = station.place
    row.description = station.description
    row.voice = station.voice
    row.second_voice = station.second_voice
    row.announcements_twice = station.announcements_twice
    row.fallback = station.fallback
    row.approval = station.approval
    row.reading = dict(station.reading)
    row.greeting = station.greeting
    row.speaker_tempo = station.speaker_tempo
    row.speaker_pauses = station.speaker_pauses
    row.speaker_lead_in = station.speaker_lead_in
    row.disclosure = station.disclosure.strip()
    row.disclosure_spoken = station.disclosure_spoken.strip()
    row.duty = list(station.duty)


def _keep_slots(session: Session, row: StationRow, slots: Iterable[Slot]) -> None:
    """A station's slots are kept whole: the old ones go, these come."""
    for old in session.scalars(select(SlotRow).where(SlotRow.station_id == row.id)):
        session.delete(old)
    session.flush()
    for slot in slots:
        session.add(_slot_row(row, slot))
    session.flush()


def _log_changes(
    session: Session, now: datetime, by: str, before: Station | None, kept: Station
) -> None:
    """Which rules are others now.

    Whom duty notices go to is told apart, for administrators only.
    """
    if before is None:
        log(session, now, by, Event.STATION_ADDED, kept.slug)
        return
    changed = [
        field.name
        for field in fields(Station)
        if getattr(before, field.name) != getattr(kept, field.name)
    ]
    if "duty" in changed:
        hosts = ", ".join(map(_without_secrets, kept.duty)) or "không còn nơi nào"
        log(session, now, by, Event.DUTY_CHANGED, f"{kept.slug}: {hosts}")
    if rules := [name for name in changed if name != "duty"]:
        log(session, now, by, Event.STATION_CHANGED, f"{kept.slug}: {', '.join(rules)}")


def _without_secrets(address: str) -> str:
    """An address for notices without the path of a webhook, which is often its password."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.hostname}/…" if parts.hostname else address


def _check_sources(session: Session, station: Station) -> None:
    """Invalid names the slot that takes news of a station that there is not."""
    for number, slot in enumerate(station.slots):
        for source in slot.sources:
            try:
                station_row(session, source)
            except NotFound as error:
                field = f"slots.{number}.sources"
                raise Invalid(str(error), error.message_vi, field) from error


def _slot_row(station: StationRow, slot: Slot) -> SlotRow:
    values = asdict(slot)
    rules = {name: values[name] for name in RULES}
    return SlotRow(
        station_id=station.id,
        at=slot.at,
        max_seconds=slot.max_seconds,
        weekdays=slot.weekdays,
        rules=rules,
    )


def _slot(row: SlotRow) -> Slot:
    """The slot of a row; ValueError when its hour or its days cannot be read.

    A rule that a row does not name is as it is by default: it was kept before there was such a
    rule. So is one that cannot be read, which is told: by default nothing goes on the air without a
    person, and the hour keeps its address.
    """
    if (
        not HOUR.fullmatch(row.at)
        or not row.weekdays
        or set(row.weekdays) - set(WEEKDAYS)
    ):
        raise ValueError(f"{row.at!r} on {row.weekdays!r} is no hour of a week")
    rules: dict[str, Any] = {}
    for name, value in row.rules.items():
        rule = tuple(value) if isinstance(value, list) else value
        if name in RULES and type(rule) is type(getattr(PLAIN_SLOT, name)):
            rules[name] = rule
        else:
            _logger.error(
                "slot %d (%s): rule %s cannot be %r", row.id, row.at, name, value
            )
    return Slot(row.at, row.max_seconds, row.weekdays, **rules)
