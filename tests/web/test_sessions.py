"""Sessions, the door, people's own pages and the log, through a browser's eyes."""

import re
from dataclasses import fields
from datetime import timedelta

import pytest

from service.newsroom.values import Event, Role, Station, Visitor
from service.web.app import create_app
from service.web.desk.proof import RULES_VI
from tests.house import PASSWORD, Browser

NEW = "bốn con mèo mun"
CHROME = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"


class Guest(Browser):
    """Somebody's browser at an address, which names itself."""

    def __init__(self, app, address="203.0.113.9"):
        app.config["SESSION_COOKIE_SECURE"] = False
        headers = {"User-Agent": CHROME}
        super().__init__(app, environ_base={"REMOTE_ADDR": address}, headers=headers)

    def post(self, path, page="/desk/sessions", **form):
        return super().post(path, page, **form)

    def login(self, name, password=PASSWORD, to=""):
        """Looks at no page yet: what is told after a login is still to be read."""
        return self.post(
            "/desk/login", "/desk/login", name=name, password=password, next=to
        )

    def copy(self, app):
        """A thief's browser with the same session cookie."""
        other = Guest(app, "198.51.100.1")
        other.client.set_cookie("session", self.client.get_cookie("session").value)
        return other


@pytest.fixture
def browser(app, newsroom):
    """A browser of somebody new of a role."""

    def come(role, address="203.0.113.9"):
        if newsroom.people.named(role) is None:
            newsroom.people.add(role, PASSWORD, role)
        found = Guest(app, address)
        assert found.login(role).status_code == 303
        return found

    return come


def test_a_copied_cookie_opens_nothing_after_logout(app, browser):
    here = browser(Role.ADMIN)
    thief = here.copy(app)
    assert thief.get("/desk/people").status_code == 200
    assert here.post("/desk/logout").status_code == 303
    assert thief.get("/desk/people").location.startswith("/desk/login")
    assert thief.get("/desk/cards.json").status_code == 401
    assert here.get("/desk").status_code == 303


@pytest.mark.parametrize(
    ("role", "idle"),
    [(Role.ADMIN, 60), (Role.APPROVER, 60), (Role.EDITOR, 240), (Role.OPERATOR, 240)],
)
def test_who_does_nothing_is_logged_out(browser, clock, role, idle):
    here = browser(role)
    clock.ahead += timedelta(minutes=idle - 2)
    assert here.get("/desk").status_code == 200
    clock.ahead += timedelta(minutes=idle - 2)
    assert here.get("/desk/cards.json").status_code == 200, (
        "a page that looks by itself is nobody"
    )
    clock.ahead += timedelta(minutes=3)
    assert here.get("/desk").status_code == 303


def test_nobody_stays_longer_than_a_working_day(browser, clock):
    here = browser(Role.EDITOR)
    for _ in range(6):
        clock.ahead += timedelta(hours=2)
        last = here.get("/desk").status_code
    assert last == 303


def test_one_sees_ones_own_places_and_ends_them(browser, newsroom):
    here, phone, other = (
        browser(Role.EDITOR),
        browser(Role.EDITOR, "2001:db8:7::1"),
        browser(Role.ADMIN),
    )
    page = here.get("/desk/sessions").text
    assert page.count("Chrome, Android") >= 2
    assert "203.0.113.x" in page
    assert "2001:db8:7::/48" in page
    assert "203.0.113.9" not in page
    (foreign,) = newsroom.sessions.of(newsroom.people.named("admin").id)
    assert here.post(f"/desk/sessions/{foreign.id}/end").status_code == 303
    assert other.get("/desk").status_code == 200, "another's place is not one's own"
    assert here.post("/desk/sessions/others/end").status_code == 303
    assert phone.get("/desk").status_code == 303
    assert here.get("/desk").status_code == 200
    assert other.get("/desk").status_code == 200


