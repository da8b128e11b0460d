"""On the air: what stands at a slot's address, from nothing to a warning and back."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import event

from service.newsroom.airtime.onair import NOT_APPROVED, NOT_DRAFTED
from service.newsroom.values import NewArticle, NewWarning, Rung


def test_without_a_bulletin_there_is_music_and_the_reason(serving):
    assert (serving().rung, serving().why) == (Rung.BED, NOT_DRAFTED)


def test_a_bulletin_that_nobody_approved_is_not_on_the_air(
    serving, publish, approve, draft
):
    publish()
    draft()
    assert (serving().rung, serving().why) == (Rung.BED, NOT_APPROVED)


def test_an_approved_bulletin_is_and_tells_who_approved_it(
    serving, publish, approve, draft
):
    story = publish()
    number = draft()
    approve(number)
    stands = serving()
    assert (stands.rung, stands.episode_id, stands.approved_by) == (
        Rung.PLANNED,
        number,
        "chị Sen",
    )
    assert [item.episode_id for item in stands.items] == [story.id]


def test_an_approved_version_stays_while_the_next_one_waits(
    serving, newsroom, publish, approve, draft, work_all
):
    publish()
    number = draft()
    approve(number)
    newsroom.episodes.say_otherwise(number, 1, "lời chào khác", "lan")
    work_all()
    assert (serving().version, newsroom.episodes.get(number).version) == (1, 2)


def test_a_story_that_was_withdrawn_takes_its_bulletin_along(
    serving, newsroom, publish, approve, draft, work_all
):
    story = publish()
    approve(draft())
    newsroom.episodes.withdraw(story.id, "sai", "chị Sen")
    stands = serving()
    assert stands.rung is Rung.BED
    assert stands.since is not None


def test_the_better_rung_stands_whatever_was_made_later(
    serving, publish, approve, draft
):
    publish()
    planned = draft()
    automatic = draft(Rung.AUTOMATIC)
    approve(automatic)
    assert serving().episode_id == automatic
    approve(planned)
    assert serving().episode_id == planned


def test_a_warning_in_force_stands_before_every_bulletin_until_it_expires(
    serving, newsroom, publish, approve, draft, work_all, clock
):
    publish()
    number = draft()
    approve(number)
    article = NewArticle("Lũ quét", ("Lên chỗ cao ngay.",), "w", ("suoi-lanh",))
    warning = NewWarning(newsroom.now() + timedelta(hours=2), approved_by="chị Chi")
    urgent = newsroom.urgent.receive(article, warning, "tone", "chị Chi").episode_id
    work_all()
    assert (serving().rung, serving().episode_id) == (Rung.URGENT, urgent)
    clock.ahead += timedelta(hours=2)
    assert serving().episode_id == number
    assert serving().since is not None


def test_what_was_broadcast_is_the_best_that_stood_when_the_hour_was_over(
    newsroom, publish, approve, draft, airing, clock
):
    publish()
    number = draft()
    approve(number)
    clock.ahead += timedelta(days=2)
    newsroom.episodes.withdraw(number, "sai, nhưng đã phát", "chị Sen")
    day = timedelta(days=1)
    (aired,) = newsroom.airlog.record(
        "suoi-lanh", airing.air_at - day, airing.air_at + day
    )
    assert (aired.rung, aired.episode_id) == (Rung.PLANNED, number)


def test_warnings_of_long_ago_are_not_asked_about(
    serving, newsroom, airing, work_all, clock
):
    """What stands at an address costs no more for all that was ever warned of."""
    bound = Counter()

    def count(_connection, _cursor, _statement, parameters, _context, _many):
        bound["values"] += len(parameters)

    def asked():
        bound.clear()
        serving()
        return bound["values"]

    event.listen(newsroom.database.engine, "before_cursor_execute", count)
    before = asked()
    clock.ahead = -timedelta(days=60)
    for n in range(40):
        article = NewArticle(f"Lũ {n}", ("Lên chỗ cao.",), f"w{n}", ("suoi-lanh",))
        warning = NewWarning(newsroom.now() + timedelta(hours=2))
        newsroom.urgent.receive(article, warning, "tone", "chị Chi")
    clock.ahead = timedelta(0)
    assert asked() <= before
    event.remove(newsroom.database.engine, "before_cursor_execute", count)
