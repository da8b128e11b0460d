"""The time of the people Loa speaks to, and its days from midnight to midnight.

Every room may know it.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

# The days that may be asked for: the ends of the calendar have no day before or after.
FIRST_DAY = date(1970, 1, 1)
LAST_DAY = date(2199, 12, 31)


def begin_of(day: date) -> datetime:
    """When a day began in Vietnam."""
    return datetime.combine(day, time(), VIETNAM)


def midnight(now: datetime) -> datetime:
    """When today began in Vietnam."""
    return begin_of(now.astimezone(VIETNAM).date())


def days_ago(now: datetime, days: int) -> datetime:
    """Midnight so many days before today."""
    return midnight(now) - timedelta(days=days)
