"""People may have a second factor, sessions know when their owner last proved to be there,
and groups may want second factors of who approves in them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "second_factor",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.Integer(), server_default="0", nullable=False),
        sa.Column("paper", sa.JSON(), server_default="[]", nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_second_factor_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_second_factor")),
    )
    op.add_column(
        "login_session",
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.add_column(
        "station_group",
        sa.Column("strict", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
