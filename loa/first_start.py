"""The first start of an installation: somebody who may log in,
samples to hear, and where everything is.
"""

import os
import sys
import threading
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from loa.assembly import SAMPLES, added_voices, voices_to_add
from loa.terminal import bar
from service.settings import Settings

if TYPE_CHECKING:
    from service.newsroom import Newsroom
    from service.newsroom.values import Station

FIRST_LOGIN = "first-login.txt"
UNREACHABLE = (
    "  CẢNH BÁO: LOA_HOST={host} mở cho mọi mạng, nhưng chưa đặt LOA_PUBLIC_URL: podcast, liên kết và mã QR\n"
    "  đều ghi 127.0.0.1, không máy nào khác mở được. Hãy chạy lại với địa chỉ của máy này, ví dụ\n"
    "  LOA_PUBLIC_URL=http://192.168.1.10:{port}"
)
# Who the log names for the samples.
SAMPLES_BY = "tin mẫu"
# Samples that are read, and wait for somebody to approve them.
LEFT_FOR_THE_DESK = 1


def first_login(installation: Settings, newsroom: "Newsroom") -> tuple[str, str] | None:
    """The administrator's name and one-time password, when this is the first start; else None.

    It is told this once only: logs are kept, and read by others. The file holds it until it is
    changed or too old, then it goes.
    """
    from service.newsroom.errors import NewsroomError
    from service.newsroom.staff.passwords import one_time_password
    from service.newsroom.values import Role

    path = installation.home / FIRST_LOGIN
    if newsroom.people.everyone():
        if path.exists():
            try:
                known = newsroom.people.login(*path.read_text(encoding="utf-8").split())
            except NewsroomError:  # too old
                known = None
            if known is None or not known.must_change:
                path.unlink()
        return None
    name, password = "admin", one_time_password()
    newsroom.people.add(name, password, Role.ADMIN, once=True)
    installation.home.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"{name} {password}\n")
    return name, password


def load_samples(newsroom: "Newsroom") -> None:
    """The sample commune and its articles."""
    from service.actions.articles import article_of
    from service.intake import open_source
    from service.newsroom.values import Source, SourceKind

    station = read_station(SAMPLES / "station.toml")
    newsroom.stations.put(station)
    for path in sorted((SAMPLES / "articles").glob("*.txt")):
        article = article_of(
            open_source(str(path)), (station.slug,), external_id=f"sample:{path.stem}"
        )
        newsroom.articles.receive(
            article, SAMPLES_BY, Source(SourceKind.HOUSE, SAMPLES_BY)
        )


def broadcast_samples(newsroom: "Newsroom") -> None:
    """Waits for the samples and lets them on the air,
    but for one that shows the desk what waiting looks like.

    Only until something was published once: later starts have no samples to show, and wait for
    nothing.
    """
    from service.newsroom.values import State

    if any(card.public_version for card in newsroom.episodes.cards(limit=200)[0]):
        return
    watch(newsroom)
    cards, _ = newsroom.episodes.cards(states=(State.MASTERED,), limit=200)
    samples = [
        card
        for card in cards
        if newsroom.episodes.renderings(card.id)[-1].opened_by == SAMPLES_BY
    ]
    for card in samples[LEFT_FOR_THE_DESK:]:
        newsroom.episodes.approve(card.id, SAMPLES_BY, card.version)
    watch(newsroom)


def read_station(path: Path) -> "Station":
    """A station from a TOML file."""
    from service.newsroom.values import Slot, Station

    values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    slots = tuple(Slot(**slot) for slot in values.pop("slots", []))
    return Station(**values, slots=slots)


def watch(newsroom: "Newsroom") -> None:
    """Shows what is being read, until nothing is."""
    if not newsroom.jobs.unfinished():
        return
    pause = threading.Event()
    with bar() as progress:
        task, total = progress.add_task("Đang đọc", total=None), 0
        while newsroom.jobs.unfinished():
            cards, _ = newsroom.episodes.cards(limit=500)
            done = sum(card.done for card in cards)
            total = sum(card.total for card in cards)
            busy = next((card for card in cards if card.done < card.total), None)
            progress.update(
                task,
                completed=done,
                total=total or None,
                description=busy.title[:48] if busy else "Đang đọc",
            )
            pause.wait(0.2)
        progress.update(task, completed=total, total=total, description="Đã đọc xong")


def print_addresses(
    installation: Settings, newsroom: "Newsroom", login: tuple[str, str] | None
) -> None:
    """Where everything is."""
    rows = [("Trang nghe", "/"), ("Podcast", "/feeds/all.xml")]
    if home := newsroom.stations.home():
        rows.append(("Loa truyền thanh", f"/stations/{home.slug}/speaker"))
    rows += [("Bàn biên tập", "/desk"), ("API", "/api/v1/openapi.json")]
    for label, path in rows:
        typer.echo(f"  {label:<18} {installation.address}{path}")
    if login:
        typer.echo(
            f"  {'Đăng nhập':<18} {login[0]}   mật khẩu: {login[1]}"
            f"   (dùng một lần, đổi trong 7 ngày; chỉ in lần này, có ghi ở {installation.home / FIRST_LOGIN})"
        )
        _offer_natural_voices(installation)
    if installation.unreachable:
        typer.echo(UNREACHABLE.format(host=installation.host, port=installation.port))
    typer.echo("  Ctrl-C để dừng.")
    sys.stdout.flush()


def _offer_natural_voices(installation: Settings) -> None:
    """Once, at the first start: how to have a voice that is pleasant to hear.

    Who has chosen voices is not asked.
    """
    if installation.voices or added_voices(installation):
        return
    for offer in voices_to_add(installation):
        typer.echo(
            f"  {'Giọng tự nhiên':<18} loa voices add {offer.name}"
            f"   (tải {offer.bytes / 1e6:.0f} MB một lần, từ đó không cần mạng)"
        )
