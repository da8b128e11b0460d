"""A home is kept as one file and comes back whole, or not at all; nothing else comes with it."""

import io
import os
import sqlite3
import stat
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from loa.assembly import MIGRATIONS
from loa.privacy import tighten
from service.newsroom import Newsroom
from service.newsroom.errors import Conflict, Invalid
from service.newsroom.store.backup import back_up, restore
from service.newsroom.store.copies import settle
from service.newsroom.store.database import utc_now
from service.newsroom.store.files import Folder, rename_over
from service.newsroom.store.numbering import LIFTED_BY
from service.newsroom.values import NewArticle, Term


@pytest.fixture
def kept(newsroom, tmp_path):
    """A backup of the newsroom, which goes on."""
    newsroom.files.put("masters/a.mp3", b"sound")
    newsroom.files.put("clips/a.pcm", b"can be spoken again")
    newsroom.people.secret("session")
    newsroom.people.secret("other")
    (tmp_path / "first-login.txt").write_text("sen")
    out = tmp_path / "kept.tar.gz"
    assert back_up(tmp_path, out) == out.stat().st_size
    return out


def test_what_was_kept_comes_back(kept, tmp_path):
    home = tmp_path / "other"
    restore(kept, home)
    assert sorted(path.name for path in home.iterdir()) == ["files", "loa.db"]
    found = Newsroom.open(
        f"sqlite:///{home}/loa.db", Folder(home / "files"), MIGRATIONS
    )
    assert [station.slug for station in found.stations.all()] == ["suoi-lanh"]
    assert found.files.get("masters/a.mp3") == b"sound"
    assert not (home / "files" / "clips").exists()
    found.database.close()
    with pytest.raises(Conflict):
        restore(kept, home)


@pytest.fixture
def restored(tmp_path):
    """Opens what comes of a backup: in a home of that name, at a time."""
    opened = []

    def restored(kept, name, at=None):
        home = tmp_path / name
        restore(kept, home)
        place = (f"sqlite:///{home}/loa.db", Folder(home / "files"), MIGRATIONS)
        opened.extend(Newsroom.open(*place) for _ in range(2))
        settle(opened[-1].database, (lambda: at) if at else utc_now)
        return opened[-2:]

    yield restored
    for each in opened:
        each.database.close()


def test_no_number_of_before_a_restore_is_given_out_again(newsroom, tmp_path, restored):
    """Not by the process that restored, nor by another, and those that come go on from there."""
    out = tmp_path / "kept.tar.gz"
    back_up(tmp_path, out)
    late = [hand_in(newsroom, f"Sau bản sao {n}") for n in range(3)]
    first, second = restored(out, "other")
    numbers = [hand_in(each, f"Sau {n}") for n, each in enumerate((first, second) * 2)]
    least = max(late) + LIFTED_BY // 2
    assert numbers[0] > least
    assert numbers == list(range(numbers[0], numbers[0] + 4))
    assert first.episodes.get(numbers[0]).article_id > least
    term = first.terms.put(Term("HTX", "hợp tác xã"), "sen")
    assert term.id > least


def test_what_is_rolled_back_after_a_restore_gives_no_number_free(kept, restored):
    room, _ = restored(kept, "other")
    good = Term("HTX", "hợp tác xã"), Term("UBND", "ủy ban")
    with pytest.raises(Invalid):
        room.terms.put_all((*good, Term("", "không có chữ")), "sen")
    assert room.terms.put(good[0], "sen").id > LIFTED_BY // 2


def test_rows_that_statements_write_have_such_numbers_too(kept, tmp_path, restored):
    room, _ = restored(kept, "other")
    for name in ("Chợ phiên", "Mùa vụ"):
        hand_in(room, f"Tin về {name}", topic=name)
    with sqlite3.connect(tmp_path / "other" / "loa.db") as database:
        (first,), (second,) = database.execute("SELECT id FROM topic ORDER BY id")
    assert first > LIFTED_BY // 2
    assert second == first + 1


def test_the_same_backup_restored_twice_gives_other_numbers(kept, restored):
    """What was told from the first stands in portals when the second begins."""
    at = datetime(2026, 11, 28, tzinfo=UTC)
    one, _ = restored(kept, "one", at)
    two, _ = restored(kept, "two", at + timedelta(hours=1))
    early = [hand_in(one, f"Lần một, tin {n}") for n in range(3)]
    assert hand_in(two, "Lần hai") > max(early) + 1000
    assert hand_in(two, "Lần hai nữa") < 2**31


