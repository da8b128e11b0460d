"""People's voices through the newsroom and the line: in their place, as loud as the rest, never
lost in silence.
"""

import wave
from contextlib import closing
from dataclasses import replace
from functools import partial
from io import BytesIO
from itertools import pairwise

import numpy as np
import pytest
from mutagen.id3 import ID3

from audio.chime import Chime
from audio.chimes import pcm, place
from audio.engines import open_engine
from audio.ffmpeg import decode
from audio.level import loudness
from audio.loudness import to_float
from audio.voice import RATE, Voice
from service.actions.aloud import Announcer
from service.newsroom.errors import Conflict, Invalid, NotFound, Refusal
from service.newsroom.line.script import pauses_of, stretches_of
from service.newsroom.stories.sent_files import Sent
from service.newsroom.values import (
    Kind,
    NewArticle,
    Standing,
    State,
    StoryScript,
    ToCompose,
)
from tests.audio.test_master import PROMISED, measured
from tests.house import encoded
from workers.composing import compose
from workers.limits import Limits
from workers.recorded import chime_on_shelf
from workers.voices import Voices

TEXT = (
    "Sáng nay xã họp bàn việc làm đường. Bà con ra đồng từ sáng sớm, trời nắng đẹp cả ngày. "
    "Chiều mai có lịch tiêm phòng.",
    "Các thôn chuẩn bị nước uống và bóng mát. Trưởng thôn báo cho từng nhà biết trước.",
)
SECOND = "Bà con ra đồng từ sáng sớm, trời nắng đẹp cả ngày."


@pytest.fixture(scope="module")
def espeak():
    with closing(open_engine("espeak", lanes=1)) as engine:
        yield engine


@pytest.fixture
def person(espeak, tmp_path):
    """Somebody who reads into a phone: softer than the machine, with noise and time lost at both
    ends.
    """

    def read(text, name="thu.m4a", gain=0.25, by="chị Sen"):
        parts = [
            espeak.speak(part, Voice("espeak", "vi-vn-x-south"), 30)
            for part in text.split(" | ")
        ]
        pause = np.zeros(int(0.9 * RATE))
        sound = np.concatenate(
            [piece for part in parts for piece in (pause, to_float(part) * gain)]
            + [pause]
        )
        sound += np.random.default_rng(5).normal(0, 0.0006, len(sound))
        path = tmp_path / name
        encoded((sound * 32767).astype("<i2").tobytes(), str(path))
        return Sent(path, name, by, "biên tập")

    return read


@pytest.fixture
def room(newsroom, studio, espeak, work_all):
    """A story of five sentences and a title, read by eSpeak."""
    voices = Voices([Voice("espeak", "vi")], partial(open_engine, lanes=1))
    at = replace(studio, voices=voices)
    article = NewArticle("Xã làm đường", TEXT, "d", ("suoi-lanh",), external_id="a")
    episode_id = newsroom.articles.receive(article, "lan").episode_id
    work_all(at)
    yield newsroom, episode_id, lambda: work_all(at)
    voices.close()


def sound(newsroom, episode, kind="app"):
    return decode(
        newsroom.files.get(
            next(master.key for master in episode.masters if master.kind == kind)
        )
    )


def stretch(whole, sentence):
    return whole[
        sentence.start_ms * RATE // 1000 * 2 : sentence.end_ms * RATE // 1000 * 2
    ]


def test_a_person_reads_one_sentence(room, person):
    newsroom, episode_id, work = room
    before = newsroom.episodes.get(episode_id)
    number = newsroom.recordings.for_sentence(person(SECOND), episode_id, 3)
    assert newsroom.recordings.checking([episode_id]) == {episode_id}
    work()
    after = newsroom.episodes.get(episode_id)
    assert newsroom.recordings.get(number).state is Standing.READY
    assert (after.version, after.rendering.engine_calls) == (2, 0)
    assert (after.rendering.human, after.rendering.announcers) == ("some", ("chị Sen",))
    assert [bool(sentence.recording) for sentence in after.sentences] == [
        False,
        False,
        True,
        False,
        False,
        False,
    ]
    same = [
        a.clip == b.clip for a, b in zip(before.sentences, after.sentences, strict=True)
    ]
    assert same == [True, True, False, True, True, True]
    whole = sound(newsroom, after)
    levels = [loudness(stretch(whole, sentence)) for sentence in after.sentences]
    print(levels)
    assert levels[2] == pytest.approx(np.mean([levels[1], levels[3]]), abs=1.0)
    human = newsroom.recordings.get(number)
    assert after.sentences[2].end_ms - after.sentences[2].start_ms == pytest.approx(
        human.seconds * 1000, abs=3
    )
    assert all(
        earlier.end_ms <= later.start_ms for earlier, later in pairwise(after.sentences)
    )


