"""What editors changed of an announcement's memo (what, who, when, where, telephone)."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("episode", sa.Column("memo", sa.JSON(none_as_null=True), nullable=True))
