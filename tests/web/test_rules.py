"""Stations at the desk: made, changed, checked."""

from dataclasses import asdict, replace

import pytest
from lxml import html
from sqlalchemy import delete

from service.newsroom.store.tables import StationRow
from service.newsroom.values import NewArticle, Role, Slot, Station


def test_a_station_is_made_and_changed(desk, newsroom, client):
    send = desk(Role.ADMIN)
    slots = {
        "at-0": "05:00",
        "length-0": "15",
        "day-0": list("12345"),
        "headlines-0": "on",
        "chimes-0": "on",
    }
    made = send(
        "/desk/stations/new",
        slug="moi",
        name="Đài Mới",
        **slots,
        **{"at-1": "", "length-1": "15"},
    )
    assert "Đã lưu Đài Mới" in made.text
    station = newsroom.stations.get("moi")
    assert station.slots == (Slot("05:00", 900, "12345"),)
    assert station.reading == {}
    changed = send(
        "/desk/stations/moi",
        name="Đài Mới",
        mung="yes",
        zero_tens="linh",
        approval="trusted",
        voice="tone",
    )
    assert changed.status_code == 200
    station = newsroom.stations.get("moi")
    assert station.reading == {"mung": True, "zero_tens": "linh"}
    assert (station.approval, station.voice, station.slots) == ("trusted", "tone", ())
    page = client.get("/desk/stations/moi").text
    assert '<option value="linh" selected>' in page
    assert '<option value="yes" selected>' in page


def test_a_province_of_stations_is_searched_and_folded(desk, newsroom, client):
    desk(Role.ADMIN)
    assert "Tìm đài" not in client.get("/desk/stations").text
    assert "<summary>Xem cả" not in client.get("/").text
    for number in range(1, 15):
        newsroom.stations.put(Station(f"xa-{number}", f"Đài xã Mường {number}"))
    found = html.fromstring(client.get("/desk/stations?q=muong 14").text)
    assert found.xpath("//table//td/b/text()") == ["Đài xã Mường 14"]
    assert "Không có đài nào khớp" in client.get("/desk/stations?q=khong co").text
    for path in ("/", "/archive/2026-11"):
        (folded,) = html.fromstring(client.get(path).text).xpath(
            "//details[summary='Xem cả 15 đài']"
        )
        assert len(folded.xpath(".//li/a[starts-with(., 'Đài')]")) == 15


def test_very_many_stations_come_in_pages_and_sources_are_typed(desk, newsroom, client):
    send = desk(Role.ADMIN)
    for number in range(1, 121):
        newsroom.stations.put(Station(f"xa-{number}", f"Đài xã Mường {number}"))
    pages = [client.get(f"/desk/stations?page={page}") for page in (1, 2, 3, 99)]
    assert all(len(page.data) < 100_000 for page in pages)
    listed = [
        html.fromstring(page.text).xpath("//table//td/b/text()") for page in pages
    ]
    assert [len(names) for names in listed] == [50, 50, 21, 21]  # and the first station
    assert len({name for names in listed[:3] for name in names}) == 121
    assert "121/121 đài" in pages[0].text
    assert "q=muong&amp;page=1" in client.get("/desk/stations?q=muong&page=2").text
    found = html.fromstring(client.get("/desk/bulletins?q=muong 119").text)
    assert found.xpath("//ul[@class='chips']//a/text()") == ["Đài xã Mường 119"]
    assert "Không có đài nào khớp" in client.get("/desk/bulletins?q=khong co").text
    form = client.get("/desk/stations/xa-1").text
    assert "xa-7" not in form  # it is offered while somebody types
    assert 'data-suggest="/desk/stations/named.json"' in form
    hour = {"at-0": "05:00", "length-0": "15", "day-0": "1", "name": "Đài"}
    sent = send("/desk/stations/xa-1", **hour, **{"source-0": " xa-7 "})
    assert sent.status_code == 200
    assert newsroom.stations.get("xa-1").slots[0].sources == ("xa-7",)