def test_an_administrator_locks_and_changes_roles_at_once(browser, newsroom):
    admin, editor = browser(Role.ADMIN), browser(Role.EDITOR)
    number = newsroom.people.named("editor").id
    assert editor.get("/desk/new").status_code == 200
    admin.post(f"/desk/people/{number}/role", role="operator")
    assert editor.get("/desk/new").status_code == 403
    assert editor.get("/desk").status_code == 200
    admin.post(f"/desk/people/{number}/lock")
    assert editor.get("/desk").status_code == 303
    assert editor.login("editor").status_code == 401
    assert "đã khóa" in admin.get("/desk/people").text
    admin.post(f"/desk/people/{number}/unlock")
    assert editor.login("editor").status_code == 303
    admin.post(f"/desk/people/{number}/logout")
    assert editor.get("/desk").status_code == 303
    own = newsroom.people.named("admin").id
    for path, form in (("lock", {}), ("role", {"role": "editor"})):
        admin.post(f"/desk/people/{own}/{path}", **form)
    assert admin.get("/desk/people").status_code == 200


@pytest.mark.parametrize("move", ["lock", "unlock", "role", "logout"])
def test_only_administrators_rule_over_people(browser, newsroom, move):
    approver = browser(Role.APPROVER)
    number = newsroom.people.named("approver").id
    assert (
        approver.post(f"/desk/people/{number}/{move}", role="admin").status_code == 403
    )
    assert newsroom.people.named("approver").role is Role.APPROVER
    (line,) = newsroom.log.lines(events=(Event.REFUSED,))
    assert (line.who, line.detail) == ("approver", f"POST /desk/people/{number}/{move}")


def test_a_one_time_password_opens_only_the_page_that_changes_it(
    app, browser, newsroom, clock
):
    admin = browser(Role.ADMIN)
    shown = admin.post("/desk/people", name="hoa", role="approver")
    once = re.search(r'class="once" readonly value="([^"]+)"', shown.text)[1]
    assert once not in admin.get("/desk/people").text
    hoa = Guest(app)
    assert hoa.login("hoa", once).status_code == 303
    for path in ("/desk", "/desk/log", "/desk/people", "/desk/urgent"):
        assert hoa.get(path).location == "/desk/password", path
    assert hoa.get("/desk/cards.json").status_code == 401
    same = hoa.post("/desk/password", page="/desk/password", old=once, password=once)
    assert same.status_code == 422
    done = hoa.post("/desk/password", page="/desk/password", old=once, password=NEW)
    assert done.status_code == 303
    assert hoa.get("/desk").status_code == 200
    assert Guest(app).login("hoa", once).status_code == 401
    shown = admin.post("/desk/people/password", name="hoa")
    assert hoa.get("/desk").status_code == 303, "a new password ends what was open"
    again = re.search(r'class="once" readonly value="([^"]+)"', shown.text)[1]
    clock.ahead += timedelta(days=8)
    late = Guest(app).login("hoa", again)
    assert late.status_code == 401
    assert "quá 7 ngày" in late.text


def test_two_instances_count_together_and_the_owner_is_told(newsroom, site, app):
    newsroom.people.add("lan", PASSWORD, Role.APPROVER)
    at_home = Guest(app)
    assert at_home.login("lan").status_code == 303
    at_home.post("/desk/logout")
    elsewhere = create_app(newsroom, site)
    answers = []
    for n in range(12):
        attacker = Guest((app, elsewhere)[n % 2], f"198.51.100.{n}")
        answers.append(attacker.login("lan", "sai bét").status_code)
    assert answers == [401] * 10 + [429] * 2
    refused = Guest(elsewhere, "192.0.2.1").login("lan")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert at_home.login("lan").status_code == 303, "a device that is known goes on"
    assert "10 lần thử sai từ 198.51.100.x" in at_home.get("/desk").text
    assert "lần thử sai" not in at_home.get("/desk").text
    failed = newsroom.log.lines(events=(Event.LOGIN_FAILED, Event.LOGIN_LIMITED))
    assert len(failed) == 11


def test_a_made_up_device_is_no_device(app, newsroom):
    person = newsroom.people.add("lan", PASSWORD, Role.APPROVER)
    for n in range(10):
        Guest(app, f"198.51.100.{n}").login("lan", "sai bét")
    forger = Guest(app, "192.0.2.7")
    forger.client.set_cookie("loa_device", f'["{person.id}.a1b2"]', path="/desk")
    assert forger.login("lan").status_code == 429


