"""How often the store is asked for an article: in a bucket each call is paid for, and waited for."""

from collections import Counter
from dataclasses import replace

import pytest

from audio.bundle import MOST_SMALL, VOLUME_BYTES, Bundle
from audio.clips import Memory
from audio.master import make
from loa.assembly import MIGRATIONS
from service.newsroom import Newsroom
from service.newsroom.values import State
from tests.conftest import QUICK, Unsynced

TITLE = "Xã ta làm đường"
SENTENCES = (
    "Sáng nay bà con ra đồng sớm.",
    "Nước đã về tới thôn trên.",
    "Thôn dưới còn phải chờ.",
    "Trâu bò nhớ nhốt trong chuồng.",
    "Tối mai họp ở nhà văn hóa.",
)
# A clip is looked for and kept; an article has as many as sentences, and a title.
OF_A_CLIP = 2
# Eight files that people get, and the bundle of what was encoded: looked for, a volume, its index.
BESIDE = 8 + 3
MOST_AT_AN_EDIT = 20


class Counted(Unsynced):
    """A folder that counts what it is asked for, as a bucket does on its bill."""

    def __init__(self, root):
        super().__init__(root)
        self.calls = Counter()

    def put(self, key, data, *, durable=False):
        self.calls[f"put {key.partition('/')[0]}"] += 1
        super().put(key, data)

    def get(self, key):
        self.calls[f"get {key.partition('/')[0]}"] += 1
        return super().get(key)

    def local(self, key):
        """It is elsewhere."""

    def delete(self, key):
        self.calls["delete"] += 1
        super().delete(key)


@pytest.fixture
def newsroom(newsroom, tmp_path, clock):
    url = newsroom.database.url.render_as_string()
    files = Counted(tmp_path / "files")
    found = Newsroom.open(url, files, MIGRATIONS, now=clock, hasher=QUICK)
    yield found
    found.database.close()


def test_an_article_costs_few_calls_and_an_edit_of_it_fewer(
    newsroom, studio, hand_in, work_all
):
    at = replace(studio, make=make)
    number = hand_in(TITLE, (" ".join(SENTENCES),))
    work_all(at)
    episode = newsroom.episodes.get(number)
    assert episode.state is State.MASTERED
    calls = newsroom.files.calls
    assert calls.total() <= OF_A_CLIP * len(episode.sentences) + BESIDE, calls
    calls.clear()
    newsroom.episodes.say_otherwise(number, 2, "nước đã về đến thôn trên", "lan")
    work_all(at)
    assert newsroom.episodes.get(number).state is State.MASTERED
    assert calls.total() <= MOST_AT_AN_EDIT, calls
    assert calls["get clips"] <= 1, "the one that changed is looked for"


def bundled(shelf, **records):
    bundle = Bundle(shelf, "tin")
    for key, record in records.items():
        bundle.put(key, record)
    bundle.close()


def test_a_bundle_gives_back_what_makings_before_put_into_it():
    shelf = Memory()
    bundled(shelf, one=b"1", other=b"22")
    bundled(shelf, third=b"333")
    again = Bundle(shelf, "tin")
    assert [again.get(key) for key in ("one", "other", "third", "none")] == [
        b"1",
        b"22",
        b"333",
        None,
    ]
    assert Bundle(shelf, "another").get("one") is None


def test_many_edits_leave_few_volumes_and_only_what_is_needed():
    shelf = Memory()
    bundled(shelf, kept=b"kept", dropped=b"dropped")
    for n in range(3 * MOST_SMALL):
        bundle = Bundle(shelf, "tin")
        assert bundle.get("kept") == b"kept"
        bundle.put(f"edit {n}", b"x")
        bundle.close()
    calls = Counter()

    class Asked(Memory):
        def get(self, key):
            calls["get"] += 1
            return shelf.get(key)

    last = Bundle(Asked(), "tin")
    assert (last.get("kept"), last.get("dropped")) == (b"kept", None)
    assert calls["get"] <= 1 + MOST_SMALL


def test_a_long_one_is_laid_down_as_it_grows_and_a_lost_volume_loses_itself_alone():
    shelf = Memory()
    bundle = Bundle(shelf, "tin")
    bundle.put("first", first := bytes(VOLUME_BYTES))
    assert len(shelf.clips) == 2, "a volume and the index, before anybody closes it"
    bundle.put("last", b"last")
    bundle.close()
    volume = next(key for key, data in shelf.clips.items() if len(data) > len(first))
    del shelf.clips[volume]
    again = Bundle(shelf, "tin")
    assert (again.get("first"), again.get("last")) == (None, b"last")
