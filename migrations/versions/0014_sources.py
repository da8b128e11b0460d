"""An article belongs to its source; a version has its placement, and how it was approved.

Identities of articles gain the source that they came from: who sent their first revision. What that
source last sent is taken from the revisions that it sent. Placements of all versions are the ones
in force.
"""

import json
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY = "key "  # how the names of keys began in `received_from`
HOUSE = {"import", "tin mẫu"}
TRACKING = ("utm_", "mc_", "pk_", "_ga")
TRACKERS = {"fbclid", "gclid", "dclid", "msclkid", "zarsrc", "igshid", "ref_src"}
BY_TRUST, BY_RULE = "trusted", "tự động theo quy định của đài"


def upgrade() -> None:
    op.add_column("article", sa.Column("sent", sa.JSON(), nullable=True))
    for name, kind, default in (
        ("stations", sa.JSON(), "[]"),
        ("priority", sa.String(), "normal"),
        ("evergreen", sa.Boolean(), sa.false()),
        ("by_house", sa.Boolean(), sa.false()),
        ("approved_as", sa.String(), ""),
        ("doubts", sa.JSON(), "[]"),
        ("unplaced", sa.JSON(), "[]"),
    ):
        op.add_column("rendering", sa.Column(name, kind, nullable=False, server_default=default))
    connection = op.get_bind()
    placements = _placements(connection)
    _place_renderings(connection, placements)
    _name_sources(connection, placements)


def _placements(connection: sa.Connection) -> dict[int, dict[str, object]]:
    """By article: stations (number and slug), priority and evergreen, as they are in force."""
    placements: dict[int, dict[str, object]] = {}
    for number, priority, evergreen in connection.execute(
        sa.text("SELECT id, priority, evergreen FROM article")
    ):
        placements[number] = {"stations": [], "priority": priority, "evergreen": bool(evergreen)}
    for number, station, slug in connection.execute(
        sa.text(
            "SELECT article_id, station_id, slug FROM article_station"
            " JOIN station ON station.id = station_id ORDER BY article_id, position"
        )
    ):
        placements[number]["stations"].append((station, slug))  # type: ignore[attr-defined]
    return placements


def _place_renderings(connection: sa.Connection, placements: dict[int, dict[str, object]]) -> None:
    for episode, article, station, priority in connection.execute(
        sa.text("SELECT id, article_id, station_id, priority FROM episode")
    ).all():
        placement = placements.get(article, {})
        stations = [number for number, _ in placement.get("stations", [])] or [station]  # type: ignore[attr-defined]
        connection.execute(
            sa.text(
                "UPDATE rendering SET stations = :stations, priority = :priority,"
                " evergreen = :evergreen WHERE episode_id = :episode"
            ),
            {
                "stations": json.dumps(stations),
                "priority": priority,
                "evergreen": bool(placement.get("evergreen", False)),
                "episode": episode,
            },
        )
    connection.execute(
        sa.text("UPDATE rendering SET by_house = :yes WHERE opened_by = 'loa'"), {"yes": True}
    )
    for name, approval in ((BY_TRUST, "trust"), (BY_RULE, "rule")):
        connection.execute(
            sa.text(
                "UPDATE rendering SET approved_as = :approval"
                " WHERE approved_at IS NOT NULL AND approved_by = :name"
            ),
            {"approval": approval, "name": name},
        )
    connection.execute(
        sa.text(
            "UPDATE rendering SET approved_as = 'person'"
            " WHERE approved_at IS NOT NULL AND approved_as = ''"
        )
    )


def _name_sources(connection: sa.Connection, placements: dict[int, dict[str, object]]) -> None:
    revisions: dict[int, list[sa.Row]] = {}
    for row in connection.execute(
        sa.text(
            "SELECT article_id, received_from, title, lead, paragraphs, byline, published_at,"
            " topic.name AS topic FROM revision LEFT JOIN topic ON topic.id = topic_id"
            " ORDER BY article_id, number"
        )
    ):
        revisions.setdefault(row.article_id, []).append(row)
    taken: set[str] = set()
    for number, identity in connection.execute(
        sa.text("SELECT id, identity FROM article ORDER BY id")
    ).all():
        kind, _, value = identity.partition(":")
        if kind not in ("id", "url", "text") or number not in revisions:
            continue
        sender = revisions[number][0].received_from
        last = [row for row in revisions[number] if row.received_from == sender][-1]
        placement = placements[number]
        address = _address(value) if kind == "url" else value
        identity = json.dumps([*_source(sender), kind, address], ensure_ascii=False)
        if identity in taken:  # one page that was linked in two ways: the first goes on
            identity = json.dumps([*_source(sender), kind, value, number], ensure_ascii=False)
        taken.add(identity)
        connection.execute(
            sa.text("UPDATE article SET identity = :identity, sent = :sent WHERE id = :number"),
            {
                "identity": identity,
                "sent": json.dumps(_sent(last, placement), ensure_ascii=False),
                "number": number,
            },
        )


def _address(url: str) -> str:
    """A page's address without scheme, tracking parameters and last slash."""
    try:
        parts = urlsplit(url)
    except ValueError:  # as 0020: it was no address
        return url
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name not in TRACKERS and not name.startswith(TRACKING)
    ]
    place = f"{parts.netloc.lower()}{parts.path.rstrip('/')}"
    return f"{place}?{urlencode(query)}" if query else place


def _source(sender: str) -> tuple[str, str]:
    if sender.startswith(KEY):
        return "key", sender.removeprefix(KEY)
    return ("house" if sender in HOUSE else "person"), sender


def _sent(row: sa.Row, placement: dict[str, object]) -> dict[str, object]:
    paragraphs = row.paragraphs
    return {
        "title": row.title,
        "lead": row.lead,
        "paragraphs": json.loads(paragraphs) if isinstance(paragraphs, str) else paragraphs,
        "byline": row.byline,
        "topic": row.topic or "",
        "published_at": _time(row.published_at),
        "stations": [slug for _, slug in placement["stations"]],  # type: ignore[attr-defined]
        "priority": placement["priority"],
        "evergreen": placement["evergreen"],
    }


def _time(value: object) -> str | None:
    """ISO 8601 in UTC; SQLite hands a text without a zone, PostgreSQL a time with one."""
    if value is None:
        return None
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC).isoformat()
    return value.astimezone(UTC).isoformat()  # type: ignore[attr-defined, no-any-return]
