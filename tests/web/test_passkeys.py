"""Passkeys through the doors that browsers use: what they open, and what they do not."""

import json
import re
import sqlite3
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pyotp
import pytest
from typer.testing import CliRunner

from loa.commands import app as commands
from service.newsroom.staff.passkey_door import Caller
from service.newsroom.store.backup import back_up, restore
from service.newsroom.values import LOUDSPEAKER, Event, Role, Visitor
from service.newsroom.values.passkeys import Realm
from service.web.app import create_app
from tests.house import PASSWORD, Browser
from tests.web.authenticator import HERE, ORIGIN, Authenticator
from tests.web.test_factor import PAPER, TICKET, Phone, shown

LATER = timedelta(minutes=11)
LOGIN, PASSKEYS, AGAIN = "/desk/login", "/desk/passkeys", "/desk/again"
REALM = Realm.of(ORIGIN, "Loa")
REMOVE = re.compile(r'action="(/desk/[^"]*passkeys/\d+/remove)"')


def question(browser, path, page="", **form):
    """What the server asks of this browser's passkeys."""
    answer = browser.post(f"{path}.json", page, **form)
    assert answer.status_code == 200, answer.text
    return answer.json


def add(browser, device, name="Điện thoại"):
    """The answer to a passkey that was made on the device."""
    asked = question(browser, PASSKEYS, PASSKEYS)
    return browser.post(PASSKEYS, name=name, answer=device.create(asked))


def come(app, device, **more):
    """A browser that tries to come in by the passkey alone, and what it hears."""
    browser = Browser(app, **more)
    asked = question(browser, f"{LOGIN}/passkey", LOGIN)
    return browser, browser.post(f"{LOGIN}/passkey", answer=device.get(asked))


@pytest.fixture
def keyed(app, newsroom):
    """Somebody of a role who has a passkey: their browser, their device, their codes on paper."""

    def keyed(role=Role.APPROVER, name="", counts=1):
        name = name or role.value
        newsroom.people.add(name, PASSWORD, role)
        browser, device = Browser(app, name), Authenticator(counts)
        done = add(browser, device)
        assert done.status_code == 200, done.text
        return browser, device, PAPER.findall(done.text)

    return keyed


def test_a_passkey_opens_the_desk_without_a_password(app, keyed, newsroom):
    owner, device, paper = keyed()
    assert len(paper) == 10
    assert owner.get("/desk").status_code == 200
    browser, answer = come(app, device)
    assert answer.location == "/desk"
    assert browser.get("/desk").status_code == 200
    page = browser.get("/desk/sessions").text
    assert "Điện thoại" in page
    assert REMOVE.search(page)
    (added,) = newsroom.log.lines(events=(Event.PASSKEY_ADDED,))
    assert (added.who, added.detail) == ("approver", "approver: Điện thoại")
    assert "khóa Điện thoại" in newsroom.log.lines(events=(Event.LOGIN,))[0].detail


def halfway(app, name):
    browser = Browser(app)
    form = browser.post(LOGIN, LOGIN, name=name, password=PASSWORD)
    browser.ticket = TICKET.search(form.text)[1]
    return browser


def second(browser, device):
    asked = question(browser, f"{LOGIN}/passkey", ticket=browser.ticket)
    assert device.knows(asked)
    answer = device.get(asked)
    return browser.post(f"{LOGIN}/passkey", ticket=browser.ticket, answer=answer)


def test_a_passkey_or_paper_follows_the_password_which_opens_nothing_alone(
    app, keyed, newsroom
):
    _, device, paper = keyed()
    browser = halfway(app, "approver")
    assert browser.get("/desk").status_code == 303
    assert second(browser, device).location == "/desk"
    assert browser.get("/desk").status_code == 200
    on_paper = halfway(app, "approver")
    form = {"ticket": on_paper.ticket, "code": paper[0]}
    assert on_paper.post(f"{LOGIN}/code", **form).status_code == 303
    stale = halfway(app, "approver")
    newsroom.people.set_password("approver", "bốn con mèo mun nữa")
    assert second(stale, device).status_code == 401


def test_another_s_passkey_is_no_second_step(app, keyed):
    _, device, _ = keyed()
    _, theirs, _ = keyed(name="ben")
    browser = halfway(app, "approver")
    asked = question(browser, f"{LOGIN}/passkey", ticket=browser.ticket)
    assert not theirs.knows(asked)
    theirs.handle = ""  # it does not say whose it is
    form = {"ticket": browser.ticket, "answer": theirs.get(asked)}
    refused = browser.post(f"{LOGIN}/passkey", **form)
    assert refused.status_code == 401
    assert TICKET.search(refused.text), "the second step is shown again"
    theirs.id = device.id
    form["answer"] = theirs.get(
        question(browser, f"{LOGIN}/passkey", ticket=browser.ticket)
    )
    assert browser.post(f"{LOGIN}/passkey", **form).status_code == 401


