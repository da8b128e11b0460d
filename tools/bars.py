"""The bars of size: how much a function and a module may hold (`make check`).

A line limit alone rewards compression, so functions are weighed in tokens as well: names, numbers,
operators and strings, without comments and docstrings. Exceptions stand in `tools/bars.txt`, one
`path function tokens lines complexity` a line; the list may only shrink, and what has become
smaller than its entry must be taken off it or written down lower.

    python tools/bars.py            what is above the bars, exit status 1 when something new is
    python tools/bars.py --write    writes the list anew: to begin it, or after something shrank
    python tools/bars.py --figures  the table of sizes by room, and the arrows inside the large rooms
"""

import ast
import io
import statistics
import sys
import tokenize
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("loa", "service", "audio", "workers", "bench")
EXCEPTIONS = ROOT / "tools" / "bars.txt"

MOST_TOKENS = 250
MOST_LINES = 60
MOST_MODULE_LINES = 400
# Ways through a function; `and` and `or` count, as a reader must follow them too.
MOST_COMPLEXITY = 12
# Rooms with rooms inside, and how many arrows there may be between these.
MOST_ARROWS = {"service.newsroom": 60, "service.web": 40}

SILENT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}
WHOLE_MODULE = "-"


@dataclass(frozen=True, slots=True)
class Size:
    """How large a function is, or (`name` "-") a module."""

    path: str
    name: str
    tokens: int
    lines: int
    complexity: int

    @property
    def over(self) -> bool:
        """Whether it is above a bar."""
        if self.name == WHOLE_MODULE:
            return self.lines > MOST_MODULE_LINES
        return (
            self.tokens > MOST_TOKENS
            or self.lines > MOST_LINES
            or self.complexity > MOST_COMPLEXITY
        )


@dataclass(frozen=True, slots=True)
class Module:
    """A source file, read once."""

    path: str
    text: str
    tokens_by_line: dict[int, int]
    own_line_comments: int

    @property
    def code_lines(self) -> int:
        """Lines that hold a token."""
        return len(self.tokens_by_line)


def main(arguments: list[str]) -> int:
    """Prints what is above the bars; the exit status."""
    modules = [read(path) for path in sources()]
    sizes = [size for module in modules for size in sizes_of(module)]
    if "--figures" in arguments:
        print_figures(modules, sizes)
        print_arrows(modules)
        return 0
    over = {(size.path, size.name): size for size in sizes if size.over}
    if "--write" in arguments:
        write(over.values())
        return 0
    complaints = [*compare(over, exceptions()), *crowded(modules)]
    print(*complaints, sep="\n", end="\n" if complaints else "")
    print(f"bars: {len(sizes)} sizes, {len(over)} exceptions")
    return 1 if complaints else 0


def sources() -> list[Path]:
    """Every Python file of the house, tests and migrations aside."""
    return sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def read(path: Path) -> Module:
    """A source file with its tokens counted by line, docstrings left out."""
    text = path.read_text(encoding="utf-8")
    silent_lines = docstring_lines(ast.parse(text))
    tokens: dict[int, int] = defaultdict(int)
    comments = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        line = token.start[0]
        if token.type == tokenize.COMMENT and token.line.lstrip().startswith("#"):
            comments += 1
        if token.type not in SILENT and line not in silent_lines:
            tokens[line] += 1
    return Module(str(path.relative_to(ROOT)), text, dict(tokens), comments)


def docstring_lines(tree: ast.Module) -> set[int]:
    """The lines that docstrings take."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if not isinstance(body, list) or not body or not isinstance(body[0], ast.Expr):
            continue
        constant = body[0].value
        if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
            lines.update(
                range(constant.lineno, (constant.end_lineno or constant.lineno) + 1)
            )
    return lines


def sizes_of(module: Module) -> Iterator[Size]:
    """The module's size, and that of each of its functions; methods are `Class.name`."""
    yield Size(module.path, WHOLE_MODULE, 0, len(module.text.splitlines()), 0)
    yield from _functions(module, ast.parse(module.text), "")


def _functions(module: Module, parent: ast.AST, prefix: str) -> Iterator[Size]:
    for node in ast.iter_child_nodes(parent):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first, last = node.lineno, node.end_lineno or node.lineno
            lines = [
                line for line in range(first, last + 1) if line in module.tokens_by_line
            ]
            tokens = sum(module.tokens_by_line[line] for line in lines)
            yield Size(
                module.path, prefix + node.name, tokens, len(lines), complexity_of(node)
            )
            yield from _functions(module, node, f"{prefix}{node.name}.")
        elif isinstance(node, ast.ClassDef):
            yield from _functions(module, node, f"{prefix}{node.name}.")
        else:
            yield from _functions(module, node, prefix)


BRANCHES = (
    ast.If,
    ast.IfExp,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.ExceptHandler,
    ast.Assert,
)


def complexity_of(function: ast.AST) -> int:
    """Ways through a function: 1, and one for each branch, `and`/`or`, comprehension and case."""
    ways = 1
    for node in ast.walk(function):
        if isinstance(node, BRANCHES):
            ways += 1
        elif isinstance(node, ast.BoolOp):
            ways += len(node.values) - 1
        elif isinstance(node, ast.comprehension):
            ways += 1 + len(node.ifs)
        elif isinstance(node, ast.Match):
            ways += len(node.cases)
    return ways