def test_of_very_many_stations_none_is_sent_and_each_is_found(desk, newsroom, client):
    """Listeners pay by the megabyte, and nobody reads a thousand names."""
    for number in range(1, 71):
        newsroom.stations.put(Station(f"xa-{number}", f"Đài xã Mường {number}"))
    for path in ("/", "/archive/2026-11", "/settings", "/stations"):
        page = client.get(path).text
        assert "Mường" not in page
        assert (
            path.startswith("/archive")
            or 'action="/stations"' in page
            or "/stations" in page
        )
    links = "//ul/li/a[starts-with(@href, '/stations/')]/text()"
    found = html.fromstring(client.get("/stations?tim=muong 47").text)
    assert found.xpath(links) == ["Đài xã Mường 47"]
    many = client.get("/stations?tim=muong").text
    assert len(html.fromstring(many).xpath(links)) == 60
    assert "70 đài có" in many
    assert "Không có đài nào" in client.get("/stations?tim=khong co").text
    client.post("/settings", data={"xa": "xa-47"})
    assert "Đài xã Mường 47" in client.get("/").text
    assert '<option value="xa-47">' in client.get("/settings").text
    client.post("/settings", data={"xa": "khong-co"})
    assert "Mường 47" not in client.get("/").text
    desk(Role.ADMIN)
    assert "Mường" not in client.get("/desk").text


def test_the_desk_list_takes_a_station_s_name_as_typed(desk, newsroom, client, hand_in):
    for number in range(1, 71):
        newsroom.stations.put(Station(f"xa-{number}", f"Đài xã Mường {number}"))
    hand_in("Tin nhà")
    article = NewArticle("Tin Mường", ("Bà con ra đồng.",), "m", ("xa-47",))
    newsroom.articles.receive(article, "test")
    desk(Role.ADMIN)
    for typed in ("muong 47", "xa-47"):
        page = client.get("/desk", query_string={"station": typed}).text
        assert "Tin Mường" in page
        assert "Tin nhà" not in page


def test_an_empty_house_says_what_comes_first(desk, newsroom, client):
    with newsroom.database.write() as session:
        session.execute(delete(StationRow))
    desk(Role.ADMIN)
    assert "thêm đài đầu tiên" in client.get("/desk/stations").text
    for path in ("/desk/new", "/desk/urgent", "/desk/recordings/new"):
        (notice,) = html.fromstring(client.get(path).text).xpath(
            "//fieldset//p[@class='notice']"
        )
        assert "Chưa có đài nào để phát" in notice.text_content()
    assert "Các đài</h2>" not in client.get("/").text


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"slug": "suoi-lanh", "name": "A"}, "Đã có đài"),
        ({"slug": "Có dấu", "name": "A"}, "không dấu"),
        ({"slug": "a", "name": " "}, "cần có tên"),
        (
            {"slug": "a", "name": "A", "at-0": "25:00", "length-0": "5", "day-0": "1"},
            "05:00",
        ),
        (
            {"slug": "a", "name": "A", "at-0": "05:00", "length-0": "90", "day-0": "1"},
            "60 phút",
        ),
        (
            {"slug": "a", "name": "A", "at-0": "05:00", "length-0": "x", "day-0": "1"},
            "bằng phút",
        ),
        (
            {"slug": "a", "name": "A", "at-0": "05:00", "length-0": "5"},
            "Ngày trong tuần",
        ),
        ({"slug": "a", "name": "A", "duty": "ở nhà"}, "thư điện tử"),
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


RULED = Slot(
    "17:00",
    750,
    "25",
    topics=("nong-nghiep",),
    sources=("tinh", "huyen"),
    max_age_days=7,
    repeats=2,
    greeting="Chào bà con.",
    headlines=False,
    chimes=False,
    lunar=True,
    closing="Hẹn gặp lại.",
    plan_minutes=120,
    ready_minutes=30,
    automatic=True,
    previous=True,
)


def fields(page):
    """A page's form as a browser would send it back."""
    form = html.fromstring(page).xpath("//main//form[not(@action)]")[-1]
    found = {}
    for name, value in form.form_values():
        # As browsers do in a textarea
        found.setdefault(name, []).append(value.removeprefix("\n"))
    return found