def hand_in(newsroom, title, topic=""):
    paragraphs = (f"{title}, bà con chú ý.",)
    article = NewArticle(title, paragraphs, title, ("suoi-lanh",), topic=topic)
    return newsroom.articles.receive(article, "test").episode_id


def test_a_backup_opens_no_door_by_itself(kept, tmp_path, newsroom):
    """Neither the key that signs sessions nor the first password is in it; other secrets are."""
    restore(kept, tmp_path / "other")
    with sqlite3.connect(tmp_path / "other" / "loa.db") as database:
        assert database.execute("SELECT name FROM secret").fetchall() == [("other",)]
    key = newsroom.people.secret("session").encode()
    with tarfile.open(kept) as archive:
        assert not any(key in archive.extractfile(member).read() for member in archive)


@pytest.mark.skipif(os.name != "posix", reason="Windows has rights of its own")
def test_a_backup_and_what_comes_of_it_are_the_owner_s_alone(kept, tmp_path):
    home = tmp_path / "other"
    restore(kept, home)
    for path in (kept, home, *filter(Path.is_file, home.rglob("*"))):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


@pytest.mark.skipif(os.name != "posix", reason="Windows has rights of its own")
def test_what_others_could_read_is_taken_from_them_at_start(tmp_path):
    names = [
        "loa.db",
        "loa.db-wal",
        "loa.db-shm",
        "first-login.txt",
        "someone-else.txt",
    ]
    for name in names:
        (tmp_path / name).touch()
        (tmp_path / name).chmod(0o644)
    (tmp_path / "files").mkdir(mode=0o755)
    tmp_path.chmod(0o755)
    tighten(tmp_path)
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()
    }
    assert modes == dict.fromkeys(names[:4], 0o600) | {
        "someone-else.txt": 0o644,
        "files": 0o700,
    }
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    tighten(tmp_path / "nothing")


def member(name, data=b"", **fields):
    found = tarfile.TarInfo(name)
    found.size = len(data)
    for field, value in fields.items():
        setattr(found, field, value)
    return found, io.BytesIO(data)


# As GNU tar writes a file of holes: a few bytes that claim to be a terabyte.
SPARSE = {
    "GNU.sparse.major": "1",
    "GNU.sparse.minor": "0",
    "GNU.sparse.name": "files/masters/x",
    "GNU.sparse.realsize": str(1 << 40),
}


