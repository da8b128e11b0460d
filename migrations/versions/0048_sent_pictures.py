"""Who sent a picture is known, and which texts name one is found without reading all of them."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "picture",
        sa.Column("sent_by", sa.String(), server_default="", nullable=False),
    )
    op.create_index("ix_revision_picture", "revision", ["picture"])
