"""A Story becomes an article in one place, whoever sends it."""

import ast
from pathlib import Path

HOUSE = Path(__file__).parents[2]
ROOMS = ("service", "workers", "bench", "loa")
FROM_A_STORY = "service/actions/articles.py"
# No Story is at hand here: a recording's own row becomes the article it waited for, and benches
# make theirs up.
OTHERWISE = {
    "service/newsroom/stories/recording_places.py",
    "bench/common.py",
    "bench/day.py",
    "bench/line.py",
    "bench/many.py",
}


def calls_of(name: str) -> dict[str, int]:
    """In which files of the house something of that name is called, and how often."""
    counts: dict[str, int] = {}
    for room in ROOMS:
        for path in (HOUSE / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _name(node.func) == name:
                    place = path.relative_to(HOUSE).as_posix()
                    counts[place] = counts.get(place, 0) + 1
    return counts


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def test_a_story_becomes_an_article_in_one_place() -> None:
    places = calls_of("NewArticle")
    assert {place: n for place, n in places.items() if place not in OTHERWISE} == {
        FROM_A_STORY: 1
    }
