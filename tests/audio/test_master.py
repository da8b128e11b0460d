"""From clips to finished files, measured by ffmpeg's own meter and by mutagen: instruments that are
not ours.
"""

import re
import subprocess
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise

import numpy as np
import pytest
import soxr
from mutagen.id3 import ID3
from mutagen.mp3 import MP3
from mutagen.oggopus import OggOpus
from PIL import Image

from audio import mp3
from audio.booth import Line, record
from audio.chain import profile, shaped
from audio.clips import Memory
from audio.engines import open_engine
from audio.ffmpeg import FfmpegError, decode, executable
from audio.loudness import Meter, highest_between
from audio.master import LostClips, make
from audio.recipes import RECIPES
from audio.stitch import LEAD_IN_MS, LEAD_OUT_MS, Sound, stitch
from audio.tags import Chapter, Tags
from audio.voice import RATE, Voice
from tests.house import encoded

NOW = datetime(2026, 11, 24, tzinfo=UTC)
WORDS = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")
# DESIGN 8
PROMISED = {
    "app": (-16.0, 0.5),
    "speaker": (-13.0, 1.0),
    "lite": (-16.0, 0.5),
}


def seconds(pcm):
    return len(pcm) / 2 / RATE


def measured(path):
    """Integrated loudness and true peak as ffmpeg's ebur128 has them."""
    command = [
        executable(),
        "-hide_banner",
        "-i",
        str(path),
        "-af",
        "ebur128=peak=true",
        "-f",
        "null",
        "-",
    ]
    told = subprocess.run(
        command, capture_output=True, text=True, check=True
    ).stderr.rpartition("Summary:")[2]
    return tuple(
        float(re.search(rf"{name}:\s+(-?[\d.]+)", told)[1]) for name in ("I", "Peak")
    )


def picture():
    out = BytesIO()
    Image.new("RGB", (64, 64), "#0f5c4d").save(out, "JPEG")
    return out.getvalue()


def tagged(_cues=()):
    return Tags("Bản tin = sáng; #1", "Đài xã", "Nông nghiệp", NOW, "Giọng đọc máy")


def with_chapters(cues):
    chapters = (
        Chapter("Đầu", cues[0][0], cues[5][0]),
        Chapter("Sau", cues[5][0], cues[-1][1]),
    )
    return Tags(
        "Bản tin = sáng; #1",
        "Đài xã",
        "Nông nghiệp",
        NOW,
        "Giọng đọc máy",
        "vie",
        picture(),
        chapters,
    )


@pytest.fixture(scope="module")
def espeak():
    engine = open_engine("espeak")
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def spoken(espeak):
    """Four passages of ten sentences: their script, and the shelf their clips lie on."""
    lines = [
        Line(f"câu thứ {n}, bà con đoạn {m} chú ý lắng nghe nhé")
        for m in WORDS[:4]
        for n in WORDS
    ]
    found = record(lines, Voice("espeak", "vi"), espeak, shelf := Memory())
    return [
        Sound(key, 450 if n % 10 else 900, n // 10) for n, key in enumerate(found.keys)
    ], shelf


@pytest.fixture(scope="module")
def finished(spoken, tmp_path_factory):
    script, shelf = spoken
    made = make(
        list(RECIPES.values()),
        script,
        shelf,
        Memory(),
        with_chapters,
        tmp_path_factory.mktemp("masters"),
    )
    return {master.recipe.kind: master for master in made}


def test_cues_are_exact_to_the_sample():
    clips = [np.full(n, 1000, "<i2").tobytes() for n in (5_001, 12_345, 777)]
    found = stitch(clips, [100, 250, 999], LEAD_IN_MS)
    heard = np.frombuffer(found.pcm, "<i2")
    for clip, cue in zip(clips, found.cues, strict=True):
        assert heard[cue.start : cue.end].tobytes() == clip
        assert heard[cue.start - 1] == heard[cue.end] == 0
    assert (
        found.samples
        == sum(map(len, clips)) // 2 + (LEAD_IN_MS + 350 + 999) * RATE // 1000
    )


@pytest.mark.parametrize("kind", list(RECIPES))
def test_a_master_is_as_loud_as_promised(finished, kind):
    target, band = PROMISED[kind]
    loudness, peak = measured(finished[kind].path)
    assert loudness == pytest.approx(target, abs=band)
    assert peak <= -1.0
    assert finished[kind].lufs == pytest.approx(loudness, abs=0.15)
    assert finished[kind].true_peak == pytest.approx(peak, abs=0.3)


@pytest.mark.parametrize("kind", list(RECIPES))
def test_its_length_is_what_its_cues_say(finished, kind):
    master = finished[kind]
    decoded = seconds(decode(master.path))
    cues = master.cues_ms
    spoken_ms = sum(end - start for start, end in cues)
    pauses_ms = sum(later[0] - earlier[1] for earlier, later in pairwise(cues))
    assert decoded == pytest.approx(master.seconds, abs=0.030)
    assert (LEAD_IN_MS + spoken_ms + pauses_ms + LEAD_OUT_MS) / 1000 == pytest.approx(
        decoded, abs=0.030
    )
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(cues))


