"""What people upload is never run or rendered by a browser, whatever it is called and whatever else
it is.
"""

import struct
import wave
from io import BytesIO

import numpy as np
import pytest

from audio.chime import CHIMES, Chime
from audio.chimes import pcm
from audio.ffmpeg import promise_of, run
from audio.voice import RATE
from service.newsroom.stories import recordings
from service.newsroom.values import Role
from service.web.site import ChimeChoice, Site

SCRIPT = b"<html><script>alert(document.cookie)</script></html>"
PLACE = "/api/v1/stations/suoi-lanh/chimes/opening"


@pytest.fixture
def site(site):
    choices = tuple(
        ChimeChoice(chime.value, CHIMES[chime], lambda chime=chime: pcm(chime))
        for chime in Chime
    )
    return Site(
        **{name: getattr(site, name) for name in site.__slots__} | {"chimes": choices}
    )


@pytest.fixture(scope="module")
def tune():
    """Three seconds of a tone, as samples."""
    t = np.arange(3 * RATE) / RATE
    return (np.sin(2 * np.pi * 440 * t) * 0.3 * 32767).astype("<i2").tobytes()


def mp3_with_a_page(tune):
    """An MP3 whose ID3 tag holds a page."""
    sound = run(
        ["-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", "-", "-f", "mp3", "pipe:1"],
        [tune],
    )
    frame = b"TXXX" + struct.pack(">I", len(SCRIPT) + 2) + b"\0\0\0\0" + SCRIPT
    size = len(frame)
    sizes = bytes((size >> shift) & 127 for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + sizes + frame + sound[sound.find(b"\xff\xfb") :]


def wav_with_a_page(tune):
    """A WAV that ends in a chunk with a page."""
    file = BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(tune)
    data = file.getvalue() + b"note" + struct.pack("<I", len(SCRIPT)) + SCRIPT
    return b"RIFF" + struct.pack("<I", len(data) - 8) + data[8:]


@pytest.mark.parametrize(
    ("make", "name", "mime"),
    [
        (mp3_with_a_page, "tin.html", "audio/mpeg"),
        (mp3_with_a_page, "tin.svg", "audio/mpeg"),
        (wav_with_a_page, "tin.js", "audio/wav"),
        (wav_with_a_page, "../../tin.xhtml", "audio/wav"),
    ],
)
def test_a_page_within_a_sound_is_served_as_the_sound_it_is(
    newsroom, client, work_all, tune, make, name, mime
):
    headers = {
        "Authorization": f"Bearer {newsroom.people.add_key('portal', Role.ADMIN)}"
    }
    data = make(tune)
    sent = client.put(PLACE, data={"file": (BytesIO(data), name)}, headers=headers)
    assert sent.status_code == 202
    work_all()
    assert newsroom.recordings.get(1).refused is None
    for key in list(newsroom.files.keys("clips/")):
        # As after a backup was restored: the original is heard
        newsroom.files.delete(key)
    answer = client.get(PLACE, headers=headers)
    assert (answer.data, answer.content_type) == (data, mime)
    check_caged(answer)


def check_caged(answer):
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert 'filename="ban-thu-1"' in answer.headers["Content-Disposition"]
    if not answer.mimetype.startswith("audio/"):
        assert answer.headers["Content-Disposition"].startswith("attachment")


def test_text_where_a_file_belongs_is_refused(client, newsroom):
    headers = {
        "Authorization": f"Bearer {newsroom.people.add_key('portal', Role.ADMIN)}"
    }
    form = {"data": {"file": "text"}, "content_type": "multipart/form-data"}
    answer = client.put(PLACE, headers=headers, **form)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "file")


def test_what_nobody_looked_at_is_bytes_to_save(newsroom, client, work_all, tune):
    """A row from before types were kept."""
    headers = {
        "Authorization": f"Bearer {newsroom.people.add_key('portal', Role.ADMIN)}"
    }
    data = mp3_with_a_page(tune)
    client.put(PLACE, data={"file": (BytesIO(data), "tin.html")}, headers=headers)
    work_all()
    with newsroom.database.write() as session:
        session.connection().exec_driver_sql("UPDATE recording SET about = '{}'")
    for key in list(newsroom.files.keys("clips/")):
        newsroom.files.delete(key)
    answer = client.get(PLACE, headers=headers)
    assert answer.content_type == "application/octet-stream"
    check_caged(answer)


def test_a_script_that_is_also_a_sound_is_the_sound(tmp_path):
    """`#!AMR` begins a recording of old phones, and in JavaScript a line that is left out."""
    frame = b"\x3c" + bytes(31)
    path = tmp_path / "x.js"
    path.write_bytes(b"#!AMR\n" + frame * 50)
    assert promise_of(path).mime == "audio/amr"
    path.write_bytes(b"alert(1)")
    assert promise_of(path).mime == ""


def test_nobody_fills_the_disk_in_a_day(newsroom, client):
    headers = {
        "Authorization": f"Bearer {newsroom.people.add_key('portal', Role.EDITOR)}"
    }
    form = {"title": "Tin", "stations": "suoi-lanh"}

    def send():
        data = form | {"file": (BytesIO(b"x" * 1000), "a.mp3")}
        return client.post("/api/v1/recordings", data=data, headers=headers)

    assert send().status_code == 202
    with newsroom.database.write() as session:
        session.connection().exec_driver_sql(
            f"UPDATE recording SET bytes = {recordings.MOST_BYTES_A_DAY - 500}"
        )
    refused = send()
    assert refused.status_code == 409
    assert "24 giờ" in refused.json["message_vi"]
    other = {"Authorization": f"Bearer {newsroom.people.add_key('khác', Role.EDITOR)}"}
    data = form | {"file": (BytesIO(b"x" * 1000), "a.mp3")}
    assert (
        client.post("/api/v1/recordings", data=data, headers=other).status_code == 202
    )
