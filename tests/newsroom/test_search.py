"""Whatever is searched for is an answer, not an error of the database."""

import pytest

ODD = [
    "b/" * 2_000,
    "a" * 60_000,
    "một " * 5_000,
    "%" * 200 + "_",
    "\\" * 300,
    "ữ" * 3_000,
    "'\";--",
]


@pytest.mark.parametrize("words", ODD, ids=range(len(ODD)))
def test_odd_searches_find_nothing_and_break_nothing(newsroom, publish, words):
    publish("Xã làm đường")
    newsroom.editions.latest(words=words)
    newsroom.episodes.cards(words=words)
    newsroom.terms.mentions(words[:100])


def test_words_are_found_without_diacritics(newsroom, publish):
    publish("Xã làm đường liên thôn")
    assert newsroom.editions.latest(words="duong LIEN").total == 1
    assert newsroom.editions.latest(words="đường sắt").total == 0