def test_a_passkey_proves_again_who_sits_there(app, keyed, clock):
    browser, device, _ = keyed()
    clock.ahead += LATER
    away = browser.get(PASSKEYS).location
    assert away == f"{AGAIN}?next={PASSKEYS}"
    assert browser.post(f"{PASSKEYS}.json", "/desk/sessions").status_code == 403
    asked = question(browser, f"{AGAIN}/passkey", away)
    form = {"next": PASSKEYS, "answer": device.get(asked)}
    assert browser.post(f"{AGAIN}/passkey", **form).location == PASSKEYS
    assert browser.get(PASSKEYS).status_code == 200
    clock.ahead += LATER
    assert browser.post(f"{AGAIN}/passkey", away, **form).status_code == 422
    assert browser.get(PASSKEYS).status_code == 303


def lie(device, **lies):
    for name, value in lies.items():
        setattr(device, name, value)


LIES = (
    {"origin": "https://loa.example.evil"},
    {"origin": "https://xa.loa.example"},
    {"origin": "http://loa.example"},
    {"origin": "https://loa.example:8443"},
    {"flags": HERE & 1},
    {"flags": HERE & 4},
    {"framed": True},
    {"handle": "a" * 32},
    {"handle": ""},
    {"id": b"nobody's"},
    {"key": Authenticator().key},
)


def test_what_does_not_hold_opens_nothing(app, keyed, newsroom):
    _, device, _ = keyed()
    honest = dict(vars(device))
    for number, lies in enumerate(LIES):
        lie(device, **lies)
        away = {"REMOTE_ADDR": f"198.51.{number}.1"}
        _, refused = come(app, device, environ_base=away)
        assert refused.status_code == 401, lies
        assert "Khóa truy cập này không mở được" in refused.text
        lie(device, **honest | {"uses": device.uses})
        newsroom.people.unlock("approver")
    assert len(newsroom.log.lines(events=(Event.LOGIN_FAILED,))) == len(LIES)
    assert come(app, device)[1].status_code == 303


def test_what_does_not_hold_proves_nothing(app, keyed):
    browser, device, _ = keyed()

    def prove(**lies):
        honest = {name: getattr(device, name) for name in lies}
        lie(device, **lies)
        asked = question(browser, f"{AGAIN}/passkey", AGAIN)
        answer = browser.post(f"{AGAIN}/passkey", answer=device.get(asked))
        lie(device, **honest)
        return answer.status_code

    assert prove(flags=HERE & 1) == 422
    assert prove(origin="https://loa.example.evil") == 422
    assert prove(handle="a" * 32) == 422
    assert prove(handle="") == 303, "where it is known whose it is, it need not say"


def test_what_does_not_hold_is_not_kept(app, newsroom):
    lan = newsroom.people.add("lan", PASSWORD, Role.ADMIN)
    browser, device = Browser(app, "lan"), Authenticator()
    for lies in ({"origin": "https://evil.example"}, {"flags": HERE & 1}):
        lie(device, **{"origin": ORIGIN, "flags": HERE} | lies)
        assert add(browser, device).status_code == 422, lies
    assert add(browser, Authenticator(), name="  ").status_code == 422
    assert newsroom.passkeys.of(lan.id) == []
    assert newsroom.factors.of(lan.id) is None


def test_a_challenge_is_answered_once_where_it_was_asked_and_soon(app, keyed, clock):
    owner, device, _ = keyed()
    browser = Browser(app)
    asked = question(browser, f"{LOGIN}/passkey", LOGIN)
    answer = device.get(asked)
    other = Browser(app)
    assert other.post(f"{LOGIN}/passkey", LOGIN, answer=answer).status_code == 401
    assert owner.post(f"{AGAIN}/passkey", AGAIN, answer=answer).status_code == 422
    assert browser.post(f"{LOGIN}/passkey", answer=answer).status_code == 303
    browser.post("/desk/logout", "/desk/log")
    replayed = browser.post(f"{LOGIN}/passkey", LOGIN, answer=answer)
    assert replayed.status_code == 401
    late = Browser(app)
    asked = question(late, f"{LOGIN}/passkey", LOGIN)
    clock.ahead += timedelta(minutes=5)
    answer = device.get(asked)
    assert late.post(f"{LOGIN}/passkey", answer=answer).status_code == 401


