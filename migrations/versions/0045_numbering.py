"""From where on SQLite numbers the rows of a table after a restore."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "numbered_from",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_numbered_from")),
    )