@pytest.mark.parametrize("kind", list(RECIPES))
def test_every_sentence_sounds_when_its_cue_says(finished, kind):
    heard = np.frombuffer(decode(finished[kind].path), "<i2").astype(float)

    def level(start, end):
        return np.sqrt(np.mean(heard[start * RATE // 1000 : end * RATE // 1000] ** 2))

    for (start, end), (later, _) in pairwise(finished[kind].cues_ms):
        assert level(start + 30, end - 30) > 30 * level(end + 60, later - 60)


def test_horns_get_longer_pauses_and_no_sound_they_cannot_give_back(finished):
    def gaps(kind):
        return [
            later[0] - earlier[1] for earlier, later in pairwise(finished[kind].cues_ms)
        ]

    assert sum(gaps("speaker")) > 1.2 * sum(gaps("app"))
    share = {
        kind: low_share(decode(finished[kind].path)) for kind in ("app", "speaker")
    }
    assert share["speaker"] < share["app"] / 10


def low_share(pcm):
    """How much of the sound's power lies below 150 Hz."""
    power = np.abs(np.fft.rfft(np.frombuffer(pcm, "<i2").astype(float))) ** 2
    return power[: int(150 / RATE * 2 * len(power))].sum() / power.sum()


def test_horns_get_frames_of_one_size_and_no_picture(finished):
    data = finished["speaker"].path.read_bytes()
    start = mp3.id3_size(data)
    frames = list(mp3.frames(data))
    assert {frame.end - frame.start for frame in frames} == {144}
    # The frame that tells the length is no larger than the others
    assert frames[0].start - start == 144
    assert ID3(finished["speaker"].path).getall("APIC") == []
    info = MP3(finished["speaker"].path).info
    assert (info.sample_rate, info.channels, info.bitrate) == (24000, 1, 48000)


def test_the_data_saver_is_small(finished):
    info = OggOpus(finished["lite"].path)
    assert info.info.length == pytest.approx(finished["lite"].seconds, abs=0.030)
    assert info["title"] == ["Bản tin = sáng; #1"]
    assert finished["lite"].bytes / finished["lite"].seconds * 900 <= 3_000_000


def test_old_players_can_read_its_tags(finished):
    sound, tags = MP3(finished["app"].path), ID3(finished["app"].path, translate=False)
    assert (
        sound.info.sample_rate,
        sound.info.channels,
        round(sound.info.bitrate, -3),
    ) == (
        44100,
        1,
        64000,
    )
    assert sound.info.length == pytest.approx(finished["app"].seconds, abs=0.030)
    assert tags.version == (2, 3, 0)
    assert (str(tags["TIT2"]), str(tags["TPE1"]), str(tags["TALB"])) == (
        "Bản tin = sáng; #1",
        "Đài xã",
        "Nông nghiệp",
    )
    assert tags.getall("APIC")[0].data == picture()
    chapters = sorted(tags.getall("CHAP"), key=lambda chapter: chapter.start_time)
    assert [str(chapter.sub_frames["TIT2"]) for chapter in chapters] == ["Đầu", "Sau"]
    assert chapters[0].start_time == pytest.approx(LEAD_IN_MS, abs=1)
    assert chapters[1].end_time == finished["app"].cues_ms[-1][1]


class Watched(Memory):
    """A shelf that tells what was put on it."""

    def __init__(self):
        super().__init__()
        self.new = []

    def put(self, key, data):
        self.new.append(len(data))
        super().put(key, data)


def test_a_changed_sentence_costs_itself(spoken, tmp_path):
    script, shelf = spoken
    recipes = list(RECIPES.values())
    make(recipes, script, shelf, kept := Watched(), tagged, tmp_path)
    whole, kept.new = sum(kept.new), []
    make(recipes, script, shelf, kept, tagged, tmp_path)
    assert kept.new == []
    changed = [*script[:12], Sound(script[3].clip, 460, 1), *script[13:]]
    edited = make(recipes, changed, shelf, kept, tagged, tmp_path)
    assert 0 < sum(kept.new) < whole / 20
    fresh = make(recipes, changed, shelf, Memory(), tagged, tmp_path / "..")
    for old, new in zip(edited, fresh, strict=True):
        assert (old.cues, old.seconds) == (new.cues, new.seconds)
        assert old.lufs == pytest.approx(new.lufs, abs=0.05)


def test_the_setting_of_the_version_before_holds_while_it_fits(
    spoken, espeak, tmp_path
):
    """The whole becomes louder by less than is promised: nothing but the new sentence is encoded,
    in no master.
    """
    script, shelf = spoken
    recipes = list(RECIPES.values())
    make(recipes, script, shelf, kept := Watched(), tagged, tmp_path, "tin")
    kept.new = []
    louder = np.frombuffer(shelf.get(script[3].clip), "<i2") * 1.9
    shelf.put(key := "louder", np.clip(louder, -32768, 32767).astype("<i2").tobytes())
    changed = [*script[:3], Sound(key, 450, 0), *script[4:]]
    edited = make(recipes, changed, shelf, kept, tagged, tmp_path, "tin")
    # What was measured in front of two equalisers, and three sentences encoded.
    assert len(kept.new) == 5
    for made in edited:
        assert abs(made.lufs - made.recipe.chain.target_lufs) <= made.recipe.band_lu
        assert made.true_peak <= -1.0
    # All of it softer by far: the setting goes.
    soft = [replace(sound, clip=f"soft {n}") for n, sound in enumerate(script[:12])]
    for sound, old in zip(soft, script, strict=False):
        pcm = np.frombuffer(shelf.get(old.clip), "<i2") // 6
        shelf.put(sound.clip, pcm.astype("<i2").tobytes())
    for made in make(
        recipes, [*soft, *script[12:]], shelf, kept, tagged, tmp_path, "tin"
    ):
        assert abs(made.lufs - made.recipe.chain.target_lufs) <= made.recipe.band_lu


def test_a_clip_that_was_spoken_anew_is_measured_anew(spoken, tmp_path):
    """An engine of the network never says the same twice: what is kept of the old take is not put
    upon the new one.
    """
    script, shelf = spoken
    recipe = RECIPES["app"]
    (before,) = make([recipe], script[:6], shelf, kept := Memory(), tagged, tmp_path)
    other = Memory()
    other.clips = shelf.clips | {script[2].clip: shelf.get(script[30].clip)}
    kept.clips = {
        key: data for key, data in kept.clips.items() if b'"digest"' in data[:20]
    }
    (after,) = make([recipe], script[:6], other, kept, tagged, tmp_path)
    (fresh,) = make([recipe], script[:6], other, Memory(), tagged, tmp_path)
    assert (
        (after.cues, after.sha256)
        == (fresh.cues, fresh.sha256)
        != (before.cues, before.sha256)
    )


def test_joined_passages_sound_like_one_encoding(spoken, tmp_path):
    """Frames from two runs of the encoder, side by side, decode to what one run gives: no click, no
    gap.
    """
    script, shelf = spoken
    for kind in ("app", "speaker"):
        recipe = RECIPES[kind]
        (whole,) = make([recipe], script, shelf, kept := Memory(), tagged, tmp_path)
        one = np.frombuffer(decode(whole.path), "<i2").astype(float)
        other = dict(kept.clips)
        make(
            [recipe],
            [*script[20:], *script[:20]],
            shelf,
            mixed := Memory(),
            tagged,
            tmp_path,
        )
        joined = Memory()
        # One passage from the first run, the rest not
        joined.clips = mixed.clips | dict(list(other.items())[-1:])
        (again,) = make([recipe], script, shelf, joined, tagged, tmp_path)
        two = np.frombuffer(decode(again.path), "<i2").astype(float)
        assert len(one) == len(two)
        assert np.sqrt(np.mean((one - two) ** 2)) < 0.01 * np.sqrt(np.mean(one**2))


def test_slower_for_horns_at_the_same_pitch(spoken, tmp_path):

    script, shelf = spoken
    plain, slow = make(
        [RECIPES["speaker"], replace(RECIPES["speaker"], name="slow.mp3", tempo=0.8)],
        script,
        shelf,
        Memory(),
        tagged,
        tmp_path,
    )
    assert slow.seconds == pytest.approx(plain.seconds / 0.8, rel=0.01)
    assert seconds(decode(slow.path)) == pytest.approx(slow.seconds, abs=0.030)
    assert measured(slow.path)[0] == pytest.approx(-13.0, abs=1.0)


def test_lost_clips_are_named(spoken, tmp_path):
    script, shelf = spoken
    with pytest.raises(LostClips) as lost:
        make(
            list(RECIPES.values()),
            [*script, Sound("gone", 450)],
            shelf,
            Memory(),
            tagged,
            tmp_path,
        )
    assert lost.value.keys == ("gone",)
    assert list(tmp_path.iterdir()) == []


def test_quiet_and_short_sound_is_mastered_too(tmp_path):
    shelf = Memory()
    shelf.put("hum", (np.sin(np.arange(RATE // 2) / 9) * 60).astype("<i2").tobytes())
    for master in make(
        list(RECIPES.values()), [Sound("hum", 450)], shelf, Memory(), tagged, tmp_path
    ):
        assert seconds(decode(master.path)) == pytest.approx(master.seconds, abs=0.030)
        assert master.true_peak <= -1.0


def hum(shelf, key, seconds, level):
    shelf.put(
        key,
        (np.sin(np.arange(int(RATE * seconds)) / 4) * level).astype("<i2").tobytes(),
    )
    return Sound(key, 450)


def test_what_misses_its_loudness_by_little_is_let_out_and_what_misses_by_much_is_not(
    tmp_path,
):
    shelf = Memory()
    (made,) = make(
        [RECIPES["app"]],
        [hum(shelf, "faint", 6, 60)],
        shelf,
        Memory(),
        tagged,
        tmp_path,
    )
    assert -19.0 <= made.lufs < -16.5  # even the most gain is too little for it
    assert (made.lufs, made.true_peak) == (
        pytest.approx(measured(made.path)[0], abs=0.15),
        pytest.approx(measured(made.path)[1], abs=0.3),
    )
    with pytest.raises(FfmpegError, match="whatever we set"):
        make(
            [RECIPES["app"]],
            [hum(shelf, "fainter", 6, 20)],
            shelf,
            Memory(),
            tagged,
            tmp_path,
        )


@pytest.mark.parametrize("length", [0.3, 1.0, 5.0, 20.0])
def test_the_meter_agrees_with_ffmpegs(length, tmp_path):
    noise = (
        np.random.default_rng(7).normal(0, 0.05, int(length * RATE)).astype(np.float32)
    )
    noise[:: RATE // 10] = 0.7
    path = tmp_path / "noise.wav"
    pcm = (noise * 32767).astype("<i2").tobytes()
    encoded(pcm, str(path))
    meter = Meter()
    for start in range(0, len(pcm), 70_001 * 2):
        meter.add(pcm[start : start + 70_001 * 2])
    meter.finish()
    loudness, peak = measured(path)
    assert meter.lufs == pytest.approx(loudness, abs=0.15)
    assert meter.true_peak == pytest.approx(peak, abs=0.3)


@pytest.mark.parametrize(
    ("voice", "sentences"),
    [
        ("espeak:vi", 1),
        ("espeak:vi+f2", 3),
        ("espeak:vi", 12),
        ("espeak:vi@0.8", 5),
        ("espeak:vi@1.5", 5),
        ("espeak:vi-vn-x-central+f2", 2),
        ("espeak:vi-vn-x-central", 9),
        ("espeak:vi-vn-x-south", 4),
        ("espeak:vi-vn-x-south", 15),
        ("tone", 1),
        ("tone", 6),
        ("tone", 20),
    ],
)
def test_twelve_episodes_are_as_loud_as_promised(tmp_path, voice, sentences):
    speaker = Voice.parse(voice)
    lines = [
        Line(
            f"tin thứ {WORDS[n % 10]}, chiều nay có mưa to, bà con sớm thu lúa nhé {n * 'à '}"
        )
        for n in range(sentences)
    ]
    # ESpeak's voice remembers what it said before
    lanes = {"lanes": 1} if speaker.engine == "espeak" else {}
    with closing(open_engine(speaker.engine, **lanes)) as engine:
        found = record(lines, speaker, engine, shelf := Memory())
    script = [Sound(key, 500, n // 4) for n, key in enumerate(found.keys)]
    for master in make(
        list(RECIPES.values()), script, shelf, Memory(), tagged, tmp_path
    ):
        target, band = PROMISED[master.recipe.kind]
        loudness, peak = measured(master.path)
        assert loudness == pytest.approx(target, abs=band), master.recipe.kind
        assert peak <= -1.0, master.recipe.kind


@pytest.mark.parametrize("kind", list(RECIPES))
def test_a_part_is_shaped_alike_whether_it_was_kept_or_stitched_again(spoken, kind):
    """Or a file that is made again would have other bytes than it had."""
    script, shelf = spoken
    clips = [shelf.clips[sound.clip] for sound in script[:7]]
    pcm = stitch(clips, [450] * 7, LEAD_IN_MS).pcm
    chain = RECIPES[kind].chain
    measured, kept = profile(pcm, chain)
    again = list(shaped(pcm, chain.bands))
    assert np.concatenate(kept).tobytes() == np.concatenate(again).tobytes()
    assert sum(map(len, kept)) == len(pcm) // 2
    assert (
        len(measured.energy) == len(measured.peak) == -(-len(pcm) // 2 * 1000 // RATE)
    )


def test_peaks_are_found_between_samples():
    """A tone whose samples all miss its tops by 3 dB; a voice, beside a finer resampler."""
    t = np.arange(RATE)
    tone = np.sin(np.pi * t / 2 + np.pi / 4).astype(np.float32)
    softly = np.minimum(1.0, np.minimum(t, t[::-1]) / 2_400).astype(np.float32)
    assert np.abs(tone).max() == pytest.approx(0.7071, abs=1e-3)
    assert highest_between(tone * softly) == pytest.approx(1.0, abs=0.01)
    noise = np.random.default_rng(7).normal(0, 0.1, 20_003).astype(np.float32)
    finer = np.abs(soxr.resample(noise, 1, 4, quality="VHQ")).max()
    assert highest_between(noise) == pytest.approx(finer, rel=0.03)
    assert highest_between(np.zeros(0, np.float32)) == 0.0


class Asked(Memory):
    """A shelf that counts how often each key is asked for."""

    def __init__(self):
        super().__init__()
        self.times = Counter()

    def get(self, key):
        self.times[key] += 1
        return super().get(key)


def test_tries_share_what_they_have_alike(spoken, tmp_path):
    """An hour's frames are 45 MB: each try once held its own, read from the shelf again."""
    script, shelf = spoken
    lite = RECIPES["lite"]
    # Where Opus passes the highest peak in some parts, and not in others.
    loud = replace(lite, chain=replace(lite.chain, ceiling_db=-2.0))
    kept = Asked()
    make([loud], script[:10], shelf, kept, tagged, tmp_path)
    parts = {sound.clip for sound in script[:10]}
    frames = len(kept.times) - len(parts)
    assert len(parts) < frames < 2 * len(parts), (
        "some, not all, were encoded again: there was more than one try"
    )
    assert set(kept.times.values()) == {1}
