"""Stations, their hours and topics."""

from dataclasses import dataclass, field

from service.newsroom.values.rules import ApprovalRule, Fallback


@dataclass(frozen=True, slots=True)
class Slot:
    """A fixed hour (`at`, "05:00") of a station, with the longest its bulletin may last,
    and how that is made.
    """

    at: str
    max_seconds: int
    weekdays: str = "1234567"  # ISO weekdays on which it is broadcast
    topics: tuple[str, ...] = ()  # slugs of what goes in; () is everything
    # Stations whose news follows the station's own, in this order: district, province
    sources: tuple[str, ...] = ()
    max_age_days: int = 3  # older stories are no news
    repeats: int = (
        0  # how many stories may have been broadcast before, that day or the day before
    )
    greeting: str = ""  # "" is the station's
    headlines: bool = True
    chimes: bool = True
    lunar: bool = False  # the lunar date is said too
    closing: str = ""
    plan_minutes: int = 600  # before the hour: when its bulletin is drafted
    ready_minutes: int = (
        15  # before the hour: when the ladder is gone down if nothing is approved
    )
    automatic: bool = (
        False  # may a bulletin of approved stories go on the air without a person?
    )
    previous: bool = False  # may the last bulletin's stories be broadcast again?


@dataclass(frozen=True, slots=True)
class Named:
    """A station's name, and its name in addresses: what lists show."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Directory:
    """Stations by name, as far as a page shows them, and how many there are in all."""

    stations: tuple[Named, ...]
    total: int

    @property
    def is_whole(self) -> bool:
        """Whether all are shown; the others are searched."""
        return len(self.stations) == self.total


@dataclass(frozen=True, slots=True)
class Station:
    """A commune's radio.

    `voice` "" is the installation's; `fallback` and `approval` are its rules.
    """

    slug: str
    name: str
    place: str = ""
    description: str = ""
    voice: str = ""
    second_voice: str = ""  # reads every other story; "" where one voice reads all
    announcements_twice: bool = False  # in bulletins, with "Xin nhắc lại" between
    fallback: Fallback = Fallback.PROVISIONAL
    approval: ApprovalRule = ApprovalRule.REQUIRED
    reading: dict[str, str | bool] = field(default_factory=dict)
    greeting: str = ""
    speaker_tempo: float = 1.0  # how fast horns get it, at the same pitch
    speaker_pauses: float = 1.3  # and how much longer its pauses are
    # Seconds of a quiet tone before files for horns: it wakes amplifiers, which swallow it.
    speaker_lead_in: float = 0.0
    disclosure: str = "Giọng đọc máy."  # written wherever a synthetic voice is heard
    disclosure_spoken: str = ""  # said at the end; "" for nothing
    # Who is told when a slot has nothing approved: addresses of any channel.
    duty: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """What an article is about."""

    slug: str
    name: str
