"""Phones are told of news and warnings: subscriptions over HTTP, messages to a push service that
listens here, opened with the key that only the phone has.
"""

import base64
import json
import threading
from collections import Counter
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from sqlalchemy import select, update

from service.actions.telling import (
    Notification,
    PhoneCall,
    in_turn,
    public_key,
    push_due,
    signature,
)
from service.newsroom.errors import Conflict
from service.newsroom.public import subscribers as desk
from service.newsroom.public.subscribers import Subscriber
from service.newsroom.specimen import fill
from service.newsroom.store.tables import EpisodeRow, SubscriberRow
from service.newsroom.values import NewArticle, NewWarning, Station
from service.newsroom.values.calls import Bringer

AUTH = b"sixteen bytes!!!"
PUBLIC = "https://loa.example"


class PushService:
    """What a browser's maker runs: keeps what it is sent; `answers` with a status."""

    def __init__(self):
        self.got, self.answers = [], 201
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((self.path, dict(self.headers), body))
                if not outer.answers:  # nobody is there
                    return
                self.send_response(outer.answers)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def service():
    found = PushService()
    yield found
    found.server.shutdown()
    found.server.server_close()


def in_base64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Phone:
    """A browser that asks to be told, and opens what it is told."""

    def __init__(self, client, service, name="1"):
        self.client, self.endpoint = client, f"{service.url}/phones/{name}"
        self.key = ec.generate_private_key(ec.SECP256R1())
        point = self.key.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        self.keys = {"p256dh": in_base64(point), "auth": in_base64(AUTH)}

    def ask(self, news=True, **other):
        asked = {"endpoint": self.endpoint, "keys": self.keys, "news": news} | other
        return self.client.post("/push/phones", json=asked)

    def opened(self, body):
        return json.loads(
            http_ece.decrypt(
                body, private_key=self.key, auth_secret=AUTH, version="aes128gcm"
            )
        )


@pytest.fixture
def phone(client, service):
    return Phone(client, service)


def test_new_news_is_told_once_and_only_the_phone_can_read_it(
    newsroom, publish, phone, service
):
    publish("Tin cũ")
    assert phone.ask().status_code == 201
    assert push_due(newsroom, "https://loa.example") == 0  # from before it asked
    story = publish("Xã làm đường")
    assert push_due(newsroom, "https://loa.example") == 1
    assert push_due(newsroom, "https://loa.example") == 0
    ((path, headers, body),) = service.got
    assert path == "/phones/1"
    assert (headers["Content-Encoding"], headers["Urgency"]) == ("aes128gcm", "normal")
    assert int(headers["TTL"]) > 3600
    assert b"duong" not in body
    assert phone.opened(body) == {
        "title": "Xã làm đường",
        "body": story.station_name,
        "path": f"/articles/{story.slug}",
        "tag": "news",
        "warning": False,
    }


def test_it_is_signed_with_the_installations_own_key(newsroom, publish, phone, service):
    phone.ask()
    publish("Xã làm đường")
    push_due(newsroom, "https://loa.example")
    ((_, headers, _body),) = service.got
    assert Vapid02.verify(headers["Authorization"])
    claims, key = headers["Authorization"].removeprefix("vapid t=").split(",k=")
    told = json.loads(desk.decoded(claims.split(".")[1]))
    assert (told["aud"], told["sub"]) == (service.url, "https://loa.example")
    assert key == public_key(newsroom) == public_key(newsroom)
    assert len(desk.decoded(key)) == 65


def test_much_news_is_told_in_one_message(newsroom, publish, phone, service):
    phone.ask()
    for title in ("Một", "Hai", "Ba"):
        publish(title)
    assert push_due(newsroom, "https://loa.example") == 1
    told = phone.opened(service.got[0][2])
    assert (told["title"], told["path"]) == ("3 tin mới: Ba", "/")


