"""Microsoft Edge's voices through the edge-tts package (optional: pip install 'loa[edge]')."""

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from audio.far_end import POLITE
from audio.voice import EngineTrouble, Limits, Reason, Voice, VoiceInfo

if TYPE_CHECKING:
    import aiohttp

if find_spec("edge_tts") is None:
    raise ImportError("no module named edge_tts")

VOICES = (
    VoiceInfo(
        "vi-VN-HoaiMyNeural", "Giọng nữ Hoài My (Edge, cần Internet)", "", "female"
    ),
    VoiceInfo(
        "vi-VN-NamMinhNeural", "Giọng nam Nam Minh (Edge, cần Internet)", "", "male"
    ),
)


class Edge:
    """Speaks through the network; `connector` is for tests that stand in for the far end."""

    name = "edge"
    lanes = 2
    longest = 1_000
    deadline = 20.0

    def __init__(
        self,
        connector: "Callable[[], aiohttp.BaseConnector] | None" = None,
        limits: Limits = POLITE,
    ) -> None:
        self._connector = connector
        self.limits: Limits | None = limits

    @classmethod
    def of(cls, own: Mapping[str, Any], limits: Limits) -> "Edge":
        """It has no settings of its own."""
        return cls(limits=limits)

    def build(self) -> str:
        """The protocol's package; the far end tells no version."""
        return f"edge-tts-{version('edge-tts')}"

    def voices(self) -> Sequence[VoiceInfo]:
        """A woman's and a man's."""
        return VOICES

    def speak(self, spoken: str, voice: Voice, deadline: float) -> bytes:
        """See Engine."""
        name = voice.name or VOICES[0].name
        if name not in {info.name for info in VOICES}:
            raise EngineTrouble(Reason.UNKNOWN_VOICE, f"edge has no voice {name!r}")
        from audio.edge_call import spoken_by_edge

        return spoken_by_edge(spoken, name, voice.rate, deadline, self._connector)

    def close(self) -> None:
        """Each call has a connection of its own."""
