"""The short form of `make fuzz`: within the process, and the same doors."""

from random import Random

import pytest

from service.newsroom.values import Lane, Role, Slot, Station, Step
from tests.fuzz.calls import Inside
from tests.fuzz.commands import Commands
from tests.fuzz.doors import DOORS
from tests.fuzz.place import logged_in
from tests.fuzz.report import Report
from tests.fuzz.served import NAME, PASSWORD, episode_of, furnished, read_words
from workers.line import work

SEED = 14
INPUTS = 150


@pytest.fixture
def write_all(newsroom, studio):
    """Does the first step of the line for all that came in, and leaves the rest."""

    def write_all():
        while job := newsroom.jobs.claim("test", tuple(Lane)):
            if job.step is Step.WRITE:
                work(job, studio)

    return write_all


@pytest.fixture
def place(app, newsroom, publish):
    """The installation as it stands for a program and for a person who is logged in."""
    newsroom.stations.put(
        Station("suoi-lanh", "Đài Suối Lành", slots=(Slot("05:00", 900),))
    )
    for title in ("Xã làm đường", "Lịch cấp nước"):
        publish(title)
    newsroom.people.add(NAME, PASSWORD, Role.ADMIN)
    secret = newsroom.people.add_key("tests", Role.ADMIN)
    app.testing = False  # what fails is to be answered as it is to people
    sender = Inside(app.test_client(), app.test_client())
    logged_in(sender, NAME, PASSWORD)
    return furnished(sender, secret)


def test_no_input_is_our_fault_and_no_typed_word_is_lost(place, write_all):
    report = Report()
    awaited = []
    for number in range(INPUTS):
        random = Random(f"{SEED}/{number}")
        (door,) = random.choices(DOORS, [door.share for door in DOORS])
        made = door.make(random, place)
        answer = place.sender.send(made.call)
        report.add(door.name, number, answer, f"{made.call.method} {made.call.path}")
        if made.words and (episode := episode_of(answer)):
            awaited.append((number, episode, made.words))
    write_all()
    for number, episode, words in awaited:
        report.read(number, episode, words, read_words(place, episode))
    assert not report.faults
    assert len(awaited) > INPUTS // 10, "hardly anything that was typed was taken"
    assert all(row.taken for row in report.rows.values() if row.tries > INPUTS // 10)


def test_commands_end_with_an_exit_status_of_theirs(tmp_path):
    environment = {
        "LOA_HOME": str(tmp_path / "home"),
        "LOA_VOICES": "tone",
        "LOA_SAMPLES": "0",
    }
    commands = Commands(tmp_path / "files", environment)
    answers = [commands.restore(Random(f"{SEED}/{n}"), n) for n in range(2)]
    assert all(answer.status < 500 for answer in answers), answers
