"""Which stations each approver warned alone in the last hour is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hand",
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("warned", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("who", name=op.f("pk_hand")),
    )
