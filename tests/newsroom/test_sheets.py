"""The proof sheet's own look at an episode says what each desk says of it."""

import pytest

from service.newsroom.errors import NotFound
from service.newsroom.values import ArticleDoubt, NewArticle, OmittedLine


@pytest.fixture
def story(newsroom, press):
    """An episode with a doubt, lines that were left out, and three versions, the second approved by
    a person.
    """
    article = NewArticle(
        "Tin",
        ("Một câu.", "Hai câu."),
        "d",
        ("suoi-lanh",),
        left_out=(OmittedLine("Trang chủ", "menu"),),
        doubts=(ArticleDoubt.NO_DATE,),
    )
    number = newsroom.articles.receive(article, "lan").episode_id
    press.work()
    newsroom.episodes.say_otherwise(number, 2, "một câu khác", "lan")
    press.work()
    press.approve(number)
    newsroom.episodes.say_otherwise(number, 3, "hai câu khác", "lan")
    press.work()
    return number


def test_it_tells_what_the_desks_tell(newsroom, story):
    sheet = newsroom.episodes.sheet(story)
    assert sheet.episode == newsroom.episodes.get(story)
    assert list(sheet.renderings) == newsroom.episodes.renderings(story)
    assert [sheet.card] == newsroom.episodes.cards(ids=[story])[0]
    assert list(sheet.log) == newsroom.log.lines(episode_id=story)
    assert [line.text for line in sheet.left_out] == ["Trang chủ"]
    assert sheet.station_names == {"suoi-lanh": "Đài Suối Lành"}


def test_a_doubt_of_the_text_is_settled_by_whoever_approved_a_version_with_it(
    newsroom, story
):
    newest, approved, first = newsroom.episodes.sheet(story).renderings
    assert (first.doubts, approved.doubts) == ((ArticleDoubt.NO_DATE,),) * 2
    assert newest.doubts == ()


def test_there_is_none_of_a_number_that_nothing_has(newsroom):
    with pytest.raises(NotFound):
        newsroom.episodes.sheet(99)
