"""The key that phones' push services know us by is kept in every copy of the database.

It stays among the other secrets too, for processes of the release before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lasting_secret",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lasting_secret")),
    )
    op.execute(
        "INSERT INTO lasting_secret (name, value)"
        " SELECT name, value FROM secret WHERE name = 'web-push'"
    )
