"""What was mended stays mended, whatever is done with the article afterwards; and what finds no
place is told.
"""

import random

import pytest

from service.actions.aloud import announcer_for
from service.actions.articles import article_of
from service.intake import Story
from service.newsroom.errors import Conflict
from service.newsroom.stories.mending import Text, merge
from service.newsroom.values import ArticleDoubt, Priority, Source, SourceKind, Unplaced
from tests.linear import grows_in_proportion

PORTAL = Source(SourceKind.KEY, "portal")
ROAD = "Kinh phí làm đường là 186,4 tỷ đồng."
MENDED = "Kinh phí làm đường là 187,4 tỷ đồng."
SENT = Story(
    "Xã làm đường", (f"Xã họp sáng nay. {ROAD} Bà con đồng tình.", "Trời nắng đẹp.")
)


@pytest.fixture
def send(newsroom, work_all):
    def send(story=SENT, stations=("suoi-lanh",), source=PORTAL, **more):
        article = article_of(story, stations, external_id="202", **more)
        receipt = newsroom.articles.receive(article, f"key {source.name}", source)
        work_all()
        return receipt

    return send


@pytest.fixture
def mend(newsroom, work_all):
    """Writes the sentence otherwise, as the desk and the API do."""

    def mend(episode_id=1, old=ROAD, new=MENDED):
        station = newsroom.stations.get("suoi-lanh")
        (n,) = (
            s.n for s in newsroom.episodes.get(episode_id).sentences if s.written == old
        )
        newsroom.episodes.write_otherwise(
            episode_id, n, announcer_for(station, ()).reread(n, new), "lan"
        )
        work_all()

    return mend


def said(newsroom):
    return [line.written for line in newsroom.episodes.get(1).sentences]


def approve(newsroom, work_all):
    newsroom.episodes.approve(1, "chị Sen", newsroom.episodes.get(1).version)
    work_all()


def test_a_mended_sentence_is_part_of_the_article(newsroom, send, mend, work_all):
    send()
    mend()
    article = newsroom.articles.get(1)
    assert article.paragraphs[0] == f"Xã họp sáng nay. {MENDED} Bà con đồng tình."
    assert article.revision == 2
    newsroom.episodes.regenerate(1, "lan")
    work_all()
    assert MENDED in said(newsroom)
    assert ROAD not in said(newsroom)


@pytest.mark.parametrize(
    "again",
    [
        SENT,
        Story(SENT.title, SENT.paragraphs, byline="CTV xã"),
        Story(SENT.title, (*SENT.paragraphs, "Tin: CTV xã.")),
        Story(SENT.title, ("Tin mới nhận thêm một đoạn.", *SENT.paragraphs)),
        Story("Xã làm đường mới", SENT.paragraphs),
        Story(
            SENT.title,
            (SENT.paragraphs[0].replace("sáng nay", "chiều nay"), "Trời mưa to."),
        ),
        Story(SENT.title, SENT.paragraphs, topic="Giao thông"),
    ],
)
def test_the_portal_sending_it_again_keeps_what_was_mended(newsroom, send, mend, again):
    send()
    mend()
    for _ in range(2):
        send(again)
        assert MENDED in said(newsroom)
        assert ROAD not in said(newsroom)
    rendering = newsroom.episodes.get(1).rendering
    assert (rendering.unplaced, rendering.doubts) == ((), ())
    for paragraph in again.paragraphs:
        for sentence in paragraph.split(". "):
            assert sentence.rstrip(".") in " ".join(said(newsroom)) or sentence in ROAD


@pytest.mark.parametrize("now", ["Kinh phí làm đường là 190 tỷ đồng.", ""])
def test_where_both_changed_a_sentence_the_editor_is_asked(
    newsroom, send, mend, now, work_all
):
    send()
    mend()
    receipt = send(
        Story(SENT.title, (SENT.paragraphs[0].replace(ROAD, now), "Trời nắng đẹp."))
    )
    assert receipt.news == "revised"
    episode = newsroom.episodes.get(1)
    assert episode.rendering.unplaced == (Unplaced(MENDED),)
    assert episode.rendering.doubts == (ArticleDoubt.CORRECTION_LOST,)
    assert ("correction lost", MENDED) in [
        (each.what, each.detail) for each in newsroom.log.lines(episode_id=1)
    ]
    newsroom.episodes.regenerate(1, "lan")
    work_all()
    assert newsroom.episodes.get(1).rendering.unplaced == (Unplaced(MENDED),)
    approve(newsroom, work_all)
    newsroom.episodes.regenerate(1, "lan")
    assert newsroom.episodes.get(1).rendering.unplaced == (), (
        "whoever approved has seen it"
    )


def test_what_an_editor_wrote_in_the_form_is_kept_too(newsroom, send):
    send()
    mended = Story(
        "Xã làm đường bê tông", (SENT.paragraphs[0].replace(ROAD, MENDED), "Hết tin.")
    )
    newsroom.articles.edit(
        1, article_of(mended, ("suoi-lanh",), priority=Priority.PRIORITY), "lan"
    )
    assert send().news == "unchanged"
    send(Story(SENT.title, (*SENT.paragraphs, "Mai họp tiếp."), byline="CTV"))
    article = newsroom.articles.get(1)
    assert (article.title, article.byline, article.priority) == (
        "Xã làm đường bê tông",
        "CTV",
        Priority.PRIORITY,
    )
    assert article.paragraphs == (*mended.paragraphs, "Mai họp tiếp.")


