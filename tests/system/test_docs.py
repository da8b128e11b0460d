"""What the documents say is true: links lead somewhere, settings and commands exist, the compose
file is whole.
"""

import ast
import re
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from loa.commands import app
from service.settings import load, table

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
SETTINGS = {name.split()[0] for name, _, _ in table()}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_settings_and_commands(document):
    text = document.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#]+)", text):
        assert link.startswith("http") or (document.parent / link).exists(), link
    for name in set(re.findall(r"LOA_[A-Z_]+[A-Z]", text)) - {"LOA_TESTS_REQUIRE"}:
        assert name.removesuffix("_FILE") in SETTINGS, name
    commands = set(get_command(app).commands)
    for name in re.findall(r"(?:\.venv/bin/|`|\$\()loa ([a-z]+)", text):
        assert name in commands, name


def test_the_glossary_names_files_that_are_there():
    text = (ROOT / "docs" / "words.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:service|workers|audio|loa|tools)/[\w/.]*)`", text)
    assert len(named) > 50
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_a_stranger_finds_licence_and_changes():
    assert "MIT License" in (ROOT / "LICENSE").read_text()
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = changelog.split("\n## ")[1]
    assert [line[4:] for line in newest.splitlines() if line.startswith("### ")] == [
        "Added",
        "Changed",
        "Fixed",
        "Upgrading",
    ]
    bullets = [line for line in newest.splitlines() if line.startswith("- ")]
    assert [bullet for bullet in bullets if len(bullet.split()) > 31] == []


def test_every_decision_stands_in_the_index_by_its_subject():
    index, *decisions = (
        (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8").split("\n## ")
    )
    index, decisions = decisions[0], decisions[1:]
    anchors = set(re.findall(r"\]\(#([^)]+)\)", index))
    headings = [decision.split("\n")[0] for decision in decisions]
    assert len(headings) > 60
    assert {_anchor(heading) for heading in headings} == anchors


def _anchor(heading):
    """As GitHub makes it."""
    kept = re.sub(r"[^\w\- ]", "", heading.lower())
    return kept.replace(" ", "-")


def test_compose_describes_an_installation_that_starts():
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    assert {"web", "worker", "clock", "redis", "postgres", "storage"} <= set(services)
    for name in ("web", "worker", "worker-fast", "clock"):
        service = services[name]
        assert service["command"][0] == "loa"
        assert service["command"][1] in get_command(app).commands
        values = {
            # As nobody sets it otherwise
            key: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", str(value))
            for key, value in service["environment"].items()
            if not key.endswith("_FILE")
        }
        assert load(values).broker_url
        for key in service["environment"]:
            assert key.removesuffix("_FILE") in SETTINGS


def test_no_file_names_a_machine():
    for path in (
        ROOT / "constraints.txt",
        ROOT / "pyproject.toml",
        ROOT / "Makefile",
        ROOT / "Dockerfile",
    ):
        assert not re.search(r"file://|/opt/|/work/|index-url|@ ", path.read_text()), (
            path.name
        )


def test_every_test_that_the_threats_name_is_there():
    named = re.findall(
        r"`([a-z_/]+\.py)(?:::(\w+))?`", (ROOT / "docs" / "threats.md").read_text()
    )
    for path, name in named:
        place = (
            ROOT / path if path.startswith("workers/celery") else ROOT / "tests" / path
        )
        assert place.exists(), path
        assert not name or f"def {name}(" in place.read_text(), f"{path}::{name}"
    assert len(named) >= 40


def test_the_tree_of_errors_is_the_code_s():
    text = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    drawn, above = {}, []
    for row in text.split("```")[1].strip().splitlines():
        depth = (len(row) - len(row.lstrip())) // 2
        name, *place = row.split()[:2]
        above[depth:] = [name]
        if depth:
            drawn[name] = (above[depth - 1], place[0])
    assert drawn == _errors()


def _errors():
    """Every error that the house defines for others: by name, what it is a kind of and where it
    stands.
    """
    classes = {}
    for room in ("loa", "service", "audio", "workers"):
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef) and len(node.bases) == 1:
                    base = ast.unparse(node.bases[0])
                    classes[node.name] = (base, path.relative_to(ROOT).as_posix())
    errors = {"Exception", "ValueError", "RuntimeError", "OSError"}
    before = set()
    while errors != before:
        before = set(errors)
        errors |= {name for name, (base, _) in classes.items() if base in errors}
    return {
        name: classes[name]
        for name in errors & classes.keys()
        if not name.startswith("_")
    }
