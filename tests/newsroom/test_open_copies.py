"""What the public has lies in the open, what it has no longer does not, whatever happens between."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from service.newsroom import Newsroom
from service.newsroom.public.open_copies import OpenCopies
from service.newsroom.store.files import FilesError, Folder, Label
from service.newsroom.values import Station
from tests.web.press import Clock, Press

ROOT = Path(__file__).parents[2]


class Labelled(Folder):
    """A folder that remembers labels, and refuses some keys as a bucket may."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.labels: dict[str, Label] = {}
        self.refused = ""
        self.is_gone = False
        self.copies = 0

    def ping(self) -> None:
        if self.is_gone:
            raise FilesError("the bucket is away")

    def copy(self, key: str, to: str, label: Label) -> None:
        self.copies += 1
        if self.is_gone or (self.refused and self.refused in to):
            raise FilesError(f"{key}: the bucket is away")
        super().copy(key, to, label)
        self.labels[to] = label


@pytest.fixture
def newsroom(tmp_path: Path, migrated: bytes) -> Iterator[Newsroom]:
    (tmp_path / "loa.db").write_bytes(migrated)
    room = Newsroom.open(
        f"sqlite:///{tmp_path}/loa.db",
        Labelled(tmp_path / "files"),
        ROOT / "migrations",
        now=Clock(),
    )
    room.stations.put(Station("suoi-lanh", "Đài Suối Lành"))
    yield room
    room.database.close()


@pytest.fixture
def press(newsroom: Newsroom) -> Press:
    return Press(newsroom, lite=True)


def lying_open(newsroom: Newsroom) -> list[str]:
    return [entry.key for entry in newsroom.files.entries("media/")]


def test_what_is_public_lies_open_and_drafts_do_not(
    newsroom: Newsroom, press: Press
) -> None:
    episode = press.publish("Làm đường")
    press.receive("Chưa duyệt")
    press.work()
    assert newsroom.open_copies.settle(wanted=True) == 2
    here = f"media/{episode.id}/1"
    assert lying_open(newsroom) == [f"{here}/app-1.mp3", f"{here}/lite-1.opus"]
    assert isinstance(newsroom.files, Labelled)
    label = newsroom.files.labels[f"{here}/app-1.mp3"]
    assert label.mime == "audio/mpeg"
    assert label.disposition == 'attachment; filename="lam-duong-1.mp3"'
    assert label.cached == "public, max-age=30"
    assert newsroom.editions.media(episode.id, 1, "app-1.mp3").has_open_copy
    assert newsroom.open_copies.settle(wanted=True) == 0


def test_a_withdrawn_episode_and_a_superseded_version_are_taken_away(
    newsroom: Newsroom, press: Press
) -> None:
    gone, corrected = press.publish("Sai"), press.publish("Sửa")
    newsroom.open_copies.settle(wanted=True)
    newsroom.episodes.withdraw(gone.id, "sai số liệu", "chị Chi")
    press.again(corrected.id)
    newsroom.open_copies.settle(wanted=True)
    here = f"media/{corrected.id}/2"
    assert lying_open(newsroom) == [f"{here}/app-2.mp3", f"{here}/lite-2.opus"]


def test_without_the_setting_nothing_lies_open(
    newsroom: Newsroom, press: Press
) -> None:
    press.publish()
    newsroom.open_copies.settle(wanted=True)
    assert newsroom.open_copies.settle(wanted=False) == 2
    assert lying_open(newsroom) == []


def test_one_that_cannot_be_copied_keeps_no_other_and_is_tried_again(
    newsroom: Newsroom, press: Press
) -> None:
    episode = press.publish()
    assert isinstance(newsroom.files, Labelled)
    newsroom.files.refused = "app"
    assert newsroom.open_copies.settle(wanted=True) == 1
    assert not newsroom.editions.media(episode.id, 1, "app-1.mp3").has_open_copy
    newsroom.files.refused = ""
    assert newsroom.open_copies.settle(wanted=True) == 1
    assert newsroom.editions.media(episode.id, 1, "app-1.mp3").has_open_copy


def test_a_store_that_is_away_is_not_waited_for_with_each_copy(
    newsroom: Newsroom, press: Press
) -> None:
    for n in range(3):
        press.publish(f"Tin {n}")
    assert isinstance(newsroom.files, Labelled)
    newsroom.files.is_gone = True
    with pytest.raises(FilesError):
        newsroom.open_copies.settle(wanted=True)
    assert newsroom.files.copies == 1
    newsroom.files.is_gone = False
    assert newsroom.open_copies.settle(wanted=True) == 6


