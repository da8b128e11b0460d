"""An article's way through the newsroom, with the line's work done by hand."""

from contextlib import suppress
from pathlib import Path

import pytest

from service.newsroom import Newsroom
from service.newsroom.errors import Conflict, Held, Invalid
from service.newsroom.jobs.turns import enqueue
from service.newsroom.store.files import Folder
from service.newsroom.store.tables import EpisodeRow
from service.newsroom.values import (
    Lane,
    MadeMaster,
    NewArticle,
    Sentence,
    Slot,
    State,
    Station,
    Step,
    ToWrite,
)

MIGRATIONS = Path(__file__).parents[2] / "migrations"
BOTH = (Lane.FAST, Lane.SLOW)


@pytest.fixture
def newsroom(tmp_path: Path, migrated: bytes) -> Newsroom:
    (tmp_path / "loa.db").write_bytes(migrated)
    room = Newsroom.open(
        f"sqlite:///{tmp_path}/loa.db", Folder(tmp_path / "files"), MIGRATIONS
    )
    room.stations.put(
        Station("suoi-lanh", "Đài Suối Lành", slots=(Slot("05:00", 900),))
    )
    return room


def article(title: str = "Tin mới", digest: str = "d1", **more: object) -> NewArticle:
    return NewArticle(title, ("Một câu.", "Hai câu."), digest, ("suoi-lanh",), **more)  # type: ignore[arg-type]


def work(room: Newsroom, until: State) -> int:
    """Does the line's jobs by hand until nothing is left; returns how many."""
    done = 0
    while job := room.jobs.claim("hand", BOTH):
        done += 1
        match job.step:
            case Step.WRITE:
                story = room.steps.load_writing(job)
                assert isinstance(story, ToWrite)
                texts = [story.title, *story.paragraphs]
                sentences = [
                    Sentence(
                        n,
                        text,
                        story.edits.get(text, text),
                        300,
                        edited=text in story.edits,
                    )
                    for n, text in enumerate(texts, start=1)
                ]
                assert room.steps.save_written(job, sentences)
            case Step.SPEAK:
                lines = room.steps.load_speaking(job)
                assert lines
                clips = [f"clip-{spoken}-{take}" for spoken, take in lines.lines]
                assert room.steps.save_spoken(
                    job,
                    clips,
                    voice="tone",
                    build="1",
                    provisional=False,
                    engine_calls=len(clips),
                    clips_reused=0,
                )
            case Step.MASTER:
                assert room.steps.load_mastering(job)
                key = f"masters/{job.episode_id}/{job.version}/app.mp3"
                room.files.put(key, b"mp3")
                made = MadeMaster(
                    "app",
                    "app.mp3",
                    key,
                    "audio/mpeg",
                    3,
                    "00",
                    1.0,
                    -16.0,
                    -1.0,
                    ((0, 1), (2, 3), (4, 5)),
                )
                assert room.steps.save_mastered(job, [made])
            case Step.PUBLISH:
                assert room.steps.save_published(job)
    return done


def test_an_article_is_written_spoken_mastered_approved_and_published(
    newsroom: Newsroom,
) -> None:
    receipt = newsroom.articles.receive(article(), "lan")
    assert work(newsroom, State.MASTERED) == 3
    assert newsroom.episodes.get(receipt.episode_id).state is State.MASTERED
    assert newsroom.editions.latest().total == 0
    newsroom.episodes.approve(
        receipt.episode_id, "chi", newsroom.episodes.get(receipt.episode_id).version
    )
    work(newsroom, State.PUBLISHED)
    episode = newsroom.episodes.get(receipt.episode_id)
    assert (episode.state, episode.public_version, episode.rendering.approved_by) == (
        State.PUBLISHED,
        1,
        "chi",
    )
    edition = newsroom.editions.get(episode.slug)
    assert [sentence.written for sentence in edition.sentences] == [
        "Tin mới",
        "Một câu.",
        "Hai câu.",
    ]


