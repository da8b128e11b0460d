"""Phones are told of news and warnings: subscriptions over HTTP, messages to a push service that
listens here, opened with the key that only the phone has.
"""

import base64
import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from service.actions.telling import public_key, push_due
from service.newsroom.public import subscribers as desk
from service.newsroom.values import NewArticle, NewWarning

AUTH = b"sixteen bytes!!!"


class PushService:
    """What a browser's maker runs: keeps what it is sent; `answers` with a status."""

    def __init__(self):
        self.got, self.answers = [], 201
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((self.path, dict(self.headers), body))
                self.send_response(outer.answers)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
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
    from service.newsroom.values import Station

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


def test_one_whose_service_fails_for_long_is_given_up(
    newsroom, publish, phone, service
):
    phone.ask()
    for _ in range(desk.MOST_FAILURES - 1):
        newsroom.subscribers.told(phone.endpoint, well=False)
    newsroom.subscribers.told(phone.endpoint, well=True)
    for _ in range(desk.MOST_FAILURES - 1):
        newsroom.subscribers.told(phone.endpoint, well=False)
    assert newsroom.subscribers.any()
    service.answers = 500
    publish("Xã làm đường")
    push_due(newsroom, "https://loa.example")
    assert not newsroom.subscribers.any()


def test_who_asks_again_is_one_and_who_does_not_want_it_is_none(newsroom, phone):
    for news in (True, False):
        assert phone.ask(news=news).status_code == 201
    (kept,) = newsroom.subscribers.all()
    assert kept.news is False
    answer = phone.client.delete("/push/phones", json={"endpoint": phone.endpoint})
    assert answer.status_code == 204
    assert newsroom.subscribers.all() == []


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


def test_the_page_of_choices_has_the_key(client, newsroom):
    assert f'data-push="{public_key(newsroom)}"' in client.get("/settings").text