def test_an_answer_to_one_question_is_none_to_another(app, keyed):
    _, device, _ = keyed()
    browser = halfway(app, "approver")
    to_anybody = device.get(question(browser, f"{LOGIN}/passkey"))
    form = {"ticket": browser.ticket, "answer": to_anybody}
    assert browser.post(f"{LOGIN}/passkey", **form).status_code == 401
    to_second = device.get(question(browser, f"{LOGIN}/passkey", ticket=browser.ticket))
    refused = browser.post(f"{LOGIN}/passkey", answer=to_second)
    assert refused.status_code == 401


def test_a_wrong_answer_takes_its_challenge_along(app, keyed):
    _, device, _ = keyed()
    browser = Browser(app)
    asked = question(browser, f"{LOGIN}/passkey", LOGIN)
    device.flags = HERE & 1
    assert browser.post(f"{LOGIN}/passkey", answer=device.get(asked)).status_code == 401
    device.flags = HERE
    assert browser.post(f"{LOGIN}/passkey", answer=device.get(asked)).status_code == 401


def test_a_copy_is_noticed_and_opens_nothing_any_more(app, keyed, newsroom):
    owner, device, _ = keyed()
    before = device.uses
    assert come(app, device)[1].status_code == 303
    device.uses = before
    assert come(app, device)[1].status_code == 401
    (line,) = newsroom.log.lines(events=(Event.PASSKEY_SUSPECT,))
    assert line.detail == "approver: Điện thoại, 2 → 2"
    device.uses = 50
    assert come(app, device)[1].status_code == 401
    assert "có thể đã bị sao chép" in owner.get("/desk/sessions").text


def test_one_that_lives_on_several_devices_does_not_count(app, keyed):
    _, device, _ = keyed(counts=0)
    for _ in range(2):
        assert come(app, device)[1].status_code == 303


def test_who_is_locked_or_lost_their_passkey_stays_out(app, keyed, newsroom):
    owner, device, _ = keyed()
    newsroom.people.lock("approver")
    _, locked = come(app, device)
    newsroom.people.unlock("approver")
    assert owner.get("/desk").status_code == 303
    browser, answer = come(app, device)
    assert answer.status_code == 303
    path = REMOVE.search(browser.get("/desk/sessions").text)[1]
    other, _ = come(app, device)
    assert browser.post(path, "/desk/sessions").status_code == 303
    assert other.get("/desk").status_code == 303
    assert browser.get("/desk").status_code == 200
    _, removed = come(app, device)
    _, nobody = come(app, Authenticator())
    told = [
        re.sub(r'value="[^"]+"', "", each.text) for each in (locked, removed, nobody)
    ]
    assert locked.status_code == removed.status_code == nobody.status_code == 401
    assert told[0] == told[1] == told[2], "who has a login is not told"
    person = newsroom.people.named("approver")
    assert newsroom.factors.of(person.id) is None, "the password alone is enough again"
    assert Browser(app, "approver").get("/desk").status_code == 200


def test_wrong_answers_make_wait_and_their_owner_is_told(app, keyed, newsroom, clock):
    _, device, _ = keyed()
    key, device.key = device.key, Authenticator().key
    answers = [
        come(app, device, environ_base={"REMOTE_ADDR": f"198.51.{n}.1"})[1].status_code
        for n in range(12)
    ]
    assert answers == [401] * 10 + [429] * 2
    clock.ahead += timedelta(minutes=1)
    device.key = key
    browser, answer = come(app, device)
    assert answer.status_code == 303
    assert "10 lần thử sai" in browser.get("/desk").text


def test_questions_are_bounded_for_an_address(app):
    browser = Browser(app)
    browser.get(LOGIN)
    path = f"{LOGIN}/passkey.json"
    answers = [browser.post(path).status_code for _ in range(32)]
    assert answers == [200] * 30 + [429] * 2


def test_another_person_s_passkey_is_nobody_else_s_to_remove(app, keyed, newsroom):
    keyed(name="lan")
    other, _, _ = keyed(name="ben")
    number = newsroom.passkeys.of(newsroom.people.named("lan").id)[0].id
    other.post(f"{PASSKEYS}/{number}/remove", "/desk/sessions")
    assert newsroom.passkeys.of(newsroom.people.named("lan").id)


