"""The line: an article's whole way, what an edit costs, and what happens when things go wrong."""

import os
import queue
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from mutagen.id3 import ID3

from audio.booth import Patience
from audio.ffmpeg import decode
from audio.throttle import Abandoned
from audio.voice import RATE, EngineTrouble, Reason, Voice, VoiceInfo
from service.newsroom.errors import Held
from service.newsroom.values import Lane, State, Station, Step
from workers.clock import sweep
from workers.lanes import NICER, Lanes
from workers.line import work
from workers.studio import Studio
from workers.voices import Voices


class Sick:
    """An engine that speaks well for `well_for` calls, and then has a trouble."""

    name, lanes, longest, deadline, limits = "sick", 1, 1000, 5.0, None

    def __init__(self, reason, well=None, well_for=10**9):
        self.reason, self.well, self.left = reason, well, well_for if well else 0

    def build(self):
        return "sick-1"

    def voices(self):
        return (VoiceInfo("", "Giọng ốm"),)

    def speak(self, spoken, voice, deadline):
        self.left -= 1
        if self.left < 0:
            raise EngineTrouble(self.reason, "it does not work", 0)
        return self.well.speak(spoken, voice, deadline)

    def close(self):
        pass


class Cast(Voices):
    """Voices of which one is played by somebody else."""

    def __init__(self, preferred, engines):
        super().__init__(preferred)
        self.engines = engines

    def engine(self, name):
        return self.engines.get(name) or super().engine(name)


def test_an_article_becomes_a_published_episode(newsroom, hand_in, work_all):
    episode_id = hand_in()
    assert work_all() == [Step.WRITE, Step.SPEAK, Step.MASTER]
    waiting = newsroom.episodes.get(episode_id)
    assert waiting.state is State.MASTERED
    assert newsroom.editions.latest().total == 0
    newsroom.episodes.approve(episode_id, "chị Sen", waiting.version)
    assert work_all() == [Step.PUBLISH]
    (edition,) = newsroom.editions.latest().editions
    master = edition.master("app")
    sound = newsroom.files.get(master.key)
    assert len(sound) == master.bytes
    assert len(decode(sound)) / 2 / RATE == pytest.approx(master.seconds, abs=0.030)
    sentences = newsroom.editions.get(edition.slug).sentences
    assert len(sentences) == 12
    assert sentences[-1].end_ms / 1000 == pytest.approx(master.seconds - 0.4, abs=0.030)
    assert edition.approved_by == "chị Sen"
    transcript = newsroom.files.get(edition.master("transcript").key).decode()
    assert transcript.count("-->") == 12
    page = newsroom.files.get(edition.master("transcript-page").key).decode()
    assert page.count("<time>") == page.count("<p>") == 2  # the title and one paragraph


def test_editing_one_sentence_of_forty_is_one_engine_call(newsroom, hand_in, work_all):
    episode_id = hand_in(
        paragraphs=(
            " ".join(f"Câu số {n} nói về việc làm đường." for n in range(1, 40)),
        )
    )
    work_all()
    assert newsroom.episodes.get(episode_id).rendering.engine_calls == 40
    newsroom.episodes.say_otherwise(
        episode_id, 7, "câu này được sửa cách đọc", "biên tập"
    )
    assert work_all() == [Step.SPEAK, Step.MASTER]
    edited = newsroom.episodes.get(episode_id)
    assert (edited.rendering.engine_calls, edited.rendering.clips_reused) == (1, 39)
    assert edited.sentences[6].spoken == "câu này được sửa cách đọc"
    newsroom.episodes.regenerate(episode_id, "biên tập", sentences=[3])
    work_all()
    assert newsroom.episodes.get(episode_id).rendering.engine_calls == 1


def test_a_fix_survives_when_the_article_is_edited(newsroom, hand_in, work_all):
    paragraph = "Bà con ra đồng. Trời hôm nay nắng đẹp."
    episode_id = hand_in(paragraphs=(paragraph,), external_id="a")
    work_all()
    newsroom.episodes.say_otherwise(episode_id, 2, "bà con ta ra đồng", "biên tập")
    work_all()
    assert (
        hand_in(paragraphs=(paragraph + " Thêm một câu.",), external_id="a")
        == episode_id
    )
    work_all()
    assert [line.spoken for line in newsroom.episodes.get(episode_id).sentences][
        1
    ] == "bà con ta ra đồng"


