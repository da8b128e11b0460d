"""What an approver does with a version that was heard: lets it on the air, or sends it back with a
remark.
"""

from dataclasses import replace

import pytest

from service.newsroom.errors import Conflict, Invalid
from service.newsroom.values import ApprovalRule, Event, Role, State
from tests.house import PASSWORD, Browser


@pytest.fixture
def people(app, newsroom):
    """Browsers of an editor and two approvers, by name."""
    for name, role in (
        ("viet", Role.EDITOR),
        ("duyet", Role.APPROVER),
        ("duyet2", Role.APPROVER),
    ):
        newsroom.people.add(name, PASSWORD, role)
    app.config["WTF_CSRF_ENABLED"] = False
    return {name: Browser(app, name) for name in ("viet", "duyet", "duyet2")}


@pytest.fixture
def written(people, newsroom, work_all):
    """An article that somebody typed, read and waiting; its number."""

    def written(title="Xã làm đường", by="viet"):
        form = {
            "title": title,
            "body": f"{title} từ sáng sớm. Trời nắng đẹp.",
            "stations": "suoi-lanh",
            "format": "text",
            "priority": "normal",
        }
        answer = people[by].post("/desk/new", **form)
        work_all()
        return int(answer.location.rpartition("/")[2])

    return written


def test_an_episode_goes_back_with_a_remark_until_it_is_edited(
    people, newsroom, written, work_all
):
    number = written()
    remark = "Sai tên thôn Nà Ràng"
    back = f"/desk/episodes/{number}/return"
    assert people["viet"].post(back, version=1, remark=remark).status_code == 403
    assert people["duyet"].post(back, version=1, remark=" ").status_code == 422
    assert people["duyet"].post(back, version=1, remark=remark).status_code == 303
    assert newsroom.episodes.get(number).state is State.RETURNED
    assert remark in people["viet"].get("/desk").text
    assert remark in people["viet"].get(f"/desk/episodes/{number}").text
    assert f"được trả lại: {remark}" not in people["duyet"].get("/desk").text, (
        "another wrote it"
    )
    (line,) = newsroom.log.lines(events=(Event.RETURNED,))
    assert (line.who, line.detail) == ("duyet", remark)
    newsroom.episodes.say_otherwise(number, 2, "Thôn Nà Ràng làm đường.", "viet")
    work_all()
    assert newsroom.episodes.get(number).state is State.MASTERED
    assert remark not in people["viet"].get("/desk").text
    with pytest.raises(Conflict):
        newsroom.episodes.send_back(number, "duyet", 1, remark)


def test_programs_send_back_too(call, hand_in, work_all):
    number = hand_in()
    work_all()
    sent = call(
        "POST", f"/episodes/{number}/return", {"version": 1, "remark": "Thiếu ngày"}
    )
    assert (sent.json["state"], sent.json["returned"]) == ("returned", "Thiếu ngày")
    assert call("POST", f"/episodes/{number}/return", {"version": 1}).status_code == 422
    editor = call(
        "POST", f"/episodes/{number}/return", {"version": 1, "remark": "x"}, Role.EDITOR
    )
    assert editor.status_code == 403
    again = call("POST", f"/episodes/{number}/approve", {"version": 1})
    assert again.json["state"] == "approved", "who sent it back may think better of it"


def test_who_wrote_does_not_approve_where_a_station_says_so(people, newsroom, written):
    station = newsroom.stations.get("suoi-lanh")
    own = written("Tin của người duyệt", by="duyet")
    assert (
        people["duyet"].post(f"/desk/episodes/{own}/approve", version=1).status_code
        == 303
    )
    assert newsroom.episodes.get(own).state is State.APPROVED, "off by default"
    newsroom.stations.put(replace(station, approval=ApprovalRule.ANOTHER))
    own = written("Tin nữa của người duyệt", by="duyet")
    people["duyet"].post(f"/desk/episodes/{own}/approve", version=1)
    assert newsroom.episodes.get(own).state is State.MASTERED
    with pytest.raises(Conflict):
        newsroom.episodes.approve(own, "duyet", 1)
    people["duyet2"].post(f"/desk/episodes/{own}/approve", version=1)
    assert newsroom.episodes.get(own).state is State.APPROVED


def test_reading_again_is_no_writing(newsroom, written, work_all):
    station = newsroom.stations.get("suoi-lanh")
    newsroom.stations.put(replace(station, approval=ApprovalRule.ANOTHER))
    number = written()
    newsroom.episodes.regenerate(number, "duyet", sentences=[2])
    work_all()
    newsroom.episodes.approve(number, "duyet", 2)
    newsroom.episodes.say_otherwise(number, 2, "Lời khác.", "duyet")
    work_all()
    with pytest.raises(Conflict):
        newsroom.episodes.approve(number, "duyet", 3)


def test_a_sender_does_not_approve_its_own_warning_there(newsroom, call):
    station = newsroom.stations.get("suoi-lanh")
    warning = {
        "stations": ["suoi-lanh"],
        "title": "Lũ",
        "body": "Nước lên.",
        "minutes": 60,
    }
    newsroom.stations.put(replace(station, approval=ApprovalRule.ANOTHER))
    refused = call("POST", "/urgent", warning | {"approve": True})
    assert refused.status_code == 422
    assert "approve" in refused.text
    assert call("POST", "/urgent", warning, Role.EDITOR).status_code == 202
    second = call("POST", "/urgent", warning | {"approve": True}, Role.APPROVER)
    assert second.status_code == 202, "another than its sender"


def test_the_next_that_waits_opens_itself(people, newsroom, written):
    first, second = written("Tin một"), written("Tin hai")
    after = people["duyet"].post(f"/desk/episodes/{second}/approve", version=1)
    # And it begins to be heard
    assert after.location.endswith(f"/episodes/{first}?nghe=1")
    after = people["duyet"].post(f"/desk/episodes/{first}/approve", version=1)
    assert after.location.endswith(f"/episodes/{first}"), "none waits any more"
    with pytest.raises(Invalid):
        newsroom.episodes.send_back(first, "duyet", 1, "")
