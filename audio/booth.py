"""The booth: lines go in, clips come out; what was spoken before is not spoken again."""

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass, field
from random import Random
from unicodedata import normalize

from audio.clips import Shelf, clip_key
from audio.gate import admit
from audio.pieces import pieces
from audio.throttle import UNTHROTTLED, Abandoned, Throttle
from audio.voice import RATE, SAMPLE_BYTES, Engine, EngineTrouble, Reason, Voice

# Calls for one clip before its trouble is everybody's.
TRIES = 4
# Characters; fewer sound like single words.
SHORTEST_PIECE = 30
# What a clause that ends with a mark is followed by.
BREATH_S = 0.15
MARKS = frozenset(",;:.!?…")
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
# How often somebody who wants to stop is listened to.
LOOK_EVERY_S = 0.5


@dataclass(frozen=True, slots=True)
class Line:
    """What is spoken once; another `take` of the same words is another clip."""

    spoken: str
    take: int = 0


@dataclass(frozen=True, slots=True)
class Recording:
    """The clips' keys, line by line, and what they cost."""

    keys: tuple[str, ...]
    engine_calls: int
    clips_reused: int


@dataclass(slots=True)
class Patience:
    """How the booth waits; tests hand in a clock that does not."""

    # None: waits, and wakes at once when all is given up.
    sleep: Callable[[float], object] | None = None
    random: Callable[[], float] = Random().random
    tries: int = TRIES

    def before(self, attempt: int, trouble: EngineTrouble) -> float:
        """Seconds before attempt number `attempt` (2, 3 …).

        What the far end asked for, or a doubling wait with jitter.
        """
        if trouble.retry_after is not None:
            return trouble.retry_after + FIRST_WAIT_S * self.random()
        doubled = FIRST_WAIT_S * 2.0 ** (attempt - 2)
        jitter = 0.5 + self.random()
        return min(LONGEST_WAIT_S, doubled) * jitter


# Told how many clips there are by now, and how many are wanted.
Progress = Callable[[int, int], None]
# Whether somebody wants it to end.
Stopped = Callable[[], bool]


def _to_nobody(done: int, wanted: int) -> None:
    """Progress that nobody watches."""


def _never() -> bool:
    return False


def record(
    lines: Sequence[Line],
    voice: Voice,
    engine: Engine,
    shelf: Shelf,
    *,
    on_progress: Progress = _to_nobody,
    stopped: Stopped = _never,
    patience: Patience | None = None,
    throttle: Throttle = UNTHROTTLED,
) -> Recording:
    """Every line as a clip on the shelf, several at once; each different line is spoken once.

    The first trouble that patience does not mend ends the recording (EngineTrouble), `stopped` ends
    it with Abandoned; clips already spoken stay on the shelf, so that the next recording goes on
    where this one ended. Every call is a turn of the `throttle`.
    """
    build = engine.build()
    keys = [clip_key(line.spoken, voice, build, line.take) for line in lines]
    line_of = dict(zip(keys, lines, strict=True))
    missing = [key for key in line_of if shelf.get(key) is None]
    reused = len(line_of) - len(missing)
    speaker = _Speaker(voice, engine, patience or Patience(), throttle)

    def speak(key: str) -> None:
        shelf.put(key, speaker.clip(line_of[key].spoken))

    on_progress(reused, len(line_of))
    with closing(_spoken(missing, speak, speaker, stopped)) as progress:
        for spoken in progress:
            on_progress(reused + spoken, len(line_of))
    return Recording(tuple(keys), speaker.calls.value, reused)


