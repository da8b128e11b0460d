"""`loa bench`: what the work beyond the voice and the encoder costs,
side by side with both, in one run.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from service.intake import open_source
from workers.bench import line, sound
from workers.bench.common import VOICE, Bench
from workers.bench.reading import reading
from workers.voices import Voices

# In the order of running: what each measures, and how.
PARTS: dict[str, tuple[str, Callable[[Bench], dict[str, float]]]] = {
    "pipeline": (
        "from the article to the published episode, beside the voice and the encoders alone",
        line.pipeline,
    ),
    "masters": (
        "stitching and three masters, beside bare encodes of the same sound",
        sound.masters,
    ),
    "memory": ("the memory of a process that masters an hour", sound.memory),
    "edit": ("one sentence of a long episode changed", line.edit),
    "lanes": ("two lanes on two processors, beside one on one", line.lanes),
    "reading": ("the reading, beside others", reading),
}


def bench(
    samples: Path,
    migrations: Path,
    parts: Sequence[str] = (),
    tell: Callable[[str, str], object] = lambda part, work: None,
) -> dict[str, float]:
    """Runs the parts named (all without a name) and gives the figures: seconds and ratios by name.

    `tell` is told which part begins, and what it measures.
    """
    figures: dict[str, float] = {}
    paragraphs = _paragraphs_in(samples / "articles")
    with closing(Voices([VOICE])) as voices:
        for part in parts or PARTS:
            work, measure = PARTS[part]
            tell(part, work)
            figures |= measure(Bench(paragraphs, voices, migrations))
    return figures


def _paragraphs_in(folder: Path) -> list[str]:
    """Everything that is read of the articles in a folder."""
    stories = [open_source(str(path)) for path in sorted(folder.glob("*.txt"))]
    return [
        text
        for story in stories
        for text in (story.title + ".", story.lead, *story.paragraphs)
        if text
    ]
