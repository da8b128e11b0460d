"""Second factors: codes off a phone, codes on paper, who must have them, and the ways back in."""

import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pyotp
import pytest

from service.newsroom.staff.person_rows import actor_of
from service.newsroom.store.backup import back_up, restore
from service.newsroom.store.doors import SessionRow
from service.newsroom.values import Event, Grant, Group, Role, Visitor
from service.web.app import create_app
from tests.house import PASSWORD, Browser

SECRET = re.compile(r'class="secret">([A-Z2-7 ]+)<')
TICKET = re.compile(r'name="ticket" value="([^"]+)"')
PAPER = re.compile(r"<li><code>([a-z2-9-]+)</code>")
HALF_A_MINUTE = timedelta(seconds=30)


class Phone:
    """An app that shows codes; time goes on by one code whenever somebody looks."""

    def __init__(self, clock, secret):
        self.clock, self.shared = clock, pyotp.TOTP(secret)

    def code(self):
        self.clock.ahead += HALF_A_MINUTE
        return self.shared.at(self.clock())


@pytest.fixture
def pair(app, newsroom, clock):
    """Somebody of a role with a second factor: their browser, their phone, their codes on paper."""

    def pair(role=Role.APPROVER, name=""):
        name = name or role.value
        newsroom.people.add(name, PASSWORD, role)
        browser = Browser(app, name)
        page = browser.get("/desk/factor").text
        phone = Phone(clock, SECRET.search(page)[1].replace(" ", ""))
        done = browser.post("/desk/factor", code=phone.code())
        assert done.status_code == 200
        return browser, phone, PAPER.findall(done.text)

    return pair


def halfway(app, name, to=""):
    """A browser after the right password, and what it shows."""
    browser = Browser(app)
    answer = browser.post(
        "/desk/login", "/desk/login", name=name, password=PASSWORD, next=to
    )
    browser.ticket = TICKET.search(answer.text)[1]
    return browser


def show(browser, code, **form):
    return browser.post("/desk/login/code", ticket=browser.ticket, code=code, **form)


def test_the_password_alone_opens_nothing_and_no_code_is_taken_twice(app, pair, clock):
    _, phone, _ = pair()
    browser = halfway(app, "approver", to="/desk/urgent")
    assert browser.get("/desk").status_code == 303
    assert browser.get("/desk/sessions").location.startswith("/desk/login")
    code = phone.code()
    answer = show(browser, code, next="/desk/urgent")
    assert answer.location == "/desk/urgent"
    assert browser.get("/desk").status_code == 200
    assert show(halfway(app, "approver"), code).status_code == 401
    spaced = phone.code()
    late = halfway(app, "approver")
    clock.ahead += HALF_A_MINUTE
    assert show(late, f"{spaced[:3]} {spaced[3:]}").status_code == 303
    long_ago = phone.code()
    clock.ahead += 3 * HALF_A_MINUTE
    assert show(halfway(app, "approver"), long_ago).status_code == 401


def test_a_code_on_paper_is_good_once_however_it_is_typed(app, pair, newsroom):
    _, _, paper = pair()
    assert len(set(paper)) == 10
    assert show(halfway(app, "approver"), paper[0]).status_code == 303
    assert show(halfway(app, "approver"), paper[0]).status_code == 401
    typed = paper[1].replace("-", " ").upper()
    assert show(halfway(app, "approver"), typed).status_code == 303
    number = newsroom.people.named("approver").id
    assert newsroom.factors.of(number).paper_left == 8
    (line, _) = newsroom.log.lines(events=(Event.PAPER_USED,))
    assert line.detail == "còn 8 mã"


def test_who_has_few_codes_on_paper_is_told_and_new_ones_end_the_old(app, pair):
    first, _, paper = pair()
    for code in paper[:7]:
        browser = halfway(app, "approver")
        assert show(browser, code).status_code == 303
    assert "Chỉ còn 3 mã dự phòng" in browser.get("/desk").text
    new = PAPER.findall(first.post("/desk/factor/paper", "/desk/factor").text)
    assert show(halfway(app, "approver"), paper[8]).status_code == 401
    assert show(halfway(app, "approver"), new[0]).status_code == 303


