"""Whether 200,000 characters of anything are read in ten times what 20,000 take (by hand:
some 20 minutes).

    python tools/linear.py            every generator, the worst ones last
    python tools/linear.py --only 20  so many of them, evenly chosen

A generator is a piece of text that is written again and again: every unit after a figure, every
unit as a rate, every abbreviation and every foreign word (in bunches), every mark in five places,
and phrases that are begun and never ended. Times are the processor's. Exit status 1 when one takes
more than 1.5 times its part.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from typing import NamedTuple

from service.vietnamese import Passage, read, tables

# Characters.
SMALL, LARGE = 20_000, 200_000
SLACK = 1.5
# The best counts: others use the machine as well.
TRIES = 3
# Rows of a table in one piece.
BUNCH = 25
WORST_SHOWN = 10
MARKS = "!\"#$%&'()*+,-–—./:;<=>?@[]^_`{|}~…°²½×→“”«»·•"
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
    *(
        "ngày 1-",
        "Văn A. ",
        "1/2/2025 ",
        "0912.",
        "I/",
        ". . ",
        "đồng/người/",
        "1-2-3–",
        "1:1:",
    ),
    *(
        "1/2, ",
        "1.000.",
        "5.3 - 20.3 ",
        "15.8-20.8, ",
        "(ii)",
        "T2-T6, ",
        "Q1/2025-",
        "5-10%",
    ),
    *(
        "36B – 012.34 ",
        "gọi 250 ",
        "1/NĐ-CP",
        "tỷ số ",
        "ngày 1, 2, ",
        "từ 1/2 đến ",
        "Km1+",
    ),
)


class Measure(NamedTuple):
    """What a generator took: seconds for the small text and for the large one."""

    piece: str
    small_s: float
    large_s: float

    @property
    def ratio(self) -> float:
        """1.0 when ten times the text takes ten times as long."""
        return self.large_s / self.small_s / (LARGE / SMALL)


def generators() -> Iterator[str]:
    """Every piece that is tried."""
    for unit in tables.units():
        yield f"5 {unit} "
        yield f"{unit}/"
    for rows in (tables.abbreviations(), tables.foreign(), tables.codes()):
        written = list(rows)
        for first in range(0, len(written), BUNCH):
            yield " ".join(("5", *written[first : first + BUNCH], ""))
    for mark in MARKS:
        yield from (
            mark,
            f"1{mark}",
            f"a{mark} ",
            f"UBND{mark}2 ",
            f"1 {mark} 2 {mark} ",
        )
    yield from PHRASES


def seconds(text: str) -> float:
    """The processor's time that reading a text takes."""
    began = time.process_time()
    read([Passage(text)])
    return time.process_time() - began


def measure(piece: str) -> Measure:
    """The best of some tries, which ends as soon as the time is in proportion."""
    text = piece * (LARGE // len(piece) + 1)
    best = Measure(piece, 1.0, float("inf"))
    for _ in range(TRIES):
        tried = Measure(piece, seconds(text[:SMALL]), seconds(text[:LARGE]))
        best = min(best, tried, key=lambda one: one.ratio)
        if best.ratio < SLACK:
            break
    return best


def main(arguments: list[str]) -> int:
    """Measures them all and prints the worst; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", type=int, help="so many generators, evenly chosen")
    only = parser.parse_args(arguments).only
    pieces = list(dict.fromkeys(generators()))
    step = max(1, len(pieces) // only) if only else 1
    measures = [measure(piece) for piece in pieces[::step]]
    by_ratio = sorted(measures, key=lambda one: one.ratio)[-WORST_SHOWN:]
    by_time = sorted(measures, key=lambda one: one.large_s)[-WORST_SHOWN:]
    print(f"{len(measures)} generators, {LARGE:,} characters against {SMALL:,}")
    for heading, worst in (("least in proportion", by_ratio), ("slowest", by_time)):
        print(heading)
        for one in worst:
            print(f"  {one.ratio:5.2f}  {one.large_s:6.2f} s  {one.piece[:50]!r}")
    return 1 if any(one.ratio > SLACK for one in measures) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
