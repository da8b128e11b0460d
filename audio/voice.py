"""What all of audio speaks of: house PCM, a voice, and the trouble an engine can be in."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

# Samples a second, mono, 16-bit little-endian: "house PCM" (DESIGN 8).
RATE = 24_000
SAMPLE_BYTES = 2
# House PCM, wherever it lies: an hour is 173 MB, and not copied without need
Pcm = bytes | bytearray | memoryview


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks: `engine:name` at a `rate` (1.0 is the engine's own).

    Written `espeak:vi` or `gtts:vi@0.9`.
    """

    engine: str
    name: str
    rate: float = 1.0

    @classmethod
    def parse(cls, text: str) -> "Voice":
        """`engine[:name][@rate]`; ValueError tells what is wrong.

        Without a name, the engine's first voice ("").
        """
        spec, _, rate = text.strip().partition("@")
        engine, _, name = spec.partition(":")
        if not engine.isidentifier():
            raise ValueError(
                f"{text!r} is no voice: write engine:name, as in espeak:vi"
            )
        try:
            speed = float(rate) if rate else 1.0
        except ValueError:
            raise ValueError(
                f"{text!r}: the rate after @ must be a number such as 0.9"
            ) from None
        if not 0.5 <= speed <= 2.0:
            raise ValueError(f"{text!r}: the rate after @ must lie between 0.5 and 2.0")
        return cls(engine, name, speed)

    def __str__(self) -> str:
        spec = f"{self.engine}:{self.name}" if self.name else self.engine
        return spec if self.rate == 1.0 else f"{spec}@{self.rate:g}"


@dataclass(frozen=True, slots=True)
class VoiceInfo:
    """One voice an engine offers, for people to choose from."""

    name: str
    label: str  # Vietnamese, for the desk: "Giọng máy miền Bắc (eSpeak)"
    region: str = ""  # "north", "central", "south" or ""
    gender: str = ""  # "female", "male" or ""
    for_tests: bool = False  # offered only where the settings name its engine


class Reason(StrEnum):
    """Why an engine did not speak.

    Each is a decision for the caller: try again, or hold the episode.
    """

    UNREACHABLE = "unreachable"  # no connection, TLS failure, the far end is down: try again later
    REFUSED = "refused"  # 429 or 503: try again after `retry_after`
    SLOW = "slow"  # the deadline passed: try again
    # What came back is no believable speech: speak in other pieces, then hold
    BAD_SOUND = "bad_sound"
    UNKNOWN_VOICE = (
        "unknown_voice"  # no such engine or voice here: hold, a person must choose
    )
    UNSPEAKABLE = "unspeakable"  # this text cannot be spoken by this voice: hold
    BROKEN = "broken"  # the engine itself is not installed or crashes: hold


class EngineTrouble(Exception):
    """The one error of `audio`: an engine could not speak.

    `retry_after` in seconds, when the far end said.

    `asked` is False when nobody was called, because the far end is known to be away: trying again
    at once is no use.
    """

    def __init__(
        self,
        reason: Reason,
        message: str,
        retry_after: float | None = None,
        *,
        asked: bool = True,
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.retry_after = retry_after
        self.asked = asked

    @property
    def passing(self) -> bool:
        """Whether trying again later may help."""
        return self.reason in (Reason.UNREACHABLE, Reason.REFUSED, Reason.SLOW)


@dataclass(frozen=True, slots=True)
class Limits:
    """How often a far end is called by everybody together:
    a token bucket that holds `burst` calls.
    """

    per_minute: float
    burst: int


class Engine(Protocol):
    """What every engine can do.

    Safe to call from several threads at once; `close` ends what it started.
    """

    name: str
    lanes: int  # how many calls at once make sense
    longest: int  # the most characters of spoken text that one call takes
    deadline: float  # seconds that one call may take
    limits: Limits | None  # of a far end; None for what runs on this machine

    def build(self) -> str:
        """Names the engine's exact build: part of every clip's key,
        so that an upgrade speaks anew.
        """
        ...

    def voices(self) -> Sequence[VoiceInfo]:
        """The voices it offers, the default first.

        May be answered without the engine being reachable.
        """
        ...

    def speak(self, spoken: str, voice: Voice, deadline: float) -> bytes:
        """House PCM of `spoken` (NFC, at most `longest` characters), or EngineTrouble.

        `deadline` in seconds.
        """
        ...

    def close(self) -> None:
        """Ends processes and connections; the engine may be used again afterwards."""
        ...
