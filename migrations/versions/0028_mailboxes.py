"""Mailboxes are sources with a password; items remember when they were listed, so that old ones can
go.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("source", sa.Column("secret", sa.String(), server_default="", nullable=False))
    op.add_column("source_item", sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE source_item SET listed_at = CURRENT_TIMESTAMP")
