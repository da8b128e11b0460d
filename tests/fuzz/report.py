"""What came of the inputs: a table by door, what was broken, and whether the promises were kept."""

import os
from collections import Counter
from dataclasses import dataclass, field

from tests.fuzz.calls import Answer
from tests.fuzz.watch import SLOWEST_S, Seen

MOST_TOLD = 20
HEADINGS = ("door", "tries", "taken", "4xx", "5xx", "unanswered", "slowest")


@dataclass
class Row:
    """A door's answers."""

    tries: int = 0
    taken: int = 0
    refused: int = 0
    ours: int = 0
    unanswered: int = 0
    slowest: float = 0.0


@dataclass
class Report:
    """Answers as they come in."""

    rows: dict[str, Row] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    words_given: int = 0
    words_lost: int = 0

    def add(
        self,
        door: str,
        number: int,
        answer: Answer,
        told: str,
        *,
        may_end: bool = False,
    ) -> None:
        """An answer; `may_end`: a connection that is simply ended is a right answer there."""
        row = self.rows.setdefault(door, Row())
        row.tries += 1
        row.slowest = max(row.slowest, answer.seconds)
        if answer.status == 0:
            row.unanswered += not may_end
            row.refused += may_end
        elif answer.status >= 500:
            row.ours += 1
        else:
            row.refused += answer.status >= 400
            row.taken += answer.status < 400
        if answer.status >= 500 or (answer.status == 0 and not may_end):
            said = answer.body[-300:].decode("utf-8", "replace")
            self.faults.append(f"#{number} {door}: {answer.status}: {told}: {said}")

    def read(
        self, number: int, episode: str, given: Counter[str], read: Counter[str]
    ) -> None:
        """The words that somebody typed, and those of the sentences that came of them."""
        lost = given - read
        self.words_given += given.total()
        self.words_lost += lost.total()
        if lost:
            self.faults.append(f"#{number} {episode} lost: {' '.join(lost)}")

    @property
    def unanswered(self) -> int:
        """Calls that nobody answered."""
        return sum(row.unanswered for row in self.rows.values())

    def table(self) -> str:
        """The table by door."""
        lines: list[tuple[str, ...]] = [HEADINGS]
        for name, row in self.rows.items():
            counts = (row.tries, row.taken, row.refused, row.ours, row.unanswered)
            lines.append((name, *map(str, counts), f"{row.slowest:.2f} s"))
        wide = [max(len(line[n]) for line in lines) for n in range(len(HEADINGS))]
        return "\n".join(
            "  ".join([line[0].ljust(wide[0]), *map(str.rjust, line[1:], wide[1:])])
            for line in lines
        )

    def promises(self, seen: list[Seen]) -> list[tuple[str, bool]]:
        """What is promised, with its figures, and whether it was kept."""
        rows = self.rows.values()
        ours = sum(row.ours for row in rows)
        tries = sum(row.tries for row in rows)
        kept = [
            (f"{tries} inputs, {ours} answers or ends that are our fault", not ours),
            (f"{self.unanswered} calls without an answer", not self.unanswered),
            (
                f"{self.words_lost} of {self.words_given} typed words lost",
                not self.words_lost,
            ),
        ]
        for each in seen:
            told = (
                f"{each.path}: asked {each.asked} times, slowest {each.slowest:.2f} s, "
                f"{len(each.slow_at)} above {SLOWEST_S:.0f} s {list(each.slow_at) or ''}, "
                f"{each.failed} not 200 (the watch came up to {each.late:.2f} s late, and stood in "
                f"line for a processor up to {each.in_line:.2f} s, which is taken off)"
            )
            if each.slow_at:
                told += f"; up to {each.load:.0f} processes wanted one of {os.cpu_count()} processors"
            kept.append((told, not each.slow_at and not each.failed))
        return kept

    def printed(self, seen: list[Seen]) -> bool:
        """Prints all of it; whether every promise was kept."""
        print(self.table())
        for fault in self.faults[:MOST_TOLD]:
            print("  ", fault)
        if len(self.faults) > MOST_TOLD:
            print(f"   … and {len(self.faults) - MOST_TOLD} more")
        promises = self.promises(seen)
        for told, held in promises:
            print("kept  " if held else "BROKEN", told)
        return all(held for _, held in promises)
