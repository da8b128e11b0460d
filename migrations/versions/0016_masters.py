"""What each master's recipe promised is kept beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# As the recipes stood when this was written: kind, label, target and band in LU.
PROMISES = (
    ("app", "podcast", -16.0, 0.5),
    ("speaker", "loa", -13.0, 1.0),
    ("lite", "máy ít dung lượng", -16.0, 0.5),
)


def upgrade() -> None:
    with op.batch_alter_table("master") as table:
        table.add_column(sa.Column("label", sa.String(), server_default="", nullable=False))
        table.add_column(sa.Column("target_lufs", sa.Double(), nullable=True))
        table.add_column(sa.Column("band_lu", sa.Double(), server_default="0", nullable=False))
    master = sa.table(
        "master",
        sa.column("kind", sa.String),
        sa.column("label", sa.String),
        sa.column("target_lufs", sa.Float),
        sa.column("band_lu", sa.Float),
    )
    for kind, label, target_lufs, band_lu in PROMISES:
        op.execute(
            master.update()
            .where(master.c.kind == kind)
            .values(label=label, target_lufs=target_lufs, band_lu=band_lu)
        )
