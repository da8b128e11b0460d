"""Google Translate's voice through the gtts package: its requests and voices, our session and
deadlines.
"""

import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from audio.far_end import POLITE, whole_mp3
from audio.voice import EngineTrouble, Limits, Reason, Voice, VoiceInfo

if TYPE_CHECKING:
    import requests

VOICES = (VoiceInfo("vi", "Giọng Google (cần Internet)", "north", "female"),)


class Gtts:
    """Speaks through the network; `base_url` is for tests that stand in for the far end."""

    name = "gtts"
    lanes = 2
    longest = 100  # the far end refuses more
    deadline = 10.0

    def __init__(
        self,
        base_url: str = "",
        session: "requests.Session | None" = None,
        limits: Limits = POLITE,
    ) -> None:
        self.limits: Limits | None = limits
        self._base_url = base_url.rstrip("/")
        self._session = session

    @classmethod
    def of(cls, own: Mapping[str, Any], limits: Limits) -> "Gtts":
        """As LOA_GTTS_URL says."""
        return cls(own["url"], limits=limits)

    def build(self) -> str:
        """The protocol's package; the far end tells no version."""
        return f"gtts-{version('gtts')}"

    def voices(self) -> Sequence[VoiceInfo]:
        """One Vietnamese voice."""
        return VOICES

    def speak(self, spoken: str, voice: Voice, deadline: float) -> bytes:
        """See Engine. One request."""
        name = voice.name or "vi"
        if name != "vi":
            raise EngineTrouble(Reason.UNKNOWN_VOICE, f"gtts has no voice {name!r}")
        import requests

        from audio.gtts_call import spoken_by_google

        if self._session is None:
            self._session = requests.Session()
        ends = time.monotonic() + deadline
        mp3 = spoken_by_google(
            spoken,
            slow=voice.rate < 0.9,
            base_url=self._base_url,
            session=self._session,
            ends=ends,
        )
        return whole_mp3("gtts", mp3, max(1.0, ends - time.monotonic()))

    def close(self) -> None:
        """Ends the connections."""
        if self._session is not None:
            self._session.close()