def test_the_same_article_twice_is_one_and_an_edited_one_is_a_revision(
    newsroom: Newsroom,
) -> None:
    first = newsroom.articles.receive(article(external_id="a"), "cms")
    again = newsroom.articles.receive(article(external_id="a"), "cms")
    assert (again.article_id, again.episode_id, again.news) == (
        first.article_id,
        first.episode_id,
        "unchanged",
    )
    edited = newsroom.articles.receive(
        article(external_id="a", digest="d2", title="Tin đã sửa"), "cms"
    )
    assert (edited.article_id, edited.episode_id, edited.news) == (
        first.article_id,
        first.episode_id,
        "revised",
    )
    assert newsroom.articles.get(first.article_id).revision == 2
    assert newsroom.episodes.get(first.episode_id).version == 2


def test_unknown_station_leaves_nothing_behind(newsroom: Newsroom) -> None:
    with pytest.raises(Invalid) as refused:
        newsroom.articles.receive(NewArticle("T", ("x",), "d", ("khong-co",)), "cms")
    assert refused.value.field == "stations"
    assert newsroom.episodes.cards()[1] == 0
    assert newsroom.jobs.unfinished() == 0


def test_an_edited_sentence_keeps_the_public_version_until_it_is_approved_again(
    newsroom: Newsroom,
) -> None:
    receipt = newsroom.articles.receive(article(), "lan")
    work(newsroom, State.MASTERED)
    newsroom.episodes.approve(
        receipt.episode_id, "chi", newsroom.episodes.get(receipt.episode_id).version
    )
    work(newsroom, State.PUBLISHED)
    newsroom.episodes.say_otherwise(receipt.episode_id, 2, "một câu khác", "lan")
    work(newsroom, State.MASTERED)
    episode = newsroom.episodes.get(receipt.episode_id)
    assert (episode.state, episode.version, episode.public_version) == (
        State.MASTERED,
        2,
        1,
    )
    assert episode.sentences[1].spoken == "một câu khác"
    assert newsroom.editions.get(episode.slug).sentences[1].spoken == "Một câu."
    assert (
        newsroom.editions.media(receipt.episode_id, 2, "app.mp3").standing
        == "unpublished"
    )
    newsroom.episodes.approve(receipt.episode_id, "chi", version=2)
    work(newsroom, State.PUBLISHED)
    old = newsroom.editions.media(receipt.episode_id, 1, "app.mp3")
    assert (old.standing, old.newest) == (
        "superseded",
        f"{receipt.episode_id}/2/app.mp3",
    )


def test_edits_survive_a_reading_of_the_whole_text(newsroom: Newsroom) -> None:
    receipt = newsroom.articles.receive(article(), "lan")
    work(newsroom, State.MASTERED)
    newsroom.episodes.say_otherwise(receipt.episode_id, 2, "một câu khác", "lan")
    newsroom.episodes.regenerate(receipt.episode_id, "lan")
    work(newsroom, State.MASTERED)
    episode = newsroom.episodes.get(receipt.episode_id)
    assert episode.sentences[1].spoken == "một câu khác"
    assert episode.sentences[1].clip == "clip-một câu khác-1"


def test_work_begun_under_an_older_version_is_dropped(newsroom: Newsroom) -> None:
    receipt = newsroom.articles.receive(article(), "lan")
    stale = newsroom.jobs.claim("slow", BOTH)
    assert stale
    newsroom.articles.receive(article(digest="other", external_id=""), "lan")
    newsroom.episodes.regenerate(receipt.episode_id, "lan")
    assert newsroom.steps.save_written(stale, [Sentence(1, "cũ", "cũ", 0)]) is False
    assert newsroom.episodes.get(receipt.episode_id).state is State.RECEIVED


def test_approving_what_was_replaced_is_refused(newsroom: Newsroom) -> None:
    receipt = newsroom.articles.receive(article(), "lan")
    work(newsroom, State.MASTERED)
    newsroom.episodes.say_otherwise(receipt.episode_id, 1, "khác", "lan")
    with pytest.raises(Conflict):
        newsroom.episodes.approve(receipt.episode_id, "chi", version=1)


