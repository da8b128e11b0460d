"""listeners"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('listener',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('spans', sa.JSON(), nullable=False),
    sa.Column('counted', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('day', 'digest', name=op.f('pk_listener'))
    )
    op.create_table('salt',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_salt'))
    )
