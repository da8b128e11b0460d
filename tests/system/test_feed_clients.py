"""Podcast programs that are not ours read our feeds and download, and go on where a bad network cut
them off.
"""

import os
import re
import subprocess
import threading
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import feedparser
import numpy as np
import pytest

from tests.system.conftest import api, get
from tests.system.servers import need, wait_for

ROOT = Path(__file__).parents[2]
NODE = ROOT / ".node"
FEED = "/feeds/stations/suoi-lanh.xml"
ENCLOSURE = r'<enclosure url="http://[^/]*([^"]*)'
CANNOT_RESUME = 33  # so ends curl that asked for the rest and is sent the whole
SPAN = re.compile(r"bytes (\d+)-")


@dataclass(frozen=True)
class Told:
    """A request that went by, and what was answered."""

    method: str
    path: str
    range: str
    status: int
    content_range: str


@pytest.fixture(scope="module")
def network(embedded):
    """A way to the installation that notes what was asked, and cuts the next `cuts` sounds off in
    the middle.
    """

    class Way(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def do_GET(self):
            self.pass_on()

        def do_HEAD(self):
            self.pass_on()

        def pass_on(self):
            kept = {
                name: value
                for name in ("Range", "If-Range", "User-Agent")
                if (value := self.headers.get(name))
            }
            asked = urllib.request.Request(
                embedded.url + self.path, headers=kept, method=self.command
            )
            try:
                answer = urllib.request.urlopen(asked, timeout=20)
            except urllib.error.HTTPError as error:
                answer = error
            with answer, suppress(OSError):
                said = answer.headers
                told = Told(
                    self.command,
                    self.path,
                    kept.get("Range", ""),
                    answer.status,
                    said.get("Content-Range", ""),
                )
                server.told.append(told)
                body = answer.read()
                if said["Content-Type"].startswith("application/rss"):
                    body = body.replace(embedded.url.encode(), server.url.encode())
                self.send_response(answer.status)
                for name in (
                    "Content-Type",
                    "Accept-Ranges",
                    "Content-Range",
                    "ETag",
                    "Last-Modified",
                ):
                    if value := said[name]:
                        self.send_header(name, value)
                self.send_header(
                    "Content-Length",
                    said["Content-Length"]
                    if self.command == "HEAD"
                    else str(len(body)),
                )
                self.end_headers()
                if server.cuts and body and self.path.endswith(".mp3"):
                    server.cuts -= 1
                    body = body[: len(body) // 2]
                self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Way)
    server.told, server.cuts = [], 0
    server.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def way(network):
    network.told.clear()
    network.cuts = 0
    return network


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
        assert (entry.id, entry.title, entry.link) == (
            episode["guid"],
            episode["title"],
            episode["page"],
        )
        app = episode["masters"]["app"]
        assert (entry.enclosures[0].href, int(entry.enclosures[0].length)) == (
            app["url"],
            app["bytes"],
        )
        assert int(entry.itunes_duration) == round(app["seconds"])


@pytest.mark.client
def test_podboat_downloads(way, tmp_path):
    newsboat, podboat = need("newsboat", "newsboat"), need("podboat", "newsboat")
    (tmp_path / "urls").write_text(f"{way.url}{FEED}\n")
    (tmp_path / "config").write_text(
        f'podcast-auto-enqueue yes\ndownload-path "{tmp_path}/sound/"\nmax-downloads 2\n'
    )
    files = ["-C", str(tmp_path / "config")]
    environment = os.environ | {"HOME": str(tmp_path), "TERM": "xterm"}
    (tmp_path / ".newsboat").mkdir()
    subprocess.run(
        [
            newsboat,
            *files,
            "-u",
            str(tmp_path / "urls"),
            "-c",
            str(tmp_path / "cache.db"),
            "-x",
            "reload",
        ],
        env=environment,
        capture_output=True,
        timeout=60,
        check=True,
    )
    queue = tmp_path / ".newsboat" / "queue"
    assert len(queue.read_text().splitlines()) == 7
    queue.write_text("\n".join(queue.read_text().splitlines()[:2]) + "\n")
    leader, follower = os.openpty()
    boat = subprocess.Popen(
        [podboat, *files, "-a"],
        env=environment,
        stdin=follower,
        stdout=follower,
        stderr=follower,
    )
    try:  # it never ends by itself
        sounds = wait_for(
            lambda: two if len(two := list(tmp_path.rglob("*.mp3"))) == 2 else None, 40
        )
    finally:
        boat.kill()
        boat.wait()
        os.close(leader)
        os.close(follower)
    assert all(path.stat().st_size > 10_000 for path in sounds)


@pytest.mark.client
def test_a_podcast_app_goes_on_where_it_was_cut_off(way, embedded, feed, tmp_path):
    gpo = need("gpo", "gpodder")
    places = ("HOME", "GPODDER_HOME", "GPODDER_DOWNLOAD_DIR")
    environment = os.environ | dict.fromkeys(places, str(tmp_path))

    def run(*arguments):
        subprocess.run(
            [gpo, *arguments],
            env=environment,
            capture_output=True,
            timeout=100,
            check=True,
        )

    run("subscribe", way.url + FEED)
    way.cuts = 5  # gPodder tries a sound four times in a run
    run("download")
    assert len(list(tmp_path.rglob("*.partial"))) == 1
    assert way.cuts == 0
    run("download")
    assert list(tmp_path.rglob("*.partial")) == []
    asked = [one for one in way.told if one.path.endswith(".mp3")]
    cut = asked[0].path
    parts = [one for one in asked if one.path == cut]
    assert [one.status for one in parts] == [200, 206, 206, 206, 206]
    assert [one.range for one in parts[1:]] == [
        f"bytes={span[1]}-"
        for one in parts[1:]
        if (span := SPAN.match(one.content_range))
    ]
    whole = {
        sha256(get(embedded, path).read()).hexdigest()
        for path in re.findall(ENCLOSURE, feed.decode())
    }
    assert {
        sha256(path.read_bytes()).hexdigest() for path in tmp_path.rglob("*.mp3")
    } == whole


@pytest.mark.client
def test_wget_goes_on_where_it_was_cut_off(way, embedded, feed, tmp_path):
    wget = need("wget", "wget")
    sound = re.search(ENCLOSURE, feed.decode())[1]
    way.cuts = 2
    subprocess.run(
        [
            wget,
            "-q",
            "-c",
            "--tries=4",
            "--waitretry=0",
            "-O",
            str(tmp_path / "a.mp3"),
            way.url + sound,
        ],
        timeout=60,
        check=True,
    )
    assert (tmp_path / "a.mp3").read_bytes() == get(embedded, sound).read()
    assert [one.status for one in way.told] == [200, 206, 206]


@pytest.mark.client
def test_a_player_begins_in_the_middle(way, feed, tmp_path):
    mpv = need("mpv", "mpv")
    sound, length = re.search(ENCLOSURE + r'" length="(\d+)"', feed.decode()).groups()

    def heard(*options):
        file = tmp_path / "heard.wav"
        command = [
            mpv,
            "--no-config",
            "--no-video",
            "--ao=pcm",
            "--audio-format=s16",
            f"--ao-pcm-file={file}",
            *options,
            way.url + sound,
        ]
        subprocess.run(command, capture_output=True, timeout=60, check=True)
        _, _, samples = file.read_bytes().partition(b"data")
        return np.frombuffer(samples[4:], dtype=np.int16).astype(float)

    whole = heard()
    way.told.clear()
    # as players with a slider do: to the byte, instead of through all that comes before
    part = heard(
        "--cache=no", "--demuxer-lavf-o=fflags=+fastseek", "--start=75%", "--length=1"
    )
    begun, sought = way.told
    end = int(length) - 1
    assert (begun.status, begun.range, begun.content_range) == (
        206,
        "bytes=0-",
        f"bytes 0-{end}/{length}",
    )
    start = int(sought.range.removeprefix("bytes=").removesuffix("-"))
    assert (sought.status, sought.content_range) == (
        206,
        f"bytes {start}-{end}/{length}",
    )
    assert 0.7 * end < start < 0.8 * end
    loud = int(np.abs(part[:37_000]).argmax())  # a syllable, to be found in the whole
    syllable = part[loud : loud + 6000]
    search_from = int(0.75 * len(whole)) - 44100
    place, likeness = best_match(whole[search_from : search_from + 4 * 44100], syllable)
    assert likeness > 0.99
    assert abs((search_from + place - loud) / len(whole) - 0.75) < 0.02


def best_match(sound, sample):
    """Where in ``sound`` ``sample`` is, as an index, and how like it is there, up to 1.

    A bare product of the two would prefer any louder passage to the right one.
    """
    products = np.correlate(sound, sample, "valid")
    energies = np.convolve(sound**2, np.ones(len(sample)), "valid")
    likeness = products / np.sqrt(energies.clip(min=1)) / np.linalg.norm(sample)
    place = int(likeness.argmax())
    return place, likeness[place]


@pytest.mark.client
def test_curl_goes_on_with_the_same_file_and_never_with_another(
    embedded, feed, tmp_path
):
    curl, url = (
        need("curl", "curl"),
        f"{embedded.url}{re.search(ENCLOSURE, feed.decode())[1]}",
    )
    with urllib.request.urlopen(url, timeout=30) as answer:
        whole, tag, stamp = (
            answer.read(),
            answer.headers["ETag"],
            answer.headers["Last-Modified"],
        )
    half, taken = len(whole) // 2, tmp_path / "tin.mp3"

    def ask(*more, condition):
        command = [
            curl,
            "-sS",
            "-w",
            "%{http_code}",
            "-H",
            f"If-Range: {condition}",
            "-o",
            str(taken),
            *more,
            url,
        ]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=30, check=False
        )
        return int(done.stdout), done.returncode

    for condition in (tag, stamp):
        taken.write_bytes(whole[:half])  # as a network left it that broke
        assert ask("-C", "-", condition=condition) == (206, 0)
        assert taken.read_bytes() == whole
        assert ask("-r", "100-199", condition=condition) == (206, 0)
        assert taken.read_bytes() == whole[100:200]
    for stale in (f'"{"0" * 64}"', f"W/{tag}", "Thu, 01 Jan 2026 00:00:00 GMT"):
        taken.write_bytes(b"of another file")
        assert ask("-C", "-", condition=stale) == (200, CANNOT_RESUME)
        assert taken.read_bytes() == b"of another file"
        assert ask("-r", "100-199", condition=stale) == (200, 0)
        assert taken.read_bytes() == whole
