"""Articles from the command line: handed to the newsroom, or read into a file with no server."""

import shutil
import sys
import tempfile
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from loa.assembly import open_guard, open_newsroom, open_nudge, open_voices, settings
from loa.terminal import bar, console, fail
from service.apart import failure
from service.zone import VIETNAM

IMPORTED = "import"  # who the log names for articles from the command line


def read(
    source: Annotated[
        str, typer.Argument(help="a text or HTML file, an address, or - for standard input")
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="the MP3 to write")] = Path("loa.mp3"),
    voice: Annotated[
        str, typer.Option(help="engine:name, as `loa voices` lists them; default: LOA_VOICES")
    ] = "",
    master: Annotated[
        str, typer.Option(help="app, speaker (for horns) or lite (Opus, to save data)")
    ] = "app",
) -> None:
    """An article to an MP3, with no server and no database."""
    from audio.booth import Line, record
    from audio.clips import Memory
    from audio.master import make
    from audio.recipes import RECIPES
    from audio.stitch import Sound
    from audio.tags import Tags
    from service.intake import decode, open_source
    from service.intake.source import parse_text
    from service.podcast import cover
    from service.vietnamese import read as read_aloud
    from service.vietnamese.article import passages_of
    from workers.finishing import COVER_PX

    if master not in RECIPES:
        fail(f"--master is {', '.join(RECIPES)}, not {master!r}")
    found = settings()
    story = (
        parse_text(decode(sys.stdin.buffer.read()))
        if source == "-"
        else open_source(source, open_guard(found))
    )
    sentences = read_aloud(passages_of(story.title, story.lead, story.paragraphs))
    voices = open_voices(found)
    speaker = voices.order(voice, "hold")[0]
    shelf = Memory()
    try:
        with bar() as progress:
            task = progress.add_task(story.title[:48], total=len(sentences))
            recording = record(
                [Line(sentence.spoken) for sentence in sentences],
                speaker,
                voices.engine(speaker.engine),
                shelf,
                on_progress=lambda done, total: progress.update(task, completed=done, total=total),
            )
    finally:
        voices.close()
    tags = Tags(
        title=story.title,
        artist=story.byline or found.name,
        album=story.topic or found.name,
        date=story.published_at or datetime.now(VIETNAM),
        comment="Giọng đọc máy",
        cover=cover(found.name, story.topic, COVER_PX),
    )
    with tempfile.TemporaryDirectory(prefix="loa-") as folder:
        script = [
            Sound(clip, sentence.pause_ms, sentence.passage)
            for clip, sentence in zip(recording.keys, sentences, strict=True)
        ]
        (made,) = make([RECIPES[master]], script, shelf, Memory(), lambda cues: tags, Path(folder))
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            part = out.with_name(out.name + ".part")
            shutil.copyfile(made.path, part)
            part.replace(out)
        except OSError as error:
            fail(f"{out} cannot be written: {error.strerror}")
    typer.echo(f"{out}: {made.seconds:.1f} s, {made.bytes} bytes, {made.lufs} LUFS, {speaker}")


def say(
    text: Annotated[
        list[str] | None, typer.Argument(help="what to read; without it, standard input")
    ] = None,
) -> None:
    """The reading of a text; without one, a line of standard input gives exactly one line of output."""
    from service.vietnamese import say as read_line

    if text:
        typer.echo(read_line(" ".join(text)))
        return
    lines = (line.decode("utf-8", "replace") for line in sys.stdin.buffer)
    for line in lines:
        sys.stdout.write(read_line(line.rstrip("\r\n")) + "\n")
    sys.stdout.flush()


def voices() -> None:
    """Every voice that can be chosen."""
    found = open_voices(settings())
    shown = Table("giọng", "tên", "", box=None)
    for voice, info, trouble in found.all():
        order = found.preferred.index(voice) + 1 if voice in found.preferred else 0
        shown.add_row(str(voice), info.label, trouble or (f"ưu tiên {order}" if order else ""))
    found.close()
    Console().print(shown)


def import_(
    sources: Annotated[list[str], typer.Argument(help="files or addresses")],
    station: Annotated[
        list[str] | None, typer.Option(help="slug of a station; default: the first one")
    ] = None,
) -> None:
    """Hands articles in; a running service reads them. One that is refused does not stop the others."""
    from service.actions.articles import article_of, stations_or_home
    from service.intake import Rejected, open_source
    from service.newsroom.errors import NewsroomError
    from service.newsroom.values import Source, SourceKind

    imports = Source(SourceKind.HOUSE, IMPORTED)
    found = settings()
    newsroom = open_newsroom(found, open_nudge(found))
    slugs = stations_or_home(newsroom, station or ())
    if not slugs:
        fail("there is no station yet; start `loa serve` once, or name one with --station")

    def take_in(source: str) -> None:
        story = open_source(source, newsroom.guard)
        receipt = newsroom.articles.receive(article_of(story, slugs), IMPORTED, imports)
        typer.echo(f"{source}: {receipt.news}, episode {receipt.episode_id}: {story.title}")

    refused = 0
    for source in sources:
        error = failure(partial(take_in, source))
        if error is None:
            continue
        refused += 1
        field = f"{error.field}: " if isinstance(error, (Rejected, NewsroomError)) else ""
        console.print(f"{source}: {field}{error}", style="red", markup=False, soft_wrap=True)
    if refused:
        fail(f"{refused} of {len(sources)} were refused")
