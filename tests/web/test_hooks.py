"""Hooks: programs are told what happened, portals push their news in; nobody else can do either."""

import base64
import hashlib
import hmac
import json
import re
import shutil
import socket
import subprocess
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from service.actions.hooks import deliver_due
from service.newsroom.errors import Held
from service.newsroom.values import (
    ArticleDoubt,
    HookEvent,
    Lane,
    NewHook,
    NewPush,
    Role,
    Rung,
)

PUBLIC = "https://loa.example"
ROOT = Path(__file__).parents[2]
HTML = "<p>Sáng nay bà con thôn Một ra đồng gặt lúa sớm.</p><p>Xã đã bố trí máy gặt đến từng thôn.</p>"


@pytest.fixture
def receiver():
    """A program that is told: `got` are the calls it took, `answers` the statuses of the
    next ones.
    """
    got, answers = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((dict(self.headers), body))
            status = answers.pop(0) if answers else 204
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://169.254.169.254/")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.url = f"http://127.0.0.1:{server.server_port}/loa"
    server.got, server.answers = got, answers
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def hook(newsroom, receiver):
    """A hook on everything; gives its number and its secret."""
    events = tuple(event for event in HookEvent if event is not HookEvent.TEST)
    added, secret = newsroom.hooks.add(
        NewHook("Trang huyện", receiver.url, events), "quản trị"
    )
    return added.id, secret


def told(receiver, secret):
    """What the receiver took, each signed as the standard has it."""
    for headers, body in receiver.got:
        signature = signed(
            secret, body, headers["webhook-id"], headers["webhook-timestamp"]
        )
        assert headers["webhook-signature"] == signature["webhook-signature"]
    return [json.loads(body) for _, body in receiver.got]


def test_what_happens_to_an_episode_is_told_signed(
    newsroom, publish, work_all, hook, receiver, studio
):
    episode = publish(external_id="202", url="https://xa.example/tin/202")
    newsroom.episodes.say_otherwise(episode.id, 1, "bà con đi làm", "sen")
    work_all()
    newsroom.episodes.approve(episode.id, "chị Sen", 2)
    work_all()
    newsroom.episodes.withdraw(episode.id, "tin sai", "chị Sen")
    number = publish("Tin bị giữ").id
    newsroom.episodes.regenerate(number, "sen")
    job = newsroom.jobs.claim("test", tuple(Lane))
    newsroom.steps.hold(job, Held.EMPTY, "")
    deliver_due(newsroom, PUBLIC)
    deliver_due(newsroom, PUBLIC)
    messages = told(receiver, hook[1])
    assert [message["type"] for message in messages] == [
        "episode.published",
        "episode.revised",
        "episode.withdrawn",
        "episode.published",
        "episode.held",
    ]
    first = messages[0]["data"]
    assert (first["guid"], first["external_id"]) == (episode.guid, "202")
    assert first["page"] == f"{PUBLIC}/articles/{episode.slug}"
    assert messages[2]["data"]["why"] == "tin sai"
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 5
    assert {each.state for each in newsroom.hooks.deliveries(hook[0])} == {"delivered"}


def test_a_bulletin_that_is_approved_and_a_notice_are_told(
    newsroom, bulletin, approve, hook, receiver
):
    airing = newsroom.bulletins.get(bulletin).airing
    newsroom.notices.note(airing, Rung.BED)
    newsroom.notices.note(airing, Rung.BED)
    approve(bulletin)
    for _ in range(3):
        deliver_due(newsroom, PUBLIC)
    types = [message["type"] for message in told(receiver, hook[1])]
    assert types.count("bulletin.ready") == 1
    assert types.count("notice") == 1
    (notice,) = [m["data"] for m in told(receiver, hook[1]) if m["type"] == "notice"]
    assert notice["link"].startswith(f"{PUBLIC}/desk")


def test_only_of_its_stations_and_events(newsroom, publish, receiver):
    only = NewHook("Khác", receiver.url, (HookEvent.WITHDRAWN,))
    newsroom.hooks.add(only, "quản trị")
    other = NewHook("Đài khác", receiver.url, (HookEvent.PUBLISHED,), ("na-luong",))
    newsroom.hooks.add(other, "quản trị")
    publish()
    assert deliver_due(newsroom, PUBLIC) == 0


