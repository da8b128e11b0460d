"""A login that ends takes nothing that was typed with it."""

import html
import re
from datetime import timedelta

import pytest

from service.newsroom.values import Role
from tests.house import PASSWORD, Browser

TEXT = "Trời nắng đẹp <b>từ sáng</b>.\nBà con ra đồng."
ARTICLE = {
    "title": "Xã làm đường",
    "body": TEXT,
    "format": "text",
    "priority": "normal",
    "stations": "suoi-lanh",
}


@pytest.fixture
def browser(app, newsroom):
    app.config["SESSION_COOKIE_SECURE"] = False
    newsroom.people.add("viet", PASSWORD, Role.EDITOR)
    return Browser(app, "viet")


def field(page, name):
    return html.unescape(re.search(rf'name="{name}" value="([^"]*)"', page.text)[1])


def logged_in_again(browser, page):
    """What the login answers that the page asks for."""
    form = {name: field(page, name) for name in ("csrf_token", "next", "carried")}
    return browser.client.post(
        "/desk/login", data=form | {"name": "viet", "password": PASSWORD}
    )


def test_a_form_goes_on_after_the_login_that_had_ended(browser, newsroom, clock):
    browser.get("/desk/new")
    clock.ahead += timedelta(hours=5)
    page = browser.post("/desk/new", **ARTICLE)
    assert page.status_code == 401
    assert "Phiên đăng nhập đã hết" in page.text
    wrong = browser.client.post(
        "/desk/login",
        data={n: field(page, n) for n in ("csrf_token", "carried")}
        | {"name": "viet", "password": "x"},
    )
    shown = logged_in_again(browser, wrong)
    assert "Gửi tiếp" in shown.text
    assert field(shown, "body") == TEXT
    assert newsroom.episodes.cards()[1] == 0, "nothing goes by itself"
    form = {name: field(shown, name) for name in ("csrf_token", *ARTICLE)}
    assert browser.client.post("/desk/new", data=form).status_code == 303
    (card,) = newsroom.episodes.cards()[0]
    assert (
        newsroom.articles.get(newsroom.episodes.get(card.id).article_id).title
        == "Xã làm đường"
    )


def test_an_old_page_of_somebody_who_logged_in_again_is_sent_by_one_press(browser):
    browser.get("/desk/new")
    old = browser.token
    browser.post("/desk/logout")
    assert browser.login("viet").status_code == 303
    page = browser.client.post("/desk/new", data=ARTICLE | {"csrf_token": old})
    assert page.status_code == 400
    assert field(page, "body") == TEXT
    assert field(page, "csrf_token") != old


def test_no_password_is_carried_and_nothing_leads_elsewhere(browser, clock):
    browser.get("/desk/password")
    clock.ahead += timedelta(hours=5)
    page = browser.post("/desk/password", old=PASSWORD, password="bí mật mới tinh")
    assert "bí mật" not in page.text
    page = browser.get("/desk/login")
    form = {"csrf_token": browser.token, "name": "viet", "password": PASSWORD}
    for path in (
        "https://evil.example/desk/",
        "/feeds/x",
        "/desk/../x",
        "/desk/\\\\evil",
    ):
        carried = f'{{"path": "{path}", "fields": [["a", "b"]]}}'
        answer = browser.client.post("/desk/login", data=form | {"carried": carried})
        assert answer.status_code == 303, path
        browser.get("/desk/log")
        browser.post("/desk/logout")
        browser.get("/desk/login")
        form["csrf_token"] = browser.token
