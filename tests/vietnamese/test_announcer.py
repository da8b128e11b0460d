"""Sentences as local papers write them, each with what an announcer says: `announcer.tsv`, a row each."""

from pathlib import Path

import pytest

from service.vietnamese import say

LINES = (Path(__file__).parent / "announcer.tsv").read_text(encoding="utf-8").splitlines()[1:]


@pytest.mark.parametrize(("written", "spoken"), [tuple(line.split("\t")) for line in LINES])
def test_reads_as_an_announcer_does(written, spoken):
    assert say(written) == spoken
