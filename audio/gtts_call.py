"""A call to Google Translate's voice: the gtts package's request, our session and deadlines.

The package alone cuts at 100 characters wherever English rules say, sends without verifying TLS,
has no time-out and leaves half a file behind on a 429 (FACTS.md). So the booth cuts, the package
makes the request, and we send it. Loaded by who speaks, not by who lists voices: 4 MB.
"""

import base64
import re
import time

import requests
from gtts import gTTS
from urllib3.exceptions import HTTPError, ReadTimeoutError

from audio.far_end import WEB_PAGE, cause, retry_after
from audio.voice import EngineTrouble, Reason

SOUND = re.compile(rb'jQ1olc","\[\\"([A-Za-z0-9+/=]+)\\"]')
PAGE = re.compile(rb"\s*<(?:!doctype|html)", re.IGNORECASE)
# Read so much at once, and in all; a piece of 100 characters is 60 kB.
BLOCK, MOST_BYTES = 64 * 1024, 4_000_000


def spoken_by_google(
    spoken: str, *, slow: bool, base_url: str, session: requests.Session, ends: float
) -> bytes:
    """The MP3 of a piece of text; EngineTrouble tells why there is none. `ends` is by
    `time.monotonic`.
    """
    said = gTTS(
        spoken,
        lang="vi",
        slow=slow,
        lang_check=False,
        tokenizer_func=lambda text: [text],
    )
    (request,) = said._prepare_requests()
    return _sent(request, base_url, session, ends)


def _sent(
    request: requests.PreparedRequest,
    base_url: str,
    session: requests.Session,
    ends: float,
) -> bytes:
    """The sound that answers, as MP3; `ends` is when the deadline passes."""
    if base_url:
        path = re.sub(r"^https?://[^/]+", "", request.url or "")
        request.url = base_url + path
    left = max(0.1, ends - time.monotonic())
    try:
        with session.send(
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
        raise EngineTrouble(Reason.UNREACHABLE, f"gtts cannot be reached: {WEB_PAGE}")
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
