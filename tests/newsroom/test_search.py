"""Whatever is searched for is an answer, not an error of the database."""

import pytest

from service.newsroom.public.excerpts import excerpt
from service.newsroom.spellings import table, wanted

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


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("vacxin", "Tiêm vắc xin cho trâu"),
        ("vắc-xin", "Tiêm vaccine cho trâu"),
        ("vaccine", "Tiêm vắc xin cho trâu"),
        ("oto", "Cấm ô tô tải qua cầu"),
        ("ximang", "Phát xi măng làm đường"),
        ("kỹ sư", "Hai kĩ sư về xã"),
        ("qui hoạch", "Quy hoạch khu dân cư"),
        ("covid", "Phòng cô vít mùa lạnh"),
        ("ABCD, vi-rút", "Lớp abcd có virut"),
    ],
)
def test_words_are_found_in_other_spellings(newsroom, publish, typed, written):
    publish("Xã làm đường", (written,))
    assert newsroom.editions.latest(words=typed).total == 1


@pytest.mark.parametrize("typed", ["oto", "vacxin", "kỹ", "anhta"])
def test_other_spellings_are_whole_words(newsroom, publish, typed):
    publish("Xã làm đường", ("Cho tôi hỏi: kinh tế, va cxin, nhanh tay.",))
    assert newsroom.editions.latest(words=typed).total == 0


def test_every_form_of_the_table_finds_every_other():
    for form, row in table().items():
        (word,) = wanted(form)
        assert {word.typed, *word.others} == set(row), form


def marked(text, words):
    shown = excerpt(text, wanted(words))
    return shown and [piece.text for piece in shown.pieces if piece.is_hit]


def test_an_excerpt_shows_where_the_words_are():
    text = "Một câu mở đầu. " * 9 + "Đợt này tiêm vắc xin cho trâu, bò. " + "Hết. " * 40
    assert marked(text, "vacxin trau") == ["vắc xin", "trâu"]
    shown = excerpt(text, wanted("vacxin trau"))
    assert (shown.goes_on_before, shown.goes_on_after) == (True, True)
    assert "".join(piece.text for piece in shown.pieces) in text
    assert len("".join(piece.text for piece in shown.pieces)) < 250
    assert marked("Điện lực cắt điện", "dien") == ["Điện", "điện"]
    assert marked("Điện lực", "duong") is None
    assert marked("", "duong") is None


def test_excerpts_come_of_public_texts(newsroom, publish):
    number = publish("Xã làm đường", ("Tiêm vắc xin cho trâu.",)).id
    assert list(newsroom.excerpts.of([number], "vacxin")) == [number]
    assert newsroom.excerpts.of([number], "lam duong") == {}  # in the title alone
    assert newsroom.excerpts.of([], "vacxin") == {}
