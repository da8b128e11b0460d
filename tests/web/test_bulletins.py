"""Bulletins at the desk and in the API: notices that last, running orders, what fits."""

import re

import pytest

from service.newsroom.values import Role

PASSWORD = "mật khẩu rất dài"


@pytest.fixture
def desk(newsroom, client):
    """Somebody of a role at the desk: sends forms as a browser does."""

    def enter(role):
        newsroom.people.add(role, PASSWORD, role)
        send("/desk/login", name=role, password=PASSWORD)
        return send

    def send(path, page="/desk/stations", **form):
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page, follow_redirects=True).text)
        return client.post(path, data={"csrf_token": token[1], **form}, follow_redirects=True)

    return enter


@pytest.fixture
def call(client, newsroom):
    keys = {role: newsroom.people.add_key(role, role) for role in Role}

    def call(method, path, json=None, role=Role.ADMIN):
        headers = {"Authorization": f"Bearer {keys[role]}"}
        return client.open(f"/api/v1{path}", method=method, json=json, headers=headers)

    return call


def test_a_notice_that_lasts_is_marked_so_by_form_and_api(desk, call, newsroom, client):
    send = desk(Role.EDITOR)
    made = send(
        "/desk/new",
        title="Giờ tiếp dân",
        format="text",
        priority="normal",
        body="Tiếp dân vào sáng thứ Hai.",
        stations="suoi-lanh",
        evergreen="on",
        send="1",
    )
    assert made.status_code == 200, re.findall("✗ [^<]+", made.text)
    assert newsroom.articles.get(1).evergreen
    assert 'name="evergreen" checked' in client.get("/desk/articles/1/edit").text
    send(
        "/desk/articles/1/edit",
        title="Giờ tiếp dân",
        format="text",
        priority="normal",
        body="Tiếp dân vào sáng thứ Ba.",
        stations="suoi-lanh",
        revision="1",
        send="1",
    )
    assert not newsroom.articles.get(1).evergreen
    made = call("POST", "/articles", {"body": "Phòng cháy\nTắt bếp trước khi đi.", "evergreen": True}).json
    assert call("GET", made["article"].removeprefix("/api/v1")).json["evergreen"] is True
