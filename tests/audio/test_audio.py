"""From words to clips: engines, the booth and the gate."""

import os
import ssl
import sys
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from audio.booth import SHORTEST_PIECE, Line, Patience, record
from audio.clips import Memory, clip_key
from audio.engines import engine_names, open_engine
from audio.far_end import retry_after
from audio.ffmpeg import NICENESS, RAW, FfmpegError, decode, run
from audio.gate import admit
from audio.pieces import pieces
from audio.throttle import Abandoned
from audio.voice import RATE, EngineTrouble, Reason, Voice
from tests.audio import tiny_voice
from tests.audio.edge_stand_in import EdgeStandIn, Redirected
from tests.audio.google_stand_in import GoogleStandIn

TEXT = "xin chào bà con xã Suối Lành, đây là bản tin buổi sáng"
AT_ONCE = Patience(sleep=lambda seconds: None)


def seconds(pcm):
    return len(pcm) / 2 / RATE


@pytest.fixture(scope="module")
def espeak():
    engine = open_engine("espeak")
    yield engine
    engine.close()


@pytest.fixture
def google():
    stand_in = GoogleStandIn()
    yield stand_in
    stand_in.close()


@pytest.fixture
def gtts(google):
    engine = open_engine("gtts", base_url=google.url)
    yield engine
    engine.close()


@pytest.fixture
def bing(tmp_path):
    stand_in = EdgeStandIn(tmp_path)
    yield stand_in
    stand_in.close()


@pytest.fixture
def edge(bing):
    return open_engine("edge", connector=bing.connector)


@pytest.fixture(scope="module")
def piper(tmp_path_factory):
    engine = open_engine(
        "piper", voices=[tiny_voice.make(tmp_path_factory.mktemp("voices"))], lanes=1
    )
    yield engine
    engine.close()


@pytest.mark.parametrize("name", engine_names())
def test_every_engine_keeps_the_contract(name, request):
    engine = open_engine("tone") if name == "tone" else request.getfixturevalue(name)
    for info in engine.voices():
        pcm = engine.speak(TEXT, Voice(name, info.name), engine.deadline)
        assert len(pcm) % 2 == 0
        assert 1 < seconds(admit(pcm, TEXT)) < 10
        assert info.label
    assert engine.build() == engine.build() != ""
    assert engine.lanes >= 1
    assert engine.longest >= SHORTEST_PIECE
    assert engine.deadline > 0
    assert (engine.limits is not None) == (name in ("gtts", "edge"))
    assert {info.gender for info in engine.voices()} <= {"", "female", "male"}
    assert {info.region for info in engine.voices()} <= {
        "",
        "north",
        "central",
        "south",
    }
    if name != "tone":  # it has one voice, and no names
        with pytest.raises(EngineTrouble) as trouble:
            engine.speak(TEXT, Voice(name, "no-such-voice"), 30)
        assert trouble.value.reason is Reason.UNKNOWN_VOICE


def test_espeak_has_a_man_and_a_woman_in_each_region(espeak):
    heard = {}
    for info in espeak.voices():
        pcm = np.frombuffer(
            espeak.speak(TEXT, Voice("espeak", info.name), 30), "<i2"
        ).astype(float)
        heard[info.region, info.gender] = pitch(pcm)
    assert len(heard) == 6
    for region in ("north", "central", "south"):
        assert heard[region, "female"] > 1.3 * heard[region, "male"]


