"""What came of the injections: the table by kind, what was broken, and whether the promises were
kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.chaos.audit import Findings
from tests.chaos.loudspeaker import Heard

MOST_TOLD = 20
HEADINGS = ("injection", "rounds", "times", "recovery p50", "p95", "worst")


def share(seconds: Sequence[float], part: float) -> float:
    """The seconds within which that part of them was over."""
    ordered = sorted(seconds) or [0.0]
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


@dataclass
class Row:
    """The rounds of one kind: how often something was done, and the seconds until all was well
    again.
    """

    rounds: int = 0
    times: int = 0
    seconds: list[float] = field(default_factory=list)


@dataclass
class Report:
    """Rounds as they end. `quiet` are the spans (time.time) in which the web itself was down or
    starting.
    """

    rows: dict[str, Row] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    quiet: list[tuple[float, float]] = field(default_factory=list)

    def add(self, kind: str, times: int, seconds: float) -> None:
        """A round that is over."""
        row = self.rows.setdefault(kind, Row())
        row.rounds += 1
        row.times += times
        row.seconds.append(seconds)

    def table(self) -> str:
        """The table by kind."""
        whole = Row(
            sum(row.rounds for row in self.rows.values()),
            sum(row.times for row in self.rows.values()),
            [each for row in self.rows.values() for each in row.seconds],
        )
        lines: list[tuple[str, ...]] = [HEADINGS]
        for name, row in (*sorted(self.rows.items()), ("all", whole)):
            spans = (
                share(row.seconds, 0.5),
                share(row.seconds, 0.95),
                share(row.seconds, 1.0),
            )
            lines.append(
                (name, str(row.rounds), str(row.times), *(f"{s:.1f} s" for s in spans))
            )
        wide = [max(len(line[n]) for line in lines) for n in range(len(HEADINGS))]
        return "\n".join(
            "  ".join([line[0].ljust(wide[0]), *map(str.rjust, line[1:], wide[1:])])
            for line in lines
        )

    def promises(
        self, accepted: int, found: Findings, heard: Heard
    ) -> list[tuple[str, bool]]:
        """What is promised, with its figures, and whether it was kept."""
        kept = [
            (f"{name} {len(cases)}", not cases)
            for name, cases in (
                (f"of {accepted} articles accepted, lost", found.lost),
                ("doubled", found.doubled),
                ("unapproved", found.unapproved),
                ("stuck", found.stuck),
                ("held for a person because of the house", found.held),
                ("answers that are our fault", self.faults),
            )
        ]
        cut = [at for at in heard.silent if not self._is_quiet(at)]
        took = [seconds for at, seconds in heard.answers if not self._is_quiet(at)]
        told = (
            f"latest.mp3 asked {heard.asked} times: {sum(heard.sounds.values())} whole, {heard.unchanged} unchanged, "
            f"{len(heard.wrong)} wrong, {len(heard.silent)} while no web lived, {len(cut)} cut else; "
            f"else p50 {1000 * share(took, 0.5):.0f} ms, p99 {1000 * share(took, 0.99):.0f} ms"
        )
        return [*kept, (told, not heard.wrong and not cut)]

    def printed(self, accepted: int, found: Findings, heard: Heard) -> bool:
        """Prints all of it; whether every promise was kept."""
        print(self.table())
        broken = (
            *self.faults,
            *found.lost,
            *found.doubled,
            *found.unapproved,
            *found.stuck,
            *found.held,
            *heard.wrong,
        )
        _tell(broken)
        promises = self.promises(accepted, found, heard)
        for told, held in promises:
            print("kept  " if held else "BROKEN", told)
        return all(held for _, held in promises)

    def _is_quiet(self, at: float) -> bool:
        return any(begin <= at <= end for begin, end in self.quiet)


def _tell(faults: Sequence[str]) -> None:
    for fault in faults[:MOST_TOLD]:
        print("  ", fault)
    if len(faults) > MOST_TOLD:
        print(f"   … and {len(faults) - MOST_TOLD} more")
