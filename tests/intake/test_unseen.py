"""Twenty pages that somebody wrote who had not seen the code: which come in whole is known, and
only grows.

Each has what is right beside it: its title (or one of some), what must be kept, and what must never
be read. They were written before they were run. What comes in whole from now on joins WHOLE.
"""

import json
import unicodedata
from pathlib import Path

from service.intake import Rejected, decode, parse

PAGES = Path(__file__).parent / "unseen"
WHOLE = {
    "a01-nukeviet",
    "a02-joomla",
    "a03-wordpress",
    "a04-aspnet",
    "a05-liferay",
    "a06-table",
    "a08-drupal",
    "a09-oldlayout",
    "a10-liferay-new",
    "b01-clock",
    "b03-congvan",
    "b04-bulletin",
    "b06-zalo",
    "b09-tcvn3",
}


def plain(text):
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold().strip(" .")


def is_whole(case):
    data = (PAGES / case["file"]).read_bytes()
    try:
        story = parse(decode(data, "body"), case["format"])
    except Rejected:
        return False
    read = [plain(text) for text in (story.lead, *story.paragraphs) if text]
    kept = all(plain(text) in " ".join(read) for text in case["keep"])
    everything = [plain(story.title), *read]
    clean = not any(
        plain(text) in line for text in case["never"] for line in everything
    )
    return kept and clean and plain(story.title) in map(plain, case["title"])


def test_what_came_in_whole_still_does_and_what_does_now_is_told():
    cases = {
        path.stem: json.loads(path.read_text("utf-8")) for path in PAGES.glob("*.json")
    }
    assert len(cases) == 20
    assert {name for name, case in cases.items() if is_whole(case)} == WHOLE
