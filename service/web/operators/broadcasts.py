"""What a station broadcasts at one of its hours, as a file: the approved one, or the bed, never nothing."""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import partial
from pathlib import Path

from service.bulletin import Hour, span, turned
from service.newsroom import Newsroom
from service.newsroom.errors import NotFound
from service.newsroom.store.files import FilesError
from service.newsroom.values import Rung, Serving, Slot, Station
from service.web.media import Body
from service.zone import VIETNAM

log = logging.getLogger("loa.slots")

MP3 = "audio/mpeg"
BED_BITS_PER_SECOND = 48_000  # of the file in the package, as of every master for horns
BLOCK = 64 * 1024
UNREADABLE = "Không đọc được tệp của bản tin đã duyệt; phát nhạc nền."
IN_NAMES = {  # so that no two files of one hour have one name
    Rung.URGENT: "khan-cap-",
    Rung.AUTOMATIC: "tu-dong-",
    Rung.EVERGREEN: "thong-bao-",
    Rung.PREVIOUS: "phat-lai-",
    Rung.BED: "nhac-nen-",
}


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One hour of a slot on one day, what stands there, and its bytes."""

    station: Station
    slot: Slot
    serving: Serving
    body: Body
    seconds: float

    @property
    def file_name(self) -> str:
        """ASCII, sorts by day and hour, and no other file has it: "suoi-lanh-20261125-0500-v2.mp3"."""
        airing, rung = self.serving.airing, self.serving.rung
        kind = IN_NAMES.get(rung, "") + (
            f"{self.serving.episode_id}-" if rung is Rung.URGENT else ""
        )
        return f"{self.station.slug}-{airing.day:%Y%m%d}-{airing.at.replace(':', '')}-{kind}v{self.serving.version}.mp3"


class Broadcasts:
    """The files of all slots."""

    def __init__(self, newsroom: Newsroom, bed: Path) -> None:
        self._newsroom = newsroom
        data = bed.read_bytes()
        made = datetime.fromtimestamp(bed.stat().st_mtime, VIETNAM)
        self._bed = Body(
            MP3, len(data), hashlib.sha256(data).hexdigest(), made, partial(_blocks, data)
        )
        self._bed_seconds = len(data) * 8 / BED_BITS_PER_SECOND

    def now(self, station: str, at: str) -> Broadcast:
        """What a slot's address ("05:00") is about now; NotFound when the station has no such slot.

        `body.modified` only ever goes forward, so that whoever compares times alone never keeps an old file.
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
        return self._of(place, slot, hour, turned(slot.at, slot.weekdays, slot.max_seconds, hour))

    def on(self, station: str, day: date, at: str) -> Broadcast:
        """What stands, or stood, for the hour `at` ("05:00") on a day; NotFound when the station had none."""
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
        if slot is None:  # the rules may have changed since then
            known = self._newsroom.bulletins.airings(station, air_at, air_at.replace(second=1))
            if not known:
                raise NotFound(f"no airing at {at} on {day}", "Đài không phát vào giờ ấy.", "slot")
            slot = Slot(at, known[0].max_seconds)
        return self._of(place, slot, Hour(day, air_at), None)

    def _of(
        self, station: Station, slot: Slot, hour: Hour, turned_at: datetime | None
    ) -> Broadcast:
        found = self._newsroom.bulletins.serving(station.slug, slot, hour.day, hour.air_at)
        if found.master is not None and not self._readable(found.master.key):
            found = replace(
                Serving(found.airing, Rung.BED, UNREADABLE),
                since=max(filter(None, (found.approved_at, found.since))),
            )
        own, bed_since = (
            self._newsroom.recordings.bed(station.slug) if found.master is None else (None, None)
        )
        moments = (turned_at, found.approved_at, found.made_at, found.since, bed_since)
        modified = max((each for each in moments if each is not None), default=self._bed.modified)
        if found.master is None and own is not None and self._readable(own.key):
            body = Body(
                MP3, own.bytes, own.sha256, modified, partial(self._newsroom.files.stream, own.key)
            )
            return Broadcast(station, slot, found, body, own.seconds)
        if found.master is None:
            return Broadcast(
                station, slot, found, replace(self._bed, modified=modified), self._bed_seconds
            )
        file = found.master
        body = Body(
            file.mime,
            file.bytes,
            file.sha256,
            modified,
            partial(self._newsroom.files.stream, file.key),
        )
        return Broadcast(station, slot, found, body, file.seconds)

    def _readable(self, key: str) -> bool:
        """Whether the bytes are there; a store that has lost them must not silence a village."""
        try:
            return bool(next(self._newsroom.files.stream(key, 0, 1), b""))
        except FilesError as error:
            log.error("%s: %s; the bed of the package is served instead", key, error)
            return False


def _blocks(data: bytes, start: int, length: int) -> Iterator[bytes]:
    for begin in range(start, start + length, BLOCK):
        yield data[begin : min(begin + BLOCK, start + length)]
