"""Misreadings: one row for each place, whoever reports it, until somebody has looked at it."""

import pytest

from service.newsroom.errors import Invalid, NotFound
from service.newsroom.stories import misreadings
from service.newsroom.values import EVERYWHERE


def test_the_same_place_is_one_row(newsroom, press):
    story = press.publish()
    newsroom.misreadings.report(story.id, 1, 2, remark="đọc sai")
    newsroom.misreadings.report(story.id, 1, 2, remark="nghe không rõ")
    newsroom.misreadings.report(story.id, 1, 2, word="Một")
    rows, total = newsroom.misreadings.page(settled=False)
    assert total == 2
    assert {(row.word, row.times, row.remarks) for row in rows} == {
        ("Một", 1, ()),
        ("", 2, ("đọc sai", "nghe không rõ")),
    }


@pytest.mark.parametrize(
    ("version", "n", "word", "error"),
    [(2, 2, "", NotFound), (1, 9, "", NotFound), (1, 2, "không có", Invalid)],
)
def test_only_what_was_heard_can_be_reported(newsroom, press, version, n, word, error):
    story = press.publish()
    with pytest.raises(error):
        newsroom.misreadings.report(story.id, version, n, word)


def test_a_remark_has_an_end(newsroom, press):
    story = press.publish()
    with pytest.raises(Invalid):
        newsroom.misreadings.report(
            story.id, 1, 2, remark="x" * (misreadings.LONGEST_REMARK + 1)
        )


def test_what_is_settled_leaves_the_list_and_is_logged_once(newsroom, press):
    story = press.publish()
    newsroom.misreadings.report(story.id, 1, 2)
    ((row,), _) = newsroom.misreadings.page(settled=False)
    newsroom.misreadings.settle(row.id, "lan")
    newsroom.misreadings.settle(row.id, "mai")
    assert newsroom.lookout.stirring(EVERYWHERE).misreadings == 0
    ((settled,), _) = newsroom.misreadings.page(settled=True)
    assert settled.settled_by == "lan"
    lines = newsroom.log.lines(episode_id=story.id)
    assert [line.who for line in lines if line.what == "misreading settled"] == ["lan"]


def test_a_place_tells_whether_another_version_is_heard_by_now(newsroom, press):
    story = press.publish()
    newsroom.misreadings.report(story.id, 1, 2)
    press.again(story.id)
    ((row,), _) = newsroom.misreadings.page(settled=False)
    assert row.replaced
