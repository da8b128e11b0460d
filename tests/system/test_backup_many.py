"""Rows in PostgreSQL and files in a bucket, backed up while they change, and put into another
database and bucket.
"""

import pytest

from audio.booth import Patience
from audio.voice import Voice
from loa.assembly import open_newsroom
from loa.many_backup import back_up, restore
from service.actions.telling import public_key
from service.newsroom.errors import Conflict, Invalid
from service.newsroom.store.numbering import LIFTED_BY
from service.newsroom.values import ApprovalRule, Lane, NewArticle, State, Station
from service.settings import Settings
from tests.system.servers import empty_database
from workers.line import work
from workers.studio import Studio
from workers.verify import spoilt_masters
from workers.voices import Voices

pytestmark = pytest.mark.servers


@pytest.fixture
def place(tmp_path, postgres, bucket):
    """Settings of an empty installation: a database and a part of the bucket of its own."""

    def place(name):
        return Settings(
            home=tmp_path / name,
            database_url=empty_database(postgres),
            files_url=bucket.replace("/test?", f"/{tmp_path.name}-{name}?"),
            files_key_id="a",
            files_secret="b",
        )

    return place


def publish(newsroom, title):
    """Hands in and has read: the number of its episode."""
    newsroom.stations.put(Station("tin", "Đài Tin", approval=ApprovalRule.TRUSTED))
    article = NewArticle(title, (f"{title}, bà con chú ý.",), title, ("tin",))
    number = newsroom.articles.receive(article, "test").episode_id
    at = Studio(
        newsroom, Voices([Voice("tone", "")]), patience=Patience(sleep=lambda _: None)
    )
    while job := newsroom.jobs.claim("test", tuple(Lane)):
        work(job, at)
    assert newsroom.episodes.get(number).state is State.PUBLISHED
    return number


def test_what_was_published_is_whole_elsewhere_and_no_number_is_given_out_twice(
    place, tmp_path
):
    here, there, kept = place("here"), place("there"), tmp_path / "backup"
    newsroom = open_newsroom(here)
    first = publish(newsroom, "Một")
    ours, phones = newsroom.people.secret("session"), public_key(newsroom)
    with pytest.raises(Invalid):
        restore(there, tmp_path / "nothing")
    _, files = back_up(here, kept)
    assert files > 0
    assert (kept / "loa.dump").stat().st_mode & 0o077 == 0
    second = publish(newsroom, "Hai")
    _, more = back_up(here, kept)
    assert 0 < more <= files
    # After the backup: lost elsewhere, its number is not used again
    late = publish(newsroom, "Ba")

    assert restore(there, kept) == files + more
    other = open_newsroom(there)
    assert [fault for fault in spoilt_masters(other) if fault] == []
    assert other.people.secret("session") != ours, (
        "who has the backup could sign sessions"
    )
    assert public_key(other) == phones, "phones' push services would refuse us"
    for number in (first, second):
        assert other.episodes.get(number).guid == newsroom.episodes.get(number).guid
        (app,) = (m for m in other.episodes.get(number).masters if m.kind == "app")
        assert other.files.get(app.key) == newsroom.files.get(app.key)
    following = publish(other, "Bốn")
    assert following > late + LIFTED_BY // 2
    # The same backup once more: what the first gave out stays its own
    elsewhere = place("elsewhere")
    restore(elsewhere, kept)
    another = open_newsroom(elsewhere)
    assert publish(another, "Năm") > following
    another.database.close()
    with pytest.raises(Conflict):
        restore(there, kept)
    newsroom.database.close()
    other.database.close()