def test_what_is_not_taken_is_sent_again_as_the_same_message(
    newsroom, publish, hook, receiver, clock
):
    receiver.answers += [500, 302, 200]
    publish()
    for wait in (0, 6, 301):
        clock.ahead += timedelta(seconds=wait)
        deliver_due(newsroom, PUBLIC)
        deliver_due(newsroom, PUBLIC)
    (delivery,) = newsroom.hooks.deliveries(hook[0])
    assert (delivery.state, delivery.tries, delivery.answer) == (
        "delivered",
        3,
        "HTTP 200",
    )
    ids = {headers["webhook-id"] for headers, _ in receiver.got}
    bodies = {body for _, body in receiver.got}
    assert (len(receiver.got), len(ids), len(bodies)) == (3, 1, 1)


def test_a_receiver_that_is_gone_is_called_no_more_and_one_that_is_away_not_for_ever(
    newsroom, publish, hook, receiver, clock
):
    receiver.answers += [410]
    publish()
    deliver_due(newsroom, PUBLIC)
    assert newsroom.hooks.get(hook[0]).active is False
    publish("Tin khác")
    assert deliver_due(newsroom, PUBLIC) == 0
    newsroom.hooks.change(hook[0], newsroom.hooks.get(hook[0]).settings, "quản trị")
    receiver.answers += [503] * 20
    newsroom.hooks.test(hook[0], "quản trị")
    for _ in range(20):
        deliver_due(newsroom, PUBLIC)
        clock.ahead += timedelta(hours=15)
    assert newsroom.hooks.deliveries(hook[0])[0].state == "given up"
    assert newsroom.hooks.get(hook[0]).trouble == "HTTP 503"


def test_a_hook_that_is_dead_keeps_no_other_waiting(newsroom, receiver):
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))  # it does not listen: whoever calls is refused
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
        dead, _ = newsroom.hooks.add(NewHook("Chết", url, (HookEvent.NOTICE,)), "a")
        for _ in range(260):
            newsroom.hooks.test(dead.id, "a")
        live, _ = newsroom.hooks.add(
            NewHook("Sống", receiver.url, (HookEvent.NOTICE,)), "a"
        )
        newsroom.hooks.test(live.id, "a")
        assert deliver_due(newsroom, PUBLIC) == 2, "one for each"
        assert len(receiver.got) == 1
        for _ in range(5):
            newsroom.hooks.test(live.id, "a")
        # A thousand that wait take no room from who takes what it is told.
        assert deliver_due(newsroom, PUBLIC) == 5
        assert len(receiver.got) == 5
    answers = [each.answer for each in newsroom.hooks.deliveries(dead.id, 300)]
    assert sum(map(bool, answers)) == 2, "one try a look"


def test_a_hook_is_https_and_public(call):
    hosts = ("http://xa.example/a", "https://10.0.0.7/a", "https://u:p@xa.example/")
    for url in (*hosts, "https://169.254.169.254/", "file:///etc/passwd"):
        answer = call("POST", "/hooks", {"name": "x", "url": url, "events": ["notice"]})
        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "url")


def test_programs_manage_hooks_and_a_secret_is_told_once(call, newsroom, receiver):
    body = {"name": "Trang huyện", "url": receiver.url, "events": ["episode.published"]}
    added = call("POST", "/hooks", body).json
    assert added["secret"].startswith("whsec_")
    assert "secret" not in call("GET", "/hooks").json[0]
    assert call("POST", f"/hooks/{added['id']}/test").status_code == 202
    deliver_due(newsroom, PUBLIC)
    assert told(receiver, added["secret"])[0]["type"] == "test"
    (delivery,) = call("GET", f"/hooks/{added['id']}/deliveries").json
    assert (delivery["state"], delivery["answer"]) == ("delivered", "HTTP 204")
    renewed = call("POST", f"/hooks/{added['id']}/secret").json["secret"]
    assert renewed != added["secret"]
    assert call("GET", "/hooks", role=Role.APPROVER).status_code == 403
    assert (
        call("PUT", f"/hooks/{added['id']}", body | {"events": []}).status_code == 422
    )
    call("DELETE", f"/hooks/{added['id']}")
    assert call("GET", "/hooks").json == []


