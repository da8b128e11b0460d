"""The examples of docs/boxes.md, run as they stand there: what boxes at loudspeakers fetch and play
with.
"""

import os
import re
import subprocess
import threading
import wave
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from loa.assembly import BED
from service.actions.warnings import Rights, Typed, take
from service.newsroom.values import NewArticle, NewWarning, Slot
from service.web.app import create_app
from tests.conftest import WrittenAtOnce
from tests.system.servers import Process, free_port, need, wait_for

DOC = Path(__file__).parents[2] / "docs" / "boxes.md"
SECTION = re.compile(
    r"^## (?P<name>.+?)\n.*?^```(?P<kind>\w+)\n(?P<text>.*?)^```",
    re.DOTALL | re.MULTILINE,
)
WAV_HEADER = 44
SERVER, FOLDER = "https://loa.example.vn", "/srv/loa/0500"


class Quiet(WSGIRequestHandler):
    """Notes what was asked for, and says nothing."""

    asked: list[tuple[str, str, int]] = []  # noqa: RUF012 (emptied for each server)

    def log_request(self, code="-", size="-"):
        self.asked.append((self.command, self.path, int(code)))


@pytest.fixture
def served(newsroom, site):
    """A server whose station has a slot, at whose address the bed stands; what it was asked for."""
    newsroom.stations.put(
        replace(newsroom.stations.get("suoi-lanh"), slots=(Slot("05:00", 300),))
    )
    port, Quiet.asked = free_port(), []
    url = f"http://127.0.0.1:{port}"
    server = make_server(
        "127.0.0.1",
        port,
        create_app(newsroom, replace(site, public_url=url), WrittenAtOnce(newsroom)),
        threaded=True,
        request_handler=Quiet,
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield url, Quiet.asked
    server.shutdown()
    server.server_close()


@pytest.fixture
def example(served, tmp_path):
    """An example of the page by its heading, for this server and a folder of its own."""
    found = {
        match["name"]: match["text"]
        for match in SECTION.finditer(DOC.read_text(encoding="utf-8"))
    }

    def example(name):
        return found[name].replace(SERVER, served[0]).replace(FOLDER, str(tmp_path))

    return example


def run(*command, seconds=60, **more):
    """A program to its end: what it said, after it ended well."""
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=seconds, check=False, **more
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def sounds(asked):
    return [
        code
        for method, path, code in asked
        if method == "GET" and path.endswith(".mp3")
    ]


@pytest.mark.client
@pytest.mark.parametrize(
    ("program", "heading"), [("wget", "cron and wget"), ("curl", "cron and curl")]
)
def test_a_file_is_taken_once(served, example, tmp_path, program, heading):
    need(program, program)
    for _ in range(3):
        run("sh", "-c", example(heading))
    assert (tmp_path / "latest.mp3").read_bytes() == BED.read_bytes()
    assert sounds(served[1]) == [200, 304, 304]
    assert not (tmp_path / "new.mp3").exists()


@pytest.mark.client
def test_curl_keeps_what_it_has_when_the_file_changes_under_its_hands(
    served, example, tmp_path
):
    need("curl", "curl")
    (tmp_path / "latest.mp3").write_bytes(b"of this morning")
    os.utime(tmp_path / "latest.mp3", (0, 0))
    run(
        "sh",
        "-c",
        example("cron and curl").replace('"$url.json"', f"{served[0]}/healthz"),
    )
    assert (tmp_path / "latest.mp3").read_bytes() == b"of this morning"
    assert not (tmp_path / "new.mp3").exists()


@pytest.mark.client
def test_a_box_takes_only_what_was_signed_for_it(
    served, example, tmp_path, newsroom, work_all
):
    for program in ("curl", "jq", "openssl"):
        need(program, program)
    script = example("Only what was approved, whoever stands between")
    url, key = served[0], tmp_path / "approvals.pem"
    run("curl", "-fsS", f"{url}/approvals.pem", "-o", str(key))

    def fetch(script=script):
        return subprocess.run(["sh", "-c", script], capture_output=True, check=False)

    assert fetch().returncode != 0, "music is approved by nobody"
    warning = Typed(("suoi-lanh",), "Lũ", "Lên cao ngay.", minutes=60, approve=True)
    take(newsroom, "tone", warning, "lan", Rights())
    work_all()
    assert fetch().returncode == 0
    taken = (tmp_path / "latest.mp3").read_bytes()
    assert taken.startswith(b"ID3")
    assert taken != BED.read_bytes()
    # Another sound, another station, another key.
    for old, new in (
        ("sum=$(sha256sum new.mp3 |", "sum=$(echo x | sha256sum |"),
        ('index("suoi-lanh")', 'index("xa-khac")'),
        ("> now)", "> now + 7200)"),
    ):
        assert old in script
        forged = fetch(script.replace(old, new))
        assert forged.returncode != 0, new
    run("openssl", "genpkey", "-algorithm", "ed25519", "-out", str(tmp_path / "k"))
    run("openssl", "pkey", "-in", str(tmp_path / "k"), "-pubout", "-out", str(key))
    assert fetch().returncode != 0


@pytest.mark.client
def test_mpv_plays_the_playlist(served, example):
    mpv = need("mpv", "mpv")
    words = example("mpv").split()
    told = run(mpv, "--no-config", "--ao=null", "--ao-null-untimed", *words[1:])
    assert re.search(r"AO: \[null\] 24000Hz mono", told)
    assert "Exiting... (End of file)" in told
    assert set(sounds(served[1])) <= {200, 206}


@pytest.mark.client
def test_a_box_plays_a_warning_as_soon_as_it_stands_there(
    served, example, newsroom, work_all, tmp_path
):
    need("curl", "curl")
    mpv = need("mpv", "mpv")
    quietly = f"{mpv} --no-config --ao=null --ao-null-untimed --no-video"
    script = example("A warning at once: curl and mpv")
    assert "mpv --no-video" in script
    log = tmp_path / "box.log"
    box = Process(["sh", "-c", script.replace("mpv --no-video", quietly)], log)
    try:
        article = NewArticle("Lũ quét", ("Nước lên nhanh.",), "lũ", ("suoi-lanh",))
        expires = newsroom.now() + timedelta(hours=1)
        warning = NewWarning(expires, times=1, approved_by="chị Sen")
        newsroom.urgent.receive(article, warning, "tone", "chị Sen")
        work_all()
        wait_for(lambda: "End of file" in log.read_text(errors="replace"))
    finally:
        box.stop()


@pytest.mark.client
def test_liquidsoap_understands_the_example_with_warnings(served, example, tmp_path):
    liquidsoap = need("liquidsoap", "liquidsoap")
    script = tmp_path / "loa.liq"
    text = example("Liquidsoap, with warnings")
    script.write_text(f"settings.init.allow_root.set(true)\n{text}", encoding="utf-8")
    run(liquidsoap, "--check", str(script))


@pytest.mark.client
def test_liquidsoap_plays_the_playlist_at_its_hour(served, example, tmp_path):
    liquidsoap = need("liquidsoap", "liquidsoap")
    text, out = example("Liquidsoap"), tmp_path / "heard.wav"
    for its_own, ours in (
        ("thread.when({5h0m}, play)", "thread.run(delay=0.2, play)"),
        ("output.alsa(", f'output.file(fallible=true, %wav, "{out}", '),
    ):
        assert its_own in text
        text = text.replace(its_own, ours)
    script = tmp_path / "loa.liq"
    script.write_text(f"settings.init.allow_root.set(true)\n{text}", encoding="utf-8")
    player = Process([liquidsoap, str(script)], tmp_path / "liquidsoap.log")
    try:
        wait_for(lambda: loudest(out) > 3_000)  # music, where else is silence
    finally:
        player.stop()
    with wave.open(str(out)) as heard:
        assert heard.getnchannels() == 2
    assert sounds(served[1])[0] in (200, 206)


def loudest(path):
    """The highest sample of a WAV that is still being written."""
    data = path.read_bytes()[WAV_HEADER:] if path.exists() else b""
    return int(
        np.abs(np.frombuffer(data[: len(data) // 2 * 2], dtype="<i2").astype(int)).max(
            initial=0
        )
    )
