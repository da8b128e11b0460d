"""What announcements ask to remember: forty of them, each with the memo that is right of it.

They were written, with their memos, before any was run: 34 of 40 were right the first time. Ten
more came later, for what nobody had tuned: 6 were right the first time.
"""

import re
from datetime import date, datetime
from pathlib import Path

import pytest

from service.vietnamese import read
from service.vietnamese.article import passages_of
from service.vietnamese.moments import starts_at
from service.vietnamese.remember import Remembered, TextLine, remember

TOLD_ON = date(2026, 11, 25)
FEWEST_RIGHT = 39  # of 40; what is not right is one who is named by being the subject


def announcements(name):
    """Each announcement by its fields."""
    text = Path(__file__).with_name(name).read_text("utf-8")
    for block in text.split("\n\n"):
        rows = [row for row in block.splitlines() if row and row[0] != "#"]
        if rows:
            yield dict(row.split(": ", 1) for row in rows)


ALL = list(announcements("announcements.txt"))
LATER = list(announcements("announcements_later.txt"))


def at(*parts):
    return datetime(*parts)  # noqa: DTZ001 (as it is told: by the commune's clock)


def memo(title, *paragraphs):
    passages = passages_of(title, "", paragraphs, "")
    return remember(
        [
            TextLine(line.written, passages[line.passage].role, line.changes)
            for line in read(passages)
        ]
    )


def of(announcement):
    return memo(announcement["title"], *announcement["text"].split("|"))


def right(announcement):
    fields = [announcement.get(name, "") for name in ("what", "who", "when", "where")]
    phones = filter(None, announcement.get("phone", "").split("|"))
    return Remembered(*fields, tuple(phones))


def test_forty_announcements():
    assert len(ALL) == 40
    assert sum(of(each) == right(each) for each in ALL) >= FEWEST_RIGHT


def test_ten_later_ones():
    assert len(LATER) == 10
    assert [each["title"] for each in LATER if of(each) != right(each)] == []


@pytest.mark.parametrize("announcement", [*ALL, *LATER], ids=lambda each: each["title"])
def test_nothing_is_invented(announcement):
    text = f"{announcement['title']}|{announcement['text']}"
    found = of(announcement)
    for value in (*found[:4], *found.phones):
        assert not value or re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text)


@pytest.mark.parametrize("announcement", ALL, ids=lambda each: each["title"])
def test_when_it_begins(announcement):
    begin = starts_at(announcement.get("when", ""), TOLD_ON)
    length = 16 if isinstance(begin, datetime) else 10
    written = begin.isoformat()[:length] if begin else ""
    assert written == announcement.get("start", "")


@pytest.mark.parametrize(
    ("words", "begin"),
    [
        ("7h ngày 03/01", at(2027, 1, 3, 7)),  # the next January
        ("ngày 20/11", date(2026, 11, 20)),  # a few days ago
        ("2 giờ chiều ngày 28/11", at(2026, 11, 28, 14)),
        ("từ 7 đến 9 giờ tối ngày 28/11", at(2026, 11, 28, 19)),
        ("từ 7-9 giờ tối ngày 28/11", at(2026, 11, 28, 19)),
        ("từ 1 giờ đến 3 giờ chiều ngày 28/11", at(2026, 11, 28, 13)),
        ("từ 7 giờ 30 đến 2 giờ chiều ngày 28/11", at(2026, 11, 28, 7, 30)),
        ("chiều ngày 28/11, lúc 2 giờ", at(2026, 11, 28, 14)),
        ("1 giờ trưa ngày 28/11", at(2026, 11, 28, 13)),
        ("từ 2 giờ đêm ngày 28/11", at(2026, 11, 28, 2)),
        ("12 giờ đêm ngày 28/11", date(2026, 11, 28)),  # of which night?
        ("lúc 2 giờ ngày 28/11", date(2026, 11, 28)),  # before noon or after?
        ("lúc 02 giờ ngày 28/11", at(2026, 11, 28, 2)),
        ("từ ngày 28/12 đến ngày 03/01/2027", date(2026, 12, 28)),
        ("từ ngày 28 đến ngày 05/12", date(2026, 11, 28)),
        ("ngày 01, 02 và 03/12", date(2026, 12, 1)),
        ("ngày 31/02/2027", None),
        ("25 giờ ngày 28/11", date(2026, 11, 28)),
        ("ngày 5", None),  # of which month?
        ("thứ Ba hằng tuần", None),
    ],
)
def test_moments(words, begin):
    assert starts_at(words, TOLD_ON) == begin


def test_the_date_of_a_document_is_no_moment():
    found = memo(
        "Thông báo họp",
        "Theo Kế hoạch số 4/KH-UBND ngày 12/11/2026, xã họp ngày 28/11.",
    )
    assert found.when == "ngày 28/11"


def test_what_has_nothing_has_nothing():
    assert memo("Mới làm đường") == Remembered("Mới làm đường")
    assert remember([]) == Remembered()


@pytest.mark.parametrize(
    "text", ["tại " * 5_000, "ngày 1, " * 5_000, "từ 7h đến " * 3_000]
)
def test_long_texts_take_no_longer_than_they_are_long(text):
    found = memo("Thông báo", text)
    assert all(
        re.sub(r"\s+", " ", value) in " ".join(text.split()) for value in found[1:4]
    )