def test_the_same_code_at_the_same_moment_lets_one_in(pair, newsroom):
    _, phone, paper = pair()
    person = newsroom.people.named("approver")
    visitor = Visitor("203.0.113.9")
    mark = newsroom.sessions.enter("approver", PASSWORD, visitor).mark
    for code in (phone.code(), paper[0]):
        ready = Barrier(4)

        def come(code=code, ready=ready):
            ready.wait()
            return newsroom.sessions.second(person.id, mark, code, visitor)

        with ThreadPoolExecutor(4) as pool:
            came = [each.result() for each in [pool.submit(come) for _ in range(4)]]
        assert len([each for each in came if each is not None]) == 1
        newsroom.people.unlock("approver")


def test_wrong_codes_make_wait_wherever_they_come_from(app, pair, newsroom, clock):
    _, phone, _ = pair()
    answers = []
    for n in range(7):
        attacker = Browser(app, environ_base={"REMOTE_ADDR": f"198.51.100.{n}"})
        form = attacker.post(
            "/desk/login", "/desk/login", name="approver", password=PASSWORD
        )
        attacker.ticket = TICKET.search(form.text)[1]
        answers.append(show(attacker, "000000").status_code)
    assert answers == [401] * 5 + [429] * 2
    right = show(attacker, phone.code())
    assert right.status_code == 429
    assert 0 < int(right.headers["Retry-After"]) <= 60
    clock.ahead += timedelta(minutes=1)
    entered = halfway(app, "approver")
    assert show(entered, phone.code()).status_code == 303
    assert "5 lần thử sai từ 198.51.100.x" in entered.get("/desk").text
    assert len(newsroom.log.lines(events=(Event.LOGIN_FAILED,))) == 5


def test_a_ticket_is_ours_of_this_password_and_young(app, pair, newsroom, clock):
    first, phone, _ = pair()
    other = newsroom.people.add("khac", PASSWORD, Role.ADMIN)
    forged = halfway(app, "approver")
    real, forged.ticket = forged.ticket, f'[{other.id},""].x.y'
    assert show(forged, phone.code()).status_code == 401
    forged.ticket = real
    newsroom.people.set_password("approver", "bốn con mèo mun nữa")
    assert show(forged, phone.code()).status_code == 401
    assert first.get("/desk").status_code == 303
    newsroom.people.set_password("approver", PASSWORD)
    locked = halfway(app, "approver")
    newsroom.people.lock("approver")
    assert show(locked, phone.code()).status_code == 401
    assert newsroom.sessions.of(newsroom.people.named("approver").id) == []


def test_pairing_asks_who_sits_there_and_ends_what_the_password_alone_had_opened(
    app, newsroom, clock
):
    newsroom.people.add("lan", PASSWORD, Role.EDITOR)
    phone_browser, browser = Browser(app, "lan"), Browser(app, "lan")
    clock.ahead += timedelta(minutes=11)
    away = browser.get("/desk/factor")
    assert away.location == "/desk/again?next=/desk/factor"
    wrong = browser.post("/desk/again", away.location, password="sai", next="/desk")
    assert wrong.status_code == 422
    assert browser.get("/desk/factor").status_code == 303
    again = browser.post(
        "/desk/again", away.location, password=PASSWORD, next="/desk/factor"
    )
    assert again.location == "/desk/factor"
    page = browser.get("/desk/factor").text
    assert SECRET.search(page)[1] == SECRET.search(browser.get("/desk/factor").text)[1]
    phone = Phone(clock, SECRET.search(page)[1].replace(" ", ""))
    assert browser.post("/desk/factor", code="123").status_code == 422
    assert newsroom.factors.of(newsroom.people.named("lan").id) is None
    assert browser.post("/desk/factor", code=phone.code()).status_code == 200
    assert phone_browser.get("/desk").status_code == 303
    assert browser.get("/desk").status_code == 200
    assert browser.post("/desk/factor", code=phone.code()).status_code == 422


def shown(browser):
    """The secret on the page that sets a second factor up."""
    return SECRET.search(browser.get("/desk/factor").text)[1].replace(" ", "")


