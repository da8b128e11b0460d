"""From words to clips: engines, the booth and the gate."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import numpy as np
import pytest

from audio.booth import Abandoned, Line, Patience, record
from audio.clips import Memory, clip_key
from audio.engines import ENGINES, open_engine
from audio.engines.gtts import pieces
from audio.ffmpeg import RAW, FfmpegError, decode, run
from audio.gate import admit
from audio.voice import RATE, EngineTrouble, Reason, Voice

TEXT = "xin chào bà con xã Suối Lành, đây là bản tin buổi sáng"
AT_ONCE = Patience(sleep=lambda seconds: None)


def seconds(pcm):
    return len(pcm) / 2 / RATE


@pytest.fixture(scope="module")
def espeak():
    engine = open_engine("espeak")
    yield engine
    engine.close()


class FarEnd(BaseHTTPRequestHandler):
    """Speaks the protocol of Google's voice; `script` says what goes wrong, answer by answer."""

    script: list[str]
    pieces: list[str]

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        (((_name, asked, *_rest),),) = json.loads(parse_qs(body)["f.req"][0])
        self.server.pieces.append(json.loads(asked)[0])
        mood = self.server.script.pop(0) if self.server.script else "well"
        if mood == "hang up":
            self.connection.close()
            return
        status = {"429": 429, "503": 503, "404": 404}.get(mood, 200)
        mp3 = b"" if mood == "silence" else self.server.mp3[: 300 if mood == "torn" else None]
        said = json.dumps(
            [["wrb.fr", "jQ1olc", json.dumps([base64.b64encode(mp3).decode()]), None]], separators=(",", ":")
        )
        answer = b"" if mood == "empty" else b"<html>sorry</html>" if mood == "html" else said.encode()
        self.send_response(status)
        if mood == "429":
            self.send_header("Retry-After", "0")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_args):
        pass


@pytest.fixture(scope="module")
def one_piece():
    pcm = open_engine("tone").speak("một hai ba bốn năm sáu bảy tám chín mười", Voice("tone", ""), 5)
    return run([*RAW, "-i", "pipe:0", "-c:a", "libmp3lame", "-b:a", "32k", "-f", "mp3", "pipe:1"], [pcm])


@pytest.fixture
def google(one_piece):
    server = ThreadingHTTPServer(("127.0.0.1", 0), FarEnd)
    server.script, server.pieces, server.mp3 = [], [], one_piece
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def gtts(google):
    engine = open_engine("gtts", base_url=f"http://127.0.0.1:{google.server_port}")
    yield engine
    engine.close()


@pytest.mark.parametrize("name", sorted(ENGINES))
def test_every_engine_keeps_the_contract(name, gtts, espeak):
    engine = {"gtts": gtts, "espeak": espeak}.get(name) or open_engine(name)
    voice = Voice(name, engine.voices()[0].name)
    pcm = engine.speak(TEXT, voice, 30)
    assert len(pcm) % 2 == 0
    assert 1 < seconds(admit(pcm, TEXT)) < 10
    assert engine.build() == engine.build() != ""
    assert engine.lanes >= 1
    if len(engine.voices()) > 1 or name == "gtts":
        with pytest.raises(EngineTrouble) as trouble:
            engine.speak(TEXT, Voice(name, "no-such-voice"), 30)
        assert trouble.value.reason is Reason.UNKNOWN_VOICE


def test_espeak_takes_markup_and_options_for_text(espeak):
    plain = espeak.speak("một hai", Voice("espeak", "vi"), 30)
    assert seconds(espeak.speak("<break time='9s'/>một hai", Voice("espeak", "vi"), 30)) < 12
    assert seconds(espeak.speak("-v en một hai", Voice("espeak", "vi"), 30)) > seconds(plain)


