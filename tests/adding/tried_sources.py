"""News comes in by a made-up kind of source. Runs only in a copy of the house in which it was
added.
"""

from datetime import timedelta

from tests.workers.test_sources import (  # noqa: F401 - fixtures
    START,
    articles_of,
    clock,
    poll_until,
    portal,
    room,
    source_at,
)


def test_news_comes_in_by_the_kind_of_source(room, clock, portal):  # noqa: F811
    # What stands there when a source is added is old.
    portal.publish(1, START - timedelta(days=2))
    room.sources.add(source_at(portal, kind="mirror"), "quản trị")
    poll_until(room, clock, START + timedelta(hours=1))
    portal.publish(2)
    poll_until(room, clock, START + timedelta(hours=8))
    (article,) = articles_of(room)
    assert article.title == "Thôn 2 ra quân dọn vệ sinh đường làng"
