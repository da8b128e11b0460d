"""Whom duty notices go to, a webhook's secret path among it, is for administrators' eyes alone."""

import pytest

from service.newsroom.values import Grant, Role, Station
from tests.house import PASSWORD, Browser

SHEET = "/desk/stations/sheet.csv"
DUTY = ("chi.sen@xa.example", "https://chat.example/hook/kin-lam")
OTHERS = [role for role in Role if role is not Role.ADMIN]


@pytest.fixture(autouse=True)
def furnished(newsroom):
    newsroom.stations.put(Station("xa-an", "Đài xã An", duty=DUTY))


@pytest.mark.parametrize("role", OTHERS)
def test_no_other_role_is_shown_the_path_of_a_webhook(call, client, desk, role):
    for path in ("/stations", "/stations/xa-an"):
        answer = call("GET", path, role=role)
        assert answer.status_code == 200
        assert "duty" not in answer.text
        assert "kin-lam" not in answer.text
    desk(role, "lan")
    sheet = client.get(SHEET).text
    assert "Đài xã An" in sheet
    assert "kin-lam" not in sheet
    assert "Người trực" not in sheet


def test_an_administrator_of_one_station_is_shown_its_own(client, newsroom):
    theirs = "https://chat.example/hook/cua-ho"
    newsroom.stations.put(Station("xa-ben", "Đài xã Bến", duty=(theirs,)))
    grants = [Grant(Role.ADMIN, "xa-an"), Grant(Role.OPERATOR, "xa-ben")]
    key = newsroom.people.add_key("cổng", grants)
    headers = {"Authorization": f"Bearer {key}"}
    listed = client.get("/api/v1/stations", headers=headers).json
    assert {each["slug"]: each.get("duty") for each in listed} == {
        "xa-an": list(DUTY),
        "xa-ben": None,
    }
    newsroom.people.add("lan", PASSWORD, grants)
    Browser(client, "lan")
    sheet = client.get(SHEET).text
    assert "Đài xã Bến" in sheet
    assert "cua-ho" not in sheet


def test_what_was_not_shown_stays_when_it_comes_in_again(call, app, desk, newsroom):
    shown = call("GET", "/stations/xa-an", role=Role.OPERATOR).json
    changed = call("PUT", "/stations/xa-an", shown | {"place": "Xã An"})
    assert changed.json["duty"] == list(DUTY)
    newsroom.people.add("lan", PASSWORD, Role.OPERATOR)
    sheet = Browser(app, "lan").get(SHEET).text.replace(",Xã An", ",Xã An Hòa")
    desk(Role.ADMIN)(SHEET, sheet=sheet, save="1")
    station = newsroom.stations.get("xa-an")
    assert (station.place, station.duty) == ("Xã An Hòa", DUTY)


def test_administrators_see_and_take_away_whom_it_rings(call, client, desk, newsroom):
    shown = call("GET", "/stations/xa-an").json
    assert shown["duty"] == list(DUTY)
    desk(Role.ADMIN)
    assert " ".join(DUTY) in client.get(SHEET).text
    assert call("PUT", "/stations/xa-an", shown | {"duty": []}).json["duty"] == []
    assert newsroom.stations.get("xa-an").duty == ()
    assert call("PUT", "/stations/moi", {"name": "Đài Mới"}).json["duty"] == []
