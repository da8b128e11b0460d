"""warnings from CAP, notices to the people on duty"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('urgent', sa.Column('severity', sa.String(), server_default='Unknown', nullable=False))
    op.add_column('urgent', sa.Column('replaces', sa.JSON(), server_default='[]', nullable=False))

    op.drop_table('notice')  # nothing was ever written to it
    op.create_table('notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('station', sa.String(), nullable=False),
    sa.Column('airing_id', sa.Integer(), nullable=True),
    sa.Column('episode_id', sa.Integer(), nullable=True),
    sa.Column('rung', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('link', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('untold', sa.JSON(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('try_after', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_by', sa.String(), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['airing_id'], ['airing.id'], name=op.f('fk_notice_airing_id')),
    sa.ForeignKeyConstraint(['episode_id'], ['episode.id'], name=op.f('fk_notice_episode_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('airing_id', name=op.f('uq_notice_airing_id')),
    sa.UniqueConstraint('episode_id', name=op.f('uq_notice_episode_id'))
    )