def exceptions() -> dict[tuple[str, str], Size]:
    """What the list allows."""
    rows: dict[tuple[str, str], Size] = {}
    for line in EXCEPTIONS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            path, name, *figures = line.split()
            rows[path, name] = Size(path, name, *map(int, figures))
    return rows


def compare(
    over: dict[tuple[str, str], Size], allowed: dict[tuple[str, str], Size]
) -> Iterator[str]:
    """A sentence for each size that is new above the bars,
    has grown, or needs no exception any more.
    """
    for key, size in over.items():
        bar = allowed.get(key)
        sentence = (
            f"{size.path} {size.name}: {size.tokens} tokens, {size.lines} lines, "
            f"complexity {size.complexity}"
        )
        if bar is None:
            yield (
                f"{sentence}: above the bars ({MOST_TOKENS}, {MOST_LINES}, {MOST_COMPLEXITY}; "
                f"a module's lines {MOST_MODULE_LINES})"
            )
        elif (
            size.tokens > bar.tokens
            or size.lines > bar.lines
            or size.complexity > bar.complexity
        ):
            yield f"{sentence}: more than its exception ({bar.tokens}, {bar.lines}, {bar.complexity})"
    for path, name in allowed.keys() - over.keys():
        yield f"{path} {name}: no longer above the bars; take it off {EXCEPTIONS.name}"


def write(sizes: Iterable[Size]) -> None:
    """Writes the list of exceptions."""
    rows = sorted(sizes, key=lambda size: (size.path, size.name))
    lines = [
        "# path function tokens lines complexity: above the bars of DESIGN 9. Only shrinks."
    ]
    lines += [
        f"{row.path} {row.name} {row.tokens} {row.lines} {row.complexity}"
        for row in rows
    ]
    EXCEPTIONS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def print_figures(modules: list[Module], sizes: list[Size]) -> None:
    """Tokens a code line, functions by tokens, comments of their own line:
    by room and for the house.
    """
    rooms: dict[str, list[Module]] = defaultdict(list)
    for module in modules:
        parts = module.path.split("/")
        rooms[
            "/".join(parts[:2])
            if parts[0] == "service" and len(parts) > 2
            else parts[0]
        ].append(module)
    rooms["all"] = modules
    print(
        f"{'room':24}{'tokens/line':>12}{'median':>8}{'p90':>6}{'p99':>6}{'max':>6}{'comments/kLOC':>15}"
    )
    for room, members in sorted(rooms.items()):
        paths = {module.path for module in members}
        functions = [
            s.tokens for s in sizes if s.path in paths and s.name != WHOLE_MODULE
        ]
        code_lines = sum(module.code_lines for module in members)
        tokens = sum(sum(module.tokens_by_line.values()) for module in members)
        comments = sum(module.own_line_comments for module in members)
        if len(functions) < 2:
            continue
        cuts = statistics.quantiles(functions, n=100)
        print(
            f"{room:24}{tokens / code_lines:12.1f}{statistics.median(functions):8.0f}"
            f"{cuts[89]:6.0f}{cuts[98]:6.0f}{max(functions):6}{1000 * comments / code_lines:15.1f}"
        )


def arrows_inside(package: str, modules: Iterable[Module]) -> set[tuple[str, str]]:
    """Which room inside a package imports which: a room is a folder, or a file beside the folders.

    The package's own `__init__` puts its rooms together and is none of them.
    """
    names = {name_of(module.path) for module in modules}
    arrows: set[tuple[str, str]] = set()
    for module in modules:
        room = room_inside(package, name_of(module.path))
        for imported in imports_of(module, names):
            other = room_inside(package, imported)
            if room and other and room != other:
                arrows.add((room, other))
    return arrows


def name_of(path: str) -> str:
    """ "service.web.app" for service/web/app.py; a package for its `__init__`."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def room_inside(package: str, module: str) -> str:
    """The room of a module inside a package; "" when it is not inside."""
    inside = module.removeprefix(f"{package}.")
    return inside.split(".")[0] if inside != module else ""


def imports_of(module: Module, names: set[str]) -> Iterator[str]:
    """Every module of ours that it imports, anywhere in it, those for types alone too."""
    for node in ast.walk(ast.parse(module.text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                yield submodule if submodule in names else node.module


def crowded(modules: list[Module]) -> Iterator[str]:
    """What is wrong with the number of arrows inside the large rooms."""
    for package, most in MOST_ARROWS.items():
        arrows = len(arrows_inside(package, modules))
        if arrows > most:
            yield f"{package}: {arrows} arrows between its rooms, at most {most} (--figures counts them)"


def print_arrows(modules: list[Module]) -> None:
    """Rooms, arrows and their bar."""
    print(f"\n{'arrows inside':24}{'rooms':>12}{'arrows':>8}{'at most':>9}")
    for package, most in MOST_ARROWS.items():
        arrows = arrows_inside(package, modules)
        rooms = {room for arrow in arrows for room in arrow}
        print(f"{package:24}{len(rooms):12}{len(arrows):8}{most:9}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
