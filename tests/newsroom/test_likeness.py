"""The same news again: what opens no version, and what two portals publish alike."""

from dataclasses import replace
from datetime import timedelta

import pytest

from service.newsroom.stories.likeness import KEPT, sketch_of
from service.newsroom.values import NewArticle, Source, SourceKind, Station
from tests.conftest import SENTENCES

OTHER = (
    "Trạm y tế khám sức khỏe cho người cao tuổi vào sáng thứ bảy tại nhà văn hóa thôn Hai. "
    * 3
)


def article(title="Xã làm đường", text=SENTENCES, stations=("suoi-lanh",), **more):
    return NewArticle(title, (text,), f"{title}{text}", stations, **more)


@pytest.fixture
def send(newsroom):
    newsroom.stations.put(Station("huyen", "Đài huyện"))

    def send(sender, sent):
        return newsroom.articles.receive(sent, sender, Source(SourceKind.KEY, sender))

    return send


def test_the_same_piece_of_another_portal_is_found(newsroom, send):
    commune = send("xã", article())
    added = f"{SENTENCES} Buổi lễ kết thúc lúc mười giờ."
    district = send("huyện", article("Xã Suối Lành làm đường mới", added, ("huyen",)))
    send("huyện", article("Khám sức khỏe", OTHER, ("huyen",)))
    (like,) = newsroom.articles.like(commune.article_id)
    assert (like.episode_id, like.station_name) == (district.episode_id, "Đài huyện")
    assert like.share > 0.8
    assert [
        each.episode_id for each in newsroom.articles.like(district.article_id)
    ] == [commune.episode_id]


def test_news_of_long_ago_and_other_news_is_not_alike(newsroom, send, clock):
    send("xã", article())
    clock.ahead += timedelta(days=8)
    assert (
        newsroom.articles.like(send("huyện", article(stations=("huyen",))).article_id)
        == []
    )
    assert (
        newsroom.articles.like(send("huyện", article("Khám", OTHER)).article_id) == []
    )


def test_a_sketch_is_small_however_long_the_text_and_forgives_marks():
    assert len(sketch_of(SENTENCES * 100)) <= KEPT
    assert sketch_of("Bà con ra đồng từ sáng sớm.") == sketch_of(
        "bà con ra đồng, từ sáng sớm"
    )
    assert sketch_of("") == []


def test_a_topic_alone_opens_no_version(newsroom, send, publish):
    sent = article(external_id="7", topic="Tin trong xã")
    first = send("cổng", sent)
    again = send("cổng", replace(sent, topic="Môi trường"))
    assert again.news == "unchanged"
    assert newsroom.articles.get(first.article_id).topic == "Môi trường"
    assert newsroom.episodes.get(first.episode_id).version == 1
    assert any(
        "topic: Tin trong xã → Môi trường" in each.detail
        for each in newsroom.log.lines(episode_id=first.episode_id)
    )
