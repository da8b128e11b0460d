"""Warnings through the API and the desk, and what the people on duty see there."""

from datetime import date, timedelta

import pytest

from service.newsroom.values import Role, Rung, Slot, State, Station
from tests.house import PASSWORD
from tests.intake.test_cap import cap, info
from tests.web.answers import problem

WORDS = {
    "title": "Lũ quét",
    "body": "Bà con lên chỗ cao ngay.",
    "stations": ["suoi-lanh"],
    "minutes": 60,
}


@pytest.fixture
def alert(client, newsroom):
    """Sends an alert as XML, its times as the newsroom's clock shows them."""
    keys = {
        role: newsroom.people.add_key(f"cap {role}", role)
        for role in (Role.EDITOR, Role.APPROVER)
    }

    def alert(
        data=None,
        role=Role.APPROVER,
        address="/api/v1/urgent?stations=all&approve=1",
        **elements,
    ):
        head = {
            "Authorization": f"Bearer {keys[role]}",
            "Content-Type": "application/xml",
        }
        return client.post(
            address, data=data or current(newsroom, **elements), headers=head
        )

    return alert


def current(newsroom, description="Nước lên nhanh", **elements):
    soon = newsroom.now() + timedelta(hours=2)
    words = info(
        effective=None,
        expires=soon.isoformat(timespec="seconds"),
        description=description,
    )
    return cap([words] if elements.get("msgType") != "Cancel" else [], **elements)


@pytest.fixture
def enter(client, newsroom):
    def enter(role):
        client.post("/desk/logout")
        if role.value not in {person.name for person in newsroom.people.everyone()}:
            newsroom.people.add(role.value, PASSWORD, role)
        assert (
            client.post(
                "/desk/login", data={"name": role.value, "password": PASSWORD}
            ).status_code
            == 303
        )
        return client

    return enter


@pytest.fixture(autouse=True)
def unforged(app):
    app.config["WTF_CSRF_ENABLED"] = False


def test_an_approver_s_warning_is_in_force_as_soon_as_it_is_read(call, work_all):
    answer = call(
        "POST", "/urgent", WORDS | {"approve": True, "times": 2}, role=Role.APPROVER
    )
    assert (answer.status_code, answer.json["news"]) == (202, "created")
    (urgent,) = answer.json["urgent"]
    assert (urgent["in_force"], urgent["waits"], urgent["approved_by"]) == (
        False,
        False,
        "key approver",
    )
    work_all()
    (urgent,) = call("GET", "/urgent", role=Role.OPERATOR).json
    assert (urgent["in_force"], urgent["state"], urgent["times"]) == (
        True,
        "published",
        2,
    )
    assert call("POST", "/urgent", WORDS, role=Role.EDITOR).json["news"] == "unchanged"


def test_an_editor_s_warning_waits(call, work_all):
    problem(call("POST", "/urgent", WORDS | {"approve": True}, role=Role.EDITOR), 403)
    problem(call("POST", "/urgent", WORDS, role=Role.OPERATOR), 403)
    assert call("GET", "/urgent").json == []
    (urgent,) = call("POST", "/urgent", WORDS, role=Role.EDITOR).json["urgent"]
    work_all()
    assert call("GET", "/urgent").json[0]["waits"] is True
    path = f"{urgent['episode'].removeprefix('/api/v1')}/approve"
    call("POST", path, {"version": urgent["version"]}, role=Role.APPROVER)
    (urgent,) = call("GET", "/urgent").json
    assert (urgent["waits"], urgent["in_force"]) == (False, True)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"body": ""}, "body"),
        ({"body": "á" * 7_000 + " lũ"}, "body"),
        ({"title": "", "body": "…"}, "title"),
        ({"stations": []}, "stations"),
        ({"stations": ["khong-co"]}, "stations"),
        ({"minutes": None}, "expires_at"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 10**9}, "minutes"),
        ({"minutes": None, "expires_at": "mai"}, "expires_at"),
        ({"minutes": None, "expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "2030-01-01T00:00:00Z"}, "minutes"),
        ({"times": 11}, "times"),
        ({"tiems": 2}, "tiems"),
        ({"cap": "<alert/>"}, "cap"),
    ],
)
def test_what_is_wrong_is_told_by_field_and_leaves_nothing_behind(call, change, field):
    problem(call("POST", "/urgent", WORDS | change), 422, field)
    assert call("GET", "/urgent").json == []


def test_an_alert_comes_as_xml_once_is_updated_and_cancelled(
    alert, call, newsroom, work_all
):
    first = current(newsroom, identifier="1")
    (urgent,) = alert(first).json["urgent"]
    assert (urgent["stations"], urgent["severity"]) == (["suoi-lanh"], "Severe")
    assert alert(first).json["news"] == "unchanged"
    work_all()
    name = urgent["cap_id"]
    (update,) = alert(
        identifier="2",
        msgType="Update",
        references=name,
        description="Nước lên rất nhanh",
    ).json["urgent"]
    work_all()
    states = {each["episode"]: each["in_force"] for each in call("GET", "/urgent").json}
    assert states == {urgent["episode"]: False, update["episode"]: True}
    cancel = current(newsroom, identifier="3", msgType="Cancel", references=name)
    problem(alert(cancel, role=Role.EDITOR, address="/api/v1/urgent"), 422, "cap")
    answer = alert(cancel)
    assert answer.json["news"] == "cancelled"
    assert not any(each["in_force"] for each in call("GET", "/urgent").json)
    problem(
        alert(identifier="4", msgType="Cancel", references="x,y,z"), 404, "references"
    )


