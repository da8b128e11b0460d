"""The secret of a second factor belongs to a session until it is confirmed.

Those that were only shown are forgotten: their owners' phones scan another.
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "login_session",
        sa.Column("pairing", sa.String(), server_default="", nullable=False),
    )
    op.execute("DELETE FROM second_factor WHERE since IS NULL")
    with op.batch_alter_table("second_factor") as table:
        table.alter_column(
            "since", existing_type=sa.DateTime(timezone=True), nullable=False
        )