def test_the_desk_shows_a_new_secret_once_and_sends_a_test(
    newsroom, desk, client, receiver
):
    send = desk(Role.ADMIN)
    form = {"name": "Trang huyện", "url": receiver.url, "event": "episode.held"}
    made = client.get("/desk/hooks")
    made = send("/desk/hooks", page="/desk/hooks", **form)
    secret = re.search(r'value="(whsec_[^"]+)"', made.text)[1]
    assert made.headers["Cache-Control"] == "no-store"
    assert secret not in client.get("/desk/hooks").text
    send("/desk/hooks/1/test", page="/desk/hooks/1")
    deliver_due(newsroom, PUBLIC)
    assert "đã nhận" in client.get("/desk/hooks/1").text
    bad = send(
        "/desk/hooks", page="/desk/hooks", **(form | {"url": "http://xa.example/"})
    )
    assert (bad.status_code, "https" in bad.text, "Trang huyện" in bad.text) == (
        422,
        True,
        True,
    )
    pushed = send(
        "/desk/hooks/pushes", page="/desk/hooks", portal="cong-xa", station="suoi-lanh"
    )
    assert "https://loa.example/hooks/cong-xa" in pushed.text
    assert newsroom.pushes.named("cong-xa").secret in pushed.text


# Portals that push.


@pytest.fixture
def push(newsroom):
    fields = {"title": "data.tieu_de", "body": "data.noi_dung"}
    newsroom.pushes.add(NewPush("cong-xa", ("suoi-lanh",)), "quản trị")
    newsroom.pushes.add(
        NewPush("cong-rieng", ("suoi-lanh",), "Thông báo", True, fields), "admin"
    )
    return lambda name: newsroom.pushes.named(name).secret


def signed(secret, body, message="msg_1", at=None):
    """Headers as any language makes them: not with the library that verifies them."""
    at = str(int(time.time()) if at is None else at)
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"{message}.{at}.".encode() + body, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(mac).decode()}"
    return {
        "webhook-id": message,
        "webhook-timestamp": at,
        "webhook-signature": signature,
    }


def sent(client, secret, data, name="cong-xa", **how):
    body = json.dumps(data).encode()
    headers = signed(secret, body, **how)
    return client.post(f"/hooks/{name}", data=body, headers=headers)


POST = {
    "type": "post.saved",
    "data": {"id": 7, "title": "Gặt lúa", "html": HTML, "url": "https://xa.example/7"},
}


def test_a_portal_without_a_key_pushes_its_news(client, newsroom, push):
    secret = push("cong-xa")
    assert sent(client, secret, POST).status_code == 202
    (article,) = newsroom.articles.named("7")
    assert (article.title, article.url) == ("Gặt lúa", "https://xa.example/7")
    assert ArticleDoubt.SOURCE in article.doubts
    assert (article.stations, len(article.paragraphs)) == (("suoi-lanh",), 2)
    # The same call again, by whoever caught it, changes nothing; another of the same news is the
    # same article.
    edited = POST | {"data": POST["data"] | {"title": "Gặt lúa sớm"}}
    assert sent(client, secret, edited, message="msg_2").status_code == 202
    assert sent(client, secret, POST).json == {"news": "unchanged"}
    assert newsroom.articles.named("7")[0].title == "Gặt lúa sớm"
    assert sent(client, secret, {"type": "test"}, message="msg_3").status_code == 200


def test_what_a_portal_calls_otherwise_is_mapped(client, newsroom, push):
    data = {
        "data": {
            "tieu_de": "Cắt nước",
            "noi_dung": "Mai cắt nước từ 8 giờ.",
            "id": "A1",
        }
    }
    assert sent(client, push("cong-rieng"), data, "cong-rieng").status_code == 202
    (article,) = newsroom.articles.named("A1")
    assert (article.title, article.topic) == ("Cắt nước", "Thông báo")
    assert ArticleDoubt.SOURCE not in article.doubts


def test_a_post_of_wordpress_own_api_is_read(client, newsroom, push):
    post = {
        "id": 12,
        "guid": {"rendered": "https://xa.example/?p=12"},
        "link": "https://xa.example/gat-lua",
        "title": {"rendered": "Gặt lúa &#8211; mùa mới"},
        "content": {"rendered": HTML},
        "date_gmt": "2026-11-20T01:00:00",
    }
    assert sent(client, push("cong-xa"), {"data": post}).status_code == 202
    (article,) = newsroom.articles.named("https://xa.example/?p=12")
    assert article.title == "Gặt lúa – mùa mới"


