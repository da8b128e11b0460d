"""Google Translate's voice through the gtts package: its requests and voices, our pieces, session and deadlines.

The package alone cuts at 100 characters wherever English rules say, sends without verifying TLS, has no
time-out and leaves half a file behind on a 429 (FACTS.md). So it makes the requests, and we send them.
"""

import base64
import re
import time
from collections.abc import Sequence
from importlib.metadata import version
from unicodedata import normalize

import requests
from gtts import gTTS

from audio.ffmpeg import FfmpegError, decode
from audio.voice import EngineTrouble, Reason, Voice, VoiceInfo

LONGEST_PIECE = 100  # characters; the far end refuses more
VOICES = (VoiceInfo("vi", "Giọng Google (cần Internet)", "north", "female"),)


class Gtts:
    """Speaks through the network; `base_url` is for tests that stand in for the far end."""

    name = "gtts"
    lanes = 2
    longest = 2_000

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
        """See Engine. One request for each piece of at most 100 characters."""
        name = voice.name or "vi"
        if name != "vi":
            raise EngineTrouble(Reason.UNKNOWN_VOICE, f"gtts has no voice {name!r}")
        ends = time.monotonic() + deadline
        said = gTTS(
            normalize("NFC", spoken),
            lang="vi",
            slow=voice.rate < 0.9,
            lang_check=False,
            tokenizer_func=lambda text: pieces(text, LONGEST_PIECE),
        )
        mp3 = [self._send(request, ends - time.monotonic()) for request in said._prepare_requests()]
        try:
            return b"".join(decode(sound, max(1.0, ends - time.monotonic())) for sound in mp3)
        except FfmpegError as error:
            raise EngineTrouble(Reason.BAD_SOUND, f"gtts sent no sound: {error}") from error

    def close(self) -> None:
        """Ends the connections."""
        self._session.close()

    def _send(self, request: requests.PreparedRequest, left: float) -> bytes:
        if self._base_url:
            path = re.sub(r"^https?://[^/]+", "", request.url or "")
            request.url = self._base_url + path
        if left <= 0:
            raise EngineTrouble(Reason.SLOW, "gtts took too long")
        try:
            answer = self._session.send(request, timeout=(min(5.0, left), left), allow_redirects=False)
        except requests.Timeout as error:
            raise EngineTrouble(Reason.SLOW, "gtts did not answer in time") from error
        except requests.RequestException as error:
            raise EngineTrouble(Reason.UNREACHABLE, f"gtts cannot be reached: {error}") from error
        if answer.status_code in (429, 503):
            raise EngineTrouble(
                Reason.REFUSED, f"gtts refuses: HTTP {answer.status_code}", _seconds(answer.headers.get("Retry-After"))
            )
        if answer.status_code >= 500:
            raise EngineTrouble(Reason.UNREACHABLE, f"gtts fails: HTTP {answer.status_code}")
        if answer.status_code != 200:
            raise EngineTrouble(Reason.BROKEN, f"gtts answers HTTP {answer.status_code}: its protocol has changed")
        found = re.search(r'jQ1olc","\[\\"([A-Za-z0-9+/=]+)\\"]', answer.text)
        if not found:
            raise EngineTrouble(Reason.BAD_SOUND, "gtts answered without sound")
        return base64.b64decode(found.group(1))


def pieces(text: str, longest: int) -> list[str]:
    """Cuts text into pieces of at most `longest` characters: after a clause if it can, else between words.

    Nothing is lost: the pieces joined by spaces are the text. A single longer word is cut as it must.
    """
    found: list[str] = []
    text = " ".join(text.split())
    while len(text) > longest:
        head = text[: longest + 1]
        clause = max((match.end() for match in re.finditer(r"[,;:.!?…](?= )", head)), default=0)
        cut = clause if clause > longest // 3 else head.rfind(" ")
        cut = cut if cut > 0 else longest
        found.append(text[:cut].strip())
        text = text[cut:].strip()
    if text:
        found.append(text)
    return found


def _seconds(retry_after: str | None) -> float | None:
    try:
        return max(0.0, float(retry_after)) if retry_after else None
    except ValueError:
        return None  # an HTTP date: our own back-off is as good
