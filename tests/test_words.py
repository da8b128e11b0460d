"""One name of a class has one meaning, or docs/words.md tells the two apart."""

import ast
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOLD_APART = re.compile(r"^\| (`[^|]+) \|", re.MULTILINE)


def public_classes():
    """By name, the modules that define such a class."""
    places = defaultdict(set)
    for room in ("service", "audio"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    places[node.name].add(path.relative_to(ROOT).as_posix())
    return places


def test_a_name_that_two_rooms_use_is_in_the_glossary():
    words = (ROOT / "docs/words.md").read_text(encoding="utf-8")
    _, _, section = words.partition("## One name, two rooms")
    named = {
        name
        for row in TOLD_APART.findall(section)
        for name in re.findall(r"`(\w+)`", row)
    }
    twice = {name for name, places in public_classes().items() if len(places) > 1}
    assert twice == named