def test_a_reading_that_finds_no_place_is_told(newsroom, send):
    send()
    newsroom.episodes.say_otherwise(1, 3, "một trăm tám mươi sáu phẩy bốn tỷ", "lan")
    send(
        Story(
            SENT.title,
            ("Xã họp sáng nay. Chưa rõ kinh phí của con đường này.", "Trời đẹp."),
        )
    )
    rendering = newsroom.episodes.get(1).rendering
    assert rendering.unplaced == (Unplaced(ROAD, "một trăm tám mươi sáu phẩy bốn tỷ"),)
    assert ArticleDoubt.CORRECTION_LOST in rendering.doubts


def test_what_a_station_says_after_every_article_is_changed_there(newsroom, send, mend):
    from dataclasses import replace

    said_last = "Bản tin do máy đọc."
    station = newsroom.stations.get("suoi-lanh")
    newsroom.stations.put(replace(station, disclosure_spoken=said_last))
    send()
    with pytest.raises(Conflict, match="change it where it comes from"):
        mend(old=said_last, new="Bản tin do người đọc.")


def test_bylines_and_dates_alone_make_no_version(newsroom, send, work_all):
    send()
    approve(newsroom, work_all)
    assert send(Story(SENT.title, SENT.paragraphs, byline="CTV xã")).news == "unchanged"
    episode = newsroom.episodes.get(1)
    assert (episode.version, episode.public_version) == (1, 1)
    assert newsroom.editions.latest().editions[0].byline == "CTV xã"
    assert "byline: – → CTV xã" in [
        each.detail for each in newsroom.log.lines(episode_id=1)
    ]


def test_the_first_text_again_says_which_version_was_approved_with_it(
    newsroom, send, work_all
):
    send()
    approve(newsroom, work_all)
    send(
        Story(
            SENT.title,
            ("Lời khác hẳn rồi, dài như lời cũ và không thiếu một chữ nào.",),
        )
    )
    receipt = send()
    assert (receipt.news, receipt.approved_before) == ("revised", 1)


def test_an_article_is_its_source_s(newsroom, send):
    mine = send()
    for source in (
        Source(SourceKind.KEY, "portal hai"),
        Source(SourceKind.PERSON, "portal"),
    ):
        theirs = send(Story("Tin khác", ("Lời của nơi khác.",)), source=source)
        assert (theirs.news, theirs.article_id != mine.article_id) == ("created", True)
    assert send().article_id == mine.article_id
    assert newsroom.articles.get(mine.article_id).title == SENT.title


@pytest.mark.parametrize(
    "other",
    [
        "https://xa.example/tin/1",
        "http://xa.example/tin/1/",
        "https://XA.example/tin/1?utm_source=zalo&fbclid=x",
    ],
)
def test_an_address_is_one_however_it_was_linked(newsroom, other):
    first, again = (
        newsroom.articles.receive(
            article_of(Story("Tin", ("Bà con ra đồng.",), url=url), ("suoi-lanh",)),
            "lan",
        )
        for url in ("http://xa.example/tin/1", other)
    )
    assert (again.news, again.article_id) == ("unchanged", first.article_id)
    other_page = Story("Tin", ("Bà con ra đồng.",), url="http://xa.example/tin/1?p=2")
    assert (
        newsroom.articles.receive(article_of(other_page, ("suoi-lanh",)), "lan").news
        == "created"
    )


WORDS = [f"Câu thứ {n}." for n in range(30)]


def text(units):
    return Text(
        "Tên", "", tuple(" ".join(units[i : i + 3]) for i in range(0, len(units), 3))
    )


@pytest.mark.parametrize("seed", range(60))
def test_a_merge_keeps_every_change_or_tells_of_it(seed):
    draw = random.Random(seed)
    base = draw.choices(WORDS, k=draw.randint(1, 24))
    ours, theirs = list(base), list(base)
    mended = [f"Mới {n}." for n in range(draw.randint(1, 4))]
    for words in mended:
        ours[draw.randrange(len(ours))] = words
    for n in range(draw.randint(0, 4)):
        place = draw.randrange(len(theirs) + 1)
        theirs[place : place + draw.randint(0, 2)] = draw.choice([[], [f"Họ {n}."]])
    result = merge(text(base), text(ours), text(theirs))
    merged = " ".join(result.text.paragraphs)
    for words in ours:
        if words not in base:
            assert words in merged or words in result.lost
    for words in theirs:
        if words not in base:
            assert words in merged


def test_merging_takes_time_in_proportion():
    def merge_one_of(sentences):
        base = [f"Câu {i % 7}." for i in range(len(sentences))]
        ours = ["Mới.", *base[1:]]
        theirs = [word if i % 3 else "Họ." for i, word in enumerate(base)]
        merge(text(base), text(ours), text(theirs))

    assert grows_in_proportion(merge_one_of, "." * 20_000)
