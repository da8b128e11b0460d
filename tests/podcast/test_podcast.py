"""Feeds read back by a parser that is not ours, transcripts, chapters, covers."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from io import BytesIO

import feedparser
import numpy as np
import pytest
from lxml import etree
from PIL import Image
from reportlab.pdfbase.ttfonts import TTFont

from service.podcast import (
    Channel,
    Chapter,
    Item,
    Line,
    chapters_json,
    cover,
    feed_guid,
    m3u,
    preview,
    reading_page,
    rss,
    vtt,
)

CHANNEL = Channel(
    title="Đài truyền thanh xã Suối Lành",
    description="Tin của xã & thôn <mỗi ngày>",
    link="https://loa.example/stations/suoi-lanh",
    address="https://loa.example/feeds/stations/suoi-lanh.xml",
    image="https://loa.example/covers/stations/suoi-lanh.jpg",
    author="UBND xã Suối Lành",
    guid=feed_guid("https://loa.example/feeds/stations/suoi-lanh.xml"),
    email="dai@loa.example",
)
ITEM = Item(
    guid="5c1d7c1e-0000-4000-8000-000000000001",
    title="Họp thôn & bàn đường \x0b",
    summary="Tối nay họp.",
    text="Tối nay họp.\nMời bà con <đến dự>.",
    link="https://loa.example/articles/hop-thon-1",
    published_at=datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC),
    sound="https://loa.example/media/1/2/app.mp3",
    mime="audio/mpeg",
    bytes=123456,
    seconds=61.6,
    transcript="https://loa.example/media/1/2/transcript.vtt",
    chapters="https://loa.example/media/1/2/chapters.json",
)


def test_an_app_reads_back_what_was_put_in():
    other = replace(ITEM, guid="b", title="Bài hai")
    found = feedparser.parse(rss(CHANNEL, [ITEM, other], ITEM.published_at))
    assert not found.bozo
    assert found.feed.title == CHANNEL.title
    assert found.feed.image.href == CHANNEL.image
    assert found.feed.language == "vi"
    assert [entry.id for entry in found.entries] == [ITEM.guid, "b"]
    entry = found.entries[0]
    assert entry.title.strip() == "Họp thôn & bàn đường"
    assert entry.enclosures[0] == {
        "href": ITEM.sound,
        "length": "123456",
        "type": "audio/mpeg",
    }
    assert entry.itunes_duration == "62"
    assert entry.published_parsed[:6] == (2026, 11, 24, 1, 2, 3)
    assert "Mời bà con &lt;đến dự&gt;." in entry.content[0].value


def test_the_podcast_namespace_is_written():
    root = etree.fromstring(rss(CHANNEL, [ITEM], ITEM.published_at))
    names = {
        "podcast": "https://podcastindex.org/namespace/1.0",
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    }
    assert root.findtext("channel/podcast:guid", namespaces=names) == CHANNEL.guid
    assert root.findtext("channel/itunes:explicit", namespaces=names) == "false"
    transcript = root.find("channel/item/podcast:transcript", names)
    assert transcript is not None
    assert transcript.get("url") == ITEM.transcript
    assert transcript.get("type") == "text/vtt"
    assert root.findtext("channel/item/itunes:explicit", namespaces=names) == "false"


def test_equal_values_give_equal_bytes_and_an_empty_feed_is_valid():
    assert rss(CHANNEL, [ITEM], ITEM.published_at) == rss(
        CHANNEL, [ITEM], ITEM.published_at
    )
    assert rss(CHANNEL, [], None) == rss(CHANNEL, [], None)
    assert not feedparser.parse(rss(CHANNEL, [], None)).bozo


def test_the_guid_of_a_feed_follows_the_published_rule():
    # the worked example of the namespace's documentation
    assert (
        feed_guid("https://podnews.net/rss") == "9b024349-ccf0-5f69-a609-6b82873eab3c"
    )


def test_transcripts_are_in_order_and_escaped():
    text = vtt([Line(150, 1_500, "Một < hai & ba"), Line(1_500, 3_661_001, "Bốn\nnăm")])
    assert text.startswith(
        "WEBVTT\n\n1\n00:00:00.150 --> 00:00:01.500\nMột &lt; hai &amp; ba\n\n2\n"
    )
    assert "01:01:01.001\nBốn năm" in text
    with pytest.raises(ValueError, match="cue 2"):
        vtt([Line(0, 900, "a"), Line(800, 1_000, "b")])


def test_a_transcript_as_a_page_has_a_time_for_each_paragraph():
    lines = [
        Line(150, 900, "Tin <b>", 0),
        Line(900, 1_500, "Một.", 1),
        Line(1_600, 2_000, "Hai\x0b.", 1),
    ]
    page = etree.HTML(
        reading_page("Tin & <b>", [*lines, Line(3_725_000, 3_726_000, "Ba.", 2)])
    )
    assert page.findtext(".//title") == page.findtext(".//h1") == "Tin & <b>"
    assert [time.text for time in page.iter("time")] == ["0:00", "0:00", "1:02:05"]
    assert [paragraph.text for paragraph in page.iter("p")] == [
        "Tin <b>",
        "Một. Hai .",
        "Ba.",
    ]


def test_chapters_and_playlists():
    assert json.loads(chapters_json([Chapter(150, "Đầu")])) == {
        "version": "1.2.0",
        "chapters": [{"startTime": 0.15, "title": "Đầu"}],
    }
    assert (
        m3u([("Tin\n1", 61.6, "https://loa.example/a.mp3")])
        == "#EXTM3U\n#EXTINF:62,Tin 1\nhttps://loa.example/a.mp3\n"
    )


def test_covers_are_square_jpegs_of_their_own():
    picture = Image.open(
        BytesIO(cover("Đài truyền thanh xã Suối Lành", "Tin mỗi ngày"))
    )
    assert (picture.format, picture.size) == ("JPEG", (1500, 1500))
    assert Image.open(BytesIO(cover("Đài", size=600))).size == (600, 600)
    assert cover("Đài một") != cover("Đài hai")


@pytest.mark.parametrize("words", [1, 40, 400])
def test_a_preview_keeps_its_words_within_its_edges(words: int) -> None:
    name = "Đài truyền thanh " * min(words, 20)
    picture = Image.open(
        BytesIO(preview("đường " * words + "x" * words, name, "Thứ Ba, 24/11/2026"))
    )
    for margin in (
        picture.crop((1140, 0, 1200, 140)),
        picture.crop((1140, 160, 1200, 630)),
    ):
        spans = np.ptp(np.asarray(margin, dtype=int), axis=(0, 1))
        assert max(spans) < 16  # one colour, but for the noise of JPEG


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_the_typeface_has_all_letters_of_names_here(weight):
    """Vietnamese, and what Ê Đê, Gia Rai and Ba Na write beyond it; ê̆, ô̆, ơ̆ and ư̆ take a breve
    of its own.
    """
    tones = [chr(letter) for letter in range(0x1EA0, 0x1EFA)]
    letters = {*"ăâđêôơưĂÂĐÊÔƠƯñčƀĕĭŏŭɃĔĬŎŬ\u0306", *tones}
    data = (
        files("service.podcast") / "fonts" / f"BeVietnamPro-{weight}.ttf"
    ).read_bytes()
    glyphs = TTFont(weight, BytesIO(data)).face.charToGlyph
    assert {letter for letter in letters if not glyphs.get(ord(letter))} == set()


def test_a_cover_draws_names_that_differ_in_a_breve_alone_differently():
    drawn = {
        cover(f"Buôn {name}")
        for name in ("Ju", "Jŭ", "Je", "Jĕ", "Jê", "Jê\u0306", "bo", "ƀo")
    }
    assert len(drawn) == 8
