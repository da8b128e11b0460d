"""What a voice over a network can do to whole episodes: each ends right, or held with its reason,
after few calls.
"""

import ssl
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from audio.booth import Patience
from audio.engines import open_engine
from audio.ffmpeg import decode
from audio.voice import RATE, Voice
from service.newsroom.errors import Held
from service.newsroom.values import State
from tests.audio.edge_stand_in import EdgeStandIn, Redirected
from tests.audio.google_stand_in import GoogleStandIn
from tests.workers.test_line import Cast
from workers.renewal import LOOK_EVERY, PROBE_EVERY, Renewal
from workers.throttle import SharedThrottle

EPISODES = 3
NEWS = tuple(
    f"Câu thứ {n} nói về việc làm đường." for n in ("một", "hai", "ba", "tư", "năm")
)
CLIPS = len(NEWS) + 1  # with the title


class Network:
    """One engine's way to the far end, to nobody, or to somebody without its certificate."""

    def __init__(self, folder):
        self.bing = EdgeStandIn(folder)
        self.google = GoogleStandIn()
        self.stranger = GoogleStandIn(self.bing.certificate)

    def engine(self, name, mood):
        if name == "gtts":
            urls = {"nobody": "http://127.0.0.1:9", "stranger": self.stranger.url}
            engine = open_engine("gtts", base_url=urls.get(mood, self.google.url))
        else:
            connectors = {
                "nobody": partial(Redirected, 9, ssl.create_default_context()),
                "stranger": partial(self.bing.connector, trusting=False),
            }
            engine = open_engine(
                "edge", connector=connectors.get(mood, self.bing.connector)
            )
        engine.deadline = 0.3 if mood in ("slow", "drip") else 10.0
        return engine

    def far_end(self, name, mood="well", script=(), retry_after=""):
        """The stand-in, in that mood for good, or well after the script."""
        found = {"gtts": self.google, "edge": self.bing}[name]
        found.asked[:], found.script[:], found.mood, found.retry_after = (
            [],
            script,
            mood,
            retry_after,
        )
        return found

    def close(self):
        for stand_in in (self.bing, self.google, self.stranger):
            stand_in.close()


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    found = Network(tmp_path_factory.mktemp("network"))
    yield found
    found.close()


@pytest.fixture
def line(newsroom, studio, clock):
    """The line whose network voice comes before the humming one; waiting turns the clock."""

    def line(engine, rule="hold"):
        newsroom.stations.put(
            replace(newsroom.stations.get("suoi-lanh"), fallback=rule)
        )

        def sleep(seconds):
            clock.ahead += timedelta(seconds=seconds)

        cast = Cast([Voice(engine.name, ""), Voice("tone", "")], {engine.name: engine})
        return replace(
            studio,
            voices=cast,
            throttle=SharedThrottle(newsroom.engines),
            patience=Patience(sleep=sleep),
        )

    return line


@pytest.fixture
def read(newsroom, hand_in, work_all):
    """Episodes, as far as the line takes them."""

    def read(at, count=EPISODES):
        numbers = [hand_in(f"Tin thứ {n + 1}", NEWS) for n in range(count)]
        work_all(at)
        return [newsroom.episodes.get(number) for number in numbers]

    return read


FAULTS = [  # what happens at every call; how three episodes are held; the calls they cost together
    ("nobody", Held.VOICE_UNREACHABLE, 4),
    ("stranger", Held.VOICE_UNREACHABLE, 4),
    ("hang up", Held.VOICE_UNREACHABLE, 4),
    ("broken off", Held.VOICE_UNREACHABLE, 4),
    ("torn", Held.VOICE_UNREACHABLE, 4),
    ("html", Held.VOICE_UNREACHABLE, 4),
    ("500", Held.VOICE_UNREACHABLE, 4),
    ("slow", Held.VOICE_SLOW, 2),
    ("429", Held.VOICE_REFUSED, 4),
    ("503", Held.VOICE_REFUSED, 4),
    ("404", Held.VOICE_BROKEN, EPISODES),
    ("silence", Held.BAD_SOUND, 4 * EPISODES),
    ("short", Held.BAD_SOUND, 4 * EPISODES),
]
OF_ONE = [
    ("gtts", "empty", Held.BAD_SOUND, 4 * EPISODES),
    ("gtts", "drip", Held.VOICE_SLOW, 2),
]


@pytest.mark.parametrize(
    ("name", "mood", "held", "calls"),
    [(name, *fault) for name in ("gtts", "edge") for fault in FAULTS] + OF_ONE,
)
def test_a_fault_that_stays_holds_with_its_reason_after_few_calls(
    newsroom, network, line, read, name, mood, held, calls
):
    far_end = network.far_end(name, mood)
    episodes = read(line(network.engine(name, mood)))
    assert [(episode.state, episode.held) for episode in episodes] == [
        (State.HELD, held)
    ] * EPISODES
    assert all(episode.held_detail for episode in episodes)
    assert newsroom.engines.get(name).calls == calls
    assert len(far_end.asked) == (0 if mood in ("nobody", "stranger") else calls)
    assert (
        list(newsroom.files.keys("clips/"))
        == list(newsroom.files.keys("masters/"))
        == []
    )


