"""Whether what looks at text takes time in proportion to it: used by the tests of every room that
has patterns.

A pattern goes astray on texts made of what it looks for. So the texts are derived from the pattern
itself: each repetition in it is fed what it repeats, after what must stand before, and never what
must follow. Times are the processor's, of twice the text against once: what is linear takes twice
as long, what is quadratic four times. A machine that is busy makes both slow; the best of some
tries counts.

The parsed form of a pattern is nowhere to be had but from the private modules of `re`.
"""

import ast
import gc
import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Callable, Iterator, Sequence
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

SIZE = 10_000  # characters, and then twice as many
SLACK = 1.5  # for a machine that is busy: twice the text may take three times as long
# A character: a quadratic pattern takes some 50 times as long for each of 20,000
SURELY_QUICK_S = 1e-6
TRIES = 8
MANY = 8  # repetitions that are worth an attack of their own
MOST_BRANCHES = 40  # of an alternation, that are tried
SAMPLES = {
    sre.CATEGORY_DIGIT: "1",
    sre.CATEGORY_SPACE: " ",
    sre.CATEGORY_WORD: "a",
    sre.CATEGORY_NOT_DIGIT: "a",
    sre.CATEGORY_NOT_SPACE: "a",
    sre.CATEGORY_NOT_WORD: "-",
}
Node = tuple[Any, Any]  # of a parsed pattern: the operation, and what it works with
CALLS = {
    "compile",
    "match",
    "search",
    "fullmatch",
    "finditer",
    "findall",
    "split",
    "sub",
}


def modules_of(package: ModuleType) -> Iterator[ModuleType]:
    """The package and all that is in it."""
    yield package
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


def patterns_of(package: ModuleType) -> dict[str, re.Pattern[str]]:
    """The patterns of a package by the place of each: constants, those compiled when first asked
    for, and in calls.

    One that several places know is told once.
    """
    places: dict[re.Pattern[str], str] = {}
    for module in modules_of(package):
        for name, value in vars(module).items():
            if hasattr(value, "cache_info") and not inspect.signature(value).parameters:
                value = value()
            for number, pattern in enumerate(_patterns_in(value)):
                places.setdefault(pattern, f"{module.__name__}.{name}.{number}")
        for line, pattern in _written_in_calls(module):
            places.setdefault(pattern, f"{module.__name__}:{line}")
    return {place: pattern for pattern, place in places.items()}


def _patterns_in(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from _patterns_in([*value, *value.values()])
    elif isinstance(value, (tuple, list, set, frozenset)):
        for item in value:
            yield from _patterns_in(item)


def _written_in_calls(module: ModuleType) -> Iterator[tuple[int, re.Pattern[str]]]:
    """re.sub(r"…", …) and the like."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        of_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
        written = node.args[0] if node.args else None
        if of_re and node.func.attr in CALLS and isinstance(written, ast.Constant):
            yield node.lineno, re.compile(str(written.value))


def attacks_on(pattern: re.Pattern[str]) -> list[str]:
    """Texts of twice `SIZE` characters, one for each repetition in the pattern and each way that it
    can begin.
    """
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    pieces = dict.fromkeys(_pumps(list(tree), ""))
    whole = _sample(list(tree))
    pieces |= dict.fromkeys(
        [("", whole), ("", f"{whole} "), ("", whole[:1]), ("", whole[-1:])]
    )
    return [
        f"{begin}{piece * (2 * SIZE // len(piece))}"[: 2 * SIZE - 1] + "\n"
        for begin, piece in pieces
        if piece
    ]


def _pumps(nodes: Sequence[Node], before: str) -> Iterator[tuple[str, str]]:
    """(what must stand before, what is repeated) of each repetition."""
    for operation, argument in nodes:
        for most, inner in _inside(operation, argument):
            if most >= MANY:
                yield before, _sample(inner)
                yield "", before + _sample(inner)
            yield from _pumps(inner, before)
        before += _sample([(operation, argument)])


def _inside(operation: object, argument: Any) -> Iterator[tuple[int, list[Node]]]:
    """The parts of a node, each with how often it may come."""
    if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        _, most, inner = argument
        yield int(most), list(inner)
    elif operation is sre.SUBPATTERN:
        yield 1, list(argument[-1])
    elif operation is sre.ATOMIC_GROUP:
        yield 1, list(argument)
    elif operation is sre.BRANCH:
        for branch in argument[1][:MOST_BRANCHES]:
            yield 1, list(branch)
    elif operation is sre.ASSERT:
        yield 1, list(argument[1])
    elif operation is sre.GROUPREF_EXISTS:
        for branch in argument[1:]:
            yield 1, list(branch or ())


def _sample(nodes: Sequence[Node]) -> str:
    """A text that fits, or nearly: what must not stand there is not looked at."""
    return "".join(_one(operation, argument) for operation, argument in nodes)


def _one(operation: object, argument: Any) -> str:
    if operation is sre.LITERAL:
        return chr(int(argument))
    if operation is sre.ANY or operation is sre.NOT_LITERAL:
        return "a"
    if operation is sre.IN:
        return _of_a_class(argument)
    if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        least, _, inner = argument
        return _sample(list(inner)) * max(int(least), 1)
    if operation in (sre.ASSERT, sre.ASSERT_NOT, sre.GROUPREF, sre.AT):
        return ""
    return next((_sample(inner) for _, inner in _inside(operation, argument)), "")


def _of_a_class(members: Sequence[Node]) -> str:
    if members[0][0] is sre.NEGATE:
        excluded = re.compile("[" + "".join(map(_member, members[1:])) + "]")
        return next((char for char in "a1-A ,~/" if not excluded.match(char)), "é")
    return next(map(_sample_of_member, members))


def _member(member: Node) -> str:
    """A member of a class as it is written in one."""
    operation, argument = member
    if operation is sre.RANGE:
        first, last = argument
        return f"{re.escape(chr(first))}-{re.escape(chr(last))}"
    if operation is sre.CATEGORY:
        letter = str(argument).rpartition("_")[2][0].lower()
        return "\\" + (letter.upper() if "_NOT_" in str(argument) else letter)
    return re.escape(chr(int(argument)))


def _sample_of_member(member: Node) -> str:
    operation, argument = member
    if operation is sre.CATEGORY:
        return SAMPLES.get(argument, "a")
    return chr(argument[0] if operation is sre.RANGE else int(argument))


def seconds(do: Callable[[str], object], text: str) -> float:
    """The processor's time that something takes with a text."""
    gc.disable()  # it would look through all that other tests have left
    try:
        began = time.process_time()
        do(text)
        return time.process_time() - began
    finally:
        gc.enable()


def grows_in_proportion(
    do: Callable[[str], object],
    text: str,
    times: int = 2,
    quick_s: float = SURELY_QUICK_S,
) -> bool:
    """Whether the whole of a text takes at most `SLACK` more than so many times what that part of
    it takes.

    What takes less than `quick_s` for each character needs no second look.
    """
    whole = part = float("inf")
    for _ in range(TRIES):
        whole = min(whole, seconds(do, text))
        if whole < quick_s * len(text):
            return True
        part = min(part, max(seconds(do, text[: len(text) // times]), 1e-9))
        if whole / part < SLACK * times:
            return True
    return False


def exhaust(pattern: re.Pattern[str]) -> Callable[[str], object]:
    """Looks for a pattern from every place of a text."""
    return lambda text: sum(1 for _ in pattern.finditer(text))
