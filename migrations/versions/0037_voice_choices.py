"""Voices are chosen for the house, a group, a station, a kind of broadcast; how fast they are is
kept; an entry of the dictionary may be for one engine.
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "voice_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("use", sa.String(), nullable=False),
        sa.Column("voice", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_choice")),
        sa.UniqueConstraint("place", "use", name=op.f("uq_voice_choice_place_use")),
    )
    op.create_table(
        "voice_speed",
        sa.Column("voice", sa.String(), nullable=False),
        sa.Column("build", sa.String(), nullable=False),
        sa.Column("times", sa.Double(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("voice", "build", name=op.f("pk_voice_speed")),
    )
    with op.batch_alter_table("term") as table:
        table.add_column(
            sa.Column("engine", sa.String(), server_default="", nullable=False)
        )
        table.drop_constraint(op.f("uq_term_written_station"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_term_written_station_engine"), ["written", "station", "engine"]
        )
