"""A version may be sent back with a remark: by whom, and when."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("returned_why", "returned_by"):
        op.add_column(
            "rendering", sa.Column(name, sa.String(), server_default="", nullable=False)
        )
    op.add_column(
        "rendering", sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True)
    )
