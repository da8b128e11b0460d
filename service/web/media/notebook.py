"""The notebook: who took what is written down by one thread, in a few writes a second.

No request waits for it.
"""

import logging
import threading
from collections import deque
from dataclasses import dataclass
from time import monotonic

from service.newsroom import Newsroom
from service.newsroom.errors import Unavailable
from service.newsroom.values import Listening, Took

# Notes; more are dropped: counting must not fill the memory while the database is away
MOST_WAITING = 20_000
EVERY_S = 0.5  # between two writes
PATIENCE_S = 3_600.0  # a note older than that is not written any more

log = logging.getLogger("loa.web")


@dataclass(frozen=True, slots=True)
class _Note:
    """A note, and since when it waits."""

    what: Listening | Took
    since: float


class Notebook:
    """Takes notes at once and writes them later, all that wait in one transaction."""

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
        self._waiting: deque[_Note] = deque(maxlen=MOST_WAITING)
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._begun = False
        self.dropped = 0

    def note(self, what: Listening | Took) -> None:
        """Notes that somebody listened, or that a station took a file. Never waits, never fails."""
        if isinstance(what, Listening) and self._newsroom.downloads.is_counted(what):
            return
        if len(self._waiting) == MOST_WAITING:
            self.dropped += 1
        self._waiting.append(_Note(what, monotonic()))
        if not self._begun:
            self._begin()

    def flush(self) -> None:
        """Writes what waits, now.

        Unavailable while the database is away or busy: then the notes stay.
        """
        with self._writing:
            notes = [self._waiting.popleft() for _ in range(len(self._waiting))]
            young = [note for note in notes if monotonic() - note.since < PATIENCE_S]
            try:
                self._write(young)
            except Unavailable:
                self._waiting.extendleft(reversed(young))
                raise
            except Exception:  # noqa: BLE001 - one of them cannot be written: which one is found out
                self._write_each(young)

    def _write_each(self, notes: list[_Note]) -> None:
        """One by one: a note that cannot be written, of a station that is gone,
        takes no other with it.
        """
        for place, note in enumerate(notes):
            try:
                self._write([note])
            except Unavailable:
                self._waiting.extendleft(reversed(notes[place:]))
                raise
            except Exception as error:  # noqa: BLE001 - the database is well: this note is not
                log.warning(
                    "a note is dropped: %s: %s", note.what, type(error).__name__
                )

    def _write(self, notes: list[_Note]) -> None:
        listened = [note.what for note in notes if isinstance(note.what, Listening)]
        took = [note.what for note in notes if isinstance(note.what, Took)]
        if listened:
            self._newsroom.downloads.take_all(listened)
        if took:
            self._newsroom.takings.take_all(took)

    def _begin(self) -> None:
        with self._lock:
            if not self._begun:
                self._begun = True
                threading.Thread(target=self._run, name="notebook", daemon=True).start()

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            pause.wait(EVERY_S)
            try:
                self.flush()
            except Exception as error:  # noqa: BLE001 - it is tried again: nobody else would
                log.warning("%d notes wait: %s", len(self._waiting), error)
                pause.wait(EVERY_S)