def test_a_clock_that_dies_in_the_middle_leaves_no_copy_without_a_row(
    newsroom: Newsroom, press: Press
) -> None:
    class Dying(Labelled):
        def copy(self, key: str, to: str, label: Label) -> None:
            super().copy(key, to, label)
            raise KeyboardInterrupt

    episode = press.publish()
    assert isinstance(newsroom.files, Labelled)
    dying = OpenCopies(newsroom.database, Dying(newsroom.files.root))
    with pytest.raises(KeyboardInterrupt):
        dying.settle(wanted=True)
    assert len(lying_open(newsroom)) == 1
    newsroom.episodes.withdraw(episode.id, "sai", "chị Chi")
    newsroom.open_copies.settle(wanted=True)
    assert lying_open(newsroom) == []


def test_a_copy_that_another_clock_took_away_meanwhile_does_not_stay(
    newsroom: Newsroom, press: Press
) -> None:
    episode = press.publish()

    class Slow(Labelled):
        def copy(self, key: str, to: str, label: Label) -> None:
            if newsroom.episodes.get(episode.id).state == "published":
                newsroom.episodes.withdraw(episode.id, "sai", "chị Chi")
            newsroom.open_copies.settle(wanted=True)
            super().copy(key, to, label)

    assert isinstance(newsroom.files, Labelled)
    OpenCopies(newsroom.database, Slow(newsroom.files.root)).settle(wanted=True)
    newsroom.open_copies.settle(wanted=True)
    # The row came again with the second sound; what it tells of goes at the next look.
    OpenCopies(newsroom.database, newsroom.files).settle(wanted=True)
    assert lying_open(newsroom) == []


def test_a_copy_that_another_clock_makes_while_it_is_taken_away_does_not_stay(
    newsroom: Newsroom, press: Press
) -> None:
    """The other copies and confirms between the deletion and the forgetting of its row."""
    episode = press.publish()
    newsroom.open_copies.settle(wanted=True)
    newsroom.episodes.withdraw(episode.id, "sai", "chị Chi")

    class Overtaken(Labelled):
        def delete(self, key: str) -> None:
            super().delete(key)
            if key not in again:
                again.add(key)
                path = self.root / key
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(b"the other clock's copy")

    again: set[str] = set()
    assert isinstance(newsroom.files, Labelled)
    taking = OpenCopies(newsroom.database, Overtaken(newsroom.files.root))
    taking.settle(wanted=True)
    assert len(again) == 2
    assert lying_open(newsroom) == []


def test_a_copy_without_a_row_goes_when_a_clock_starts(
    newsroom: Newsroom, press: Press
) -> None:
    """Of a clock that died after another had taken the row away."""
    episode, public = press.publish("Sai"), press.publish("Đúng")
    assert isinstance(newsroom.files, Labelled)
    newsroom.episodes.withdraw(episode.id, "sai", "chị Chi")
    left = [
        f"media/{episode.id}/1/app-1.mp3",
        f"media/{episode.id}/7/app-7.mp3",
        "media/99999999/1/app-1.mp3",
    ]
    for key in (*left, "media/loi-chao.mp3"):  # the last is nobody's copy
        newsroom.files.put(key, b"left behind")
    OpenCopies(newsroom.database, newsroom.files).settle(wanted=True)
    here = f"media/{public.id}/1"
    assert lying_open(newsroom) == [
        f"{here}/app-1.mp3",
        f"{here}/lite-1.opus",
        "media/loi-chao.mp3",
    ]


def test_a_store_that_cannot_be_listed_keeps_no_copy_from_going(
    newsroom: Newsroom, press: Press
) -> None:
    class Unlisted(Labelled):
        is_away = True

        def keys(self, prefix: str) -> Iterator[str]:
            if self.is_away:
                raise FilesError("the bucket is away")
            return super().keys(prefix)

    episode, other = press.publish("Sai"), press.publish("Cũng sai")
    newsroom.open_copies.settle(wanted=True)
    newsroom.episodes.withdraw(episode.id, "sai", "chị Chi")
    assert isinstance(newsroom.files, Labelled)
    files = Unlisted(newsroom.files.root)
    copies = OpenCopies(newsroom.database, files)
    newsroom.files.put("media/99999999/1/app-1.mp3", b"left behind")
    copies.settle(wanted=True)
    assert len(lying_open(newsroom)) == 3
    files.is_away = False
    newsroom.episodes.withdraw(other.id, "sai", "chị Chi")
    copies.settle(wanted=True)
    assert lying_open(newsroom) == []


def test_a_backup_knows_of_no_open_copies(
    newsroom: Newsroom, press: Press, tmp_path: Path
) -> None:
    from service.newsroom.store.backup import back_up, restore

    press.publish()
    newsroom.open_copies.settle(wanted=True)
    back_up(tmp_path, tmp_path / "b.tar.gz")
    restore(tmp_path / "b.tar.gz", tmp_path / "other")
    with closing(sqlite3.connect(tmp_path / "other" / "loa.db")) as database:
        assert database.execute("SELECT count(*) FROM open_copy").fetchone() == (0,)
    assert not (tmp_path / "other" / "files" / "media").exists()