def test_an_alert_in_json_may_be_without_an_end_if_the_sender_gives_one(alert, call):
    endless = cap([info(effective=None, expires=None)]).decode()
    problem(
        call("POST", "/urgent", {"cap": endless, "stations": ["all"]}),
        422,
        "expires_at",
    )
    answer = call(
        "POST", "/urgent", {"cap": endless, "stations": ["all"], "minutes": 30}
    )
    assert answer.status_code == 202
    problem(alert(cap(status="Test")), 422, "status")
    problem(alert(b"\x00\x01"), 422, "cap")


def test_it_is_ended_by_an_approver_with_a_reason(call, work_all):
    (urgent,) = call("POST", "/urgent", WORDS | {"approve": True}).json["urgent"]
    work_all()
    path = urgent["episode"].replace("/api/v1/episodes", "/urgent")
    problem(
        call("POST", f"{path}/end", {"reason": "Nước đã rút."}, role=Role.EDITOR), 403
    )
    problem(call("POST", f"{path}/end", {"reason": ""}), 422, "reason")
    found = call(
        "POST", f"{path}/end", {"reason": "Nước đã rút."}, role=Role.APPROVER
    ).json
    assert (found["in_force"], found["ended"]) == (False, "Nước đã rút.")
    problem(call("POST", "/urgent/999/end", {"reason": "x"}), 404)


def test_the_desk_takes_a_warning_and_every_page_says_that_it_waits(
    newsroom, enter, work_all
):
    form = {
        "title": "Lũ quét",
        "body": "Bà con lên chỗ cao.",
        "stations": "suoi-lanh",
        "minutes": "180",
        "times": "2",
    }
    client = enter(Role.EDITOR)
    assert 'name="approve"' not in client.get("/desk/urgent").text
    assert client.post("/desk/urgent", data=form | {"approve": "1"}).status_code == 422
    assert client.post("/desk/urgent", data=form).status_code == 303
    work_all()
    (urgent,) = newsroom.urgent.all()
    assert urgent.waits
    client = enter(Role.APPROVER)
    for path in ("/desk", "/desk/log", "/desk/urgent"):
        assert "chờ duyệt" in client.get(path).text
    client.post(
        f"/desk/episodes/{urgent.episode_id}/approve", data={"version": urgent.version}
    )
    assert "Đang phát khẩn cấp" in client.get("/desk/log").text
    assert (
        client.post(
            f"/desk/urgent/{urgent.episode_id}/end", data={"reason": ""}
        ).status_code
        == 422
    )
    client.post(
        f"/desk/urgent/{urgent.episode_id}/end", data={"reason": "Nước đã rút."}
    )
    assert "Nước đã rút." in client.get("/desk/urgent").text
    assert "Đang phát khẩn cấp" not in client.get("/desk").text


def test_the_desk_takes_an_alert_and_keeps_what_was_typed_when_it_is_refused(
    newsroom, enter, work_all
):
    client = enter(Role.APPROVER)
    answer = client.post(
        "/desk/urgent", data={"cap": "<alert/>", "stations": "all", "times": "3"}
    )
    assert answer.status_code == 422
    assert "không phải bản tin CAP" in answer.text
    assert "&lt;alert/&gt;" in answer.text
    form = {
        "cap": current(newsroom).decode(),
        "stations": "all",
        "times": "3",
        "minutes": "",
        "approve": "1",
    }
    assert client.post("/desk/urgent", data=form).status_code == 303
    work_all()
    assert newsroom.urgent.all()[0].in_force


def test_a_notice_stands_on_the_desk_until_somebody_has_seen_it(newsroom, enter):
    newsroom.stations.put(
        Station("suoi-lanh", "Đài Suối Lành", slots=(Slot("05:00", 300),))
    )
    airing = newsroom.bulletins.airing(
        "suoi-lanh", Slot("05:00", 300), date(2026, 11, 25), newsroom.now()
    )
    newsroom.notices.note(airing, Rung.BED)
    newsroom.notices.note(airing, Rung.EVERGREEN)
    client = enter(Role.OPERATOR)
    page = client.get("/desk").text
    assert (
        page.count("Đài Suối Lành: bản tin 05:00 ngày 25/11/2026 chưa được duyệt") == 1
    )
    assert "phát nhạc nền và báo giờ" in page
    (notice,) = newsroom.notices.unseen()
    client.post(f"/desk/urgent/notices/{notice.id}/seen")
    assert "chưa được duyệt" not in client.get("/desk").text


def test_a_warning_is_never_approved_by_a_station_s_trust(newsroom, call, work_all):
    newsroom.stations.put(Station("suoi-lanh", "Đài Suối Lành", approval="trusted"))
    (urgent,) = call("POST", "/urgent", WORDS, role=Role.EDITOR).json["urgent"]
    work_all()
    number = int(urgent["episode"].rsplit("/", 1)[1])
    assert newsroom.episodes.get(number).state is State.MASTERED
