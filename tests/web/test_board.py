"""The board: what every station broadcasts today and tomorrow, and whom to ring."""

from dataclasses import replace

import pytest

from service.newsroom.values import Contact, Grant, Role, Station
from tests.house import PASSWORD, Browser


@pytest.fixture
def province(app, newsroom, slot):
    """Somebody at the desk, once the clock shows the evening."""
    app.config["WTF_CSRF_ENABLED"] = False
    newsroom.people.add("la", PASSWORD, [Grant(Role.OPERATOR)])
    contact = Contact("Lò Thị Duyên", "Phó Chủ tịch", "0912 345 678")
    newsroom.people.add(
        "duyen", PASSWORD, [Grant(Role.APPROVER, "suoi-lanh")], contact=contact
    )
    return Browser(app, "la")


def test_the_board_tells_what_waits_for_whom_and_what_was_approved(
    province, newsroom, bulletin, approve
):
    page = province.get("/desk/board").text
    assert "05:00 chờ duyệt" in page
    assert "Lò Thị Duyên" in page
    assert 'href="tel:0912345678"' in page
    approve(bulletin)
    page = province.get("/desk/board").text
    assert "05:00 đã duyệt" in page
    assert "tel:" not in page, "nobody has to be rung"
    newsroom.takings.take(
        "suoi-lanh", bulletin, newsroom.episodes.get(bulletin).version
    )
    assert "05:00 loa đã lấy" in province.get("/desk/board").text


def test_a_board_of_many_stations_is_small(province, newsroom):
    station = newsroom.stations.get("suoi-lanh")
    for n in range(60):
        newsroom.stations.put(replace(station, slug=f"xa-{n}", name=f"Đài Xã {n}"))
    newsroom.stations.put(Station("khong", "Đài Không Giờ"))
    page = province.get("/desk/board")
    assert page.text.count("05:00 chưa soạn") > 60
    assert len(page.data) < 60 * 500 + 8_000
    assert "Đài Không Giờ" not in province.get("/desk/board?open=1").text
