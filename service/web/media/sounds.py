"""Sound for the ears of desk and API, and sound that people send:
clips as WAV, chimes, uploads on disk.
"""

import io
import tempfile
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Response, abort
from werkzeug.datastructures import FileStorage

from service.newsroom import Newsroom
from service.newsroom.errors import Invalid
from service.newsroom.stories.sent_files import Sent
from service.newsroom.values import Master, Recording
from service.web.site import ChimeChoice, Site

HOUSE_HZ = 24_000  # the sampling rate of clips
ID3_HEAD = (
    10  # bytes; the last four tell the tag's size, seven bits in each (ID3v2.3, 3.1)
)
FRAME = b"\xff\xfb"  # how each frame of our MP3s begins: layer III without a checksum
SPARE_MS = 60  # the delay of encoder and decoder, and a frame that was begun


def as_sent(newsroom: Newsroom, recording: Recording, mime: str) -> Response:
    """The bytes that somebody sent, so that no browser ever runs or renders them.

    `mime` is what ffmpeg found them to be, never what their sender's name for the file says: a file
    can be sound and a script at once. The policy holds even where a browser opens them as a page.
    """
    answer = Response(
        newsroom.files.stream(recording.key, 0, recording.bytes), content_type=mime
    )
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
    """The frames of an `app` master that sound in a stretch of it:
    its bit rate is one, and its frames stand alone.
    """
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


def listened(newsroom: Newsroom, recording: Recording) -> Response:
    """A recording's clip as WAV; 404 while there is none.

    A clip that is lost (a backup leaves clips out) is made again when the line needs it: until
    then, what was sent.
    """
    if not recording.clip:
        abort(404)
    pcm = newsroom.clips.get(recording.clip)
    if pcm is None:
        return as_sent(
            newsroom, recording, recording.mime or "application/octet-stream"
        )
    return Response(
        wav(pcm),
        mimetype="audio/wav",
        headers={"Cache-Control": "private, max-age=86400"},
    )


def chime_named(site: Site, name: str) -> ChimeChoice:
    """The chime of that name, or 404."""
    found = next((choice for choice in site.chimes if choice.name == name), None)
    if found is None:
        abort(404)
    return found


def heard(
    newsroom: Newsroom, slug: str, choice: ChimeChoice, *, house: bool
) -> Response:
    """A station's chime as WAV."""
    newsroom.stations.get(slug)
    own = newsroom.recordings.chimes(slug).get(choice.name)
    if own is not None and not house:
        return listened(newsroom, own)
    return Response(
        wav(choice.pcm()),
        mimetype="audio/wav",
        headers={"Cache-Control": "private, max-age=3600"},
    )


@contextmanager
def sent(file: object, announcer: str, by: str) -> Iterator[Sent]:
    """The file on disk, for as long as it is looked at; Invalid when none was chosen.

    A part of a form that names no file is text, whatever the form's schema says.
    """
    if not isinstance(file, FileStorage) or not file.filename:
        raise Invalid(
            "choose a file", "Hãy chọn một tệp âm thanh hoặc thu trực tiếp.", "file"
        )
    with tempfile.TemporaryDirectory(prefix="loa-") as folder:
        path = Path(folder) / "sent"
        file.save(path)
        yield Sent(path, file.filename, announcer, by)
