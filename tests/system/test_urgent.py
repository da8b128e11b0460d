"""A warning under a backlog, with the real `loa serve`: it overtakes all, and nothing else
is lost.
"""

import json
import re
import time

import pytest

from tests.system.conftest import api, get
from tests.system.servers import Installation, wait_for
from tests.system.test_whole import long

BACKLOG = 200
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


def test_a_warning_overtakes_a_backlog_and_the_backlog_goes_on(busy):
    """How soon is a figure, printed; how many are overtaken does not depend on the machine."""

    def rung():
        with get(busy, "/stations/suoi-lanh/slots/0500/latest.json") as answer:
            slot = json.load(answer)
        return slot if slot["rung"] == "urgent" else None

    mastered_before = count_of(busy, "mastered")
    waiting = BACKLOG - mastered_before
    began = time.monotonic()
    (urgent,) = api(busy, "POST", "/urgent", WARNING)["urgent"]
    wait_for(rung)
    on_air_after = time.monotonic() - began
    with get(busy, "/stations/suoi-lanh/slots/0500/latest.mp3") as answer:
        assert len(answer.read()) > 50_000
    print(
        f"\nfrom POST to latest.mp3: {on_air_after:.1f} s, {waiting} long articles waiting"
    )

    mastered_then = count_of(busy, "mastered")
    assert count_of(busy, "held") == count_of(busy, "withdrawn") == 0
    assert mastered_then - mastered_before < waiting / 2, "the warning waited its turn"
    wait_for(lambda: count_of(busy, "mastered") > min(mastered_then, BACKLOG - 1))

    api(
        busy,
        "POST",
        f"/urgent/{urgent['episode'].rsplit('/', 1)[1]}/end",
        {"reason": "Nước đã rút."},
    )
    assert rung() is None


def count_of(installation, state):
    """How many episodes are in that state."""
    with get(installation, "/metrics") as answer:
        metrics = answer.read().decode()
    count = re.search(rf'^loa_episodes{{state="{state}"}} (\d+)', metrics, re.MULTILINE)
    return int(count[1]) if count else 0
