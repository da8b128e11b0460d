"""A warning under a backlog, with the real `loa serve`: on the air within a minute, and nothing else is lost."""

import json
import time

import pytest

from tests.system.conftest import api, get
from tests.system.servers import Installation, wait_for
from tests.system.test_whole import long

BACKLOG = 200
PROMISED_S = 60.0  # from the POST to the slot's address, on two processors
WARNING = {
    "title": "Cảnh báo lũ quét trên suối Lành",
    "body": "Nước suối đang lên rất nhanh.\nBà con ven suối lên chỗ cao ngay. Không qua ngầm tràn.",
    "stations": ["all"],
    "minutes": 120,
    "approve": True,
}


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    """`loa serve` with 200 long articles before it."""
    with Installation(tmp_path_factory.mktemp("busy"), samples="no", lanes=2) as found:
        found.start("serve")
        found.ready()
        found.add_key()
        api(
            found,
            "PUT",
            "/stations/suoi-lanh",
            {"name": "Đài Suối Lành", "slots": [{"at": "05:00", "max_seconds": 900}]},
        )
        for n in range(BACKLOG):
            api(
                found,
                "POST",
                "/articles",
                {"body": long(f"làm đường số {n}"), "stations": ["suoi-lanh"]},
            )
        yield found


def test_a_warning_is_on_the_slot_within_a_minute_under_a_backlog(busy):
    def rung():
        with get(busy, "/stations/suoi-lanh/slots/0500/latest.json") as answer:
            found = json.load(answer)
        return found if found["rung"] == "urgent" else None

    began = time.monotonic()
    (urgent,) = api(busy, "POST", "/urgent", WARNING)["urgent"]
    wait_for(rung, PROMISED_S)
    with get(busy, "/stations/suoi-lanh/slots/0500/latest.mp3") as answer:
        assert len(answer.read()) > 50_000
    print(
        f"\nfrom POST to latest.mp3: {time.monotonic() - began:.1f} s, {BACKLOG} long articles waiting"
    )
    assert time.monotonic() - began <= PROMISED_S
    states = [api(busy, "GET", f"/episodes/{n}")["state"] for n in range(1, BACKLOG + 1)]
    assert not {"held", "withdrawn"} & set(states)
    read = sum(state == "mastered" for state in states)
    assert read < BACKLOG / 2  # there really was a backlog
    wait_for(
        lambda: (
            sum(api(busy, "GET", f"/episodes/{n}")["state"] == "mastered" for n in range(1, 12))
            > read
        ),
        60,
    )
    api(
        busy,
        "POST",
        f"/urgent/{urgent['episode'].rsplit('/', 1)[1]}/end",
        {"reason": "Nước đã rút."},
    )
    assert rung() is None
