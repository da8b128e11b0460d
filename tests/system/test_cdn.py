"""The nginx of docs/proxy/cdn.conf as the CDN before a bucket, and Loa's web behind both."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pytest
import requests

from loa.assembly import BED, MIGRATIONS, TEMPLATES
from service.newsroom import Newsroom
from service.newsroom.public.open_copies import OpenCopies
from service.newsroom.store.files import open_files
from service.newsroom.values import Station
from service.web.media.cdn_counts import CdnCounts
from service.web.site import Site
from tests.system.fronted import served
from tests.system.servers import Process, free_port, listening, need, wait_for
from tests.web.press import SOUND, Press

ROOT = Path(__file__).parents[2]
PHONE = "Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36 Chrome/120 Mobile"
KEPT_S = 1  # in place of half a minute


@pytest.fixture
def newsroom(tmp_path, migrated, bucket):
    (tmp_path / "loa.db").write_bytes(migrated)
    address = bucket.replace("/test?", f"/{tmp_path.name}?")
    files = open_files(address, "a", "b")
    open_media(bucket, tmp_path.name)
    room = Newsroom.open(f"sqlite:///{tmp_path}/loa.db", files, MIGRATIONS)
    room.stations.put(Station("suoi-lanh", "Đài Suối Lành"))
    yield room
    room.database.close()


def open_media(bucket, prefix):
    """The policy of the docs, for a part of the bucket of the test's own."""
    policy = (ROOT / "docs/proxy/bucket-policy.json").read_text()
    assert "loa/media/*" in policy
    s3 = boto3.client(
        "s3",
        endpoint_url=bucket.partition("endpoint=")[2],
        aws_access_key_id="a",
        aws_secret_access_key="b",
        region_name="us-east-1",
    )
    opened = policy.replace("loa/media/*", f"loa/{prefix}/media/*")
    s3.put_bucket_policy(Bucket="loa", Policy=opened)


@pytest.fixture
def cdn(newsroom, tmp_path, bucket):
    """Where sound leaves from, where Loa stands, and the CDN's log."""
    port = free_port()
    media = f"http://127.0.0.1:{port}"
    site = Site(
        "http://loa.example", "Loa", TEMPLATES, "bí mật", bed=BED, media_url=media
    )
    with served(newsroom, site, tmp_path / "shelf") as loa:
        config = tmp_path / "nginx.conf"
        config.write_text(configured(tmp_path, port, loa, bucket))
        command = [need("nginx", "nginx-light"), "-c", str(config)]
        server = Process(command, tmp_path / "out")
        try:
            wait_for(lambda: listening(port))
            yield media, f"http://127.0.0.1:{loa}", tmp_path / "media.log"
        finally:
            server.kill()


def configured(folder, port, loa, bucket):
    """The file of the docs, its names and addresses filled in."""
    endpoint = urlsplit(bucket.partition("endpoint=")[2]).netloc
    text = (ROOT / "docs/proxy/cdn.conf").read_text()
    for there, here in {
        "listen 443 ssl": f"listen 127.0.0.1:{port}",
        "https://s3.example/loa/": f"http://{endpoint}/loa/{folder.name}/",
        "https://loa.xa.example": f"http://127.0.0.1:{loa}",
        "/var/cache/nginx/loa": f"{folder}/cache",
        "/var/log/nginx/loa-media.log": f"{folder}/media.log",
    }.items():
        assert there in text
        text = text.replace(there, here)
    text = re.sub(r"(?m)^\s*ssl_.*$", "", text)
    user = "user root; " if os.geteuid() == 0 else ""
    head = (
        f"{user}daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}"
    )
    return f"{head}\nhttp {{ {text} }}\n"


@pytest.mark.servers
def test_listeners_get_sound_from_the_cdn(newsroom, cdn):
    media, loa, log = cdn
    press = Press(newsroom)
    episode = press.publish("Làm đường")
    copies = OpenCopies(newsroom.database, newsroom.files, KEPT_S)
    copies.settle(wanted=True)
    path = f"/media/{episode.id}/1/app-1.mp3"
    master = newsroom.files.get(newsroom.editions.media(episode.id, 1, "app-1.mp3").key)

    def ask(**headers):
        return requests.get(
            f"{loa}{path}", headers={"User-Agent": PHONE, **headers}, timeout=60
        )

    whole = ask()
    assert (whole.url, whole.status_code, whole.content) == (
        f"{media}{path}",
        200,
        master,
    )
    assert whole.content.startswith(SOUND)
    assert whole.headers["Content-Length"] == str(len(master))
    assert whole.headers["Content-Type"] == "audio/mpeg"
    assert whole.headers["Access-Control-Allow-Origin"] == "*"
    assert (
        whole.headers["Content-Disposition"] == 'attachment; filename="lam-duong-1.mp3"'
    )
    tag = whole.headers["ETag"]

    part = ask(Range="bytes=100-1299")
    assert (part.status_code, part.content) == (206, master[100:1300])
    assert part.headers["Content-Range"] == f"bytes 100-1299/{len(master)}"
    assert ask(Range=f"bytes={len(master)}-").status_code == 416
    assert ask(**{"If-None-Match": tag}).status_code == 304
    assert ask(**{"If-Range": tag, "Range": "bytes=0-9"}).status_code == 206
    assert ask(**{"If-Range": '"other"', "Range": "bytes=0-9"}).status_code == 200

    # What is not out yet lies in the same bucket, and opens to nobody.
    draft = press.receive("Chưa duyệt")
    press.work()
    copies.settle(wanted=True)
    assert (
        requests.get(f"{media}/media/{draft}/1/app-1.mp3", timeout=60).status_code
        == 404
    )
    assert newsroom.files.get(newsroom.editions.media(draft, 1, "app-1.mp3").key)

    # A correction: who kept the CDN's old address gets to the new version.
    press.again(episode.id)
    copies.settle(wanted=True)
    moved = changed(f"{media}{path}", follow=False)
    assert (moved.status_code, moved.headers["Location"]) == (
        302,
        f"/media/{episode.id}/2/app-2.mp3",
    )
    assert requests.get(f"{media}{path}", timeout=60).status_code == 200

    # Withdrawn: at Loa at once, at the CDN when what it kept is old.
    newsroom.episodes.withdraw(episode.id, "sai số liệu", "chị Chi")
    copies.settle(wanted=True)
    newest = f"{media}/media/{episode.id}/2/app-2.mp3"
    gone = changed(newest)
    assert gone.status_code == 410
    assert "sai số liệu" in gone.text
    assert changed(f"{loa}{path}").status_code == 410

    counted = CdnCounts(newsroom).read(log)
    assert counted.strange == 0
    assert counted.downloads == 1  # the telephone; `requests` is a robot
    assert CdnCounts(newsroom).read(log).lines == 0
    assert newsroom.downloads.daily(1)[0].kinds == {"app": 1}


def changed(address, *, follow=True):
    """The answer at an address once it is no longer that all is well."""

    def look():
        answer = requests.get(address, timeout=60, allow_redirects=follow)
        return None if answer.status_code == 200 else [answer]

    return wait_for(look)[0]