def test_espeak_speaks_right_from_many_threads(espeak):
    texts = [f"câu số {word}" for word in ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám"]]
    alone = [seconds(espeak.speak(text, Voice("espeak", "vi"), 30)) for text in texts]
    together = record([Line(text) for text in texts], Voice("espeak", "vi"), espeak, shelf := Memory())
    trimmed = [seconds(shelf.clips[key]) for key in together.keys]
    assert all(abs(a - b) < 0.4 for a, b in zip(alone, trimmed, strict=True))
    assert together.engine_calls == len(texts)


def test_gtts_is_given_our_pieces(gtts, google):
    text = "Ủy ban nhân dân xã họp bàn việc làm đường, " * 5
    gtts.speak(text.strip(), Voice("gtts", "vi"), 30)
    assert len(google.pieces) > 1
    assert max(map(len, google.pieces)) <= 100
    assert " ".join(google.pieces).split() == text.split()


def test_pieces_lose_nothing():
    text = "một hai ba, bốn năm sáu bảy tám " * 20 + "x" * 250
    assert "".join("".join(pieces(text, 100)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("mood", "reason", "calls"),
    [
        ("429", Reason.REFUSED, 4),
        ("503", Reason.REFUSED, 4),
        ("hang up", Reason.UNREACHABLE, 4),
        ("html", Reason.BAD_SOUND, 4),
        ("empty", Reason.BAD_SOUND, 4),
        ("silence", Reason.BAD_SOUND, 4),
        ("torn", Reason.BAD_SOUND, 4),
        ("404", Reason.BROKEN, 1),
    ],
)
def test_a_network_voice_in_trouble_is_asked_a_bounded_number_of_times(gtts, google, mood, reason, calls):
    google.script[:] = [mood] * 50
    with pytest.raises(EngineTrouble) as trouble:
        record([Line(f"câu {n} của bài này") for n in range(20)], Voice("gtts", "vi"), gtts, Memory(), patience=AT_ONCE)
    assert trouble.value.reason is reason
    assert len(google.pieces) == calls


def test_a_voice_that_recovers_is_waited_for(gtts, google):
    google.script[:] = ["503", "torn"]
    found = record([Line(TEXT)], Voice("gtts", "vi"), gtts, Memory(), patience=AT_ONCE)
    assert found.engine_calls == 3


def test_nobody_answers():
    engine = open_engine("gtts", base_url="http://127.0.0.1:9")
    with pytest.raises(EngineTrouble) as trouble:
        engine.speak(TEXT, Voice("gtts", "vi"), 5)
    assert trouble.value.reason is Reason.UNREACHABLE


def test_what_was_spoken_is_not_spoken_again():
    tone, voice, shelf = open_engine("tone"), Voice("tone", ""), Memory()
    first = record([Line("một"), Line("hai"), Line("một")], voice, tone, shelf)
    assert (first.engine_calls, first.clips_reused, first.keys[0]) == (2, 0, first.keys[2])
    second = record([Line("một"), Line("ba"), Line("hai", take=1)], voice, tone, shelf)
    assert (second.engine_calls, second.clips_reused) == (2, 1)
    assert clip_key("một", voice, "a") != clip_key("một", voice, "b")


def test_a_recording_that_is_stopped_goes_on_where_it_ended():
    tone, shelf = open_engine("tone"), Memory()
    lines = [Line(f"câu số {n}") for n in range(200)]
    with pytest.raises(Abandoned):
        record(lines, Voice("tone", ""), tone, shelf, stopped=lambda: len(shelf.clips) > 20)
    kept = len(shelf.clips)
    assert kept < 200
    assert record(lines, Voice("tone", ""), tone, shelf).clips_reused == kept


def test_the_gate_turns_away_what_is_no_speech():
    loud = (np.sin(np.arange(RATE) / 10) * 9000).astype("<i2").tobytes()
    for pcm, spoken in (
        (b"", "một"),
        (bytes(2 * RATE), "một hai"),
        (loud[:-1], "một hai"),
        (loud[:2000], "một hai ba bốn năm sáu"),
        (loud * 9, "một"),
    ):
        with pytest.raises(EngineTrouble) as trouble:
            admit(pcm, spoken)
        assert trouble.value.reason is Reason.BAD_SOUND
    trimmed = admit(bytes(RATE) + loud + bytes(RATE), "một hai ba")
    assert 1.0 <= seconds(trimmed) <= 1.06


def test_what_is_no_sound_is_told_in_ffmpegs_own_words(tmp_path):
    with pytest.raises(FfmpegError, match="Invalid data"):
        decode(b"<html>no sound</html>" * 50)
    with pytest.raises(FfmpegError):
        run(["-i", str(tmp_path / "missing.mp3"), "-f", "null", "-"])


def test_voices_are_named_as_people_write_them():
    assert str(Voice.parse("espeak:vi@0.90")) == "espeak:vi@0.9"
    for wrong in ("", "espeak:vi@fast", "espeak:vi@9", "a b:c"):
        with pytest.raises(ValueError, match=r"voice|rate"):
            Voice.parse(wrong)
