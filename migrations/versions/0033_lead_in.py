"""Stations may have a quiet tone before files for horns, which wakes their amplifiers."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "station",
        sa.Column("speaker_lead_in", sa.Double(), nullable=False, server_default="0.0"),
    )