def test_an_administrator_takes_one_away_or_all(app, keyed, newsroom, clock):
    first, device, _ = keyed(name="lan")
    spare = Authenticator()
    add(first, spare, name="Khóa USB")
    lan = newsroom.people.named("lan")
    newsroom.people.add("quantri", PASSWORD, Role.ADMIN)
    admin, page = Browser(app, "quantri"), f"/desk/people/{lan.id}"
    path = REMOVE.search(admin.get(page).text)[1]
    clock.ahead += LATER
    assert admin.post(path, page).location == f"{AGAIN}?next={page}"
    admin.post(AGAIN, AGAIN, password=PASSWORD)
    assert admin.post(path, page).location == page
    assert [each.name for each in newsroom.passkeys.of(lan.id)] == ["Khóa USB"]
    (line,) = newsroom.log.lines(events=(Event.PASSKEY_REMOVED,))
    assert line.who == "quantri"
    assert "lan: Điện thoại" in line.detail
    assert come(app, device)[1].status_code == 401
    assert come(app, spare)[1].status_code == 303
    assert admin.post(f"{page}/factor/off", page).status_code == 303
    assert come(app, spare)[1].status_code == 401
    assert Browser(app, "lan").get("/desk").status_code == 200


def test_who_sits_at_the_machine_sees_and_removes_them(app, keyed, newsroom, tmp_path):
    _, device, _ = keyed()
    home = {"LOA_HOME": str(tmp_path), "LOA_TESTS_REQUIRE": None}
    number = f"{newsroom.passkeys.of(newsroom.people.named('approver').id)[0].id}"

    def loa(*arguments):
        return CliRunner(env=home).invoke(commands, ["user", *arguments]).output

    assert "Điện thoại" in loa("passkeys", "approver")
    assert "no passkey 'Điện thoại' any more" in loa("passkey-off", "approver", number)
    assert come(app, device)[1].status_code == 401
    (line,) = newsroom.log.lines(events=(Event.PASSKEY_REMOVED,))
    assert line.who == LOUDSPEAKER


def test_phone_and_passkey_come_and_go_apart(app, keyed, newsroom, clock):
    browser, device, old_paper = keyed()
    phone = Phone(clock, shown(browser))
    done = browser.post("/desk/factor", code=phone.code())
    paper = PAPER.findall(done.text)
    assert len(paper) == 10
    for code, status in ((old_paper[0], 401), (paper[0], 303), (phone.code(), 303)):
        late = halfway(app, "approver")
        form = {"ticket": late.ticket, "code": code}
        assert late.post(f"{LOGIN}/code", **form).status_code == status, code
    again, _ = come(app, device)
    again.post("/desk/factor/off", "/desk/factor")
    late = halfway(app, "approver")
    form = {"ticket": late.ticket, "code": phone.code()}
    assert late.post(f"{LOGIN}/code", **form).status_code == 401
    assert come(app, device)[1].status_code == 303
    assert newsroom.factors.of(newsroom.people.named("approver").id).paper_left == 9


def test_the_last_passkey_stays_where_a_second_factor_is_asked(newsroom, site, keyed):
    browser, device, _ = keyed()
    strict = create_app(newsroom, replace(site, second_factor=True))
    browser.client.application = strict
    path = REMOVE.search(browser.get("/desk/sessions").text)[1]
    browser.post(path, "/desk/sessions")
    assert "thì không còn" in browser.get("/desk/sessions").text
    add(browser, Authenticator(), name="Khóa USB")
    browser.post(path, "/desk/sessions")
    (left,) = newsroom.passkeys.of(newsroom.people.named("approver").id)
    assert left.name == "Khóa USB"
    assert come(strict, device)[1].status_code == 401


def spoil(app, device):
    """The passkey counts back: it opens nothing any more."""
    uses, device.uses = device.uses, 0
    come(app, device)
    device.uses = uses + 50
    assert come(app, device)[1].status_code == 401


def paths(browser):
    return REMOVE.findall(browser.get("/desk/sessions").text)


def test_one_that_may_have_a_copy_is_no_second_factor_that_is_left(
    app, newsroom, site, keyed
):
    browser, device, _ = keyed()
    add(browser, Authenticator(), name="Khóa USB")
    spoil(app, device)
    bad, good = paths(browser)
    browser.client.application = create_app(newsroom, replace(site, second_factor=True))
    browser.post(good, "/desk/sessions")
    assert paths(browser) == [bad, good]
    browser.post(bad, "/desk/sessions")
    browser.post(good, "/desk/sessions")
    assert paths(browser) == [good]