def test_a_form_that_is_only_saved_changes_no_rule_of_a_station(desk, newsroom, client):
    for slug in ("huyen", "tinh", "xa"):
        newsroom.stations.put(Station(slug, f"Đài {slug}"))
    kept = replace(
        newsroom.stations.get("suoi-lanh"),
        duty=("a@xa.vn", "https://xa.vn/bao"),
        reading={"mung": True},
        slots=(Slot("05:00", 900), RULED),
        speaker_tempo=0.9,
    )
    newsroom.stations.put(kept)
    assert {
        rule
        for rule in asdict(RULED)
        if getattr(RULED, rule) == getattr(Slot("", 0), rule)
    } == set()
    desk(Role.ADMIN)
    form = fields(client.get("/desk/stations/suoi-lanh").text)
    assert client.post("/desk/stations/suoi-lanh", data=form).status_code == 303
    assert newsroom.stations.get("suoi-lanh") == kept


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("at-2", "25:00"),
        ("at-2", "05:00"),
        ("length-2", "một giờ"),
        ("length-2", "1:59"),
        ("max_age_days-2", "40"),
        ("repeats-2", "hai"),
        ("plan_minutes-2", "20"),
        ("ready_minutes-2", "1"),
        ("greeting-2", "a" * 501),
        ("closing-2", "a" * 501),
        ("day-2", []),
        ("duty", "ở nhà"),
    ],
)
def test_a_slots_fault_is_told_at_its_field_and_what_was_typed_stays(
    desk, newsroom, client, field, typed
):
    desk(Role.ADMIN)
    # Three empty rows; the second stays so
    form = fields(client.get("/desk/stations/suoi-lanh").text)
    form |= {"at-0": "05:00", "at-2": "17:00", "closing-0": "Hẹn gặp lại bà con."} | {
        field: typed
    }
    answer = client.post("/desk/stations/suoi-lanh", data=form)
    assert answer.status_code == 422
    assert html.fromstring(answer.text).xpath("//*[@class='fault']/@id") == [
        f"{field}-loi"
    ]
    assert newsroom.stations.get("suoi-lanh").slots == ()
    sent = fields(answer.text)
    assert {name: value for name, value in sent.items() if name != "csrf_token"} == {
        name: value if isinstance(value, list) else [value]
        for name, value in form.items()
        if name != "csrf_token" and value != []
    }


def test_only_an_administrator_changes_stations(desk, client):
    desk(Role.APPROVER)
    assert client.get("/desk/stations").status_code == 200
    assert client.get("/desk/stations/suoi-lanh").status_code == 403


def test_a_station_reads_by_its_rules(desk, newsroom, hand_in, work_all):
    desk(Role.ADMIN)(
        "/desk/stations/suoi-lanh", name="Đài", zero_tens="linh", mung="yes"
    )
    episode_id = hand_in(paragraphs=("Ngày 2/9 có 105 người.",))
    work_all()
    assert (
        newsroom.episodes.get(episode_id).sentences[1].spoken
        == "Ngày mùng hai tháng chín có một trăm linh năm người."
    )


def test_an_hour_that_its_own_words_fill_is_refused(desk, call, newsroom, client):
    """No story would ever fit: no bulletin would ever be drafted, and nobody told why."""
    words = "Kính chào bà con và các bạn. " * 17
    wordy = {"at": "05:00", "max_seconds": 120, "greeting": words, "closing": words}
    fields = {"name": "Đài Suối Lành", "slots": [wordy]}
    refused = call("PUT", "/stations/suoi-lanh", fields)
    assert refused.status_code == 422
    (error,) = refused.json["errors"]
    assert error["field"] == "slots.0.max_seconds"
    send = desk(Role.ADMIN)
    typed = {"at-0": "05:00", "length-0": "2", "day-0": list("1234567")}
    typed |= {"greeting-0": words, "closing-0": words, "chimes-0": "on"}
    page = send("/desk/stations/suoi-lanh", name="Đài Suối Lành", **typed)
    assert page.status_code == 422
    assert "không còn chỗ cho tin" in page.text
    assert newsroom.stations.get("suoi-lanh").slots == ()
    fields["slots"] = [wordy | {"max_seconds": 900}]
    assert call("PUT", "/stations/suoi-lanh", fields).status_code == 200
