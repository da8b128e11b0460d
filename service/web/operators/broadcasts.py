"""What a station broadcasts at one of its hours, as a file:
the approved one, or the bed, never nothing.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

from service.bulletin import Hour, span, turned
from service.bulletin.hours import LINGERS
from service.newsroom import Newsroom
from service.newsroom.errors import NotFound
from service.newsroom.store.files import FilesError
from service.newsroom.values import (
    Airing,
    BedFile,
    Master,
    Rung,
    Serving,
    Slot,
    SlotHour,
    Station,
)
from service.web.media import Body
from service.zone import VIETNAM

log = logging.getLogger("loa.slots")

MP3 = "audio/mpeg"
BED_BITS_PER_SECOND = 48_000  # of the file in the package, as of every master for horns
BLOCK = 64 * 1024
UNREADABLE = "Không đọc được tệp của bản tin đã duyệt; phát nhạc nền."
UNKNOWN = "Chưa hỏi được máy chủ dữ liệu; phát nhạc nền."
# Its own, and since when that stands
StationBed = tuple[BedFile | None, datetime | None]
NO_BED: StationBed = (None, None)


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One hour of a slot on one day, what stands there, and its bytes."""

    station: Station
    slot: Slot
    serving: Serving
    body: Body
    seconds: float
    unreadable: bool = False  # the bed stands in for a sound that could not be had

    @property
    def file_name(self) -> str:
        """ASCII, sorts by day and hour, and no other file has
        it: "suoi-lanh-20261125-0500-v2.mp3".
        """
        airing, rung = self.serving.airing, self.serving.rung
        # Two warnings may be in force at one hour.
        number = f"{self.serving.episode_id}-" if rung is Rung.URGENT else ""
        kind = rung.in_file_names + number
        return f"{self.station.slug}-{airing.day:%Y%m%d}-{airing.at.replace(':', '')}-{kind}v{self.serving.version}.mp3"


