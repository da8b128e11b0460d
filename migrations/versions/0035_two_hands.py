"""A warning for many stations notes the first of the two who let it on the air."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "urgent", sa.Column("first_by", sa.String(), server_default="", nullable=False)
    )
    op.add_column(
        "urgent",
        sa.Column("first_version", sa.Integer(), server_default="0", nullable=False),
    )
