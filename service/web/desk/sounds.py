"""Sound for the desk's ears: a clip as WAV, a stretch out of a finished MP3."""

import io
import wave

from flask import Response

from service.newsroom import Newsroom
from service.newsroom.values import Master, Recording

HOUSE_HZ = 24_000  # the sampling rate of clips
ID3_HEAD = 10  # bytes; the last four tell the tag's size, seven bits in each (ID3v2.3, 3.1)
FRAME = b"\xff\xfb"  # how each frame of our MP3s begins: layer III without a checksum
SPARE_MS = 60  # the delay of encoder and decoder, and a frame that was begun


def as_sent(newsroom: Newsroom, recording: Recording, mime: str) -> Response:
    """The bytes that somebody sent, so that no browser ever runs or renders them.

    `mime` is what ffmpeg found them to be, never what their sender's name for the file says: a file can be
    sound and a script at once. The policy holds even where a browser opens them as a page.
    """
    answer = Response(newsroom.files.stream(recording.key, 0, recording.bytes), content_type=mime)
    answer.content_length = recording.bytes
    sound = mime.startswith("audio/")
    answer.headers["Content-Disposition"] = (
        f'{"inline" if sound else "attachment"}; filename="ban-thu-{recording.id}"'
    )
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def wav(pcm: bytes) -> bytes:
    """House PCM in a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(HOUSE_HZ)
        sound.writeframes(pcm)
    return file.getvalue()


def excerpt(newsroom: Newsroom, master: Master, start_ms: int, end_ms: int) -> bytes:
    """The frames of an `app` master that sound in a stretch of it: its bit rate is one, and its frames stand alone."""
    head = b"".join(newsroom.files.stream(master.key, 0, ID3_HEAD))
    begin = 0
    if head[:3] == b"ID3":
        begin = ID3_HEAD + sum(
            byte << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True)
        )
    per_ms = (master.bytes - begin) / master.seconds / 1000
    at = begin + round(start_ms * per_ms)
    length = min(round((end_ms - start_ms + SPARE_MS) * per_ms), master.bytes - at)
    found = b"".join(newsroom.files.stream(master.key, at, length))
    return found[max(0, found.find(FRAME)) :]
