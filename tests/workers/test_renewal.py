"""What waits for its voice is read again once that voice answers, and not before."""

from dataclasses import replace
from datetime import timedelta

import pytest

from audio.voice import Reason, Voice
from service.newsroom.errors import Held
from service.newsroom.values import State, Station
from tests.workers.test_line import Cast, Sick
from workers.renewal import PROBE_EVERY, Renewal


@pytest.fixture
def sick(studio):
    return Sick(Reason.UNREACHABLE)


@pytest.fixture
def at(studio, sick):
    """The studio whose preferred voice is sick."""
    return replace(
        studio, voices=Cast([Voice("sick", ""), Voice("tone", "")], {"sick": sick})
    )


@pytest.fixture
def look(newsroom, clock, work_all, at):
    """Looks, with all work done before and after; how many are read again."""
    renewal = Renewal(newsroom)

    def look(later=timedelta(minutes=1)):
        clock.ahead += later
        work_all(at)
        found = renewal.look()
        work_all(at)
        return found

    return look


def heal(sick, studio):
    sick.well, sick.left = studio.voices.engine("tone"), 10**9


def test_a_held_episode_is_read_when_its_voice_answers(
    newsroom, studio, sick, hand_in, look
):
    newsroom.stations.put(replace(newsroom.stations.get("suoi-lanh"), fallback="hold"))
    episodes = [hand_in(f"Tin thứ {n}") for n in range(3)]
    assert look() == 0
    assert {newsroom.episodes.get(number).held for number in episodes} == {
        Held.VOICE_UNREACHABLE
    }
    assert look() == 0
    heal(sick, studio)
    assert look() == 0  # the last probe failed, and another is not due
    assert look(PROBE_EVERY) == 0  # asks
    assert look() == 3
    assert {newsroom.episodes.get(number).state for number in episodes} == {
        State.MASTERED
    }
    assert look() == look(PROBE_EVERY) == 0


def test_a_provisional_voice_makes_room_for_the_preferred_one_once_that_is_approved(
    newsroom, studio, sick, hand_in, work_all, at, look
):
    episode_id = hand_in()
    look()
    newsroom.episodes.approve(
        episode_id, "chị Sen", newsroom.episodes.get(episode_id).version
    )
    work_all(at)
    assert newsroom.episodes.get(episode_id).rendering.provisional
    heal(sick, studio)
    assert look(PROBE_EVERY) + look() == 1
    episode = newsroom.episodes.get(episode_id)
    assert (
        episode.state,
        episode.rendering.spoken_by,
        episode.rendering.provisional,
    ) == (
        State.MASTERED,
        "sick",
        False,
    )
    (edition,) = newsroom.editions.latest().editions
    assert edition.provisional  # the public keeps what was approved
    newsroom.episodes.approve(episode_id, "chị Sen", episode.version)
    work_all(at)
    (edition,) = newsroom.editions.latest().editions
    assert not edition.provisional


def test_a_voice_that_stays_away_costs_one_audition_in_ten_minutes(
    newsroom, sick, hand_in, look
):
    newsroom.stations.put(
        Station("suoi-lanh", "Đài Suối Lành", approval="required", fallback="hold")
    )
    for n in range(20):
        hand_in(f"Tin thứ {n}")
    look()
    before = sick.left
    for _ in range(60):
        look()
    # An hour: six or seven auditions of four calls each
    assert 6 * 4 <= before - sick.left <= 7 * 4
