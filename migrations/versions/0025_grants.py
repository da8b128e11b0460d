"""People and keys hold grants, a role at a place; stations belong to groups. Who has a role keeps
it everywhere.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

EVERYWHERE = "all"
CONTACT = ("full_name", "office", "telephone")


def upgrade() -> None:
    op.create_table(
        "station_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["station_group.id"], name=op.f("fk_station_group_parent_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_group")),
        sa.UniqueConstraint("slug", name=op.f("uq_station_group_slug")),
    )
    op.add_column("station", sa.Column("group_id", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_station_group_id"), "station", ["group_id"])
    for name in CONTACT:
        op.add_column("person", sa.Column(name, sa.String(), server_default="", nullable=False))
    op.add_column(
        "api_key", sa.Column("scopes", sa.JSON(), server_default="[]", nullable=False)
    )
    op.add_column(
        "api_key",
        sa.Column("calls_per_minute", sa.Integer(), server_default="0", nullable=False),
    )
    op.add_column("audition", sa.Column("asked_by", sa.Integer(), nullable=True))
    for table in ("person", "api_key"):
        _roles_become_grants(table)


def _roles_become_grants(table: str) -> None:
    """The role that somebody has, for the whole installation as before."""
    op.add_column(table, sa.Column("grants", sa.JSON(), server_default="[]", nullable=False))
    rows = sa.table(
        table,
        sa.column("id", sa.Integer()),
        sa.column("role", sa.String()),
        sa.column("grants", sa.JSON()),
    )
    connection = op.get_bind()
    for number, role in connection.execute(sa.select(rows.c.id, rows.c.role)).all():
        grants = [[role, EVERYWHERE]]
        connection.execute(sa.update(rows).where(rows.c.id == number).values(grants=grants))
    if connection.dialect.name == "postgresql":
        # Webs of the release before stand beside ours while it is rolled out: they read it still.
        op.alter_column(table, "role", nullable=True)
    else:
        # No batch, which would make the table anew: sessions point to people.
        op.drop_column(table, "role")
