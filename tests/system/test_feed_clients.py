"""Podcast programs that are not ours read our feeds and download, and go on where a bad network cut them off."""

import json
import os
import re
import subprocess
import threading
import time
import urllib.request
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import feedparser
import pytest

from tests.system.conftest import api
from tests.system.servers import REQUIRED, need, wait_for

ROOT = Path(__file__).parents[2]
NODE = ROOT / ".node"
FEED = "/feeds/stations/suoi-lanh.xml"
CUT_AFTER = 40_000  # bytes of a sound that get through at a time


@pytest.fixture(scope="module")
def bad_network(embedded):
    """A way to the installation that cuts sound off after a while; it notes what was asked."""

    class Way(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def do_GET(self):
            self.pass_on()

        def do_HEAD(self):
            self.pass_on()

        def pass_on(self):
            kept = {name: value for name in ("Range", "If-Range", "User-Agent") if (value := self.headers.get(name))}
            server.asked.append((self.command, self.path, kept.get("Range", "")))
            asked = urllib.request.Request(embedded.url + self.path, headers=kept, method=self.command)
            try:
                answer = urllib.request.urlopen(asked, timeout=20)
            except urllib.error.HTTPError as error:
                answer = error
            with answer, suppress(OSError):
                body = answer.read()
                if answer.headers["Content-Type"].startswith("application/rss"):
                    body = body.replace(embedded.url.encode(), server.url.encode())
                self.send_response(answer.status)
                for name in ("Content-Type", "Accept-Ranges", "Content-Range", "ETag", "Last-Modified"):
                    if value := answer.headers[name]:
                        self.send_header(name, value)
                length = answer.headers["Content-Length"] if self.command == "HEAD" else str(len(body))
                self.send_header("Content-Length", length or "0")
                self.end_headers()
                cut = server.cuts and self.path.endswith(".mp3")
                self.wfile.write(body[:CUT_AFTER] if cut else body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Way)
    server.asked, server.cuts = [], False
    server.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def way(bad_network):
    bad_network.asked.clear()
    bad_network.cuts = False
    return bad_network


@pytest.fixture(scope="module")
def feed(embedded):
    return urllib.request.urlopen(embedded.url + FEED, timeout=30).read()


def test_feedparser_reads_back_what_the_newsroom_has(embedded, feed):
    found = feedparser.parse(feed)
    assert not found.bozo
    assert len(found.entries) == 7
    for entry in found.entries:
        number = int(entry.enclosures[0].href.split("/")[4])
        episode = api(embedded, "GET", f"/episodes/{number}")
        assert (entry.id, entry.title, entry.link) == (episode["guid"], episode["title"], episode["page"])
        app = episode["masters"]["app"]
        assert (entry.enclosures[0].href, int(entry.enclosures[0].length)) == (app["url"], app["bytes"])
        assert int(entry.itunes_duration) == round(app["seconds"])


@pytest.mark.client
def test_partytime_reads_back_what_the_newsroom_has(embedded, feed):
    node = need("node", "nodejs")
    if not (NODE / "node_modules/podcast-partytime").exists():
        (pytest.fail if REQUIRED else pytest.skip)("needs npm's podcast-partytime: sh tests/install-servers.sh")
    done = subprocess.run(
        [node, str(ROOT / "tests/system/partytime.mjs"), str(NODE)], input=feed, capture_output=True, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    assert found["guid"] == re.search(rb"<podcast:guid>(.*?)<", feed)[1].decode()
    assert found["medium"] == "podcast"
    assert found["podcastLocation"]["name"]
    assert len(found["items"]) == 7
    for item in found["items"]:
        number = int(item["enclosure"]["url"].split("/")[4])
        episode = api(embedded, "GET", f"/episodes/{number}")
        app = episode["masters"]["app"]
        assert (item["guid"], item["title"]) == (episode["guid"], episode["title"])
        assert (item["enclosure"]["url"], item["enclosure"]["length"]) == (app["url"], app["bytes"])
        assert item["duration"] == round(app["seconds"])
        transcripts = {one["type"] for one in item["podcastTranscripts"]}
        assert transcripts == {"text/vtt", "text/html"}


@pytest.mark.client
def test_podboat_downloads(way, tmp_path):
    newsboat, podboat = need("newsboat", "newsboat"), need("podboat", "newsboat")
    (tmp_path / "urls").write_text(f"{way.url}{FEED}\n")
    (tmp_path / "config").write_text(f'podcast-auto-enqueue yes\ndownload-path "{tmp_path}/sound/"\nmax-downloads 2\n')
    files = ["-C", str(tmp_path / "config")]
    environment = os.environ | {"HOME": str(tmp_path), "TERM": "xterm"}
    (tmp_path / ".newsboat").mkdir()
    subprocess.run(
        [newsboat, *files, "-u", str(tmp_path / "urls"), "-c", str(tmp_path / "cache.db"), "-x", "reload"],
        env=environment,
        capture_output=True,
        timeout=60,
        check=True,
    )
    queue = tmp_path / ".newsboat" / "queue"
    assert len(queue.read_text().splitlines()) == 7
    queue.write_text("\n".join(queue.read_text().splitlines()[:2]) + "\n")
    leader, follower = os.openpty()
    boat = subprocess.Popen([podboat, *files, "-a"], env=environment, stdin=follower, stdout=follower, stderr=follower)
    try:  # it never ends by itself
        sounds = wait_for(lambda: two if len(two := list(tmp_path.rglob("*.mp3"))) == 2 else None, 40)
    finally:
        boat.kill()
        boat.wait()
        os.close(leader)
        os.close(follower)
    assert all(path.stat().st_size > 10_000 for path in sounds)


@pytest.mark.client
def test_a_download_that_is_cut_off_goes_on(way, embedded, feed, tmp_path):
    curl = need("curl", "curl")
    sound = re.search(rb'enclosure url="http://[^/]*([^"]*)"', feed)[1].decode()
    whole = urllib.request.urlopen(embedded.url + sound, timeout=30).read()
    way.cuts = True
    out = tmp_path / "a.mp3"
    for _ in range(len(whole) // CUT_AFTER + 2):
        done = subprocess.run(
            [curl, "-sS", "-C", "-", "-o", str(out), way.url + sound], timeout=30, capture_output=True
        )
        if done.returncode == 0:
            break
        time.sleep(0.02)
    assert out.read_bytes() == whole
    assert len({span for _, path, span in way.asked if path == sound}) > 2