@pytest.mark.parametrize(
    "strange",
    [
        member("sitecustomize.py", b"import os"),
        member(".bashrc", b"echo"),
        member("loa.db-wal", b"x"),
        member("files/ping", b"x"),
        member("files/clips/aa.pcm", b"x"),
        member("files/masters/../../x", b"x"),
        member("files/masters//x", b"x"),
        member("files/masters/.hidden", b"x"),
        member("/etc/cron.d/x", b"x"),
        member("files\\masters\\x", b"x"),
        member("files/masters/x", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        member("files/masters/x", type=tarfile.LNKTYPE, linkname="loa.db"),
        member("files/masters/x", type=tarfile.CHRTYPE),
        member("files/masters/x", type=tarfile.FIFOTYPE),
        member("files/masters/x", type=tarfile.DIRTYPE),
        member("files/masters/x", type=tarfile.BLKTYPE),
        member("files/masters/x", type=tarfile.CONTTYPE),
        member("files/masters/x", type=tarfile.GNUTYPE_SPARSE),
        member("files/masters/x", type=b"Z"),
        member("loa.db", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        member("files", type=tarfile.SYMTYPE, linkname="/etc"),
        member("files/masters", type=tarfile.SYMTYPE, linkname="../.."),
        member("files/masters/harmless", pax_headers={"path": "../x"}),
        member("files/masters/x", b"1\n0\n1\n" + b"\0" * 506, pax_headers=SPARSE),
        member("files/masters/a.mp3", b"twice"),
        member("files/masters/" + "x" * 400, b"x"),
    ],
    ids=lambda each: each[0].name[:30],
)
def test_what_no_backup_holds_is_refused_before_anything_is_written(
    kept, tmp_path, strange
):
    spoilt = tmp_path / "spoilt.tar.gz"
    with tarfile.open(kept) as old, tarfile.open(spoilt, "w:gz") as new:
        for each in old:
            new.addfile(each, old.extractfile(each))
        new.addfile(*strange)
    with pytest.raises(Invalid, match="no backup"):
        restore(spoilt, tmp_path / "other")
    assert list((tmp_path / "other").iterdir()) == []


def test_a_backup_of_a_former_release_is_taken_without_its_first_password(
    kept, tmp_path
):
    former = tmp_path / "former.tar.gz"
    with tarfile.open(kept) as old, tarfile.open(former, "w:gz") as new:
        for each in old:
            new.addfile(each, old.extractfile(each))
        new.addfile(*member("first-login.txt", b"admin abc"))
    restore(former, tmp_path / "other")
    assert not (tmp_path / "other" / "first-login.txt").exists()


def test_rights_in_an_archive_are_not_taken(kept, tmp_path):
    spoilt = tmp_path / "spoilt.tar.gz"
    with tarfile.open(kept) as old, tarfile.open(spoilt, "w:gz") as new:
        for each in old:
            each.mode = 0o6777
            new.addfile(each, old.extractfile(each))
    restore(spoilt, tmp_path / "other")
    assert stat.S_IMODE((tmp_path / "other" / "loa.db").stat().st_mode) & 0o7077 == 0


@pytest.mark.parametrize("name", ["loa.db", "files/masters/x"])
def test_a_bomb_is_refused_before_it_bursts(tmp_path, name):
    """A hundred megabytes of nothing in a few kilobytes."""
    bomb = tmp_path / "bomb.tar.gz"
    with tarfile.open(bomb, "w:gz", compresslevel=1) as new:
        nothing = tarfile.TarInfo(name)
        nothing.size = 120_000_000
        new.addfile(nothing, io.BytesIO(bytes(nothing.size)))
    with pytest.raises(Invalid, match="unpacks to more"):
        restore(bomb, tmp_path / "other")
    assert list((tmp_path / "other").iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such pipes and links")
def test_what_is_no_file_is_not_waited_for_nor_followed(kept, tmp_path, newsroom):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for source in (pipe, tmp_path, Path("/dev/zero")):
        with pytest.raises(Invalid, match="no backup"):
            restore(source, tmp_path / "other")
    masters = tmp_path / "files" / "masters"
    os.mkfifo(masters / "pipe.mp3")
    (masters / "outside.mp3").symlink_to("/etc/hostname")
    (masters / "folder").symlink_to("/etc")
    os.link(masters / "a.mp3", masters / "twin.mp3")
    back_up(tmp_path, kept)
    restore(kept, tmp_path / "other")
    found = sorted(path.name for path in (tmp_path / "other/files/masters").rglob("*"))
    assert found == ["a.mp3", "twin.mp3"], (
        "a file of two names is two files, and comes back"
    )


@pytest.mark.skipif(os.name != "posix", reason="Windows has links of its own")
def test_a_home_that_leads_elsewhere_is_not_written_through(kept, tmp_path):
    home, outside = tmp_path / "other", tmp_path / "outside"
    home.mkdir()
    (home / "files").symlink_to(outside)  # dangling: nobody made it yet
    with pytest.raises((Invalid, Conflict)):
        restore(kept, home)
    assert not outside.exists()
    assert not (home / "loa.db").exists()


def test_what_there_is_no_room_for_is_refused(kept, tmp_path):
    with pytest.raises(Invalid, match="free"):
        restore(kept, tmp_path / "other", free=lambda home: 1_000)
    assert list((tmp_path / "other").iterdir()) == []


def test_a_database_that_is_none_is_refused(tmp_path):
    spoilt = tmp_path / "spoilt.tar.gz"
    with tarfile.open(spoilt, "w:gz") as new:
        new.addfile(*member("loa.db", b"#!/bin/sh"))
    with pytest.raises(Invalid, match="no database"):
        restore(spoilt, tmp_path / "other")
    assert list((tmp_path / "other").iterdir()) == []


def test_a_file_that_a_scanner_has_open_is_replaced_a_little_later():
    waits = []

    def rename(_source, _target):
        if len(waits) < 3:
            raise PermissionError("in use")

    rename_over("a", "b", tries=6, rename=rename, pause=waits.append)
    assert waits == [0.1, 0.2, 0.4]
    with pytest.raises(PermissionError):
        rename_over(
            "a", "b", tries=2, rename=lambda *_: rename_fails(), pause=waits.append
        )


def rename_fails():
    raise PermissionError("in use")


@pytest.mark.parametrize(
    "spoil",
    [lambda data: data[: len(data) // 2], lambda data: b"", lambda data: b"no archive"],
)
def test_half_a_backup_leaves_nothing_behind(kept, tmp_path, spoil):
    kept.write_bytes(spoil(kept.read_bytes()))
    with pytest.raises(Invalid, match="no backup"):
        restore(kept, tmp_path / "other")
    assert list((tmp_path / "other").iterdir()) == []
