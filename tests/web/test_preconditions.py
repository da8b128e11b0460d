"""Preconditions in the order of RFC 9110, 13.2.2, at every kind of address that has a tag or a
time.
"""

import re
from datetime import timedelta

import pytest
from werkzeug.http import http_date

MEDIA, SLOT = "media", "/stations/suoi-lanh/slots/0500/latest.mp3"
FEED, PAGE, STATIC, APP = (
    "/feeds/all.xml",
    "/",
    "/static/loa.css",
    "/manifest.webmanifest",
)
LIST = "/stations/suoi-lanh/slots/0500/latest.m3u"
EVERY = (MEDIA, SLOT, FEED, PAGE, STATIC, APP, LIST)


@pytest.fixture
def address(client, publish, slot):
    publish("Xã làm đường")
    sound = re.search(r"/media/[^\"?]+\.mp3", client.get(FEED).text).group()
    return lambda kind: sound if kind == MEDIA else kind


def tag_of(client, path):
    with client.get(path) as answer:
        return answer.headers["ETag"]


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_tags(client, address, kind, method):
    path = address(kind)
    tag = tag_of(client, path)
    for headers, status in (
        ({"If-Match": '"old"'}, 412),
        ({"If-Match": '"old"', "Range": "bytes=100-"}, 412),
        ({"If-Match": '"old"', "If-None-Match": tag}, 412),
        ({"If-Match": f'"old", {tag}'}, 200),
        ({"If-Match": "*"}, 200),
        ({"If-Match": f"W/{tag}"}, 412),
        ({"If-Match": tag, "If-None-Match": tag}, 304),
        ({"If-None-Match": f'W/{tag}, "x"'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"old"'}, 200),
        (
            {"If-None-Match": '"old"', "If-Modified-Since": http_date(4_000_000_000)},
            200,
        ),
        ({"If-Match": tag, "If-Unmodified-Since": http_date(1)}, 200),
        ({"If-Unmodified-Since": "nonsense"}, 200),
    ):
        with client.open(path, method=method, headers=headers) as answer:
            assert answer.status_code == status, headers
            if status != 200:
                assert answer.data == b""


@pytest.mark.parametrize("kind", [MEDIA, SLOT, LIST, STATIC])
def test_times(client, address, kind):
    path = address(kind)
    with client.get(path) as answer:
        modified = answer.last_modified
    for header, moved, status in (
        ("If-Unmodified-Since", 0, 200),
        ("If-Unmodified-Since", 1, 200),
        ("If-Unmodified-Since", -1, 412),
        ("If-Modified-Since", 0, 304),
        ("If-Modified-Since", 1, 304),
        ("If-Modified-Since", -1, 200),
    ):
        moment = http_date(modified + timedelta(seconds=moved))
        with client.get(path, headers={header: moment}) as answer:
            assert answer.status_code == status, (header, moved)


@pytest.mark.parametrize("kind", [MEDIA, SLOT])
def test_ranges(client, address, kind):
    path = address(kind)
    whole = client.get(path)
    tag, modified = whole.headers["ETag"], whole.last_modified
    part = {"Range": "bytes=10-19"}
    for condition, status in (
        (tag, 206),
        ('"old"', 200),
        (f"W/{tag}", 200),
        (http_date(modified), 206),
        (http_date(modified - timedelta(seconds=1)), 200),
        (http_date(modified + timedelta(seconds=1)), 200),
        ("nonsense", 200),
    ):
        answer = client.get(path, headers=part | {"If-Range": condition})
        assert answer.status_code == status, condition
        assert len(answer.data) == (10 if status == 206 else len(whole.data))
    both = part | {"If-Match": tag, "If-None-Match": '"x"'}
    assert client.get(path, headers=both).status_code == 206
    assert client.get(path, headers=part | {"If-None-Match": tag}).status_code == 304


def test_the_tag_of_what_was_compressed_is_not_good_for_parts_of_what_was_not(
    client, address
):
    path = address(FEED)
    zipped = client.get(path, headers={"Accept-Encoding": "gzip"}).headers["ETag"]
    assert zipped != tag_of(client, path)
    assert client.get(path, headers={"If-Match": zipped}).status_code == 200
    assert client.get(path, headers={"If-None-Match": zipped}).status_code == 304
    answer = client.get(path, headers={"If-Match": zipped, "Range": "bytes=0-9"})
    assert answer.status_code == 412
