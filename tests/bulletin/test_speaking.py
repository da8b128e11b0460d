"""Whether voices are quick enough for tomorrow: hours of drafting and deadlines, each pair."""

from datetime import UTC, datetime, timedelta

from service.bulletin.speaking import Task, overload

NIGHT = datetime(2026, 11, 28, 12, tzinfo=UTC)


def task(begins_h, ends_h, sound_h, voice="piper:thu"):
    begins, ends = (NIGHT + timedelta(hours=hours) for hours in (begins_h, ends_h))
    return Task(begins, ends, {voice: sound_h * 3600.0})


def test_what_fits_between_drafting_and_deadline_is_in_time():
    morning, evening = task(0, 10, 2), task(12, 22, 2)
    assert overload([morning, evening], {"piper:thu": 1.0}) is None
    assert overload([morning, evening], {"piper:thu": 100.0}) is None
    assert overload([], {"piper:thu": 0.1}) is None


def test_each_may_fit_and_all_together_not():
    tasks = [task(0, 10, 6), task(1, 10, 6)]
    assert overload(tasks[:1], {"piper:thu": 1.0}) is None
    worst = overload(tasks, {"piper:thu": 1.0})
    assert (worst.needed_s, worst.available_s) == (12 * 3600, 10 * 3600)
    assert worst.begins == NIGHT


def test_a_voice_of_unknown_speed_counts_as_quick():
    assert overload([task(0, 1, 50, "gtts:vi")], {"piper:thu": 0.1}) is None
