"""Looking after an installation: its tables, settings, health, backups and figures."""

import json
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from loa.assembly import (
    BED,
    MIGRATIONS,
    SAMPLES,
    TEMPLATES,
    open_newsroom,
    open_post,
    open_voices,
    ping_broker,
    settings,
)
from loa.first_start import UNREACHABLE
from loa.terminal import console, fail
from service.apart import failure
from service.settings import Settings, table


def migrate(
    check: Annotated[
        bool, typer.Option("--check", help="only compare code and migrations (for developers)")
    ] = False,
) -> None:
    """Brings the tables up to date."""
    if check:
        from service.newsroom.store.database import Database

        with tempfile.TemporaryDirectory(prefix="loa-") as folder:
            database = Database(f"sqlite:///{Path(folder).as_posix()}/check.db", MIGRATIONS)
            database.migrate()
            database.check()
            database.close()
        return
    open_newsroom(settings())
    typer.echo("the tables are up to date")


def show_settings() -> None:
    """Every setting, its default and what it means."""
    shown = Table("setting", "default", "meaning", box=None)
    for row in table():
        shown.add_row(*row)
    Console().print(shown)


def doctor() -> None:
    """Checks every part, and says what to do about what is wrong."""
    from audio.booth import Line, record
    from audio.clips import Memory
    from audio.ffmpeg import run

    found = settings()
    ill = 0

    def check(part: str, remedy: str, look: Callable[[], object]) -> None:
        nonlocal ill
        looked: list[object] = []
        error = failure(lambda: looked.append(look()))
        if error is not None:
            ill += 1
            typer.echo(f"  [!!] {part}: {error}\n       {remedy}")
        else:
            typer.echo(f"  [ok] {part}{f': {looked[0]}' if looked[0] else ''}")

    def speak(name: str) -> str:
        voices = open_voices(found)
        voice = voices.order(name, "hold")[0]
        try:
            recording = record(
                [Line("xin chào bà con")], voice, voices.engine(voice.engine), Memory()
            )
        finally:
            voices.close()
        engines = open_newsroom(found).engines
        known = engines.get(voice.engine)
        engines.answered(voice.engine)  # what a person saw answer, workers need not wait for
        away = (
            f", away from {known.away_since:%Y-%m-%d %H:%M} UTC until now"
            if known and known.away_since
            else ""
        )
        return f"{recording.engine_calls} call{away}"

    check(
        "settings",
        "correct the setting named here",
        lambda: f"{found.address}, home {found.home.resolve()}",
    )
    if found.unreachable:
        ill += 1
        typer.echo(UNREACHABLE.format(host=found.host, port=found.port))
    check(
        "database",
        "check LOA_DATABASE_URL and the disk",
        lambda: open_newsroom(found).database.ping(),
    )
    for part, remedy, look in DOORS:
        check(part, remedy, partial(look, found))
    check("files", "check LOA_FILES_URL and the disk", lambda: open_newsroom(found).files.ping())
    check("disk", "free some space", partial(free_space, found))
    check("ffmpeg", "run `make setup` again", lambda: run(["-version"]).split(b"\n")[0].decode())
    for name in filter(None, map(str.strip, found.voices.split(","))):
        check(
            f"voice {name}",
            "choose another in LOA_VOICES, or check the network",
            partial(speak, name),
        )
    check(
        f"urgent voice {found.urgent_voice}",
        "choose another in LOA_URGENT_VOICE",
        partial(speak, found.urgent_voice),
    )
    check(
        "notices",
        "set LOA_SMTP_URL, LOA_MAIL_FROM and LOA_LAN_ALLOW, or mend the station's form (docs/operations.md)",
        partial(duty, found),
    )
    check(
        "storage",
        "let `loa serve` (or `loa clock`) run: it deletes what nobody needs",
        lambda: stock(found),
    )
    if found.broker_url:
        check("broker", "start Redis, or check LOA_BROKER_URL", partial(ping_broker, found))
    if ill:
        fail(f"{ill} {'part needs' if ill == 1 else 'parts need'} attention")