def test_a_second_factor_of_a_copy_alone_shuts_nobody_out(app, newsroom, keyed):
    browser, device, _ = keyed()
    add(browser, Authenticator(), name="Khóa USB")
    spoil(app, device)
    browser.post(paths(browser)[-1], "/desk/sessions")
    assert newsroom.factors.of(newsroom.people.named("approver").id) is None
    assert Browser(app, "approver").get("/desk").status_code == 200


def test_a_phone_stays_beside_one_that_may_have_a_copy(
    app, newsroom, site, keyed, clock
):
    browser, device, _ = keyed()
    phone = Phone(clock, shown(browser))
    browser.post("/desk/factor", code=phone.code())
    spoil(app, device)
    assert "Tắt xác thực" in browser.get("/desk/factor").text
    browser.client.application = create_app(newsroom, replace(site, second_factor=True))
    assert "Tắt xác thực" not in browser.get("/desk/factor").text
    browser.post("/desk/factor/off", "/desk/factor")
    assert newsroom.factors.of(newsroom.people.named("approver").id).has_phone


def test_a_release_before_reads_what_stands_where_no_phone_is(keyed, tmp_path):
    """It asks for a code whoever has a second factor, before it looks at paper."""
    keyed()
    with sqlite3.connect(tmp_path / "loa.db") as database:
        ((secret,),) = database.execute("SELECT secret FROM second_factor")
    assert len(pyotp.TOTP(secret).generate_otp(1)) == 6


def test_a_passkey_without_its_second_factor_opens_nothing_ever(
    app, keyed, clock, tmp_path
):
    """As a release before leaves it that takes the second factor away."""
    _, device, _ = keyed()
    with sqlite3.connect(tmp_path / "loa.db") as database:
        database.execute("DELETE FROM second_factor")
    assert come(app, device)[1].status_code == 401
    browser = Browser(app, "approver")
    assert browser.get("/desk").status_code == 200
    phone = Phone(clock, shown(browser))
    assert browser.post("/desk/factor", code=phone.code()).status_code == 200
    assert come(app, device)[1].status_code == 401
    assert add(browser, device).status_code == 303
    assert come(app, device)[1].status_code == 303


def test_a_passkey_is_the_second_factor_that_is_asked(newsroom, site):
    strict = create_app(newsroom, replace(site, second_factor=True))
    newsroom.people.add("duyet", PASSWORD, Role.APPROVER)
    browser = Browser(strict)
    browser.post(LOGIN, LOGIN, name="duyet", password=PASSWORD)
    assert browser.get("/desk").location == "/desk/factor"
    assert add(browser, Authenticator()).status_code == 200
    assert browser.get("/desk").status_code == 200


def test_who_must_change_the_password_does_so_first(app, keyed, newsroom):
    _, device, _ = keyed()
    newsroom.people.set_password("approver", "bốn con mèo mun nữa", once=True)
    browser, answer = come(app, device)
    assert answer.status_code == 303
    assert browser.get("/desk").location == "/desk/password"


def test_after_a_new_password_it_is_asked_whose_the_passkeys_are(app, keyed, newsroom):
    """Whoever sat at an open desk and added one would come in by it for ever."""
    browser, device, _ = keyed()
    new = "bốn con mèo mun nữa"
    done = browser.post("/desk/password", "/desk/password", old=PASSWORD, password=new)
    assert done.location == "/desk/sessions"
    page = browser.get("/desk/sessions").text
    assert "Khóa nào không phải của anh chị" in page
    newsroom.people.add("quantri", PASSWORD, Role.ADMIN)
    admin = Browser(app, "quantri")
    form = {"name": "approver", "password": "năm con mèo mun nữa"}
    admin.post("/desk/people/password", "/desk/people", **form)
    assert "Khóa truy cập của approver vẫn mở được" in admin.get("/desk/people").text
    assert browser.get("/desk").status_code == 303
    assert come(app, device)[1].status_code == 303


def test_a_new_passkey_is_told_at_each_login_of_a_week(app, keyed, clock):
    _, device, _ = keyed()
    for _ in range(2):
        browser, _ = come(app, device)
        assert "“Điện thoại” mới được thêm" in browser.get("/desk").text
    clock.ahead += timedelta(days=7)
    browser, _ = come(app, device)
    assert "mới được thêm" not in browser.get("/desk").text


