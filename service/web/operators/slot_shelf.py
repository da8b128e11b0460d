"""The slots' shelf: what stands at every slot's address, on this machine,
whatever becomes of database and store.

A thread beside the requests keeps it: it looks again after each change of what is public, and when
an hour or a warning is over. A request for a slot that changed since asks for that one slot. Each
web has a folder of its own.
"""

import json
import logging
import os
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from service.apart import failure
from service.front.horns import place_of
from service.front.renewals import Place, Stands
from service.front.resource import File, Question, Resource
from service.newsroom import Newsroom
from service.newsroom.errors import NotFound
from service.newsroom.store.serials import Scope
from service.newsroom.values import Rung, Slot, Station
from service.web.media.notebook import Notebook
from service.web.operators.broadcasts import Broadcast, Broadcasts
from service.web.operators.kept_sounds import KeptSounds
from service.web.operators.pulse import Pulse
from service.web.operators.slots import clock_of
from service.web.operators.stands import Stand, plain_station

STATIONS_AT_ONCE = 200
AT_LEAST_EVERY_S = 30.0
# So late at most it is looked after what is public changed in a way that slots' own number does
# not tell: by a web or worker of the release before, which knows none
BESIDE_OTHERS_S = 2.0
SHARE = 4  # the thread rests so many times as long as it worked
INCOMPLETE_S = 1.0  # so long a bed stands in for a sound that is still fetched
MOST_STANDS = 3  # of one slot, one after the other: a warning, another one, and what they interrupt

log = logging.getLogger("loa.slots")


@dataclass(frozen=True, slots=True)
class Ready:
    """A stand with its three resources."""

    stand: Stand
    resources: dict[str, Resource]


@dataclass(frozen=True, slots=True)
class Entry:
    """A slot: what stands there now and after that, as of which state of the database."""

    station: Station
    slot: Slot
    number: int
    stands: tuple[Ready, ...]
    incomplete: bool = False  # the bed stands in for a sound that is on its way still

    def at(self, now: datetime) -> Ready | None:
        """What stands there at a time; None when all that is known is over."""
        return next((ready for ready in self.stands if now < ready.stand.until), None)


