"""What voices over a network have in common."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from audio import mp3
from audio.ffmpeg import FfmpegError, decode
from audio.voice import EngineTrouble, Limits, Reason

# A guess, for no far end tells what it bears: two calls a second are what a person's browser makes
# that reads a page aloud fast; the burst is a short notice.
POLITE = Limits(per_minute=120, burst=20)
WEB_PAGE = "a web page came instead, as from a network that wants a login first"


def retry_after(header: str | None) -> float | None:
    """Seconds to wait by a Retry-After header (RFC 9110 §10.2.3: seconds or a date).

    None when it says nothing.
    """
    if not header:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())


def cause(error: BaseException) -> str:
    """What is at the bottom of an error: "Connection refused" rather than three libraries' words
    around it.
    """
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return str(error) or type(error).__name__


def whole_mp3(engine: str, data: bytes, deadline: float) -> bytes:
    """House PCM of an MP3 that came over a network.

    EngineTrouble when it is none, or broke off in a frame.
    """
    if mp3.torn(data):
        raise EngineTrouble(
            Reason.UNREACHABLE,
            f"{engine} broke off: {len(data)} bytes end in the middle of a frame",
        )
    try:
        return decode(data, deadline)
    except FfmpegError as error:
        raise EngineTrouble(
            Reason.BAD_SOUND, f"{engine} sent no sound: {error}"
        ) from error
