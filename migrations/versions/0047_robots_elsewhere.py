"""A robots.txt that was redirected is followed, a turn of its host each time.

And what sources kept to ask whether a list has changed is forgotten: it may have been another
address's, which is answered "unchanged" for ever.
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("host", sa.Column("robots_at", sa.String(), nullable=False, server_default=""))
    op.add_column("host", sa.Column("robots_hops", sa.Integer(), nullable=False, server_default="0"))
    # A mailbox keeps its mark there: up to where its letters were read.
    op.execute("UPDATE source SET etag = '', last_modified = '' WHERE kind <> 'mailbox'")
