"""Which voice reads what: choices by place and by use, and how fast voices are here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.newsroom.values.kinds import Kind

# What every voice says when it is measured.
MEASURED_SENTENCE = (
    "Xin chào bà con. Hôm nay là ngày mười bốn tháng mười một, trời nắng nhẹ."
)


class VoiceUse(StrEnum):
    """What a voice is chosen for; ANY is everything for which no other choice is nearer."""

    ANY = ""
    BULLETIN = "bulletin"  # its own words; stories keep the voice they were approved in
    WARNING = "warning"

    @property
    def name_vi(self) -> str:
        """What people read."""
        return USES_VI[self]


USES_VI: dict[VoiceUse, str] = {
    VoiceUse.ANY: "mọi tin bài",
    VoiceUse.BULLETIN: "lời dẫn bản tin",
    VoiceUse.WARNING: "cảnh báo khẩn cấp",
}


def use_for(kind: str) -> VoiceUse:
    """What the voice of an episode of this kind is chosen for, a warning apart."""
    return VoiceUse.BULLETIN if kind == Kind.BULLETIN else VoiceUse.ANY


@dataclass(frozen=True, slots=True)
class ChosenVoice:
    """The voice (`engine:name@rate`) chosen at a place, "all", "group:…" or a station's slug, for
    a use.

    Without a `place` nobody chose: the installation's settings hold, and `voice` is "".
    """

    place: str
    use: VoiceUse
    voice: str


# By place and use.
Choices = Mapping[tuple[str, VoiceUse], str]


def nearest(places: Sequence[str], use: VoiceUse, choices: Choices) -> ChosenVoice:
    """What holds for a use at the first of these places, which the others surround.

    A choice for the use itself wins over one for everything, however near that is. Warnings have
    no other than their own: a voice over a network, chosen for news, would leave them unread.
    """
    uses = (use,) if use is VoiceUse.WARNING else dict.fromkeys((use, VoiceUse.ANY))
    for wanted in uses:
        for place in places:
            if voice := choices.get((place, wanted), ""):
                return ChosenVoice(place, wanted, voice)
    return ChosenVoice("", use, "")


@dataclass(frozen=True, slots=True)
class VoiceSpeed:
    """How many seconds of sound a voice speaks in one second on this machine (`times`).

    Measured once for each build of its engine.
    """

    voice: str
    build: str
    times: float
    measured_at: datetime
