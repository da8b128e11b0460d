"""What intake left out of an article, and what it doubts, is kept with the revision."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("left_out", "doubts"):
        op.add_column("revision", sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
