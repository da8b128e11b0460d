"""Pictures of articles are fetched and kept, with their captions; how often portals say that an
article was read.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "revision",
        sa.Column("picture_caption", sa.String(), server_default="", nullable=False),
    )
    op.add_column("article", sa.Column("views", sa.Integer(), nullable=True))
    op.create_table(
        "picture",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("try_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_picture")),
    )
    op.create_index(op.f("ix_picture_state"), "picture", ["state"])
    op.create_index(op.f("ix_picture_digest"), "picture", ["digest"])
