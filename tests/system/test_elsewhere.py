"""The embedded shape on a system that is not POSIX, as far as one that is can play it."""

import subprocess
import sys
from pathlib import Path

from tests.system.conftest import api, get
from tests.system.servers import Installation, wait_for

# Python reads its sitecustomize.py at every start.
ELSEWHERE = Path(__file__).with_name("elsewhere")
SHOWS_WHERE = "import os, signal; print(os.name, hasattr(os, 'setsid'), dir(signal))"
STATION = {
    "name": "Đài Suối Lành",
    "approval": "trusted",
    "slots": [{"at": "05:00", "max_seconds": 900}],
}
ARTICLE = {
    "format": "html",
    "title": "Họp thôn",
    "body": "<article><p>Tối nay bà con họp ở nhà văn hóa.</p></article>",
    "stations": ["suoi-lanh"],
    "external_id": "1",
}


def test_the_embedded_shape_asks_for_nothing_that_only_posix_has(tmp_path):
    with Installation(tmp_path, samples="no", voices="tone", lanes=1) as at:
        at.environment["PYTHONPATH"] = str(ELSEWHERE)
        where = subprocess.check_output(
            [sys.executable, "-c", SHOWS_WHERE], env=at.environment, text=True
        )
        assert where.startswith("elsewhere False")
        assert "SIGUSR2" not in where
        serve = at.start("serve")
        at.ready()
        at.add_key()
        api(at, "PUT", "/stations/suoi-lanh", STATION)
        path = api(at, "POST", "/articles", ARTICLE)["episode"]
        wait_for(lambda: api(at, "GET", path)["state"] == "published")
        assert "audio" in get(at, "/feeds/all.xml").read().decode()
        with get(at, "/stations/suoi-lanh/slots/0500/latest.mp3") as sound:
            assert sound.status == 200
        assert serve.stop() == 0
        assert "Traceback" not in at.log()