@pytest.mark.parametrize("name", ["gtts", "edge"])
@pytest.mark.parametrize(
    "mood",
    ["torn", "broken off", "html", "429", "503", "500", "silence", "short", "hang up"],
)
def test_a_fault_that_passes_costs_one_call_more_and_the_episode_is_right(
    newsroom, network, line, read, name, mood
):
    far_end = network.far_end(name, script=["well", "well", mood])
    (episode,) = read(line(network.engine(name, mood)), 1)
    assert episode.state is State.MASTERED
    assert (episode.rendering.spoken_by, episode.rendering.provisional) == (name, False)
    assert CLIPS < len(far_end.asked) <= CLIPS + 2  # after bad sound in two pieces
    assert newsroom.engines.get(name).away_since is None
    app = next(master for master in episode.masters if master.kind == "app")
    assert len(decode(newsroom.files.get(app.key))) / 2 / RATE == pytest.approx(
        app.seconds, abs=0.030
    )
    assert app.seconds > 2.0 * CLIPS  # each clip whole: two seconds of a hum


@pytest.mark.parametrize("name", ["gtts", "edge"])
@pytest.mark.parametrize(
    ("mood", "calls"), [("nobody", 4), ("slow", 2), ("429", 4), ("html", 4), ("404", 2)]
)
def test_where_the_rule_is_provisional_whole_episodes_are_read_by_another_voice(
    newsroom, network, line, read, name, mood, calls
):
    network.far_end(name, mood)
    episodes = read(line(network.engine(name, mood), "provisional"), 2)
    assert [episode.state for episode in episodes] == [State.MASTERED] * 2
    assert [
        (each.rendering.spoken_by, each.rendering.provisional) for each in episodes
    ] == [("tone", True)] * 2
    assert newsroom.engines.get(name).calls == calls


@pytest.mark.parametrize("name", ["gtts", "edge"])
def test_who_asks_to_be_left_alone_for_long_is_left_alone(
    newsroom, network, line, read, work_all, clock, name
):
    far_end = network.far_end(name, "429", retry_after="1200")
    at = line(network.engine(name, "429"))
    (episode,) = read(at, 1)
    assert (episode.held, len(far_end.asked)) == (Held.VOICE_REFUSED, 1)
    renewal = Renewal(newsroom, name)
    for _ in range(19):
        clock.ahead += timedelta(minutes=1)
        renewal.look()
        work_all(at)
    assert len(far_end.asked) == 1
    far_end.mood = "well"
    for _ in range(3):
        clock.ahead += timedelta(minutes=1)
        renewal.look()
        work_all(at)
    assert newsroom.episodes.get(episode.id).state is State.MASTERED
    assert len(far_end.asked) == 1 + 1 + CLIPS  # refused, the probe, and the episode


@pytest.mark.parametrize("name", ["gtts", "edge"])
def test_who_asks_for_a_short_wait_is_given_it(network, line, read, clock, name):
    network.far_end(name, script=["429", "429"], retry_after="7")
    (episode,) = read(line(network.engine(name, "429")), 1)
    assert episode.state is State.MASTERED
    assert clock.ahead >= timedelta(seconds=14)


@pytest.mark.parametrize("name", ["gtts", "edge"])
def test_an_outage_in_the_middle_costs_one_probe_at_a_time_and_ends_by_itself(
    newsroom, network, line, read, work_all, clock, name
):
    far_end = network.far_end(name, "503", script=["well"] * 3)
    at = line(network.engine(name, "503"))
    episodes = read(at)
    assert {episode.held for episode in episodes} == {Held.VOICE_REFUSED}
    begun = len(far_end.asked)
    # Four tries of each sentence under way when the far end went, whichever ends first.
    assert begun <= 3 + 4 * at.voices.engine(name).lanes
    renewal = Renewal(newsroom, name)
    for _ in range(90):  # half an hour
        clock.ahead += LOOK_EVERY
        renewal.look()
        work_all(at)
    probes = len(far_end.asked) - begun
    # After 0.5, 1.5, 3.5, 7.5, 15.5 and 25.5 minutes, each seen at the next look
    assert 5 <= probes <= 7
    assert newsroom.engines.get(name).away_since is not None
    far_end.mood = "well"
    while newsroom.episodes.awaiting_voice():
        clock.ahead += LOOK_EVERY
        renewal.look()
        work_all(at)
        assert clock.ahead < timedelta(minutes=30) + 2 * PROBE_EVERY
    assert {newsroom.episodes.get(episode.id).state for episode in episodes} == {
        State.MASTERED
    }
    # What was spoken before is used
    assert len(far_end.asked) == begun + probes + 1 + CLIPS + EPISODES - 1 - 3
    assert newsroom.engines.get(name).away_since is None
