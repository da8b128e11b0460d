"""sound"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('station', sa.Column('speaker_tempo', sa.Double(), nullable=False, server_default='1.0'))
    op.add_column('station', sa.Column('speaker_pauses', sa.Double(), nullable=False, server_default='1.3'))
    op.add_column('station', sa.Column('disclosure', sa.String(), nullable=False, server_default='Giọng đọc máy.'))
    op.add_column('station', sa.Column('disclosure_spoken', sa.String(), nullable=False, server_default=''))
