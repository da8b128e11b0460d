"""Nobody's text stops the house: what reads takes time in proportion to what there is to read."""

from pathlib import Path

import pytest

from service import vietnamese
from service.vietnamese import Passage, read, say, tables
from service.vietnamese.tokens import LONGEST_LINE, LONGEST_RUN
from tests.linear import attacks_on, exhaust, grows_in_proportion, patterns_of

PATTERNS = patterns_of(vietnamese)
TABLES = sorted(Path(tables.__file__).parent.glob("*.tsv"))
BUNCH = 25  # rows of a table in one text
# Characters that the patterns see at once. What would make the longest line ten times as slow as it
# should be makes a text of this length six times as slow as a quarter of it: more takes longer and
# shows no more.
LONG = LONGEST_LINE // 5
LARGEST = 6 * LONGEST_LINE  # `tools/linear.py` takes 200,000, and every generator
QUICK_S = 5e-6  # for each character: a long line is read in 0.05 s then
MARKS = "!\"#$%&'()*+,-–—./:;<=>?@[]^_`{|}~…°²½×→“”«»·•"
WORST = ("người/km2/", "5-10%", "1/NĐ-CP", "UBND ")
PHRASES = (
    *(
        "1",
        "a",
        "A",
        "1.",
        "1/",
        "1-",
        "-1",
        "a@",
        "www.",
        "XI, ",
        "1 ",
        "1:",
        '9"',
        '"V',
        "x9",
    ),
    *("ngày 1-", "Văn A. ", "1/2/2025 ", "0912.", "I/", ". . "),
    *("đồng/người/", "1-2-3–", "1:1:", "1/2, ", "1.000."),
    *(
        "5.3 - 20.3 ",
        "15.8-20.8, ",
        "(ii)",
        "T2-T6, ",
        "Q1/2025-",
        "36B – 012.34 ",
        "gọi 250 ",
    ),
)


@pytest.mark.parametrize("place", PATTERNS)
def test_every_pattern_takes_time_in_proportion(place):
    search = exhaust(PATTERNS[place])
    for text in attacks_on(PATTERNS[place]):
        assert grows_in_proportion(search, text), text[:60]


def written_in(table):
    """The first cell of each row: what the row is about."""
    lines = table.read_text(encoding="utf-8").splitlines()
    return list(
        dict.fromkeys(line.split("\t")[0] for line in lines if line[:2] != "# ")
    )


def is_read_in_proportion(text, times=4):
    return grows_in_proportion(lambda part: read([Passage(part)]), text, times, QUICK_S)


def bunches(rows):
    return [rows[first : first + BUNCH] for first in range(0, len(rows), BUNCH)]


def repeated(piece, size):
    return (piece * (size // len(piece) + 1))[:size]


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_every_row_of_every_table_takes_time_in_proportion(table):
    """Written again and again, with a figure before and a stroke behind, as prices and codes have
    them.
    """
    for number, rows in enumerate(bunches(written_in(table))):
        text = repeated(" /"[number % 2].join(("5", *rows, "")), LONG)
        assert is_read_in_proportion(text), text[:60]


@pytest.mark.parametrize("mark", MARKS)
def test_every_mark_takes_time_in_proportion(mark):
    for piece in (
        mark,
        f"1{mark}",
        f"a{mark} ",
        f"UBND{mark}2 ",
        f"1 {mark} 2 {mark} ",
    ):
        text = repeated(piece, LONG)
        assert is_read_in_proportion(text), piece


@pytest.mark.parametrize("piece", [*PHRASES, "đồng/", "1-", "tỷ số ", "ngày 1, 2, "])
def test_every_unlucky_phrase_takes_time_in_proportion(piece):
    assert is_read_in_proportion(repeated(piece, 2 * LONG)), piece


@pytest.mark.parametrize("piece", WORST)
def test_what_is_longer_than_a_line_takes_time_in_proportion(piece):
    assert is_read_in_proportion(repeated(piece, LARGEST), LARGEST // LONGEST_LINE)


def units_as_rates():
    return [f"{unit}/" for unit in tables.units()]


@pytest.mark.parametrize("rates", bunches(units_as_rates()), ids=lambda rates: rates[0])
def test_a_rate_without_end_takes_time_in_proportion(rates):
    for rate in rates:
        assert is_read_in_proportion(repeated(rate, LONG)), rate


@pytest.mark.parametrize(
    "text",
    [
        "người/km2/" * 60,
        "Giá 5.000 " + "đồng/ngày/người/" * 40,
        "Mức 36.000đ/" + "HS/tháng/" * 60,
        "từ ngày 1, 2, 3/4 đến ngày 5-6/7, " * 30,
        "gọi 0219.3.866.456 hoặc 0912 345 678; " * 20,
    ],
)
def test_what_a_cut_sentence_does_not_hold_is_not_spoken(text):
    sentences = read([Passage(text)])
    assert len(sentences) > 1
    spoken = " ".join(sentence.spoken for sentence in sentences)
    assert words_of(spoken) == words_of(say(text))
    assert "".join(sentence.written for sentence in sentences).replace(" ", "") == (
        text.replace(" ", "")
    )


def words_of(spoken):
    return spoken.replace(",", "").replace(".", "").lower().split()


def test_a_passage_longer_than_any_is_read_whole_and_in_its_order():
    text = " ".join(f"Hộ số {number} nhận quà." for number in range(1, 2_000))
    assert len(text) > 3 * LONGEST_LINE
    sentences = read([Passage(text)])
    assert [sentence.written for sentence in sentences] == text.replace(
        ". ", ".\n"
    ).split("\n")
    pauses = {sentence.pause_ms for sentence in sentences[:-1]}
    assert len(pauses) == 1
    assert sentences[-1].pause_ms > max(pauses)


def test_what_has_neither_space_nor_stop_is_cut_somewhere_and_nothing_is_lost():
    sentences = read([Passage("ạ" * 30_000)])
    assert max(len(sentence.written) for sentence in sentences) <= LONGEST_RUN
    assert "".join(sentence.written for sentence in sentences) == "ạ" * 30_000