class Broadcasts:
    """The files of all slots."""

    def __init__(
        self,
        newsroom: Newsroom,
        bed: Path,
        readable: Callable[[Master | BedFile], bool] | None = None,
    ) -> None:
        """`readable` tells whether a file's bytes can be had.

        By default the store is asked for its first one.
        """
        self._newsroom = newsroom
        self._readable = readable or self._in_store
        data = bed.read_bytes()
        made = datetime.fromtimestamp(bed.stat().st_mtime, VIETNAM)
        self._bed = Body(
            MP3,
            len(data),
            hashlib.sha256(data).hexdigest(),
            made,
            partial(_blocks, data),
        )
        self.bed_sha256 = self._bed.sha256
        self._bed_seconds = len(data) * 8 / BED_BITS_PER_SECOND

    def now(self, station: str, at: str) -> Broadcast:
        """What a slot's address ("05:00") is about now; NotFound when the station has no such slot.

        `body.modified` only ever goes forward, so that whoever compares times alone never keeps an
        old file.
        """
        place = self._newsroom.stations.get(station)
        slot = next((slot for slot in place.slots if slot.at == at), None)
        if slot is None:
            raise NotFound(
                f"{place.name} has no slot at {at}",
                f"{place.name} không có khung giờ {at}.",
                "slot",
            )
        hour = span(slot.at, slot.weekdays, slot.max_seconds, self._newsroom.now())
        at_hour = SlotHour(slot, hour.day, hour.air_at)
        serving = self._newsroom.bulletins.serving(station, slot, hour.day, hour.air_at)
        bed = self._newsroom.recordings.bed(station)
        return self._broadcast(place, slot, serving, bed, _turned_to(at_hour))

    def on(self, station: str, day: date, at: str) -> Broadcast:
        """What is, or was, broadcast in the hour `at` ("05:00") on a day.

        NotFound when there was nothing at that hour.
        """
        place, hour = self.hour_on(station, day, at)
        return self.at_hours(place, [hour])[0]

    def hour_on(self, station: str, day: date, at: str) -> tuple[Station, SlotHour]:
        """A station, and its hour `at` ("05:00") on a day.

        A slot that the station has no more is known by what it broadcast then. NotFound when there
        was nothing at that hour.
        """
        place = self._newsroom.stations.get(station)
        air_at = datetime.combine(day, time.fromisoformat(at), VIETNAM)
        slot = next(
            (
                slot
                for slot in place.slots
                if slot.at == at and str(day.isoweekday()) in slot.weekdays
            ),
            None,
        )
        if slot is None:
            slot = self._former_slot(station, at, air_at)
        return place, SlotHour(slot, day, air_at)

    def _former_slot(self, station: str, at: str, air_at: datetime) -> Slot:
        """The slot of an airing whose hour the station has given up since."""
        a_second_later = air_at + timedelta(seconds=1)
        airings = self._newsroom.bulletins.airings(station, air_at, a_second_later)
        if not airings:
            raise NotFound(
                f"no airing at {at} on {air_at:%Y-%m-%d}",
                "Đài không phát vào giờ ấy.",
                "slot",
            )
        return Slot(at, airings[0].max_seconds)

    def at_hours(self, station: Station, asked: Sequence[SlotHour]) -> list[Broadcast]:
        """What is, or was, broadcast in these hours of a station, in their order.

        The number of questions to the database does not depend on how many hours are asked about.
        """
        servings = self._newsroom.bulletins.servings_for(station.slug, asked)
        bed = self._newsroom.recordings.bed(station.slug)
        return [
            self._broadcast(station, hour.slot, serving, bed, None)
            for hour, serving in zip(asked, servings, strict=True)
        ]

    def at_once(
        self, stations: Sequence[Station], now: datetime
    ) -> Iterator[tuple[Broadcast, datetime]]:
        """What stands at the addresses of all slots of these stations at a time,
        and until when by time alone.

        The number of questions to the database does not depend on how many stations and slots there
        are.
        """
        asked = _hours_now(stations, now)
        slugs = [station.slug for station in stations]
        servings = self._newsroom.bulletins.servings_at(
            [(station.slug, hour) for station, hour in asked], now
        )
        ends = self._newsroom.bulletins.warnings_end(slugs, now)
        beds = self._newsroom.recordings.beds(slugs)
        for (station, at), serving in zip(asked, servings, strict=True):
            over = at.air_at + timedelta(seconds=at.slot.max_seconds) + LINGERS
            until = min(over, ends.get(station.slug, over))
            bed = beds[station.slug]
            yield self._broadcast(station, at.slot, serving, bed, _turned_to(at)), until

    def bed_only(self, station: Station, slot: Slot, now: datetime) -> Broadcast:
        """The package's bed for the hour that a slot's address is about,
        for when nothing else can be known.
        """
        hour = span(slot.at, slot.weekdays, slot.max_seconds, now)
        airing = Airing(
            0, station.slug, slot.at, hour.day, hour.air_at, slot.max_seconds
        )
        since = turned(slot.at, slot.weekdays, slot.max_seconds, hour)
        return self._bed_of(
            station, slot, Serving(airing, Rung.BED, UNKNOWN), NO_BED, since
        )

    def _broadcast(
        self,
        station: Station,
        slot: Slot,
        serving: Serving,
        bed: StationBed,
        turned_at: datetime | None,
    ) -> Broadcast:
        """`turned_at` is when the address turned to this hour, None where it stays with it."""
        if serving.master is not None and not self._readable(serving.master):
            since = max(filter(None, (serving.approved_at, serving.since)))
            lost = replace(Serving(serving.airing, Rung.BED, UNREADABLE), since=since)
            return replace(
                self._bed_of(station, slot, lost, bed, turned_at), unreadable=True
            )
        if serving.master is None:
            return self._bed_of(station, slot, serving, bed, turned_at)
        moments = (turned_at, serving.approved_at, serving.made_at, serving.since)
        file = serving.master
        body = Body(
            file.mime,
            file.bytes,
            file.sha256,
            _newest(moments, self._bed.modified),
            partial(self._newsroom.files.stream, file.key),
        )
        return Broadcast(station, slot, serving, body, file.seconds)

    def _bed_of(
        self,
        station: Station,
        slot: Slot,
        serving: Serving,
        bed: StationBed,
        turned_at: datetime | None,
    ) -> Broadcast:
        """The station's own bed, else that of the package."""
        own, bed_since = bed
        modified = _newest(
            (turned_at, serving.approved_at, serving.made_at, serving.since, bed_since),
            self._bed.modified,
        )
        if own is None or not self._readable(own):
            body = replace(self._bed, modified=modified)
            lost = own is not None
            return Broadcast(
                station, slot, serving, body, self._bed_seconds, unreadable=lost
            )
        stream = partial(self._newsroom.files.stream, own.key)
        body = Body(MP3, own.bytes, own.sha256, modified, stream)
        return Broadcast(station, slot, serving, body, own.seconds)

    def _in_store(self, file: Master | BedFile) -> bool:
        """Whether the bytes are there; a store that has lost them must not silence a village."""
        try:
            return bool(next(self._newsroom.files.stream(file.key, 0, 1), b""))
        except FilesError as error:
            log.error(
                "%s: %s; the bed of the package is served instead", file.key, error
            )
            return False


def _hours_now(
    stations: Sequence[Station], now: datetime
) -> list[tuple[Station, SlotHour]]:
    """The hours that the addresses of these stations' slots are about."""
    spans = [
        (station, slot, span(slot.at, slot.weekdays, slot.max_seconds, now))
        for station in stations
        for slot in station.slots
    ]
    return [
        (station, SlotHour(slot, hour.day, hour.air_at))
        for station, slot, hour in spans
    ]


def _turned_to(at: SlotHour) -> datetime:
    """When a slot's address turned to this hour."""
    slot = at.slot
    return turned(slot.at, slot.weekdays, slot.max_seconds, Hour(at.day, at.air_at))


def _blocks(data: bytes, start: int, length: int) -> Iterator[bytes]:
    for begin in range(start, start + length, BLOCK):
        yield data[begin : min(begin + BLOCK, start + length)]


def _newest(moments: Sequence[datetime | None], otherwise: datetime) -> datetime:
    return max((moment for moment in moments if moment is not None), default=otherwise)