def test_one_that_is_there_is_not_added_twice(app, keyed, newsroom):
    browser, device, _ = keyed()
    asked = question(browser, PASSKEYS, PASSKEYS)
    assert [each["id"] for each in asked["excludeCredentials"]]
    form = {"name": "Lần nữa", "answer": device.create(asked)}
    assert browser.post(PASSKEYS, **form).status_code == 422
    assert len(newsroom.passkeys.of(newsroom.people.named("approver").id)) == 1


def test_the_first_passkey_ends_what_the_password_alone_had_opened(app, newsroom):
    newsroom.people.add("lan", PASSWORD, Role.EDITOR)
    phone, browser = Browser(app, "lan"), Browser(app, "lan")
    assert add(browser, Authenticator()).status_code == 200
    assert phone.get("/desk").status_code == 303
    assert browser.get("/desk").status_code == 200


BROKEN = (
    *("", "{", "[]", "null", "7", '"x"', "{}", '{"response": {}}', "[" * 15_000),
    *('{"rawId": "AAAA", "response": {"clientDataJSON": "AAAA"}}', "x" * 30_000),
)


SPOILT: tuple[object, ...] = (None, 7, {"a": 1}, "____", "oWNmbXQ", "é")
PARTS = ("clientDataJSON", "authenticatorData", "signature", "rawId", "id")


def test_no_part_of_an_answer_breaks_the_door(keyed, newsroom):
    _, device, _ = keyed()
    door = newsroom.passkey_door
    for number, (part, value) in enumerate(product(PARTS, SPOILT)):
        caller = Caller(REALM, "a browser", Visitor(f"198.51.{number}.1"))
        whole = json.loads(device.get(door.ask_anybody(caller)))
        (whole if part in whole else whole["response"])[part] = value
        assert door.enter(caller, json.dumps(whole)) is None, (part, value)
        newsroom.people.unlock("approver")
    assert door.enter(caller, device.get(door.ask_anybody(caller)))


def test_what_is_no_answer_breaks_nothing(app, keyed, newsroom):
    owner, _, _ = keyed()
    stranger = Browser(app, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    for text in BROKEN:
        made = owner.post(PASSKEYS, "/desk/sessions", name="x", answer=text)
        assert made.status_code == 422, text[:80]
    for text in BROKEN[:9]:
        refused = stranger.post(f"{LOGIN}/passkey", LOGIN, answer=text)
        assert refused.status_code == 401, text[:80]
    person = newsroom.people.named("approver")
    assert len(newsroom.passkeys.of(person.id)) == 1


def test_where_browsers_make_none_it_is_said(newsroom, site):
    bare = create_app(newsroom, replace(site, public_url="http://10.0.0.7:8080"))
    newsroom.people.add("lan", PASSWORD, Role.ADMIN)
    browser = Browser(bare, "lan")
    page = browser.get(PASSKEYS).text
    assert "cần trang có tên miền" in page
    assert "http://10.0.0.7:8080" in page
    assert "data-passkey" not in page
    refused = browser.post(f"{PASSKEYS}.json")
    assert refused.status_code == 422
    assert "LOA_PUBLIC_URL" in refused.json["error"]


REALMS = {
    "https://loa.xa.vn": ("loa.xa.vn", "https://loa.xa.vn"),
    "https://Loa.Xa.vn:443/tin": ("loa.xa.vn", "https://loa.xa.vn"),
    "https://loa.xa.vn:8443": ("loa.xa.vn", "https://loa.xa.vn:8443"),
    "https://đài.vn": ("xn--i-rfa0m.vn", "https://xn--i-rfa0m.vn"),
    "http://localhost:8080": ("localhost", "http://localhost:8080"),
}
NO_REALMS = (
    *("http://loa.xa.vn", "http://127.0.0.1:8080", "https://10.0.0.7"),
    *("https://[::1]", "https://"),
)


def test_the_address_that_people_type_is_the_passkeys_realm():
    realms = {address: Realm.of(address, "Loa") for address in REALMS}
    assert realms == {
        address: Realm(*where, "Loa") for address, where in REALMS.items()
    }
    assert [Realm.of(address, "Loa") for address in NO_REALMS] == [None] * 5


def test_they_are_in_no_backup(keyed, tmp_path):
    keyed()
    back_up(tmp_path, tmp_path / "kept.tar.gz")
    restore(tmp_path / "kept.tar.gz", tmp_path / "other")
    with sqlite3.connect(tmp_path / "other" / "loa.db") as database:
        for table in ("passkey", "passkey_challenge", "second_factor"):
            kept = database.execute(f"SELECT * FROM {table}").fetchall()
            assert kept == [], table
