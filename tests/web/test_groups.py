"""News for many stations: "all" and "group:<slug>" in the place of a station's name."""

import pytest

from service.newsroom.values import Grant, Group, Role, Station
from tests.house import Browser

BODY = "Bà con ra đồng từ sáng sớm. Trời nắng đẹp."


@pytest.fixture
def people(app, newsroom):
    app.config["WTF_CSRF_ENABLED"] = False

    def come(name, *grants):
        newsroom.people.add(name, "mật khẩu rất dài", grants)
        return Browser(app, name)

    return come


@pytest.fixture
def district(newsroom):
    """A district of two communes, one of them in a cluster below it; and one that is in neither."""
    for slug in ("xa-an", "xa-binh", "xa-cam"):
        newsroom.stations.put(Station(slug, f"Đài {slug}"))
    newsroom.groups.put(Group("huyen", "Huyện Thuận"))
    newsroom.groups.put(Group("cum", "Cụm Đông", "huyen", ("xa-binh",)))
    newsroom.groups.put(Group("huyen", "Huyện Thuận", stations=("xa-an",)))


def sent_to(newsroom, answer):
    return set(
        newsroom.articles.get(int(answer.json["article"].split("/")[-1])).stations
    )


def test_a_group_is_all_stations_below_it(call, district, newsroom):
    article = {"title": "Họp", "body": BODY, "stations": ["group:huyen", "xa-cam"]}
    answer = call("POST", "/articles", article)
    assert answer.status_code == 202, answer.text
    assert sent_to(newsroom, answer) == {"xa-an", "xa-binh", "xa-cam"}
    everybody = call("POST", "/articles", article | {"title": "B", "stations": ["all"]})
    assert sent_to(newsroom, everybody) >= {"suoi-lanh", "xa-an", "xa-binh", "xa-cam"}


def test_a_station_that_is_named_twice_is_one(call, district, newsroom):
    named = ["xa-binh", "group:cum", "group:huyen"]
    answer = call(
        "POST", "/articles", {"title": "Họp", "body": BODY, "stations": named}
    )
    article = newsroom.articles.get(int(answer.json["article"].split("/")[-1]))
    assert article.stations[0] == "xa-binh"
    assert sorted(article.stations) == ["xa-an", "xa-binh"]


def test_a_warning_goes_to_a_group(call, district, newsroom):
    warning = {
        "title": "Lũ",
        "body": "Bà con lên cao ngay.",
        "stations": ["group:cum"],
        "minutes": 60,
    }
    assert call("POST", "/urgent", warning).status_code == 202
    assert newsroom.urgent.all(live=True)[0].stations == ("xa-binh",)


@pytest.mark.parametrize("name", ["group:khong-co", "group:"])
def test_a_group_that_is_not_there_is_told(call, district, newsroom, name):
    article = {"title": "Họp", "body": BODY, "stations": ["xa-an", name]}
    answer = call("POST", "/articles", article)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "stations"
    assert newsroom.episodes.cards()[1] == 0


def test_nobody_sends_to_a_group_beyond_their_stations(client, district, newsroom):
    secret = newsroom.people.add_key("xa", [Grant(Role.EDITOR, "xa-binh")])
    headers = {"Authorization": f"Bearer {secret}"}

    def send(name):
        article = {"title": name, "body": BODY, "stations": [name]}
        return client.post("/api/v1/articles", json=article, headers=headers)

    assert send("group:cum").status_code == 202
    for beyond in ("group:huyen", "all"):
        answer = send(beyond)
        assert answer.status_code == 403
        assert "xa-an" in answer.json["detail"]


def test_the_form_offers_the_groups_that_are_wholly_ones_own(people, district):
    everywhere = people("viet", Grant(Role.EDITOR)).get("/desk/new").text
    assert 'value="all"' in everywhere
    assert {'value="group:huyen"', 'value="group:cum"'} <= set(everywhere.split())
    own = [Grant(Role.EDITOR, "group:cum"), Grant(Role.EDITOR, "xa-cam")]
    some = people("xa", *own).get("/desk/new").text
    assert 'value="group:cum"' in some
    assert 'value="group:huyen"' not in some
    assert 'value="all"' not in some


def test_what_is_ticked_as_a_group_goes_to_its_stations(people, district, newsroom):
    editor = people("viet", Grant(Role.EDITOR))
    answer = editor.post(
        "/desk/new",
        stations=["group:huyen"],
        title="Họp",
        body=BODY,
        format="text",
        priority="normal",
    )
    assert answer.status_code == 303, answer.text
    assert sorted(newsroom.articles.get(1).stations) == ["xa-an", "xa-binh"]
