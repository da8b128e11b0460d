"""Google Translate's voice through the gtts package:
its requests and voices, our session and deadlines.

The package alone cuts at 100 characters wherever English rules say, sends without verifying TLS,
has no time-out and leaves half a file behind on a 429 (FACTS.md). So the booth cuts, the package
makes the request, and we send it.
"""

import base64
import re
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import requests
from gtts import gTTS
from urllib3.exceptions import HTTPError, ReadTimeoutError

from audio.far_end import POLITE, WEB_PAGE, cause, retry_after, whole_mp3
from audio.voice import EngineTrouble, Limits, Reason, Voice, VoiceInfo

VOICES = (VoiceInfo("vi", "Giọng Google (cần Internet)", "north", "female"),)

SOUND = re.compile(rb'jQ1olc","\[\\"([A-Za-z0-9+/=]+)\\"]')
PAGE = re.compile(rb"\s*<(?:!doctype|html)", re.IGNORECASE)
# Read so much at once, and in all; a piece of 100 characters is 60 kB.
BLOCK, MOST_BYTES = 64 * 1024, 4_000_000


class Gtts:
    """Speaks through the network; `base_url` is for tests that stand in for the far end."""

    name = "gtts"
    lanes = 2
    longest = 100  # the far end refuses more
    deadline = 10.0

    def __init__(
        self,
        base_url: str = "",
        session: requests.Session | None = None,
        limits: Limits = POLITE,
    ) -> None:
        self.limits: Limits | None = limits
        self._base_url = base_url.rstrip("/")
        self._session = session or requests.Session()

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
        ends = time.monotonic() + deadline
        said = gTTS(
            spoken,
            lang="vi",
            slow=voice.rate < 0.9,
            lang_check=False,
            tokenizer_func=lambda text: [text],
        )
        (request,) = said._prepare_requests()
        return whole_mp3(
            "gtts", self._send(request, ends), max(1.0, ends - time.monotonic())
        )

    def close(self) -> None:
        """Ends the connections."""
        self._session.close()

    def _send(self, request: requests.PreparedRequest, ends: float) -> bytes:
        """The sound that answers, as MP3; `ends` is when the deadline passes."""
        if self._base_url:
            path = re.sub(r"^https?://[^/]+", "", request.url or "")
            request.url = self._base_url + path
        left = max(0.1, ends - time.monotonic())
        try:
            with self._session.send(
                request,
                timeout=(min(5.0, left), left),
                allow_redirects=False,
                stream=True,
            ) as answer:
                _admit(answer)
                text = _body(answer, ends)
        except (requests.Timeout, ReadTimeoutError) as error:
            raise EngineTrouble(Reason.SLOW, "gtts did not answer in time") from error
        except (requests.RequestException, HTTPError) as error:
            raise EngineTrouble(
                Reason.UNREACHABLE, f"gtts cannot be reached: {cause(error)}"
            ) from error
        if found := SOUND.search(text):
            return base64.b64decode(found.group(1))
        if PAGE.match(text):
            raise EngineTrouble(
                Reason.UNREACHABLE, f"gtts cannot be reached: {WEB_PAGE}"
            )
        raise EngineTrouble(Reason.BAD_SOUND, "gtts answered without sound")


def _admit(answer: requests.Response) -> None:
    """EngineTrouble unless the far end's answer begins well."""
    status = answer.status_code
    if status in (429, 503):
        wait = retry_after(answer.headers.get("Retry-After"))
        raise EngineTrouble(Reason.REFUSED, f"gtts refuses: HTTP {status}", wait)
    if status >= 500:
        raise EngineTrouble(Reason.UNREACHABLE, f"gtts fails: HTTP {status}")
    if 300 <= status < 400:
        raise EngineTrouble(
            Reason.UNREACHABLE,
            f"gtts cannot be reached: HTTP {status} leads elsewhere; {WEB_PAGE}",
        )
    if status != 200:
        raise EngineTrouble(
            Reason.BROKEN, f"gtts answers HTTP {status}: its protocol has changed"
        )


def _body(answer: requests.Response, ends: float) -> bytes:
    """All of it, as it comes: time-outs of requests count from byte to byte,
    and a slow one would last for ever.
    """
    body = bytearray()
    while block := answer.raw.read1(BLOCK, decode_content=True):
        body += block
        if time.monotonic() > ends:
            raise EngineTrouble(Reason.SLOW, "gtts did not answer in time")
        if len(body) > MOST_BYTES:
            raise EngineTrouble(
                Reason.BAD_SOUND, f"gtts sent more than {MOST_BYTES} bytes"
            )
    return bytes(body)
