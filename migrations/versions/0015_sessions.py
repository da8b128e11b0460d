"""Sessions, attempts at logging in, and the chained log."""

import hashlib
import json
import re
import unicodedata
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
RESERVED = {"loa", "key"}  # the names under which the log tells of the house and of programs
AT_ONCE = 1000


def upgrade() -> None:
    _sessions()
    _people()
    _keys()
    _log()


def _sessions() -> None:
    op.create_table(
        "login_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("begun_at", AT, nullable=False),
        sa.Column("seen_at", AT, nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_login_session_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("digest", name=op.f("uq_login_session_digest")),
    )
    op.create_index(op.f("ix_login_session_person_id"), "login_session", ["person_id"])
    op.create_table(
        "guess",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", AT, nullable=False),
        sa.Column("free_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_guess")),
    )
    op.create_index(op.f("ix_guess_last_at"), "guess", ["last_at"])


def _people() -> None:
    """Names become plain and different from one another; who typed theirs with a space
    still may.
    """
    op.add_column("person", sa.Column("folded", sa.String(), nullable=True))
    op.add_column("person", sa.Column("once_until", AT, nullable=True))
    op.add_column("person", sa.Column("last_login_at", AT, nullable=True))
    op.add_column(
        "person", sa.Column("failures", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("person", sa.Column("failed_at", AT, nullable=True))
    op.add_column(
        "person", sa.Column("failed_from", sa.String(), server_default="", nullable=False)
    )
    connection = op.get_bind()
    person = sa.table(
        "person", sa.column("id"), sa.column("name"), sa.column("folded")
    )
    rows = connection.execute(sa.select(person.c.id, person.c.name).order_by(person.c.id)).all()
    taken: set[str] = set()
    for number, name in rows:
        plain = _plain(name)
        if _fold(plain) in taken | RESERVED or not _fold(plain):
            plain = f"{plain or 'nguoi'}.{number}"
        taken.add(_fold(plain))
        values = {"name": plain, "folded": _fold(plain)}
        connection.execute(sa.update(person).where(person.c.id == number).values(values))
    with op.batch_alter_table("person") as batch:
        batch.alter_column("folded", existing_type=sa.String(), nullable=False)
        batch.create_unique_constraint(op.f("uq_person_folded"), ["folded"])


def _keys() -> None:
    op.add_column("api_key", sa.Column("expires_at", AT, nullable=True))


def _log() -> None:
    """Lines from before say who by a free text, which proves nothing: their kind is "untyped"."""
    op.create_table(
        "log_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_head")),
    )
    op.add_column("happening", sa.Column("n", sa.Integer(), nullable=True))
    op.add_column(
        "happening", sa.Column("digest", sa.String(), server_default="", nullable=False)
    )
    op.add_column(
        "happening", sa.Column("who_kind", sa.String(), server_default="untyped", nullable=False)
    )
    op.add_column("happening", sa.Column("who_id", sa.Integer(), nullable=True))
    lines, digest = _chain(op.get_bind())
    with op.batch_alter_table("happening") as batch:
        batch.alter_column("n", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("digest", existing_type=sa.String(), server_default=None)
        batch.alter_column("who_kind", existing_type=sa.String(), server_default=None)
        batch.create_unique_constraint(op.f("uq_happening_n"), ["n"])
    head = sa.table("log_head", sa.column("id"), sa.column("lines"), sa.column("digest"))
    op.get_bind().execute(sa.insert(head).values(id=1, lines=lines, digest=digest))


def _chain(connection: sa.Connection) -> tuple[int, str]:
    """Numbers the old lines and gives each its digest; how many there are, and the last one's."""
    line = sa.table(
        "happening",
        sa.column("id", sa.Integer()),
        sa.column("n", sa.Integer()),
        sa.column("digest", sa.String()),
        sa.column("at", AT),
        *(sa.column(name) for name in ("who", "what", "detail", "episode_id", "version")),
    )
    n, digest, last = 0, "", 0
    while rows := connection.execute(
        sa.select(line).where(line.c.id > last).order_by(line.c.id).limit(AT_ONCE)
    ).all():
        for row in rows:
            n += 1
            digest = _digest(digest, n, row)
            connection.execute(
                sa.update(line).where(line.c.id == row.id).values(n=n, digest=digest)
            )
            last = row.id
    return n, digest


def _digest(before: str, n: int, row: sa.Row) -> str:
    at: datetime = row.at if row.at.tzinfo else row.at.replace(tzinfo=UTC)
    content = [
        before,
        n,
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        "untyped",
        None,
        row.who,
        row.what,
        row.detail,
        row.episode_id,
        row.version,
    ]
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFC", name).strip()
    kept = "".join(letter if _is_plain(letter) else "." for letter in letters)
    return re.sub(r"\.+", ".", kept).strip(".")


def _is_plain(letter: str) -> bool:
    bare = unicodedata.normalize("NFD", letter)[0]
    return letter in "đĐ._-" or (bare.isascii() and bare.isalnum())


def _fold(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    bare = "".join(char for char in bare if not unicodedata.combining(char))
    return " ".join(re.findall(r"\w+", bare))