def test_a_station_has_its_own_sound_for_horns_and_words_for_its_voice(
    newsroom, hand_in, work_all
):
    said = "Bản tin do giọng đọc máy thể hiện"
    rules = {
        "speaker_tempo": 0.8,
        "speaker_pauses": 1.0,
        "disclosure": "Giọng tổng hợp.",
        "disclosure_spoken": said,
    }
    newsroom.stations.put(
        replace(newsroom.stations.get("suoi-lanh"), approval="trusted", **rules)
    )
    hand_in()
    work_all()
    edition = newsroom.editions.get(newsroom.editions.latest().editions[0].slug)
    assert (edition.sentences[-1].written, edition.disclosure) == (
        said,
        "Giọng tổng hợp.",
    )
    assert edition.sentences[-1].role == "closing"
    assert edition.master("speaker").seconds == pytest.approx(
        edition.master("app").seconds / 0.8, rel=0.02
    )
    tags = ID3(BytesIO(newsroom.files.get(edition.master("app").key)))
    assert [
        str(comment) for comment in tags.getall("COMM") + tags.getall("TXXX:comment")
    ] == ["Giọng tổng hợp."]


def test_a_trusted_station_needs_no_approval(newsroom, hand_in, work_all):
    newsroom.stations.put(
        replace(newsroom.stations.get("suoi-lanh"), approval="trusted")
    )
    hand_in()
    assert work_all()[-1] is Step.PUBLISH
    assert newsroom.editions.latest().editions[0].approved_by == "trusted"


def test_headings_become_chapters(newsroom, hand_in, work_all):
    episode_id = hand_in(
        paragraphs=(
            "Mở đầu bài viết.",
            "Việc cần làm",
            "Bà con chuẩn bị.",
            "Liên hệ",
            "Gọi trưởng thôn.",
        )
    )
    work_all()
    newsroom.episodes.approve(
        episode_id, "a", newsroom.episodes.get(episode_id).version
    )
    work_all()
    edition = newsroom.editions.latest().editions[0]
    chapters = newsroom.files.get(edition.master("chapters").key).decode()
    assert [
        title in chapters for title in ("Xã làm đường", "Việc cần làm", "Liên hệ")
    ] == [True] * 3


@pytest.mark.parametrize(
    ("reason", "held"),
    [
        (Reason.UNREACHABLE, Held.VOICE_UNREACHABLE),
        (Reason.REFUSED, Held.VOICE_REFUSED),
        (Reason.SLOW, Held.VOICE_SLOW),
        (Reason.BAD_SOUND, Held.BAD_SOUND),
        (Reason.UNSPEAKABLE, Held.UNSPEAKABLE),
        (Reason.BROKEN, Held.VOICE_BROKEN),
    ],
)
def test_where_the_rule_is_to_hold_no_other_voice_speaks(
    newsroom, studio, hand_in, work_all, reason, held
):
    newsroom.stations.put(Station("suoi-lanh", "Đài Suối Lành", fallback="hold"))
    episode_id = hand_in()
    cast = Cast([Voice("sick", ""), Voice("tone", "")], {"sick": Sick(reason)})
    work_all(replace(studio, voices=cast))
    episode = newsroom.episodes.get(episode_id)
    assert (episode.state, episode.held) == (State.HELD, held)
    assert episode.held.why
    assert episode.held.remedy


def test_a_provisional_voice_reads_the_whole_and_is_marked(
    newsroom, studio, hand_in, work_all
):
    episode_id = hand_in()
    tone = studio.voices.engine("tone")
    cast = Cast(
        [Voice("sick", ""), Voice("tone", "")],
        {"sick": Sick(Reason.UNREACHABLE, well=tone, well_for=7)},
    )
    work_all(replace(studio, voices=cast))
    episode = newsroom.episodes.get(episode_id)
    assert episode.state is State.MASTERED
    assert (episode.rendering.spoken_by, episode.rendering.provisional) == (
        "tone",
        True,
    )
    assert episode.rendering.engine_calls == 12
    cast.engines["sick"] = Sick(Reason.UNREACHABLE, well=tone)
    newsroom.episodes.regenerate(episode_id, "a")
    work_all(replace(studio, voices=cast))
    assert newsroom.episodes.get(episode_id).rendering.provisional is False


def test_a_voice_nobody_knows_holds_the_episode(newsroom, hand_in, work_all):
    episode_id = hand_in()
    work_all()
    newsroom.episodes.regenerate(episode_id, "a", voice="tone:nobody@77")
    work_all()
    assert newsroom.episodes.get(episode_id).held is Held.UNKNOWN_VOICE
    newsroom.episodes.regenerate(episode_id, "a", voice="tone")
    work_all()
    assert newsroom.episodes.get(episode_id).state is State.MASTERED


def test_clips_lost_to_a_power_cut_are_spoken_again(
    newsroom, studio, hand_in, work_all
):
    """Of words that were never encoded: what is kept of others needs no clips."""
    episode_id = hand_in(
        paragraphs=("Câu một chưa ai đọc. Câu hai cũng thế.", "Câu ba thì mới.")
    )
    assert work_all(most=2) == [Step.WRITE, Step.SPEAK]
    keys = list(newsroom.files.keys("clips/"))
    newsroom.files.delete(keys[0])
    newsroom.files.put(keys[1], b"torn")
    work_all()
    episode = newsroom.episodes.get(episode_id)
    assert episode.state is State.MASTERED
    assert episode.rendering.engine_calls == 2


