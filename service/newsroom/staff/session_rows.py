"""Rows of sessions: how long they last, and as what they leave the newsroom."""

from datetime import datetime, timedelta

from sqlalchemy import select

from service.newsroom.staff.rows import person_value
from service.newsroom.store.doors import FactorRow, PersonRow, SessionRow
from service.newsroom.store.tables import GroupRow
from service.newsroom.values import DeskSession, Role
from service.newsroom.values.people import SessionKind

# A working day: the longest that anybody stays.
ABSOLUTE = timedelta(hours=12)
BROWSERS = (
    "Edg",
    "OPR",
    "CocCoc",
    "coc_coc",
    "SamsungBrowser",
    "Firefox",
    "Chrome",
    "Safari",
)
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")
# Beside PersonRow: since when they have a second factor.
FACTOR_SINCE = (
    select(FactorRow.since)
    .where(FactorRow.person_id == PersonRow.id)
    .correlate(PersonRow)
    .scalar_subquery()
)
# Any number when there are groups that want second factors.
GROUPS_ASK = select(GroupRow.id).where(GroupRow.strict).limit(1).scalar_subquery()


def coarse_agent(agent: str) -> str:
    """A browser and its system by their names, as a person would tell them: "Chrome, Android"."""
    browser = next((name for name in BROWSERS if name in agent), "")
    system = next((name for name in SYSTEMS if name in agent), "")
    names = {"Edg": "Edge", "OPR": "Opera", "coc_coc": "CocCoc", "Mac OS X": "Mac"}
    return ", ".join(names.get(part, part) for part in (browser, system) if part)


def is_over(row: SessionRow, role: Role, now: datetime) -> bool:
    """Whether nobody is logged in by it any more."""
    return now - row.begun_at >= ABSOLUTE or now - row.seen_at >= role.idle


def session_value(row: SessionRow, person: PersonRow) -> DeskSession:
    """A place where somebody is logged in."""
    return DeskSession(
        row.id,
        person_value(person),
        SessionKind(row.kind),
        row.begun_at,
        row.seen_at,
        row.address,
        row.agent,
        row.proved_at,
    )
