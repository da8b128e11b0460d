"""Names that cannot be mistaken, passwords that are not guessed, attempts that are counted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from service.newsroom.errors import Conflict, Invalid
from service.newsroom.staff.guessing import (
    LONGEST_WAIT,
    TooManyAttempts,
    coarse,
    network,
)
from service.newsroom.values import ActorKind, Event, House, Role, SourceKind, Visitor

GOOD = "mật khẩu rất dài"
WRONG = "sai bét"
OUTSIDE = Visitor("198.51.100.7", "curl")


@pytest.mark.parametrize(
    "name",
    [
        *(
            "",
            " ",
            "loa",
            "LOA",
            "Lòa",
            "key",
            "máy",
            "key portal",
            "lan anh",
            "l\u200ban",
        ),
        *(
            "lan\u202e",
            "\u202elan",
            "lаn",
            "lan\nanh",
            "lan\0",
            "Ａdmin",
            ".lan",
            "lan.",
            "-",
            "___",
        ),
        *(
            "l" * 41,
            "lan\u0335",
            "lan\u00a0anh",
            "ⅼan",
            "lan/anh",
            "lan@xa",
            "<b>",
            "la\ufeffn",
        ),
    ],
)
def test_names_that_can_be_mistaken_are_refused(newsroom, name):
    with pytest.raises(Invalid) as refused:
        newsroom.people.add(name, GOOD, Role.EDITOR)
    assert refused.value.field == "name"


@pytest.mark.parametrize(
    "name",
    [
        *(
            "import",
            "IMPORT",
            "Impört".replace("ö", "ơ"),
            "trusted",
            "machine",
            "stranger",
            "key",
        ),
        *("cap", "feed", "he.thong", "Hệ-Thống", "Khóa", "MÁY", "Ioa", "l0a", "1oa"),
        "Tự-động.theo.quy.định.của.đài",
    ],
)
def test_nobody_is_called_like_the_house_or_its_doors(newsroom, name):
    with pytest.raises(Invalid, match="house's own"):
        newsroom.people.add(name, GOOD, Role.EDITOR)


def test_every_name_under_which_the_house_acts_is_its_own(newsroom):
    for name in (*House, *ActorKind, *SourceKind):
        with pytest.raises(Invalid):
            newsroom.people.add(name.replace(" ", "."), GOOD, Role.EDITOR)


@pytest.mark.parametrize(
    "name",
    [
        "lan",
        "khoa",
        "Khoa",
        "Mây",
        "May",
        "lan.anh",
        "Đặng_Páo-2",
        "Nguyễn.Thị.Hồng",
        "05",
        "Lo\u0300",
    ],
)
def test_names_as_people_have_them_are_taken(newsroom, name):
    person = newsroom.people.add(name, GOOD, Role.EDITOR)
    assert newsroom.people.login(name, GOOD) == person


@pytest.mark.parametrize(
    "other", ["Lan.Anh", "lân.anh", "LAN.ANH", "lan-anh", "lan.ánh"]
)
def test_names_that_look_alike_are_one(newsroom, other):
    newsroom.people.add("lan.anh", GOOD, Role.EDITOR)
    with pytest.raises(Conflict):
        newsroom.people.add(other, GOOD, Role.EDITOR)


@pytest.mark.parametrize(
    "password",
    [
        *(
            "1234567890",
            "aaaaaaaaaa",
            "password12",
            " " * 10,
            "qwertyuiop",
            "asdfghjkl;",
        ),
        *(
            "lan.anh.lan.anh",
            "lananh2026",
            "suoilanh2026",
            "Suối Lành 1",
            "Đài Suối Lành",
        ),
        *(
            "matkhau123",
            "Mật khẩu 123",
            "mật khẩu 2026",
            "Suối Lành 2026",
            "anhyeuem123",
            "truyenthanh1",
            "0912345678",
            "P@ssw0rd12",
        ),
        *(
            "abcdefghij",
            "15051990abc",
            "iloveyou12",
            "abcabcabcabc",
            "..........",
            "chín",
            "é" * 201,
        ),
    ],
)
def test_weak_passwords_are_refused(newsroom, password):
    with pytest.raises(Invalid) as refused:
        newsroom.people.add("lan.anh", password, Role.EDITOR)
    assert refused.value.field == "password"
    newsroom.people.add("lan.anh", GOOD, Role.EDITOR)
    with pytest.raises(Invalid):
        newsroom.people.set_password("lan.anh", password)


@pytest.mark.parametrize("name", ["lan", "nobody"])
def test_an_account_waits_longer_each_time_known_or_not(newsroom, clock, name):
    newsroom.people.add("lan", GOOD, Role.APPROVER)
    waits = []
    for n in range(10):
        assert newsroom.sessions.enter(name, WRONG, Visitor(f"203.0.113.{n}")) is None
    for n in range(6):
        with pytest.raises(TooManyAttempts) as refused:
            newsroom.sessions.enter(name, GOOD, Visitor(f"198.51.100.{n}"))
        waits.append(refused.value.seconds // 60 + 1)
        clock.ahead += timedelta(seconds=refused.value.seconds + 1)
        newsroom.sessions.enter(name, WRONG, Visitor(f"198.51.100.{n}"))
    assert waits == [1, 2, 4, 8, 15, 15]
    clock.ahead += LONGEST_WAIT
    assert bool(newsroom.sessions.enter(name, GOOD, OUTSIDE)) == (name == "lan")


def test_parallel_guesses_gain_nothing(newsroom):
    newsroom.people.add("lan", GOOD, Role.APPROVER)

    def guess(n):
        try:
            return newsroom.sessions.enter("lan", WRONG, Visitor(f"203.0.113.{n}"))
        except TooManyAttempts:
            return "waits"

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(guess, range(60)))
    assert answers.count(None) == 10
    assert answers.count("waits") == 50


def test_a_known_device_goes_on_while_others_guess(newsroom):
    person = newsroom.people.add("lan", GOOD, Role.APPROVER)
    for _ in range(10):
        newsroom.sessions.enter("lan", WRONG, OUTSIDE)
    with pytest.raises(TooManyAttempts):
        newsroom.sessions.enter("lan", GOOD, OUTSIDE)
    own = Visitor("198.51.100.7", "Firefox", (f"{person.id}.a1b2",))
    admission = newsroom.sessions.enter("lan", GOOD, own)
    assert (admission.failures.count, admission.failures.address) == (
        10,
        "198.51.100.x",
    )
    another = Visitor("198.51.100.7", "Firefox", (f"{person.id + 1}.a1b2",))
    with pytest.raises(TooManyAttempts):
        newsroom.sessions.enter("lan", GOOD, another)
    for _ in range(10):
        newsroom.sessions.enter("lan", WRONG, own)
    with pytest.raises(TooManyAttempts):
        newsroom.sessions.enter("lan", GOOD, own)


def test_one_network_cannot_try_the_whole_staff(newsroom):
    answers = []
    for n in range(40):
        try:
            address = f"2001:db8:1:2::{n}"
            answers.append(newsroom.sessions.enter(f"ai.{n}", WRONG, Visitor(address)))
        except TooManyAttempts:
            answers.append("waits")
    assert answers == [None] * 30 + ["waits"] * 10
    failed = newsroom.log.lines(events=(Event.LOGIN_FAILED,))
    assert "ai.3" not in " ".join(line.detail for line in failed), (
        "it may be somebody's password"
    )
    assert len(newsroom.log.lines(events=(Event.LOGIN_LIMITED,))) == 1


def test_an_administrator_lets_in_again(newsroom):
    newsroom.people.add("lan", GOOD, Role.APPROVER)
    for n in range(10):
        newsroom.sessions.enter("lan", WRONG, Visitor(f"203.0.113.{n}"))
    newsroom.people.unlock("lan")
    assert newsroom.sessions.enter("lan", GOOD, OUTSIDE)


def test_a_one_time_password_ends_after_a_week(newsroom, clock):
    newsroom.people.add("lan", GOOD, Role.EDITOR, once=True)
    assert newsroom.people.login("lan", GOOD).must_change
    clock.ahead += timedelta(days=7, seconds=1)
    with pytest.raises(Invalid, match="too old"):
        newsroom.people.login("lan", GOOD)
    assert newsroom.people.login("lan", WRONG) is None


def test_a_key_ends_and_its_name_may_be_had_again(newsroom, clock):
    first = newsroom.people.add_key(
        "portal", Role.EDITOR, expires_at=newsroom.now() + timedelta(days=30)
    )
    with pytest.raises(Conflict):
        newsroom.people.add_key("Portal", Role.EDITOR)
    assert newsroom.people.key(first).name == "portal"
    clock.ahead += timedelta(days=30, seconds=1)
    assert newsroom.people.key(first) is None
    newsroom.people.add_key("portal", Role.EDITOR)
    newsroom.people.revoke(newsroom.people.keys()[0].id)
    assert newsroom.people.add_key("portal", Role.EDITOR)


@pytest.mark.parametrize(
    "name", ["", " ", "a\u202eb", "a\u200bb", "a\nb", "\u3164", "k" * 61]
)
def test_keys_have_names_that_can_be_seen(newsroom, name):
    with pytest.raises(Invalid):
        newsroom.people.add_key(name, Role.EDITOR)


def test_somebody_who_can_let_others_in_is_left(newsroom):
    newsroom.people.add("lan", GOOD, Role.ADMIN)
    for move in (
        lambda: newsroom.people.lock("lan"),
        lambda: newsroom.people.set_grants("lan", Role.EDITOR),
    ):
        with pytest.raises(Conflict):
            move()
    newsroom.people.add("sen", GOOD, Role.ADMIN)
    assert not newsroom.people.lock("lan").active


@pytest.mark.parametrize(
    ("address", "counted", "kept"),
    [
        ("203.0.113.9", "203.0.113.9", "203.0.113.x"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("::ffff:203.0.113.9", "203.0.113.9", "203.0.113.x"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/48"),
        ("", "", ""),
    ],
)
def test_whom_an_address_stands_for(address, counted, kept):
    assert (network(address), coarse(address)) == (counted, kept)
