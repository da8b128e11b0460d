"""What became of all that was accepted: read from the rows, not from what Loa says of itself."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from loa.assembly import BED
from tests.chaos.news import Article

DONE = {"tin": ("published",), "xa": ("mastered", "published")}
STATES = """
    SELECT a.external_id AS name, e.id, e.state, e.held, e.version, e.public_version
    FROM article a JOIN episode e ON e.article_id = a.id
"""
WITHOUT_APPROVAL = """
    SELECT e.id FROM episode e
    JOIN rendering r ON r.episode_id = e.id AND r.version = e.public_version
    WHERE r.approved_at IS NULL AND e.state <> 'withdrawn'
"""
TWICE = """
    SELECT external_id FROM article WHERE external_id LIKE 'x-%'
    GROUP BY external_id HAVING count(*) > 1
"""
OPEN = """
    SELECT id, step, episode_id, state, trouble, error FROM job
    WHERE state IN ('ready', 'running') AND not_before IS NULL AND step <> 'poll'
"""
SOUNDS = """
    SELECT m.sha256, r.approved_at FROM master m
    JOIN rendering r ON r.episode_id = m.episode_id AND r.version = m.version
"""


@dataclass
class Findings:
    """Each promise that was broken, and by what."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unapproved: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Standing:
    """An article's episode: where it stands."""

    episode: int
    state: str
    held: str | None
    version: int


class Rows:
    """The database, looked into from outside."""

    def __init__(self, url: str) -> None:
        self._engine: Engine = create_engine(url, pool_pre_ping=True)

    def standings(self) -> Mapping[str, Standing] | None:
        """Each article's episode, by what its sender calls it; None while nobody answers."""
        try:
            with self._engine.connect() as connection:
                rows = connection.execute(text(STATES)).all()
        except DBAPIError:
            return None
        return {
            row.name: Standing(row.id, row.state, row.held, row.version) for row in rows
        }

    def all(self, query: str) -> Sequence[tuple[object, ...]]:
        """The rows of a query."""
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def close(self) -> None:
        """Lets go of it."""
        self._engine.dispose()


def settled(article: Article, standing: Standing | None) -> bool:
    """Whether an article is where it belongs."""
    if standing is None:
        return False
    if article.poison or article.withdrawn:
        return standing.state in ("held", "withdrawn", *DONE[article.station])
    return standing.state in DONE[article.station]


def find(rows: Rows, accepted: Iterable[Article], sounds: Iterable[str]) -> Findings:
    """What is wrong, when all faults are over; `sounds` are the digests that were heard at the
    slot.
    """
    found = Findings()
    standings = rows.standings() or {}
    for article in accepted:
        _judge(article, standings.get(article.name), found)
    found.doubled += [f"{name} is there twice" for (name,) in rows.all(TWICE)]
    found.unapproved += [
        f"episode {n} is public" for (n,) in rows.all(WITHOUT_APPROVAL)
    ]
    found.stuck += [f"job {row}" for row in rows.all(OPEN)]
    approved = {str(sha): at is not None for sha, at in rows.all(SOUNDS)}
    approved[hashlib.sha256(BED.read_bytes()).hexdigest()] = True
    found.unapproved += [
        f"{sha[:12]} was heard" for sha in sounds if not approved.get(sha)
    ]
    return found


def _judge(article: Article, standing: Standing | None, found: Findings) -> None:
    told = f"{article.name} ({standing})"
    if standing is None:
        found.lost.append(told)
        return
    if standing.version != 1 and not (article.changed or article.withdrawn):
        found.doubled.append(told)
    if article.withdrawn and standing.state != "withdrawn":
        found.unapproved.append(told)
    if standing.held and not article.poison:
        found.held.append(told)
    elif not settled(article, standing):
        found.stuck.append(told)
