"""seats"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('seat',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('engine', sa.String(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['engine'], ['engine.name'], name=op.f('fk_seat_engine_engine')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seat'))
    )
    op.create_index(op.f('ix_seat_engine'), 'seat', ['engine'])
