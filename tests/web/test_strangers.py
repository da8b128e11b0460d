"""What strangers learn of the house, and what somebody is told whose login cannot work."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from service.newsroom.values import Role
from service.web.app import create_app
from tests.web.press import Clock

FAR = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def clock():
    return Clock()


def fails():
    raise OSError("postgresql://loa:secret@10.0.0.3 does not answer")


@pytest.fixture
def ill(newsroom, site):
    app = create_app(newsroom, replace(site, checks={"database": fails}))
    return app.test_client()


@pytest.mark.parametrize(
    ("environ", "headers", "all_of_it"),
    [
        ({}, {}, True),
        ({"REMOTE_ADDR": "::1"}, {}, True),
        (FAR, {}, False),
        ({}, {"X-Forwarded-For": "203.0.113.9"}, False),
        (FAR, {"X-Forwarded-For": "127.0.0.1"}, False),
        (FAR, {"Authorization": "Bearer wrong"}, False),
        (FAR, {"Authorization": "Bearer {key}"}, True),
    ],
)
def test_only_who_watches_over_the_house_learns_how_it_is(
    ill, newsroom, environ, headers, all_of_it
):
    key = newsroom.people.add_key("prometheus", Role.OPERATOR)
    headers = {name: value.format(key=key) for name, value in headers.items()}
    ready = ill.get("/readyz", environ_base=environ, headers=headers)
    assert ready.status_code == 503
    assert ("10.0.0.3" in ready.text) is all_of_it
    metrics = ill.get("/metrics", environ_base=environ, headers=headers)
    assert metrics.status_code == 200
    assert ("loa_jobs" in metrics.text) is all_of_it


def log_in(client, **environ):
    page = client.get("/desk/login", environ_overrides=environ)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text).group(1)
    form = {"name": "sen", "password": "mật khẩu rất dài", "csrf_token": token}
    return client.post("/desk/login", data=form, environ_overrides=environ)


def test_a_login_works_behind_a_proxy_that_rewrites_the_host(newsroom, site):
    newsroom.people.add("sen", "mật khẩu rất dài", Role.EDITOR)
    client = create_app(newsroom, replace(site, trusted_proxies=1)).test_client()
    answer = log_in(
        client,
        HTTP_HOST="127.0.0.1:8000",
        HTTP_X_FORWARDED_PROTO="https",
        HTTP_REFERER="https://loa.example/desk/login",
    )
    assert answer.status_code == 303


def test_a_login_over_an_address_without_tls_is_told_the_right_one(newsroom, site):
    """A browser does not send the cookie, which says Secure, over such an address."""
    client = create_app(newsroom, site).test_client(use_cookies=False)
    answer = log_in(client, HTTP_HOST="192.168.1.10:8000")
    assert answer.status_code == 400
    assert "https://loa.example" in answer.text
    assert "LOA_TRUSTED_PROXIES" in answer.text


def test_a_browser_that_keeps_no_cookie_is_told_so(newsroom, site):
    client = create_app(
        newsroom, replace(site, public_url="http://loa.example")
    ).test_client()
    answer = client.post("/desk/login", data={"name": "sen"})
    assert answer.status_code == 400
    assert "cookie" in answer.text


def test_the_log_tells_why_forms_are_refused_once_a_minute_each_cause(
    newsroom, site, clock, caplog
):
    behind_tls = create_app(newsroom, site).test_client()
    local = create_app(
        newsroom, replace(site, public_url="http://loa.example")
    ).test_client()

    def causes():
        lines = [
            one.getMessage() for one in caplog.records if one.levelname == "WARNING"
        ]
        caplog.clear()
        return [
            line.split("refused: ")[1].split(" (")[0]
            for line in lines
            if "a form" in line
        ]

    for _ in range(5):
        behind_tls.post(
            "/desk/login", headers={"X-Forwarded-Proto": "https\tevil" * 99}
        )
        local.post("/desk/login", data={"name": "sen"})
    no_tls, no_cookie = causes()
    assert "TLS" in no_tls
    assert "cookie" in no_cookie
    local.get("/desk/login")
    for _ in range(5):
        local.post("/desk/login", data={"csrf_token": "of yesterday"})
    assert causes() == ["the page or its session is too old"]
    clock.now += timedelta(minutes=2)
    behind_tls.post("/desk/login")
    assert causes() == [no_tls]
