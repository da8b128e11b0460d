"""When news was published, as a sender writes it."""

from datetime import UTC, datetime, timedelta

from service.intake.story import Rejected
from service.zone import VIETNAM

EARLIEST = datetime(2000, 1, 1, tzinfo=VIETNAM)  # no portal is older
LATEST_AHEAD = timedelta(days=1)  # a clock may be wrong, a day may begin elsewhere


def when(text: str, now: datetime | None = None) -> datetime | None:
    """An ISO 8601 time, in Vietnam's zone when it names none; None for "".

    Rejected names `published_at` when it is no time, or not between 2000 and tomorrow.
    """
    if not text.strip():
        return None
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Rejected(
            "published_at",
            "not_a_time",
            f"{text[:60]!r} is no time such as 2026-11-24T17:00:00+07:00",
            "Thời gian đăng không đúng dạng, ví dụ: 2026-11-24T17:00.",
        ) from error
    if not is_likely(time, now):
        raise Rejected(
            "published_at",
            "unlikely_time",
            f"{text[:60]!r} is not between 2000 and tomorrow",
            "Thời gian đăng phải từ năm 2000 đến hết ngày mai.",
        )
    return time if time.tzinfo else time.replace(tzinfo=VIETNAM)


def is_likely(time: datetime, now: datetime | None = None) -> bool:
    """Whether news can have been published then: from 2000 until tomorrow."""
    # The ends of the calendar cannot be moved to another zone
    if not 2000 <= time.year <= 9000:
        return False
    time = time if time.tzinfo else time.replace(tzinfo=VIETNAM)
    return EARLIEST <= time <= (now or datetime.now(UTC)) + LATEST_AHEAD
