"""Google Translate's voice through the gtts package: its requests and voices, our session and deadlines.

The package alone cuts at 100 characters wherever English rules say, sends without verifying TLS, has no
time-out and leaves half a file behind on a 429 (FACTS.md). So the booth cuts, the package makes the request, and
we send it.
"""

import base64
import re
import time
from collections.abc import Sequence
from importlib.metadata import version

import requests
from gtts import gTTS

from audio.engines.network import retry_after
from audio.ffmpeg import FfmpegError, decode
from audio.voice import EngineTrouble, Reason, Voice, VoiceInfo

VOICES = (VoiceInfo("vi", "Giọng Google (cần Internet)", "north", "female"),)


class Gtts:
    """Speaks through the network; `base_url` is for tests that stand in for the far end."""

    name = "gtts"
    lanes = 2
    longest = 100  # the far end refuses more

    def __init__(self, base_url: str = "", session: requests.Session | None = None) -> None:
        self._base_url = base_url.rstrip("/")
        self._session = session or requests.Session()

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
        ends = time.monotonic() + deadline
        said = gTTS(spoken, lang="vi", slow=voice.rate < 0.9, lang_check=False, tokenizer_func=lambda text: [text])
        (request,) = said._prepare_requests()
        mp3 = self._send(request, deadline)
        try:
            return decode(mp3, max(1.0, ends - time.monotonic()))
        except FfmpegError as error:
            raise EngineTrouble(Reason.BAD_SOUND, f"gtts sent no sound: {error}") from error

    def close(self) -> None:
        """Ends the connections."""
        self._session.close()

    def _send(self, request: requests.PreparedRequest, left: float) -> bytes:
        if self._base_url:
            path = re.sub(r"^https?://[^/]+", "", request.url or "")
            request.url = self._base_url + path
        try:
            answer = self._session.send(request, timeout=(min(5.0, left), left), allow_redirects=False)
        except requests.Timeout as error:
            raise EngineTrouble(Reason.SLOW, "gtts did not answer in time") from error
        except requests.RequestException as error:
            raise EngineTrouble(Reason.UNREACHABLE, f"gtts cannot be reached: {error}") from error
        if answer.status_code in (429, 503):
            raise EngineTrouble(
                Reason.REFUSED,
                f"gtts refuses: HTTP {answer.status_code}",
                retry_after(answer.headers.get("Retry-After")),
            )
        if answer.status_code >= 500:
            raise EngineTrouble(Reason.UNREACHABLE, f"gtts fails: HTTP {answer.status_code}")
        if answer.status_code != 200:
            raise EngineTrouble(Reason.BROKEN, f"gtts answers HTTP {answer.status_code}: its protocol has changed")
        found = re.search(r'jQ1olc","\[\\"([A-Za-z0-9+/=]+)\\"]', answer.text)
        if not found:
            raise EngineTrouble(Reason.BAD_SOUND, "gtts answered without sound")
        return base64.b64decode(found.group(1))
