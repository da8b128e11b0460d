"""The chimes, by measuring: as long and as loud as they should be, without clicks, in the band that
a horn has.
"""

import subprocess
import sys

import numpy as np
import pytest

from audio.chime import Chime
from audio.chimes import pcm, place
from audio.clips import Memory
from audio.loudness import Meter, to_float
from audio.master import make
from audio.recipes import RECIPES
from audio.stitch import Sound
from audio.voice import RATE
from tests.audio.test_master import PROMISED, measured, tagged

LENGTHS = {
    Chime.OPENING: (5, 8),
    Chime.BETWEEN: (1.5, 2),
    Chime.CLOSING: (3.5, 4.5),
    Chime.ALERT: (3.5, 4.5),
    Chime.BED: (60, 90),
}
LOUDNESS = {
    Chime.OPENING: -19,
    Chime.BETWEEN: -22,
    Chime.CLOSING: -20,
    Chime.ALERT: -16,
    Chime.BED: -26,
}


@pytest.mark.parametrize("chime", list(Chime))
def test_a_chime_is_as_long_and_as_loud_as_it_should_be(chime):
    meter = Meter()
    meter.add(pcm(chime))
    meter.finish()
    least, most = LENGTHS[chime]
    assert least <= meter.samples / RATE <= most
    assert meter.lufs == pytest.approx(LOUDNESS[chime], abs=0.2)
    assert meter.true_peak < -3.0


@pytest.mark.parametrize("chime", [chime for chime in Chime if chime is not Chime.BED])
def test_it_begins_and_ends_in_silence(chime):
    sound = to_float(pcm(chime))
    assert abs(sound[0]) < 0.001
    assert np.abs(sound[-RATE // 100 :]).max() < 0.001
    assert np.abs(np.diff(sound)).max() < 0.3  # no jump from one sample to the next


def test_the_bed_leads_into_its_own_beginning():
    sound = to_float(pcm(Chime.BED))
    ordinary = np.abs(np.diff(sound)).max()
    joint = np.concatenate((sound[-200:], sound[:200]))
    assert np.abs(np.diff(joint)).max() <= ordinary
    halves = [
        np.sqrt(np.mean(part**2)) for part in (sound[-2 * RATE :], sound[: 2 * RATE])
    ]
    assert 0.3 < halves[0] / halves[1] < 3  # it neither dies away nor breaks in


@pytest.mark.parametrize("chime", list(Chime))
def test_a_horn_can_give_it_back(chime):
    sound = to_float(pcm(chime))
    power = np.abs(np.fft.rfft(sound)) ** 2
    hz = np.fft.rfftfreq(len(sound), 1 / RATE)
    assert power[(hz > 250) & (hz < 7_800)].sum() > 0.98 * power.sum()


def test_the_alert_changes_between_two_tones_twice_a_second():
    sound = to_float(pcm(Chime.ALERT))
    heard = []
    for n in range(7):
        part = sound[int((n + 0.15) * RATE / 2) : int((n + 0.85) * RATE / 2)]
        heard.append(round(np.argmax(np.abs(np.fft.rfft(part, RATE))) / 10) * 10)
    assert heard == [880, 590, 880, 590, 880, 590, 880]


def test_it_is_the_same_in_every_process_and_lies_on_the_shelf_once():
    asked = "from audio.chimes import place; from audio.clips import Memory; print(place('opening', Memory()))"
    told = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    )
    key = place(Chime.OPENING, shelf := Memory())
    assert told.stdout.strip() == place(Chime.OPENING, shelf) == key
    assert shelf.clips == {key: pcm(Chime.OPENING)}


@pytest.mark.parametrize("kind", list(RECIPES))
def test_chimes_go_through_the_chains_of_the_masters(kind, tmp_path):
    shelf = Memory()
    script = [
        Sound(place(chime, shelf), 300, n)
        for n, chime in enumerate((Chime.OPENING, Chime.BETWEEN, Chime.CLOSING))
    ]
    (master,) = make([RECIPES[kind]], script, shelf, Memory(), tagged, tmp_path)
    target, band = PROMISED[kind]
    loudness, peak = measured(master.path)
    assert loudness == pytest.approx(target, abs=band)
    assert peak <= -1.0