def test_a_secret_that_somebody_saw_before_is_never_the_owner_s(app, newsroom, clock):
    lan = newsroom.people.add("lan", PASSWORD, Role.APPROVER)
    thief, owner = Browser(app, "lan"), Browser(app, "lan")
    stolen = shown(thief)
    assert shown(owner) != stolen
    seen = Phone(clock, stolen).code()
    assert owner.post("/desk/factor", code=seen).status_code == 422
    left_open = shown(owner)
    clock.ahead += timedelta(minutes=11)
    proof = {"password": PASSWORD, "next": "/desk/factor"}
    owner.post("/desk/again", "/desk/again", **proof)
    assert shown(owner) != left_open, "whoever sat there saw it"
    newsroom.people.set_password("lan", PASSWORD)
    assert thief.post("/desk/factor", code=seen).status_code == 303
    assert shown(Browser(app, "lan")) not in (stolen, left_open)
    newsroom.sessions.end_all(lan.id, "quantri")
    phone = Phone(clock, shown(latest := Browser(app, "lan")))
    assert latest.post("/desk/factor", code=phone.code()).status_code == 200
    late = halfway(app, "lan")
    assert show(late, Phone(clock, stolen).code()).status_code == 401
    assert show(late, phone.code()).status_code == 303


def test_what_began_by_the_password_alone_meanwhile_is_nobody(app, pair, newsroom):
    browser, _, _ = pair()
    with newsroom.database.write() as session:
        session.query(SessionRow).update({SessionRow.kind: "password"})
    assert browser.get("/desk").status_code == 303


def test_a_new_password_keeps_the_second_factor_and_its_owner_in(app, pair):
    browser, _, _ = pair()
    new = "bốn con mèo mun nữa"
    done = browser.post("/desk/password", "/desk/password", old=PASSWORD, password=new)
    assert done.status_code == 303
    assert browser.get("/desk").status_code == 200
    form = Browser(app).post(
        "/desk/login", "/desk/login", name="approver", password=new
    )
    assert TICKET.search(form.text)


def test_a_new_password_is_no_code(app, pair, clock):
    browser, phone, _ = pair()
    new, proof = "bốn con mèo mun nữa", "/desk/again?next=/desk/factor"
    clock.ahead += timedelta(minutes=11)
    form = {"old": PASSWORD, "password": new}
    assert browser.post("/desk/password", "/desk/password", **form).location == "/desk"
    for path in ("/desk/factor/off", "/desk/factor/paper"):
        assert browser.post(path, "/desk/factor").location == proof, path
    form = {"password": new, "code": phone.code()}
    assert browser.post("/desk/again", "/desk/again", **form).status_code == 303
    renewed = browser.post("/desk/factor/paper", "/desk/factor")
    assert len(PAPER.findall(renewed.text)) == 10


def test_a_new_password_makes_no_new_day_without_a_code(app, pair, clock):
    browser, _, _ = pair()
    for _ in range(14):
        clock.ahead += timedelta(minutes=50)
        assert browser.get("/desk/sessions").status_code == 200
    form = {"old": PASSWORD, "password": "bốn con mèo mun nữa"}
    assert browser.post("/desk/password", "/desk/password", **form).location == "/desk"
    assert browser.get("/desk/sessions").status_code == 200
    clock.ahead += timedelta(minutes=50)
    away = browser.get("/desk/sessions").location
    assert away.startswith("/desk/login"), "twelve hours are over"


def test_who_must_have_one_sets_it_up_before_anything_else(newsroom, site, pair):
    strict = create_app(newsroom, replace(site, second_factor=True))
    newsroom.people.add("duyet", PASSWORD, Role.APPROVER)
    newsroom.people.add("viet", PASSWORD, Role.EDITOR)
    approver, editor = Browser(strict), Browser(strict)
    for each, name in ((approver, "duyet"), (editor, "viet")):
        each.post("/desk/login", "/desk/login", name=name, password=PASSWORD)
    assert editor.get("/desk").status_code == 200
    for path in ("/desk", "/desk/people", "/desk/urgent", "/desk/log"):
        assert approver.get(path).location == "/desk/factor", path
    assert approver.get("/desk/cards.json").status_code == 401
    assert "Bật trong ba bước" in approver.get("/desk/factor").text
    refused = approver.post("/desk/episodes/1/approve", version=1)
    assert refused.location == "/desk/factor"
    browser, _, _ = pair(name="co")
    browser.client.application = strict
    browser.post("/desk/factor/off", "/desk/factor")
    assert newsroom.factors.of(newsroom.people.named("co").id) is not None