def test_a_warning_is_told_to_all_and_news_to_who_wants_it(
    newsroom, publish, work_all, client, service
):
    all_news, warnings = Phone(client, service, "a"), Phone(client, service, "b")
    all_news.ask()
    warnings.ask(news=False)
    publish("Xã làm đường")
    warning = NewArticle("Lũ quét", ("Bà con lên chỗ cao.",), "lũ", ("suoi-lanh",))
    until = newsroom.now() + timedelta(hours=3)
    newsroom.urgent.receive(
        warning, NewWarning(until, approved_by="chị Sen"), "tone", "a"
    )
    work_all()
    assert push_due(newsroom, "https://loa.example") == 3
    by_path = {(path, headers["Urgency"]) for path, headers, _ in service.got}
    assert by_path == {
        ("/phones/a", "normal"),
        ("/phones/a", "high"),
        ("/phones/b", "high"),
    }
    (told,) = [
        warnings.opened(body) for path, _, body in service.got if path[-1] == "b"
    ]
    assert (told["title"], told["warning"]) == ("Khẩn cấp: Lũ quét", True)


def test_a_phone_hears_of_its_own_commune_alone(newsroom, publish, client, service):
    newsroom.stations.put(Station("ban-mo", "Đài Bản Mồ"))
    client.post("/settings", data={"xa": "ban-mo"})
    Phone(client, service).ask()
    publish("Tin Suối Lành")
    assert push_due(newsroom, "https://loa.example") == 0


@pytest.mark.parametrize("status", [404, 410])
def test_a_phone_that_is_gone_is_forgotten(newsroom, publish, phone, service, status):
    phone.ask()
    service.answers = status
    publish("Xã làm đường")
    push_due(newsroom, "https://loa.example")
    assert newsroom.subscribers.all() == []


def told_again(newsroom, clock, wait=timedelta(hours=1)):
    clock.ahead += wait
    return push_due(newsroom, PUBLIC)


@pytest.mark.parametrize("status", [0, 429])
def test_no_phone_is_lost_by_an_outage_and_it_is_told_afterwards(
    newsroom, publish, phone, service, clock, status
):
    phone.ask()
    service.answers = status
    publish("Xã làm đường")
    for _ in range(10):
        assert told_again(newsroom, clock) == 1
    assert newsroom.subscribers.any()
    publish("Xã làm cầu")
    service.answers = 201
    assert told_again(newsroom, clock) == 1
    assert phone.opened(service.got[-1][2])["title"] == "2 tin mới: Xã làm cầu"
    assert told_again(newsroom, clock) == 0


def test_news_that_nobody_took_is_old_after_half_a_day(
    newsroom, publish, phone, service, clock
):
    phone.ask()
    service.answers = 503
    publish("Xã làm đường")
    assert told_again(newsroom, clock) == 1
    assert told_again(newsroom, clock, timedelta(hours=12)) == 0
    service.answers = 201
    assert told_again(newsroom, clock) == 0


def warn(newsroom, work_all, title="Lũ quét", hours=30):
    warning = NewArticle(title, ("Bà con lên chỗ cao.",), title, ("suoi-lanh",))
    until = newsroom.now() + timedelta(hours=hours)
    newsroom.urgent.receive(
        warning, NewWarning(until, approved_by="chị Sen"), "tone", "a"
    )
    work_all()


def test_a_warning_is_tried_as_long_as_it_is_in_force(
    newsroom, work_all, phone, service, clock
):
    phone.ask(news=False)
    service.answers = 503
    warn(newsroom, work_all)
    for _ in range(28):
        assert told_again(newsroom, clock) == 1
    service.answers = 201
    assert told_again(newsroom, clock) == 1
    assert phone.opened(service.got[-1][2])["warning"] is True
    service.answers = 503
    warn(newsroom, work_all, "Mưa đá", hours=1)
    assert told_again(newsroom, clock, timedelta(minutes=1)) == 1
    assert told_again(newsroom, clock, timedelta(hours=2)) == 0, "it is over"


def test_one_whose_own_service_refuses_it_for_days_is_given_up(
    newsroom, publish, phone, service, clock
):
    phone.ask()
    service.answers = 403
    publish("Xã làm đường")
    for _ in range(10):
        told_again(newsroom, clock)
    assert newsroom.subscribers.any(), "within a day our own clock may be wrong"
    clock.ahead += timedelta(days=7)
    publish("Xã làm cầu")
    told_again(newsroom, clock, timedelta(minutes=1))
    assert not newsroom.subscribers.any()