class SlotShelf:
    """See `service.front.horns.SlotShelf`. `folder` is this process's own."""

    def __init__(
        self,
        newsroom: Newsroom,
        public_url: str,
        bed: Path,
        pulse: Pulse,
        notebook: Notebook,
        folder: Path,
    ) -> None:
        self._newsroom = newsroom
        self._public_url = public_url
        self._pulse = pulse
        self._notebook = notebook
        self._sounds = KeptSounds(folder / "sounds", newsroom.files)
        self._folder = folder
        self._records = folder / "slots"
        self._records.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._bed = bed.read_bytes()
        self._broadcasts = Broadcasts(newsroom, bed, self._sounds.take_in)
        self._bed_tag = self._broadcasts.bed_sha256
        self._entries: dict[Place, Entry] = {}
        self._lock = threading.Lock()
        self._wake = threading.Event()
        # The scopes' numbers as of the last look after all
        self._numbers: Counter[str] = Counter()

    def start(self) -> None:
        """Keeps it up to date until the pulse stops."""
        self._pulse.on_change(self._changed)
        threading.Thread(target=self._run, name="slots", daemon=True).start()

    def find(self, question: Question) -> Resource | None:
        """What stands there now; None when that has to be asked."""
        place, kind = place_of(question)
        entry = self._entries.get(place)
        if self._pulse.away:
            return self.last(question)
        if entry is None or entry.number != self._number():
            return None
        if self._pulse.behind_on(Scope.SLOTS):
            return None
        if _is_insider(question, kind):
            return None
        ready = entry.at(self._pulse.now())
        return ready.resources[kind] if ready is not None else None

    def is_enough_for(self, question: Question) -> bool:
        """Whether who asks may be told no more than lies here."""
        _, kind = place_of(question)
        return not _is_insider(question, kind)

    def renew(self, place: Place) -> Stands:
        """Asks what stands there; None where no such slot is."""
        number = self._number()
        try:
            station = self._newsroom.stations.get(place[0])
        except NotFound:
            self._drop({other for other in self._known() if other[0] == place[0]})
            return None
        self._put(self._asked([station], number))
        entry = self._entries.get(place)
        if entry is None or entry.slot not in station.slots:
            return None
        ready = entry.at(self._pulse.now())
        return ready.resources if ready is not None else None

    def last(self, question: Question) -> Resource:
        """What was right last, while its time lasts; then the bed that lies in the package."""
        place, kind = place_of(question)
        entry = self._entries.get(place)
        ready = entry.at(self._pulse.now()) if entry is not None else None
        if ready is not None:
            return ready.resources[kind]
        station, slot = (
            (entry.station, entry.slot) if entry is not None else _unknown(place)
        )
        now = self._pulse.now()
        broadcast = self._broadcasts.bed_only(station, slot, now)
        resources = Stand.of(broadcast, now, self._public_url).resources(
            self._find, self._notebook
        )
        if resources is None:
            raise AssertionError("the bed of the package lies in memory")
        return resources[kind]

    def refresh(self) -> None:
        """Asks what stands at the addresses of all slots."""
        number = self._number()
        stations = self._newsroom.stations.all()
        for begin in range(0, len(stations), STATIONS_AT_ONCE):
            self._put(self._asked(stations[begin : begin + STATIONS_AT_ONCE], number))
        known = {(each.slug, _hhmm(slot)) for each in stations for slot in each.slots}
        self._drop(self._known().keys() - known)
        self._sounds.sweep(
            {
                ready.stand.sound
                for entry in self._known().values()
                for ready in entry.stands
            }
        )
        with suppress(OSError):
            # Of several shelves that lie here the newest is recalled
            os.utime(self._folder)

    def _asked(self, stations: Sequence[Station], number: int) -> list[Entry]:
        """The entries of all slots of these stations."""
        coming: dict[Place, list[tuple[Broadcast, datetime]]] = {}
        self._look_ahead(stations, self._pulse.now(), coming, MOST_STANDS)
        return [self._entry(place, each, number) for place, each in coming.items()]

    def _look_ahead(
        self,
        stations: Sequence[Station],
        moment: datetime,
        coming: dict[Place, list[tuple[Broadcast, datetime]]],
        rounds: int,
    ) -> None:
        """Adds what stands there at a time.

        Where that is a warning, also what stands there after it.
        """
        warned: dict[datetime, set[str]] = {}
        for broadcast, until in self._broadcasts.at_once(stations, moment):
            slug = broadcast.station.slug
            stands = coming.setdefault((slug, _hhmm(broadcast.slot)), [])
            # The station's other slots, on which no warning ends at that moment, are known already.
            if stands and stands[-1][1] != moment:
                continue
            stands.append((broadcast, until))
            if broadcast.serving.rung is Rung.URGENT:
                warned.setdefault(until, set()).add(slug)
        if rounds == 1:
            return
        for until, slugs in warned.items():
            here = [station for station in stations if station.slug in slugs]
            self._look_ahead(here, until, coming, rounds - 1)

    def _entry(
        self, place: Place, coming: Sequence[tuple[Broadcast, datetime]], number: int
    ) -> Entry:
        before = self._entries.get(place)
        kept = before.stands if before is not None else ()
        stands: list[Ready] = []
        incomplete = False
        for broadcast, until in coming:
            stand = Stand.of(broadcast, until, self._public_url)
            same = next((ready for ready in kept if ready.stand == stand), None)
            ready = same or self._ready(stand)
            if ready is not None:
                stands.append(ready)
            incomplete = incomplete or broadcast.unreadable
        station, slot = coming[0][0].station, coming[0][0].slot
        return Entry(station, slot, number, tuple(stands), incomplete)

    def _ready(self, stand: Stand) -> Ready | None:
        resources = stand.resources(self._find, self._notebook)
        return Ready(stand, resources) if resources is not None else None

    def _find(self, sha256: str) -> File | bytes | None:
        return self._bed if sha256 == self._bed_tag else self._sounds.file(sha256)

    def _known(self) -> dict[Place, Entry]:
        """The entries of this moment: requests of horns add some while others go through them."""
        with self._lock:
            return dict(self._entries)

    def _number(self) -> int:
        return (self._pulse.serials or {}).get(Scope.SLOTS, 0)

    def _put(self, entries: Sequence[Entry]) -> None:
        """Takes them in, on disk too; what was asked of a newer state stays."""
        for entry in entries:
            place = entry.station.slug, _hhmm(entry.slot)
            with self._lock:
                before = self._entries.get(place)
                if before is not None and before.number > entry.number:
                    continue
                self._entries[place] = entry
            if before is None or before.stands != entry.stands:
                self._write(place, entry)

    def _drop(self, places: set[Place]) -> None:
        for place in places:
            with self._lock:
                self._entries.pop(place, None)
            self._record(place).unlink(missing_ok=True)

    def _changed(self) -> None:
        if self._pulse.stopped or self._number() != self._numbers[Scope.SLOTS]:
            self._wake.set()

    def _run(self) -> None:
        due_at = monotonic()
        while not self._pulse.stopped:
            patience = max(0.0, min(due_at - monotonic(), BESIDE_OTHERS_S))
            woken = self._wake.wait(patience)
            self._wake.clear()
            serials = Counter(self._pulse.serials or {})
            is_changed = serials[Scope.PUBLIC] != self._numbers[Scope.PUBLIC]
            if not woken and not is_changed and monotonic() < due_at:
                continue
            self._numbers = serials
            began = monotonic()
            error = failure(self.refresh)
            if error is not None:  # it is tried again; requests ask for themselves
                self._numbers = Counter()
                log.warning("the slots' shelf cannot be looked after: %s", error)
            # A house of many stations is not looked through without a pause, however often it
            # changes.
            sleep(max(0.05, SHARE * (monotonic() - began)))
            due_at = monotonic() + self._pause()

    def _pause(self) -> float:
        """Seconds until something changes by time alone."""
        now, entries = self._pulse.now(), self._known().values()
        ends = [entry.stands[0].stand.until for entry in entries if entry.stands]
        next_end = (min(ends) - now).total_seconds() if ends else AT_LEAST_EVERY_S
        soon = (
            INCOMPLETE_S
            if any(entry.incomplete for entry in entries)
            else AT_LEAST_EVERY_S
        )
        return max(0.05, min(next_end, soon, AT_LEAST_EVERY_S))

    def _record(self, place: Place) -> Path:
        return self._records / f"{place[0]}-{place[1]}.json"

    def _write(self, place: Place, entry: Entry) -> None:
        """Beside, then in its place: a power cut leaves the old one, or nothing, never a part."""
        slot = entry.slot
        record = {
            "station": [entry.station.slug, entry.station.name],
            "slot": [slot.at, slot.max_seconds, slot.weekdays],
            "stands": [ready.stand.record() for ready in entry.stands],
        }
        try:
            handle, name = tempfile.mkstemp(dir=self._records, prefix=".new-")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(record, file, ensure_ascii=False)
            Path(name).replace(self._record(place))
        except OSError as error:
            log.error("the slots' shelf cannot be kept on disk: %s", error)

    def recall(self) -> None:
        """What lay here when the process before ended; what cannot be read is not there."""
        for path in sorted(self._records.glob("*.json")):
            try:
                entry = self._recalled(json.loads(path.read_text(encoding="utf-8")))
            except (OSError, ValueError, KeyError, TypeError) as error:
                log.warning(
                    "%s on the slots' shelf cannot be read: %s", path.name, error
                )
                continue
            self._entries[entry.station.slug, _hhmm(entry.slot)] = entry

    def _recalled(self, record: dict[str, Any]) -> Entry:
        station, slot = plain_station(*record["station"]), Slot(*record["slot"])
        return Entry(station, slot, -1, tuple(self._recalled_stands(record["stands"])))

    def _recalled_stands(self, records: Sequence[dict[str, Any]]) -> Iterator[Ready]:
        for record in records:
            stand = Stand.recalled(record)
            if stand.sound != self._bed_tag:
                self._sounds.recall(stand.sound, stand.size)
            ready = self._ready(stand)
            if ready is not None:
                yield ready


def _is_insider(question: Question, kind: str) -> bool:
    """Whether who asks may be told who approved it: by a key or a login, which are rows."""
    if kind != "json":
        return False
    cookies = question.headers.get(b"cookie", b"")
    return b"authorization" in question.headers or b"session=" in cookies


def _unknown(place: Place) -> tuple[Station, Slot]:
    slug, hhmm = place
    return plain_station(slug), Slot(clock_of(hhmm), 600)


def _hhmm(slot: Slot) -> str:
    return slot.at.replace(":", "")
