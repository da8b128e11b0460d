"""What killed processes left is removed at the next start; a living one's folder is left alone."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from service.newsroom.errors import Conflict
from workers.scratch import PREFIX, sweep_killed

OPENS = """
import sys, tempfile
tempfile.tempdir = sys.argv[1]
from workers.scratch import open_scratch
print(open_scratch(), flush=True)
open(tempfile.mkstemp()[1], "w").write("a master in the making")
sys.stdin.read()
"""


@pytest.fixture
def process(tmp_path):
    """A process with scratch below a folder, and where that lies."""
    running = []

    def process():
        command = [sys.executable, "-c", OPENS, str(tmp_path)]
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        running.append(child)
        return child, Path(child.stdout.readline().strip())

    yield process
    for child in running:
        child.kill()
        child.wait()
        child.stdin.close()
        child.stdout.close()


def test_scratch_of_the_killed_goes_and_that_of_the_living_stays(tmp_path, process):
    (killed, left), (living, kept) = process(), process()
    killed.kill()
    killed.wait()
    assert left.exists()
    assert sweep_killed(tmp_path) == 1
    assert (left.exists(), kept.exists()) == (False, True)
    living.stdin.close()
    assert living.wait(60) == 0
    assert list(tmp_path.glob(f"{PREFIX}*")) == [], "who ends well leaves nothing"


def test_a_home_that_a_newer_loa_opened_is_told_in_one_line(newsroom):
    with newsroom.database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Conflict) as refused:
        newsroom.database.migrate()
    assert "newer Loa" in str(refused.value)
    assert "\n" not in str(refused.value)
