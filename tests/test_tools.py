"""The tools that `make check` runs say what they are for, and can fail."""

import importlib.util
from pathlib import Path

import pytest

TOOLS = Path(__file__).parent.parent / "tools"


def tool(name):
    """A script of tools/, as a module."""
    spec = importlib.util.spec_from_file_location(f"tool_{name}", TOOLS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        ("Short\n\nWhy it is.", ""),
        ("x" * 73 + "\n\nWhy.", "73 characters"),
        ("Short", "body is missing"),
        ("Short\nno line between", "empty line"),
        ("Short.\n\nWhy.", "full stop"),
    ],
)
def test_a_commit_s_message_has_a_short_subject_and_a_body(message, fault):
    faults = list(tool("commits").faults(message))
    assert bool(faults) == bool(fault)
    assert all(fault in sentence for sentence in faults)


@pytest.fixture
def house(tmp_path):
    """Two rooms inside a package: one imports the other, and the package's own file both."""
    package = tmp_path / "service" / "web"
    (package / "pages").mkdir(parents=True)
    (package / "__init__.py").write_text("from service.web import app\n")
    (package / "app.py").write_text("from service.web.pages import one\nimport os\n")
    (package / "pages" / "__init__.py").write_text("")
    (package / "pages" / "one.py").write_text("from service.web.pages import two\n")
    (package / "pages" / "two.py").write_text(
        "def f(a):\n    return a if a else not a\n"
    )
    return tmp_path


def test_arrows_are_counted_between_rooms_not_files(house):
    bars = tool("bars")
    bars.ROOT = house
    modules = [bars.read(path) for path in sorted(house.rglob("*.py"))]
    assert bars.arrows_inside("service.web", modules) == {("app", "pages")}


def test_a_function_is_weighed_by_its_tokens_and_ways(house):
    bars = tool("bars")
    bars.ROOT = house
    module = bars.read(house / "service" / "web" / "pages" / "two.py")
    function = next(size for size in bars.sizes_of(module) if size.name == "f")
    assert (function.tokens, function.lines, function.complexity) == (13, 2, 2)