def test_what_nothing_reaches_for_a_season_is_given_up(
    newsroom, publish, phone, service, clock
):
    phone.ask()
    service.answers = 503
    publish("Xã làm đường")
    told_again(newsroom, clock)
    clock.ahead += timedelta(days=90)
    assert newsroom.subscribers.any()
    publish("Xã làm cầu")
    told_again(newsroom, clock, timedelta(minutes=1))
    assert not newsroom.subscribers.any()


def test_all_that_was_published_between_two_looks_is_told_warnings_first(
    newsroom, work_all, phone, service, clock
):
    phone.ask()
    fill(newsroom, "suoi-lanh", 90)
    with newsroom.database.write() as session:  # all of it in this very minute
        at = newsroom.now() + timedelta(seconds=1)
        session.execute(update(EpisodeRow).values(first_published_at=at))
    clock.ahead += timedelta(seconds=2)
    warn(newsroom, work_all)
    with newsroom.database.write() as session:  # the warning was the first
        first = update(EpisodeRow).where(EpisodeRow.slug.contains("lu-quet"))
        session.execute(first.values(first_published_at=at - timedelta(seconds=0.5)))
    assert push_due(newsroom, PUBLIC) == 2
    by_warning = {
        each["warning"]: each["title"]
        for each in (phone.opened(body) for _, _, body in service.got)
    }
    assert by_warning[True] == "Khẩn cấp: Lũ quét"
    assert by_warning[False].startswith("90 tin mới")
    assert told_again(newsroom, clock) == 0


def test_what_a_process_had_in_its_hands_is_told_by_the_next(
    newsroom, publish, phone, service, clock
):
    phone.ask()
    publish("Xã làm đường")
    newsroom.untold.claim()
    assert newsroom.untold.take(Bringer.OTHERS)
    assert push_due(newsroom, PUBLIC) == 0, "they are the other's for a while"
    assert told_again(newsroom, clock) == 1


def test_a_service_that_keeps_us_waiting_keeps_nobody_else(
    newsroom, publish, client, service, clock
):
    """Whoever runs a service has a few threads, and no call begins after the look's end."""
    phones = [Phone(client, service, str(n)) for n in range(6)]
    for phone in phones:
        phone.ask()
    publish("Xã làm đường")
    look = partial(push_due, newsroom, PUBLIC)
    assert look([Bringer.MAKERS]) == 0, "it is none of theirs"
    assert look([Bringer.OTHERS], look_s=0.0) == 6
    assert service.got == []
    assert look([Bringer.OTHERS]) == 6, "at once, and it counts for nothing"
    assert len(service.got) == 6
    assert {each.failing_since for each in rows(newsroom)} == {None}


def rows(newsroom):
    with newsroom.database.read() as session:
        return session.scalars(select(SubscriberRow)).all()


def test_services_take_turns_and_warnings_come_first(newsroom, publish, client):
    def call(host, n, *, warns=False):
        subscriber = Subscriber(
            n, f"https://{host}/{n}", b"", b"", "", True, newsroom.now()
        )
        return PhoneCall(
            subscriber, Notification("", "", "", "", 60, (n,), is_warning=warns)
        )

    slow = [call("slow.example", n) for n in range(3)]
    other = call("other.example", 9)
    warning = call("slow.example", 8, warns=True)
    turns = [each.subscriber.id for each in in_turn([*slow, other, warning])]
    assert turns == [8, 0, 9, 1, 2]


def test_a_stranger_s_service_has_few_places_and_makers_have_the_rest(
    newsroom, client, service
):
    def ask(host, n):
        keys = Phone(client, service).keys
        newsroom.subscribers.add(
            f"https://{host}/{n}", keys["p256dh"], keys["auth"], station="", news=True
        )

    for n in range(desk.MOST_OF_ONE_OTHER):
        ask("evil.example", n)
    with pytest.raises(Conflict):
        ask("evil.example", "more")
    ask("evil.example", 0)  # one that is there renews itself
    ask("other.example", 0)
    for maker in ("fcm.googleapis.com", "updates.push.services.mozilla.com"):
        ask(maker, 0)
    assert desk.service_of("https://sg2p.notify.windows.com/w/?token=A") in desk.MAKERS
    assert desk.service_of("https://notify.windows.com.evil.example/") not in (
        desk.MAKERS
    )


