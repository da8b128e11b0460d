"""A home is kept as one file and comes back whole, or not at all."""

import pytest

from loa.assembly import MIGRATIONS
from service.newsroom import Newsroom
from service.newsroom.errors import Conflict, Invalid
from service.newsroom.store.backup import back_up, restore
from service.newsroom.store.files import Folder


@pytest.fixture
def kept(newsroom, tmp_path):
    """A backup of the newsroom, which goes on."""
    newsroom.files.put("masters/a.mp3", b"sound")
    newsroom.files.put("clips/a.pcm", b"can be spoken again")
    (tmp_path / "first-login.txt").write_text("sen")
    out = tmp_path / "kept.tar.gz"
    assert back_up(tmp_path, out, ("first-login.txt", "nothing.txt")) == out.stat().st_size
    return out


def test_what_was_kept_comes_back(kept, tmp_path):
    home = tmp_path / "other"
    restore(kept, home)
    assert sorted(path.name for path in home.iterdir()) == ["files", "first-login.txt", "loa.db"]
    found = Newsroom.open(f"sqlite:///{home}/loa.db", Folder(home / "files"), MIGRATIONS)
    assert [station.slug for station in found.stations.all()] == ["suoi-lanh"]
    assert found.files.get("masters/a.mp3") == b"sound"
    assert not (home / "files" / "clips").exists()
    found.database.close()
    with pytest.raises(Conflict):
        restore(kept, home)


@pytest.mark.parametrize(
    "spoil", [lambda data: data[: len(data) // 2], lambda data: b"", lambda data: b"no archive"]
)
def test_half_a_backup_leaves_nothing_behind(kept, tmp_path, spoil):
    kept.write_bytes(spoil(kept.read_bytes()))
    with pytest.raises(Invalid, match="no backup"):
        restore(kept, tmp_path / "other")
    assert list((tmp_path / "other").iterdir()) == []
