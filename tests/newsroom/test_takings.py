"""Takings: what operators took, and what they are told of it afterwards."""

from datetime import timedelta

import pytest

from service.newsroom.errors import NotFound, Withdrawn
from service.newsroom.values import NewArticle, Station


@pytest.fixture
def states(newsroom):
    """How what was taken in the last days stands by now."""

    def states():
        since = newsroom.now() - timedelta(days=7)
        return [
            taking.state for taking in newsroom.takings.outdated("suoi-lanh", since)
        ]

    return states


def test_the_sound_for_horns_is_what_an_operator_gets(newsroom, press):
    story = press.publish()
    assert newsroom.takings.newest(story.id) == (1, f"{story.id}/1/speaker-1.mp3")


def test_what_was_never_on_the_air_is_not_there_and_what_was_withdrawn_says_why(
    newsroom, press
):
    waiting = press.receive("Chưa duyệt")
    with pytest.raises(NotFound):
        newsroom.takings.newest(waiting)
    story = press.publish()
    newsroom.episodes.withdraw(story.id, "sai số liệu", "chị Sen")
    with pytest.raises(Withdrawn, match="sai số liệu"):
        newsroom.takings.newest(story.id)


def test_nothing_is_told_of_a_file_that_is_still_right(newsroom, press, states):
    newsroom.takings.take("suoi-lanh", press.publish().id, 1)
    assert states() == []


def test_who_took_an_older_version_is_told(newsroom, press, states):
    story = press.publish()
    newsroom.takings.take("suoi-lanh", story.id, 1)
    press.again(story.id)
    assert states() == ["replaced"]
    newsroom.takings.take("suoi-lanh", story.id, 2)
    assert states() == []


def test_who_took_what_was_withdrawn_is_told_that_alone(newsroom, press, states):
    story = press.publish()
    newsroom.takings.take("suoi-lanh", story.id, 1)
    press.again(story.id)
    newsroom.episodes.withdraw(story.id, "sai", "chị Sen")
    assert states() == ["withdrawn"]


def test_who_took_what_was_corrected_is_told_until_the_correction_is_taken(
    newsroom, press, states
):
    story = press.publish("Họp ngày 25")
    newsroom.takings.take("suoi-lanh", story.id, 1)
    text = NewArticle("Đính chính", ("Họp ngày 26.",), "c", ("suoi-lanh",))
    correction = newsroom.articles.correct(
        story.id, text, "ngày 25", "ngày 26", "lan"
    ).episode_id
    press.work()
    press.approve(correction)
    assert states() == ["corrected"]
    newsroom.takings.take("suoi-lanh", correction, 1)
    assert states() == []


def test_nobody_notes_a_taking_in_the_name_of_a_station_that_it_is_not_for(
    newsroom, press, states
):
    newsroom.stations.put(Station("ban-mo", "Đài Bản Mồ"))
    story = press.publish(stations=("ban-mo",))
    newsroom.takings.take("suoi-lanh", story.id, 1)
    press.again(story.id)
    assert states() == []
