"""How long what people send may be. The web says it on its pages, the line holds to it."""

from dataclasses import dataclass

from audio.chime import Chime

# A bed may be so many times longer than the other chimes.
BED_TIMES = 20


@dataclass(frozen=True, slots=True)
class Limits:
    """How long recordings and stations' own chimes may be, in seconds."""

    recording_s: float = 45 * 60.0
    chime_s: float = 30.0

    def of_chime(self, name: str) -> float:
        """How long a station's own chime of that name may be."""
        return self.chime_s * (BED_TIMES if name == Chime.BED else 1)
