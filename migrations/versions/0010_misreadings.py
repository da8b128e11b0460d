"""misreadings"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'misreading',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('episode_id', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('n', sa.Integer(), nullable=False),
        sa.Column('word', sa.String(), nullable=False),
        sa.Column('remarks', sa.JSON(), nullable=False),
        sa.Column('times', sa.Integer(), nullable=False),
        sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('settled_by', sa.String(), nullable=False),
        sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['episode_id', 'version', 'n'], ['sentence.episode_id', 'sentence.version', 'sentence.n'], name=op.f('fk_misreading_episode_id_version_n')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_misreading')),
        sa.UniqueConstraint('episode_id', 'version', 'n', 'word', name=op.f('uq_misreading_episode_id_version_n_word')),
    )
    op.create_index(op.f('ix_misreading_last_at'), 'misreading', ['last_at'])
