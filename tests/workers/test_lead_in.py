"""A quiet tone before files for horns: amplifiers that sleep swallow it instead of the greeting."""

from dataclasses import replace

import numpy as np
import pytest

from audio.ffmpeg import run
from audio.stitch import LEAD_IN_MS, TONE_DB, lead_in, stitch
from audio.voice import RATE
from service.actions.planning import frame_seconds, words_of
from service.newsroom.errors import Invalid
from service.newsroom.values import Slot

SLOT = Slot("05:00", 900)


def level_db(pcm):
    samples = np.frombuffer(pcm, "<i2").astype(float) / 32768
    return 20 * np.log10(max(1e-9, float(np.sqrt(np.mean(samples**2)))))


def test_it_is_a_tone_and_then_the_silence_that_is_always_there():
    pcm = lead_in(LEAD_IN_MS + 500)
    tone, rest = pcm[: RATE // 2 * 2], pcm[RATE // 2 * 2 :]
    assert level_db(tone) == pytest.approx(TONE_DB - 3, abs=1.5)
    assert rest == bytes(len(rest))
    assert len(rest) // 2 == RATE * LEAD_IN_MS // 1000
    assert lead_in(LEAD_IN_MS) == bytes(2 * RATE * LEAD_IN_MS // 1000)


def test_cues_come_after_it():
    clip = bytes(2 * RATE)
    segment = stitch([clip], [0], LEAD_IN_MS + 500)
    assert segment.cues[0].start == RATE * (LEAD_IN_MS + 500) // 1000


def test_files_for_horns_have_it_and_no_others(newsroom, publish):
    station = newsroom.stations.get("suoi-lanh")
    newsroom.stations.put(replace(station, speaker_lead_in=1.0))
    masters = {one.kind: one for one in publish("Tiếng mồi").masters}
    begun = {}
    for kind in ("speaker", "app"):
        mp3 = newsroom.files.get(masters[kind].key)
        how = ["-y", "-i", "-", "-f", "s16le", "-ac", "1", "-ar", str(RATE), "pipe:1"]
        begun[kind] = run(how, [mp3])[: RATE * 2 * 9 // 10]
    assert (
        level_db(begun["speaker"]) < -33
    )  # the tone alone, for nine tenths of a second
    assert level_db(begun["speaker"]) > -60
    assert level_db(begun["app"]) > -30  # speech, at once


def test_planning_counts_it(newsroom):
    station = newsroom.stations.get("suoi-lanh")
    words = words_of(station, SLOT, newsroom.now().date())
    longer = replace(station, speaker_lead_in=0.5)
    added = frame_seconds(longer, SLOT, words) - frame_seconds(station, SLOT, words)
    assert added == pytest.approx(0.5)


@pytest.mark.parametrize("seconds", [-0.1, 2.1])
def test_it_has_bounds(newsroom, seconds):
    station = newsroom.stations.get("suoi-lanh")
    with pytest.raises(Invalid) as refused:
        newsroom.stations.put(replace(station, speaker_lead_in=seconds))
    assert refused.value.field == "speaker_lead_in"
