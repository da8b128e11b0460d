"""The booth: lines go in, clips come out; what was spoken before is not spoken again."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from random import Random
from unicodedata import normalize

from audio.clips import Shelf, clip_key
from audio.gate import admit
from audio.pieces import pieces
from audio.throttle import UNTHROTTLED, Abandoned, Throttle
from audio.voice import RATE, SAMPLE_BYTES, Engine, EngineTrouble, Reason, Voice

TRIES = 4  # calls for one clip before its trouble is everybody's
SHORTEST_PIECE = 30  # characters; fewer sound like single words
BREATH_S, MARKS = 0.15, frozenset(",;:.!?…")
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0


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

    sleep: Callable[[float], object] | None = (
        None  # None: waits, and wakes at once when all is given up
    )
    random: Callable[[], float] = Random().random
    tries: int = TRIES

    def before(self, attempt: int, trouble: EngineTrouble) -> float:
        """Seconds before attempt number `attempt` (2, 3 …): what the far end asked, or a doubling wait with jitter."""
        if trouble.retry_after is not None:
            return trouble.retry_after + FIRST_WAIT_S * self.random()
        return min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** (attempt - 2)) * (0.5 + self.random())


def record(
    lines: Sequence[Line],
    voice: Voice,
    engine: Engine,
    shelf: Shelf,
    *,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    stopped: Callable[[], bool] = lambda: False,
    patience: Patience | None = None,
    throttle: Throttle = UNTHROTTLED,
) -> Recording:
    """Every line as a clip on the shelf, several at once; each different line is spoken once.

    The first trouble that patience does not mend ends the recording (EngineTrouble), `stopped` ends it with
    Abandoned; clips already spoken stay on the shelf, so that the next recording goes on where this one ended.
    Every call is a turn of the `throttle`.
    """
    build = engine.build()
    keys = [clip_key(line.spoken, voice, build, line.take) for line in lines]
    wanted = dict(zip(keys, lines, strict=True))
    missing = [key for key in wanted if shelf.get(key) is None]
    there = len(wanted) - len(missing)
    on_progress(there, len(wanted))
    speaker = _Speaker(voice, engine, patience or Patience(), throttle)

    def speak(key: str) -> None:
        shelf.put(key, speaker.clip(wanted[key].spoken))

    with ThreadPoolExecutor(max_workers=max(1, engine.lanes), thread_name_prefix="booth") as booth:
        done = there
        # The first clip goes alone: a dead network costs one call and its retries, not a call for each line.
        for wave in (missing[:1], missing[1:]):
            running = {booth.submit(speak, key) for key in wave}
            try:
                for finished in _as_they_finish(running, stopped):
                    done += finished
                    on_progress(done, len(wanted))
            except BaseException:
                speaker.give_up.set()
                for future in running:
                    future.cancel()
                raise
    return Recording(tuple(keys), speaker.calls.value, there)


def _as_they_finish(running: set[Future[None]], stopped: Callable[[], bool]) -> Iterator[int]:
    """How many have finished, each time that some have; raises what one of them raised, or Abandoned."""
    while running:
        finished, running = wait(running, timeout=0.5, return_when=FIRST_COMPLETED)
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
        """In pieces that the engine takes, tried as often as patience allows; after bad sound in smaller ones."""
        spoken = normalize("NFC", spoken)
        longest = self.engine.longest
        kept: dict[str, bytes] = {}  # pieces that came well need not be asked for again
        attempt = 1
        while True:
            parts = pieces(spoken, longest)
            try:
                for part in parts:
                    if part not in kept:
                        kept[part] = self._piece(part)
                return _joined([(part, kept[part]) for part in parts])
            except EngineTrouble as trouble:
                attempt += 1
                if not self._worth_another(trouble) or attempt > self.patience.tries:
                    raise
                if trouble.reason is Reason.BAD_SOUND:
                    longest = max(SHORTEST_PIECE, min(longest, len(spoken)) // 2)
                self._pause(self.patience.before(attempt, trouble))
                if self.give_up.is_set():
                    raise

    def _piece(self, part: str) -> bytes:
        """One call."""
        with self.throttle.turn(self.engine, self._pause):
            self.calls.add()
            sound = self.engine.speak(part, self.voice, self.engine.deadline)
        return admit(sound, part, self.voice.rate)

    def _worth_another(self, trouble: EngineTrouble) -> bool:
        """Not when nobody was called, nor when the far end wants to be left alone for longer than we wait here."""
        if (trouble.retry_after or 0.0) > LONGEST_WAIT_S:
            return False
        return trouble.asked and (trouble.passing or trouble.reason is Reason.BAD_SOUND)

    def _pause(self, seconds: float) -> object:
        return (self.patience.sleep or self.give_up.wait)(seconds)


def _joined(parts: Sequence[tuple[str, bytes]]) -> bytes:
    """The pieces of one sentence, with the breath a clause has where one ends with a mark."""
    breath = bytes(SAMPLE_BYTES * int(RATE * BREATH_S))
    sounds = [pcm + breath if part[-1:] in MARKS else pcm for part, pcm in parts[:-1]]
    return b"".join([*sounds, *(pcm for _, pcm in parts[-1:])])


class _Count:
    """A counter for several threads."""

    def __init__(self) -> None:
        self.value = 0
        self._lock = threading.Lock()

    def add(self) -> None:
        with self._lock:
            self.value += 1
