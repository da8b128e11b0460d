"""The composition root: reads the environment, puts the rooms together, and is the command line."""

import json
import logging
import multiprocessing
import os
import secrets
import shutil
import signal
import sys
import tempfile
import threading
import time
import tomllib
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.logging import RichHandler
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from service.settings import Settings, SettingsError, load, table

warnings.filterwarnings("ignore", message="Couldn't find ffmpeg or avconv", module="pydub.utils")
warnings.filterwarnings("ignore", message="'audioop' is deprecated", module="pydub.utils")

if TYPE_CHECKING:
    from flask import Flask

    from service.intake import Story
    from service.newsroom import Newsroom
    from service.newsroom.jobs import Nudge
    from service.newsroom.values import NewArticle, Station
    from service.web.site import Site
    from workers.line import Studio
    from workers.notices import Post
    from workers.recorded import Limits
    from workers.voices import Voices

HERE = Path(__file__).resolve().parent
MIGRATIONS, TEMPLATES, SAMPLES = HERE / "migrations", HERE / "templates", HERE / "samples"
BED = HERE / "audio" / "chimes" / "bed.mp3"
FEWEST_CLIP_DAYS = 31  # bulletins may take stories that are 30 days old
FIRST_LOGIN = "first-login.txt"
SAMPLES_BY = "tin mẫu"  # who the log names for the samples
LEFT_FOR_THE_DESK = 1  # samples that are read, and wait for somebody to approve them

