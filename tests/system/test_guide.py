"""The guide shows every screen, in pictures that `make guide-pictures` takes."""

import re
import runpy
from pathlib import Path

from tests.system.test_docs import ROOT

SHOTS = runpy.run_path(str(ROOT / "tools" / "guide_pictures.py"))["SHOTS"]
GUIDE = (ROOT / "docs" / "huong-dan.md").read_text(encoding="utf-8")
PICTURES = ROOT / "docs" / "pictures"
LARGEST_BYTES = 1_500_000  # of all pictures of the documents
# Screens that are a form already shown, empty or filled; or one step of another.
SHOWN_WITH_ANOTHER = {
    "/desk/again",
    "/desk/auditions/<int:number>",
    "/desk/groups/<group>",
    "/desk/hooks/<int:hook_id>",
    "/desk/recordings/<int:recording_id>",
    "/desk/sources/new",
    "/desk/stations/new",
}
FILES = re.compile(r"\.(csv|json|wav|tsv)$|/original$")


def shown(app):
    """The addresses of the desk that a picture is of."""
    door = app.url_map.bind("loa.example")
    for shot in SHOTS:
        path = re.sub(r"{\w+}", "1", shot.path.partition("?")[0])
        yield str(door.match(path, "GET", return_rule=True)[0])


def test_every_screen_of_the_desk_has_its_picture(app):
    screens = {
        str(rule)
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and str(rule).startswith("/desk")
    }
    files = {each for each in screens if FILES.search(each)}
    assert screens - files - SHOWN_WITH_ANOTHER == {
        each for each in shown(app) if each.startswith("/desk")
    }


def test_the_guide_shows_each_picture_and_all_of_them_are_small():
    for shot in SHOTS:
        assert (PICTURES / "guide" / f"{shot.name}.webp").exists(), shot.name
        assert GUIDE.count(f"(pictures/guide/{shot.name}.webp)") == 1, shot.name
    names = {path.stem for path in (PICTURES / "guide").iterdir()}
    assert names == {shot.name for shot in SHOTS}
    files = [path for path in PICTURES.rglob("*") if path.is_file()]
    assert sum(map(size, files)) <= LARGEST_BYTES


def size(path: Path) -> int:
    return path.stat().st_size
