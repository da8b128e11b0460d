"""The API as programs use it."""

from dataclasses import replace
from typing import get_args

import pytest
from openapi_spec_validator import validate
from pydantic import ValidationError
from pydantic_core.core_schema import ErrorType

from service.newsroom.values import Role, Slot, State
from service.web.inputs import Strict
from service.web.inputs.validation import MESSAGES, validation_message
from tests.web.answers import problem

BODY = "Xã làm đường\nBà con ra đồng từ sáng sớm. Đạt 95,2% KH."


@pytest.fixture
def posted(call, newsroom, work_all):
    """The address of an episode that waits for approval."""
    found = (
        call("POST", "/articles", {"body": BODY})
        .json["episode"]
        .removeprefix("/api/v1")
    )
    work_all()
    return found


def test_an_article_in_an_episode_out(call, posted):
    episode = call("GET", posted).json
    assert (episode["state"], episode["version"], episode["reason"]) == (
        "mastered",
        1,
        None,
    )
    who = {
        "engine": "tone",
        "name": "",
        "provisional": False,
        "human": "",
        "announcers": [],
    }
    assert episode["voice"] == who
    assert [line["written"] for line in episode["sentences"]] == [
        "Xã làm đường",
        "Bà con ra đồng từ sáng sớm.",
        "Đạt 95,2% KH.",
    ]
    assert (
        episode["sentences"][2]["spoken"]
        == "Đạt chín mươi lăm phẩy hai phần trăm kế hoạch."
    )
    assert 0 < episode["sentences"][0]["start_ms"] < episode["sentences"][0]["end_ms"]
    master = episode["masters"]["app"]
    assert master["url"].startswith("https://loa.example/media/")
    assert set(master) == {"url", "bytes", "sha256", "seconds", "lufs", "true_peak"}
    assert episode["work"] == {"engine_calls": 3, "clips_reused": 0}
    assert episode["progress"] == {"done": 3, "total": 3}


def test_the_same_article_again_is_the_same_two(call):
    first = call("POST", "/articles", {"body": BODY, "external_id": "a-1"})
    again = call("POST", "/articles", {"body": BODY, "external_id": "a-1"})
    edited = call("POST", "/articles", {"body": BODY + " Thêm.", "external_id": "a-1"})
    assert first.status_code == again.status_code == edited.status_code == 202
    assert first.json == again.json == edited.json
    article = call("GET", first.json["article"].removeprefix("/api/v1")).json
    assert (article["revision"], article["stations"]) == (2, ["suoi-lanh"])


def test_an_article_names_its_picture(call):
    body = {"body": BODY, "external_id": "a-1", "picture": "https://xa.example/anh.jpg"}
    article = call("POST", "/articles", body).json["article"].removeprefix("/api/v1")
    assert call("GET", article).json["picture"] == "https://xa.example/anh.jpg"
    call("POST", "/articles", body | {"picture": "https://xa.example/khac.jpg"})
    told = call("GET", article).json
    assert (told["picture"], told["revision"]) == ("https://xa.example/khac.jpg", 1)
    problem(
        call("POST", "/articles", body | {"picture": "file:///etc/passwd"}),
        422,
        "picture",
    )


def test_null_is_absent(call, work_all):
    body = {"body": BODY, "title": None, "published_at": None, "stations": None}
    assert call("POST", "/articles", body).status_code == 202


def test_a_key_may_hear_a_draft(call, client, posted, newsroom):
    path = (
        "/media/"
        + call("GET", posted).json["masters"]["app"]["url"].split("/media/")[1]
    )
    assert client.get(path).status_code == 404
    assert (
        client.get(path, headers={"Authorization": "Bearer wrong"}).status_code == 404
    )
    key = newsroom.people.add_key("portal", Role.OPERATOR)
    assert (
        client.get(path, headers={"Authorization": f"Bearer {key}"}).status_code == 200
    )


