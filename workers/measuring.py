"""How fast a voice is on this machine: measured once for each build of its engine, and kept."""

import logging
import time
from dataclasses import replace

from audio.gate import admit
from audio.voice import RATE, SAMPLE_BYTES, Engine, EngineTrouble, Voice
from service.newsroom.values.voices import MEASURED_SENTENCE
from workers.speaking import Speech
from workers.studio import Studio

log = logging.getLogger("loa.measuring")

TIMES_SPOKEN = 2  # after once to load its model; the better counts
SHORTEST_S = 0.001  # a clock may not see what is quicker


def measure(speech: Speech, took_s: float, at: Studio) -> None:
    """Keeps how fast the voice of an audition is, if that is not known of this build.

    `took_s` is how long the audition took. A voice over a network is judged by that call alone: it
    is not called for the measure's sake.
    """
    voice = replace(speech.voice, rate=1.0)
    if at.newsroom.voices.has_speed(str(voice), speech.build):
        return
    engine = at.voices.engine(voice.engine)
    try:
        if engine.limits is None:
            times: float | None = times_real_time(engine, voice)
        else:
            times = _as_heard(speech, took_s, at)
    except EngineTrouble as trouble:
        log.warning("%s was not measured: %s", voice, trouble)
        return
    if times:
        at.newsroom.voices.keep_speed(str(voice), speech.build, times)


def times_real_time(engine: Engine, voice: Voice) -> float:
    """Seconds of sound in a second of one call at a time, after the model is loaded.

    EngineTrouble when it does not speak.
    """
    engine.speak(MEASURED_SENTENCE, voice, engine.deadline)
    return max(_spoken_once(engine, voice) for _ in range(TIMES_SPOKEN))


def _spoken_once(engine: Engine, voice: Voice) -> float:
    began = time.monotonic()
    pcm = engine.speak(MEASURED_SENTENCE, voice, engine.deadline)
    took_s = time.monotonic() - began
    return _seconds(admit(pcm, MEASURED_SENTENCE)) / max(took_s, SHORTEST_S)


def _as_heard(speech: Speech, took_s: float, at: Studio) -> float | None:
    """The same of an audition; None when nothing was called for it."""
    clip = at.newsroom.clips.get(speech.recording.keys[0])
    if clip is None or not speech.recording.engine_calls:
        return None
    return _seconds(clip) / max(took_s, SHORTEST_S)


def _seconds(pcm: bytes) -> float:
    return len(pcm) / SAMPLE_BYTES / RATE
