# ruff: noqa: F811  (fixtures of other tests are named here as parameters)
"""What the operator's page, the USB package and the log say of an hour: what is broadcast in it,
whatever the time is when somebody asks.
"""

import csv
import io
import zipfile
from datetime import date, datetime, time, timedelta

import pytest

from service.newsroom.values import NewArticle, NewWarning, Role, Rung
from service.zone import VIETNAM
from tests.web.test_speaker import PAGE, cards, operator, when  # noqa: F401 - fixtures

SLUG = "/stations/suoi-lanh"


@pytest.fixture
def at(clock):
    """Turns the clock to that time of the hour's day in Vietnam."""

    def at(when, hhmm):
        day = date.fromisoformat(when[:8])
        moment = datetime.combine(day, time.fromisoformat(hhmm), VIETNAM)
        clock.ahead += moment - clock()

    return at


@pytest.fixture
def warn(newsroom, work_all):
    """A warning from now, for so many minutes."""

    def warn(minutes, title="Lũ quét"):
        article = NewArticle(title, ("Lên chỗ cao ngay.",), title, ("suoi-lanh",))
        until = newsroom.now() + timedelta(minutes=minutes)
        warning = NewWarning(until, approved_by="chị Chi")
        number = newsroom.urgent.receive(article, warning, "tone", "chị Chi").episode_id
        work_all()
        return number

    return warn


@pytest.fixture
def logged(operator):
    """The lines of the month's report."""

    def logged(when):
        sheet = operator.get(f"{SLUG}/reports/{when[:4]}-{when[4:6]}.csv").data
        rows = csv.DictReader(io.StringIO(sheet.decode("utf-8-sig"), newline=""))
        return {row["Giờ"]: (row["Loại"], row["Bản tin"]) for row in rows}

    return logged


def test_what_is_taken_for_tomorrow_is_tomorrow_s(
    client, bulletin, approve, when, warn
):
    """It is 20:00; a warning until midnight is on the address now, and over by 05:00."""
    master = approve(bulletin)
    warn(4 * 60)
    assert client.get(f"{SLUG}/slots/0500/latest.json").json["rung"] == Rung.URGENT
    alone = client.get(f"{SLUG}/airings/{when}.mp3")
    assert alone.headers["X-Loa-Rung"] == Rung.PLANNED
    package = zipfile.ZipFile(io.BytesIO(client.get(f"{SLUG}/airings/{when}.zip").data))
    sounds = [name for name in package.namelist() if name.endswith(".mp3")]
    assert len(sounds) == 1
    assert package.getinfo(sounds[0]).file_size == master.bytes
    assert "Xã làm đường" in client.get(f"{SLUG}/airings/{when}").text
    assert "Đã duyệt" in cards(client)[0]


def test_a_warning_that_is_still_in_force_then_is_taken_for_that_hour(
    client, bulletin, approve, when, warn
):
    approve(bulletin)
    warn(12 * 60)
    sound = client.get(f"{SLUG}/airings/{when}.mp3")
    assert sound.headers["X-Loa-Rung"] == Rung.URGENT
    assert "Khẩn cấp" in cards(client)[0]


def test_what_is_marked_as_broadcast_is_what_stood_there_then(
    client, operator, bulletin, approve, when, at, warn, logged, newsroom
):
    """The bulletin of 05:00 is marked at 10:00, while a warning is in force."""
    approve(bulletin)
    at(when, "09:00")
    warn(3 * 60)
    at(when, "10:00")
    assert operator.post(f"{SLUG}/airings/{when}/played").status_code == 303
    airing = newsroom.bulletins.get(bulletin).airing
    assert (airing.played_episode_id, airing.played_version) == (bulletin, 1)
    assert logged(when)["05:00"][0] == "bản tin đã duyệt"
    assert "Khẩn cấp" not in cards(operator)[-1]


def test_a_version_that_was_approved_later_was_not_broadcast(
    operator, bulletin, approve, when, at, newsroom, work_all
):
    approve(bulletin)
    at(when, "08:00")
    newsroom.episodes.say_otherwise(bulletin, 1, "lời chào khác", "lan")
    work_all()
    approve(bulletin)
    assert operator.post(f"{SLUG}/airings/{when}/played").status_code == 303
    assert newsroom.bulletins.get(bulletin).airing.played_version == 1


@pytest.mark.parametrize("marked", [True, False])
def test_a_warning_that_was_broadcast_stands_in_the_log(
    operator, bulletin, approve, when, at, warn, logged, marked
):
    """In force from 04:50 to 06:00; the hour is looked at when it is over."""
    approve(bulletin)
    at(when, "04:50")
    warn(70)
    at(when, "07:00")
    if marked:
        operator.post(f"{SLUG}/airings/{when}/played")
    assert logged(when)["05:00"] == ("cảnh báo khẩn cấp", "Lũ quét")


def test_a_warning_that_was_ended_before_an_hour_was_not_broadcast_in_it(
    bulletin, approve, when, at, warn, logged, newsroom
):
    approve(bulletin)
    at(when, "04:30")
    number = warn(120)
    at(when, "04:40")
    newsroom.urgent.end(number, "nước rút", "chị Chi")
    at(when, "07:00")
    assert logged(when)["05:00"][0] == "bản tin đã duyệt"


def test_a_bulletin_that_lost_a_story_before_its_hour_was_not_broadcast(
    bulletin, approve, when, at, logged, newsroom
):
    """Also when the story, or the bulletin itself, was put right long after."""
    approve(bulletin)
    at(when, "04:30")
    (story,) = newsroom.bulletins.get(bulletin).items
    newsroom.episodes.withdraw(story.episode_id, "sai", "chị Sen")
    at(when, "07:00")
    assert logged(when)["05:00"] == ("", "")
    newsroom.episodes.regenerate(story.episode_id, "lan")
    assert logged(when)["05:00"] == ("", "")


@pytest.mark.parametrize("marked", ["05:04", "05:20"])
def test_what_was_broadcast_whole_stays_in_the_log_when_it_is_withdrawn(
    operator, bulletin, approve, when, at, logged, newsroom, marked
):
    """Some seconds of sound in a slot of five minutes, whenever somebody says "Đã phát"."""
    approve(bulletin)
    (story,) = newsroom.bulletins.get(bulletin).items
    at(when, "05:04")
    newsroom.episodes.withdraw(story.episode_id, "sai số liệu", "chị Sen")
    at(when, marked)
    operator.post(f"{SLUG}/airings/{when}/played")
    assert newsroom.bulletins.get(bulletin).airing.played_episode_id == bulletin
    assert logged(when)["05:00"][0] == "bản tin đã duyệt"


@pytest.mark.parametrize("day", ["20200101", "20990101"])
def test_a_refused_mark_leaves_nothing_behind(
    operator, slot, newsroom, day, desk, clock
):
    assert operator.post(f"{SLUG}/airings/{day}-0500/played").status_code == 409
    assert newsroom.bulletins.since("suoi-lanh", "05:00") is None
    send = desk(Role.EDITOR)
    if day.startswith("2020"):
        form = {"station": "suoi-lanh", "at": "05:00", "day": "2020-01-01"}
        assert "Đã qua giờ phát" in send("/desk/bulletins", **form).text
        assert newsroom.bulletins.since("suoi-lanh", "05:00") is None