UNSIGNED = (
    {"webhook-signature": ""},
    {"webhook-signature": "v1,AAAA"},
    {"webhook-signature": "v1,é"},
    {"webhook-signature": "v1"},
    {"webhook-signature": "v1,a,b v1a,x"},
    {"webhook-timestamp": "nan"},
    {"webhook-timestamp": "99999999999999999999"},
    {"webhook-timestamp": str(int(time.time()) - 3600)},
    {"webhook-id": "other"},
    {"webhook-id": ""},
)


def test_what_is_not_signed_by_the_portal_is_turned_away(client, newsroom, push):
    body = json.dumps(POST).encode()
    for how in UNSIGNED:
        headers = signed(push("cong-xa"), body) | how
        answer = client.post("/hooks/cong-xa", data=body, headers=headers)
        assert answer.status_code == 401, how
    assert newsroom.articles.named("7") == []


def test_no_other_secret_no_other_name_and_no_other_body_will_do(
    client, newsroom, push
):
    secret = push("cong-xa")
    assert sent(client, push("cong-rieng"), POST).status_code == 401
    assert sent(client, secret, POST, "khong-co").status_code == 401
    body = json.dumps(POST).encode()
    late = signed(secret, body, at=time.time() - 400)
    assert client.post("/hooks/cong-xa", data=body, headers=late).status_code == 401
    assert (
        client.post(
            "/hooks/cong-xa", data=b"\xff", headers=signed(secret, body)
        ).status_code
        == 401
    )
    assert client.get("/hooks/cong-xa").status_code == 405
    assert "Chữ ký" in newsroom.pushes.named("cong-xa").trouble


def test_a_signed_push_that_is_no_news_is_refused_with_the_field(client, push):
    for body in (b"[" * 100_000, b"[]", b"{}", b'{"body": ""}'):
        answer = client.post(
            "/hooks/cong-xa", data=body, headers=signed(push("cong-xa"), body)
        )
        assert answer.status_code == 422
        assert answer.json["errors"][0]["field"] == "body"


# WordPress.


@pytest.mark.skipif(shutil.which("php") is None, reason="needs php-cli")
def test_the_plugin_pushes_a_saved_post_and_shows_its_player(
    app, newsroom, push, work_all
):
    server = make_server("127.0.0.1", 0, app)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    post = {
        "ID": 31,
        "post_type": "post",
        "post_status": "publish",
        "post_password": "",
        "post_author": 1,
        "post_title": "Gặt lúa &amp; phơi lúa",
        "post_content": HTML,
        "link": "https://xa.example/gat-lua/",
        "time": "2026-11-20T08:00:00+07:00",
        "topics": ["Nông nghiệp"],
    }

    def saved(**more):
        standin = ROOT / "tests/web/wordpress/standin.php"
        plugin = ROOT / "deploy/wordpress/loa.php"
        command = [
            "php",
            "-d",
            "error_reporting=-1",
            "-d",
            "display_errors=stderr",
            standin,
        ]
        arguments = [*command, plugin, address, "cong-xa", push("cong-xa")]
        text = json.dumps(post | more)
        done = subprocess.run(
            arguments, input=text, capture_output=True, text=True, timeout=60
        )
        assert (done.returncode, done.stderr) == (0, "")
        return json.loads(done.stdout)

    try:
        first = saved()
        assert first["told"].endswith("HTTP 202")
        assert "<iframe" not in first["page"]  # nobody has heard it yet
        (article,) = newsroom.articles.named("31")
        assert (article.title, article.topic) == ("Gặt lúa & phơi lúa", "Nông nghiệp")
        assert (article.byline, len(article.paragraphs)) == ("Lò Thị Mai", 2)
        work_all()
        newsroom.episodes.approve(article.episode_id, "chị Sen", 1)
        work_all()
        shown = saved()
        slug = newsroom.episodes.get(article.episode_id).slug
        assert (
            f'<iframe class="loa" src="https://loa.example/embed/articles/{slug}"'
            in shown["page"]
        )
        assert (shown["same"], shown["gets"]) == (True, 1)
        # Its own player is not news
        assert newsroom.articles.named("31")[0].revision == 1
        drafts = {"post_status": "draft"}, {"post_type": "page"}, {"post_password": "x"}
        for kept_back in (*drafts, {"revision": True}):
            assert saved(ID=32, **kept_back)["told"] == ""
        assert newsroom.articles.named("32") == []
    finally:
        server.shutdown()
        server.server_close()
