"""Looking after an installation: its tables, settings, health, backups and figures."""

import re
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from loa import checks
from loa.assembly import (
    MIGRATIONS,
    open_newsroom,
    open_nudge,
    settings,
)
from loa.first_start import UNREACHABLE
from loa.terminal import fail, show, table
from service.apart import failure
from service.settings import Settings
from service.settings import table as settings_table

if TYPE_CHECKING:
    from service.newsroom import Newsroom


def migrate(
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="only compare code and migrations (for developers)"
        ),
    ] = False,
) -> None:
    """Brings the tables up to date."""
    if check:
        from service.newsroom.store.database import Database

        with tempfile.TemporaryDirectory(prefix="loa-") as folder:
            database = Database(
                f"sqlite:///{Path(folder).as_posix()}/check.db", MIGRATIONS
            )
            database.migrate()
            database.check()
            database.close()
        return
    open_newsroom(settings())
    typer.echo("the tables are up to date")


def show_settings() -> None:
    """Every setting, its default and what it means."""
    shown = table("setting", "default", "meaning")
    for row in settings_table():
        shown.add_row(*row)
    show(shown)


def doctor(
    witness: Annotated[
        list[str] | None,
        typer.Option(
            help="LINE:DIGEST of the log, from a month's report or an earlier doctor"
        ),
    ] = None,
) -> None:
    """Checks every part, and says what to do about what is wrong."""
    installation = settings()
    witnesses = dict(map(_line_and_digest, witness or ()))
    ill = 0 if _is_well(checks.SETTINGS, installation) else 1
    if installation.unreachable:
        ill += 1
        typer.echo(UNREACHABLE.format(host=installation.host, port=installation.port))
    parts = checks.checks_of(installation, witnesses)
    ill += sum(not _is_well(check, installation) for check in parts)
    if ill:
        fail(f"{ill} {'part needs' if ill == 1 else 'parts need'} attention")


def _line_and_digest(written_down: str) -> tuple[int, str]:
    line, _, digest = written_down.partition(":")
    if not line.isdecimal() or not re.fullmatch(r"[0-9a-f]{8,64}", digest):
        fail(
            f"--witness is LINE:DIGEST as in 812:3f2a91c04be77d15, not {written_down!r}"
        )
    return int(line), digest


def alive(
    kind: Annotated[str, typer.Argument(help="worker, clock or web")],
) -> None:
    """Whether the processes of that kind on this machine live:
    ends with 1 when one is gone or deaf.

    For Docker, systemd and Kubernetes, which begin it again.
    """
    from service.newsroom.values import ProcessKind
    from workers.presence import alive as faults_of

    try:
        wanted = ProcessKind(kind)
    except ValueError:
        fail(f"there is no {kind}; there are {', '.join(ProcessKind)}")
    faults = faults_of(open_newsroom(settings(), migrated=False), wanted)
    if faults:
        fail("; ".join(faults))
    typer.echo(f"{kind}: ok")


def verify(
    key: Annotated[
        list[str] | None,
        typer.Option(help="a key that approvals were signed with before a restore"),
    ] = None,
) -> None:
    """Compares every master's bytes with what was made, and every approval with its signature.

    Has sound that is spoilt made again (by a running service).
    """
    installation = settings()
    newsroom = open_newsroom(installation, open_nudge(installation))
    broken = _broken_seals(newsroom, key or ())
    spoilt = _spoilt_files(newsroom)
    if broken:
        fail(
            "what changed after its approval was changed by no page of Loa; approve those again, or"
            " withdraw them, and find out who writes to the database (docs/operations.md)"
        )
    if spoilt:
        fail(
            "the spoilt ones are made again while `loa serve` or `loa worker` runs; look again then"
        )


def _broken_seals(newsroom: "Newsroom", former_keys: Collection[str]) -> int:
    """Prints which approvals are not what was signed; how many."""
    approvals = broken = 0
    for seal in newsroom.seals.faults(former_keys):
        approvals += 1
        if seal.fault:
            broken += 1
            typer.echo(
                f"  [!!] episode {seal.episode_id}, version {seal.version}: {seal.fault}"
            )
    typer.echo(f"{approvals} approvals, {broken} broken")
    typer.echo(f"they are signed with the key {newsroom.seals.public_key()}")
    return broken


def _spoilt_files(newsroom: "Newsroom") -> int:
    """Prints which files are not what was made; how many."""
    from workers.verify import spoilt_masters

    files = spoilt = 0
    for fault in spoilt_masters(newsroom):
        files += 1
        if fault is None:
            continue
        spoilt += 1
        episode = f"episode {fault.master.episode_id}, version {fault.master.version}"
        typer.echo(f"  [!!] {episode}, {fault.master.kind}: {fault.fault}")
    typer.echo(f"{files} files, {spoilt} spoilt")
    return spoilt


def _is_well(check: checks.Check, installation: Settings) -> bool:
    """Looks at a part and prints what is to be said of it; whether nothing is wrong."""
    looked: list[object] = []
    error = failure(lambda: looked.append(check.look(installation)))
    if error is not None:
        typer.echo(f"  [!!] {check.part}: {error}\n       {check.remedy}")
        return False
    typer.echo(f"  [ok] {check.part}{f': {looked[0]}' if looked[0] else ''}")
    return True


def backup(
    out: Annotated[
        Path, typer.Argument(help="the .tar.gz to write; with PostgreSQL a folder")
    ],
) -> None:
    """Everything of an installation, which may be running:
    one file, or with PostgreSQL a folder.
    """
    from service.newsroom.store.backup import DATABASE, back_up
    from service.newsroom.values import Mark

    installation = settings()
    if _is_on_postgres(installation):
        from loa import many_backup

        size, files = many_backup.back_up(installation, out)
        typer.echo(
            f"{out}: {size} bytes of rows, {files} files more than before, for your eyes"
        )
        return
    if installation.database_url or installation.files_url:
        fail(
            "with another database file or store, copy both yourself, the database first (docs/operations.md)"
        )
    if not (installation.home / DATABASE).exists():
        fail(f"there is no newsroom in {installation.home.resolve()}")
    size = back_up(installation.home, out)
    open_newsroom(installation, migrated=False).watch.mark(Mark.BACKUP)
    typer.echo(
        f"{out}: {size} bytes, for your eyes (left out: clips, which are spoken again when needed; "
        "sessions and the first password: after a restore people log in again)"
    )


def _is_on_postgres(installation: Settings) -> bool:
    return installation.database.startswith("postgresql")


def restore(
    source: Annotated[
        Path, typer.Argument(help="the file or folder that `loa backup` wrote")
    ],
) -> None:
    """Puts a backup into an empty home, or an empty database and the store."""
    from service.newsroom.store import backup
    from service.newsroom.store.copies import settle

    installation = settings()
    if _is_on_postgres(installation):
        from loa import many_backup

        files = many_backup.restore(installation, source)
        typer.echo(
            f"restored, {files} files; `loa verify` compares them with their rows"
        )
        return
    backup.restore(source, installation.home)
    settle(open_newsroom(installation).database)
    typer.echo(
        f"restored into {installation.home.resolve()}; start it with `loa serve`"
    )
