"""engines"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('engine',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('paid_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('strikes', sa.Integer(), nullable=False),
    sa.Column('away_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('probes', sa.Integer(), nullable=False),
    sa.Column('probing', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('detail', sa.String(), nullable=False),
    sa.Column('back_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('calls', sa.Integer(), nullable=False),
    sa.Column('troubles', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_engine'))
    )
