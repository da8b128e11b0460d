"""A recording whose process dies goes on where it ended."""

import subprocess
import sys

from audio.booth import Line, record
from audio.clips import clip_key
from audio.engines import open_engine
from audio.voice import Voice
from service.newsroom.store.files import Clips, open_files

CLIPS, KILLED_AT = 195, 152
TONE = Voice("tone", "")
RECORDS = """
import sys
from tests.audio.test_kill import recorded
recorded(sys.argv[1], lambda done, total: print(done, flush=True))
"""


def lines():
    return [Line(f"câu số {n} của bài dài") for n in range(CLIPS)]


def recorded(folder, on_progress):
    return record(
        lines(),
        TONE,
        open_engine("tone"),
        Clips(open_files(folder), "clips"),
        on_progress=on_progress,
    )


def test_killed_at_clip_152_of_195_it_goes_on_from_there(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", RECORDS, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) >= KILLED_AT:
                process.kill()
                break
    build = open_engine("tone").build()
    shelf = Clips(open_files(str(tmp_path)), "clips")
    kept = sum(
        shelf.get(clip_key(line.spoken, TONE, build)) is not None for line in lines()
    )
    assert KILLED_AT <= kept < CLIPS
    again = recorded(str(tmp_path), lambda done, total: None)
    assert (again.engine_calls, again.clips_reused) == (CLIPS - kept, kept)
