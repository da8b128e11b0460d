"""What the bench tells: medians with spread, verdicts only of a quiet machine, README's table."""

import json
import re
from pathlib import Path

import pytest

from bench import PARTS
from bench.figures import BEGIN, END, HEAD, RULE, Figure, Goal, NoPlace, Run
from bench.pages import PAGES, Archive, figures_of_page, measured
from tests.bench.test_feeds import at_work

ROOT = Path(__file__).parents[2]
MET = Figure("quick, s", (0.2, 0.1, 0.3), Goal(0.25))
MISSED = Figure("slow, s", (0.5,), Goal(0.25))
FAST = Figure("many", (2_000.0,), Goal(1_000, at_least=True))
PLAIN = Figure("just so", (12.3456,))
LACKING = Figure("other", lacking="it is not installed")
ALL = (MET, MISSED, FAST, PLAIN, LACKING)


def run(busy: float) -> Run:
    return Run(ALL, busy, 0.0, "2 processors", 12.0)


def test_a_verdict_tells_by_how_much_a_figure_falls_short() -> None:
    assert [figure.verdict(busy=False) for figure in ALL[:4]] == [
        "met",
        "missed by 100 %",
        "met",
        "",
    ]


def test_a_busy_machine_gives_no_verdict() -> None:
    quiet, loud = run(1.0), run(40.0)
    assert not quiet.busy
    assert loud.busy
    assert "met" in quiet.table()
    assert "met" not in loud.table()
    assert "40 % before" in loud.table()
    assert loud.record()["figures"]["slow, s"]["verdict"].startswith("none")  # type: ignore[index]


def test_json_holds_every_round(tmp_path: Path) -> None:
    run(1.0).write_json(tmp_path / "out.json")
    record = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert record["figures"]["quick, s"]["rounds"] == [0.2, 0.1, 0.3]
    assert record["figures"]["other"] == {"lacking": "it is not installed"}


def test_the_table_goes_between_the_marks_and_nowhere_else(tmp_path: Path) -> None:
    file = tmp_path / "README.md"
    file.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    run(1.0).write_table(file)
    text = file.read_text(encoding="utf-8")
    assert text.startswith(f"before\n{BEGIN}\n2 processors")
    assert text.endswith(f"\n{END}\nafter\n")
    assert "| quick, s | 0.20 | 0.10 – 0.30 | ≤ 0.25 | met |" in text
    assert "| other | not measured: it is not installed | | | |" in text
    file.write_text("no marks", encoding="utf-8")
    with pytest.raises(NoPlace):
        run(1.0).write_table(file)


def test_readme_s_table_is_what_the_bench_writes() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text.partition(BEGIN)[2].partition(END)[0].strip().splitlines()
    about, empty, head, rule, *rows = table
    assert re.fullmatch(
        r"\d+ processors, .+; other work of the machine: \d+ % before, \d+ % after; [\d,]+ s\.",
        about,
    )
    assert (empty, head, rule) == ("", HEAD, RULE)
    assert rows
    cell = r"(?:[\d,]+(?:\.\d+)?)"
    verdict = r"(?:met|missed by \d+ %|none: the machine was busy)?"
    row = re.compile(
        rf"\| [^|]+ \| (?:{cell} \| (?:{cell} – {cell})? \| (?:[≤≥] {cell})? \| {verdict} \|"
        r"|not measured: [^|]+ \| \| \| \|)"
    )
    assert [line for line in rows if not row.fullmatch(line)] == []


def test_every_page_is_measured() -> None:
    small = Archive("small", 60, 2)
    figures = measured(at_work(), (small,), 1)
    assert [figure.name for figure in figures] == [
        f"{page}, small, ms" for page in PAGES
    ]
    assert all(figure.median > 0 for figure in figures)


def test_growth_is_told_pair_by_pair() -> None:
    small, large = Archive("small", 60, 2), Archive("large", 70, 3)
    took = {small: [1.0, 2.0], large: [1.1, 3.0]}
    *alone, growth = figures_of_page("home", took, 10.0)
    assert [figure.goal for figure in alone] == [Goal(10.0), Goal(10.0)]
    assert growth.name == "home, large / small"
    assert growth.rounds == pytest.approx((1.1, 1.5))


def test_the_parts_stand_together() -> None:
    assert {"page", "pages", "feeds", "start", "front", "reading"} <= set(PARTS)
