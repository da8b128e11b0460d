"""What a phone is yet to be told is a row; whose push service it is, and since when it fails."""

from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "subscriber", sa.Column("host", sa.String(), server_default="", nullable=False)
    )
    op.add_column(
        "subscriber",
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_table(
        "untold",
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.Column("warns", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("try_after", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscriber.id"], name=op.f("fk_untold_subscriber_id")
        ),
        sa.PrimaryKeyConstraint(
            "subscriber_id", "episode_id", name=op.f("pk_untold")
        ),
    )
    op.create_index(op.f("ix_untold_try_after"), "untold", ["try_after"])
    op.create_index(op.f("ix_subscriber_host"), "subscriber", ["host"])
    _name_hosts()


def _name_hosts() -> None:
    """Failures were counted that were our own: they begin anew."""
    connection = op.get_bind()
    subscriber = sa.table(
        "subscriber",
        sa.column("id", sa.Integer),
        sa.column("endpoint", sa.String),
        sa.column("host", sa.String),
        sa.column("failures", sa.Integer),
    )
    rows = connection.execute(sa.select(subscriber.c.id, subscriber.c.endpoint)).all()
    for number, endpoint in rows:
        connection.execute(
            sa.update(subscriber)
            .where(subscriber.c.id == number)
            .values(host=_service(urlsplit(endpoint).hostname or ""), failures=0)
        )


def _service(host: str) -> str:
    """A maker of browsers by the name that it has for all its hosts."""
    makers = (
        "fcm.googleapis.com",
        "jmt17.google.com",
        "push.services.mozilla.com",
        "push.apple.com",
        "notify.windows.com",
    )
    ends = (maker for maker in makers if host == maker or host.endswith(f".{maker}"))
    return next(ends, host)
