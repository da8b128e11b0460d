"""A worker that dies is noticed by its neighbours at once, whatever ended it."""

import subprocess
import sys

import pytest

from service.newsroom.errors import Unavailable
from service.newsroom.values import Lane
from tests.system.servers import HANGS_AFTER_S
from workers.roll import Roll

SIGNS_IN = """
import sys
from pathlib import Path
from workers.roll import Roll
roll = Roll(Path(sys.argv[1]), "other")
print("here", flush=True)
sys.stdin.readline()
roll.leave()
"""


@pytest.fixture
def other(tmp_path):
    """Another process, which has signed in."""
    command = [sys.executable, "-c", SIGNS_IN, str(tmp_path)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "here\n"
    yield process
    process.kill()
    process.communicate()


def dead(roll):
    names = []
    roll.look(names.append)
    return names


def test_a_neighbour_that_is_killed_is_noticed_once(tmp_path, other):
    roll = Roll(tmp_path, "we")
    assert dead(roll) == []
    other.kill()
    other.wait()
    assert dead(roll) == ["other"]
    assert dead(roll) == []


def test_a_neighbour_that_ends_as_it_should_is_not_dead(tmp_path, other):
    roll = Roll(tmp_path, "we")
    other.communicate("end\n", timeout=HANGS_AFTER_S)
    assert dead(roll) == []


def test_what_cannot_be_given_back_now_is_met_again(tmp_path, other):
    roll = Roll(tmp_path, "we")
    other.kill()
    other.wait()

    def away(_name):
        raise Unavailable("away", "away")

    with pytest.raises(Unavailable):
        roll.look(away)
    assert dead(roll) == ["other"]


def test_the_job_of_a_dead_neighbour_is_done_before_its_lease_ends(
    newsroom, hand_in, work_all, tmp_path, other
):
    number = hand_in()
    work_all(most=1)
    newsroom.jobs.claim("other/slow-1", tuple(Lane))
    assert work_all() == []
    other.kill()
    other.wait()
    Roll(tmp_path, "we").look(lambda name: newsroom.jobs.release_all(f"{name}/"))
    job = newsroom.jobs.claim("we/slow-1", tuple(Lane))
    assert (job.episode_id, job.deaths) == (number, 1)
