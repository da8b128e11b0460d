"""A call to Microsoft Edge's voices, through the edge-tts package.

The package says nothing when the connection ends in the middle, and what came until then would pass
for the whole: so the end of speech that the far end announces is held against the sound that came.
Loaded by who speaks, not by who lists voices: with what it needs it takes 9 MB.
"""

import asyncio
from collections.abc import Callable
from contextlib import aclosing

import aiohttp
from edge_tts import Communicate
from edge_tts.exceptions import (
    EdgeTTSException,
    NoAudioReceived,
    UnexpectedResponse,
    WebSocketError,
)

from audio.far_end import WEB_PAGE, cause, retry_after, whole_mp3
from audio.voice import RATE, SAMPLE_BYTES, EngineTrouble, Reason

# The far end tells in these where speech begins and ends.
TICKS_A_SECOND = 10_000_000
# A TLS connection is closed in the loop's next rounds, as aiohttp's documentation says
CLOSING_S = 0.05
# The package tells a far end that hangs up from one that has nothing to say by no error of its own,
# but it reckons this anew when the far end ends its turn. In ticks before the beginning, of which
# one is a ten-millionth of a second.
UNTOLD = -1
# A sound may end this much before its announced end.
MISSING_S = 0.3


def spoken_by_edge(
    text: str,
    voice: str,
    rate: float,
    deadline: float,
    opened: Callable[[], aiohttp.BaseConnector] | None,
) -> bytes:
    """The house PCM of a text in one of Edge's voices; EngineTrouble tells why there is none."""
    try:
        mp3, ends_s = asyncio.run(_ask(text, voice, rate, deadline, opened))
    except TimeoutError as error:
        raise EngineTrouble(
            Reason.SLOW, f"edge did not answer within {deadline:g} s"
        ) from error
    except aiohttp.ClientResponseError as error:
        raise _refusal(error) from error
    except UnexpectedResponse as error:
        raise EngineTrouble(Reason.BAD_SOUND, f"edge sent no sound: {error}") from error
    except (aiohttp.ClientError, WebSocketError, OSError) as error:
        raise EngineTrouble(
            Reason.UNREACHABLE, f"edge cannot be reached: {cause(error)}"
        ) from error
    except EdgeTTSException as error:
        raise EngineTrouble(
            Reason.BROKEN, f"edge answers in another protocol: {error}"
        ) from error
    pcm = whole_mp3("edge", mp3, deadline)
    if not ends_s:
        raise EngineTrouble(Reason.BAD_SOUND, "edge did not say where its sound ends")
    if (seconds := len(pcm) / SAMPLE_BYTES / RATE) < ends_s - MISSING_S:
        raise EngineTrouble(
            Reason.UNREACHABLE,
            f"edge broke off after {seconds:.1f} of {ends_s:.1f} s",
        )
    return pcm


async def _ask(
    text: str,
    voice: str,
    rate: float,
    deadline: float,
    opened: Callable[[], aiohttp.BaseConnector] | None,
) -> tuple[bytes, float]:
    """The MP3, and where (seconds) its last sentence is said to end; 0 when that was never
    said.
    """
    connector = opened() if opened else None  # of the loop that runs now
    asked = Communicate(
        text, voice, rate=f"{round((rate - 1) * 100):+d}%", connector=connector
    )
    asked.state["offset_compensation"] = UNTOLD
    mp3, ends = bytearray(), 0.0
    try:
        async with asyncio.timeout(deadline), aclosing(asked.stream()) as answer:
            async for chunk in answer:
                if chunk["type"] == "audio":
                    mp3 += chunk["data"]
                else:
                    ends = (chunk["offset"] + chunk["duration"]) / TICKS_A_SECOND
    except NoAudioReceived as error:
        if asked.state["offset_compensation"] == UNTOLD:
            raise EngineTrouble(
                Reason.UNREACHABLE, "edge hung up before it sent any sound"
            ) from error
        raise EngineTrouble(Reason.BAD_SOUND, "edge answered without sound") from error
    finally:
        await asyncio.sleep(CLOSING_S)
    return bytes(mp3), ends


def _refusal(error: aiohttp.ClientResponseError) -> EngineTrouble:
    if error.status in (429, 503):
        wait = retry_after(error.headers.get("Retry-After") if error.headers else None)
        return EngineTrouble(Reason.REFUSED, f"edge refuses: HTTP {error.status}", wait)
    if 200 <= error.status < 400:
        return EngineTrouble(Reason.UNREACHABLE, f"edge cannot be reached: {WEB_PAGE}")
    if error.status >= 500:
        return EngineTrouble(Reason.UNREACHABLE, f"edge fails: HTTP {error.status}")
    return EngineTrouble(
        Reason.BROKEN, f"edge answers HTTP {error.status}: its protocol has changed"
    )