def test_masters_with_a_person_are_as_loud_as_promised(room, person, tmp_path):
    newsroom, episode_id, work = room
    newsroom.recordings.for_sentence(person(SECOND), episode_id, 3)
    work()
    for master in newsroom.episodes.get(episode_id).masters:
        path = tmp_path / f"{master.kind}.bin"
        path.write_bytes(newsroom.files.get(master.key))
        target, band = PROMISED[master.kind]
        heard, peak = measured(path)
        assert heard == pytest.approx(target, abs=band)
        assert peak <= -1.0


def test_a_recording_survives_what_is_done_to_the_rest(room, person, hand_in):
    newsroom, episode_id, work = room
    number = newsroom.recordings.for_sentence(person(SECOND), episode_id, 3)
    work()
    newsroom.episodes.say_otherwise(episode_id, 2, "sáng nay xã họp", "lan")
    work()
    newsroom.episodes.regenerate(episode_id, "lan", voice="espeak:vi-vn-x-central")
    work()
    newsroom.episodes.regenerate(episode_id, "lan", sentences=[3, 4])
    work()
    newsroom.episodes.regenerate(episode_id, "lan")
    work()
    for key in list(newsroom.files.keys("clips/")):
        newsroom.files.delete(key)
    newsroom.episodes.say_otherwise(episode_id, 4, "mai tiêm phòng", "lan")
    work()
    article = NewArticle(
        "Xã làm đường",
        ("Thêm một đoạn mở đầu ở đây.", *TEXT),
        "d2",
        ("suoi-lanh",),
        external_id="a",
    )
    newsroom.articles.receive(article, "lan")
    work()
    after = newsroom.episodes.get(episode_id)
    assert after.state is State.MASTERED
    assert [(line.n, line.recording) for line in after.sentences if line.recording] == [
        (4, number)
    ]
    assert after.sentences[3].written == SECOND
    assert newsroom.episodes.sheet(episode_id).recordings == ()


@pytest.mark.parametrize("how", ["rewritten", "revised"])
def test_another_text_costs_the_recording_and_the_desk_is_told(room, person, how):
    newsroom, episode_id, work = room
    newsroom.recordings.for_sentence(person(SECOND), episode_id, 3)
    work()
    if how == "rewritten":
        sentence = newsroom.episodes.get(episode_id).sentences[2]
        newsroom.episodes.write_otherwise(
            episode_id,
            3,
            replace(sentence, written="Khác hẳn.", spoken="khác hẳn"),
            "lan",
        )
    else:
        text = (TEXT[0].replace("nắng đẹp", "mưa to"), TEXT[1])
        newsroom.articles.receive(
            NewArticle("Xã làm đường", text, "d2", ("suoi-lanh",), external_id="a"),
            "lan",
        )
    work()
    after = newsroom.episodes.get(episode_id)
    assert (
        after.rendering.human,
        [line.recording for line in after.sentences if line.recording],
    ) == ("", [])
    (lost,) = newsroom.episodes.sheet(episode_id).recordings
    assert (lost.state, lost.written) == (Standing.LOST, SECOND)
    assert "recording lost" in [
        line.what for line in newsroom.log.lines(episode_id=episode_id)
    ]
    newsroom.recordings.use_again(lost.id, "lan")
    work()
    assert newsroom.episodes.get(episode_id).sentences[2].recording == lost.id


def test_the_machine_can_read_again(room, person):
    newsroom, episode_id, work = room
    newsroom.recordings.for_sentence(person(SECOND), episode_id, 3)
    work()
    with pytest.raises(Conflict):
        newsroom.episodes.say_otherwise(episode_id, 3, "đọc khác", "lan")
    newsroom.recordings.back_to_voice(episode_id, "lan", 3)
    work()
    after = newsroom.episodes.get(episode_id)
    assert (
        after.rendering.human,
        after.sentences[2].recording,
        after.rendering.clips_reused,
    ) == (
        "",
        0,
        6,
    )
    newsroom.episodes.regenerate(episode_id, "lan")
    work()
    assert newsroom.episodes.get(episode_id).rendering.human == ""


