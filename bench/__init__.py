"""`loa bench`: what the work costs, side by side with what no program could do without and with
others that do the same, in one run.

Times are the processor's, of this process and of all that it ran; what is compared runs in turns,
round by round, in the same way (side by side beside side by side). Each figure tells its median,
its least and most, what was asked of it and by how much it falls short.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench import day, feeds, line, many, pages, sound, starting
from bench.busy import busyness, machine
from bench.common import VOICE, Bench
from bench.figures import Figure, Run
from bench.reading import reading
from service.intake import open_source
from workers.voices import Voices


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the bench: what it measures, and how."""

    work: str
    measure: Callable[[Bench], list[Figure]]


# In the order of running.
PARTS: dict[str, Part] = {
    "pipeline": Part(
        "from the article to the published episode, beside the voice and the encoders alone",
        line.pipeline,
    ),
    "page": Part(
        "the same of one page (--page), and one sentence of it changed", line.page
    ),
    "masters": Part("stitching and three masters, beside bare encodes", sound.masters),
    "memory": Part("the memory of a process that masters an hour", sound.memory),
    "edit": Part("one sentence of a long episode changed", line.edit),
    "lanes": Part("two lanes on two processors, beside one on one", line.lanes),
    "reading": Part("the reading, beside others", reading),
    "feeds": Part("the feeds of a large archive", feeds.feeds),
    "pages": Part(
        "pages of 100 and 10,000 episodes, of 10 and 1,000 stations", pages.pages
    ),
    "day": Part("a day of many stations without its sound: rows, clock, line", day.day),
    "many": Part("workers woken by Celery (--database, --broker)", many.many),
    "start": Part(
        "commands and the service from nothing to ready, idle memory", starting.start
    ),
    "front": Part(
        "304s beside a bare Flask, a crowd of slow listeners", starting.front
    ),
}


@dataclass(frozen=True, slots=True)
class Places:
    """Where the bench finds what it works with."""

    samples: Path
    migrations: Path
    templates: Path
    bed: Path
    page: Path | None = None  # a page as people hand it in
    database: str = ""  # an empty one of PostgreSQL
    broker: str = ""  # a Redis


def bench(
    places: Places,
    parts: Sequence[str] = (),
    tell: Callable[[str, str], object] = lambda part, work: None,
) -> Run:
    """Runs the parts named, all without a name; `tell` is told which begins, and what it measures."""
    began, before = time.monotonic(), busyness()
    figures: list[Figure] = []
    with closing(Voices([VOICE])) as voices:
        at = Bench(
            paragraphs=_paragraphs_in(places.samples / "articles"),
            voices=voices,
            migrations=places.migrations,
            templates=places.templates,
            bed=places.bed,
            database=places.database,
            broker=places.broker,
            page=_paragraphs_of(places.page) if places.page else (),
        )
        for name in parts or PARTS:
            part = PARTS[name]
            tell(name, part.work)
            figures += part.measure(at)
    return Run(figures, before, busyness(), machine(), time.monotonic() - began)


def _paragraphs_in(folder: Path) -> list[str]:
    """Everything that is read of the articles in a folder."""
    texts: list[str] = []
    for path in sorted(folder.glob("*.txt")):
        texts += _paragraphs_of(path)
    return texts


def _paragraphs_of(path: Path) -> list[str]:
    """Everything that is read of one article or page."""
    story = open_source(str(path))
    return [text for text in (story.title + ".", story.lead, *story.paragraphs) if text]
