"""What the composition root tells the web: who we are, where we stand, which voices there are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from service.front.timing import Timings
from service.newsroom.errors import Invalid
from service.newsroom.values.passkeys import Realm
from service.newsroom.values.voices import VoiceSpeed

COUNTED_HERE = "memory://"


@dataclass(frozen=True, slots=True)
class VoiceChoice:
    """A voice an editor can choose: `spec` as in `espeak:vi`, `label` in Vietnamese.

    `owner` is whose servers hear the text, "" for a voice of this machine. `build` names the exact
    engine: speeds are kept by it.
    """

    spec: str
    label: str
    owner: str = ""
    build: str = ""

    @property
    def over_network(self) -> bool:
        """Whether the text leaves this machine."""
        return bool(self.owner)


@dataclass(frozen=True, slots=True)
class VoiceToAdd:
    """A natural voice that is not here yet: its `name` in the catalogue, and what it takes."""

    name: str
    label: str
    megabytes: int
    licence: str
    licence_url: str


@dataclass(frozen=True, slots=True)
class ChimeChoice:
    """A chime that a station can replace: its `name`, its `label` in Vietnamese,
    and the house's sound (house PCM).

    A station's own may be `longest_s` seconds long.
    """

    name: str
    label: str
    pcm: Callable[[], bytes]
    longest_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Site:
    """The installation as the web shows it. `public_url` has no slash at its end."""

    public_url: str
    name: str
    templates: Path
    secret_key: str
    # An MP3 for horns that a slot's address answers where there is nothing else
    bed: Path = field(kw_only=True)
    owner_email: str = ""
    hub: str = ""  # LOA_WEBSUB_HUB
    moved_to: str = (
        ""  # LOA_MOVED_TO: where the feeds are from now on, without a slash at its end
    )
    media_url: str = (
        ""  # LOA_MEDIA_URL: where sound leaves from, without a slash at its end
    )
    version: str = ""
    voices: tuple[VoiceChoice, ...] = ()
    voice_offers: tuple[VoiceToAdd, ...] = ()
    preferred: tuple[str, ...] = ()  # LOA_VOICES: the order of preference
    chimes: tuple[ChimeChoice, ...] = ()
    recording_bytes: int = 200_000_000  # LOA_RECORDING_MB: the largest that may be sent
    recording_s: float = 45 * 60.0  # LOA_RECORDING_MINUTES: the longest
    urgent_voice: str = (
        ""  # LOA_URGENT_VOICE: of this machine, so that warnings need no network
    )
    trusted_proxies: int = 0
    second_factor: bool = False  # LOA_SECOND_FACTOR: every approver must have one
    counters: str = (
        COUNTED_HERE  # where limits are counted: redis://… when processes share them
    )
    home: Path | None = None  # the folder whose disk is watched
    # How slots' addresses answered here
    latest: Timings = field(default_factory=Timings)
    # /readyz: each raises when not ready
    checks: dict[str, Callable[[], None]] = field(default_factory=dict)

    def check_voice(self, voice: str | None, field: str = "voice") -> None:
        """Invalid, of this field, unless it is one of `voices`, at whatever rate, or none."""
        if voice and voice.partition("@")[0] not in {
            choice.spec for choice in self.voices
        }:
            raise Invalid(
                f"there is no voice {voice!r} here", "Không có giọng đọc này.", field
            )

    @property
    def engines(self) -> dict[str, str]:
        """The engines of the voices that can be chosen, with their voices' names."""
        names: dict[str, str] = {}
        for each in self.voices:
            engine = each.spec.partition(":")[0]
            known = names.get(engine)
            names[engine] = f"{known} · {each.label}" if known else each.label
        return names

    def check_warning_voice(self, voice: str) -> None:
        """Invalid (`voice`) for one over a network: warnings are read while the line is down."""
        name = voice.partition("@")[0]
        if any(each.spec == name and each.over_network for each in self.voices):
            raise Invalid(
                f"{voice} needs a network; warnings are read by a voice of this machine",
                "Cảnh báo phải đọc được cả khi mất mạng: hãy chọn giọng đọc trên máy này.",
                "voice",
            )

    def known_speeds(
        self, measured: Mapping[tuple[str, str], VoiceSpeed]
    ) -> dict[str, float]:
        """Of what was measured, what holds for the builds that are here: by voice."""
        return {
            each.spec: measured[each.spec, each.build].times
            for each in self.voices
            if (each.spec, each.build) in measured
        }

    @property
    def passkeys(self) -> Realm | None:
        """Where passkeys are good; None at an address for which browsers make none."""
        return Realm.of(self.public_url, self.name)

    @property
    def secure(self) -> bool:
        """Whether people reach us over TLS: then cookies say Secure."""
        return self.public_url.startswith("https://")
