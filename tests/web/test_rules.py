"""Stations at the desk: made, changed, checked."""

import re

import pytest

from service.newsroom.values import Role, Slot

PASSWORD = "mật khẩu rất dài"


@pytest.fixture
def desk(newsroom, client):
    def enter(role):
        newsroom.people.add(role, PASSWORD, role)
        send("/desk/login", name=role, password=PASSWORD)
        return send

    def send(path, **form):
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
        return client.post(path, data={"csrf_token": token[1], **form}, follow_redirects=True)

    return enter


def test_a_station_is_made_and_changed(desk, newsroom, client):
    send = desk(Role.ADMIN)
    days = {f"day-0-{day}": "on" for day in "12345"}
    made = send(
        "/desk/stations/new", slug="moi", name="Đài Mới", at=["05:00", ""], minutes_at_most=["15", "15"], **days
    )
    assert "Đã lưu Đài Mới" in made.text
    station = newsroom.stations.get("moi")
    assert station.slots == (Slot("05:00", 900, "12345"),)
    assert station.reading == {}
    changed = send("/desk/stations/moi", name="Đài Mới", mung="yes", zero_tens="linh", approval="trusted", voice="tone")
    assert changed.status_code == 200
    station = newsroom.stations.get("moi")
    assert station.reading == {"mung": True, "zero_tens": "linh"}
    assert (station.approval, station.voice, station.slots) == ("trusted", "tone", ())
    page = client.get("/desk/stations/moi").text
    assert '<option value="linh" selected>' in page
    assert '<option value="yes" selected>' in page


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"slug": "suoi-lanh", "name": "A"}, "Đã có đài"),
        ({"slug": "Có dấu", "name": "A"}, "không dấu"),
        ({"slug": "a", "name": " "}, "cần có tên"),
        ({"slug": "a", "name": "A", "at": "25:00", "minutes_at_most": "5", "day-0-1": "on"}, "05:00"),
        ({"slug": "a", "name": "A", "at": "05:00", "minutes_at_most": "90", "day-0-1": "on"}, "60 phút"),
        ({"slug": "a", "name": "A", "at": "05:00", "minutes_at_most": "x", "day-0-1": "on"}, "bằng phút"),
        ({"slug": "a", "name": "A", "at": "05:00", "minutes_at_most": "5"}, "Ngày trong tuần"),
        ({"slug": "a", "name": "A", "voice": "nobody"}, "giọng đọc"),
        ({"slug": "a", "name": "A", "speaker_tempo": "nhanh"}, "nhập một số"),
        ({"slug": "a", "name": "A", "speaker_tempo": "0,2"}, "0,7 đến 1"),
        ({"slug": "a", "name": "A", "speaker_pauses": "9"}, "1 đến 2 lần"),
        ({"slug": "a", "name": "A", "disclosure": " "}, "giọng đọc máy"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(desk, newsroom, form, told):
    answer = desk(Role.ADMIN)("/desk/stations/new", **form)
    assert answer.status_code == 422
    assert told in answer.text
    assert [station.slug for station in newsroom.stations.all()] == ["suoi-lanh"]


def test_only_an_administrator_changes_stations(desk, client):
    desk(Role.APPROVER)
    assert client.get("/desk/stations").status_code == 200
    assert client.get("/desk/stations/suoi-lanh").status_code == 403


def test_a_station_reads_by_its_rules(desk, newsroom, hand_in, work_all):
    desk(Role.ADMIN)("/desk/stations/suoi-lanh", name="Đài", zero_tens="linh", mung="yes")
    episode_id = hand_in(paragraphs=("Ngày 2/9 có 105 người.",))
    work_all()
    assert (
        newsroom.episodes.get(episode_id).sentences[1].spoken == "Ngày mùng hai tháng chín có một trăm linh năm người."
    )
