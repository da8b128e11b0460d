"""Articles from the command line: handed to the newsroom, or read into a file with no server."""

import shutil
import sys
import tempfile
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from loa import saying
from loa.assembly import open_guard, open_newsroom, open_nudge, open_voices, settings
from loa.terminal import bar, fail, warn
from service.apart import failure
from service.settings import Settings
from service.zone import VIETNAM

if TYPE_CHECKING:
    from audio.booth import Recording
    from audio.clips import Shelf
    from audio.master import Master
    from audio.recipes import Recipe
    from audio.tags import Tags
    from audio.voice import Voice
    from service.intake import Story
    from service.vietnamese import Sentence


SourceText = Annotated[
    str, typer.Argument(help="a text or HTML file, an address, or - for standard input")
]
Out = Annotated[Path, typer.Option("-o", "--out", help="the MP3 to write")]
VoiceName = Annotated[
    str,
    typer.Option(help="engine:name, as `loa voices` lists them; default: LOA_VOICES"),
]
MasterName = Annotated[
    str, typer.Option(help="app, speaker (for horns) or lite (Opus, to save data)")
]


def read(
    source: SourceText,
    out: Out = Path("loa.mp3"),
    voice: VoiceName = "",
    master: MasterName = "app",
) -> None:
    """An article to an MP3, with no server and no database."""
    from audio.recipes import RECIPES
    from service.vietnamese import read as read_aloud
    from service.vietnamese.article import passages_of

    if master not in RECIPES:
        fail(f"--master is {', '.join(RECIPES)}, not {master!r}")
    installation = settings()
    story = _story_in(source, installation)
    sentences = read_aloud(passages_of(story.title, story.lead, story.paragraphs))
    with tempfile.TemporaryDirectory(prefix="loa-") as folder:
        file, speaker = _made(story, sentences, voice, RECIPES[master], Path(folder))
        _put(file.path, out)
    typer.echo(
        f"{out}: {file.seconds:.1f} s, {file.bytes} bytes, {file.lufs} LUFS, {speaker}"
    )


def _made(
    story: "Story",
    sentences: "list[Sentence]",
    voice: str,
    recipe: "Recipe",
    folder: Path,
) -> "tuple[Master, Voice]":
    """The story's sentences spoken and mastered, in a folder; and whose voice it is."""
    from audio.clips import Memory
    from audio.master import make
    from audio.stitch import Sound

    installation = settings()
    clips = Memory()
    recording, speaker = _spoken(story.title, sentences, voice, installation, clips)
    script = [
        Sound(clip, sentence.pause_ms, sentence.passage)
        for clip, sentence in zip(recording.keys, sentences, strict=True)
    ]
    tags = _tags(story, installation)
    (file,) = make([recipe], script, clips, Memory(), lambda cues: tags, folder)
    return file, speaker


def _story_in(source: str, installation: Settings) -> "Story":
    """What is to be read: of standard input ("-"), a file or an address."""
    from service.intake import decode, open_source
    from service.intake.source import parse_text

    if source == "-":
        return parse_text(decode(sys.stdin.buffer.read()))
    return open_source(source, open_guard(installation))


def _spoken(
    title: str,
    sentences: "list[Sentence]",
    voice: str,
    installation: Settings,
    clips: "Shelf",
) -> "tuple[Recording, Voice]":
    """The sentences as clips on the shelf, with a bar on the terminal; and whose voice it is."""
    from audio.booth import Line, record
    from service.newsroom.values import Fallback

    voices = open_voices(installation)
    speaker = voices.order(voice, Fallback.HOLD)[0]
    try:
        with bar() as progress:
            task = progress.add_task(title[:48], total=len(sentences))
            recording = record(
                [Line(sentence.spoken) for sentence in sentences],
                speaker,
                voices.engine(speaker.engine),
                clips,
                on_progress=lambda done, total: progress.update(
                    task, completed=done, total=total
                ),
            )
    finally:
        voices.close()
    return recording, speaker


def _tags(story: "Story", installation: Settings) -> "Tags":
    """What players show of the file."""
    from audio.tags import Tags
    from service.podcast import cover
    from workers.finishing import COVER_PX

    return Tags(
        title=story.title,
        artist=story.byline or installation.name,
        album=story.topic or installation.name,
        date=story.published_at or datetime.now(VIETNAM),
        comment="Giọng đọc máy",
        cover=cover(installation.name, story.topic, COVER_PX),
    )


def _put(file: Path, out: Path) -> None:
    """Copies the file to where it is wanted: whole, or not at all."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        part = out.with_name(out.name + ".part")
        shutil.copyfile(file, part)
        part.replace(out)
    except OSError as error:
        fail(f"{out} cannot be written: {error.strerror}")


def say(
    text: Annotated[
        list[str] | None,
        typer.Argument(help="what to read; without it, standard input"),
    ] = None,
) -> None:
    """The reading of a text.

    Without one, a line of standard input gives exactly one line of output.
    """
    saying.say(text or ())


def import_(
    sources: Annotated[list[str], typer.Argument(help="files or addresses")],
    station: Annotated[
        list[str] | None, typer.Option(help="slug of a station; default: the first one")
    ] = None,
) -> None:
    """Hands articles in; a running service reads them.

    One that is refused does not stop the others.
    """
    from service.actions.articles import article_of
    from service.actions.pictures import with_enclosed
    from service.actions.stations import stations_or_home
    from service.intake import open_source
    from service.newsroom.values import House, Source, SourceKind

    imports = Source(SourceKind.HOUSE, House.IMPORT)
    installation = settings()
    newsroom = open_newsroom(installation, open_nudge(installation))
    slugs = stations_or_home(newsroom, station or ())
    if not slugs:
        fail(
            "there is no station yet; start `loa serve` once, or name one with --station"
        )

    def take_in(source: str) -> None:
        story = open_source(source, newsroom.guard)
        story = with_enclosed(newsroom, story, installation.address)
        receipt = newsroom.articles.receive(
            article_of(story, slugs), House.IMPORT, imports
        )
        typer.echo(
            f"{source}: {receipt.news}, episode {receipt.episode_id}: {story.title}"
        )

    refused = 0
    for source in sources:
        error = failure(partial(take_in, source))
        if error is None:
            continue
        refused += 1
        warn(f"{source}: {_said(error)}")
    if refused:
        fail(f"{refused} of {len(sources)} were refused")


def _said(error: BaseException) -> str:
    """Why something was refused, with the field at fault where there is one."""
    from service.intake import Rejected
    from service.newsroom.errors import NewsroomError

    if isinstance(error, (Rejected, NewsroomError)):
        return f"{error.field}: {error}"
    return str(error)
