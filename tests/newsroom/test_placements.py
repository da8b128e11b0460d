"""Placements: a version is heard where it was approved for, and nowhere else before that."""

import pytest

from service.newsroom.values import NewArticle, Priority, Station


@pytest.fixture
def move(newsroom):
    """The same text for other stations, as an editor saves it."""
    newsroom.stations.put(Station("ban-mo", "Đài Bản Mồ"))

    def move(story, stations, **more):
        article = newsroom.articles.get(story.article_id)
        placed = NewArticle(article.title, article.paragraphs, "d", stations, **more)
        return newsroom.articles.edit(article.id, placed, "lan").news

    return move


def heard_at(newsroom, station):
    return [
        edition.title for edition in newsroom.editions.latest(station=station).editions
    ]


def test_another_placement_waits_for_approval(newsroom, press, move):
    story = press.publish("Tin")
    assert move(story, ("suoi-lanh", "ban-mo")) == "placed"
    press.work()
    assert heard_at(newsroom, "ban-mo") == []
    episode = newsroom.episodes.get(story.id)
    assert episode.on_air.stations == ("suoi-lanh",)
    assert episode.rendering.placement.stations == ("suoi-lanh", "ban-mo")
    press.approve(story.id)
    assert heard_at(newsroom, "ban-mo") == ["Tin"]


def test_what_nobody_hears_yet_is_placed_at_once(newsroom, press, move):
    number = press.receive("Tin")
    press.work()
    move(newsroom.episodes.get(number), ("ban-mo",), priority=Priority.URGENT)
    assert newsroom.episodes.get(number).station == "ban-mo"
    (card,), _ = newsroom.episodes.cards(station="ban-mo")
    assert card.priority is Priority.URGENT


def test_the_same_placement_is_no_new_version(newsroom, press, move):
    story = press.publish("Tin")
    assert move(story, ("suoi-lanh",)) == "unchanged"
    assert newsroom.episodes.get(story.id).version == 1