def pitch(sound):
    """The median of what autocorrelation finds in loud stretches of 50 ms, in Hz."""
    found = []
    for start in range(0, len(sound) - RATE // 20, RATE // 40):
        stretch = sound[start : start + RATE // 20]
        if np.abs(stretch).max() > 2000:
            alike = np.correlate(stretch, stretch, "full")[len(stretch) - 1 :]
            found.append(
                RATE / (RATE // 400 + np.argmax(alike[RATE // 400 : RATE // 70]))
            )
    return np.median(found)


def test_espeak_takes_markup_and_options_for_text(espeak):
    plain = espeak.speak("một hai", Voice("espeak", "vi"), 30)
    assert (
        seconds(espeak.speak("<break time='9s'/>một hai", Voice("espeak", "vi"), 30))
        < 12
    )
    assert seconds(espeak.speak("-v en một hai", Voice("espeak", "vi"), 30)) > seconds(
        plain
    )


def test_espeak_speaks_right_from_many_threads(espeak):
    texts = [
        f"câu số {word}"
        for word in ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám"]
    ]
    alone = [seconds(espeak.speak(text, Voice("espeak", "vi"), 30)) for text in texts]
    together = record(
        [Line(text) for text in texts], Voice("espeak", "vi"), espeak, shelf := Memory()
    )
    trimmed = [seconds(shelf.clips[key]) for key in together.keys]
    assert all(abs(a - b) < 0.4 for a, b in zip(alone, trimmed, strict=True))
    assert together.engine_calls == len(texts)


def test_gtts_is_given_our_pieces(gtts, google):
    text = " ".join(
        f"ủy ban nhân dân xã thứ {n} họp bàn việc làm đường,"
        for n in ("một", "hai", "ba", "tư")
    )
    record([Line(text.strip())], Voice("gtts", "vi"), gtts, Memory(), patience=AT_ONCE)
    assert len(google.asked) > 1
    assert max(map(len, google.asked)) <= 100
    assert " ".join(google.asked).split() == text.split()


def test_pieces_lose_nothing():
    text = "một hai ba, bốn năm sáu bảy tám " * 20 + "x" * 250
    assert "".join("".join(pieces(text, 100)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("mood", "reason", "calls"),
    [
        ("429", Reason.REFUSED, 4),
        ("503", Reason.REFUSED, 4),
        ("hang up", Reason.UNREACHABLE, 4),
        ("html", Reason.UNREACHABLE, 4),
        ("empty", Reason.BAD_SOUND, 4),
        ("silence", Reason.BAD_SOUND, 4),
        ("short", Reason.BAD_SOUND, 4),
        ("torn", Reason.UNREACHABLE, 4),
        ("404", Reason.BROKEN, 1),
    ],
)
def test_a_network_voice_in_trouble_is_asked_a_bounded_number_of_times(
    gtts, google, mood, reason, calls
):
    google.script[:] = [mood] * 50
    with pytest.raises(EngineTrouble) as trouble:
        record(
            [Line(f"câu {n} của bài này") for n in range(20)],
            Voice("gtts", "vi"),
            gtts,
            Memory(),
            patience=AT_ONCE,
        )
    assert trouble.value.reason is reason
    assert len(google.asked) == calls


def test_a_voice_that_recovers_is_waited_for(gtts, google):
    google.script[:] = ["503", "503"]
    found = record([Line(TEXT)], Voice("gtts", "vi"), gtts, Memory(), patience=AT_ONCE)
    assert found.engine_calls == 3


def test_after_bad_sound_a_sentence_is_spoken_in_smaller_pieces(gtts, google):
    google.script[:] = ["short"]
    record([Line(TEXT)], Voice("gtts", "vi"), gtts, Memory(), patience=AT_ONCE)
    assert google.asked[0] == TEXT
    assert " ".join(google.asked[1:]) == TEXT
    assert len(google.asked) == 3


@pytest.mark.parametrize(
    ("mood", "reason", "calls"),
    [
        ("429", Reason.REFUSED, 4),
        ("503", Reason.REFUSED, 4),
        ("500", Reason.UNREACHABLE, 4),
        ("404", Reason.BROKEN, 1),
        ("html", Reason.UNREACHABLE, 4),
        ("silence", Reason.BAD_SOUND, 4),
        ("torn", Reason.UNREACHABLE, 4),
    ],
)
def test_edge_in_trouble_is_asked_a_bounded_number_of_times(
    edge, bing, mood, reason, calls
):
    bing.script[:] = [mood] * 50
    with pytest.raises(EngineTrouble) as trouble:
        record(
            [Line(f"câu {n} của bài") for n in range(20)],
            Voice("edge", ""),
            edge,
            Memory(),
            patience=AT_ONCE,
        )
    assert trouble.value.reason is reason
    assert len(bing.asked) == calls


def test_edge_is_slow_or_nobody_or_somebody_else(edge, bing):
    bing.script[:] = ["slow"]
    with pytest.raises(EngineTrouble) as trouble:
        edge.speak(TEXT, Voice("edge", ""), 0.5)
    assert trouble.value.reason is Reason.SLOW
    for connector in (
        partial(bing.connector, trusting=False),
        partial(Redirected, 9, ssl.create_default_context()),
    ):
        with pytest.raises(EngineTrouble) as trouble:
            open_engine("edge", connector=connector).speak(TEXT, Voice("edge", ""), 5)
        assert trouble.value.reason is Reason.UNREACHABLE


def test_edge_is_given_text_as_text_in_the_voice_asked_for(edge, bing):
    edge.speak("một < hai & ba", Voice("edge", "vi-VN-NamMinhNeural", 0.9), 5)
    assert "NamMinh" in bing.asked[0]
    assert "một &lt; hai &amp; ba" in bing.asked[0]
    assert "-10%" in bing.asked[0]


def test_piper_needs_both_files_of_a_voice_and_speaks_anew_when_they_change(tmp_path):
    with pytest.raises(EngineTrouble, match=r"vi\.onnx\.json"):
        open_engine("piper", voices=[tmp_path / "vi.onnx"])
    with pytest.raises(EngineTrouble, match="LOA_PIPER_VOICES"):
        open_engine("piper").speak("một", Voice("piper", ""), 5)
    path = tiny_voice.make(tmp_path)
    before = open_engine("piper", voices=[path]).build()
    (tmp_path / "vi_VN-tiny.onnx.json").write_text("{}")
    assert open_engine("piper", voices=[path]).build() != before


def test_piper_with_a_broken_voice_says_so(tmp_path):
    path = tiny_voice.make(tmp_path)
    path.write_bytes(b"no model")
    engine = open_engine("piper", voices=[path])
    with pytest.raises(EngineTrouble, match=r"(?i)protobuf|model") as trouble:
        engine.speak("một hai", Voice("piper", ""), 20)
    assert trouble.value.reason is Reason.UNSPEAKABLE
    engine.close()


def test_retry_after_is_seconds_or_a_date():
    assert retry_after("120") == 120
    assert (
        60
        <= retry_after(
            format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
        )
        <= 91
    )


def test_retry_after_that_says_nothing():
    assert retry_after(None) is retry_after("soon") is None


def test_nobody_answers():
    engine = open_engine("gtts", base_url="http://127.0.0.1:9")
    with pytest.raises(EngineTrouble) as trouble:
        engine.speak(TEXT, Voice("gtts", "vi"), 5)
    assert trouble.value.reason is Reason.UNREACHABLE


def test_what_was_spoken_is_not_spoken_again():
    tone, voice, shelf = open_engine("tone"), Voice("tone", ""), Memory()
    first = record([Line("một"), Line("hai"), Line("một")], voice, tone, shelf)
    assert (first.engine_calls, first.clips_reused, first.keys[0]) == (
        2,
        0,
        first.keys[2],
    )
    second = record([Line("một"), Line("ba"), Line("hai", take=1)], voice, tone, shelf)
    assert (second.engine_calls, second.clips_reused) == (2, 1)
    assert clip_key("một", voice, "a") != clip_key("một", voice, "b")


def test_a_recording_that_is_stopped_goes_on_where_it_ended():
    tone, shelf = open_engine("tone"), Memory()
    lines = [Line(f"câu số {n}") for n in range(200)]
    with pytest.raises(Abandoned):
        record(
            lines, Voice("tone", ""), tone, shelf, stopped=lambda: len(shelf.clips) > 20
        )
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
        (np.full(RATE, 32_767, dtype="<i2").tobytes(), "một hai ba"),
        (loud + bytes(4 * RATE) + loud, "một hai ba bốn năm sáu"),
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


@pytest.mark.parametrize("error", [OSError("the store is away"), ValueError("no PCM")])
def test_what_could_not_be_read_whole_is_no_finished_file(error, tmp_path):
    """ffmpeg takes a closed input for the end, and would finish a file of half the sound."""

    def blocks():
        yield bytes(RATE)
        raise error

    with pytest.raises(type(error), match=str(error)):
        run([*RAW, "-i", "-", str(tmp_path / "half.wav")], blocks())


def test_voices_are_named_as_people_write_them():
    assert str(Voice.parse("espeak:vi@0.90")) == "espeak:vi@0.9"
    for wrong in ("", "espeak:vi@fast", "espeak:vi@9", "a b:c"):
        with pytest.raises(ValueError, match=r"voice|rate"):
            Voice.parse(wrong)


def children_of(thread):
    children = Path(f"/proc/self/task/{thread}/children")
    return [int(pid) for pid in children.read_text().split()]


@pytest.mark.skipif(sys.platform != "linux", reason="looks for its children in /proc")
def test_an_encoder_yields_to_pages_and_slots():
    ours = threading.get_native_id()
    priorities = []

    def blocks():
        pids = children_of(ours)
        priorities.extend(os.getpriority(os.PRIO_PROCESS, pid) for pid in pids)
        yield bytes(RATE)

    run([*RAW, "-i", "-", "-f", "null", "-"], blocks())
    assert max(priorities) == os.getpriority(os.PRIO_PROCESS, 0) + NICENESS


@pytest.mark.skipif(sys.platform != "linux", reason="looks for its children in /proc")
def test_each_encoder_keeps_to_a_processor_of_its_own():
    """Two at once share no processor while there is another; what has ended holds none."""
    every, ours = os.sched_getaffinity(0), threading.get_native_id()
    others = children_of(ours)
    places = []

    def note(pid):
        assert os.sched_getscheduler(pid) == os.SCHED_BATCH
        places.append(os.sched_getaffinity(pid))

    def outer():
        note(next(pid for pid in children_of(ours) if pid not in others))
        yield bytes(RATE)
        run([*RAW, "-i", "-", "-f", "null", "-"], inner(threading.get_native_id()))

    def inner(thread):
        note(*children_of(thread))
        yield bytes(RATE)

    for _ in range(3):
        run([*RAW, "-i", "-", "-f", "null", "-"], outer())
    assert {len(place) for place in places} == {1}
    for one, other in zip(places[::2], places[1::2], strict=True):
        assert one != other or len(every) == 1
