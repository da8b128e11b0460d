"""A day of some stations is gone through whole, without its sound."""

from bench.day import measured
from tests.bench.test_feeds import at_work


def test_a_day_has_its_news_and_a_bulletin_for_every_station() -> None:
    figures = {figure.name: figure for figure in measured(at_work(), 3, 4)}
    assert "day: 3 bulletins on 2 lanes, longest wait, s" in figures
    assert {
        "day: an article without its sound, ms",
        "day: drafting a bulletin, ms",
    } < set(figures)
    assert len(figures["day: the clock's look, 4 stations, ms"].rounds) == 5
    assert all(figure.median > 0 for figure in figures.values())
