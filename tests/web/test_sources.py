"""Sources through the doors that people and programs use: the API and the desk."""

import re

import pytest

from service.newsroom.values import Role
from tests.web.answers import problem
from tests.workers.portal import Portal


@pytest.fixture
def portal(clock):
    found = Portal(clock)
    yield found
    found.close()


@pytest.fixture
def described(portal):
    return {
        "name": "Cổng xã",
        "kind": "feed",
        "url": f"{portal.url}/rss.xml",
        "stations": ["suoi-lanh"],
    }


def test_a_source_is_added_changed_paused_and_removed(call, described):
    added = call("POST", "/sources", described)
    assert added.status_code == 201, added.text
    path = f"/sources/{added.json['id']}"
    assert [each["name"] for each in call("GET", "/sources").json] == ["Cổng xã"]
    changed = call(
        "PUT", path, described | {"trusted": True, "topics": {"A": "B"}}
    ).json
    assert (changed["trusted"], changed["topics"]) == (True, {"A": "B"})
    assert call("POST", f"{path}/pause").json["state"] == "paused"
    assert call("POST", f"{path}/resume").json["state"] == "active"
    told = [line["event"] for line in call("GET", f"{path}/journal").json]
    assert told == ["changed", "changed", "changed", "added"]
    assert call("DELETE", path).json["name"] == "Cổng xã"
    problem(call("GET", path), 404, "source")


def test_a_try_tells_what_would_be_taken_and_keeps_nothing(
    call, described, portal, newsroom
):
    portal.publish(7)
    trial = call(
        "POST", "/sources/try", described | {"since": "2025-01-01T00:00:00+07:00"}
    )
    assert [entry["title"] for entry in trial.json] == [
        "Thôn 7 ra quân dọn vệ sinh đường làng"
    ]
    assert trial.json[0]["why_not"] == ""
    assert trial.json[0]["story"]["paragraphs"] == [
        "Có 17 hộ dân đã tham gia buổi lao động."
    ]
    assert newsroom.sources.all() == []
    again = call("POST", "/sources/try", described)  # not twice within a minute
    problem(again, 409, "url")
    assert "thử lại sau" in again.json["message_vi"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "fax"}, "kind"),
        ({"url": "file:///etc/passwd"}, "url"),
        ({"url": "http://[x"}, "url"),
        ({"url": "https://xa℀.vn/rss"}, "url"),
        ({"url": "https://xa.vn:99999/rss"}, "url"),
        ({"kind": "page", "selector": ".a >"}, "selector"),
        ({"kind": "page"}, "selector"),
        ({"minutes": 1}, "minutes"),
        ({"name": " "}, "name"),
        ({"stations": ["khac"]}, "stations"),
        ({"stations": []}, "stations"),
    ],
)
def test_a_source_that_cannot_work_is_refused(call, described, newsroom, change, field):
    answer = call("POST", "/sources", described | change)
    problem(answer, 422, field)
    assert answer.json["message_vi"]
    assert newsroom.sources.all() == []


def test_only_administrators_change_sources(call, described):
    assert call("POST", "/sources", described, role=Role.EDITOR).status_code == 403
    assert call("GET", "/sources", role=Role.EDITOR).status_code == 200
    assert call("GET", "/sources", role=Role.OPERATOR).status_code == 403


def test_the_desk_tries_saves_and_shows_a_source(newsroom, client, portal, described):
    newsroom.people.add("Sen", "mot-mat-khau-dai", Role.ADMIN)
    token = r'name="csrf_token" value="([^"]+)"'

    def send(path, **form):
        found = re.search(token, client.get(path).text)
        return client.post(
            path, data={"csrf_token": found[1], **form}, follow_redirects=True
        )

    send("/desk/login", name="Sen", password="mot-mat-khau-dai")
    assert "Chưa có nguồn tin nào" in client.get("/desk/sources").text
    portal.publish(7)
    form = {"name": "Cổng xã", "kind": "feed", "url": described["url"], "minutes": "30"}
    tried = send("/desk/sources/new", **form, station="suoi-lanh", **{"try": "1"}).text
    assert "Thôn 7 ra quân dọn vệ sinh đường làng" in tried
    assert "Có 17 hộ dân đã tham gia buổi lao động." in tried
    assert newsroom.sources.all() == []
    faulty = send(
        "/desk/sources/new", **form, station="suoi-lanh", topics="không có dấu bằng"
    ).text
    assert "chuyên mục của cổng = chủ đề ở đây" in faulty
    assert "không có dấu bằng" in faulty  # what was typed stays
    saved = send(
        "/desk/sources/new", **form, station="suoi-lanh", topics="Tin = Thời sự"
    ).text
    assert "Đã lưu nguồn Cổng xã" in saved
    (source,) = newsroom.sources.all()
    assert source.settings.topics == {"Tin": "Thời sự"}
    assert "Cổng xã" in client.get("/desk/sources").text