def test_approve_edit_regenerate_withdraw(call, posted, work_all, newsroom):
    problem(call("POST", f"{posted}/approve", {"version": 7}), 409, "version")
    assert call("POST", f"{posted}/approve", {"version": 1}).json["state"] == "approved"
    work_all()
    assert call("GET", posted).json["state"] == "published"
    edited = call("PATCH", f"{posted}/sentences/2", {"spoken": "bà con đi làm"}).json
    assert (edited["state"], edited["version"]) == ("written", 2)
    work_all()
    assert call("GET", posted).json["work"] == {"engine_calls": 1, "clips_reused": 2}
    call("PATCH", f"{posted}/sentences/2", {"written": "Có 3 hộ."})
    work_all()
    assert call("GET", posted).json["sentences"][1]["spoken"] == "Có ba hộ."
    call("POST", f"{posted}/regenerate", {"sentences": [1]})
    work_all()
    assert call("GET", posted).json["work"]["engine_calls"] == 1
    voice = call("GET", "/voices").json["voices"][0]["spec"]
    call("POST", f"{posted}/regenerate", {"voice": voice})
    assert newsroom.episodes.get(1).rendering.voice == voice
    call("POST", f"{posted}/regenerate")
    gone = call("POST", f"{posted}/withdraw", {"reason": "Sai số liệu"}).json
    assert (gone["state"], gone["reason"]["why"]) == ("withdrawn", "Sai số liệu")


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 422, "body"),
        ({"body": "  "}, 422, "body"),
        ({"body": "tin \0 mới" * 9}, 422, "body"),
        ({"body": "x" * 20_000_000}, 413, "body"),
        ({"body": "Trang chủ\nLiên hệ", "format": "page"}, 422, "body"),
        ({"body": BODY, "format": "pdf"}, 422, "format"),
        ({"body": BODY, "stations": ["khac"]}, 422, "stations"),
        ({"body": BODY, "published_at": "mai"}, 422, "published_at"),
        ({"body": BODY, "priority": "soon"}, 422, "priority"),
        ({"body": BODY, "titel": "x"}, 422, "titel"),
        ({"body": 5}, 422, "body"),
        *(
            ({"body": BODY, field: address}, 422, field)
            for field in ("url", "picture")
            for address in ("https://xa℀.vn/1", "http://[x/1", "https://xa.vn:99999/")
        ),
    ],
)
def test_bad_input_names_its_field_and_leaves_nothing(
    call, newsroom, body, status, field
):
    problem(call("POST", "/articles", body), status, field)
    assert newsroom.episodes.counts() == {}


HUGE = 10**24


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "field"),
    [
        *(
            ("GET", f"/{name}/{HUGE}", None, 404, "")
            for name in ("articles", "episodes", "recordings", "urgent")
        ),
        ("PATCH", f"/episodes/1/sentences/{HUGE}", {"spoken": "a"}, 404, ""),
        ("GET", "/bulletins?station=suoi-lanh&day=9999-12-31", None, 422, "day"),
        ("GET", "/bulletins?station=suoi-lanh&day=0001-01-01", None, 422, "day"),
        (
            "GET",
            "/stations/suoi-lanh/slots/0500/airings?since=9999-12-31",
            None,
            422,
            "since",
        ),
        (
            "POST",
            "/bulletins",
            {"station": "suoi-lanh", "at": "05:00", "day": "9999-12-31"},
            422,
            "day",
        ),
        ("PUT", "/bulletins/1/plan", {"stories": [HUGE]}, 422, "stories.0"),
        ("PUT", "/stations/moi", {"name": "Đài \ud800"}, 422, "name"),
        (
            "PUT",
            "/stations/moi",
            {"name": "Đài", "duty": ["a\0@xa.example"]},
            422,
            "duty",
        ),
        ("POST", "/episodes/1/withdraw", {"reason": "Sai \udfff"}, 422, "reason"),
        ("GET", "/stations/suoi%00lanh", None, 404, ""),
        ("GET", "/bulletins?station=suoi%00lanh", None, 400, ""),
    ],
)
def test_what_no_database_keeps_is_refused(
    call, newsroom, method, path, body, status, field
):
    newsroom.stations.put(
        replace(newsroom.stations.get("suoi-lanh"), slots=(Slot("05:00", 900),))
    )
    problem(call(method, path, body), status, field)