def test_a_held_episode_says_why_and_can_be_read_again(newsroom: Newsroom) -> None:
    receipt = newsroom.articles.receive(article(), "lan")
    job = newsroom.jobs.claim("hand", BOTH)
    assert job
    assert newsroom.steps.hold(job, Held.EMPTY, "không có câu")
    episode = newsroom.episodes.get(receipt.episode_id)
    assert episode.held
    assert episode.held.why
    newsroom.episodes.regenerate(receipt.episode_id, "lan")
    assert work(newsroom, State.MASTERED) == 3


def test_a_withdrawn_edition_says_so(newsroom: Newsroom) -> None:
    receipt = newsroom.articles.receive(article(), "lan")
    work(newsroom, State.MASTERED)
    newsroom.episodes.approve(
        receipt.episode_id, "chi", newsroom.episodes.get(receipt.episode_id).version
    )
    work(newsroom, State.PUBLISHED)
    newsroom.episodes.withdraw(receipt.episode_id, "số liệu sai", "chi")
    media = newsroom.editions.media(receipt.episode_id, 1, "app.mp3")
    assert (media.standing, media.withdrawn_why) == ("withdrawn", "số liệu sai")
    assert newsroom.editions.latest().total == 0


def test_search_needs_no_diacritics(newsroom: Newsroom) -> None:
    receipt = newsroom.articles.receive(article(title="Bản tin xã"), "lan")
    work(newsroom, State.MASTERED)
    newsroom.episodes.approve(
        receipt.episode_id, "chi", newsroom.episodes.get(receipt.episode_id).version
    )
    work(newsroom, State.PUBLISHED)
    assert newsroom.editions.latest(words="ban tin xa").total == 1
    assert newsroom.editions.latest(words="không có 100%").total == 0
    assert newsroom.episodes.cards(words="BAN tin")[1] == 1


def test_two_workers_never_claim_one_job(newsroom: Newsroom) -> None:
    newsroom.articles.receive(article(), "lan")
    assert newsroom.jobs.claim("one", BOTH)
    assert newsroom.jobs.claim("two", BOTH) is None


def test_stations_stand_in_the_order_of_the_alphabet_with_their_hours(newsroom):
    names = (
        "Đài Ất",
        "Đài xã Bản 100",
        "Đài Ăn",
        "Đài xã Bản 12",
        "Đài Ản",
        "Đài An",
        "Dak Rông",
    )
    for n, name in enumerate(names):
        newsroom.stations.put(
            Station(f"so-{n}", name, slots=(Slot("17:00", 900), Slot("05:00", 300 + n)))
        )
    found = [
        station for station in newsroom.stations.all() if station.slug.startswith("so-")
    ]
    # Fmt: skip
    assert [station.name for station in found] == [
        "Dak Rông",
        "Đài An",
        "Đài Ản",
        "Đài Ăn",
        "Đài Ất",
        "Đài xã Bản 12",
        "Đài xã Bản 100",
    ]
    assert found == [newsroom.stations.get(station.slug) for station in found]


def test_jobs_are_nudged_after_their_commit_each_once(
    tmp_path: Path, migrated: bytes
) -> None:
    heard: list[tuple[int, Lane]] = []
    (tmp_path / "loa.db").write_bytes(migrated)
    room = Newsroom.open(
        f"sqlite:///{tmp_path}/loa.db",
        Folder(tmp_path / "files"),
        MIGRATIONS,
        nudge=lambda job, lane: heard.append((job, lane)),
    )
    room.stations.put(Station("suoi-lanh", "Đài Suối Lành"))
    room.articles.receive(article(), "lan")
    assert heard == [(1, Lane.SLOW)]

    with suppress(ZeroDivisionError), room.database.write() as session:
        episode = session.get_one(EpisodeRow, 1)
        enqueue(session, episode, Step.SPEAK, Lane.FAST, room.now())
        raise ZeroDivisionError
    assert heard == [(1, Lane.SLOW)], "a job that was rolled back nudges nobody"
    assert [job for job, _ in room.jobs.waiting()] == [1]
    room.database.close()