def test_a_step_that_began_under_an_older_version_drops_its_work(
    newsroom, studio, hand_in, work_all
):
    episode_id = hand_in()
    work_all(most=2)
    job = newsroom.jobs.claim("slow worker", tuple(Lane))
    assert job.step is Step.MASTER
    newsroom.episodes.say_otherwise(episode_id, 3, "đổi câu này", "a")
    work(job, studio)
    work_all()
    episode = newsroom.episodes.get(episode_id)
    assert (episode.state, episode.version) == (State.MASTERED, 2)
    assert all(
        f"masters/{episode_id}/2/" in key
        for key in newsroom.files.keys(f"masters/{episode_id}/")
    )


@pytest.mark.parametrize("step", [Step.WRITE, Step.SPEAK, Step.MASTER])
def test_a_worker_that_dies_at_any_step_is_replaced(newsroom, hand_in, work_all, step):
    episode_id = hand_in()
    work_all(most=[Step.WRITE, Step.SPEAK, Step.MASTER].index(step))
    assert newsroom.jobs.claim("dies", tuple(Lane)).step is step
    assert work_all() == []
    newsroom.jobs.release_all("dies")
    work_all()
    episode = newsroom.episodes.get(episode_id)
    assert (episode.state, episode.version, len(episode.masters)) == (
        State.MASTERED,
        1,
        3,
    )


def test_what_always_fails_is_held_in_the_end(
    newsroom, studio, hand_in, work_all, clock
):
    episode_id = hand_in()
    work_all(most=1)

    class Broken(Voices):
        def order(self, asked, fallback):
            raise ZeroDivisionError("a mistake of ours")

    tries = 0
    while newsroom.jobs.unfinished() and tries < 20:
        tries += len(work_all(replace(studio, voices=Broken([Voice("tone", "")]))))
        clock.ahead += timedelta(minutes=2)
    episode = newsroom.episodes.get(episode_id)
    assert (tries, episode.state, episode.held) == (5, State.HELD, Held.GAVE_UP)
    assert "ZeroDivisionError" in episode.held_detail


def test_stopping_puts_work_down_and_the_next_start_goes_on(
    newsroom, studio, hand_in, work_all
):
    episode_id = hand_in()
    work_all(most=1)
    stop = threading.Event()

    class Slow:
        name, lanes, longest, build = "slow", 1, 999, staticmethod(lambda: "slow-1")
        deadline, limits = 5.0, None

        def voices(self):
            return (VoiceInfo("", ""),)

        def speak(self, spoken, voice, deadline):
            stop.wait(0.3)
            return studio.voices.engine("tone").speak(spoken, voice, deadline)

        def close(self):
            pass

    at = Studio(
        newsroom, Cast([Voice("slow", "")], {"slow": Slow()}), patience=Patience()
    )
    lanes = Lanes(at, "embedded", 1)
    lanes.start()
    threading.Event().wait(1.0)
    lanes.stop()
    assert newsroom.jobs.counts().get("running", 0) == 0
    assert newsroom.episodes.get(episode_id).state is State.WRITTEN
    work_all(at)
    assert newsroom.episodes.get(episode_id).rendering.clips_reused > 0


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority here")
def test_what_is_made_goes_after_who_listens(newsroom, studio, hand_in, work_all):
    hand_in()
    work_all(most=2)
    seen, ours = queue.Queue(), os.getpriority(os.PRIO_PROCESS, 0)

    def make(*_arguments):
        begun = subprocess.run(["nice"], capture_output=True, text=True, check=True)
        seen.put(int(begun.stdout))  # of what a lane begins, as its encoders
        raise Abandoned

    lanes = Lanes(replace(studio, make=make), "embedded", 1)
    lanes.start()
    assert seen.get(timeout=30) == min(19, ours + NICER)
    lanes.stop()
    assert os.getpriority(os.PRIO_PROCESS, 0) == ours


def test_a_sweep_finds_what_nobody_was_told_of(newsroom, hand_in, clock):
    hand_in()
    told = []
    assert sweep(newsroom, lambda job, lane: told.append(lane)) == 0
    clock.ahead += timedelta(minutes=1)
    assert sweep(newsroom, lambda job, lane: told.append(lane)) == 1
    assert told == [Lane.SLOW]


def test_a_lease_that_ends_gives_the_job_to_another(newsroom, hand_in, work_all, clock):
    episode_id = hand_in()
    assert newsroom.jobs.claim("killed", tuple(Lane)) is not None
    assert work_all() == []
    clock.ahead += timedelta(minutes=2)
    assert len(work_all()) == 3
    assert newsroom.episodes.get(episode_id).state is State.MASTERED


def test_urgent_news_overtakes(newsroom, hand_in):
    hand_in("Một")
    urgent = hand_in("Hai", priority="urgent")
    assert newsroom.jobs.claim("a", tuple(Lane)).episode_id == urgent