def test_a_person_reads_the_whole(room, person):
    newsroom, episode_id, work = room
    newsroom.stations.put(
        replace(newsroom.stations.get("suoi-lanh"), disclosure_spoken="Giọng đọc máy.")
    )
    newsroom.recordings.for_episode(
        person(f"Xã làm đường | {TEXT[0]} | {TEXT[1]}", "thu.ogg"), episode_id
    )
    work()
    after = newsroom.episodes.get(episode_id)
    assert (
        after.rendering.spoken_by,
        after.rendering.human,
        after.rendering.engine_calls,
    ) == (
        "human:chị Sen",
        "all",
        0,
    )
    assert len(after.sentences) == 6
    cues = [(line.start_ms, line.end_ms) for line in after.sentences]
    assert cues[1] == cues[2] == cues[3]
    assert cues[4] == cues[5]
    assert cues[0][1] <= cues[1][0] < cues[1][1] <= cues[4][0]
    newsroom.episodes.approve(
        episode_id, "chị Chi", newsroom.episodes.get(episode_id).version
    )
    work()
    edition = newsroom.editions.latest().editions[0]
    assert (edition.human, edition.disclosure) == (
        "all",
        "Giọng đọc: chị Sen (người thật).",
    )
    tags = ID3(BytesIO(newsroom.files.get(edition.master("app").key)))
    assert [
        str(each) for each in tags.getall("COMM") + tags.getall("TXXX:comment")
    ] == [edition.disclosure]
    assert (
        newsroom.files.get(edition.master("transcript").key).decode().count("-->") == 3
    )
    newsroom.recordings.back_to_voice(episode_id, "lan")
    work()
    again = newsroom.episodes.get(episode_id)
    assert (
        again.rendering.human,
        again.sentences[-1].written,
        len(again.sentences),
    ) == (
        "",
        "Giọng đọc máy.",
        7,
    )


def test_a_recording_alone_is_an_episode(newsroom, person, work_all):
    article = NewArticle("Bản tin tiếng Tày", (), "", ("suoi-lanh",), topic="Tiếng Tày")
    number = newsroom.recordings.alone(
        person(TEXT[0], "thu.webm", by="bà Páo"), article
    )
    assert newsroom.episodes.cards()[1] == 0
    work_all()
    found = newsroom.recordings.get(number)
    episode = newsroom.episodes.get(found.episode_id)
    assert (episode.kind, episode.state, episode.rendering.human) == (
        Kind.RECORDING,
        State.MASTERED,
        "all",
    )
    assert {master.kind for master in episode.masters} == {"app", "speaker", "lite"}
    newsroom.episodes.approve(
        episode.id, "chị Chi", newsroom.episodes.get(episode.id).version
    )
    work_all()
    assert newsroom.editions.latest(topic="tieng-tay").total == 1
    newsroom.episodes.withdraw(episode.id, "Nhầm tên bản", "lan")
    newsroom.episodes.regenerate(episode.id, "lan")
    work_all()
    again = newsroom.episodes.get(episode.id)
    assert (again.state, again.rendering.human) == (State.MASTERED, "all")


def test_a_bed_that_horns_cannot_give_back_is_told(newsroom, tmp_path, work_all):
    t = np.arange(4 * RATE) / RATE
    with wave.open(str(tmp_path / "tram.wav"), "wb") as bed:
        bed.setparams((1, 2, RATE, 0, "NONE", ""))
        bed.writeframes((np.sin(2 * np.pi * 50 * t) * 12000).astype("<i2").tobytes())
    sent = Sent(tmp_path / "tram.wav", "tram.wav", "", "quản trị")
    number = newsroom.recordings.for_chime(sent, "suoi-lanh", "bed")
    work_all()
    found = newsroom.recordings.get(number)
    assert (found.state, found.refused) == (Standing.REFUSED, Refusal.NOT_FOR_HORNS)
    assert "LUFS" in found.detail
    assert newsroom.recordings.chimes("suoi-lanh") == {}