def test_addresses_of_what_cannot_be_are_not_found(client):
    for path in (
        f"/media/{HUGE}/1/a.mp3",
        f"/media/1/{HUGE}/a.mp3",
        "/articles/a%00b",
        "/feeds/stations/%00.xml",
    ):
        assert client.get(path).status_code == 404, path
    assert client.get("/search?q=%00").status_code == 400


def test_bodies_that_are_no_json(client, newsroom):
    headers = {"Authorization": f"Bearer {newsroom.people.add_key('k', Role.EDITOR)}"}
    for data, kind in (
        (b"{", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"a=1", "text/plain"),
    ):
        answer = client.post(
            "/api/v1/articles", data=data, content_type=kind, headers=headers
        )
        assert answer.status_code in (400, 415, 422)
        assert answer.content_type == "application/problem+json"
    problem(client.get("/api/v1/nothing", headers=headers), 404)
    problem(client.delete("/api/v1/articles", headers=headers), 405)


def test_keys_open_what_their_role_may(call, client, posted, newsroom):
    assert client.get("/api/v1/stations").status_code == 401
    # Nothing is looked at before the key
    problem(client.post("/api/v1/articles", json={"titel": 1}), 401)
    problem(
        client.get("/api/v1/stations", headers={"Authorization": "Bearer loa_wrong"}),
        401,
    )
    problem(call("POST", "/articles", {"body": BODY}, role=Role.OPERATOR), 403)
    problem(call("POST", f"{posted}/approve", {"version": 1}, role=Role.EDITOR), 403)
    assert newsroom.episodes.get(1).state is State.MASTERED
    approval = call("POST", f"{posted}/approve", {"version": 1}, role=Role.APPROVER)
    assert approval.status_code == 200
    problem(call("PUT", "/stations/moi", {"name": "Mới"}, role=Role.APPROVER), 403)
    (key,) = (key for key in newsroom.people.keys() if key.role is Role.ADMIN)  # noqa: SIM118
    newsroom.people.revoke(key.id)
    problem(call("GET", "/stations"), 401)


def test_a_body_that_is_no_json_approves_nothing(call, client, posted, newsroom):
    headers = {"Authorization": f"Bearer {newsroom.people.add_key('k', Role.ADMIN)}"}
    for data, kind, status in (
        ("{", "application/json", 400),
        ("[]", "application/json", 422),
        ("a=1", "text/plain", 415),
    ):
        answer = client.post(
            f"/api/v1{posted}/approve", data=data, content_type=kind, headers=headers
        )
        problem(answer, status)
    assert newsroom.episodes.get(1).state is State.MASTERED
    assert call("POST", f"{posted}/approve", {"version": 1}).status_code == 200


def test_what_is_not_there(call, posted):
    problem(call("GET", "/episodes/99"), 404)
    problem(call("GET", "/articles/99"), 404)
    problem(call("PATCH", f"{posted}/sentences/99", {"spoken": "a"}), 404)
    problem(call("PATCH", f"{posted}/sentences/1", {}), 422, "spoken")
    problem(call("PATCH", f"{posted}/sentences/1", {"spoken": "  "}), 422, "spoken")
    problem(call("POST", f"{posted}/regenerate", {"voice": "nobody"}), 422, "voice")
    problem(call("POST", f"{posted}/withdraw", {"reason": " "}), 422, "reason")


