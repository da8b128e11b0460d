"""What people wait for is heard first: `app`, while the other masters are still made."""

from dataclasses import replace
from datetime import timedelta

from audio.ffmpeg import FfmpegError
from audio.recipes import RECIPES
from service.newsroom.values import Lane, State, Step
from tests.conftest import ENCODED
from workers.line import work

FIRST = {"app"}
A_WHILE = timedelta(hours=1)  # longer than any pause between attempts


class Watched:
    """Makes masters as the house does, and looks at the episode when `app` is there."""

    def __init__(self, look):
        self.look, self.seen, self.order = look, [], []

    def __call__(self, *given):
        *usual, heard = given

        def noted(master):
            heard(master)
            self.order.append(master.recipe.kind)
            self.seen.append(self.look())

        return ENCODED(*usual, noted)


def mastered(newsroom, studio):
    """Does what is there up to the masters, and those by `studio`."""
    while job := newsroom.jobs.claim("test", tuple(Lane)):
        work(job, studio)
        if job.step is Step.MASTER:
            return


def test_app_is_heard_while_the_others_are_made(newsroom, studio, hand_in, client):
    number = hand_in()

    def look():
        episode = newsroom.episodes.get(number)
        newest = next(master for master in episode.masters if master.kind == "app")
        return episode.state, {master.kind for master in episode.masters}, newest.key

    watched = Watched(look)
    mastered(newsroom, replace(studio, make=watched))
    state, kinds, key = watched.seen[0]
    assert watched.order == ["app"]
    assert state is State.SPOKEN  # nobody approves a version that is not whole
    assert kinds == FIRST
    episode = newsroom.episodes.get(number)
    assert episode.state is State.MASTERED
    assert set(RECIPES) == {master.kind for master in episode.masters}
    app = next(master for master in episode.masters if master.kind == "app")
    assert app.key == key  # written once
    assert newsroom.files.get(key) is not None


def test_others_that_fail_leave_app_and_the_next_attempt_is_whole(
    newsroom, studio, hand_in, work_all, clock
):
    number = hand_in()

    def breaking(*given):
        *usual, heard = given
        ENCODED(*usual, heard)
        raise FfmpegError("lite: No space left on device")

    mastered(newsroom, replace(studio, make=breaking))
    episode = newsroom.episodes.get(number)
    assert episode.state is not State.MASTERED
    assert {master.kind for master in episode.masters} == FIRST
    for _ in range(4):
        clock.ahead += A_WHILE
        work_all()
    episode = newsroom.episodes.get(number)
    assert episode.state is State.MASTERED
    assert set(RECIPES) == {master.kind for master in episode.masters}


def test_a_job_that_was_taken_over_keeps_nothing(newsroom, studio, hand_in):
    number = hand_in()
    jobs = newsroom.jobs

    def slow(*given):
        *usual, heard = given

        def late(master):
            newsroom.episodes.say_otherwise(number, 2, "một câu khác hẳn", "lan")
            heard(master)

        return ENCODED(*usual, late)

    mastered(newsroom, replace(studio, make=slow))
    assert jobs.claim("test", tuple(Lane)) is not None
    assert newsroom.episodes.get(number).masters == ()