app = typer.Typer(
    name="loa",
    help="Loa reads the news of Vietnamese communes aloud.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
user_app = typer.Typer(help="Logins of the desk.", no_args_is_help=True)
key_app = typer.Typer(help="Keys of programs that use the API.", no_args_is_help=True)
app.add_typer(user_app, name="user")
app.add_typer(key_app, name="key")
console = Console(stderr=True)


def main() -> None:
    """Runs the command line; what a person can mend is told in one line, without a traceback."""
    from audio.ffmpeg import FfmpegError
    from audio.voice import EngineTrouble
    from service.intake import Rejected
    from service.newsroom.errors import NewsroomError
    from service.newsroom.files import FilesError

    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")  # a Windows console may say otherwise
    try:
        app()
    except Rejected as error:
        fail(f"{error.field}: {error}")
    except (NewsroomError, SettingsError, EngineTrouble, FfmpegError, FilesError) as error:
        fail(str(error))


def fail(message: str) -> NoReturn:
    """Says what is wrong and ends with status 1."""
    console.print(f"loa: {message}", style="red", markup=False, highlight=False, soft_wrap=True)
    raise SystemExit(1)


# Putting the rooms together.


def settings() -> Settings:
    """The settings of this process."""
    return load(os.environ)


def open_newsroom(found: Settings, nudge: "Nudge | None" = None) -> "Newsroom":
    """The newsroom behind the settings' addresses, its tables up to date."""
    from datetime import timedelta

    from service.newsroom import Newsroom, nobody
    from service.newsroom.files import open_files

    if found.published_clips_days and found.published_clips_days < FEWEST_CLIP_DAYS:
        raise SettingsError(f"LOA_PUBLISHED_CLIPS_DAYS must be 0 (for ever) or at least {FEWEST_CLIP_DAYS}")
    newsroom = Newsroom.open(
        found.database,
        open_files(found.files, found.files_key_id, found.files_secret),
        MIGRATIONS,
        nudge=nudge or nobody,
        lease=timedelta(seconds=found.lease_seconds),
        published_clips_kept=timedelta(days=found.published_clips_days) if found.published_clips_days else None,
    )
    newsroom.database.migrate()
    return newsroom


def open_voices(found: Settings) -> "Voices":
    """The engines, in the order of preference."""
    from audio.voice import Limits, Voice
    from workers.voices import Voices

    try:
        preferred = [Voice.parse(part) for part in found.voices.split(",") if part.strip()]
    except ValueError as error:
        raise SettingsError(f"LOA_VOICES: {error}") from error
    if not preferred:
        raise SettingsError("LOA_VOICES names no voice; espeak:vi is always there")
    files = [Path(name.strip()).expanduser() for name in found.piper_voices.split(",") if name.strip()]
    if found.network_calls_per_minute < 1 or found.network_burst < 1:
        raise SettingsError("LOA_NETWORK_CALLS_PER_MINUTE and LOA_NETWORK_BURST must be at least 1")
    limits = Limits(found.network_calls_per_minute, found.network_burst)
    of_engines: dict[str, dict[str, object]] = {
        "edge": {"limits": limits},
        "gtts": {"base_url": found.gtts_url, "limits": limits},
        "piper": {"voices": files},
    }
    voices = Voices(preferred, of_engines)
    try:
        urgent = Voice.parse(found.urgent_voice)
    except ValueError as error:
        raise SettingsError(f"LOA_URGENT_VOICE: {error}") from error
    for voice in (*preferred, urgent):
        names = {info.name for info in voices.engine(voice.engine).voices()}
        if voice.name and voice.name not in names:
            raise SettingsError(f"LOA_VOICES, LOA_URGENT_VOICE: {voice} is not among {', '.join(sorted(names))}")
    return voices


def first_voice(found: Settings) -> str:
    """The voice that stations mean who name none."""
    return found.voices.split(",")[0].strip()


def open_nudge(found: Settings) -> "Nudge | None":
    """How workers hear of new jobs: through the broker, or not at all (threads ask the table themselves)."""
    if not found.broker_url:
        return None
    from workers.celery_app import nudge_through, open_broker

    return nudge_through(open_broker(found.broker_url))


def ping_broker(found: Settings) -> None:
    """Raises when the broker does not answer."""
    from workers.celery_app import open_broker

    with open_broker(found.broker_url).connection_for_write(connect_timeout=3) as connection:
        connection.ensure_connection(max_retries=1, timeout=3)


def open_site(found: Settings, newsroom: "Newsroom", voices: "Voices") -> "Site":
    """What the web shows of this installation."""
    from audio.chimes import CHIMES, Chime, pcm
    from service.web.site import COUNTED_HERE, ChimeChoice, Site, VoiceChoice

    limits = limits_of(found)
    checks: dict[str, Callable[[], None]] = {"database": newsroom.database.ping, "files": newsroom.files.ping}
    if found.broker_url:
        checks["broker"] = partial(ping_broker, found)
    return Site(
        public_url=found.address,
        name=found.name,
        templates=TEMPLATES,
        bed=BED,
        secret_key=found.secret_key or newsroom.people.secret("session"),
        owner_email=found.owner_email,
        hub=found.websub_hub,
        moved_to=found.moved_to.rstrip("/"),
        version=version("loa"),
        voices=tuple(VoiceChoice(str(voice), info.label) for voice, info, trouble in voices.all() if not trouble),
        preferred=tuple(map(str, voices.preferred)),
        chimes=tuple(
            ChimeChoice(chime.value, CHIMES[chime], partial(pcm, chime), limits.of_chime(chime)) for chime in Chime
        ),
        recording_bytes=found.recording_mb * 1_000_000,
        recording_s=limits.recording_s,
        urgent_voice=found.urgent_voice,
        trusted_proxies=found.trusted_proxies,
        counters=found.broker_url or COUNTED_HERE,
        checks=checks,
    )


def wsgi() -> "Flask":
    """The web application; what granian's workers load."""
    from service.web.app import create_app

    found = settings()
    write_log(found)
    newsroom = open_newsroom(found, open_nudge(found))
    return create_app(newsroom, open_site(found, newsroom, open_voices(found)))


def write_log(found: Settings) -> None:
    """Log lines with local times, on standard error."""
    handler = RichHandler(console=console, show_path=False, markup=False, rich_tracebacks=False)
    logging.basicConfig(level=found.log_level.upper(), format="%(name)s: %(message)s", handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)


@contextmanager
def alone(found: Settings) -> Iterator[None]:
    """Holds the home folder; a second `loa serve` on it would do the same jobs twice."""
    from filelock import FileLock, Timeout

    found.home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(found.home / "serve.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        fail(f"another `loa serve` works in {found.home.resolve()}; stop it, or set LOA_HOME to another folder")
    try:
        yield
    finally:
        lock.release()


def studio(found: Settings, newsroom: "Newsroom", voices: "Voices") -> "Studio":
    """What the line works with."""
    from workers.line import Studio
    from workers.throttle import SharedThrottle

    return Studio(newsroom, voices, throttle=SharedThrottle(newsroom.engines), limits=limits_of(found))


def limits_of(found: Settings) -> "Limits":
    """How long what people send may be."""
    from workers.recorded import Limits

    return Limits(found.recording_minutes * 60.0, float(found.chime_seconds))


def lanes_of(found: Settings) -> int:
    """How many slow jobs at once."""
    return found.lanes or os.cpu_count() or 1


# Serving.


@app.command()
def serve() -> None:
    """Web, workers and clock in one: everything that one machine needs."""
    from workers import clock
    from workers.embedded import Lanes

    found = settings()
    if found.broker_url:
        fail("LOA_BROKER_URL is set: run `loa web`, `loa worker` and `loa clock` instead of `loa serve`")
    write_log(found)
    with alone(found):
        newsroom, voices = open_newsroom(found), open_voices(found)
        newsroom.jobs.release_all("embedded/")
        lanes = Lanes(studio(found, newsroom, voices), "embedded", lanes_of(found))
        stop = threading.Event()
        timekeeper = threading.Thread(
            target=clock.run, args=(newsroom, lambda job, lane: None, stop, first_voice(found)), daemon=True
        )
        tell_hub(found, newsroom, stop)
        tell_duty(found, newsroom, stop)
        clean_up(newsroom, stop)
        login = first_login(found, newsroom)
        lanes.start()
        timekeeper.start()
        try:
            with no_traceback_on_ctrl_c():
                if found.samples and newsroom.stations.home() is None:
                    load_samples(newsroom)
                broadcast_samples(newsroom)
                print_addresses(found, newsroom, login)
                serve_web(found)
        finally:
            stop.set()
            console.print("Đang dừng: việc đang làm dở sẽ được làm tiếp ở lần chạy sau…", style="dim")
            lanes.stop()
            voices.close()


@app.command()
def web() -> None:
    """The web alone, next to `loa worker` and `loa clock`."""
    found = settings()
    write_log(found)
    newsroom = open_newsroom(found)
    login = first_login(found, newsroom)
    print_addresses(found, newsroom, login)
    serve_web(found)


@app.command()
def worker(
    lane: Annotated[list[str] | None, typer.Option(help="fast or slow; both when not given")] = None,
) -> None:
    """A Celery worker: does the jobs it is nudged for, until told to stop."""
    from service.newsroom.values import Lane
    from workers.celery_app import nudge_through, open_broker
    from workers.celery_app import serve as serve_celery

    found = settings()
    if not found.broker_url:
        fail("a worker needs LOA_BROKER_URL; on one machine `loa serve` does all")
    write_log(found)
    try:
        lanes = tuple(Lane(name) for name in lane or list(Lane))
    except ValueError:
        fail("--lane is fast or slow")
    broker = open_broker(found.broker_url)
    newsroom, voices = open_newsroom(found, nudge_through(broker)), open_voices(found)
    try:
        serve_celery(broker, studio(found, newsroom, voices), f"worker-{secrets.token_hex(4)}", lanes, lanes_of(found))
    finally:
        voices.close()


@app.command()
def clock() -> None:
    """The clock: finds jobs whose message or worker was lost."""
    from workers import clock as hands

    found = settings()
    nudge = open_nudge(found)
    if nudge is None:
        fail("a clock of its own needs LOA_BROKER_URL; on one machine `loa serve` does all")
    write_log(found)
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    newsroom = open_newsroom(found, nudge)
    tell_hub(found, newsroom, stop)
    tell_duty(found, newsroom, stop)
    clean_up(newsroom, stop)
    hands.run(newsroom, nudge, stop, first_voice(found))


def tell_hub(found: Settings, newsroom: "Newsroom", stop: threading.Event) -> None:
    """Beside the clock: the WebSub hub hears of what changed, when one is set."""
    from workers import websub

    if found.websub_hub:
        arguments = (newsroom, found.websub_hub, found.address, stop)
        threading.Thread(target=websub.run, args=arguments, name="websub", daemon=True).start()


def clean_up(newsroom: "Newsroom", stop: threading.Event) -> None:
    """Beside the clock: what nobody needs any more is deleted."""
    from workers import cleaning

    threading.Thread(target=cleaning.run, args=(newsroom, stop), name="cleaning", daemon=True).start()


def tell_duty(found: Settings, newsroom: "Newsroom", stop: threading.Event) -> None:
    """Beside the clock: the people on duty hear of what needs them."""
    from workers import notices

    arguments = (newsroom, open_post(found), found.address, stop)
    threading.Thread(target=notices.run, args=arguments, name="notices", daemon=True).start()


def open_post(found: Settings) -> "Post | None":
    """The mail server that is set, or None."""
    from workers.notices import Post

    return Post.of(found.smtp_url, found.mail_from or found.owner_email)


def serve_web(found: Settings) -> None:
    """Granian, until told to stop. Its workers are processes of their own: pages stay quick while we speak."""
    from granian.constants import Interfaces
    from granian.server import Server

    if multiprocessing.get_start_method(allow_none=True) is None:
        multiprocessing.set_start_method("spawn")  # our threads must not be copied half-way
    server = Server(
        "loa:wsgi",
        address=found.host,
        port=found.port,
        interface=Interfaces.WSGI,
        blocking_threads=32,
        factory=True,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
        log_enabled=True,
        log_level="error",  # type: ignore[arg-type]
    )
    with suppress(SystemExit):  # granian's way to say that it was interrupted
        server.serve()


@contextmanager
def no_traceback_on_ctrl_c() -> Iterator[None]:
    """Ctrl-C (and SIGTERM, as service managers send it) is how serving ends, not an error."""
    if hasattr(signal, "SIGTERM") and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        return


# The first start.


def first_login(found: Settings, newsroom: "Newsroom") -> tuple[str, str] | None:
    """The administrator's name and password while they are the ones this installation was given; else None."""
    from service.newsroom.values import Role

    path = found.home / FIRST_LOGIN
    if not newsroom.people.everyone():
        name, password = "admin", "-".join(secrets.token_hex(3) for _ in range(3))
        newsroom.people.add(name, password, Role.ADMIN)
        found.home.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{name} {password}\n")
    if not path.exists():
        return None
    name, password = path.read_text(encoding="utf-8").split()
    return (name, password) if newsroom.people.login(name, password) else None


def load_samples(newsroom: "Newsroom") -> None:
    """The sample commune and its articles."""
    from service.intake import open_source

    station = read_station(SAMPLES / "station.toml")
    newsroom.stations.put(station)
    for path in sorted((SAMPLES / "articles").glob("*.txt")):
        newsroom.articles.receive(
            as_article(open_source(str(path)), (station.slug,), f"sample:{path.stem}"), SAMPLES_BY
        )


def broadcast_samples(newsroom: "Newsroom") -> None:
    """Waits for the samples and lets them on the air, but for one that shows the desk what waiting looks like.

    Only until something was published once: later starts have no samples to show, and wait for nothing.
    """
    from service.newsroom.values import State

    if any(card.public_version for card in newsroom.episodes.cards(limit=200)[0]):
        return
    watch(newsroom)
    cards, _ = newsroom.episodes.cards(states=(State.MASTERED,), limit=200)
    samples = [card for card in cards if newsroom.episodes.renderings(card.id)[-1].opened_by == SAMPLES_BY]
    for card in samples[LEFT_FOR_THE_DESK:]:
        newsroom.episodes.approve(card.id, SAMPLES_BY, card.version)
    watch(newsroom)


def read_station(path: Path) -> "Station":
    """A station from a TOML file."""
    from service.newsroom.values import Slot, Station

    values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    slots = tuple(Slot(**slot) for slot in values.pop("slots", []))
    return Station(**values, slots=slots)


def as_article(story: "Story", stations: tuple[str, ...], external_id: str = "") -> "NewArticle":
    """A Story as the newsroom takes it."""
    from service.newsroom.values import NewArticle

    return NewArticle(
        title=story.title,
        paragraphs=story.paragraphs,
        digest=story.digest,
        stations=stations,
        lead=story.lead,
        byline=story.byline,
        topic=story.topic,
        published_at=story.published_at,
        url=story.url,
        external_id=external_id,
    )


def watch(newsroom: "Newsroom") -> None:
    """Shows what is being read, until nothing is."""
    if not newsroom.jobs.unfinished():
        return
    pause = threading.Event()
    with bar() as progress:
        task = progress.add_task("Đang đọc", total=None)
        while newsroom.jobs.unfinished():
            cards, _ = newsroom.episodes.cards(limit=500)
            done, total = sum(card.done for card in cards), sum(card.total for card in cards)
            busy = next((card for card in cards if card.done < card.total), None)
            progress.update(
                task, completed=done, total=total or None, description=busy.title[:48] if busy else "Đang đọc"
            )
            pause.wait(0.2)
        progress.update(task, completed=1, total=1, description="Đã đọc xong")


def bar() -> Progress:
    """A progress bar; plain lines where there is no terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console)


def print_addresses(found: Settings, newsroom: "Newsroom", login: tuple[str, str] | None) -> None:
    """Where everything is."""
    rows = [("Trang nghe", "/"), ("Podcast", "/feeds/all.xml")]
    if home := newsroom.stations.home():
        rows.append(("Loa truyền thanh", f"/stations/{home.slug}/speaker"))
    rows += [("Bàn biên tập", "/desk"), ("API", "/api/v1/openapi.json")]
    for label, path in rows:
        typer.echo(f"  {label:<18} {found.address}{path}")
    if login:
        typer.echo(f"  {'Đăng nhập':<18} {login[0]}   mật khẩu: {login[1]}   ({found.home / FIRST_LOGIN})")
    typer.echo("  Ctrl-C để dừng.")
    sys.stdout.flush()


# One article, one line, one voice: without a server.


@app.command()
def read(
    source: Annotated[str, typer.Argument(help="a text or HTML file, an address, or - for standard input")],
    out: Annotated[Path, typer.Option("-o", "--out", help="the MP3 to write")] = Path("loa.mp3"),
    voice: Annotated[str, typer.Option(help="engine:name, as `loa voices` lists them; default: LOA_VOICES")] = "",
    master: Annotated[str, typer.Option(help="app, speaker (for horns) or lite (Opus, to save data)")] = "app",
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
    from workers.line import COVER_PX

    if master not in RECIPES:
        fail(f"--master is {', '.join(RECIPES)}, not {master!r}")
    found = settings()
    story = parse_text(decode(sys.stdin.buffer.read())) if source == "-" else open_source(source)
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
        date=story.published_at or local_now(),
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


@app.command()
def say(
    text: Annotated[list[str] | None, typer.Argument(help="what to read; without it, standard input")] = None,
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


@app.command()
def voices() -> None:
    """Every voice that can be chosen."""
    found = open_voices(settings())
    shown = Table("giọng", "tên", "", box=None)
    for voice, info, trouble in found.all():
        order = found.preferred.index(voice) + 1 if voice in found.preferred else 0
        shown.add_row(str(voice), info.label, trouble or (f"ưu tiên {order}" if order else ""))
    found.close()
    Console().print(shown)


# The newsroom from the command line.


@app.command("import")
def import_(
    sources: Annotated[list[str], typer.Argument(help="files or addresses")],
    station: Annotated[list[str] | None, typer.Option(help="slug of a station; default: the first one")] = None,
) -> None:
    """Hands articles in; a running service reads them. One that is refused does not stop the others."""
    from service.intake import Rejected, open_source

    found = settings()
    newsroom = open_newsroom(found, open_nudge(found))
    home = newsroom.stations.home()
    if home is None and not station:
        fail("there is no station yet; start `loa serve` once, or name one with --station")
    slugs = tuple(station or [home.slug if home else ""])
    refused = 0
    for source in sources:
        try:
            story = open_source(source)
        except Rejected as error:
            refused += 1
            console.print(f"{source}: {error.field}: {error}", style="red", markup=False, soft_wrap=True)
            continue
        receipt = newsroom.articles.receive(as_article(story, slugs), "import")
        typer.echo(f"{source}: {receipt.news}, episode {receipt.episode_id}: {story.title}")
    if refused:
        fail(f"{refused} of {len(sources)} were refused")


@user_app.command("add")
def user_add(
    name: str,
    role: Annotated[str, typer.Option(help="operator, editor, approver or admin")] = "editor",
    password: Annotated[str, typer.Option(prompt=True, confirmation_prompt=True, hide_input=True)] = "",
) -> None:
    """A new login for the desk."""
    person = open_newsroom(settings()).people.add(name, password, as_role(role))
    typer.echo(f"{person.name}: {person.role}")


@user_app.command("password")
def user_password(
    name: str,
    password: Annotated[str, typer.Option(prompt=True, confirmation_prompt=True, hide_input=True)] = "",
) -> None:
    """A new password for a login that exists."""
    open_newsroom(settings()).people.set_password(name, password)
    typer.echo(f"{name}: the password is changed")


@key_app.command("add")
def key_add(name: str, role: Annotated[str, typer.Option(help="operator, editor, approver or admin")]) -> None:
    """A new key for a program; it is printed once, last."""
    typer.echo(open_newsroom(settings()).people.add_key(name, as_role(role)))


def as_role(text: str) -> Any:
    """A role by its name."""
    from service.newsroom.values import Role

    try:
        return Role(text)
    except ValueError:
        fail(f"{text!r} is no role: operator, editor, approver or admin")


# Looking after an installation.


@app.command()
def migrate(
    check: Annotated[bool, typer.Option("--check", help="only compare code and migrations (for developers)")] = False,
) -> None:
    """Brings the tables up to date."""
    if check:
        from service.newsroom.database import Database

        with tempfile.TemporaryDirectory(prefix="loa-") as folder:
            database = Database(f"sqlite:///{Path(folder).as_posix()}/check.db", MIGRATIONS)
            database.migrate()
            database.check()
            database.close()
        return
    open_newsroom(settings())
    typer.echo("the tables are up to date")


@app.command("settings")
def show_settings() -> None:
    """Every setting, its default and what it means."""
    shown = Table("setting", "default", "meaning", box=None)
    for row in table():
        shown.add_row(*row)
    Console().print(shown)


@app.command()
def doctor() -> None:
    """Checks every part, and says what to do about what is wrong."""
    from audio.booth import Line, record
    from audio.clips import Memory
    from audio.ffmpeg import run

    found = settings()
    ill = 0

    def check(part: str, remedy: str, look: Callable[[], object]) -> None:
        nonlocal ill
        try:
            told = look()
        except Exception as error:  # noqa: BLE001 - whatever a part does wrong is what this command is there to tell
            ill += 1
            typer.echo(f"  [!!] {part}: {error}\n       {remedy}")
        else:
            typer.echo(f"  [ok] {part}{f': {told}' if told else ''}")

    def speak(name: str) -> str:
        voices = open_voices(found)
        voice = voices.order(name, "hold")[0]
        try:
            recording = record([Line("xin chào bà con")], voice, voices.engine(voice.engine), Memory())
        finally:
            voices.close()
        engines = open_newsroom(found).engines
        known = engines.get(voice.engine)
        engines.answered(voice.engine)  # what a person saw answer, workers need not wait for
        away = f", away from {known.away_since:%Y-%m-%d %H:%M} UTC until now" if known and known.away_since else ""
        return f"{recording.engine_calls} call{away}"

    check("settings", "correct the setting named here", lambda: f"{found.address}, home {found.home.resolve()}")
    check("database", "check LOA_DATABASE_URL and the disk", lambda: open_newsroom(found).database.ping())
    check("files", "check LOA_FILES_URL and the disk", lambda: open_newsroom(found).files.ping())
    check("disk", "free some space", partial(free_space, found))
    check("ffmpeg", "run `make setup` again", lambda: run(["-version"]).split(b"\n")[0].decode())
    for name in filter(None, map(str.strip, found.voices.split(","))):
        check(f"voice {name}", "choose another in LOA_VOICES, or check the network", partial(speak, name))
    check(
        f"urgent voice {found.urgent_voice}", "choose another in LOA_URGENT_VOICE", partial(speak, found.urgent_voice)
    )
    check("notices", "set LOA_SMTP_URL and LOA_MAIL_FROM (docs/operations.md)", partial(duty, found))
    check("storage", "let `loa serve` (or `loa clock`) run: it deletes what nobody needs", lambda: stock(found))
    if found.broker_url:
        check("broker", "start Redis, or check LOA_BROKER_URL", partial(ping_broker, found))
    if ill:
        fail(f"{ill} {'part needs' if ill == 1 else 'parts need'} attention")


def duty(found: Settings) -> str:
    """Who is told of empty slots and warnings; OSError when some are told by e-mail and no server is set."""
    addresses = {address for station in open_newsroom(found).stations.all() for address in station.duty}
    mails = sorted(address for address in addresses if not address.startswith("http"))
    if mails and open_post(found) is None:
        raise OSError(f"LOA_SMTP_URL is not set, so nobody writes to {', '.join(mails)}, whom stations name")
    return f"{len(mails)} e-mail, {len(addresses) - len(mails)} web addresses"


def stock(found: Settings) -> str:
    """What lies in the store; OSError when what nobody needs is not deleted."""
    folders = open_newsroom(found).cleaning.survey()
    told = " · ".join(
        f"{each.folder} {each.files:,} files, {each.bytes / 1e6:,.1f} MB"
        + (f" ({each.spare_bytes / 1e6:,.1f} MB nobody needs)" if each.spare_bytes else "")
        for each in folders
    )
    if overdue := sum(each.overdue for each in folders):
        raise OSError(f"{overdue} files that nobody needs are not deleted: {told}")
    return told


def free_space(found: Settings) -> str:
    """How much room the disk has; OSError when it is too little for a day of news."""
    free = shutil.disk_usage(found.home if found.home.exists() else Path()).free / 1e9
    if free < 1:
        raise OSError(f"only {free:.1f} GB free")
    return f"{free:.1f} GB free"


@app.command()
def backup(out: Annotated[Path, typer.Argument(help="the .tar.gz to write")]) -> None:
    """Everything of an embedded installation in one file; it may be running."""
    from service.newsroom.backup import DATABASE, back_up

    found = settings()
    if found.database_url or found.files_url:
        fail("backup is for the embedded shape; use pg_dump and your bucket's own copy (docs/operations.md)")
    if not (found.home / DATABASE).exists():
        fail(f"there is no newsroom in {found.home.resolve()}")
    size = back_up(found.home, out, (FIRST_LOGIN,))
    typer.echo(f"{out}: {size} bytes (clips are left out: they are spoken again when needed)")


@app.command()
def restore(source: Annotated[Path, typer.Argument(help="a file that `loa backup` wrote")]) -> None:
    """Puts a backup into an empty home."""
    from service.newsroom import backup

    found = settings()
    backup.restore(source, found.home)
    open_newsroom(found)
    typer.echo(f"restored into {found.home.resolve()}; start it with `loa serve`")


@app.command()
def bench(
    parts: Annotated[
        list[str] | None, typer.Argument(help="pipeline, masters, memory, edit, lanes, reading, feeds")
    ] = None,
    json_out: Annotated[Path | None, typer.Option("--json", help="also write the figures here")] = None,
) -> None:
    """What the work beyond the voice and the encoder costs, side by side with both, as ratios."""
    from service.web.bench import bench as measure_feeds
    from workers.bench import PARTS
    from workers.bench import bench as measure_line

    feeds = "feeds"
    if unknown := set(parts or ()) - {*PARTS, feeds}:
        fail(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join([*PARTS, feeds])}")
    wanted = parts or [*PARTS, feeds]
    began = time.monotonic()

    def tell(part: str, what: str) -> None:
        at = wanted.index(part) + 1
        console.print(f"[{at}/{len(wanted)}] {part}: {what} …", markup=False, highlight=False, soft_wrap=True)

    figures: dict[str, float] = {}
    if of_line := [part for part in wanted if part != feeds]:
        figures = measure_line(SAMPLES, MIGRATIONS, of_line, tell)
    if feeds in wanted:
        tell(feeds, "the feeds of a large archive")
        figures |= measure_feeds(TEMPLATES, BED, MIGRATIONS)
    console.print(f"{time.monotonic() - began:.0f} s", highlight=False)
    shown = Table("figure", "value", box=None)
    for name, value in figures.items():
        shown.add_row(name, f"{value:,.0f}" if value > 1000 else f"{value:.2f}")
    Console().print(shown)
    if json_out:
        json_out.write_text(json.dumps(figures, indent=2), encoding="utf-8")


def local_now() -> Any:
    """Now, in Vietnam."""
    from datetime import datetime

    from service.intake import HANOI

    return datetime.now(HANOI)


if __name__ == "__main__":
    main()
