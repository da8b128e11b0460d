"""Figures: what was measured, what was asked of it, and how both are told: a table, JSON, README."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

BEGIN, END = "<!-- loa bench: begin -->", "<!-- loa bench: end -->"
HEAD = "| figure | median | least – most | asked | verdict |"
RULE = "|---|---|---|---|---|"
# Per cent of a processor: more, and no verdict is given.
MOST_BUSY = 5.0


class NoPlace(Exception):
    """A file has no place for the table; the message names the marks that it needs."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What is asked of a figure: at most so much, or at least."""

    value: float
    at_least: bool = False

    def missed_by(self, value: float) -> float:
        """By which part of what is asked it falls short; 0 or less when it is met."""
        short = self.value - value if self.at_least else value - self.value
        return short / self.value

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {shown(self.value)}"


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured under a name, round by round; `lacking` tells why nothing was."""

    name: str
    rounds: tuple[float, ...] = ()
    goal: Goal | None = None
    lacking: str = ""

    @property
    def median(self) -> float:
        """The figure itself."""
        return statistics.median(self.rounds)

    def verdict(self, busy: bool) -> str:
        """Met, or by how much missed; none while the machine was busy with other work."""
        if self.goal is None:
            return ""
        if busy:
            return "none: the machine was busy"
        missed = self.goal.missed_by(self.median)
        return "met" if missed <= 0 else f"missed by {100 * missed:.0f} %"

    def row(self, busy: bool) -> str:
        """A row of README's table."""
        if self.lacking:
            return f"| {self.name} | not measured: {self.lacking} | | | |"
        spread = ""
        if len(self.rounds) > 1:
            spread = f"{shown(min(self.rounds))} – {shown(max(self.rounds))}"
        goal = str(self.goal or "")
        cells = (self.name, shown(self.median), spread, goal, self.verdict(busy))
        return f"| {' | '.join(cells)} |"

    def record(self, busy: bool) -> dict[str, object]:
        """As JSON keeps it."""
        if self.lacking:
            return {"lacking": self.lacking}
        record: dict[str, object] = {"median": self.median, "rounds": list(self.rounds)}
        if self.goal:
            record |= {"asked": str(self.goal), "verdict": self.verdict(busy)}
        return record


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the bench: its figures, and what else the machine did before and after it."""

    figures: Sequence[Figure]
    busy_before: float  # per cent of a processor
    busy_after: float
    machine: str
    took_s: float

    @property
    def busy(self) -> bool:
        """Whether other work was too much for a verdict."""
        return max(self.busy_before, self.busy_after) > MOST_BUSY

    @property
    def about(self) -> str:
        """The line above the table."""
        load = f"{self.busy_before:.0f} % before, {self.busy_after:.0f} % after"
        return (
            f"{self.machine}; other work of the machine: {load}; {self.took_s:.0f} s."
        )

    def table(self) -> str:
        """The table of README."""
        rows = [figure.row(self.busy) for figure in self.figures]
        return "\n".join((self.about, "", HEAD, RULE, *rows))

    def record(self) -> dict[str, object]:
        """As JSON keeps it."""
        return {
            "machine": self.machine,
            "busy before, %": self.busy_before,
            "busy after, %": self.busy_after,
            "took, s": self.took_s,
            "figures": {each.name: each.record(self.busy) for each in self.figures},
        }

    def write_json(self, path: Path) -> None:
        """All of it, with every round."""
        text = json.dumps(self.record(), indent=2, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")

    def write_table(self, path: Path) -> None:
        """Puts the table between the marks of a file; NoPlace when it has none."""
        text = path.read_text(encoding="utf-8")
        before, begin, rest = text.partition(BEGIN)
        _, end, after = rest.partition(END)
        if not begin or not end:
            raise NoPlace(f"{path} has no {BEGIN} … {END}")
        path.write_text(
            f"{before}{BEGIN}\n{self.table()}\n{END}{after}", encoding="utf-8"
        )


def shown(value: float) -> str:
    """A figure in three digits or so."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 100 else f"{value:.2f}"
