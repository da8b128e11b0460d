"""What the fuzz run tells, and when it says that a promise was broken."""

from tests.fuzz.calls import Answer
from tests.fuzz.report import Report
from tests.fuzz.watch import Seen
from tests.fuzz.words import counted


def test_the_report_tells_what_was_broken():
    report = Report()
    report.add("door", 1, Answer(500, b"ours", 0.1), "POST /")
    report.add("door", 2, Answer(0, b"", 20.0), "GET /")
    report.read(3, "/episodes/1", counted("Nguồn: nhân dân"), counted("nguồn"))
    held = [kept for _, kept in report.promises([])]
    assert held == [False, False, False]
    assert len(report.faults) == 3
    assert "nhân dân" in report.faults[2]


def test_words_are_counted_whatever_their_form():
    assert counted("Hòa\u00adbình, HÒA!") == counted("hòabình hòa")


def test_an_address_that_was_slow_or_away_breaks_a_promise():
    for seen in (
        Seen("/healthz", 9, slow_at=(7,), slowest=1.5),
        Seen("/healthz", 9, failed=1),
    ):
        assert [kept for _, kept in Report().promises([seen])][-1] is False
    assert all(
        kept for _, kept in Report().promises([Seen("/healthz", 9, slowest=0.2)])
    )


def test_what_kept_the_watch_itself_is_not_the_service_s():
    seen = Seen("/healthz")
    seen.note(Answer(200), 1.4, 0.9, 7.0)
    assert (round(seen.slowest, 3), seen.in_line, seen.slow_at) == (0.5, 0.9, ())
    seen.note(Answer(200), 1.4, 0.1, 9.0)
    assert (round(seen.slowest, 3), seen.slow_at, seen.failed) == (1.3, (9,), 0)
    assert "processors" in Report().promises([seen])[-1][0]


def test_a_call_that_may_end_without_an_answer_is_refused_by_that():
    report = Report()
    report.add("no HTTP", 1, Answer(0, b"", 0.1), "bytes", may_end=True)
    assert report.rows["no HTTP"].refused == 1
    assert all(kept for _, kept in report.promises([]))