CONTACTS = {
    "https://loa.example:8443": "https://loa.example",
    "https://loa.example/tram": "https://loa.example",
    "http://192.168.1.10:8000": "https://192.168.1.10",
    "http://may-tram:8000": "https://may-tram",
}


def test_it_is_signed_whatever_our_own_address_is(newsroom, publish, phone, service):
    phone.ask()
    publish("Xã làm đường")
    push_due(newsroom, "https://loa.example:8443")
    ((_, headers, _body),) = service.got
    signed = {"https://loa.example:8443": headers["Authorization"]}
    for address in CONTACTS:
        signed.setdefault(address, signature(newsroom, service.url, address))
    for address, contact in CONTACTS.items():
        claims = signed[address].removeprefix("vapid t=").split(".")[1]
        assert json.loads(desk.decoded(claims))["sub"] == contact


def test_another_commune_is_kept_when_a_page_sends_its_phone_again(
    newsroom, publish, client, service, clock
):
    newsroom.stations.put(Station("ban-mo", "Đài Bản Mồ"))
    client.post("/settings", data={"xa": "suoi-lanh"})
    ours = Phone(client, service)
    ours.ask()
    client.post("/settings", data={"xa": "ban-mo"})
    ours.ask()
    publish("Tin Suối Lành")
    assert push_due(newsroom, PUBLIC) == 0
    (kept,) = newsroom.subscribers.all()
    assert kept.station == "ban-mo"


def test_who_asks_again_is_one_and_who_does_not_want_it_is_none(newsroom, phone):
    for news in (True, False):
        assert phone.ask(news=news).status_code == 201
    (kept,) = newsroom.subscribers.all()
    assert kept.news is False
    answer = phone.client.delete("/push/phones", json={"endpoint": phone.endpoint})
    assert answer.status_code == 204
    assert newsroom.subscribers.all() == []


def test_a_phone_that_agreed_on_a_lost_key_is_told_ours(newsroom, phone):
    """Its push service would refuse whatever we send."""
    ours = public_key(newsroom)
    assert phone.ask(key=ours).status_code == 201
    newsroom.subscribers.remove(phone.endpoint)
    answer = phone.ask(key=ours[::-1])
    assert (answer.status_code, answer.json) == (409, {"key": ours})
    assert not newsroom.subscribers.any()


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "http://10.0.0.7/admin"},  # inside the house
        {"endpoint": "http://169.254.169.254/"},
        {"endpoint": "file:///etc/passwd"},
        {"endpoint": "https://a.example/" + "x" * 1_000},
        {"keys": {"p256dh": "AAAA", "auth": "AAAA"}},
        {"keys": {"p256dh": "không", "auth": ""}},
    ],
)
def test_what_may_not_be_called_is_refused(newsroom, phone, wrong):
    assert phone.ask(**wrong).status_code == 422
    assert not newsroom.subscribers.any()


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"keys": 1}', b"\xff"])
def test_what_is_no_subscription_is_refused(client, body):
    answer = client.post("/push/phones", data=body, content_type="application/json")
    assert answer.status_code == 400


def test_askers_of_one_address_are_limited(phone):
    codes = [phone.ask().status_code for _ in range(31)]
    assert codes == [201] * 30 + [429]


def test_phones_that_renew_themselves_take_no_place_of_new_ones(client, service):
    phones = [Phone(client, service, str(n)) for n in range(31)]
    codes = [phone.ask().status_code for phone in phones]
    assert codes == [201] * 30 + [429]
    assert [phone.ask().status_code for phone in phones] == [201] * 30 + [429]


def test_new_phones_of_one_network_are_limited(client, service):
    codes = Counter(
        client.post(
            "/push/phones",
            json={"endpoint": f"{service.url}/{n}", "keys": {}},
            environ_base={"REMOTE_ADDR": f"203.0.113.{n % 250}"},
        ).status_code
        for n in range(301)
    )
    assert codes == {422: 300, 429: 1}


def test_the_page_of_choices_has_the_key(client, newsroom):
    assert f'data-push="{public_key(newsroom)}"' in client.get("/settings").text
