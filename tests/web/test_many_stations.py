"""Forms of an installation with more stations than anybody reads through: these are looked for."""

import re

import pytest

from service.newsroom.values import Grant, Group, Role, Station
from tests.house import PASSWORD, Browser

NAME = re.compile(r"Đài xã số \d+")
BODY = "Bà con ra đồng từ sáng sớm. Trời nắng đẹp."
LOOK = {"look_for_station": "1", "station_words": "xa so 44"}
# A page of it shows stations line by line: that is what it is for.
TABLES = {"/desk/board"}
# Every form that chooses some of the stations, and the field in which it does.
CHOOSING = [
    ("/desk/new", "stations"),
    ("/desk/urgent", "stations"),
    ("/desk/recordings/new", "stations"),
    ("/desk/groups", "stations"),
    ("/desk/sources/new", "station"),
    ("/desk/hooks", "station"),
    ("/desk/hooks/pushes", "station"),
]


@pytest.fixture
def province(newsroom):
    """More stations than a form lists."""
    for number in range(80):
        newsroom.stations.put(Station(f"xa-{number}", f"Đài xã số {number}"))


@pytest.fixture
def admin(app, newsroom, province):
    app.config["WTF_CSRF_ENABLED"] = False
    newsroom.people.add("chu", PASSWORD, Role.ADMIN)
    return Browser(app, "chu")


def ticked(page, field):
    """The stations whose boxes are ticked, and those that the form only carries."""
    boxes = re.findall(rf'type="checkbox" name="{field}" value="([^"]+)" checked', page)
    carried = re.findall(rf'type="hidden" name="{field}" value="([^"]+)"', page)
    return boxes, [slug for value in carried for slug in value.split()]


def test_no_page_of_the_desk_lists_a_province(app, admin):
    for rule in app.url_map.iter_rules():
        is_page = "GET" in rule.methods and not rule.arguments
        is_desk = str(rule).startswith("/desk") and str(rule) not in TABLES
        if not is_page or not is_desk:
            continue
        answer = admin.get(str(rule))
        if answer.mimetype == "text/html":
            assert len(set(NAME.findall(answer.text))) <= 60, str(rule)
            assert len(answer.data) < 100_000, str(rule)


def test_a_form_comes_back_with_what_was_looked_for(admin, newsroom):
    for path, field in CHOOSING:
        way = {"way": "in" if path.endswith("pushes") else "out"}
        page = admin.post(path, **{field: "xa-7", "name": "Đã gõ", **way}, **LOOK)
        assert page.status_code == 200, path
        assert f'name="{field}" value="xa-44"' in page.text, path
        assert ticked(page.text, field)[0] == ["xa-7"], path
    assert newsroom.groups.all() == []
    assert newsroom.hooks.all() == []


def test_what_was_looked_for_is_chosen(admin, newsroom):
    page = admin.post("/desk/new", title="Họp", body=BODY, stations="xa-7", **LOOK)
    assert 'value="Họp"' in page.text
    assert newsroom.episodes.cards()[1] == 0, "nothing was handed in yet"
    chosen = ["xa-7", "xa-44"]
    admin.post(
        "/desk/new",
        title="Họp",
        body=BODY,
        format="text",
        stations=chosen,
        priority="normal",
        send="1",
    )
    card = newsroom.episodes.cards()[0][0]
    article = newsroom.episodes.get(card.id).article_id
    assert newsroom.articles.get(article).stations == ("xa-7", "xa-44")


def test_a_group_of_a_whole_province_is_saved_as_it_was(admin, newsroom):
    everywhere = tuple(f"xa-{number}" for number in range(80))
    newsroom.groups.put(Group("tinh", "Tỉnh", "", everywhere))
    page = admin.get("/desk/groups/tinh").text
    boxes, carried = ticked(page, "stations")
    assert (len(boxes), len(carried)) == (60, 20)
    sent = [*boxes[1:], " ".join(carried)]
    admin.post("/desk/groups/tinh", name="Tỉnh", stations=sent)
    group = newsroom.groups.all()[0]
    assert sorted(group.stations) == sorted(set(everywhere) - {boxes[0]})


def test_who_has_rights_at_a_few_of_many_finds_only_those(app, newsroom, province):
    app.config["WTF_CSRF_ENABLED"] = False
    grants = [Grant(Role.EDITOR, "xa-4"), Grant(Role.OPERATOR, "xa-44")]
    newsroom.people.add("it", PASSWORD, grants)
    few = Browser(app, "it")
    page = few.get("/desk/new").text
    assert set(NAME.findall(page)) == {"Đài xã số 4"}
    assert "station_words" not in page, "one station is not looked for"
    found = few.get("/desk/stations/named.json?q=so&work=editor").json
    assert found == {"stations": [{"slug": "xa-4", "name": "Đài xã số 4"}], "total": 1}
    refused = few.post("/desk/new", title="Họp", body=BODY, stations="xa-44 xa-9")
    assert refused.status_code == 403


def test_a_right_is_given_at_a_station_that_is_typed(admin, newsroom):
    def add(name, typed):
        return admin.post(
            "/desk/people", name=name, role="editor", place="all", place_typed=typed
        )

    assert add("sen", "xã số 44").status_code == 200
    assert newsroom.people.named("sen").grants == (Grant(Role.EDITOR, "xa-44"),)
    assert add("mai", "dai xa so 4").status_code == 200, "its whole name"
    assert newsroom.people.named("mai").grants == (Grant(Role.EDITOR, "xa-4"),)
    several = add("lan", "xã số 4")
    assert several.status_code == 422
    assert "Đài xã số 40 (xa-40)" in several.text
    assert add("lan", "Xã Không Có").status_code == 422
    assert newsroom.people.named("lan") is None
    person = newsroom.people.named("sen").id
    rows = {"role": ["editor", "approver"], "place": ["xa-44", "all"]}
    admin.post(f"/desk/people/{person}/role", **rows, place_typed=["", "xa-5"])
    granted = {grant.place for grant in newsroom.people.named("sen").grants}
    assert granted == {"xa-44", "xa-5"}
    assert 'value="xa-44" selected' in admin.get(f"/desk/people/{person}").text


def test_a_word_and_a_slot_take_a_station_that_is_typed(admin, newsroom):
    term = {"written": "HTX", "spoken": "hợp tác xã", "station": "xa so 44"}
    admin.post("/desk/terms", **term)
    assert [each.station for each in newsroom.terms.all()] == ["xa-44"]
    several = admin.post("/desk/terms", **term | {"station": "xã số"})
    assert several.status_code == 422
    form = {"name": "Đài xã số 7", "at-0": "05:00", "length-0": "15", "day-0": "1"}
    form |= {"source-0": "xã số 44", "disclosure": "Giọng đọc máy."}
    form |= {"approval": "required", "fallback": "hold"}
    assert admin.post("/desk/stations/xa-7", **form).status_code == 303
    assert newsroom.stations.get("xa-7").slots[0].sources == ("xa-44",)