def _spoken(
    keys: Sequence[str],
    speak: Callable[[str], None],
    speaker: "_Speaker",
    stopped: Stopped,
) -> Generator[int]:
    """Speaks these clips, several at once; how many are done by now, each time that some are."""
    lanes = max(1, speaker.engine.lanes)
    # The first clip goes alone: a dead network costs one call and its retries, not a call for each
    # line.
    waves = (keys[:1], keys[1:])
    done = 0
    with ThreadPoolExecutor(lanes, thread_name_prefix="booth") as booth:
        for wave in waves:
            running = {booth.submit(speak, key) for key in wave}
            try:
                for finished in _as_they_finish(running, stopped):
                    done += finished
                    yield done
            except BaseException:
                # Threads that wait for their next try would keep the pool from closing.
                speaker.give_up.set()
                for future in running:
                    future.cancel()
                raise


def _as_they_finish(running: set[Future[None]], stopped: Stopped) -> Iterator[int]:
    """How many have finished, each time that some have.

    Raises what one of them raised, or Abandoned.
    """
    while running:
        finished, running = wait(running, LOOK_EVERY_S, FIRST_COMPLETED)
        for future in finished:
            future.result()
        if finished:
            yield len(finished)
        if running and stopped():
            raise Abandoned


@dataclass(frozen=True, slots=True)
class _Speaker:
    """A voice at its engine, for one recording's threads."""

    voice: Voice
    engine: Engine
    patience: Patience
    throttle: Throttle
    calls: "_Count" = field(default_factory=lambda: _Count())
    give_up: threading.Event = field(default_factory=threading.Event)

    def clip(self, spoken: str) -> bytes:
        """House PCM of the text, in pieces that the engine takes.

        Tried as often as patience allows; after bad sound in smaller pieces.
        """
        spoken = normalize("NFC", spoken)
        longest = self.engine.longest
        # Pieces that came well need not be asked for again.
        sounds: dict[str, bytes] = {}
        attempt = 1
        while True:
            try:
                return self._whole(pieces(spoken, longest), sounds)
            except EngineTrouble as trouble:
                attempt += 1
                if not self._worth_another(trouble) or attempt > self.patience.tries:
                    raise
                if trouble.reason is Reason.BAD_SOUND:
                    shorter = min(longest, len(spoken)) // 2
                    longest = max(SHORTEST_PIECE, shorter)
                self._pause(self.patience.before(attempt, trouble))
                if self.give_up.is_set():
                    raise

    def _whole(self, parts: Sequence[str], sounds: dict[str, bytes]) -> bytes:
        """The parts' sounds in one, each asked for when it is not among `sounds`,
        and kept there.
        """
        for part in parts:
            if part not in sounds:
                sounds[part] = self._piece(part)
        return _joined([(part, sounds[part]) for part in parts])

    def _piece(self, part: str) -> bytes:
        """One call."""
        with self.throttle.turn(self.engine, self._pause):
            self.calls.add()
            sound = self.engine.speak(part, self.voice, self.engine.deadline)
        return admit(sound, part, self.voice.rate)

    def _worth_another(self, trouble: EngineTrouble) -> bool:
        """Whether to try again.

        Not when nobody was called, nor when the far end wants to be left alone for longer than we
        wait here.
        """
        asked_wait = trouble.retry_after or 0.0
        if asked_wait > LONGEST_WAIT_S or not trouble.asked:
            return False
        return trouble.passing or trouble.reason is Reason.BAD_SOUND

    def _pause(self, seconds: float) -> object:
        sleep = self.patience.sleep or self.give_up.wait
        return sleep(seconds)


def _joined(parts: Sequence[tuple[str, bytes]]) -> bytes:
    """The pieces of one sentence, with the breath a clause has where one ends with a mark."""
    breath = bytes(SAMPLE_BYTES * int(RATE * BREATH_S))
    sound = bytearray()
    for number, (part, pcm) in enumerate(parts, start=1):
        sound += pcm
        is_last = number == len(parts)
        if part[-1:] in MARKS and not is_last:
            sound += breath
    return bytes(sound)


class _Count:
    """A counter for several threads."""

    def __init__(self) -> None:
        self.value = 0
        self._lock = threading.Lock()

    def add(self) -> None:
        with self._lock:
            self.value += 1
