"""Listeners are counted once a day, from a minute on, without a trace of who they are."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from loa.assembly import MIGRATIONS
from service.newsroom import Newsroom
from service.newsroom.public.downloads import MOST_OF_AN_ADDRESS
from service.newsroom.store.files import Folder
from service.web.app import create_app
from service.web.site import Site
from tests.conftest import WrittenAtOnce
from tests.web.press import Clock, Press
from tests.web.test_corrections import editor  # noqa: F401
from tests.web.test_feeds import client, clock, newsroom, press, site  # noqa: F401

# ruff: noqa: F811
PHONE = (
    "Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36"
)
ENOUGH = 1173  # bytes: a minute of the press's sound of 256 s in 5,001 bytes


@pytest.fixture
def sound(press: Press) -> str:
    return f"/media/{press.publish().id}/1/app-1.mp3"


def listen(
    client: FlaskClient,
    sound: str,
    span: str = "",
    agent: str = PHONE,
    address: str = "203.0.113.7",
) -> None:
    headers = {"User-Agent": agent} | ({"Range": f"bytes={span}"} if span else {})
    client.get(
        sound, headers=headers, environ_base={"REMOTE_ADDR": address}, buffered=True
    ).close()


def total(newsroom: Newsroom) -> int:
    return sum(day.total for day in newsroom.downloads.daily(30))


def test_a_listener_counts_once_a_day(
    client: FlaskClient, sound: str, newsroom: Newsroom, clock: Clock
) -> None:
    listen(client, sound)
    listen(client, sound)
    assert total(newsroom) == 1
    listen(client, sound, address="203.0.113.8")
    listen(client, sound, agent="AntennaPod/3.5.0")
    assert total(newsroom) == 3
    clock.now += timedelta(days=1)
    listen(client, sound)
    assert [day.total for day in newsroom.downloads.daily(2)] == [3, 1]


@pytest.mark.parametrize(
    ("spans", "count"),
    [
        (["0-1"], 0),
        (["0-1"] * 5, 0),
        ([f"0-{ENOUGH - 2}"], 0),
        ([f"0-{ENOUGH - 1}"], 1),
        (["0-599", "600-1199"], 1),
        (["0-1", "0-", "2000-", "0-"], 1),
        (["0-999"] * 3, 0),
        (["600-1199", "0-299", "200-599"], 1),
    ],
)
def test_ranges_count_together_from_a_minute_on(
    client: FlaskClient, sound: str, newsroom: Newsroom, spans: list[str], count: int
) -> None:
    for span in spans:
        listen(client, sound, span)
    assert total(newsroom) == count


def test_what_is_no_listening_does_not_count(
    client: FlaskClient, editor: FlaskClient, sound: str, newsroom
) -> None:
    client.head(sound, headers={"User-Agent": PHONE})
    for robot in (
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "",
    ):
        listen(client, sound, agent=robot)
    tag = client.get(sound, headers={"Range": "bytes=0-1"}).headers["ETag"]
    client.get(sound, headers={"User-Agent": PHONE, "If-None-Match": tag})
    client.get(
        sound.replace("app-1.mp3", "transcript.vtt"), headers={"User-Agent": PHONE}
    )
    listen(editor, sound)
    assert total(newsroom) == 0
    listen(client, sound, agent="Overcast/3.0 (+http://overcast.fm/; iOS podcast app)")
    listen(client, sound.replace("app-1.mp3", "lite-1.opus"))
    (today,) = newsroom.downloads.daily(1)
    assert today.kinds == {"app": 1, "lite": 1}


def test_nothing_kept_tells_who_listened(
    client: FlaskClient, sound: str, newsroom: Newsroom, tmp_path: Path
) -> None:
    listen(client, sound)
    newsroom.database.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("loa.db*"))
    assert b"download" in kept
    assert b"203.0.113" not in kept
    assert b"Android" not in kept


def test_a_listener_of_two_processes_and_after_a_restart_counts_once(
    client: FlaskClient,
    sound: str,
    newsroom: Newsroom,
    site: Site,
    clock: Clock,
    tmp_path: Path,
) -> None:
    for spans in (["600-1199"], ["0-", "0-"]):  # one process more each time
        again = Newsroom.open(
            f"sqlite:///{tmp_path}/loa.db",
            Folder(tmp_path / "files"),
            MIGRATIONS,
            now=clock,
        )
        listen(client, sound, "0-599")
        for span in spans:
            listen(
                create_app(again, site, WrittenAtOnce(again)).test_client(), sound, span
            )
        again.database.close()
        assert total(newsroom) == 1


def test_yesterdays_listeners_are_forgotten(
    client: FlaskClient, sound: str, newsroom: Newsroom, clock: Clock, tmp_path: Path
) -> None:
    def kept() -> list[int]:
        with closing(sqlite3.connect(tmp_path / "loa.db")) as rows:
            return [
                rows.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in ("listener", "salt")
            ]

    # Of each listener a row, and of each address one that counts its listeners.
    listen(client, sound, "0-599")
    listen(client, sound, address="203.0.113.8")
    assert kept() == [4, 1]
    clock.now += timedelta(days=1)
    listen(client, sound, "600-1199")
    assert kept() == [2, 1]
    assert total(newsroom) == 1
    clock.now += timedelta(days=1)
    newsroom.downloads.forget()
    assert kept() == [0, 0]


def test_the_desk_shows_pictures_and_figures(
    client: FlaskClient, editor: FlaskClient, sound: str
) -> None:
    for number in range(3):
        listen(client, sound, address=f"203.0.113.{number}")
    for path in ("/desk/downloads", f"/desk/episodes/{sound.split('/')[2]}"):
        page = editor.get(path).text
        assert page.count("<rect") == 1  # a day without a download has none
        assert 'height="100.0"' in page
        assert "tổng 3, ngày nhiều nhất 3" in page
        assert "<td>24/11/2026</td><td>3</td>" in page
        assert "style=" not in page
    assert "Tin mới" in editor.get("/desk/downloads").text


def test_many_names_of_one_address_are_not_as_many_listeners(
    client: FlaskClient, sound: str, newsroom: Newsroom, clock: Clock
) -> None:
    """A script that calls itself otherwise each time; the neighbours count on."""
    for n in range(MOST_OF_AN_ADDRESS + 20):
        listen(client, sound, agent=f"AntennaPod/{n}")
    assert total(newsroom) == MOST_OF_AN_ADDRESS
    listen(client, sound, address="203.0.113.8")
    for n in range(MOST_OF_AN_ADDRESS + 20):
        listen(client, sound, address=f"2001:db8:7::{n:x}")
    assert total(newsroom) == 2 * MOST_OF_AN_ADDRESS + 1
    clock.now += timedelta(days=1)
    listen(client, sound)
    assert newsroom.downloads.daily(1)[0].total == 1