def test_stations(call):
    slot = {"at": "05:00", "max_seconds": 900, "weekdays": "12345"}
    made = call(
        "PUT",
        "/stations/moi",
        {"name": "Đài Mới", "slots": [slot], "approval": "trusted"},
    )
    (kept,) = made.json["slots"]
    assert {name: kept[name] for name in slot} == slot
    assert (kept["repeats"], kept["automatic"], kept["headlines"]) == (0, False, True)
    kept = call("GET", "/stations/moi").json
    assert kept == made.json
    assert call("PUT", "/stations/moi", kept).json == kept
    problem(call("PUT", "/stations/moi", kept | {"slug": "khac"}), 422, "slug")
    assert {"moi", "suoi-lanh"} <= {
        station["slug"] for station in call("GET", "/stations").json
    }
    problem(
        call("PUT", "/stations/moi", {"name": "A", "slots": [slot | {"at": "25:00"}]}),
        422,
        "slots.0.at",
    )
    problem(call("PUT", "/stations/M%20I", {"name": "A"}), 422, "slug")
    problem(call("GET", "/stations/khac"), 404)
    assert call("GET", "/voices").json["voices"]


def test_the_description_is_valid_openapi(client):
    described = client.get("/api/v1/openapi.json").json
    validate(described)
    for path, calls in described["paths"].items():
        for method, operation in calls.items():
            said = operation["responses"]
            assert any(status.startswith("2") for status in said), (method, path)
            assert {"401", "403", "404", "422"} <= set(said), (method, path)
            assert "application/problem+json" in said["422"]["content"], (method, path)
    assert "/api/v1/episodes/{episode_id}/sentences/{n}" in described["paths"]


def test_articles_are_found_by_their_senders_name_for_them(call):
    sent = call("POST", "/articles", {"body": BODY, "external_id": "77"}).json[
        "article"
    ]
    (found,) = call("GET", "/articles?external_id=77").json
    assert sent.endswith(f"/{found['id']}")
    assert [
        each["id"] for each in call("GET", "/articles?external_id=77&source=admin").json
    ] == [found["id"]]
    assert call("GET", "/articles?external_id=77&source=another").json == []
    assert call("GET", "/articles?external_id=78").json == []
    problem(call("GET", "/articles"), 422, "external_id")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/articles", "text/plain"),
        (
            "/articles",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("/articles", "application/x-www-form-urlencoded"),
        ("/articles", ""),
        ("/articles/file", "application/json"),
        ("/sources", "text/xml"),
    ],
)
def test_a_body_of_another_type_is_told_so(client, newsroom, path, kind):
    headers = {"Authorization": f"Bearer {newsroom.people.add_key('k', Role.ADMIN)}"}
    data = b"Xa lam duong"
    answer = client.post(
        f"/api/v1{path}", data=data, content_type=kind, headers=headers
    )
    problem(answer, 415, "Content-Type")
    assert "application/json" in answer.text or "multipart/form-data" in answer.text
    assert answer.json["message_vi"].startswith("Kiểu dữ liệu")


@pytest.mark.parametrize("kind", get_args(ErrorType))
def test_every_error_of_validation_is_told_in_vietnamese(kind):
    assert validation_message(kind)
    assert "{" not in validation_message(kind)
    assert validation_message(kind, {"expected": "'a'"}).isprintable()


def test_what_our_own_schemas_can_refuse_has_words_of_its_own(app):
    """Every kind of error that a schema of the API can raise, found by sending each field the wrong
    things.
    """
    kinds = set()
    for model in set(subclasses(Strict)):
        for value in ({}, [], "chữ", {name: object() for name in model.model_fields}):
            for wrong in (value, *one_wrong_field(model)):
                try:
                    model.model_validate(wrong)
                except ValidationError as error:
                    kinds |= {part["type"] for part in error.errors()}
    assert len(kinds) > 10
    assert kinds - {"is_instance_of"} <= set(MESSAGES)


def subclasses(model):
    for each in model.__subclasses__():
        yield each
        yield from subclasses(each)


def one_wrong_field(model):
    wrong = (
        None,
        5,
        -1,
        1e99,
        10**30,
        "",
        "x" * 10_000,
        "\0",
        [],
        [5],
        {},
        {"a": []},
        True,
        "9999-12-31",
    )
    for name in model.model_fields:
        yield from ({name: value} for value in wrong)
    yield {"khong-co": 1}
