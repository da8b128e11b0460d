"""Recordings as phones, recorders and browsers send them, and those that cannot be used."""

import subprocess
import tracemalloc
from contextlib import closing

import numpy as np
import pytest

from audio.cutting import cut
from audio.engines import open_engine
from audio.ffmpeg import executable
from audio.level import loudness
from audio.loudness import to_float
from audio.recording import Fault, Refused, Wanted, beside, clean
from audio.voice import RATE, Voice
from tests.house import encoded

WORDS = "bà con chú ý, chiều mai có lịch tiêm phòng cho trâu bò tại nhà văn hóa thôn"
SPEECH = Wanted(60, syllables=len(WORDS.split()))
FORMATS = {
    "wav": ["-ar", "48000", "-ac", "2"],
    "mp3": ["-b:a", "64k"],
    "m4a": ["-c:a", "aac"],
    "ogg": ["-c:a", "libopus", "-b:a", "24k"],
    "webm": ["-c:a", "libopus"],
}


@pytest.fixture(scope="module")
def speech():
    with closing(open_engine("espeak", lanes=1)) as engine:
        return to_float(engine.speak(WORDS, Voice("espeak", "vi"), 30))


def recorded(speech, *, gain=0.3, noise_db=-62.0, lead=1.0, tail=1.5, hum=0.0):
    """As a phone has it: softer, with its noise, a tap on the button, and time lost at
    both ends.
    """
    sound = np.concatenate(
        (np.zeros(int(lead * RATE)), speech * gain, np.zeros(int(tail * RATE)))
    )
    sound += np.random.default_rng(3).normal(0, 10 ** (noise_db / 20), len(sound))
    sound[4000:4300] += 0.2 * np.sin(np.arange(300))
    sound += hum * np.sin(2 * np.pi * 30 * np.arange(len(sound)) / RATE)
    return (np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes()


def write(path, pcm, *how):
    encoded(pcm, *how, str(path))
    return path


@pytest.mark.parametrize("ending", list(FORMATS))
def test_a_recording_in_any_usual_format_becomes_a_clean_clip(speech, tmp_path, ending):
    path = write(tmp_path / f"a.{ending}", recorded(speech), *FORMATS[ending])
    found = clean(path, SPEECH)
    heard = np.flatnonzero(np.abs(speech) > 0.003)
    assert found.seconds == pytest.approx((heard[-1] - heard[0]) / RATE, abs=0.35)
    assert found.trimmed_s > 2.0
    assert loudness(found.pcm) == pytest.approx(-20, abs=0.2)
    sound = to_float(found.pcm)
    assert abs(sound[0]) < 0.001
    assert abs(sound[-1]) < 0.001


def test_rumble_is_taken_out(speech, tmp_path):
    found = to_float(
        clean(write(tmp_path / "a.wav", recorded(speech, hum=0.2)), SPEECH).pcm
    )
    spectrum, hz = (
        np.abs(np.fft.rfft(found)) ** 2,
        np.fft.rfftfreq(len(found), 1 / RATE),
    )
    assert spectrum[hz < 40].sum() < 0.05 * spectrum.sum()


def test_a_recording_is_as_loud_as_those_around_it(speech, tmp_path):
    pcm = clean(write(tmp_path / "a.wav", recorded(speech)), SPEECH).pcm
    for around in (-26.2, -20.0, -15.8):
        assert loudness(beside(pcm, around)) == pytest.approx(around, abs=0.4)


@pytest.mark.parametrize(
    ("fault", "make"),
    [
        (Fault.CLIPPED, lambda speech: recorded(speech, gain=40)),
        (Fault.NOISY, lambda speech: recorded(speech, noise_db=-30)),
        (Fault.SILENT, lambda speech: recorded(speech, gain=0, noise_db=-75)[20_000:]),
        (Fault.SILENT, lambda speech: bytes(10 * RATE)),
        (Fault.TOO_SHORT, lambda speech: recorded(speech[: RATE // 2])),
        (Fault.TOO_LONG, lambda speech: recorded(np.tile(speech, 10))),
    ],
)
def test_what_cannot_be_used_is_refused(speech, tmp_path, fault, make):
    with pytest.raises(Refused) as refused:
        clean(write(tmp_path / "a.wav", make(speech)), SPEECH)
    assert refused.value.fault is fault


@pytest.mark.parametrize("ending", list(FORMATS))
def test_a_file_that_was_not_sent_whole_is_noticed(speech, tmp_path, ending):
    path = write(tmp_path / f"a.{ending}", recorded(speech), *FORMATS[ending])
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 6 // 10 + 7])
    with pytest.raises(Refused) as refused:
        clean(path, SPEECH)
    assert refused.value.fault in (Fault.CUT_OFF, Fault.NO_SOUND)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello" * 1000,
        b"\x89PNG\r\n\x1a\n" + bytes(500),
        b"#EXTM3U\n#EXTINF:5,\n/etc/passwd\n",
    ],
)
def test_what_is_no_sound_is_refused(tmp_path, data):
    (path := tmp_path / "a.mp3").write_bytes(data)
    with pytest.raises(Refused) as refused:
        clean(path, SPEECH)
    assert refused.value.fault is Fault.NO_SOUND


def test_an_m4a_without_its_end_is_told_from_what_is_no_sound(speech, tmp_path):
    path = write(tmp_path / "a.m4a", recorded(speech), "-c:a", "aac")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(Refused) as refused:
        clean(path, SPEECH)
    assert refused.value.fault is Fault.CUT_OFF


@pytest.mark.parametrize("how", [["-f", "ogg"], ["-f", "webm", "-live", "1"]])
def test_three_hours_of_silence_cost_little(tmp_path, how):
    minute = write(
        tmp_path / "minute.ogg", bytes(120 * RATE), "-c:a", "libopus", "-b:a", "6k"
    )
    path = tmp_path / "long"
    again = ["-stream_loop", "180", "-i", str(minute), "-c", "copy", *how, str(path)]
    subprocess.run([executable(), "-y", "-loglevel", "error", *again], check=True)
    with pytest.raises(Refused) as refused:
        clean(path, SPEECH)
    assert refused.value.fault is Fault.TOO_LONG


def test_a_long_recording_is_never_in_memory_many_times(speech, tmp_path):
    minutes = 8
    path = write(tmp_path / "a.wav", recorded(speech))
    long = tmp_path / "long.wav"
    again = ["-stream_loop", "-1", "-i", str(path), "-t", str(60 * minutes), str(long)]
    subprocess.run([executable(), "-y", "-loglevel", "error", *again], check=True)
    tracemalloc.start()
    try:
        found = clean(long, Wanted(3600))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found.seconds > 60 * minutes - 5
    assert most < 2.8 * len(found.pcm)


def test_an_m4a_that_claims_billions_of_samples_is_refused(speech, tmp_path):
    path = write(tmp_path / "a.m4a", recorded(speech), "-c:a", "aac")
    data = bytearray(path.read_bytes())
    at = data.find(b"stsz")
    data[at + 8 : at + 16] = (1).to_bytes(4, "big") + (0xFFFFFFF0).to_bytes(4, "big")
    at = data.find(b"stts")
    data[at + 12 : at + 16] = (0xFFFFFFF0).to_bytes(4, "big")
    path.write_bytes(data)
    with pytest.raises(Refused):
        clean(path, SPEECH)


def test_a_whole_recording_is_cut_at_its_pauses(speech):
    pause = np.zeros(int(0.7 * RATE))
    parts = [speech, speech[: len(speech) // 2], np.concatenate((speech, speech))]
    whole = np.concatenate(
        [piece for part in parts for piece in (part * 0.3, pause)][:-1]
    )
    whole += np.random.default_rng(1).normal(0, 0.0005, len(whole))
    pcm = (whole * 32767).astype("<i2").tobytes()
    found = cut(pcm, [10, 6, 18])  # as syllables tell it: not exactly
    assert b"".join(found) == pcm
    ends = np.cumsum([len(part) / 2 / RATE for part in found])
    true = np.cumsum([len(part) / RATE + 0.7 for part in parts]) - 0.35
    assert np.abs(ends[:2] - true[:2]).max() < 0.36


def test_where_there_is_no_pause_nothing_is_cut(speech):
    steady = (np.sin(np.arange(5 * RATE) / 20) * 9000).astype("<i2").tobytes()
    assert cut(steady, [1, 1, 1]) == [steady, b"", b""]
    assert cut(steady, [1]) == [steady]
