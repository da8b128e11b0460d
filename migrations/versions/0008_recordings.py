"""recordings"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('recording',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('use', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('bytes', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('announcer', sa.String(), nullable=False),
    sa.Column('episode_id', sa.Integer(), nullable=True),
    sa.Column('sentence', sa.Integer(), nullable=False),
    sa.Column('written', sa.String(), nullable=False),
    sa.Column('station_id', sa.Integer(), nullable=True),
    sa.Column('chime', sa.String(), nullable=False),
    sa.Column('about', sa.JSON(), nullable=False),
    sa.Column('clip', sa.String(), nullable=False),
    sa.Column('seconds', sa.Double(), nullable=False),
    sa.Column('refused', sa.String(), nullable=False),
    sa.Column('detail', sa.String(), nullable=False),
    sa.Column('sent_by', sa.String(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['episode_id'], ['episode.id'], name=op.f('fk_recording_episode_id')),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_recording_station_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recording'))
    )
    with op.batch_alter_table('recording', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recording_digest'), ['digest'], unique=False)
        batch_op.create_index(batch_op.f('ix_recording_episode_id'), ['episode_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_recording_station_id'), ['station_id'], unique=False)

    op.add_column('job', sa.Column('recording_id', sa.Integer(), nullable=True))
    op.add_column('rendering', sa.Column('recording_id', sa.Integer(), nullable=True))
    op.add_column('rendering', sa.Column('human', sa.String(), server_default='', nullable=False))
    op.add_column('rendering', sa.Column('announcers', sa.JSON(), server_default='[]', nullable=False))
    op.add_column('sentence', sa.Column('recording_id', sa.Integer(), nullable=True))
