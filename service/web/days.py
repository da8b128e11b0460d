"""Days as people here have them: from midnight to midnight in Vietnam."""

from datetime import date, datetime, time, timedelta

from service.zone import VIETNAM


def begin_of(day: date) -> datetime:
    """When a day began in Vietnam."""
    return datetime.combine(day, time(), VIETNAM)


def midnight(now: datetime) -> datetime:
    """When today began in Vietnam."""
    return begin_of(now.astimezone(VIETNAM).date())


def days_ago(now: datetime, days: int) -> datetime:
    """Midnight so many days before today."""
    return midnight(now) - timedelta(days=days)
