"""Sentences as local papers write them, each with what an announcer says: `announcer.tsv`, a row
each.
"""

import re
from pathlib import Path

import pytest

from service.vietnamese import Passage, read, say
from service.web.desk.proof import RULES

LINES = (
    (Path(__file__).parent / "announcer.tsv")
    .read_text(encoding="utf-8")
    .splitlines()[1:]
)


BUNCH = 100  # lines to a test: one for each line costs more than the reading


@pytest.mark.parametrize("first", range(0, len(LINES), BUNCH))
def test_reads_as_an_announcer_does(first):
    wanted = dict(line.split("\t") for line in LINES[first : first + BUNCH])
    assert {written: say(written) for written in wanted} == wanted


def test_every_change_has_a_name_that_an_editor_knows():
    passages = [Passage(line.split("\t")[0]) for line in LINES]
    rules = {change.rule for sentence in read(passages) for change in sentence.changes}
    assert len(rules) > 15
    assert rules <= set(RULES)


def test_words_are_said_as_they_stand_however_they_are_capitalised():
    """Names hold words of the tables: Ở Hà Nội, Tân Hòa, Quyết Thắng."""
    spoken = [line.split("\t")[1] for line in LINES]
    for text in (
        line
        for line in spoken
        if not re.search(
            "chấm (?:vn|gov|com|net)|gmail|xuyệt|a còng", line, re.IGNORECASE
        )
    ):
        for written in (
            text,
            " ".join(word[:1].upper() + word[1:] for word in text.split(" ")),
        ):
            assert re.findall(r"\w+", say(written).lower()) == re.findall(
                r"\w+", written.lower()
            )
