"""README's table "where does my change go" is executed: a made-up one of each row, in the one file
that it names.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.adding.additions import ADDITIONS, make

ROOT = Path(__file__).parents[2]
TAKEN = (
    "audio",
    "loa",
    "migrations",
    "samples",
    "service",
    "templates",
    "tests",
    "workers",
)


def rows():
    """What README says: to do this, edit that."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text.partition("## Where does my change go")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (.+?) \| (.+) \|$", table, re.MULTILINE)
    return {to: where for to, where in cells if to != "to"}


def test_every_row_has_an_addition_and_every_addition_its_row():
    assert sorted(rows()) == sorted(addition.to for addition in ADDITIONS)


@pytest.mark.parametrize("addition", ADDITIONS, ids=lambda addition: addition.to)
def test_the_row_names_the_one_file_that_is_edited(addition):
    named = re.findall(r"`([^`]+)`", rows()[addition.to])
    assert any(
        addition.file == name or addition.file.startswith(name) for name in named
    )


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """The outcome of each test in a copy of the house, all additions made: its failure, or "" when
    it passed.
    """
    house = tmp_path_factory.mktemp("house")
    for name in TAKEN:
        left = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, house / name, ignore=left)
    shutil.copy(ROOT / "pyproject.toml", house)
    make(house)
    report = house / "report.xml"
    # A folder to itself: pytest's own, one above, is ours.
    options = [
        "-q",
        "-p",
        "no:cacheprovider",
        f"--basetemp={house / 'tmp'}",
        f"--junitxml={report}",
    ]
    tests = ["-o", "python_files=tried_*.py", "tests/adding"]
    command = [sys.executable, "-m", "pytest", *options, *tests]
    # Processes that the copy starts are the copy's too.
    environment = os.environ | {"PYTHONPATH": str(house)}
    done = subprocess.run(
        command, cwd=house, env=environment, capture_output=True, text=True, timeout=240
    )
    assert report.exists(), done.stdout + done.stderr
    cases = ElementTree.parse(report).iter("testcase")
    return {
        case.attrib["name"]: "".join(
            f"{part.text}" for part in case if part.tag != "properties"
        )
        for case in cases
    }


@pytest.mark.long
@pytest.mark.parametrize("addition", ADDITIONS, ids=lambda addition: addition.to)
def test_what_was_added_works_end_to_end(addition, outcome):
    assert outcome[addition.test] == "", outcome[addition.test]