@pytest.mark.parametrize("use", ["sentence", "alone"])
def test_what_cannot_be_used_leaves_nothing_but_the_reason(room, tmp_path, use):
    newsroom, episode_id, work = room
    (path := tmp_path / "anh.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(999))
    sent = Sent(path, "anh.png", "", "biên tập")
    if use == "sentence":
        number = newsroom.recordings.for_sentence(sent, episode_id, 3)
    else:
        number = newsroom.recordings.alone(
            sent, NewArticle("Tin", (), "", ("suoi-lanh",))
        )
    work()
    found = newsroom.recordings.get(number)
    assert (found.state, found.refused) == (Standing.REFUSED, Refusal.NO_SOUND)
    assert found.refused.why
    assert found.refused.remedy
    assert list(newsroom.files.keys("recordings/")) == []
    assert newsroom.episodes.get(episode_id).version == 1
    assert newsroom.episodes.cards()[1] == 1


def test_what_nobody_can_place_leaves_nothing_at_all(room, person, tmp_path):
    newsroom, episode_id, _ = room
    sent = person(SECOND)
    for take in (
        lambda: newsroom.recordings.for_sentence(sent, episode_id, 99),
        lambda: newsroom.recordings.for_sentence(
            sent, episode_id, 3, was="một câu khác"
        ),
        lambda: newsroom.recordings.for_episode(sent, 99),
        lambda: newsroom.recordings.alone(
            sent, NewArticle("Tin", (), "", ("nowhere",))
        ),
        lambda: newsroom.recordings.for_chime(sent, "nowhere", "opening"),
        lambda: newsroom.recordings.for_episode(
            replace(sent, announcer="x" * 99), episode_id
        ),
    ):
        with pytest.raises((NotFound, Conflict, Invalid)):
            take()
    (empty := tmp_path / "empty.mp3").write_bytes(b"")
    with pytest.raises(Invalid):
        newsroom.recordings.for_episode(replace(sent, path=empty), episode_id)
    assert list(newsroom.files.keys("recordings/")) == []
    assert newsroom.jobs.unfinished() == 0


def test_a_sentence_rewritten_meanwhile_refuses_its_recording(room, person):
    newsroom, episode_id, work = room
    number = newsroom.recordings.for_sentence(person(SECOND), episode_id, 3)
    sentence = newsroom.episodes.get(episode_id).sentences[2]
    newsroom.episodes.write_otherwise(
        episode_id,
        3,
        replace(sentence, written=SECOND + ".", spoken=sentence.spoken),
        "lan",
    )
    work()
    assert newsroom.recordings.get(number).refused is Refusal.TEXT_CHANGED


def test_a_station_has_chimes_of_its_own(newsroom, studio, work_all, tmp_path):
    house = place(Chime.BETWEEN, newsroom.clips)
    assert chime_on_shelf(newsroom, "suoi-lanh", Chime.BETWEEN) == house
    path = tmp_path / "chime.mp3"
    quiet = (to_float(pcm(Chime.OPENING)) * 3000).astype("<i2").tobytes()
    encoded(bytes(RATE) + quiet + bytes(2 * RATE), str(path))
    number = newsroom.recordings.for_chime(
        Sent(path, "chime.mp3", "", "quản trị"), "suoi-lanh", "between"
    )
    work_all()
    found = newsroom.recordings.get(number)
    assert found.state is Standing.READY
    key = chime_on_shelf(newsroom, "suoi-lanh", Chime.BETWEEN)
    assert key == found.clip != house
    assert loudness(newsroom.clips.get(key)) == pytest.approx(-22, abs=0.3)
    assert found.seconds == pytest.approx(7.2, abs=0.6)
    for lost in list(newsroom.files.keys("clips/")):
        newsroom.files.delete(lost)
    assert chime_on_shelf(newsroom, "suoi-lanh", Chime.BETWEEN) == key
    assert newsroom.clips.get(key)
    newsroom.recordings.house_chime("suoi-lanh", "between", "quản trị")
    assert chime_on_shelf(newsroom, "suoi-lanh", Chime.BETWEEN) == house
    newsroom.recordings.for_chime(
        Sent(path, "chime.mp3", "", "quản trị"), "suoi-lanh", "alert"
    )
    work_all(replace(studio, limits=Limits(chime_s=5)))
    assert (
        newsroom.recordings.chimes_sent("suoi-lanh")["alert"].refused
        is Refusal.TOO_LONG
    )


def test_a_bulletin_has_what_people_read_once_and_speaks_its_own_headline(
    newsroom, person, work_all
):
    article = NewArticle("Bản tin tiếng Tày", (TEXT[0],), "", ("suoi-lanh",))
    number = newsroom.recordings.alone(
        person(f"Bản tin tiếng Tày | {TEXT[0]}"), article
    )
    work_all()
    episode = newsroom.episodes.get(newsroom.recordings.get(number).episode_id)
    script = StoryScript(episode.id, episode.title, episode.sentences)
    task = ToCompose(
        "Kính chào bà con.", "Xin chào.", True, True, (script,), {}, {}, "", ()
    )
    sentences = compose(task, Announcer({}, ()))
    headline = next(line for line in sentences if line.story_id)
    assert (headline.clip, headline.recording) == ("", 0)
    heard = [line for line in sentences if line.recording]
    assert [line.clip for line in heard] == [line.clip for line in episode.sentences]
    assert [len(stretch) for stretch in stretches_of(heard)] == [1, 3]
    assert list(pauses_of(stretches_of(heard)))[:1] == [0]