def test_a_group_asks_it_of_who_approves_in_it(app, newsroom):
    newsroom.groups.put(Group("huyen", "Huyện", stations=("suoi-lanh",), strict=True))
    grants = {
        "o.day": Grant(Role.APPROVER, "suoi-lanh"),
        "o.moi.noi": Grant(Role.ADMIN),
        "o.nhom": Grant(Role.APPROVER, "group:huyen"),
        "bien.tap": Grant(Role.EDITOR, "suoi-lanh"),
    }
    for name, grant in grants.items():
        newsroom.people.add(name, PASSWORD, [grant])
        browser = Browser(app)
        browser.post("/desk/login", "/desk/login", name=name, password=PASSWORD)
        is_open = browser.get("/desk").status_code == 200
        assert is_open == (name == "bien.tap"), name
    newsroom.groups.put(Group("huyen", "Huyện", stations=("suoi-lanh",)))
    assert Browser(app, "o.day").get("/desk").status_code == 200


def test_an_administrator_helps_whose_phone_is_gone(app, pair, newsroom, clock):
    browser, _, _ = pair()
    number = newsroom.people.named("approver").id
    newsroom.people.add("quantri", PASSWORD, Role.ADMIN)
    admin = Browser(app, "quantri")
    clock.ahead += timedelta(minutes=11)
    page = f"/desk/people/{number}"
    path = f"{page}/factor/off"
    assert admin.post(path, page).location == f"/desk/again?next={page}"
    assert newsroom.factors.of(number) is not None
    admin.post("/desk/again", "/desk/again", password=PASSWORD)
    assert "xác thực hai lớp" in admin.get("/desk/people").text
    assert admin.post(path, page).status_code == 303
    assert browser.get("/desk").status_code == 303
    assert Browser(app, "approver").get("/desk").status_code == 200
    (line,) = newsroom.log.lines(events=(Event.FACTOR_OFF,))
    assert (line.who, line.detail) == ("quantri", "approver, 1 phiên kết thúc")


def test_an_administrator_s_desk_left_open_sets_nobody_s_password(app, newsroom, clock):
    for name, role in (("lan", Role.APPROVER), ("quantri", Role.ADMIN)):
        newsroom.people.add(name, PASSWORD, role)
    admin, page = Browser(app, "quantri"), "/desk/people"
    clock.ahead += timedelta(minutes=11)
    away = admin.post(f"{page}/password", page, name="lan", password="")
    assert away.location == f"/desk/again?next={page}"
    assert newsroom.people.login("lan", PASSWORD)
    admin.post("/desk/again", "/desk/again", password=PASSWORD)
    shown = admin.post(f"{page}/password", page, name="lan", password="")
    assert "Mật khẩu dùng một lần của lan" in shown.text
    assert newsroom.people.login("lan", PASSWORD) is None


def test_one_s_own_is_switched_off_by_its_owner_alone(app, pair, newsroom, clock):
    browser, phone, _ = pair(Role.ADMIN)
    number = newsroom.people.named("admin").id
    own = f"/desk/people/{number}"
    assert browser.post(f"{own}/factor/off", own).status_code == 422
    clock.ahead += timedelta(minutes=11)
    away = browser.post("/desk/factor/off", "/desk/factor").location
    assert away == "/desk/again?next=/desk/factor"
    for code, status in (("", 422), ("000000", 422), (phone.code(), 303)):
        answer = browser.post("/desk/again", away, password=PASSWORD, code=code)
        assert answer.status_code == status, code
    assert browser.post("/desk/factor/off", "/desk/factor").status_code == 303
    assert newsroom.factors.of(number) is None
    assert browser.get("/desk").status_code == 200


def test_its_secret_is_in_no_log_and_no_backup(pair, newsroom, tmp_path):
    _, phone, paper = pair()
    told = " ".join(f"{line.detail}" for line in newsroom.log.lines())
    assert phone.shared.secret not in told
    assert not any(code in told for code in paper)
    back_up(tmp_path, tmp_path / "kept.tar.gz")
    restore(tmp_path / "kept.tar.gz", tmp_path / "other")
    with sqlite3.connect(tmp_path / "other" / "loa.db") as database:
        assert database.execute("SELECT * FROM second_factor").fetchall() == []
        dump = "\n".join(database.iterdump())
    assert phone.shared.secret not in dump


def test_who_is_nobody_s_has_none_to_lose(newsroom):
    person = newsroom.people.add("lan", PASSWORD, Role.EDITOR)
    assert newsroom.factors.remove("lan") is False
    admission = newsroom.sessions.enter("lan", PASSWORD, Visitor("203.0.113.9"))
    newsroom.factors.begin(newsroom.sessions.find(admission.token))
    assert newsroom.factors.remove("lan", actor_of(person)) is False
    assert newsroom.log.lines(events=(Event.FACTOR_OFF,)) == []