def test_sessions_and_devices_are_for_this_site_alone(app, newsroom, site):
    newsroom.people.add("lan", PASSWORD, Role.EDITOR)
    app.config["SESSION_COOKIE_SECURE"] = True
    client = app.test_client()
    page = client.get("/desk/login", base_url="https://loa.example").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    answer = client.post(
        "/desk/login",
        base_url="https://loa.example",
        headers={"Referer": "https://loa.example/desk/login"},
        data={"csrf_token": token, "name": "lan", "password": PASSWORD},
    )
    cookies = {
        each.partition("=")[0]: each for each in answer.headers.getlist("Set-Cookie")
    }
    for name in ("session", "loa_device"):
        for word in ("Secure", "HttpOnly", "SameSite=Lax"):
            assert word in cookies[name]


def test_what_happens_at_the_door_is_in_the_log_for_administrators(browser, newsroom):
    admin, editor = browser(Role.ADMIN), browser(Role.EDITOR)
    newsroom.log.note("loa", Event.TERM, "UBND → ủy ban")
    editor.post("/desk/logout")
    assert browser(Role.EDITOR)
    page = admin.get("/desk/log").text
    for words in ("Đăng nhập", "Đăng xuất", "Thêm người dùng", "Đặt cách đọc"):
        assert f"<td>{words}</td>" in page
    seen = browser(Role.EDITOR).get("/desk/log").text
    assert "<td>Đặt cách đọc</td>" in seen
    assert "<td>Đăng nhập</td>" not in seen
    assert "203.0.113.x" not in seen
    sifted = admin.get("/desk/log?event=logout&who=editor").text
    assert "<td>Đăng xuất</td>" in sifted
    assert "<td>Đăng nhập</td>" not in sifted
    assert (
        "<td>Đăng nhập</td>"
        not in browser(Role.EDITOR).get("/desk/log?event=login").text
    )
    assert newsroom.log.check().broken == ""


def test_a_key_that_may_not_and_one_that_opens_nothing_are_in_the_log(client, newsroom):
    key = newsroom.people.add_key("portal", Role.OPERATOR)
    for _ in range(3):
        assert client.post(
            "/api/v1/episodes/1/withdraw",
            json={"reason": "x"},
            headers={"Authorization": f"Bearer {key}"},
        ).status_code in (403, 422)
        client.get(
            "/api/v1/episodes/1", headers={"Authorization": "Bearer loa_nothing"}
        )
    refused = newsroom.log.lines(events=(Event.REFUSED,))
    failed = newsroom.log.lines(events=(Event.LOGIN_FAILED,))
    assert [line.who for line in refused] == ["key portal"]
    assert len(failed) == 1


def test_a_proxy_nobody_declared_is_told_once(client, newsroom, site, caplog):
    for _ in range(3):
        client.get("/", headers={"X-Forwarded-For": "198.51.100.7"})
    assert len(newsroom.log.lines(events=(Event.PROXY_UNTRUSTED,))) == 1
    assert caplog.text.count("come through a proxy") == 1
    # From far away it is no proxy of ours
    for far in ("8.8.8.8", "::ffff:8.8.8.8"):
        client.get("/", headers={"X-Real-IP": "x"}, environ_base={"REMOTE_ADDR": far})
    assert len(newsroom.log.lines(events=(Event.PROXY_UNTRUSTED,))) == 1


def test_a_request_asks_one_question_for_its_session(newsroom):
    person = newsroom.people.add("lan", PASSWORD, Role.EDITOR)
    token = newsroom.sessions.begin(person.id, Visitor("203.0.113.9")).token
    before = newsroom.sessions.find(token)
    assert newsroom.sessions.find(token).seen_at == before.seen_at, (
        "written once a minute"
    )
    assert newsroom.sessions.find(token[:-1]) is None
    assert newsroom.sessions.find("") is None


def test_every_rule_of_a_station_has_a_vietnamese_name_in_the_log():
    rules = {field.name for field in fields(Station)} - {"slug", "duty"}
    assert rules == set(RULES_VI)