def chained_log(found: Settings) -> str:
    """How long the log is and its last digest; OSError names the first line that is not as it was written."""
    chain = open_newsroom(found).log.check()
    if chain.broken:
        raise OSError(chain.broken)
    return f"{chain.lines} lines, the last {chain.digest[:16]}"


def proxies(found: Settings) -> str:
    """How many are trusted; OSError when requests of this week came through one and none is."""
    from service.newsroom.values import Event

    newsroom = open_newsroom(found)
    last = newsroom.log.last(Event.PROXY_UNTRUSTED)
    if not found.trusted_proxies and last and newsroom.now() - last < timedelta(days=7):
        raise OSError(
            f"requests come through a proxy ({last:%Y-%m-%d %H:%M} UTC) that is not trusted:"
            " everybody behind it shares one limit"
        )
    return f"{found.trusted_proxies} trusted"


DOORS = (
    (
        "log",
        "somebody changed the log in the database; keep a copy, compare it with a backup"
        " (docs/operations.md, The log)",
        chained_log,
    ),
    (
        "proxies",
        "set LOA_TRUSTED_PROXIES to the number of proxies in front (docs/operations.md)",
        proxies,
    ),
)


def duty(found: Settings) -> str:
    """Who is told of empty slots and warnings; OSError when some cannot be told.

    Addresses that an earlier release took may be ones that nothing is sent to now.
    """
    from service.newsroom.duty import duty_addresses, is_web
    from service.newsroom.errors import Invalid

    newsroom = open_newsroom(found)
    addresses = {address for station in newsroom.stations.all() for address in station.duty}
    for address in sorted(addresses):
        try:
            duty_addresses((address,), newsroom.guard)
        except Invalid as error:
            raise OSError(f"somebody on duty is never told: {error}") from error
    mails = sorted(address for address in addresses if not is_web(address))
    if mails and open_post(found) is None:
        raise OSError(
            f"LOA_SMTP_URL is not set, so nobody writes to {', '.join(mails)}, whom stations name"
        )
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


def backup(out: Annotated[Path, typer.Argument(help="the .tar.gz to write")]) -> None:
    """Everything of an embedded installation in one file; it may be running."""
    from service.newsroom.store.backup import DATABASE, back_up

    found = settings()
    if found.database_url or found.files_url:
        fail(
            "backup is for the embedded shape; use pg_dump and your bucket's own copy (docs/operations.md)"
        )
    if not (found.home / DATABASE).exists():
        fail(f"there is no newsroom in {found.home.resolve()}")
    size = back_up(found.home, out)
    typer.echo(
        f"{out}: {size} bytes, for your eyes (left out: clips, which are spoken again when needed; "
        "sessions and the first password: after a restore people log in again)"
    )


def restore(source: Annotated[Path, typer.Argument(help="a file that `loa backup` wrote")]) -> None:
    """Puts a backup into an empty home."""
    from service.newsroom.store import backup

    found = settings()
    backup.restore(source, found.home)
    open_newsroom(found)
    typer.echo(f"restored into {found.home.resolve()}; start it with `loa serve`")


def bench(
    parts: Annotated[
        list[str] | None,
        typer.Argument(help="pipeline, masters, memory, edit, lanes, reading, feeds"),
    ] = None,
    json_out: Annotated[
        Path | None, typer.Option("--json", help="also write the figures here")
    ] = None,
) -> None:
    """What the work beyond the voice and the encoder costs, side by side with both, as ratios."""
    from service.web.bench import bench as measure_feeds
    from workers.bench import PARTS
    from workers.bench import bench as measure_line

    feeds = "feeds"
    if unknown := set(parts or ()) - {*PARTS, feeds}:
        fail(
            f"there is no part {', '.join(sorted(unknown))}; there are {', '.join([*PARTS, feeds])}"
        )
    wanted = parts or [*PARTS, feeds]
    began = time.monotonic()

    def tell(part: str, what: str) -> None:
        at = wanted.index(part) + 1
        console.print(
            f"[{at}/{len(wanted)}] {part}: {what} …", markup=False, highlight=False, soft_wrap=True
        )

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
