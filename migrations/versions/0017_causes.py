"""Why a version was opened: its kind, and what it is about, in columns of their own."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# What was one string until now, and the kind that it becomes; the group is what it is about.
OLD = (
    (r"term (.+)", "term"),
    (r"regenerated \[(.+)\]", "regenerated"),
    (r"sentence (\d+)", "sentence"),
    (r"recording (\d+)", "recording"),
    (r"voice again (\d+)", "voice again"),
    (r"voice (?!again)(.+)", "voice"),
)
STATIONS_VOICE = "-"


def upgrade() -> None:
    with op.batch_alter_table("rendering") as table:
        table.add_column(sa.Column("about", sa.String(), server_default="", nullable=False))
    rendering = sa.table(
        "rendering",
        sa.column("cause", sa.String),
        sa.column("about", sa.String),
    )
    connection = op.get_bind()
    for (old,) in connection.execute(sa.select(rendering.c.cause).distinct()).all():
        cause, about = split(old)
        if cause != old:
            connection.execute(
                rendering.update()
                .where(rendering.c.cause == old)
                .values(cause=cause, about=about)
            )


def split(old: str) -> tuple[str, str]:
    for pattern, cause in OLD:
        found = re.fullmatch(pattern, old, re.DOTALL)
        if found:
            return cause, "" if found[1] == STATIONS_VOICE else found[1]
    return old, ""
