"""Each made-up addition is used end to end. Runs only in a copy of the house in which they were
made.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from audio.engines import open_engine
from audio.recipes import RECIPES
from audio.voice import Voice
from service import intake, settings
from service.actions.planning import draft
from service.bulletin import span
from service.newsroom.errors import Held
from service.newsroom.values import (
    Lane,
    Offer,
    Priority,
    Role,
    Rung,
    Slot,
    State,
    Station,
)
from service.vietnamese import say
from service.web.app import create_app
from tests.house import Browser
from workers import notices
from workers.schedule import Schedule
from workers.voices import Voices

PASSWORD = "một mật khẩu đủ dài 7"
PAGE = """Xã làm đường thôn Bản Mới

Sáng nay, bà con thôn Bản Mới cùng nhau làm đường liên thôn.

Vòng quay may mắn số 7
"""


@pytest.fixture
def at_desk(newsroom, site):
    """A browser at the desk, logged in as somebody of a role."""

    app = create_app(newsroom, replace(site, public_url="http://localhost"))

    def at_desk(role):
        newsroom.people.add(f"nguoi-{role}", PASSWORD, role)
        browser = Browser(app)
        assert browser.login(f"nguoi-{role}", PASSWORD).status_code == 303
        return browser

    return at_desk


def test_an_abbreviation_is_said():
    assert say("BKXQ xã họp.").startswith("ban khuyến xướng quê xã họp")


def test_furniture_is_left_out():
    story = intake.parse(PAGE, "page")
    assert ("Vòng quay may mắn số 7", intake.Why.MENU) in {
        (line.text, line.why) for line in story.left_out
    }


def test_an_episode_is_read_by_the_engine(newsroom, hand_in, work_all, studio):
    newsroom.stations.put(replace(newsroom.stations.get("suoi-lanh"), voice="beep"))
    number = hand_in()
    work_all(replace(studio, voices=Voices([Voice("tone", "")], open_engine)))
    episode = newsroom.episodes.get(number)
    assert episode.state is State.MASTERED
    assert episode.rendering.spoken_by.startswith("beep")


def test_the_master_is_published_and_offered(
    newsroom, hand_in, work_all, studio, at_desk, client
):
    number = hand_in()
    everything = replace(studio, recipes=tuple(RECIPES.values()))
    work_all(everything)
    newsroom.episodes.approve(number, "chị Sen", 1)
    work_all(everything)
    episode = newsroom.episodes.get(number)
    ringtone = {master.kind: master for master in episode.masters}["ringtone"]
    assert ringtone.lufs == pytest.approx(-18.0, abs=0.5)
    assert client.get(f"/media/{ringtone.path}").status_code == 200
    assert (
        "bản cho nhạc chuông"
        in at_desk(Role.EDITOR).get(f"/desk/episodes/{number}").text
    )


def test_a_notice_leaves_through_the_channel(newsroom, tmp_path):
    loft = tmp_path / "loft"
    slot = Slot("05:00", 300)
    newsroom.stations.put(
        Station("suoi-lanh", "Đài Suối Lành", duty=(f"pigeon:{loft}",), slots=(slot,))
    )
    airing = newsroom.bulletins.airing(
        "suoi-lanh", slot, date(2026, 11, 25), newsroom.now()
    )
    newsroom.notices.note(airing, Rung.BED)
    assert notices.tell(newsroom, None, "https://loa.example") == 1
    assert "chưa được duyệt https://loa.example/desk" in loft.read_text()


def test_a_login_with_the_role_may_do_just_that(at_desk, publish):
    episode = publish()
    browser = at_desk(Role("reader"))
    assert browser.get("/desk").status_code == 200
    assert browser.get("/desk/new").status_code == 403
    moved = browser.post(
        f"/desk/episodes/{episode.id}/withdraw", why="không", version=1
    )
    assert moved.status_code == 403
    assert browser.get("/desk/people").status_code == 403
    assert "phát thanh viên" in at_desk(Role.ADMIN).get("/desk/people").text


def test_the_rung_stands_at_the_slot_s_address(
    newsroom, publish, work_all, clock, client
):
    slot = Slot("05:00", 300)
    newsroom.stations.put(
        replace(
            newsroom.stations.get("suoi-lanh"), greeting="Chào bà con.", slots=(slot,)
        )
    )
    publish()
    # Ten minutes before the hour in Vietnam, when the ladder is gone down.
    early = datetime.now(UTC).replace(hour=21, minute=50) + timedelta(days=1)
    clock.ahead = early - datetime.now(UTC)
    Schedule(newsroom).look()
    work_all()
    hour = span(slot.at, slot.weekdays, slot.max_seconds, clock())
    serving = newsroom.bulletins.serving("suoi-lanh", slot, hour.day, hour.air_at)
    assert serving.rung == "latest"
    latest = client.get("/stations/suoi-lanh/slots/0500/latest.json").json
    assert latest["rung"] == "latest"
    page = client.get("/stations/suoi-lanh/speaker").text
    assert "Phát các tin mới nhất." in page


def test_the_page_is_shown(client):
    assert client.get("/").status_code == 200


def test_the_setting_is_read_and_listed():
    assert settings.load({"LOA_BELL": "3"}).bell == 3
    assert ("LOA_BELL", "1", "how often the bell rings") in settings.table()


def test_what_is_left_out_says_so():
    offer = Offer(
        1,
        1,
        "Tin dài",
        "tin-dai",
        "x",
        "Đài",
        "",
        Priority.NORMAL,
        datetime.now(UTC),
        900.0,
    )
    plan = draft(Station("x", "Đài"), Slot("05:00", 300), date(2026, 11, 25), [offer])
    assert [left.why for left in plan.left_out] == ["hết chỗ trong khung giờ"]


def test_the_desk_says_why_it_is_held(newsroom, hand_in, at_desk):
    number = hand_in()
    job = newsroom.jobs.claim("test", tuple(Lane))
    newsroom.steps.hold(job, Held("bell"), "keng")
    page = at_desk(Role.EDITOR).get(f"/desk/episodes/{number}").text
    assert "Chuông hỏng." in page
    assert "Gọi thợ đến sửa chuông." in page


def test_the_call_answers(newsroom, client):
    key = newsroom.people.add_key("chuông", Role.EDITOR)
    head = {"Authorization": f"Bearer {key}"}
    assert client.get("/api/v1/bell", headers=head).json == ["keng"]
    assert "/api/v1/bell" in client.get("/api/v1/openapi.json").json["paths"]
    weak = newsroom.people.add_key("yếu", Role.OPERATOR)
    refused = client.get("/api/v1/bell", headers={"Authorization": f"Bearer {weak}"})
    assert refused.status_code == 403
