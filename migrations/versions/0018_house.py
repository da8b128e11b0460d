"""Jobs count the deaths of their workers, wait for the house and take turns by station; processes
have rows.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("job") as table:
        table.add_column(sa.Column("station_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("turn", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("deaths", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("trouble", sa.String(), server_default="", nullable=False))
        table.add_column(sa.Column("trouble_since", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("waits", sa.Integer(), server_default="0", nullable=False))
        table.alter_column("not_before", existing_type=sa.DateTime(timezone=True), nullable=True)
        table.drop_index("ix_job_claim")
        table.create_index("ix_job_claim", ["state", "lane", "urgency", "turn", "id"])
        table.create_index("ix_job_turn", ["state", "turn"])
        table.create_index("ix_job_station", ["station_id", "state", "turn"])
    # "At once" was written as the moment of the job's making.
    op.execute("UPDATE job SET not_before = NULL WHERE not_before <= created_at")
    op.execute(
        "UPDATE job SET station_id ="
        " (SELECT station_id FROM episode WHERE episode.id = job.episode_id)"
        " WHERE state IN ('ready', 'running')"
    )
    op.create_table(
        "process",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("doing", sa.String(), server_default="", nullable=False),
        sa.Column("skew_s", sa.Double(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process")),
        sa.UniqueConstraint("kind", "host", "pid", name=op.f("uq_process_kind_host_pid")),
    )
    with op.batch_alter_table("notice") as table:
        table.add_column(sa.Column("outage", sa.String(), nullable=True))
        table.create_unique_constraint("uq_notice_outage", ["outage"])
