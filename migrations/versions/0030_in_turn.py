"""Stations may have a second voice, which reads every other story, and announcements read twice."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("station", sa.Column("second_voice", sa.String(), nullable=False, server_default=""))
    op.add_column(
        "station",
        sa.Column("announcements_twice", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
