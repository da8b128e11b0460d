"""Every rule that stands in a table of rules is named once, and its example is read as it says."""

from pathlib import Path

import pytest

from service import vietnamese
from service.vietnamese import Passage, read, say, tables
from service.vietnamese.doubts import DOUBTS
from service.vietnamese.tables import cues
from service.vietnamese.tables.cue import Cue
from tests.linear import modules_of

TABLES = Path(tables.__file__).parent


def is_a_rule(value):
    return all(hasattr(value, part) for part in ("name", "example", "reading"))


def tables_of_rules():
    """Tuples of rules, and those that stand by their mark in a dictionary."""
    for module in modules_of(vietnamese):
        for name, value in vars(module).items():
            tables = value.items() if isinstance(value, dict) else (("", value),)
            for key, table in tables:
                if isinstance(table, tuple) and table and is_a_rule(table[0]):
                    yield f"{module.__name__.rpartition('.')[2]}.{name}{key}", table


RULES = [(table, rule) for table, rules in tables_of_rules() for rule in rules]


@pytest.mark.parametrize(
    ("table", "rule"), RULES, ids=lambda part: getattr(part, "name", part)
)
def test_every_rule_reads_its_example(table, rule):
    assert say(rule.example).rstrip(".") == rule.reading.rstrip(".")


def test_rules_of_one_table_have_names_of_their_own():
    for table, rules in tables_of_rules():
        names = [rule.name for rule in rules]
        assert len(names) == len(set(names)), table


@pytest.mark.parametrize("doubt", DOUBTS, ids=lambda doubt: doubt.name)
def test_a_figure_that_could_be_said_otherwise_is_a_doubt_with_its_rival(doubt):
    doubted = [
        change.rivals
        for sentence in read([Passage(doubt.example)])
        for change in sentence.changes
        if change.doubt
    ]
    assert doubted == [(doubt.rival_said,)]
    plain = [
        change
        for sentence in read([Passage(doubt.plain)])
        for change in sentence.changes
    ]
    assert not any(change.doubt for change in plain)


@pytest.mark.parametrize(
    "plain",
    [
        "phiên bản 7.12",
        "bụi PM2.5",
        "điểm 5.6 của kế hoạch",
        "mức 7.13",
        "gọi 113 ngay",
        "số tài khoản 1020 1000 2345 678 tại ngân hàng",
        "TS Lê Văn Hòa",
        "TP Vinh",
        "UBND xã",
        "chi bộ có 32 ĐV",
        "bảng B gồm hai đội",
        "người của VN đến",
        "Thông báo số 401/TB-VP của xã",
    ],
)
def test_what_is_plain_is_no_doubt(plain):
    changes = [
        change for sentence in read([Passage(plain)]) for change in sentence.changes
    ]
    assert not any(change.doubt for change in changes)


@pytest.mark.parametrize(
    ("written", "likeliest"),
    [
        ("Thôn có 5 TN.", "tốt nghiệp"),
        ("Hội nghị của CT ấy.", "chủ tịch"),
        ("Gặp ông TB.", "thương binh"),
    ],
)
def test_a_choice_that_little_tells_names_its_rivals(written, likeliest):
    (doubt,) = (
        change
        for sentence in read([Passage(written)])
        for change in sentence.changes
        if change.doubt
    )
    assert likeliest in doubt.rivals
    assert doubt.spoken not in doubt.rivals


@pytest.mark.parametrize(
    "guessed",
    [
        "kỹ năng mới (DQ)",  # two capitals that nothing around speaks for
        "Thông báo số 401/TWPCTT-VP gửi xã",  # a part of the number that nobody knows is not said
        "hàng của XYZK",
    ],
)
def test_what_is_guessed_is_a_doubt_without_rivals_too(guessed):
    changes = [
        change for sentence in read([Passage(guessed)]) for change in sentence.changes
    ]
    assert [change.doubt for change in changes] == [True]


def test_letters_in_a_bracket_before_a_report_are_whose_it_is():
    assert say("(CAO) Theo dự báo, xã có mưa") == "Theo dự báo, xã có mưa"
    assert say("(NTO) UBND xã họp") == "ủy ban nhân dân xã họp"
    assert say("(ATGT) là việc chung") != "là việc chung"


def test_an_office_joined_by_a_dash_is_the_one_joined_by_an_ampersand():
    assert say("Bộ TT-TT, Sở NN-PTNT") == (
        "Bộ thông tin và truyền thông, Sở nông nghiệp và phát triển nông thôn"
    )


def test_foreign_words_are_marked_quietly():
    """A mark of their own, so that they do not bury what an editor must look at."""
    (change,) = (
        change
        for sentence in read([Passage("ông Smith đến xã")])
        for change in sentence.changes
    )
    assert (change.rule, change.doubt) == ("unlisted", False)


def test_every_cue_has_an_example_and_a_counter_example():
    """The examples are read in test_reading; a cue that tells in neither is no cue."""
    lines = (TABLES / "cues.tsv").read_text(encoding="utf-8").splitlines()[1:]
    cells = [line.split("\t") for line in lines]
    assert [row[:2] for row in cells if len(row) < 6 or not all(row[:6])] == []
    twice = [tuple(row[:2]) for row in cells]
    assert len(twice) == len(set(twice))


def test_nobody_breathes_after_a_word_that_leans_on_the_next():
    """... nor elsewhere than before a word that begins a clause or phrase, where there are no
    marks.
    """
    for word in sorted(cues(Cue.LEANS_ON_THE_NEXT)):
        text = " ".join(f"bà con xã ta {word} làm đường thôn để đi" for _ in range(20))
        for sentence in read([Passage(text)]):
            assert not sentence.written.endswith(f" {word}"), word


def test_every_cue_of_the_table_is_one_that_the_code_asks_for():
    rows = (TABLES / "cues.tsv").read_text(encoding="utf-8").splitlines()[1:]
    assert {row.split("\t")[1] for row in rows} == set(Cue)
