"""Approvals are signed: what was signed, and the signature, stand with the version."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("signed", "signature"):
        op.add_column(
            "rendering", sa.Column(name, sa.String(), server_default="", nullable=False)
        )
